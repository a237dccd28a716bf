#include "fadeline/base/digest.h"

#include "fadeline/base/assert.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>

void fl_sha256(const void *bytes, size_t size, uint8_t digest[FL_SHA256_SIZE])
{
    const fl_piece whole = {bytes, size};
    fl_sha256_pieces(&whole, 1, digest);
}

void fl_sha256_pieces(const fl_piece *pieces, size_t count, uint8_t digest[FL_SHA256_SIZE])
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    FL_ASSERT(context && EVP_DigestInit_ex(context, EVP_sha256(), NULL) == 1);
    for (size_t i = 0; i < count; i++)
        FL_ASSERT(EVP_DigestUpdate(context, pieces[i].bytes, pieces[i].size) == 1);
    FL_ASSERT(EVP_DigestFinal_ex(context, digest, NULL) == 1);
    EVP_MD_CTX_free(context);
}

void fl_hmac_sha256(const uint8_t *secret, size_t secret_size, const void *bytes, size_t size,
                    uint8_t mac[FL_SHA256_SIZE])
{
    unsigned made = 0;
    FL_ASSERT(HMAC(EVP_sha256(), secret, (int)secret_size, bytes, size, mac, &made) &&
              made == FL_SHA256_SIZE);
}

bool fl_same_digest(const uint8_t a[FL_SHA256_SIZE], const uint8_t b[FL_SHA256_SIZE])
{
    return CRYPTO_memcmp(a, b, FL_SHA256_SIZE) == 0;
}

uint32_t fl_crc32c(uint32_t crc, const void *bytes, size_t size)
{
    const unsigned char *at = bytes;
    crc = ~crc;
    while (size--) {
        crc ^= *at++;
        for (int bit = 0; bit < 8; bit++) crc = crc >> 1 ^ (0x82F63B78u & (0u - (crc & 1u)));
    }
    return ~crc;
}

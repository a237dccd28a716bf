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

/* The table is linear: the row of a number is the sum of the rows of its bits, so eight numbers make it. */
#define ROW(n)                                                                                               \
    ((n & 1 ? 0xF26B8303u : 0) ^ (n & 2 ? 0xE13B70F7u : 0) ^ (n & 4 ? 0xC79A971Fu : 0) ^ (n & 8 ? 0x8AD958CFu : 0) ^ \
     (n & 16 ? 0x105EC76Fu : 0) ^ (n & 32 ? 0x20BD8EDEu : 0) ^ (n & 64 ? 0x417B1DBCu : 0) ^ (n & 128 ? 0x82F63B78u : 0))
#define ROWS_4(n) ROW((n)), ROW((n + 1)), ROW((n + 2)), ROW((n + 3))
#define ROWS_16(n) ROWS_4(n), ROWS_4(n + 4), ROWS_4(n + 8), ROWS_4(n + 12)
#define ROWS_64(n) ROWS_16(n), ROWS_16(n + 16), ROWS_16(n + 32), ROWS_16(n + 48)

uint32_t fl_crc32c(uint32_t crc, const void *bytes, size_t size)
{
    static const uint32_t table[256] = {ROWS_64(0), ROWS_64(64), ROWS_64(128), ROWS_64(192)};
    const unsigned char *at = bytes;
    crc = ~crc;
    while (size--) crc = crc >> 8 ^ table[(crc ^ *at++) & 0xFF];
    return ~crc;
}

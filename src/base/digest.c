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

/* Eight bytes at a time (Sarwate 1988; "slicing", Kounavis and Berry 2005). A table is linear: the row of a
 * number is the sum of the rows of its bits, so eight numbers make one. */
#define ROW(n, b0, b1, b2, b3, b4, b5, b6, b7)                                                               \
    (((n)&1 ? b0 : 0) ^ ((n)&2 ? b1 : 0) ^ ((n)&4 ? b2 : 0) ^ ((n)&8 ? b3 : 0) ^ ((n)&16 ? b4 : 0) ^         \
     ((n)&32 ? b5 : 0) ^ ((n)&64 ? b6 : 0) ^ ((n)&128 ? b7 : 0))
#define ROWS_4(n, ...)                                                                                       \
    ROW(n, __VA_ARGS__), ROW(n + 1, __VA_ARGS__), ROW(n + 2, __VA_ARGS__), ROW(n + 3, __VA_ARGS__)
#define ROWS_16(n, ...)                                                                                      \
    ROWS_4(n, __VA_ARGS__), ROWS_4(n + 4, __VA_ARGS__), ROWS_4(n + 8, __VA_ARGS__),                          \
        ROWS_4(n + 12, __VA_ARGS__)
#define ROWS_64(n, ...)                                                                                      \
    ROWS_16(n, __VA_ARGS__), ROWS_16(n + 16, __VA_ARGS__), ROWS_16(n + 32, __VA_ARGS__),                     \
        ROWS_16(n + 48, __VA_ARGS__)
#define ROWS_256(...)                                                                                        \
    ROWS_64(0, __VA_ARGS__), ROWS_64(64, __VA_ARGS__), ROWS_64(128, __VA_ARGS__), ROWS_64(192, __VA_ARGS__)

static const uint32_t crc_rows[8][256] = {
    {ROWS_256(0xF26B8303u, 0xE13B70F7u, 0xC79A971Fu, 0x8AD958CFu, 0x105EC76Fu, 0x20BD8EDEu, 0x417B1DBCu,
              0x82F63B78u)},
    {ROWS_256(0x13A29877u, 0x274530EEu, 0x4E8A61DCu, 0x9D14C3B8u, 0x3FC5F181u, 0x7F8BE302u, 0xFF17C604u,
              0xFBC3FAF9u)},
    {ROWS_256(0xA541927Eu, 0x4F6F520Du, 0x9EDEA41Au, 0x38513EC5u, 0x70A27D8Au, 0xE144FB14u, 0xC76580D9u,
              0x8B277743u)},
    {ROWS_256(0xDD45AAB8u, 0xBF672381u, 0x7B2231F3u, 0xF64463E6u, 0xE964B13Du, 0xD725148Bu, 0xABA65FE7u,
              0x52A0C93Fu)},
    {ROWS_256(0x38116FACu, 0x7022DF58u, 0xE045BEB0u, 0xC5670B91u, 0x8F2261D3u, 0x1BA8B557u, 0x37516AAEu,
              0x6EA2D55Cu)},
    {ROWS_256(0xEF306B19u, 0xDB8CA0C3u, 0xB2F53777u, 0x6006181Fu, 0xC00C303Eu, 0x85F4168Du, 0x0E045BEBu,
              0x1C08B7D6u)},
    {ROWS_256(0x68032CC8u, 0xD0065990u, 0xA5E0C5D1u, 0x4E2DFD53u, 0x9C5BFAA6u, 0x3D5B83BDu, 0x7AB7077Au,
              0xF56E0EF4u)},
    {ROWS_256(0x493C7D27u, 0x9278FA4Eu, 0x211D826Du, 0x423B04DAu, 0x847609B4u, 0x0D006599u, 0x1A00CB32u,
              0x34019664u)},
};

uint32_t fl_crc32c(uint32_t crc, const void *bytes, size_t size)
{
    const unsigned char *at = bytes;
    crc = ~crc;
    for (; size >= 8; size -= 8, at += 8) {
        crc ^= at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
        crc = crc_rows[7][crc & 0xFF] ^ crc_rows[6][crc >> 8 & 0xFF] ^ crc_rows[5][crc >> 16 & 0xFF] ^
              crc_rows[4][crc >> 24] ^ crc_rows[3][at[4]] ^ crc_rows[2][at[5]] ^ crc_rows[1][at[6]] ^
              crc_rows[0][at[7]];
    }
    while (size--) crc = crc >> 8 ^ crc_rows[0][(crc ^ *at++) & 0xFF];
    return ~crc;
}

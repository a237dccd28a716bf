/* Digests: SHA-256 (FIPS 180-4, OpenSSL) and CRC-32C (Castagnoli 1993; reflected 0x82F63B78).
 *
 *     uint8_t digest[FL_SHA256_SIZE];
 *     fl_sha256("abc", 3, digest);              // ba7816bf...
 *     fl_crc32c(0, "123456789", 9);             // 0xE3069283
 */
#ifndef FL_BASE_DIGEST_H
#define FL_BASE_DIGEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FL_SHA256_SIZE 32

/* Never fails: a libcrypto that cannot hash is our bug and stops the process. */
void fl_sha256(const void *bytes, size_t size, uint8_t digest[FL_SHA256_SIZE]);

/* Of several pieces, as if they were one. */
typedef struct fl_piece {
    const void *bytes;
    size_t size;
} fl_piece;
void fl_sha256_pieces(const fl_piece *pieces, size_t count, uint8_t digest[FL_SHA256_SIZE]);

/* HMAC-SHA256 (RFC 2104). */
void fl_hmac_sha256(const uint8_t *secret, size_t secret_size, const void *bytes, size_t size,
                    uint8_t mac[FL_SHA256_SIZE]);
bool fl_same_digest(const uint8_t a[FL_SHA256_SIZE], const uint8_t b[FL_SHA256_SIZE]); /* in constant time */

/* Continues `crc` (0 to begin), so a long text may come in parts. */
uint32_t fl_crc32c(uint32_t crc, const void *bytes, size_t size);

#endif

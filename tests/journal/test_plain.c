/* labels: unit fuzz   timeout: 120 */
/* What was made fast decides and computes exactly as the plain version beside it. */
#include "check.h"
#include "helper_plain.h"

#include "fadeline/base/random.h"

#include <string.h>

static const char *const seeds[] = {
    "{\"boot\":1,\"clk\":2,\"ctr\":41207,\"dev\":\"SIM-0007\",\"gid\":1,\"k\":\"grant\",\"mono_us\":21400002,"
    "\"sid\":1,\"utc_us\":1767225621400002,\"v\":1}",
    "{\"a\":-9007199254740991,\"b\":9007199254740991,\"c\":[0,-1,17],\"d\":{\"x\":\"\",\"y\":2},\"e\":[]}",
    "{\"text\":\"a \\\"quoted\\\" \\\\ and \\u0001 caf\xC3\xA9 \xE2\x82\xAC\",\"words\":[\"b\",\"a\"]}",
    "{\"k\":\"note\",\"large\":\"9007199254740992\",\"n\":0}",
};

/* Second spellings and near misses, put in anywhere. */
static const char *const pieces[] = {"\\u0041",
                                     "\\b",
                                     "\\u0008",
                                     "\\/",
                                     "/",
                                     "\\u000A",
                                     "\\u000a",
                                     "00",
                                     "-0",
                                     "-",
                                     "0",
                                     "+1",
                                     "1.0",
                                     "1e3",
                                     "\"",
                                     "\\",
                                     "{",
                                     "}",
                                     "[",
                                     "]",
                                     ",",
                                     ":",
                                     " ",
                                     "\x7F",
                                     "\xC3",
                                     "\xA9",
                                     "e\xCC\x81",
                                     "\xEF\xBB\xBF",
                                     "\xED\xA0\x80",
                                     "99999999999999999",
                                     "9007199254740992",
                                     "\"a\":1,"};

static size_t damage(fl_random *chance, const char *from, char *room, size_t most)
{
    size_t size = strlen(from);
    memcpy(room, from, size);
    for (uint64_t changes = 1 + fl_random_u64(chance) % 3; changes; changes--) {
        const size_t at = fl_random_u64(chance) % (size + 1);
        const char *piece = pieces[fl_random_u64(chance) % (sizeof pieces / sizeof *pieces)];
        const size_t length = strlen(piece);
        size_t out = fl_random_u64(chance) % 3 ? 0 : length; /* put in, or put over */
        if (at + out > size) out = size - at;
        if (size + length - out > most) continue;
        if (fl_random_u64(chance) % 4 == 0 && at < size) {
            room[at] = (char)(room[at] ^ 1 << fl_random_u64(chance) % 8);
            continue;
        }
        memmove(room + at + length, room + at + out, size - at - out);
        memcpy(room + at, piece, length);
        size += length - out;
    }
    return size;
}

static void reading_decides_alike(void)
{
    fl_random chance;
    fl_random_init(&chance, 1789, 4);
    unsigned good = 0, bad = 0, different = 0;
    for (unsigned i = 0; i < 400000; i++) {
        char bytes[512];
        const size_t size = damage(&chance, seeds[i % (sizeof seeds / sizeof *seeds)], bytes, sizeof bytes);
        char *exact = malloc(size); /* so that a sanitizer sees one byte too far */
        memcpy(exact, bytes, size);
        fl_record record;
        const bool fast = fl_record_read(exact, size, &record) == FL_OK,
                   slow = plain_record_is_good(exact, size);
        if (fast != slow && !different++)
            fprintf(stderr, "fast %d, plain %d: %.*s\n", fast, slow, (int)size, bytes);
        *(slow ? &good : &bad) += 1;
        free(exact);
    }
    CHECK(!different, "%u decided differently", different);
    CHECK(good > 4000 && bad > 100000, "%u good, %u bad", good, bad);
}

/* Every piece put in at every place of every seed. */
static void every_piece_at_every_place(void)
{
    unsigned cases = 0, different = 0;
    for (size_t s = 0; s < sizeof seeds / sizeof *seeds; s++)
        for (size_t p = 0; p < sizeof pieces / sizeof *pieces; p++)
            for (size_t at = 0; at <= strlen(seeds[s]); at++)
                for (size_t out = 0; out <= strlen(pieces[p]) && at + out <= strlen(seeds[s]); out++) {
                    char bytes[512];
                    fl_record record;
                    const int size = snprintf(bytes, sizeof bytes, "%.*s%s%s", (int)at, seeds[s], pieces[p],
                                              seeds[s] + at + out);
                    different += (fl_record_read(bytes, (size_t)size, &record) == FL_OK) !=
                                 plain_record_is_good(bytes, (size_t)size);
                    cases++;
                }
    CHECK(!different && cases > 20000, "%u of %u decided differently", different, cases);
}

static void hashes_are_alike(void)
{
    enum { MOST = 9000 };
    static uint8_t bytes[MOST];
    fl_random chance;
    fl_random_init(&chance, 6962, 4);
    for (size_t i = 0; i < MOST; i++) bytes[i] = (uint8_t)fl_random_u64(&chance);
    unsigned different = 0;
    for (size_t size = 0; size < MOST; size += size < 2200 ? 1 : 97) {
        const fl_hash fast = fl_tree_leaf(bytes + size % 7, size - size % 7),
                      slow = plain_leaf(bytes + size % 7, size - size % 7);
        different += !fl_hash_same(&fast, &slow);
    }
    for (unsigned i = 0; i < 2000; i++) {
        fl_hash left, right;
        memcpy(left.byte, bytes + i, 32);
        memcpy(right.byte, bytes + 3 * i, 32);
        const fl_hash fast = fl_tree_node(&left, &right), slow = plain_node(&left, &right);
        different += !fl_hash_same(&fast, &slow);
    }
    CHECK(!different, "%u hashes differ", different);
}

FL_TESTS("journal/plain", TEST(reading_decides_alike), TEST(every_piece_at_every_place),
         TEST(hashes_are_alike))

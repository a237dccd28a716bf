/* labels: unit   timeout: 120 */
#include "check.h"
#include "helper_vectors.h"

#include "fadeline/base/text.h"
#include "fadeline/journal/checkpoint.h"

#define SECOND_SIZE 4096

static fl_status open_with(const char *note, const char *vkey, fl_note *opened)
{
    fl_vkey key;
    return fl_vkey_read(vkey, &key) == FL_OK ? fl_note_open(note, strlen(note), &key, 1, opened) : FL_E_BUG;
}

static void keys_are_read_and_written(void)
{
    const json_t *go = helper_vectors("go_note"), *c2sp = helper_vectors("c2sp_note"),
                 *log = helper_vectors("example_log");
    const char *texts[] = {helper_string(go, "vkey"), helper_string(go, "vkey2"), helper_string(c2sp, "vkey"),
                           helper_string(log, "log_vkey"), helper_string(log, "witness_vkey")};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        fl_vkey key;
        char again[FL_VKEY_TEXT_MAX];
        CHECK(fl_vkey_read(texts[i], &key) == FL_OK, "%s", texts[i]);
        CHECK_TEXT(fl_vkey_text(&key, again), texts[i], "written again");
    }
    uint8_t seed[32];
    fl_signer signer;
    char text[FL_VKEY_TEXT_MAX];
    helper_bytes(helper_string(log, "log_seed"), seed, sizeof seed);
    CHECK(fl_signer_init(&signer, helper_string(log, "origin"), FL_KEY_ED25519, seed) == FL_OK, "log key");
    CHECK_TEXT(fl_vkey_text(&signer.vkey, text), helper_string(log, "log_vkey"), "log key");
    helper_bytes(helper_string(log, "witness_seed"), seed, sizeof seed);
    CHECK(fl_signer_init(&signer, helper_string(log, "witness_name"), FL_KEY_COSIGNER, seed) == FL_OK,
          "witness");
    CHECK_TEXT(fl_vkey_text(&signer.vkey, text), helper_string(log, "witness_vkey"), "witness key");
    CHECK(fl_signer_read(helper_string(go, "skey"), &signer) == FL_OK, "skey");
    CHECK_TEXT(fl_vkey_text(&signer.vkey, text), helper_string(go, "vkey"), "public half");
    CHECK_TEXT(fl_signer_text(&signer, text), helper_string(go, "skey"), "secret half");
}

/* Every proper substring and every key with one byte incremented. */
static void damaged_keys_are_refused(void)
{
    const json_t *go = helper_vectors("go_note");
    const char *texts[] = {helper_string(go, "vkey"), helper_string(go, "skey")};
    for (size_t k = 0; k < 2; k++) {
        char bad[FL_VKEY_TEXT_MAX];
        const size_t size = strlen(texts[k]);
        unsigned accepted = 0;
        fl_vkey key;
        fl_signer signer;
        for (size_t from = 0; from < size; from++)
            for (size_t to = from; to <= size; to++) {
                if (to - from == size) continue;
                snprintf(bad, sizeof bad, "%.*s", (int)(to - from), texts[k] + from);
                accepted += (k ? fl_signer_read(bad, &signer) : fl_vkey_read(bad, &key)) == FL_OK;
            }
        for (size_t i = 0; i < size; i++) {
            snprintf(bad, sizeof bad, "%s", texts[k]);
            bad[i]++;
            accepted += (k ? fl_signer_read(bad, &signer) : fl_vkey_read(bad, &key)) == FL_OK;
        }
        CHECK(accepted == 0, "%u damaged forms of %s accepted", accepted, texts[k]);
    }
    size_t i;
    const json_t *bad;
    fl_vkey key = {.id = {77}};
    json_array_foreach(json_object_get(go, "bad_vkeys"), i, bad)
        CHECK(fl_vkey_read(json_string_value(bad), &key) == FL_E_FILE && key.id[0] == 77, "%s",
              json_string_value(bad));
    CHECK(fl_vkey_read(NULL, &key) == FL_E_FILE, "no key");
}

/* Keys for which one signature can hold for many texts, and keys with two spellings. */
static void weak_keys_are_refused(void)
{
    static const char *const keys[] = {
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000080",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    };
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        fl_vkey key = {.name = "weak.example/log", .type = FL_KEY_ED25519}, read;
        char text[FL_VKEY_TEXT_MAX];
        helper_bytes(keys[i], key.key, sizeof key.key);
        const uint8_t type = 1;
        uint8_t digest[FL_SHA256_SIZE];
        const fl_piece pieces[] = {{key.name, strlen(key.name)}, {"\n", 1}, {&type, 1}, {key.key, 32}};
        fl_sha256_pieces(pieces, 4, digest);
        memcpy(key.id, digest, 4); /* so that nothing but the point is wrong */
        CHECK(fl_vkey_read(fl_vkey_text(&key, text), &read) == FL_E_FILE, "%s accepted", keys[i]);
    }
}

static void published_notes_open(void)
{
    const json_t *go = helper_vectors("go_note"), *c2sp = helper_vectors("c2sp_note");
    char note[1024];
    fl_note opened;
    CHECK(open_with(helper_string(c2sp, "note"), helper_string(c2sp, "vkey"), &opened) == FL_OK,
          "C2SP example");
    CHECK(opened.text_size == 28 && opened.verified == 1 && opened.unknown == 0, "its text");
    snprintf(note, sizeof note, "%s\n%s", helper_string(go, "text"), helper_string(go, "sigline"));
    CHECK(open_with(note, helper_string(go, "vkey"), &opened) == FL_OK, "Go example");
    CHECK(open_with(note, helper_string(go, "vkey2"), &opened) == FL_E_NO,
          "opened by a key that did not sign");
    snprintf(note, sizeof note, "%s\n%s%s", helper_string(go, "text"), helper_string(go, "sigline"),
             helper_string(go, "sigline2"));
    CHECK(open_with(note, helper_string(go, "vkey2"), &opened) == FL_OK && opened.unknown == 1,
          "second signer, first unknown");
    snprintf(note, sizeof note, "%s\n%s%s", helper_string(go, "text"), helper_string(go, "sigline"),
             helper_string(go, "sigline"));
    CHECK(open_with(note, helper_string(go, "vkey"), &opened) == FL_OK && opened.verified == 1,
          "the same signature twice");
    fl_vkey keys[2];
    CHECK(fl_vkey_read(helper_string(go, "vkey"), &keys[0]) == FL_OK &&
              fl_vkey_read(helper_string(go, "vkey2"), &keys[1]) == FL_OK,
          "keys");
    snprintf(note, sizeof note, "%s\n%s%s", helper_string(go, "text"), helper_string(go, "sigline"),
             helper_string(go, "sigline2"));
    CHECK(fl_note_open(note, strlen(note), keys, 2, &opened) == FL_OK && opened.verified == 2 &&
              opened.verified_keys == 3,
          "both");
    fl_signer signer;
    char line[FL_NOTE_LINE_MAX];
    const char *text = helper_string(go, "text");
    CHECK(fl_signer_read(helper_string(go, "skey"), &signer) == FL_OK, "skey");
    CHECK(fl_note_sign(&signer, text, strlen(text), line) == FL_OK, "signing");
    CHECK_TEXT(line, helper_string(go, "sigline"), "our signature");
    CHECK(fl_note_sign(&signer, "no newline", 10, line) == FL_E_RANGE, "a text without its newline");
    CHECK(fl_note_sign(&signer, "tab\there\n", 9, line) == FL_E_RANGE, "a control character");
    CHECK(fl_note_sign(&signer, "\xff\n", 2, line) == FL_E_RANGE, "no UTF-8");
}

/* The must-fail list of section 10.3. */
static void malformed_notes_are_refused(void)
{
    const json_t *go = helper_vectors("go_note");
    const char *text = helper_string(go, "text"), *line = helper_string(go, "sigline");
    const size_t line_size = strlen(line);
    char bad_line[256], no_space[256];
    snprintf(bad_line, sizeof bad_line, "%s", line);
    bad_line[40] = bad_line[40] == 'A' ? 'B' : 'A';
    snprintf(no_space, sizeof no_space, "\xE2\x80\x94 Peter Neumann %s", line + 17);
    const struct {
        const char *what, *format;
        fl_status want;
    } rows[] = {
        {"text without final newline", "text\xE2\x80\x94 %2$s", FL_E_FILE},
        {"no blank line", "%1$s%2$s", FL_E_FILE},
        {"no signature", "%1$s\n", FL_E_FILE},
        {"an extra line after the signatures", "%1$s\n%2$sand more\n", FL_E_FILE},
        {"an extra line before them", "%1$s\nand more\n%2$s", FL_E_FILE},
        {"leading 0x01", "\x01%1$s\n%2$s", FL_E_FILE},
        {"leading 0xff", "\xff%1$s\n%2$s", FL_E_FILE},
        {"a space in the name", "%1$s\n%4$s", FL_E_FILE},
        {"a known key with a damaged signature", "%1$s\n%3$s", FL_E_NO},
        {"the good one first", "%1$s\n%2$s%3$s", FL_E_NO},
        {"the bad one first", "%1$s\n%3$s%2$s", FL_E_NO},
        {"another text", "%1$sx\n\n%2$s", FL_E_NO},
        {"a tab", "\t%1$s\n%2$s", FL_E_FILE},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char note[SECOND_SIZE];
        fl_note opened;
        memset(note, 0, sizeof note);
        /* Written by hand rather than by a format from the table: -Wformat wants literals. */
        size_t used = 0;
        for (const char *c = rows[i].format; *c; c++) {
            const char *part = NULL;
            if (c[0] == '%')
                part = c[1] == '1' ? text : c[1] == '2' ? line : c[1] == '3' ? bad_line : no_space;
            if (part) {
                used += (size_t)snprintf(note + used, sizeof note - used, "%s", part);
                c += 3;
            } else
                note[used++] = *c;
        }
        CHECK(open_with(note, helper_string(go, "vkey"), &opened) == rows[i].want, "%s", rows[i].what);
    }
    char note[SECOND_SIZE];
    fl_note opened;
    snprintf(note, sizeof note, "%s\n%.*s", text, (int)line_size - 1, line);
    CHECK(open_with(note, helper_string(go, "vkey"), &opened) == FL_E_FILE,
          "signatures without final newline");
}

static void signatures_are_counted(void)
{
    const json_t *go = helper_vectors("go_note");
    const char *text = helper_string(go, "text"), *line = helper_string(go, "sigline");
    const size_t room = strlen(text) + 102 * strlen(line) + 8;
    for (unsigned count = 99; count <= 101; count++) {
        char *note = calloc(1, room);
        size_t used = (size_t)snprintf(note, room, "%s\n", text);
        for (unsigned i = 0; i < count; i++) used += (size_t)snprintf(note + used, room - used, "%s", line);
        fl_note opened;
        CHECK(open_with(note, helper_string(go, "vkey"), &opened) == (count <= 100 ? FL_OK : FL_E_FILE),
              "%u signatures", count);
        free(note);
    }
}

static void checkpoints_of_the_small_log(void)
{
    const json_t *log = helper_vectors("example_log");
    uint8_t seed[32];
    fl_signer signer, witness;
    fl_checkpoint checkpoint = {.size = 5}, read;
    char note[FL_CHECKPOINT_MAX], line[FL_NOTE_LINE_MAX];
    snprintf(checkpoint.origin, sizeof checkpoint.origin, "%s", helper_string(log, "origin"));
    helper_bytes(helper_string(log, "log_seed"), seed, sizeof seed);
    CHECK(fl_signer_init(&signer, checkpoint.origin, FL_KEY_ED25519, seed) == FL_OK, "signer");
    static const struct {
        size_t size;
        const char *key;
    } rows[] = {{0, "checkpoint_0"}, {3, "checkpoint_3"}, {5, "checkpoint_5"}};
    for (size_t i = 0; i < 3; i++) {
        checkpoint.size = rows[i].size;
        checkpoint.root = helper_hash_of(json_array_get(json_object_get(log, "root"), rows[i].size));
        CHECK(fl_checkpoint_sign(&checkpoint, &signer, note) == FL_OK, "signing");
        CHECK(strcmp(note, helper_string(log, rows[i].key)) == 0, "%s: got %.300s", rows[i].key, note);
        CHECK(fl_checkpoint_open(note, strlen(note), &signer.vkey, &read) == FL_OK &&
                  read.size == rows[i].size && fl_hash_same(&read.root, &checkpoint.root),
              "%s", rows[i].key);
    }
    helper_bytes(helper_string(log, "witness_seed"), seed, sizeof seed);
    CHECK(fl_signer_init(&witness, helper_string(log, "witness_name"), FL_KEY_COSIGNER, seed) == FL_OK,
          "witness");
    CHECK(fl_checkpoint_cosign(&checkpoint, &witness, 1767225660, line) == FL_OK, "cosigning");
    CHECK_TEXT(line, helper_string(log, "cosignature_line"), "cosignature");
    const char *cosigned = helper_string(log, "cosigned_checkpoint_5");
    const fl_vkey keys[] = {signer.vkey, witness.vkey};
    fl_note opened;
    CHECK(fl_note_open(cosigned, strlen(cosigned), keys, 2, &opened) == FL_OK && opened.verified == 2 &&
              opened.time_s[1] == 1767225660,
          "both signatures and the time");
    const char *fork = helper_string(log, "fork_checkpoint_5");
    fl_checkpoint other;
    CHECK(fl_checkpoint_open(fork, strlen(fork), &signer.vkey, &other) == FL_OK, "the fork is well signed");
    CHECK(fl_checkpoint_is_fork(&checkpoint, &other) && !fl_checkpoint_is_fork(&checkpoint, &read), "fork");
}

static void odd_checkpoints_are_refused(void)
{
    static const struct {
        const char *what, *text;
    } rows[] = {
        {"two lines", "o.example/a\n5\n"},
        {"an extension line", "o.example/a\n5\n+9w1rZZUNuUJ7E92/K6hpSf5DS29rC5KIMwkPrV502c=\nmore\n"},
        {"leading zero", "o.example/a\n05\n+9w1rZZUNuUJ7E92/K6hpSf5DS29rC5KIMwkPrV502c=\n"},
        {"a sign", "o.example/a\n+5\n+9w1rZZUNuUJ7E92/K6hpSf5DS29rC5KIMwkPrV502c=\n"},
        {"no size", "o.example/a\n\n+9w1rZZUNuUJ7E92/K6hpSf5DS29rC5KIMwkPrV502c=\n"},
        {"2^64", "o.example/a\n18446744073709551616\n+9w1rZZUNuUJ7E92/K6hpSf5DS29rC5KIMwkPrV502c=\n"},
        {"a space in the origin", "o example\n5\n+9w1rZZUNuUJ7E92/K6hpSf5DS29rC5KIMwkPrV502c=\n"},
        {"a plus in the origin", "o+example\n5\n+9w1rZZUNuUJ7E92/K6hpSf5DS29rC5KIMwkPrV502c=\n"},
        {"no origin", "\n5\n+9w1rZZUNuUJ7E92/K6hpSf5DS29rC5KIMwkPrV502c=\n"},
        {"31 bytes", "o.example/a\n5\n+9w1rZZUNuUJ7E92/K6hpSf5DS29rC5KIMwkPrV50w==\n"},
        {"unused bits set", "o.example/a\n5\n+9w1rZZUNuUJ7E92/K6hpSf5DS29rC5KIMwkPrV502d=\n"},
        {"no newline", "o.example/a\n5\n+9w1rZZUNuUJ7E92/K6hpSf5DS29rC5KIMwkPrV502c="},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        fl_checkpoint read = {.size = 4242};
        CHECK(fl_checkpoint_read(rows[i].text, strlen(rows[i].text), &read) == FL_E_FILE && read.size == 4242,
              "%s", rows[i].what);
    }
}

/* Seeded noise over a good note: never a crash, never accepted unless it is the same note. */
static void noise_is_refused(void)
{
    const char *good = helper_string(helper_vectors("example_log"), "cosigned_checkpoint_5");
    const char *vkey = helper_string(helper_vectors("example_log"), "log_vkey");
    const size_t size = strlen(good);
    uint64_t seed = 20261122;
    unsigned accepted = 0;
    fl_vkey key;
    CHECK(fl_vkey_read(vkey, &key) == FL_OK, "key");
    const char *witness = strstr(good, "\xE2\x80\x94 hub.example");
    for (unsigned round = 0; round < 20000; round++) {
        char note[512];
        memcpy(note, good, size);
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        const size_t at = (size_t)(seed >> 33) % (size_t)(witness - good);
        note[at] = (char)(note[at] ^ (char)(1 + (seed >> 20) % 255));
        fl_checkpoint read;
        accepted +=
            fl_checkpoint_open(note, size - (round % 3 ? 0 : (seed >> 40) % size), &key, &read) == FL_OK;
    }
    CHECK(accepted == 0, "%u damaged notes accepted", accepted);
}

FL_TESTS("journal/note", TEST(keys_are_read_and_written), TEST(damaged_keys_are_refused),
         TEST(weak_keys_are_refused), TEST(published_notes_open), TEST(malformed_notes_are_refused),
         TEST(signatures_are_counted), TEST(checkpoints_of_the_small_log), TEST(odd_checkpoints_are_refused),
         TEST(noise_is_refused))

/* labels: unit fuzz   timeout: 120 */
#include "check.h"
#include "helper_vectors.h"

#include "fadeline/base/random.h"
#include "fadeline/base/text.h"
#include "fadeline/journal/entry.h"

static void built_entries_are_canonical(void)
{
    fl_entry entry, inner;
    char bytes[FL_ENTRY_MAX];
    size_t size;
    fl_entry_begin(&entry, FL_KIND_NOTE);
    fl_entry_text(&entry, "zz", "a \"quoted\" \\ and \x01 caf\xC3\xA9");
    fl_entry_int(&entry, "minus", -9007199254740991);
    fl_entry_count(&entry, "large", 9007199254740992u);
    fl_entry_hex(&entry, "hash", "\x00\xFF\x10", 3);
    fl_entry_ints(&entry, "list", (const int64_t[]){3, -1, 0}, 3);
    fl_entry_ints(&entry, "none", NULL, 0);
    fl_entry_texts(&entry, "words", (const char *const[]){"b", "a"}, 2);
    fl_entry_begin_inner(&inner);
    fl_entry_int(&inner, "y", 2);
    fl_entry_text(&inner, "x", "");
    fl_entry_object(&entry, "obj", &inner);
    fl_entry_device(&entry, "SIM-0007", true);
    CHECK(fl_entry_encode(&entry, bytes, sizeof bytes, &size) == FL_OK, "%s", entry.fault);
    static const char want[] =
        "{\"dev\":\"SIM-0007\",\"hash\":\"00ff10\",\"k\":\"note\",\"large\":\"9007199254740992\","
        "\"list\":[3,-1,0],\"minus\":-9007199254740991,\"none\":[],\"obj\":{\"x\":\"\",\"y\":2},"
        "\"sim\":1,\"words\":[\"b\",\"a\"],\"zz\":\"a \\\"quoted\\\" \\\\ and \\u0001 caf\xC3\xA9\"}";
    CHECK(size == sizeof want - 1 && memcmp(bytes, want, size) == 0, "got %.*s", (int)size, bytes);
    CHECK(fl_entry_encode(&entry, bytes, size - 1, &size) == FL_E_FULL, "one byte too little room");
    fl_record record, object;
    uint64_t large;
    int64_t list[3], y;
    size_t count = 3;
    char text[64];
    CHECK(fl_record_read(want, sizeof want - 1, &record) == FL_OK && fl_record_is(&record, FL_KIND_NOTE),
          "read back");
    CHECK(fl_record_count(&record, "large", &large) == FL_OK && large == 9007199254740992u, "large");
    CHECK(fl_record_ints(&record, "list", list, &count) == FL_OK && count == 3 && list[1] == -1, "list");
    CHECK(fl_record_object(&record, "obj", &object) == FL_OK && fl_record_int(&object, "y", &y) == FL_OK &&
              y == 2,
          "object");
    CHECK(fl_record_text(&record, "zz", text, sizeof text) == FL_OK, "text");
    CHECK_TEXT(text, "a \"quoted\" \\ and \x01 caf\xC3\xA9", "decoded");
    CHECK(fl_record_text(&record, "zz", text, 5) == FL_E_FULL, "short room");
    CHECK(fl_record_int(&record, "nothing", &y) == FL_E_NO &&
              fl_record_int(&record, "zz", &y) == FL_E_RANGE && y == 2,
          "lookups");
    CHECK(fl_record_count(&record, "minus", &large) == FL_E_RANGE && large == 9007199254740992u,
          "a negative count");
}

/* Whatever the order in which fields come, they are encoded in the order of their keys. */
static void any_order_is_one_encoding(void)
{
    static const char *const names[] = {"a",  "aa", "ab",        "b_1", "bA", "bB",
                                        "c9", "ca", "energy_uJ", "w",   "wlx"};
    enum { COUNT = sizeof names / sizeof *names };
    fl_random chance;
    fl_random_init(&chance, 8, 2);
    char first[FL_ENTRY_MAX], bytes[FL_ENTRY_MAX];
    size_t first_size = 0, size = 0;
    for (int run = 0; run < 500; run++) {
        fl_entry entry;
        bool done[COUNT] = {false};
        fl_entry_begin(&entry, FL_KIND_NOTE);
        for (int left = COUNT; left; left--) {
            size_t i = fl_random_u64(&chance) % COUNT;
            while (done[i]) i = (i + 1) % COUNT;
            done[i] = true;
            fl_entry_int(&entry, names[i], (int64_t)i);
        }
        CHECK(fl_entry_encode(&entry, bytes, sizeof bytes, &size) == FL_OK, "%s", entry.fault);
        if (run == 0) memcpy(first, bytes, first_size = size);
        fl_record record;
        CHECK(size == first_size && memcmp(bytes, first, size) == 0, "got %.*s", (int)size, bytes);
        CHECK(fl_record_read(bytes, size, &record) == FL_OK, "not canonical: %.*s", (int)size, bytes);
    }
}

/* A quantity without its unit is no key; what only begins or ends like one is. */
static void quantities_have_units(void)
{
    static const char *const bare[] = {"energy", "meas", "spot", "fluence", "pulse", "rate", "wl",
                                       "mono",   "utc",  "temp", "time",    "mean",  "free"};
    for (size_t i = 0; i < sizeof bare / sizeof *bare; i++) {
        char near[3][FL_ENTRY_KEY_MAX];
        fl_entry entry;
        fl_entry_begin(&entry, FL_KIND_NOTE);
        fl_entry_int(&entry, bare[i], 1);
        CHECK(fl_entry_status(&entry) == FL_E_RANGE, "'%s' was taken", bare[i]);
        snprintf(near[0], sizeof near[0], "%ss", bare[i]);
        snprintf(near[1], sizeof near[1], "x%s", bare[i]);
        snprintf(near[2], sizeof near[2], "%.*s", (int)strlen(bare[i]) - 1, bare[i]);
        fl_entry_begin(&entry, FL_KIND_NOTE);
        for (int n = 0; n < 3; n++) fl_entry_int(&entry, near[n], 1);
        CHECK(fl_entry_status(&entry) == FL_OK, "'%s': %s", bare[i], entry.fault);
    }
}

static void mistakes_stick(void)
{
    static char long_text[FL_ENTRY_TEXT_MAX + 2];
    memset(long_text, 'x', FL_ENTRY_TEXT_MAX + 1);
    const int64_t many[FL_ENTRY_LIST_MAX + 1] = {0};
    for (int i = 0; i < 14; i++) {
        fl_entry entry, inner, deep;
        char bytes[FL_ENTRY_MAX];
        size_t size = 7;
        fl_entry_begin(&entry, FL_KIND_NOTE);
        fl_entry_begin_inner(&inner);
        fl_entry_begin_inner(&deep);
        switch (i) {
        case 0: fl_entry_int(&entry, "Upper", 1); break;
        case 1: fl_entry_int(&entry, "", 1); break;
        case 2: fl_entry_int(&entry, "energy", 1); break; /* of what unit? */
        case 3: fl_entry_int(&entry, "k", 1); break;      /* there already */
        case 4: fl_entry_int(&entry, "big", 9007199254740992); break;
        case 5: fl_entry_text(&entry, "t", "\xC3"); break;
        case 6: fl_entry_text(&entry, "t", "e\xCC\x81"); break; /* e and a combining acute: not NFC */
        case 7: fl_entry_text(&entry, "t", "\xEF\xBB\xBF"); break;
        case 8: fl_entry_text(&entry, "t", long_text); break;
        case 9: fl_entry_text(&entry, "t", NULL); break;
        case 10: fl_entry_ints(&entry, "l", many, FL_ENTRY_LIST_MAX + 1); break;
        case 11: fl_entry_object(&inner, "o", &deep), fl_entry_object(&entry, "o", &inner); break;
        case 12: fl_entry_begin(&entry, FL_KIND_UNKNOWN); break;
        default:
            for (int field = 0; field < FL_ENTRY_FIELDS; field++) {
                char key[16];
                snprintf(key, sizeof key, "f%d", field);
                fl_entry_int(&entry, key, field);
            }
        }
        CHECK(fl_entry_status(&entry) != FL_OK && entry.fault[0], "mistake %d was not seen", i);
        fl_entry_int(&entry, "fine", 1);
        CHECK(fl_entry_encode(&entry, bytes, sizeof bytes, &size) != FL_OK && size == 7,
              "mistake %d was forgotten", i);
    }
    CHECK(fl_entry_takes("caf\xC3\xA9 \xE2\x80\x94 \xE6\x97\xA5\xE6\x9C\xAC") &&
              !fl_entry_takes("e\xCC\x81") && !fl_entry_takes(NULL),
          "what a text may be");
}

static void only_one_spelling_is_read(void)
{
    /* clang-format off */
    static const struct { const char *what, *text; } rows[] = {
        { "space inside", "{\"a\": 1}" },            { "leading space", " {\"a\":1}" },
        { "trailing newline", "{\"a\":1}\n" },       { "byte-order mark", "\xEF\xBB\xBF{\"a\":1}" },
        { "two values", "{\"a\":1}{}" },             { "cut", "{\"a\":1" },
        { "keys not sorted", "{\"b\":1,\"a\":1}" },  { "key twice", "{\"a\":1,\"a\":1}" },
        { "upper-case key", "{\"A\":1}" },           { "empty key", "{\"\":1}" },
        { "escape in a key", "{\"\\u0061\":1}" },    { "33 letters", "{\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\":1}" },
        { "float", "{\"a\":1.0}" },                  { "exponent", "{\"a\":1e3}" },
        { "leading zero", "{\"a\":01}" },            { "plus", "{\"a\":+1}" },
        { "minus zero", "{\"a\":-0}" },              { "2^53", "{\"a\":9007199254740992}" },
        { "-2^53", "{\"a\":-9007199254740992}" },    { "2^64", "{\"a\":18446744073709551616}" },
        { "null", "{\"a\":null}" },                  { "true", "{\"a\":true}" },
        { "escaped newline", "{\"a\":\"\\n\"}" },    { "escaped letter", "{\"a\":\"\\u0041\"}" },
        { "upper-case hex", "{\"a\":\"\\u001F\"}" }, { "escaped slash", "{\"a\":\"\\/\"}" },
        { "raw control", "{\"a\":\"\x01\"}" },       { "surrogate", "{\"a\":\"\\ud800\"}" },
        { "surrogate in UTF-8", "{\"a\":\"\xED\xA0\x80\"}" }, { "overlong", "{\"a\":\"\xC0\x80\"}" },
        { "overlong of three", "{\"a\":\"\xE0\x80\x80\"}" },  { "beyond Unicode", "{\"a\":\"\xF4\x90\x80\x80\"}" },
        { "U+FEFF", "{\"a\":\"\xEF\xBB\xBF\"}" },    { "combining mark", "{\"a\":\"e\xCC\x81\"}" },
        { "Angstrom sign", "{\"a\":\"\xE2\x84\xAB\"}" },      { "conjoining jamo", "{\"a\":\"\xE1\x85\xA1\"}" },
        { "mixed list", "{\"a\":[1,\"b\"]}" },       { "list in a list", "{\"a\":[[1]]}" },
        { "trailing comma", "{\"a\":[1,]}" },        { "comma in object", "{\"a\":1,}" },
        { "object too deep", "{\"a\":{\"b\":{}}}" }, { "list too deep", "{\"a\":{\"b\":[1]}}" },
        { "a bare number", "12" },                   { "a bare list", "[1]" },
        { "object not sorted", "{\"a\":{\"c\":1,\"b\":1}}" }, { "half an escape", "{\"a\":\"\\u00" },
        { "single quotes", "{'a':1}" },              { "nothing", "" },
    };
    static const char *const good[] = {
        "{}", "{\"a\":0}", "{\"a\":-9007199254740991}", "{\"a\":\"\"}", "{\"a\":\"\\u0000\\u001f\"}", "{\"a\":[]}",
        "{\"a\":\"\x7F\xF4\x8F\xBF\xBF\"}", "{\"a\":1,\"aB\":2,\"a_\":3,\"aa\":4}", "{\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\":{}}",
    };
    /* clang-format on */
    fl_record record;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        CHECK(fl_record_read(rows[i].text, strlen(rows[i].text), &record) == FL_E_DAMAGED, "%s: accepted",
              rows[i].what);
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        CHECK(fl_record_read(good[i], strlen(good[i]), &record) == FL_OK, "%s: refused", good[i]);
}

static void the_small_log_reads(void)
{
    const json_t *log = helper_vectors("example_log"), *row;
    fl_tree tree = {0};
    size_t i;
    json_array_foreach(json_object_get(log, "entries"), i, row)
    {
        const char *text = json_string_value(row);
        fl_record record;
        CHECK(fl_record_read(text, strlen(text), &record) == FL_OK, "entry %zu", i);
        const fl_hash leaf = fl_tree_leaf(text, strlen(text)),
                      want = helper_hash_of(json_array_get(json_object_get(log, "leaf_hash"), i));
        CHECK(fl_hash_same(&leaf, &want), "leaf %zu", i);
        fl_tree_append(&tree, &leaf);
        const fl_hash root = fl_tree_root(&tree),
                      root_want = helper_hash_of(json_array_get(json_object_get(log, "root"), i + 1));
        CHECK(fl_hash_same(&root, &root_want), "root %zu", i + 1);
    }
    uint8_t digest[FL_SHA256_SIZE];
    static const uint8_t salt[17] = {2};
    const fl_piece pieces[] = {{salt, sizeof salt}, {"{\"name\":\"TEST ONLY\"}", 20}};
    char hex[2 * FL_SHA256_SIZE + 1];
    fl_sha256_pieces(pieces, 2, digest);
    CHECK_TEXT(fl_hex(digest, sizeof digest, hex),
               "905100883942cbf5cc56d5c5f3ed9c4070ec537f76ccb1a9ed5670bcfff7adaa", "commitment");
}

/* Whatever a damaged entry reads as, its fields written again by the builder are the same bytes: a second,
 * independent road to "only one encoding". */
static bool rebuilds(const fl_record *record, const char *bytes, size_t size)
{
    char again[FL_ENTRY_MAX];
    size_t at = 0;
    again[at++] = '{';
    for (unsigned i = 0; i < record->count; i++) {
        const struct fl_record_field *f = &record->fields[i];
        at +=
            (size_t)snprintf(again + at, sizeof again - at, "%s\"%.*s\":", i ? "," : "", f->key_size, f->key);
        char key[FL_ENTRY_KEY_MAX + 1], text[FL_ENTRY_TEXT_MAX + 1];
        snprintf(key, sizeof key, "%.*s", f->key_size, f->key);
        fl_entry one;
        int64_t value;
        fl_entry_begin_inner(&one);
        if (f->type == FL_RECORD_INT && fl_record_int(record, key, &value) == FL_OK)
            fl_entry_int(&one, "x", value);
        else if (f->type == FL_RECORD_TEXT && fl_record_text(record, key, text, sizeof text) == FL_OK)
            fl_entry_text(&one, "x", text);
        if (one.count) {
            memcpy(again + at, one.pool, one.used);
            at += one.used;
        } else {
            memcpy(again + at, f->value, f->value_size);
            at += f->value_size;
        }
    }
    again[at++] = '}';
    return at == size && memcmp(again, bytes, size) == 0;
}

static void noise_is_read_safely(void)
{
    const json_t *entries = json_object_get(helper_vectors("example_log"), "entries");
    static const char interesting[] = "{}[]\",:\\u0019-+.eE \n\x80\xC3\xE2\xF4";
    fl_random random;
    fl_random_init(&random, 7310, 1);
    unsigned read = 0, wrong = 0;
    for (unsigned round = 0; round < 200000; round++) {
        const char *text = json_string_value(json_array_get(entries, round % 5));
        size_t size = strlen(text);
        char *bytes = malloc(size + 4); /* exact, so that the sanitizer sees a read beyond it */
        memcpy(bytes, text, size);
        for (unsigned n = 1 + (unsigned)(fl_random_u64(&random) % 3); n; n--) {
            const size_t at = (size_t)(fl_random_u64(&random) % size);
            switch (fl_random_u64(&random) % 4) {
            case 0: bytes[at] = (char)fl_random_u64(&random); break;
            case 1: bytes[at] = interesting[fl_random_u64(&random) % (sizeof interesting - 1)]; break;
            case 2: memmove(bytes + at, bytes + at + 1, size - at - 1), size -= size > 2; break;
            default: memmove(bytes + at, bytes, size - at < 4 ? size - at : 4); break;
            }
        }
        char *exact = malloc(size);
        memcpy(exact, bytes, size);
        fl_record record;
        if (fl_record_read(exact, size, &record) == FL_OK) {
            read++;
            wrong += !rebuilds(&record, exact, size);
        }
        free(exact);
        free(bytes);
    }
    CHECK(wrong == 0 && read > 1000, "%u of %u accepted entries do not rebuild", wrong, read);
}

/* What a person is supposed to have typed does not paint over a screen, turn a line round or break another
 * reader. The format itself allows it, and an old log may hold it. */
static void nobody_types_a_control(void)
{
    static const char *const bad[] = {"a\nb",
                                      "\t",
                                      "\x1b[2J",
                                      "\x7f",
                                      "\xC2\x9B"
                                      "2J",
                                      "\xE2\x80\xAE"
                                      "txt",
                                      "\xE2\x81\xA6",
                                      "\xE2\x80\xA8",
                                      "\xEF\xBF\xBF",
                                      "\xEF\xB7\x90",
                                      "\xF0\x9F\xBF\xBE"};
    static const char *const good[] = {"caf\xC3\xA9",  "\xC2\xA0",     "a \"b\" \\c",
                                       "\xEF\xBF\xBD", "\xE2\x80\x94", ""};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) CHECK(!fl_entry_takes(bad[i]), "bad %zu", i);
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) CHECK(fl_entry_takes(good[i]), "good %zu", i);
}

FL_TESTS("journal/entry", TEST(built_entries_are_canonical), TEST(any_order_is_one_encoding),
         TEST(quantities_have_units), TEST(mistakes_stick), TEST(only_one_spelling_is_read),
         TEST(the_small_log_reads), TEST(noise_is_read_safely), TEST(nobody_types_a_control))

/* labels: unit */
#include "check.h"

#include "fadeline/base/clock.h"
#include "fadeline/base/date.h"
#include "fadeline/base/digest.h"
#include "fadeline/base/error.h"
#include "fadeline/base/place.h"
#include "fadeline/base/random.h"
#include "fadeline/base/text.h"

#include <locale.h>
#include <sys/stat.h>
#include <unistd.h>

/* A decimal comma, grouping, hexadecimal and "nan" are refused, also on a desktop that writes commas. */
/* hazards: H41 */
static void numbers_know_no_locale(void)
{
    static const struct {
        const char *text;
        bool good;
        double value;
    } rows[] = {
        {"1.59", true, 1.59},  {"1,59", false, 0},  {"-2e-3", true, -2e-3}, {"", false, 0},
        {" 1", false, 0},      {"1 ", false, 0},    {"nan", false, 0},      {"inf", false, 0},
        {"0x10", false, 0},    {"1e999", false, 0}, {"--1", false, 0},      {"1.2.3", false, 0},
        {"+7.25", true, 7.25}, {"1'000", false, 0}, {".", false, 0},        {"e5", false, 0},
    };
    setlocale(LC_ALL, "de_DE.UTF-8"); /* may be missing: then this is the plain test */
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        double value = -99;
        const bool good = fl_read_double(rows[i].text, &value) == FL_OK;
        CHECK(good == rows[i].good, "'%s': %s", rows[i].text, good ? "taken" : "refused");
        CHECK(value == (rows[i].good ? rows[i].value : -99), "'%s' read as %g", rows[i].text, value);
    }
    setlocale(LC_ALL, "C");
}

/* The largest value of each width is read, one more is refused. */
/* hazards: H55 */
static void whole_numbers_do_not_wrap(void)
{
    uint64_t u = 5;
    int64_t i = 5;
    CHECK(fl_read_u64("18446744073709551615", &u) == FL_OK && u == UINT64_MAX, "largest u64");
    u = 5;
    CHECK(fl_read_u64("18446744073709551616", &u) == FL_E_RANGE && u == 5, "one more wraps");
    CHECK(fl_read_u64("-1", &u) == FL_E_RANGE && fl_read_u64("", &u) == FL_E_RANGE && u == 5,
          "sign or nothing");
    CHECK(fl_read_i64("-9223372036854775808", &i) == FL_OK && i == INT64_MIN, "least i64");
    CHECK(fl_read_i64("9223372036854775808", &i) == FL_E_RANGE, "one more than the largest i64");
}

/* Text that does not fit is never passed on as if it were whole. */
/* hazards: H55 */
static void text_is_cut_and_says_so(void)
{
    char room[8];
    fl_text text = fl_text_in(room, sizeof room);
    fl_text_add(&text, "%s", "abc");
    fl_text_add(&text, "%d", 1234);
    CHECK(!text.cut && text.length == 7, "seven fit");
    fl_text_add(&text, "x");
    CHECK(text.cut && strcmp(room, "abc1234") == 0, "the eighth is cut: '%s'", room);
}

/* The quick ways write what the formats write, at every edge and for random values. */
static void quick_digits_are_those_of_the_formats(void)
{
    fl_random random;
    fl_random_init(&random, 5, 1);
    for (int i = 0; i < 20000; i++) {
        static const uint64_t edges[] = {
            0, 9, 10, 99, 100, UINT32_MAX, UINT64_MAX, UINT64_MAX / 10, UINT64_MAX / 10 + 1};
        const uint64_t value = i < 9 ? edges[i] : fl_random_u64(&random) >> (fl_random_u64(&random) % 64);
        const unsigned digits = 1 + (unsigned)(fl_random_u64(&random) % 16);
        const uint64_t low = digits == 16 ? value : value & ((UINT64_C(1) << 4 * digits) - 1);
        char got[64], want[64];
        fl_text text = fl_text_in(got, sizeof got);
        fl_text_add_u64(&text, value);
        fl_text_add_word(&text, " ");
        fl_text_add_hex(&text, value, digits);
        snprintf(want, sizeof want, "%llu %0*llX", (unsigned long long)value, (int)digits,
                 (unsigned long long)low);
        CHECK_TEXT(got, want, "digits");
    }
    char small[4];
    fl_text text = fl_text_in(small, sizeof small);
    fl_text_add_u64(&text, 12345);
    CHECK(text.cut && strcmp(small, "123") == 0, "cut: %s", small);
}

static void near_words_are_found(void)
{
    static const char *const words[] = {"plan", "run", "audit", "journal"};
    CHECK_TEXT(fl_text_nearest("plna", words, 4), "plan", "swapped letters");
    CHECK_TEXT(fl_text_nearest("jurnal", words, 4), "journal", "a letter lost");
    CHECK(fl_text_nearest("zzzzzz", words, 4) == NULL, "nothing is near zzzzzz");
}

static void dates_agree_with_the_calendar(void)
{
    fl_date day, end;
    char room[11];
    CHECK(fl_date_read("2026-05-04", &day) == FL_OK, "a Monday");
    CHECK(((fl_date_days(day) + 3) % 7 + 7) % 7 == 0, "1970-01-01 was a Thursday, so this is a Monday");
    CHECK_TEXT(fl_date_text(fl_date_add_days(day, 42), room), "2026-06-15", "six weeks");
    CHECK(fl_date_read("2026-08-31", &end) == FL_OK, "end of August");
    CHECK_TEXT(fl_date_text(fl_date_add_months(end, 6), room), "2027-02-28", "six months from the 31st");
    static const char *const wrong[] = {"2026-02-29",  "2026-13-01", "2026-00-10", "2026-1-01", "26-01-01",
                                        "2026-01-01 ", "1.5.2026",   "",           "2026-04-31"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        CHECK(fl_date_read(wrong[i], &day) == FL_E_RANGE, "'%s' taken", wrong[i]);
    for (int n = -40000; n < 80000; n += 7) {
        const fl_date d = fl_date_from_days(n);
        CHECK(fl_date_days(d) == n, "day %d comes back as %d", n, fl_date_days(d));
    }
}

static void digests_match_the_standards(void)
{
    uint8_t digest[FL_SHA256_SIZE];
    char hex[2 * FL_SHA256_SIZE + 1];
    fl_sha256("abc", 3, digest); /* FIPS 180-4 example */
    CHECK_TEXT(fl_hex(digest, sizeof digest, hex),
               "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", "abc");
    CHECK(fl_crc32c(0, "123456789", 9) == 0xE3069283u, "CRC-32C check value");
    CHECK(fl_crc32c(fl_crc32c(0, "1234", 4), "56789", 5) == 0xE3069283u, "in two parts");
}

/* The check by tables against the one by its definition, bit after bit, at every size and alignment. */
static void checks_are_those_of_the_definition(void)
{
    unsigned char bytes[64];
    fl_random chance;
    fl_random_init(&chance, 3, 9);
    for (size_t i = 0; i < sizeof bytes; i++) bytes[i] = (unsigned char)(fl_random_u64(&chance) >> 40);
    for (size_t from = 0; from < 9; from++)
        for (size_t size = 0; size + from <= sizeof bytes; size++) {
            uint32_t crc = ~0x12345678u;
            for (size_t i = 0; i < size; i++) {
                crc ^= bytes[from + i];
                for (int bit = 0; bit < 8; bit++) crc = crc >> 1 ^ (crc & 1 ? 0x82F63B78u : 0);
            }
            CHECK(fl_crc32c(0x12345678u, bytes + from, size) == ~crc, "%zu bytes from %zu", size, from);
        }
}

static void streams_differ_and_repeat(void)
{
    fl_random a, b, c;
    fl_random_init(&a, 17, 3);
    fl_random_init(&b, 17, 3);
    fl_random_init(&c, 17, 4);
    double mean = 0;
    int same = 0;
    for (int i = 0; i < 100000; i++) {
        const uint64_t x = fl_random_u64(&a);
        CHECK(x == fl_random_u64(&b), "the same stream repeats");
        same += x == fl_random_u64(&c);
        mean += (double)(x >> 11) * 0x1p-53;
    }
    CHECK(same == 0, "neighbouring streams share %d of 100000 values", same);
    CHECK_NEAR(mean / 100000, 0.5, 5 * 0.2887 / sqrt(100000), "mean of uniforms");
}

static void files_are_whole_or_absent(void)
{
    char path[] = "/tmp/fl-place-XXXXXX", name[64];
    CHECK(mkdtemp(path) != NULL, "a directory");
    snprintf(name, sizeof name, "%s/a", path);
    fl_error error;
    CHECK(fl_place_write(name, "hello", 5, 0600, &error) == FL_OK, "%s", error.what);
    char *bytes = NULL;
    size_t size = 0;
    CHECK(fl_place_read(name, 5, &bytes, &size, &error) == FL_OK && size == 5 && strcmp(bytes, "hello") == 0,
          "read back");
    free(bytes);
    bytes = NULL;
    CHECK(fl_place_read(name, 4, &bytes, &size, &error) == FL_E_FILE && !bytes, "a limit is a limit");
    CHECK(fl_place_write("/dev/full/x", "x", 1, 0600, &error) != FL_OK, "no such directory");
    char odd[64];
    snprintf(odd, sizeof odd, "%s/odd", path);
    CHECK(symlink(name, odd) == 0, "a link");
    CHECK(fl_place_write(odd, "x", 1, 0600, &error) == FL_E_IO, "a link is not replaced");
    unlink(odd);
    CHECK(mkfifo(odd, 0600) == 0, "a pipe");
    CHECK(fl_place_write(odd, "x", 1, 0600, &error) == FL_E_IO, "nor a pipe");
    CHECK(fl_place_read(odd, 10, &bytes, &size, &error) == FL_E_FILE, "and a pipe is not waited for");
    unlink(odd);
    unlink(name);
    CHECK(rmdir(path) == 0, "no temporary file is left behind");
}

static void errors_read_well(void)
{
    fl_error error;
    fl_error_set(&error, FL_E_FILE, "'%s' is not a number for '%s'", "0,4", "energy_max_mJ");
    fl_error_at(&error, "devices/x.yaml", 20, 20);
    fl_error_hint(&error, "write a point, not a comma");
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    fl_error_print(out, &error);
    fclose(out);
    CHECK_TEXT(text,
               "devices/x.yaml:20:20: error: '0,4' is not a number for 'energy_max_mJ'\n"
               "  hint: write a point, not a comma\n",
               "the style reference's own example");
    free(text);
    CHECK(fl_error_set(NULL, FL_E_IO, "x") == FL_E_IO, "a NULL error still gives the status");
}

/* Only the wall moves, and as far as `days` says at the time of asking. */
static void a_pretended_date_moves_the_wall_only(void)
{
    static const int64_t rows[] = {0, 1, -3, 365};
    int64_t days = 0;
    const fl_clock *real = fl_clock_system(), ahead = fl_clock_ahead(&days);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        days = rows[i];
        const fl_date day = fl_date_add_days(fl_date_of(real->utc(NULL)), (int)days);
        const fl_date next = fl_date_add_days(day, 1); /* midnight may pass between the two calls */
        const fl_date told = fl_date_of(ahead.utc(ahead.self));
        CHECK(fl_date_compare(told, day) == 0 || fl_date_compare(told, next) == 0, "%d days", (int)days);
        const fl_instant before = real->now(NULL), told_now = ahead.now(ahead.self), after = real->now(NULL);
        CHECK(told_now.us >= before.us && told_now.us <= after.us, "the monotonic clock is the system's");
        CHECK(ahead.boot(ahead.self).us >= before.us, "and so is the boot clock");
    }
}

FL_TESTS("base", TEST(numbers_know_no_locale), TEST(whole_numbers_do_not_wrap), TEST(text_is_cut_and_says_so),
         TEST(quick_digits_are_those_of_the_formats), TEST(near_words_are_found),
         TEST(dates_agree_with_the_calendar), TEST(digests_match_the_standards),
         TEST(checks_are_those_of_the_definition), TEST(streams_differ_and_repeat),
         TEST(files_are_whole_or_absent), TEST(errors_read_well), TEST(a_pretended_date_moves_the_wall_only))

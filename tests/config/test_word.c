/* labels: unit fault */
#include "check.h"

#include "fadeline/config/dialect.h"

/* The codec, pure: words to bytes and bytes to readings. Rows were chosen where a careless reader takes an
 * answer for good: half rows, two answers, an echo of another number, bytes that are no text. */

static fl_dialect_line line_of(fl_line_end send, fl_line_end answer)
{
    return (fl_dialect_line){
        .send_end = send, .answer_end = answer, .longest = 200, .answer_ms = 100, .echo = FL_NO};
}

static void numbers_are_sent_as_the_page_writes_them(void)
{
    /* clang-format off */
    static const struct {
        const char *what, *begin, *say; double scale; int decimals, width; double least, most, value; const char *sent;
    } rows[] = {
        { "plain",                       NULL,    "V{}",      1,    0, 0, 500, 1800, 1150,      "V1150\r\n" },
        { "prefix, decimals",            ";LA:",  "RR {}",    1,    3, 0, 0.1, 50,   5,         ";LA:RR 5.000\r\n" },
        { "microseconds in seconds",     ";LA:",  "DW {}",    1e-6, 8, 0, 1,   240,  140,       ";LA:DW 0.00014000\r\n" },
        { "tenths as a whole number",    NULL,    "tune={}",  10,   0, 0, 0,   100,  50.1,      "tune=501\r\n" },
        { "padded whole",                NULL,    "PD {}",    1,    0, 3, 0,   999,  1,         "PD 001\r\n" },
        { "padded with a point",         NULL,    "RR {}",    1,    1, 4, 0,   99,   7.5,       "RR 07.5\r\n" },
        { "negative",                    NULL,    "D {}",     1,    0, 0, -500, 500, -17,       "D -17\r\n" },
        { "negative, padded",            NULL,    "D {}",     1,    0, 4, -500, 500, -17,       "D -017\r\n" },
        { "a small negative is 0",       NULL,    "D {}",     1,    0, 0, -500, 500, -0.4,      "D 0\r\n" },
        { "rounds to the nearest",       NULL,    "F {}",     100,  0, 0, 1,   99.99, 12.345,   "F 1235\r\n" },
        { "text behind the number",      NULL,    "F{}HZ",    1,    0, 0, 1,   99,   12,        "F12HZ\r\n" },
        { "at the lower limit",          NULL,    "V{}",      1,    0, 0, 500, 1800, 500,       "V500\r\n" },
        { "below it",                    NULL,    "V{}",      1,    0, 0, 500, 1800, 499.999,   NULL },
        { "above the upper",             NULL,    "V{}",      1,    0, 0, 500, 1800, 1800.001,  NULL },
        { "no number",                   NULL,    "V{}",      1,    0, 0, 500, 1800, NAN,       NULL },
        { "more digits than a number has", NULL,  "V{}",      1e12, 9, 0, 0,   1e12, 1e11,      NULL },
    };
    /* clang-format on */
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        fl_dialect d = {.line = line_of(FL_END_CRLF, FL_END_LF)};
        d.line.begin = rows[i].begin;
        const fl_word w = {.id = "w",
                           .say = rows[i].say,
                           .send_scale = rows[i].scale,
                           .send_decimals = rows[i].decimals,
                           .send_width = rows[i].width,
                           .least = rows[i].least,
                           .most = rows[i].most};
        char out[FL_WORD_ROOM];
        fl_error error = {0};
        const size_t size = fl_word_compose(&d, &w, rows[i].value, out, &error);
        if (rows[i].sent) {
            CHECK_TEXT(out, rows[i].sent, rows[i].what);
            CHECK(size == strlen(rows[i].sent), "%s: %zu bytes", rows[i].what, size);
        } else {
            CHECK(!size && error.status == FL_E_RANGE && error.what[0], "%s: taken as '%s'", rows[i].what,
                  out);
        }
    }
}

static void a_word_longer_than_the_line_is_refused(void)
{
    fl_dialect d = {.line = line_of(FL_END_CR, FL_END_LF)};
    const fl_word w = {.id = "w", .ask = "12345678"};
    char out[FL_WORD_ROOM];
    d.line.longest = 9;
    CHECK(fl_word_compose(&d, &w, 0, out, NULL) == 9, "eight bytes and CR are nine");
    d.line.longest = 8;
    CHECK(fl_word_compose(&d, &w, 0, out, NULL) == 0, "nine bytes on a line of eight");
}

typedef struct answer_row {
    const char *what;
    fl_line_end end;
    const char *pattern;
    fl_word_value value;
    const char *bytes;
    fl_reading_kind kind;
    double number; /* or bits */
    const char *text;
} answer_row;

static fl_word word_for(const answer_row *row)
{
    static fl_word_state states[] = {{"on", "emitting", FL_SIGN_LIGHT}, {"00", "normal", FL_SIGN_NEEDED}};
    return (fl_word){.id = "w",
                     .ask = "W?",
                     .answer = row->pattern,
                     .value = row->value,
                     .base = 10,
                     .row = 6,
                     .read_scale = 1,
                     .over = "OVER",
                     .over_from = 1e38,
                     .lines = 1,
                     .line = 1,
                     .states = states,
                     .states_count = 2};
}

static void answers_are_read_or_are_garbage(void)
{
    /* clang-format off */
    static const answer_row rows[] = {
        { "nothing yet",            FL_END_LF, "{}", FL_VALUE_NUMBER, "",               FL_READ_MORE, 0, NULL },
        { "half a number",          FL_END_LF, "{}", FL_VALUE_NUMBER, "5.0",            FL_READ_MORE, 0, NULL },
        { "LF",                     FL_END_LF, "{}", FL_VALUE_NUMBER, "5.003\n",        FL_READ_VALUE, 5.003, "5.003" },
        { "CR LF",                  FL_END_LF, "{}", FL_VALUE_NUMBER, "5.003\r\n",      FL_READ_VALUE, 5.003, "5.003" },
        { "CR LF where LF ends, cut", FL_END_LF, "{}", FL_VALUE_NUMBER, "5.003\r",      FL_READ_MORE, 0, NULL },
        { "CR",                     FL_END_CR, "{}", FL_VALUE_NUMBER, "5.003\r",        FL_READ_VALUE, 5.003, "5.003" },
        { "CR LF where CR ends",    FL_END_CR, "{}", FL_VALUE_NUMBER, "5.003\r\n",      FL_READ_VALUE, 5.003, "5.003" },
        { "LF of the last answer",  FL_END_CR, "{}", FL_VALUE_NUMBER, "\n5.003\r",      FL_READ_VALUE, 5.003, "5.003" },
        { "label and unit",         FL_END_LF, "voltage {} V", FL_VALUE_NUMBER, "voltage  1150 V\n", FL_READ_VALUE, 1150, "1150" },
        { "unit without blank",     FL_END_LF, "energy {}J", FL_VALUE_NUMBER, "energy    12.5J\n", FL_READ_VALUE, 12.5, "12.5" },
        { "tabs are blanks",        FL_END_LF, "tune value: {} %", FL_VALUE_NUMBER, "tune value:\t\t     50.00 %\n", FL_READ_VALUE, 50, "50.00" },
        { "anything behind",        FL_END_LF, "lht: {} {*}", FL_VALUE_NUMBER, "lht:\t25.0 \xB0" "C\n", FL_READ_VALUE, 25, "25.0" },
        { "one of four",            FL_END_LF, "I {-} F {} S {*}", FL_VALUE_NUMBER, "I 0 F 6 S 1 Q 4\n", FL_READ_VALUE, 6, "6" },
        { "the last of four",       FL_END_LF, "I {-} F {-} Q {}", FL_VALUE_NUMBER, "I 0 F 6 Q 4\n", FL_READ_VALUE, 4, "4" },
        { "a word is missing",      FL_END_LF, "I {-} F {}", FL_VALUE_NUMBER, "I  F 6\n", FL_READ_GARBAGE, 0, NULL },
        { "another label",          FL_END_LF, "voltage {} V", FL_VALUE_NUMBER, "current  1150 V\n", FL_READ_GARBAGE, 0, NULL },
        { "label cut",              FL_END_LF, "voltage {} V", FL_VALUE_NUMBER, "voltage  1150\n", FL_READ_GARBAGE, 0, NULL },
        { "no number",              FL_END_LF, "voltage {} V", FL_VALUE_NUMBER, "voltage       V\n", FL_READ_GARBAGE, 0, NULL },
        { "two numbers",            FL_END_LF, "{}", FL_VALUE_NUMBER, "5.0 6.0\n",      FL_READ_GARBAGE, 0, NULL },
        { "decimal comma",          FL_END_LF, "{}", FL_VALUE_NUMBER, "5,003\n",        FL_READ_GARBAGE, 0, NULL },
        { "nan",                    FL_END_LF, "{}", FL_VALUE_NUMBER, "nan\n",          FL_READ_GARBAGE, 0, NULL },
        { "hexadecimal number",     FL_END_LF, "{}", FL_VALUE_NUMBER, "0x10\n",         FL_READ_GARBAGE, 0, NULL },
        { "no text",                FL_END_LF, "{}", FL_VALUE_NUMBER, "5.0\x01\n",      FL_READ_GARBAGE, 0, NULL },
        { "over, in a word",        FL_END_LF, "{}", FL_VALUE_NUMBER, "OVER\n",         FL_READ_OVER, 0, NULL },
        { "over, as a number",      FL_END_LF, "{}", FL_VALUE_NUMBER, "1.0e38\n",       FL_READ_OVER, 0, NULL },
        { "two answers",            FL_END_LF, "{}", FL_VALUE_NUMBER, "5.0\n6.0\n",     FL_READ_GARBAGE, 0, NULL },
        { "one and the begin of one", FL_END_LF, "{}", FL_VALUE_NUMBER, "5.0\r\n6",     FL_READ_GARBAGE, 0, NULL },
        { "an empty line first",    FL_END_LF, "{}", FL_VALUE_NUMBER, "\r\n5.0\r\n",    FL_READ_GARBAGE, 0, NULL },
        { "ok",                     FL_END_LF, "ok", FL_VALUE_NONE,   "ok\r\n",         FL_READ_DONE, 0, NULL },
        { "another spelling",       FL_END_LF, "ok", FL_VALUE_NONE,   "OK\r\n",         FL_READ_GARBAGE, 0, NULL },
        { "more than ok",           FL_END_LF, "ok", FL_VALUE_NONE,   "okay\r\n",       FL_READ_GARBAGE, 0, NULL },
        { "less than ok",           FL_END_LF, "ok", FL_VALUE_NONE,   "o\r\n",          FL_READ_GARBAGE, 0, NULL },
        { "nothing is success",     FL_END_LF, "{empty}", FL_VALUE_NONE, "\r\n",        FL_READ_DONE, 0, NULL },
        { "something is not",       FL_END_LF, "{empty}", FL_VALUE_NONE, "x\r\n",       FL_READ_GARBAGE, 0, NULL },
        { "refused",                FL_END_LF, "{}", FL_VALUE_NUMBER, "?8\r\n",         FL_READ_REFUSED, 0, NULL },
        { "E1 is not E10",          FL_END_LF, "{}", FL_VALUE_NUMBER, "E10\r\n",        FL_READ_GARBAGE, 0, NULL },
        { "E1 and words",           FL_END_LF, "{}", FL_VALUE_NUMBER, "E1 range\r\n",   FL_READ_REFUSED, 0, NULL },
        { "an error inside",        FL_END_LF, "{}", FL_VALUE_TEXT,   "V = ERROR 5\r\n", FL_READ_REFUSED, 0, NULL },
        { "bits",                   FL_END_LF, "{}", FL_VALUE_BITS,   "3073\r\n",       FL_READ_VALUE, 3073, "3073" },
        { "bits with a sign",       FL_END_LF, "{}", FL_VALUE_BITS,   "-1\r\n",         FL_READ_GARBAGE, 0, NULL },
        { "bits with a point",      FL_END_LF, "{}", FL_VALUE_BITS,   "3073.0\r\n",     FL_READ_GARBAGE, 0, NULL },
        { "bits beyond 64",         FL_END_LF, "{}", FL_VALUE_BITS,   "18446744073709551616\r\n", FL_READ_GARBAGE, 0, NULL },
        { "flags",                  FL_END_LF, "IF {}", FL_VALUE_FLAGS, "IF 10 00 01\r\n", FL_READ_VALUE, 33, "10 00 01" },
        { "flags with commas",      FL_END_LF, "{}", FL_VALUE_FLAGS,  "0, 1, 0, 0, 0, 0\r\n", FL_READ_VALUE, 2, NULL },
        { "half a row",             FL_END_LF, "IF {}", FL_VALUE_FLAGS, "IF 00 00\r\n", FL_READ_GARBAGE, 0, NULL },
        { "more than a row",        FL_END_LF, "IF {}", FL_VALUE_FLAGS, "IF 00 00 000\r\n", FL_READ_GARBAGE, 0, NULL },
        { "a flag of 2",            FL_END_LF, "IF {}", FL_VALUE_FLAGS, "IF 00 00 02\r\n", FL_READ_GARBAGE, 0, NULL },
        { "fixed",                  FL_END_FIXED, "voltage {} V", FL_VALUE_NUMBER, "\r\nvoltage  1150 V", FL_READ_VALUE, 1150, NULL },
        { "fixed, cut",             FL_END_FIXED, "voltage {} V", FL_VALUE_NUMBER, "\r\nvoltage  1150 ", FL_READ_MORE, 0, NULL },
        { "fixed, one byte more",   FL_END_FIXED, "voltage {} V", FL_VALUE_NUMBER, "\r\nvoltage  1150 VX", FL_READ_GARBAGE, 0, NULL },
        { "fixed, one byte lost",   FL_END_FIXED, "voltage {} V", FL_VALUE_NUMBER, "\nvoltage  1150 V\r", FL_READ_VALUE, 1150, NULL },
        { "a listed state",         FL_END_LF, "laser: {}", FL_VALUE_STATE, "laser: on\r\n", FL_READ_VALUE, 0, "on" },
        { "an unlisted state",      FL_END_LF, "laser: {}", FL_VALUE_STATE, "laser: dim\r\n", FL_READ_VALUE, 0, "dim" },
        { "text is made printable", FL_END_LF, "{}", FL_VALUE_TEXT,   "a\xB0 b\tc\r\n",   FL_READ_VALUE, 0, "a? b?c" },
    };
    /* clang-format on */
    static fl_refusal refusals[] = {
        {"?8", FL_NO, "not now"}, {"E1", FL_NO, "range"}, {"ERROR", FL_YES, "no"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const answer_row *row = &rows[i];
        fl_dialect d = {.line = line_of(FL_END_CR, row->end), .refusals = refusals, .refusals_count = 3};
        d.line.answer_fixed = 17;
        const fl_word w = word_for(row);
        const fl_reading r = fl_word_read(&d, &w, "W?\r", row->bytes, strlen(row->bytes), false);
        CHECK(r.kind == row->kind, "%s: kind %d, not %d", row->what, r.kind, row->kind);
        if (row->kind == FL_READ_GARBAGE || row->kind == FL_READ_REFUSED)
            CHECK(r.why && r.why[0], "%s: without a reason", row->what);
        if (r.kind != FL_READ_VALUE) CHECK(isnan(r.number), "%s: a number where none is", row->what);
        if (r.kind == FL_READ_VALUE && row->value == FL_VALUE_NUMBER)
            CHECK_REL(r.number, row->number, 1e-12, row->what);
        if (r.kind == FL_READ_VALUE && (row->value == FL_VALUE_BITS || row->value == FL_VALUE_FLAGS))
            CHECK(r.bits == (uint64_t)row->number, "%s: %llx", row->what, (unsigned long long)r.bits);
        if (row->text) CHECK_TEXT(r.text, row->text, row->what);
    }
}

/* However it is cut, an answer is MORE until its last byte, and never something else on the way. */
static void an_answer_is_whole_at_its_last_byte(void)
{
    fl_dialect d = {.line = line_of(FL_END_CR, FL_END_LF)};
    d.line.closing = "OK";
    d.line.echo = FL_YES;
    const fl_word w = {.id = "w",
                       .ask = "W?",
                       .answer = "{}",
                       .value = FL_VALUE_NUMBER,
                       .read_scale = 2,
                       .over_from = NAN,
                       .lines = 3,
                       .line = 2};
    const char *bytes = "W?\r\nfirst\r\n21.5\r\nthird\r\nOK\r\n";
    for (size_t n = 0; n < strlen(bytes); n++)
        CHECK(fl_word_read(&d, &w, "W?\r", bytes, n, true).kind == FL_READ_MORE, "whole after %zu bytes", n);
    const fl_reading r = fl_word_read(&d, &w, "W?\r", bytes, strlen(bytes), false);
    CHECK(r.kind == FL_READ_VALUE && r.number == 43, "kind %d, %g", r.kind, r.number);
    const char *other = "W?\r\nfirst\r\n21.5\r\nthird\r\nNO\r\n";
    CHECK(fl_word_read(&d, &w, "W?\r", other, strlen(other), false).kind == FL_READ_GARBAGE,
          "closed by another line");
}

static void an_echo_is_compared_to_the_letter(void)
{
    fl_dialect d = {.line = line_of(FL_END_CR, FL_END_CR)};
    d.line.echo = FL_YES;
    const fl_word w = {.id = "w",
                       .say = "PD {}",
                       .answer = "{echo}",
                       .send_scale = 1,
                       .send_width = 3,
                       .least = 0,
                       .most = 999,
                       .lines = 1,
                       .line = 1};
    CHECK(fl_word_read(&d, &w, "PD 010\r", "PD 010\r", 7, false).kind == FL_READ_DONE, "its own echo");
    CHECK(fl_word_read(&d, &w, "PD 010\r", "PD 01", 5, false).kind == FL_READ_MORE, "half an echo");
    CHECK(fl_word_read(&d, &w, "PD 010\r", "PD 100\r", 7, false).kind == FL_READ_GARBAGE, "another number");
    CHECK(fl_word_read(&d, &w, "PD 010\r", "PD 010\r00\r", 10, false).kind == FL_READ_GARBAGE,
          "an echo and more");
}

static void lines_up_to_an_end_line(void)
{
    fl_dialect d = {.line = line_of(FL_END_CR, FL_END_LF)};
    const fl_word w = {.id = "w",
                       .ask = "H?",
                       .answer = "{} {*}",
                       .value = FL_VALUE_NUMBER,
                       .read_scale = 1,
                       .over_from = NAN,
                       .lines = 1,
                       .line = 1,
                       .until = "0 0"};
    const char *some = "417 1000\n318 999\n0 0\n", *none = "0 0\n";
    CHECK(fl_word_read(&d, &w, "H?\r", some, strlen(some), false).number == 417, "the newest");
    CHECK(fl_word_read(&d, &w, "H?\r", some, strlen(some) - 1, false).kind == FL_READ_MORE, "not ended");
    CHECK(fl_word_read(&d, &w, "H?\r", none, strlen(none), false).kind == FL_READ_GARBAGE, "no value came");
}

static void a_line_that_stands_alone(void)
{
    static const char *alone[] = {"OK", "ERROR"};
    static fl_refusal refusals[] = {{"ERROR", FL_YES, "a failure"}};
    fl_dialect d = {.line = line_of(FL_END_LF, FL_END_LF), .refusals = refusals, .refusals_count = 1};
    d.line.alone = alone;
    d.line.alone_count = 2;
    const fl_word ask = {.id = "a",
                         .ask = "STATE",
                         .answer = "STATE = {}",
                         .value = FL_VALUE_NUMBER,
                         .read_scale = 1,
                         .over_from = NAN,
                         .lines = 1,
                         .line = 1};
    const fl_word say = {.id = "s", .say = "STOP", .answer = "OK", .lines = 1, .line = 1};
    CHECK(fl_word_read(&d, &ask, "", "STATE = 2\n", 10, false).kind == FL_READ_MORE,
          "its second line is due");
    CHECK(fl_word_read(&d, &ask, "", "STATE = 2\n0\n", 12, false).number == 2, "two lines");
    CHECK(fl_word_read(&d, &ask, "", "ERROR 7\n", 8, false).kind == FL_READ_REFUSED, "one line");
    CHECK(fl_word_read(&d, &say, "", "OK\n", 3, false).kind == FL_READ_DONE, "one line");
    CHECK(fl_word_read(&d, &ask, "", "OK\n", 3, false).kind == FL_READ_GARBAGE, "another word's answer");
}

static void silence_ends_an_answer_without_end(void)
{
    fl_dialect d = {.line = line_of(FL_END_LF, FL_END_IDLE)};
    const fl_word w = {.id = "w",
                       .ask = "W?",
                       .answer = "{}",
                       .value = FL_VALUE_NUMBER,
                       .read_scale = 1,
                       .over_from = NAN,
                       .lines = 1,
                       .line = 1};
    CHECK(fl_word_read(&d, &w, "", "12.5", 4, false).kind == FL_READ_MORE, "it may go on");
    CHECK(fl_word_read(&d, &w, "", "12.5", 4, true).number == 12.5, "it went quiet");
    CHECK(fl_word_read(&d, &w, "", "", 0, true).kind == FL_READ_MORE, "nothing came at all");
}

static void no_answer_is_longer_than_the_room(void)
{
    static char bytes[FL_ANSWER_ROOM];
    memset(bytes, 'x', sizeof bytes);
    fl_dialect d = {.line = line_of(FL_END_CR, FL_END_LF)};
    const fl_word w = {.id = "w", .ask = "W?", .answer = "{}", .value = FL_VALUE_TEXT, .lines = 1, .line = 1};
    CHECK(fl_word_read(&d, &w, "", bytes, sizeof bytes - 1, false).kind == FL_READ_MORE,
          "there is room for one");
    CHECK(fl_word_read(&d, &w, "", bytes, sizeof bytes, false).kind == FL_READ_GARBAGE, "there is none");
}

/* ---- judging ---- */

static void unknown_is_bad(void)
{
    static fl_word_bit bits[] = {{0, "enabled", FL_SIGN_NOTE},
                                 {1, "firing", FL_SIGN_LIGHT},
                                 {3, "external", FL_SIGN_NEEDED},
                                 {6, "interlock", FL_SIGN_FAULT}};
    const fl_word w = {.id = "w", .ask = "W?", .value = FL_VALUE_BITS, .bits = bits, .bits_count = 4};
    static const struct {
        const char *what;
        uint64_t mask;
        bool known, good, light;
    } rows[] = {
        {"needed bit alone", 8, true, true, false},
        {"nothing is set", 0, true, false, false},
        {"needed and firing", 10, true, true, true},
        {"interlock", 72, true, false, false},
        {"a bit nobody knows", 12, false, false, false},
        {"bit 63", 8 | UINT64_C(1) << 63, false, false, false},
        {"all listed", 75, true, false, true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const fl_reading r = {.kind = FL_READ_VALUE, .bits = rows[i].mask};
        const fl_judgement j = fl_word_judge(&w, &r);
        CHECK(j.known == rows[i].known && j.good == rows[i].good && j.light == rows[i].light, "%s: %d %d %d",
              rows[i].what, j.known, j.good, j.light);
    }
    for (fl_reading_kind kind = FL_READ_MORE; kind <= FL_READ_GARBAGE; kind++) {
        if (kind == FL_READ_VALUE) continue;
        const fl_judgement j = fl_word_judge(&w, &(fl_reading){.kind = kind, .bits = 8});
        CHECK(!j.known && !j.good, "kind %d is no value", kind);
    }
    const fl_word bare = {.id = "w", .ask = "W?", .value = FL_VALUE_BITS};
    CHECK(!fl_word_judge(&bare, &(fl_reading){.kind = FL_READ_VALUE}).good, "a mask without a table");
}

static void a_state_nobody_listed_is_bad(void)
{
    static fl_word_state states[] = {{"2", "ready", FL_SIGN_NEEDED},
                                     {"1", "warming up", FL_SIGN_NOTE},
                                     {"6", "on", FL_SIGN_LIGHT},
                                     {"0", "boot fault", FL_SIGN_FAULT}};
    const fl_word w = {.id = "w", .ask = "W?", .value = FL_VALUE_STATE, .states = states, .states_count = 4};
    static const bool good[] = {true, false, true, false};
    for (size_t i = 0; i < 4; i++) {
        const fl_judgement j = fl_word_judge(&w, &(fl_reading){.kind = FL_READ_VALUE, .state = &states[i]});
        CHECK(j.known && j.good == good[i] && j.light == (i == 2), "%s", states[i].name);
    }
    CHECK(!fl_word_judge(&w, &(fl_reading){.kind = FL_READ_VALUE}).known, "unlisted");
}

FL_TESTS("config/word", TEST(numbers_are_sent_as_the_page_writes_them),
         TEST(a_word_longer_than_the_line_is_refused), TEST(answers_are_read_or_are_garbage),
         TEST(an_answer_is_whole_at_its_last_byte), TEST(an_echo_is_compared_to_the_letter),
         TEST(lines_up_to_an_end_line), TEST(a_line_that_stands_alone),
         TEST(silence_ends_an_answer_without_end), TEST(no_answer_is_longer_than_the_room),
         TEST(unknown_is_bad), TEST(a_state_nobody_listed_is_bad))

/* labels: unit */
/* What may stand on a screen, against a table written by hand; no buffer is overrun, no letter is halved. */
#include "check.h"

#include "fadeline/base/error.h"
#include "fadeline/base/show.h"
#include "fadeline/base/utf8.h"

static void what_a_screen_would_obey_is_an_escape(void)
{
    static const struct {
        const char *stored, *shown;
    } rows[] = {
        {"Zoë Müller, 1.5 J/cm² ± 3 %, \\n is two letters",
         "Zoë Müller, 1.5 J/cm² ± 3 %, \\n is two letters"},
        {"日本語 עברית ‍👩‍⚕️",
         "日本語 עברית ‍👩‍⚕️"}, /* right to left by its own letters, and a joiner */
        {"a\x1B[2Jb", "a\\u{1B}[2Jb"},
        {"two\nlines\ttab\rback\x7F", "two\\u{A}lines\\u{9}tab\\u{D}back\\u{7F}"},
        {"\xC2\x9B"
         "31m\xC2\x85",
         "\\u{9B}31m\\u{85}"},
        {"\xE2\x80\xAEtxet\xE2\x80\xAC\xE2\x81\xA6x\xE2\x81\xA9\xD8\x9C\xE2\x80\x8E\xE2\x80\x8F",
         "\\u{202E}txet\\u{202C}\\u{2066}x\\u{2069}\\u{61C}\\u{200E}\\u{200F}"},
        {"\xE2\x80\xA8\xE2\x80\xA9\xE2\x80\x8B\xEF\xBB\xBF", "\\u{2028}\\u{2029}\\u{200B}\\u{FEFF}"},
        {"\xEF\xBF\xBE\xEF\xB7\x90\xF4\x8F\xBF\xBF\xF3\xA0\x81\x81",
         "\\u{FFFE}\\u{FDD0}\\u{10FFFF}\\u{E0041}"},
        {"\xFF\xC0\x80\xED\xA0\x80\xE2\x80", "\\x{FF}\\x{C0}\\x{80}\\x{ED}\\x{A0}\\x{80}\\x{E2}\\x{80}"},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        CHECK_TEXT(FL_SHOWN(rows[i].stored), rows[i].shown, "shown");
    CHECK_TEXT(FL_SHOWN(NULL), "", "nothing");
}

/* At every size: terminated, inside its room, a beginning of the whole with "..." behind whole letters. */
static void a_cut_text_says_so(void)
{
    const char *text = "é\x1B日\xFFz";
    const char *whole = "é\\u{1B}日\\x{FF}z";
    for (size_t size = 8; size < 40; size++) {
        char room[48];
        memset(room, 'x', sizeof room);
        fl_show_text(room, size, text);
        CHECK(room[size] == 'x' && memchr(room, 0, size), "overrun at %zu", size);
        const size_t length = strlen(room);
        const bool all = strcmp(room, whole) == 0;
        CHECK(all == (size > strlen(whole)), "size %zu: %s", size, room);
        if (all) continue;
        CHECK(length >= 3 && strcmp(room + length - 3, "...") == 0, "size %zu: %s", size, room);
        CHECK(strncmp(room, whole, length - 3) == 0, "size %zu: %s", size, room);
        const char *next = whole + length - 3; /* a letter or an escape begins here */
        CHECK(*next == '\\' || *next == 'z' || (*next & 0xC0) == 0xC0, "size %zu: halved: %s", size, room);
    }
}

static char *written(const char *json, bool lines)
{
    char *text = NULL;
    size_t size;
    FILE *memory = open_memstream(&text, &size);
    if (!memory) abort();
    if (lines)
        fl_show_lines(memory, json);
    else
        fl_show_json(memory, json, strlen(json));
    fclose(memory);
    return text;
}

static void json_stays_the_same_object(void)
{
    char *text = written("{\n\t\"a\": \"\xC2\x9B\xE2\x80\xAE\x7F \xF4\x8F\xBF\xBF é \\u001b\"\n}", false);
    CHECK_TEXT(text, "{\n\t\"a\": \"\\u009b\\u202e\\u007f \\udbff\\udfff é \\u001b\"\n}", "JSON");
    free(text);
    text = written("origin\n12\n\n\xE2\x80\x94 name\x1B\r\n", true);
    CHECK_TEXT(text, "origin\n12\n\n— name\\u{1B}\\u{D}\n", "lines of a note");
    free(text);
}

/* An error quotes a line of a file. */
static void an_error_is_one_line(void)
{
    char *text = NULL;
    size_t size;
    fl_error error = {0};
    FILE *memory = open_memstream(&text, &size);
    if (!memory) abort();
    fl_error_set(&error, FL_E_FILE, "'%s' is no key", "a\x1B[2J\nfadeline: all is well");
    fl_error_hint(&error, "did you mean '%s'", "\xE2\x80\xAE");
    fl_error_print(memory, &error);
    fclose(memory);
    CHECK_TEXT(
        text,
        "fadeline: 'a\\u{1B}[2J\\u{A}fadeline: all is well' is no key\n  hint: did you mean '\\u{202E}'\n",
        "error");
    free(text);
}

FL_TESTS("base/show", TEST(what_a_screen_would_obey_is_an_escape), TEST(a_cut_text_says_so),
         TEST(json_stays_the_same_object), TEST(an_error_is_one_line))

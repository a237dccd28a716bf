/* labels: unit */
/* The writer: what a text can do to a page. */
#include "check.h"

#include "html.h"

static void text_is_never_markup(void)
{
    /* clang-format off */
    static const struct { const char *text, *written; } rows[] = {
        { "C-0001", "C-0001" },
        { "<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;" },
        { "\" onfocus=\"x", "&quot; onfocus=&quot;x" },
        { "' onfocus='x", "&#39; onfocus=&#39;x" },
        { "&lt;b&gt;", "&amp;lt;b&amp;gt;" },
        { "]]><!--", "]]&gt;&lt;!--" },
        { "a\x01" "b\x7f", "a\xef\xbf\xbd" "b\xef\xbf\xbd" },
        { "tab\tline\n", "tab\tline\n" },
        { "\xc3\xa9t\xc3\xa9", "\xc3\xa9t\xc3\xa9" },
    };
    /* clang-format on */
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char wanted[200];
        html w = {0};
        html_put(&w, "<td title=\"%s\">%s</td>", rows[i].text, rows[i].text);
        snprintf(wanted, sizeof wanted, "<td title=\"%s\">%s</td>", rows[i].written, rows[i].written);
        CHECK(!w.failed && w.size == strlen(wanted) && memcmp(w.bytes, wanted, w.size) == 0, "%s: %.*s",
              rows[i].text, (int)w.size, w.bytes);
        html_fini(&w);
    }
}

static void numbers_are_plain(void)
{
    html w = {0};
    html_put(&w, "%d %u %ld %lu %lld %llu %zu 100%%", -7, 7u, -70L, 70UL, -700LL, 18446744073709551615ULL,
             (size_t)9);
    html_raw(&w, "", 1);
    CHECK_TEXT(w.bytes, "-7 7 -70 70 -700 18446744073709551615 9 100%", "numbers");
    html_fini(&w);
}

static void too_much_is_said_and_not_cut_quietly(void)
{
    static char line[1 << 16];
    html w = {0};
    memset(line, 'x', sizeof line - 1);
    for (int i = 0; i < 300; i++) html_text(&w, line);
    CHECK(w.failed && w.size <= HTML_MOST, "%zu bytes", w.size);
    html_fini(&w);
}

static void french_does_not_break_before_units(void)
{
    static const struct {
        const char *plain, *set;
    } rows[] = {{"<p>1,59 J/cm² : 5 %</p>", "<p>1,59\u202fJ/cm²\u00a0: 5\u202f%</p>"},
                {"<b class=\"a : b\">1,59</b> J/cm²", "<b class=\"a : b\">1,59</b>\u202fJ/cm²"},
                {"« oui »", "«\u00a0oui\u00a0»"},
                {"de 1 à 4 sur 5 metres", "de 1 à 4 sur 5 metres"},
                {"<script>a ? 5 : 6 mm</script> 5 mm", "<script>a ? 5 : 6 mm</script> 5\u202fmm"},
                {"<pre>5 mm</pre><code>a : b", "<pre>5 mm</pre><code>a : b"},
                {"<pretty>5 mm", "<pretty>5\u202fmm"},
                {"18 h 30", "18\u202fh 30"},
                {"a < b : c", "a < b : c"}}; /* no page of ours has a bare < */
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        html w = {0};
        html_raw(&w, rows[i].plain, strlen(rows[i].plain));
        html_french_spaces(&w);
        CHECK(!w.failed && w.size == strlen(rows[i].set) && memcmp(w.bytes, rows[i].set, w.size) == 0,
              "%s: %.*s", rows[i].plain, (int)w.size, w.bytes);
        html_fini(&w);
    }
}

FL_TESTS("console/html", TEST(french_does_not_break_before_units), TEST(text_is_never_markup),
         TEST(numbers_are_plain), TEST(too_much_is_said_and_not_cut_quietly))

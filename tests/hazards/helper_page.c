#include "helper_page.h"

#include "fadeline/base/text.h"

#include <ctype.h>
#include <string.h>

/* Colours carry nothing that the words do not say: the page is printed in grey too. */
static const char style[] =
    "@page{size:A4;margin:15mm 15mm 17mm;@bottom-right{content:counter(page);font:8pt "
    "sans-serif;color:#57606a}}"
    "*{box-sizing:border-box}"
    "body{font:9.5pt/1.42 'DejaVu Sans',Verdana,Arial,sans-serif;color:#1b1f24;max-width:180mm;margin:10mm "
    "auto;padding:0 4mm}"
    "h1{font-size:20pt;line-height:1.2;margin:0 0 1mm}h2{font-size:13.5pt;margin:11mm 0 "
    "3mm;padding-bottom:1mm;"
    "border-bottom:1.2pt solid #1b1f24;break-after:avoid}p{margin:0 0 2.5mm}.lead{color:#444c56}"
    "li "
    "code{margin-left:1.4mm}table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:"
    "top;padding:1.1mm 3mm 1.1mm "
    "0;border-bottom:.4pt solid "
    "#c9d0d8}th{font-size:8.5pt;color:#57606a;font-weight:600}td.n,th.n{text-align:"
    "right;padding-right:6mm}"
    "code{font:7.8pt/1.4 'DejaVu Sans Mono',monospace;color:#3b4b5e;overflow-wrap:anywhere}"
    ".h{border:.6pt solid #c9d0d8;border-left:2.2mm solid #8c959f;border-radius:1mm;padding:3mm 4mm;margin:0 "
    "0 "
    "4mm}.h h3{font-size:11.5pt;margin:0 0 1.5mm;break-after:avoid}.h h3 b{color:#57606a;font-weight:600;"
    "margin-right:2mm}"
    ".s5{border-left-color:#a40e26}.s4{border-left-color:#c4641a}.s3{border-left-color:#b08800}"
    ".meta{font-size:8.8pt;color:#444c56;margin:0 0 "
    "2mm}.k{font-size:8.3pt;font-weight:600;color:#57606a;margin:"
    "1.8mm 0 .5mm;break-after:avoid}ul{margin:0;padding-left:4.5mm}li{margin:0 0 .6mm;break-inside:avoid}"
    ".shows{display:block;color:#444c56;font-size:8.8pt}.t{font-size:9pt}.open{color:#a40e26;font-weight:600}"
    ".slow{font-size:8pt;border:.5pt solid #8c959f;border-radius:1mm;padding:0 1mm;color:#57606a;white-space:"
    "nowrap}.back td{padding:.5mm 3mm .5mm 0}.back td:first-child{width:66%}.back .f{break-after:avoid}.back "
    ".f td{padding-top:2.5mm}a{color:inherit;text-decoration:none}.sev{white-space:nowrap}"
    "@media print{body{margin:0;padding:0;max-width:none}}";

void page_words(const char *function, char *room, size_t size)
{
    snprintf(room, size, "%s", function);
    for (char *at = room; *at; at++)
        if (*at == '_') *at = ' ';
}

static void put(FILE *out, const char *text)
{
    for (; *text; text++) switch (*text) {
        case '&': fputs("&amp;", out); break;
        case '<': fputs("&lt;", out); break;
        case '>': fputs("&gt;", out); break;
        case '"': fputs("&quot;", out); break;
        default: fputc(*text, out);
        }
}

/* A sentence of the table: there it begins small and ends without a point, because it is also read in a line.
 */
static void put_sentence(FILE *out, const char *text, const char *end)
{
    const char first[2] = {(char)toupper((unsigned char)text[0]), 0};
    put(out, first);
    put(out, text + 1);
    fputs(end, out);
}

/* ---- what the summary counts ---- */

typedef struct sums {
    size_t hazards, tested, tags, slow, absences, people;
} sums;

/* Of one severity, or of all (0). */
static sums count(const hazard_table *table, const trace *t, int severity)
{
    sums s = {0};
    for (size_t i = 0; i < table->hazards_count; i++) {
        const hazard *h = &table->hazards[i];
        if (severity && h->severity != severity) continue;
        const size_t tests = trace_count(t, h->id, false);
        s.hazards++;
        s.tested += tests > 0;
        s.tags += tests;
        s.slow += tests - trace_count(t, h->id, true);
        s.absences += h->not_here_count;
        for (int f = 1; f < FAMILIES; f++)
            if (h->families >> f & 1 && family_needs_people((family)f)) {
                s.people++;
                break;
            }
    }
    return s;
}

static void put_families(FILE *out, unsigned set)
{
    for (int f = 1, first = 1; f < FAMILIES; f++)
        if (set >> f & 1) {
            fprintf(out, "%s%s", first ? "" : ", ", family_word((family)f));
            first = 0;
        }
}

/* ---- HTML ---- */

static void html_summary(FILE *out, const hazard_table *table, const trace *t)
{
    const sums all = count(table, t, 0);
    fprintf(out, "<h2>In short</h2><p>%zu hazards are traced. ", all.hazards);
    if (all.tested == all.hazards)
        fputs("Each of them has at least one automatic test. ", out);
    else
        fprintf(out, "<span class=open>%zu of them have no test yet.</span> ", all.hazards - all.tested);
    fprintf(
        out,
        "%zu test functions carry %zu references to hazards; %zu of these references are to long tests that "
        "run before a release, all others run with every change. %zu things that the reference asks for are "
        "not in this program; they are listed below.</p>",
        t->count, all.tags, all.slow, all.absences);
    fputs("<table><tr><th>Severity</th><th>Worst harm</th><th class=n>Hazards</th><th class=n>With tests</th>"
          "<th class=n>Not in this program</th></tr>",
          out);
    for (int severity = 5; severity >= 1; severity--) {
        const sums s = count(table, t, severity);
        fprintf(out,
                "<tr><td>%d</td><td>%s</td><td class=n>%zu</td><td class=n>%zu</td><td class=n>%zu</td></tr>",
                severity, severity_words(severity), s.hazards, s.tested, s.absences);
    }
    fputs("</table>", out);
}

static void html_families(FILE *out, const hazard_table *table, const trace *t)
{
    fprintf(
        out,
        "<h2>What automatic tests cannot show</h2><p>The reference names the ways in which each hazard has "
        "to "
        "be verified. Three of them need a real laser or real people, and no program can stand in for them: "
        "they are asked for at %zu hazards, and nothing on this page says that they were done. The tests "
        "below run against a simulated laser.</p><table>",
        count(table, t, 0).people);
    for (int f = 1; f < FAMILIES; f++) {
        size_t asked = 0;
        for (size_t i = 0; i < table->hazards_count; i++) asked += table->hazards[i].families >> f & 1;
        fprintf(out, "<tr><td><b>%s</b></td><td>%s</td><td>%s</td><td class=n>%zu</td></tr>",
                family_word((family)f), family_sentence((family)f),
                family_needs_people((family)f) ? "outside this program" : "automatic", asked);
    }
    fputs("</table>", out);
}

static void html_absences(FILE *out, const hazard_table *table)
{
    fputs("<h2>Asked for and not in this program</h2><table><tr><th>Hazard</th><th class=sev>Severity</th>"
          "<th>What</th><th>Why, and who has to see to it</th></tr>",
          out);
    for (int severity = 5; severity >= 1; severity--)
        for (size_t i = 0; i < table->hazards_count; i++) {
            const hazard *h = &table->hazards[i];
            for (size_t k = 0; h->severity == severity && k < h->not_here_count; k++) {
                fprintf(out, "<tr><td><a href=#%s>%s</a></td><td>%d</td><td>", h->id, h->id, h->severity);
                put_sentence(out, h->not_here[k].what, "</td><td>");
                put_sentence(out, h->not_here[k].why, ".");
                fputs("</td></tr>", out);
            }
        }
    fputs("</table>", out);
}

static void html_test(FILE *out, const traced_test *test)
{
    char words[128];
    page_words(test->function, words, sizeof words);
    fputs("<li class=t>", out);
    put_sentence(out, words, "");
    if (test->slow) fputs(" <span class=slow>long</span>", out);
    fprintf(out, " <code>%s: %s</code>", test->file, test->function);
    if (test->shows[0]) {
        fputs("<span class=shows>", out);
        put(out, test->shows);
        fputs("</span>", out);
    }
    fputs("</li>", out);
}

static void html_hazard(FILE *out, const hazard *h, const trace *t)
{
    fprintf(out, "<section class='h s%d' id=%s><h3><b>%s</b>", h->severity, h->id, h->id);
    put(out, h->hazard);
    fprintf(out, "</h3><p class=meta>Severity %d of 5, %s. Harm: ", h->severity, severity_words(h->severity));
    put(out, h->harm);
    fputs(".<br>How it comes about: ", out);
    put(out, h->cause);
    fputs(".<br>Verification asked for: ", out);
    put_families(out, h->families);
    fputs("</p>", out);
    if (h->controls_count) fputs("<p class=k>What this program does about it</p><ul>", out);
    for (size_t i = 0; i < h->controls_count; i++) {
        fputs("<li>", out);
        put_sentence(out, h->controls[i].what, ".");
        for (size_t w = 0; w < h->controls[i].where_count; w++)
            fprintf(out, "%s<code>%s</code>", w ? ", " : " ", h->controls[i].where[w]);
        fputs("</li>", out);
    }
    if (h->controls_count) fputs("</ul>", out);
    if (h->not_here_count) fputs("<p class=k>Not in this program</p><ul>", out);
    for (size_t i = 0; i < h->not_here_count; i++) {
        fputs("<li>", out);
        put_sentence(out, h->not_here[i].what, ": ");
        put(out, h->not_here[i].why);
        fputs(".</li>", out);
    }
    if (h->not_here_count) fputs("</ul>", out);
    fputs("<p class=k>Tests</p>", out);
    if (!trace_count(t, h->id, false)) fputs("<p class=open>No test yet.</p>", out);
    fputs("<ul>", out);
    for (size_t i = 0; i < t->count; i++)
        if (trace_has(&t->tests[i], h->id)) html_test(out, &t->tests[i]);
    fputs("</ul></section>", out);
}

static void html_reverse(FILE *out, const trace *t)
{
    fputs("<h2>From test to hazard</h2><table class=back><tr><th>Test</th><th>Hazards</th></tr>", out);
    for (size_t i = 0; i < t->count; i++) {
        const traced_test *test = &t->tests[i];
        if (!i || strcmp(test->file, t->tests[i - 1].file) != 0)
            fprintf(out, "<tr class=f><td colspan=2><b>%s</b>%s</td></tr>", test->file,
                    test->slow ? " <span class=slow>long</span>" : "");
        fprintf(out, "<tr><td><code>%s</code></td><td>", test->function);
        for (size_t j = 0; j < test->hazard_count; j++)
            fprintf(out, "%s<a href=#%s>%s</a>", j ? " " : "", test->hazards[j], test->hazards[j]);
        fputs("</td></tr>", out);
    }
    fputs("</table>", out);
}

void page_html(FILE *out, const hazard_table *table, const trace *t, const char *made)
{
    fprintf(
        out,
        "<!DOCTYPE html>\n<html lang=en><head><meta charset=utf-8><title>Fadeline: hazards and tests</title>"
        "<style>%s</style></head><body><h1>Hazards, and what stands against them</h1><p class=lead>Fadeline, "
        "%s. ",
        style, made);
    fputs("Made from the program's own sources: the list of hazards, the files that control them, and the "
          "tests "
          "that name them. A test fails when this list and the tests do not agree.</p>",
          out);
    html_summary(out, table, t);
    html_families(out, table, t);
    html_absences(out, table);
    fputs("<h2>The hazards</h2>", out);
    for (size_t i = 0; i < table->hazards_count; i++) html_hazard(out, &table->hazards[i], t);
    html_reverse(out, t);
    fputs("</body></html>\n", out);
}

/* ---- text ---- */

static void text_hazard(FILE *out, const hazard *h, const trace *t)
{
    fprintf(out, "\n%s  %s (severity %d: %s)\n", h->id, h->hazard, h->severity, h->harm);
    fprintf(out, "     comes about: %s\n     asked for:   ", h->cause);
    put_families(out, h->families);
    fputc('\n', out);
    for (size_t i = 0; i < h->controls_count; i++) {
        fprintf(out, "   + %s  [", h->controls[i].what);
        for (size_t w = 0; w < h->controls[i].where_count; w++)
            fprintf(out, "%s%s", w ? " " : "", h->controls[i].where[w]);
        fputs("]\n", out);
    }
    for (size_t i = 0; i < h->not_here_count; i++)
        fprintf(out, "   - not here: %s: %s\n", h->not_here[i].what, h->not_here[i].why);
    if (!trace_count(t, h->id, false)) fputs("   ! no test yet\n", out);
    for (size_t i = 0; i < t->count; i++)
        if (trace_has(&t->tests[i], h->id))
            fprintf(out, "   * %s:%u: %s%s\n", t->tests[i].file, t->tests[i].line, t->tests[i].function,
                    t->tests[i].slow ? " (long)" : "");
}

void page_text(FILE *out, const hazard_table *table, const trace *t, const char *made)
{
    const sums all = count(table, t, 0);
    fprintf(out, "Fadeline, %s: %zu hazards, %zu with tests, %zu tests, %zu things not in this program\n",
            made, all.hazards, all.tested, t->count, all.absences);
    for (size_t i = 0; i < table->hazards_count; i++) text_hazard(out, &table->hazards[i], t);
}

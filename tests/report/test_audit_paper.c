/* labels: unit   timeout: 300 */
/* The monthly audit on paper: verdict first, every figure of the JSON, pictures, and nothing beyond the
 * margins. */
#include "check.h"

#include "audit_words.h"
#include "helper_folder.h"
#include "helper_pdf.h"
#include "helper_story.h"

#include "fadeline/base/place.h"
#include "fadeline/report/audit_export.h"
#include "fadeline/report/audit_paper.h"

static const char *path_of(const char *name)
{
    if (!folder()[0]) {
        folder_fresh("audit-paper");
        CHECK(fl_place_make(folder(), NULL) == FL_OK, "no folder");
        if (!getenv("FL_KEEP")) atexit(folder_clean);
    }
    return folder_path(name);
}

static char *paper_of(const fl_audit *audit, const char *name)
{
    fl_error error = {.what = ""};
    char *bytes = NULL;
    size_t size = 0;
    CHECK(fl_audit_pdf(audit, &bytes, &size, &error) == FL_OK, "%s", error.what);
    CHECK(fl_place_write(path_of(name), bytes, size, 0600, &error) == FL_OK, "%s", error.what);
    free(bytes);
    return pdf_tool("pdftotext -raw -enc UTF-8 '%s' -", path_of(name));
}

/* Every row of the CSV's days and devices stands in the paper, number after number, to the pulse. */
static void csv_stands_on_paper(const fl_audit *audit, const char *paper)
{
    static const char *const tables[] = {"days", "devices"};
    for (int t = 0; t < 2; t++) {
        char *csv = NULL, *row;
        size_t size, rows = 0;
        FILE *memory = open_memstream(&csv, &size);
        CHECK(memory &&
                  fl_audit_write_csv(audit, &(fl_audit_csv_options){.table = tables[t]}, memory) == FL_OK,
              "CSV");
        if (memory) fclose(memory);
        char *rest = csv;
        strsep(&rest, "\n");
        for (; (row = strsep(&rest, "\n")) && *row; rows++) {
            char numbers[400] = "", *cell;
            for (int c = 0; (cell = strsep(&row, ","));
                 c++) { /* world, site, device, from, to, then the numbers */
                if (c < 5 || c > 14) continue;
                char room[32];
                snprintf(numbers + strlen(numbers), sizeof numbers - strlen(numbers), "%s%s",
                         c > 5 ? " " : "", fl_audit_grouped(atoll(cell), room));
            }
            CHECK(strstr(paper, numbers) != NULL, "%s: '%s' is not on paper", tables[t], numbers);
        }
        CHECK(rows == (t ? audit->total_count : audit->day_count) && rows > 0, "%zu rows of %s", rows,
              tables[t]);
        free(csv);
    }
}

/* The owner's month, and something in every section. */
static void fill_books(books *b)
{
    books_of_may(b);
    books_at(b, "2026-05-29", 8, 0);
    fl_entry entry;
    static const int off[] = {-24000, -118000, -205000, 45000};
    for (int i = 0; i < 4; i++) {
        char day[32];
        snprintf(day, sizeof day, "2026-05-%02d", 28 + i);
        books_at(b, day, 18, i);
        fl_entry_begin(&entry, FL_KIND_CHECK);
        fl_entry_device(&entry, "SIM-A", true);
        fl_entry_text(&entry, "site", "A");
        fl_entry_text(&entry, "head", "H1");
        fl_entry_count(&entry, "wl_nm", 1064);
        fl_entry_count(&entry, "n", 5);
        fl_entry_count(&entry, "pulses", 0);
        fl_entry_count(&entry, "sid", 0);
        fl_entry_count(&entry, "granted", 5);
        fl_entry_count(&entry, "set_uJ", 200000);
        fl_entry_count(&entry, "mean_uJ", (uint64_t)(200000 + off[i] / 5));
        fl_entry_count(&entry, "spread_uJ", 1900);
        fl_entry_int(&entry, "off_ppm", off[i]);
        fl_entry_int(&entry, "pass", off[i] > -100000);
        fl_entry_text(&entry, "verdict", off[i] < -200000 ? "lock" : off[i] < -100000 ? "warn" : "pass");
        fl_entry_text(&entry, "meter", "SIM-METER");
        fl_entry_text(&entry, "who", "op:17");
        books_add(b, &entry);
    }
    tell(b, "override|dev=SIM-A|site=A|who=op:17|reason=soft-stop|zone=F-L|pulses=392|sid=2|text=un écart à "
            "la raie, près de l'épi");
    tell(b, "near-miss|dev=SIM-A|site=A|ctr=1231042|what=wrong spot|who=op:17|sid=2");
    tell(b, "event|pat=p:5d1f|what=blister|sid=2|after_h=24|grade=1|text=two small ones|who=op:9");
    tell(b, "role.change|who=op:17|role=operator|by=op:1|until=2026-06-20");
    tell(b, "service|dev=SIM-C|site=C|old=86378|new=0|who=op:9|doc=S-2026-17|next=40000");
    tell(b, "invoice|no=2026-0017|pat=p:5d1f|cents=24000|cur=CAD|day=2026-05-13|sid=2|who=op:1");
    tell(b, "correction|index=9|text=the counter was misread|who=op:17");
}

static void the_month_of_five_sites(void)
{
    books b;
    books_open(&b, true);
    fill_books(&b);
    fl_audit *audit = books_audit(&b, "2026-05-01", "2026-05-31", NULL);
    char *json = books_text(audit, fl_audit_json), *text = paper_of(audit, "audit.pdf");
    CHECK(numbers_missing(json, text) == 0, "figures are missing on paper");
    char *first = pdf_squeeze(pdf_tool("pdftotext -raw -l 1 -enc UTF-8 '%s' -", path_of("audit.pdf")));
    CHECK(strstr(first, "3 of 5 sites need a call") && strstr(first, "1,854") &&
              strstr(first, "SIM-A on 2026-05-13: 122 pulses") &&
              strstr(first, "SIM-D, whole period: 1,080 pulses") &&
              strstr(first, "SIM-E, whole period: 640 recorded pulses that the counter does not show"),
          "page 1: %s", first);
    CHECK(!strstr(first, "SIM-B, whole") && !strstr(first, "Exceptions 2"), "who is in order is not called");
    static const char *const titles[] = {
        "1 Verdict per site", "2 Exceptions",    "3 Reconciliation per laser",
        "4 Use by",           "5 Overrides",     "6 Adverse events",
        "7 Test spots",       "8 Energy checks", "9 Pulses to service",
        "10 Certificates",    "11 Missing",      "12 The log, verified",
        "13 Invoices",        "Appendix"};
    char *all = pdf_squeeze(strdup(text));
    csv_stands_on_paper(audit, all);
    const char *at = all;
    for (size_t i = 0; i < sizeof titles / sizeof *titles; i++) {
        const char *found = strstr(at, titles[i]);
        CHECK(found != NULL, "'%s' is missing or out of order", titles[i]);
        if (found) at = found;
    }
    CHECK(strstr(all, "±10 and ±20 %") && strstr(all, "SIM-D: pulses a day") &&
              strstr(all, "the counter moved"),
          "pictures");
    CHECK(strstr(all, "un écart à la raie, près de l'épi"), "accents");
    int pages = pdf_pages(path_of("audit.pdf")), stamps = 0;
    for (const char *s = text; (s = strstr(s, "SIMULATED")); s++) stamps++;
    CHECK(stamps >= pages && pages >= 4, "%d stamps on %d pages", stamps, pages);
    long fewest;
    CHECK(pdf_dark_at_edge(path_of("audit.pdf"), 20, &fewest) == 0 && fewest > 1000,
          "ink at the edge, or an empty page: %ld", fewest);
    free(first), free(all), free(json), free(text);
    fl_audit_free(audit);
    books_remove(&b);
}

static void an_empty_month_is_a_paper_too(void)
{
    books b;
    books_open(&b, false);
    fl_audit *audit = books_audit(&b, "2026-05-01", "2026-05-31", NULL);
    char *text = paper_of(audit, "empty.pdf");
    CHECK(strstr(text, "Nothing to audit") && !strstr(text, "SIMULATED"), "%s", text);
    free(text);
    fl_audit_free(audit);
    books_remove(&b);
}

/* Two hundred sessions, names as long as they may be: rows break over pages, and each is there once. */
static void two_hundred_sessions(void)
{
    books b;
    books_open(&b, true);
    uint64_t ctr = 1000;
    const char *site = "Trois-Rivières, clinique du Vieux-Port de l'Est et du Nord";
    for (int i = 0; i < 200; i++) {
        char day[32], pat[64];
        snprintf(day, sizeof day, "2026-05-%02d", 1 + i / 8);
        snprintf(pat, sizeof pat, "p:%04d-a-code-that-is-longer-than-most", i);
        books_at(&b, day, 8 + i % 8, 0);
        books_visit(&b, site, "SIM-00000000000000000000042", pat, "op:17-with-a-long-pseudonym", &ctr, 100,
                    2);
    }
    fl_audit *audit = books_audit(&b, "2026-05-01", "2026-05-31", NULL);
    char *json = books_text(audit, fl_audit_json), *text = paper_of(audit, "long.pdf");
    CHECK(numbers_missing(json, text) == 0, "figures are missing");
    char *all = strdup(text);
    char *to = all;
    for (const char *from = all; *from; from++)
        if (*from != '\n' && *from != ' ') *to++ = *from;
    *to = 0;
    for (int i = 0; i < 200; i++) {
        char pat[64];
        snprintf(pat, sizeof pat, "p:%04d-a-code-that-is-longer-than-most", i);
        CHECK(strstr(all, pat), "no row of %s", pat);
    }
    long fewest;
    CHECK(pdf_dark_at_edge(path_of("long.pdf"), 20, &fewest) == 0, "ink at the edge");
    free(all), free(json), free(text);
    fl_audit_free(audit);
    books_remove(&b);
}

FL_TESTS("report/audit_paper", TEST(the_month_of_five_sites), TEST(an_empty_month_is_a_paper_too),
         TEST(two_hundred_sessions))

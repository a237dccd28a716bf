/* labels: unit   timeout: 180   needs: fadeline */
/* The owner's story 8.9 over every format: the same rows everywhere, to the pulse, and nothing that runs. CSV
 * is read back by a parser of its own, XLSX by unzip and its XML. */
#include "fadeline/report/audit_table.h"
#include "check.h"
#include "helper_books.h"

#include "fadeline/base/digest.h"
#include "fadeline/base/show.h"
#include "fadeline/base/text.h"
#include "fadeline/report/audit_export.h"

#include <ctype.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <sys/wait.h>

#define COLUMNS 32
#define CELL 1024
typedef char cell[CELL];

/* ---- books with texts that attack ---- */

static void nasty_books(books *b)
{
    books_open(b, true);
    books_of_may(b);
    books_at(b, "2026-05-29", 8, 0);
    books_manual(b, "=HYPERLINK(\"http://x\",\"y\")", "=1+1", 5, 11, 6, 0, 0);
    books_manual(b, "+7", "@SUM(A1)", 5, 11, 6, 0, 0);
    books_manual(b, "-2+3", "SIM;8,9", 5, 11, 5, 0, 1);
    books_put(b, FL_KIND_OVERRIDE, "A", "SIM-A", "who=op:9|reason=counter|text=\t=cmd()");
    books_put(b, FL_KIND_OVERRIDE, "A", "SIM-A", "who=op:9|reason=counter|text=\r@x");
    books_put(b, FL_KIND_OVERRIDE, "A", "SIM-A",
              "who=op:9|reason=counter|text=  -1 \"quoted\"; and, more\nlines");
    books_put(b, FL_KIND_OVERRIDE, "A", "SIM-A",
              "who=op:9|reason=counter|text=Trois-Rivières, 5 < 6 & \"7\" > '2'");
    books_put(
        b, FL_KIND_CHECK, "A", "SIM-A",
        "pulses#0|head=H1|wl_nm#1064|n#5|set_uJ#200000|mean_uJ#190200|spread_uJ#1924|off_ppm#-49000|pass#1|"
        "verdict=pass|meter=SIM-METER|who=op:17");
    books_put(b, FL_KIND_INVOICE, NULL, NULL,
              "no=2026-1|pat=p:1|cents#-12345|cur=CAD|who=op:17|day=2026-05-27");
}

static bool is_number(const char *text)
{
    text += *text == '-';
    const size_t digits = strspn(text, "0123456789"), point = text[digits] == '.' || text[digits] == ',';
    const size_t more = point ? strspn(text + digits + 1, "0123456789") : 0;
    return digits && (!point || more) && !text[digits + point + more];
}

/* ---- readers ---- */

/* One row of RFC 4180; returns the number of cells, 0 at the end. */
static int csv_row(const char **at, char between, cell cells[COLUMNS])
{
    int count = 0;
    for (bool more = **at != 0; more && count < COLUMNS; count++) {
        size_t size = 0;
        const bool quoted = **at == '"';
        *at += quoted;
        while (**at && (quoted || (**at != between && **at != '\r'))) {
            if (quoted && **at == '"' && *++*at != '"') break;
            if (size < CELL - 1) cells[count][size++] = **at;
            ++*at;
        }
        cells[count][size] = 0;
        more = **at == between;
        *at += more ? 1 : 0;
    }
    if (**at) *at += 2;
    return count;
}

/* One member of a workbook. */
static char *member(const char *path, const char *name)
{
    char command[3 * FL_PLACE_MAX], *said = calloc(1, 1 << 20);
    snprintf(command, sizeof command, "unzip -p '%s' '%s'", path, name);
    FILE *pipe = popen(command, "re");
    const size_t size = pipe ? fread(said, 1, (1 << 20) - 1, pipe) : 0;
    said[size] = 0;
    if (pipe) pclose(pipe);
    return said;
}

/* &lt; and friends, and _x0009_ for control characters, as the format spells them. */
static void plain(const char *xml, size_t size, cell out)
{
    static const struct {
        const char *name;
        char is;
    } names[] = {{"&lt;", '<'}, {"&gt;", '>'}, {"&amp;", '&'}, {"&quot;", '"'}, {"&apos;", '\''}};
    size_t to = 0;
    for (size_t i = 0; i < size && to < CELL - 1;) {
        unsigned code = 0;
        size_t step = 0;
        for (size_t n = 0; n < 5; n++)
            if (strncmp(xml + i, names[n].name, strlen(names[n].name)) == 0) {
                out[to++] = names[n].is;
                step = strlen(names[n].name);
            }
        if (!step && sscanf(xml + i, "_x%4X_", &code) == 1 && xml[i + 6] == '_')
            out[to++] = (char)code, step = 7;
        if (!step) out[to++] = xml[i], step = 1;
        i += step;
    }
    out[to] = 0;
}

/* Text of the n-th <si> of the shared strings. */
static void shared(const char *strings, int n, cell out)
{
    const char *at = strings;
    for (int i = 0; at && i <= n; i++) at = strstr(i ? at + 4 : at, "<si>");
    const char *begins = at ? strstr(at, "<t") : NULL, *ends = begins ? strstr(begins, "</t>") : NULL;
    out[0] = 0;
    if (!ends) return;
    begins = strchr(begins, '>') + 1;
    plain(begins, (size_t)(ends - begins), out);
}

/* Cell `name` ("C5") of a sheet: its value; *text tells whether it is a string. false: empty. */
static bool sheet_cell(const char *sheet, const char *strings, int column, int row, cell out, bool *text)
{
    char key[32];
    snprintf(key, sizeof key, "<c r=\"%c%d\"", 'A' + column, row);
    const char *at = strstr(sheet, key), *ends = at ? strchr(at, '>') : NULL;
    if (!ends || ends[-1] == '/') return false;
    char head[128];
    snprintf(head, sizeof head, "%.*s", (int)(ends - at), at);
    *text = strstr(head, "t=\"s\"") != NULL;
    const char *value = strstr(ends, "<v>");
    if (!value) return false;
    if (*text)
        shared(strings, atoi(value + 3), out);
    else
        snprintf(out, CELL, "%.*s", (int)strcspn(value + 3, "<"), value + 3);
    return true;
}

/* ---- comparison: JSON is the reference ---- */

static void json_text(const json_t *value, cell out)
{
    if (json_is_string(value))
        snprintf(out, CELL, "%s", json_string_value(value));
    else if (json_is_integer(value))
        snprintf(out, CELL, "%lld", (long long)json_integer_value(value));
    else if (json_is_real(value))
        snprintf(out, CELL, "%.9g", json_real_value(value));
    else
        out[0] = 0;
}

/* "'=1+1" says "=1+1"; 1,50 says 1.5. */
static bool same(const json_t *value, const char *got, bool french)
{
    cell want;
    json_text(value, want);
    if (json_is_string(value)) /* shown, and with an apostrophe that keeps it from running */
        return strcmp(got + (got[0] == '\'' && got[1] && want[0] != '\''), FL_SHOWN(want)) == 0;
    if (!json_is_number(value)) return !*got;
    char number[64];
    snprintf(number, sizeof number, "%s", got);
    if (french && strchr(number, ',')) *strchr(number, ',') = '.';
    const double tolerance = json_is_real(value) ? 0.51 : 0; /* a rate is written in whole pulses */
    return is_number(number) && !strchr(number, ',') &&
           fabs(atof(number) - json_number_value(value)) <= tolerance;
}

static json_t *rows_of(const fl_audit *audit, const char *table)
{
    json_t *rows = json_array();
    char *text = books_text(audit, fl_audit_jsonl), *rest = text, *line;
    while ((line = strsep(&rest, "\n")) && *line) {
        json_t *object = json_loads(line, 0, NULL);
        CHECK(object != NULL, "no JSON: %.100s", line);
        CHECK(strcmp(json_string_value(json_object_get(object, "world")), "SIMULATED") == 0,
              "not marked: %.100s", line);
        if (strcmp(json_string_value(json_object_get(object, "table")), table) == 0)
            json_array_append(rows, object);
        json_decref(object);
    }
    free(text);
    return rows;
}

static void csv_says_the_same(const fl_audit *audit, const char *table, bool french)
{
    static cell head[COLUMNS], cells[COLUMNS];
    char *text = NULL;
    size_t size = 0, i = 0;
    FILE *memory = open_memstream(&text, &size);
    const fl_audit_csv_options options = {.table = table, .french = french}, english = {.table = table};
    CHECK(fl_audit_write_csv(audit, &english, memory) == FL_OK, "%s", table);
    fclose(memory);
    const char *at = text;
    const int columns = csv_row(&at, ',', head); /* keys */
    char *written = text;
    text = NULL;
    memory = open_memstream(&text, &size);
    CHECK(fl_audit_write_csv(audit, &options, memory) == FL_OK, "%s", table);
    fclose(memory);
    at = text;
    CHECK(csv_row(&at, french ? ';' : ',', cells) == columns, "%s: header", table);
    json_t *rows = rows_of(audit, table);
    for (; csv_row(&at, french ? ';' : ',', cells); i++) {
        const json_t *want = json_array_get(rows, i);
        CHECK(strcmp(cells[0], "SIMULATED") == 0, "%s row %zu is not marked", table, i);
        for (int c = 1; c < columns; c++) {
            const json_t *value = json_object_get(want, head[c]);
            CHECK(value && same(value, cells[c], french), "%s row %zu, %.99s: '%.99s'", table, i, head[c],
                  cells[c]);
            const char *begins = cells[c] + strspn(cells[c], " \t\r\n");
            CHECK(!*begins || !strchr("=+-@", *begins) || is_number(cells[c]), "%s: cell '%.99s' would run",
                  table, cells[c]);
            CHECK(!french || !json_is_real(value) || !strchr(cells[c], '.'), "a point in '%s'", cells[c]);
        }
    }
    CHECK(i == json_array_size(rows), "%s: %zu rows", table, i);
    json_decref(rows);
    free(written);
    free(text);
}

/* Also the full-width signs, which a spreadsheet in an East Asian language runs, and what hides behind
 * blanks. */
static void what_runs_is_known(void)
{
    static const char *const run[] = {"=1",
                                      "+1",
                                      "-1",
                                      "@a",
                                      " =1",
                                      "\xC2\xA0=1",
                                      "\xE3\x80\x80@a",
                                      "\t1",
                                      "\rx",
                                      "\nx",
                                      " \t=1",
                                      "\xEF\xBC\x9D"
                                      "1",
                                      "\xEF\xBC\x8B"
                                      "1",
                                      "\xEF\xBC\x8D"
                                      "1",
                                      "\xEF\xBC\xA0"
                                      "A",
                                      " \xEF\xBC\x9D"};
    static const char *const rest[] = {"",     " ",         "a=1", "1-2", "\xEF\xBC\x91", "\xEF\xBC\xA1",
                                       "a\tb", "Zo\xC3\xAB"};
    for (size_t i = 0; i < sizeof run / sizeof *run; i++)
        CHECK(fl_audit_runs(run[i]), "%zu: '%s' would run", i, run[i]);
    for (size_t i = 0; i < sizeof rest / sizeof *rest; i++)
        CHECK(!fl_audit_runs(rest[i]), "%zu: '%s' does not", i, rest[i]);
}

static void story_8_9_csv_in_both_languages(void)
{
    books b;
    nasty_books(&b);
    fl_audit *audit = books_audit(&b, "2026-05-01", "2026-05-31", NULL);
    size_t tables = 0;
    for (size_t t = 0; fl_audit_table_name(t); t++, tables++) {
        csv_says_the_same(audit, fl_audit_table_name(t), false);
        csv_says_the_same(audit, fl_audit_table_name(t), true);
    }
    CHECK(tables >= 20, "%zu tables", tables);
    char *text = NULL;
    size_t size = 0;
    FILE *memory = open_memstream(&text, &size);
    const fl_audit_csv_options options = {.table = "energy", .french = true, .bom = true};
    CHECK(fl_audit_write_csv(audit, &options, memory) == FL_OK && fclose(memory) == 0, "writes");
    CHECK(strncmp(text, "\xEF\xBB\xBFmonde;site;appareil;tete;jour;longueur_onde_nm;", 40) == 0, "%.80s",
          text);
    CHECK(strstr(text, ";2026-05-29;1064;5;200,000;190,200;1,924;-4,9;pass;") != NULL, "%s", text);
    free(text);
    CHECK(fl_audit_write_csv(audit, &(fl_audit_csv_options){.table = "x"}, stdout) == FL_E_NO,
          "no such table");
    fl_audit_free(audit);
    books_remove(&b);
}

/* ---- XLSX ---- */

static double serial_of(const char *text) /* a day or an instant as spreadsheets count */
{
    fl_date day;
    char date[11];
    snprintf(date, sizeof date, "%s", text);
    if (fl_date_read(date, &day) != FL_OK) return NAN;
    int hour = 0, minute = 0, second = 0;
    if (text[10] == 'T' && sscanf(text + 11, "%d:%d:%d", &hour, &minute, &second) != 3) return NAN;
    return 25569 + fl_date_days(day) + (hour * 3600 + minute * 60 + second) / 86400.0;
}

static void sheet_says_the_same(const fl_audit *audit, const char *table, const char *sheet,
                                const char *strings)
{
    json_t *rows = rows_of(audit, table);
    cell head, got;
    bool text = false;
    CHECK(!strstr(sheet, "<f>") && !strstr(sheet, "<f "), "%s holds a formula", table);
    CHECK(strstr(sheet, "state=\"frozen\"") != NULL && strstr(sheet, "<cols>") != NULL,
          "%s: frozen header, widths", table);
    for (size_t i = 0; i < json_array_size(rows); i++) {
        CHECK(sheet_cell(sheet, strings, 0, (int)i + 2, got, &text) && strcmp(got, "SIMULATED") == 0,
              "%s row %zu", table, i);
        for (int c = 1; sheet_cell(sheet, strings, c, 1, head, &text); c++) {
            const json_t *value = json_object_get(json_array_get(rows, i), head);
            if (!sheet_cell(sheet, strings, c, (int)i + 2, got, &text)) {
                CHECK(json_is_null(value), "%s row %zu: %.99s is empty", table, i, head);
            } else if (json_is_number(value)) {
                CHECK(!text && fabs(atof(got) - json_number_value(value)) < 1e-6, "%s row %zu, %.99s: %.99s",
                      table, i, head, got);
            } else if (!text) { /* a day is a number with a date's format */
                CHECK(fabs(atof(got) - serial_of(json_string_value(value))) < 1e-5,
                      "%s: %.99s is %.99s, not %.99s", table, head, got, json_string_value(value));
            } else {
                CHECK(json_is_string(value) && strcmp(got, FL_SHOWN(json_string_value(value))) == 0,
                      "%s row %zu, %.99s: '%.99s'", table, i, head, got);
            }
        }
        CHECK(!sheet_cell(sheet, strings, (int)json_object_size(json_array_get(rows, i)) - 1, (int)i + 2, got,
                          &text),
              "%s: a column too many", table);
    }
    CHECK(!sheet_cell(sheet, strings, 0, (int)json_array_size(rows) + 2, got, &text), "%s: a row too many",
          table);
    json_decref(rows);
}

static void story_8_9_workbook(void)
{
    books b;
    fl_error error = {0};
    nasty_books(&b);
    fl_audit *audit = books_audit(&b, "2026-05-01", "2026-05-31", NULL);
    char *bytes = NULL, *again = NULL, path[FL_PLACE_MAX + 16], number[16];
    size_t size = 0, size_again = 0;
    CHECK(fl_audit_xlsx(audit, false, &bytes, &size, &error) == FL_OK, "%s", error.what);
    CHECK(fl_audit_xlsx(audit, false, &again, &size_again, &error) == FL_OK, "%s", error.what);
    CHECK(size == size_again && memcmp(bytes, again, size) == 0, "the same audit is the same file");
    snprintf(path, sizeof path, "%s/a.xlsx", b.directory);
    CHECK(fl_place_write(path, bytes, size, 0600, &error) == FL_OK, "%s", error.what);
    free(bytes);
    free(again);
    char *strings = member(path, "xl/sharedStrings.xml");
    char *book = member(path, "xl/workbook.xml");
    for (size_t t = 0; fl_audit_table_name(t); t++) {
        char name[64];
        snprintf(number, sizeof number, "%zu", t + 1);
        snprintf(name, sizeof name, "<sheet name=\"%s\" sheetId=\"%s\"", fl_audit_table_name(t), number);
        CHECK(strstr(book, name) != NULL, "no sheet %s", name);
        snprintf(name, sizeof name, "xl/worksheets/sheet%s.xml", number);
        char *sheet = member(path, name);
        sheet_says_the_same(audit, fl_audit_table_name(t), sheet, strings);
        free(sheet);
    }
    CHECK(strstr(strings, "=HYPERLINK(") != NULL, "a text that looks like a formula is kept, as text");
    free(strings);
    free(book);
    fl_audit_free(audit);
    books_remove(&b);
}

/* ---- the command ---- */

static int fadeline(const char *arguments, const books *b, char *said, size_t room)
{
    char command[3 * FL_PLACE_MAX];
    snprintf(command, sizeof command,
             "cd '%s' && FADELINE_HOME=. " FL_BUILD_DIR "/fadeline %s --journal . 2>&1", b->directory,
             arguments);
    FILE *pipe = popen(command, "re");
    const size_t size = pipe ? fread(said, 1, room - 1, pipe) : 0;
    said[size] = 0;
    const int how = pipe ? pclose(pipe) : -1;
    return WIFEXITED(how) ? WEXITSTATUS(how) : -1;
}

/* 8.7: what was handed out is in the journal, with its hash. */
static void a_file_that_is_handed_out_is_journalled(void)
{
    static const char *const files[] = {"a.csv", "a.xlsx", "a.json", "a.jsonl", "a.txt", "a.fhir.json"};
    static char said[1 << 18];
    char arguments[256], path[FL_PLACE_MAX + 16], hex[2 * FL_SHA256_SIZE + 1], want[200], *bytes;
    size_t size;
    uint8_t digest[FL_SHA256_SIZE];
    books b;
    nasty_books(&b);
    books_close(&b);
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        snprintf(arguments, sizeof arguments,
                 "audit --from 2026-03-01 --to 2026-05-31 --device SIM-A --out %s%s", files[i],
                 i == 0 ? " --french --bom" : "");
        CHECK(fadeline(arguments, &b, said, sizeof said) == 1 && strstr(said, "SIMULATED audit written"),
              "%.900s", said);
        snprintf(path, sizeof path, "%s/%s", b.directory, files[i]);
        CHECK(fl_place_read(path, 1 << 22, &bytes, &size, NULL) == FL_OK, "%.900s", path);
        fl_sha256(bytes, size, digest);
        free(bytes);
        CHECK(fadeline("journal show --kind export --json", &b, said, sizeof said) == 0, "show");
        snprintf(want, sizeof want, "\"sha256\":\"%s\"", fl_hex(digest, sizeof digest, hex));
        CHECK(strstr(said, want) != NULL, "%s: %s not in %.600s", files[i], want, said);
        snprintf(want, sizeof want, "\"what\":\"audit%s 2026-03-01 2026-05-31 device SIM-A\"",
                 strchr(files[i], '.'));
        CHECK(strstr(said, want) != NULL, "%s not in %.600s", want, said);
    }
    CHECK(fadeline("journal verify", &b, said, sizeof said) == 0, "%.900s", said);
    /* a file that cannot be journalled is not handed out */
    fl_error error = {0};
    const fl_journal_options write = {.mode = FL_JOURNAL_WRITE, .simulated = true, .clock = &b.clock};
    CHECK(fl_journal_open(b.directory, &write, &b.journal, &error) == FL_OK, "%s", error.what);
    CHECK(fadeline("audit --from 2026-05-01 --to 2026-05-31 --out busy.csv", &b, said, sizeof said) != 0 &&
              strstr(said, "end the session first"),
          "%.900s", said);
    snprintf(path, sizeof path, "%s/busy.csv", b.directory);
    CHECK(!fl_place_exists(path), "it was handed out");
    CHECK(fadeline("audit --from 2026-05-01 --to 2026-05-31", &b, said, sizeof said) == 1,
          "looking is always possible");
    books_remove(&b);
}

/* --warm: the second look reads only what is new, and says so; what is handed out is read whole. */
static void a_warm_look_says_that_it_is_one(void)
{
    static char said[1 << 18];
    books b;
    nasty_books(&b);
    books_close(&b);
    const char *look = "audit --from 2026-05-01 --to 2026-05-31 --warm";
    CHECK(fadeline(look, &b, said, sizeof said) == 1 && !strstr(said, "WARM:"), "%.900s", said);
    CHECK(fadeline(look, &b, said, sizeof said) == 1 && strstr(said, "SIMULATED WARM: the first 1"), "%.900s",
          said);
    CHECK(fadeline("audit --from 2026-05-01 --to 2026-05-31 --warm --out x.csv", &b, said, sizeof said) ==
                  2 &&
              strstr(said, "read whole"),
          "%.900s", said);
    books_remove(&b);
}

FL_TESTS("report/audit_export", TEST(what_runs_is_known), TEST(story_8_9_csv_in_both_languages),
         TEST(story_8_9_workbook), TEST(a_file_that_is_handed_out_is_journalled),
         TEST(a_warm_look_says_that_it_is_one))

/* labels: unit fault   timeout: 120   needs: fadeline */
/* An old or foreign record that was written without our writer's care: every text field of every kind, and
 * the clients' database, hold escapes of a terminal, an override, C1, DEL and an end of line with a forged
 * line behind it. No command may hand a byte of them to the owner's screen, nor a paper or a table. */
#include "check.h"

#include "helper_books.h"
#include "helper_pdf.h"

#include "fadeline/clients/clients.h"

#include <stdarg.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static books b;
static char home[80], said[400000];

/* ESC [ 2 J, U+202E, U+009B, end of line, "ZQ" as a line of its own, DEL: as it stands in an entry. */
#define EVIL "\\u001b[2J\xE2\x80\xAE\xC2\x9B\\u000aZQ\x7F"

/* "kind|key=text|key#7": in every text of two or more stars the stars give way to EVIL. */
static void plant(const char *line)
{
    char whole[1200], *rest = whole, *part;
    fl_entry e;
    snprintf(whole, sizeof whole, "%s", line);
    part = strsep(&rest, "|");
    fl_entry_begin(&e, fl_kind_find(part, (unsigned)strlen(part)));
    b.now_us += 1000000, b.utc_us += 1000000;
    while ((part = strsep(&rest, "|"))) {
        char *value = part + strcspn(part, "=#"), text[200];
        const bool number = *value == '#';
        *value++ = 0;
        const size_t stars = strcspn(value, "*");
        if (number)
            fl_entry_count(&e, part, strtoull(value, NULL, 10));
        else if (!value[stars])
            fl_entry_text(&e, part, value);
        else { /* a text of the same length that the writer takes; then the bytes that it does not */
            snprintf(text, sizeof text, "%.*s%.*s", (int)stars, value, (int)strlen(EVIL),
                     "########################################");
            fl_entry_text(&e, part, text);
            for (char *at = e.pool; (at = memchr(at, '#', (size_t)(e.pool + e.used - at)));)
                memcpy(at, EVIL, strlen(EVIL));
        }
        if (strcmp(part, "dev") == 0) fl_entry_int(&e, "sim", 1);
    }
    CHECK(fl_entry_status(&e) == FL_OK, "%s: %s", line, e.fault);
    books_add(&b, &e);
}

static void the_old_journal(void)
{
    books_open(&b, true);
    books_at(&b, "2026-05-04", 10, 0);
    plant("role.change|who=w**|role=r**|until=2026-05-20|by=b**");
    plant("auth.fail|who=w**|why=y**");
    plant("client|pat=C-0001|who=w**|cmt=00");
    plant("consent|pat=C-0001|what=treatment|version=v**|who=w**");
    plant("counter|dev=L**|site=S**|ctr#100");
    plant("session.open|sid#1|dev=L**|site=S**|ctr#100|who=w**|pat=C-0001|plan=p**|proc=x**|man#1");
    plant("confirm.eyewear|sid#1|who=w**|marks=m**");
    plant("override|sid#1|who=w**|reason=r**|zone=z**|text=t**");
    plant("note|sid#1|who=w**|text=t**");
    plant("arm.refused|sid#1|cause=c**");
    plant("fault|sid#1|dev=L**|cause=c**");
    plant("confirm.zone|sid#1|dev=L**|zone=z**|who=w**|ctr#100");
    plant("pulses.counted|sid#1|dev=L**|zone=z**|pu=T|ctr_was#100|ctr_now#117|pulses#17|who=w**");
    plant("session.close|sid#1|dev=L**|pulses#17|ctr#117|result=r**");
    plant("photo|sid#1|pat=C-0001|what=w**|zone=z**|sha256=00|who=w**");
    plant("event|sid#1|pat=C-0001|what=e**|text=t**|after_h#20|grade#2|who=w**");
    plant("near-miss|sid#1|dev=L**|what=n**|text=t**|who=w**");
    plant("follow-up|sid#1|task=24h|result=r**|who=w**");
    plant("invoice|no=n**|pat=C-0001|cents#9900|cur=CAD|day=2026-05-04|who=w**");
    plant("invoice|no=n**|pat=P**|cents#9900|cur=CAD|day=2026-05-06|who=w**");
    plant("look|pat=C-0001|what=w**|who=w**");
    plant("print|pat=C-0001|what=w**|who=w**");
    plant("correction|index#3|text=t**|who=w**");
    plant("service|dev=L**|site=S**|old#117|new#130|doc=d**|what=t**|who=w**");
    plant(
        "check|dev=L**|site=S**|head=h**|pulses#10|ctr#140|set_uJ#200000|mean_uJ#300000|pass#0|verdict=lock|"
        "reason=r**|meter=m**|who=w**");
    plant("profile.import|profile=p**|sha256=00|who=w**");
    plant("limits.change|what=w**|who=w**");
    plant("config.change|what=w**|who=w**");
    plant("session.open|sid#2|dev=M**|site=S**|ctr#5|who=w**|pat=P**|plan=p**|man#1");
    plant("session.close|sid#2|dev=M**|pulses#9|ctr#14");
    plant("counter|dev=M**|site=S**|ctr#50");
    plant("export|what=w**|who=w**");
    books_close(&b);
    snprintf(home, sizeof home, "/tmp/fl-shown-XXXXXX");
    char path[200];
    CHECK(mkdtemp(home) != NULL, "home");
    snprintf(path, sizeof path, "%s/journal-simulated", home);
    CHECK(rename(b.directory, path) == 0, "rename");
}

/* A name that no control stands in, for those the reader of identities refuses. */
static void the_old_clients(void)
{
    static const char who[] = "{\"born\":\"1990-04-01\",\"contact\":\"c\xE2\x80\xAE\xC2\x9B\",\"name\":"
                              "\"Rosa\xE2\x80\xAE\xC2\x9B Quill\"}";
    char path[200];
    fl_clients *clients;
    fl_commitment cmt;
    fl_error error = {0};
    fl_entry e;
    snprintf(path, sizeof path, "%s/clients-simulated.db", home);
    CHECK(fl_clients_open(path, true, &clients, &error) == FL_OK, "%s", error.what);
    CHECK(fl_clients_put(clients, "C-0002", FL_TEXT_IDENTITY, who, strlen(who), &cmt, &error) == FL_OK, "%s",
          error.what);
    snprintf(path, sizeof path, "%s/journal-simulated", home);
    const fl_journal_options options = {
        .mode = FL_JOURNAL_WRITE, .simulated = true, .clock = &b.clock, .no_ballast = true};
    CHECK(fl_journal_open(path, &options, &b.journal, &error) == FL_OK, "%s", error.what);
    fl_entry_begin(&e, FL_KIND_CLIENT);
    fl_entry_text(&e, "pat", "C-0002"), fl_entry_text(&e, "who", "op:17");
    fl_entry_hex(&e, "cmt", cmt.byte, sizeof cmt.byte);
    books_add(&b, &e);
    books_close(&b);
    CHECK(fl_clients_keep(clients, &cmt, &error) == FL_OK, "%s", error.what);
    fl_clients_close(clients);
}

/* The first byte that a screen would obey, or NULL; written without what is tested. An end of line is one
 * when the forged line stands behind it (not on paper, where a long word wraps). */
static const char *obeyed(const char *text, bool paper)
{
    for (const char *at = text; *at; at++) {
        const unsigned char first = (unsigned char)at[0], second = (unsigned char)at[1],
                            third = (unsigned char)(second ? at[2] : 0);
        if ((first < ' ' && !strchr("\n\t\f\r", first)) || first == 0x7F) return at;
        if (first == 0xC2 && second < 0xA0) return at;                                    /* C1 */
        if (first == 0xE2 && second == 0x80 && third >= 0xAA && third <= 0xAE) return at; /* overrides */
        if (first == '\n' && !paper && strncmp(at + 1, "ZQ", 2) == 0) return at;
    }
    return NULL;
}

static void check_clean(const char *what, const char *text, bool holds)
{
    const char *bad = obeyed(text, strstr(what, "paper") != NULL);
    CHECK(!bad, "%s: byte %02X at %td, behind '%.60s'", what, bad ? (unsigned char)*bad : 0,
          bad ? bad - text : 0, bad ? (bad - text > 60 ? bad - 60 : text) : "");
    CHECK(!holds || strstr(text, "ZQ"), "%s: nothing of what was planted is in it: %.300s", what, text);
}

static int run(const char *typed, const char *format, ...) FL_PRINTF(2, 3);
static int run(const char *typed, const char *format, ...)
{
    char arguments[500], command[1200];
    va_list list;
    va_start(list, format);
    vsnprintf(arguments, sizeof arguments, format, list);
    va_end(list);
    snprintf(command, sizeof command,
             "printf '%s' | FADELINE_HOME=%s FADELINE_DATA=%s timeout 60 %s/fadeline %s 2>&1", typed, home,
             FL_SOURCE_DIR, FL_BUILD_DIR, arguments);
    FILE *pipe = popen(command, "r");
    if (!pipe) abort();
    said[fread(said, 1, sizeof said - 1, pipe)] = 0;
    const int how = pclose(pipe);
    return WIFEXITED(how) ? WEXITSTATUS(how) : 128;
}

#define PERIOD "--simulated --from 2026-05-01 --to 2026-05-31"
static const struct {
    const char *command;
    bool holds; /* what was planted must be seen, escaped */
} commands[] = {
    {"journal show --simulated", true},
    {"journal show --simulated --json", true},
    {"journal verify --simulated", false},
    {"journal verify --simulated --json", false},
    {"journal checkpoint --simulated", false},
    {"journal proof 3 --simulated", false},
    {"audit " PERIOD, true},
    {"audit " PERIOD " --json", true},
    {"paper session 1 --simulated --json", true},
    {"clients list --simulated", true},
    {"clients list --simulated --json", true},
    {"clients due --simulated", true},
    {"clients due --simulated --json", true},
    {"follow-ups --simulated --all --date 2026-05-30", true},
    {"follow-ups --simulated --all --date 2026-05-30 --json", true},
    {"invoices --simulated --all --from 2026-05-01 --to 2026-05-31", true},
    {"invoices --simulated --all --from 2026-05-01 --to 2026-05-31 --json", true},
    {"record list --pat C-0001 --simulated", true},
    {"record list --pat C-0001 --simulated --json", true},
};

/* An entry with every field evil is the widest there is. */
static void check_width(void)
{
    for (const char *at = said; *at; at += strcspn(at, "\n"), at += *at == '\n') {
        size_t columns = 0;
        for (const char *c = at; *c && *c != '\n'; c++) columns += ((unsigned char)*c & 0xC0) != 0x80;
        CHECK(columns <= 100, "%zu columns: %.120s", columns, at);
    }
}

static void no_page_obeys_what_was_stored(void)
{
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        const int left = run("", "%s", commands[i].command);
        CHECK(left == 0 || left == 1, "%s: left with %d: %.300s", commands[i].command, left, said);
        check_clean(commands[i].command, said, commands[i].holds);
        if (strcmp(commands[i].command, "journal show --simulated") == 0) check_width();
    }
}

static void a_name_is_shown_without_what_turns_it_round(void)
{
    CHECK(run("801246\\n", "people add own:1 --role owner --until 2060-01-01") == 0, "%.800s", said);
    CHECK(run("801246\\n", "clients show C-0002 --who own:1 --simulated --date 2026-05-30") == 0, "%.800s",
          said);
    check_clean("clients show", said, false);
    CHECK(strstr(said, "Rosa\\u{202E}\\u{9B} Quill"), "the name: %.800s", said);
    CHECK(run("801246\\n", "clients show C-0002 --who own:1 --simulated --date 2026-05-30 --json") == 0,
          "%.800s", said);
    check_clean("clients show --json", said, false);
    CHECK(strstr(said, "Rosa\\u202e\\u009b Quill"), "the name: %.800s", said);
}

static void no_table_and_no_paper_either(void)
{
    static const char *const tables[] = {"days",        "devices", "exceptions", "use",          "overrides",
                                         "causes",      "harm",    "energy",     "certificates", "missing",
                                         "corrections", "money",   "looks",      "acts",         "sessions"};
    char path[160], *text;
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        snprintf(path, sizeof path, "%s/t.csv", home);
        run("", "audit " PERIOD " --out %s --table %s", path, tables[i]);
        text = pdf_tool("cat %s", path);
        check_clean(tables[i], text, strcmp(tables[i], "missing") != 0);
        free(text);
    }
    static const char *const files[] = {"jsonl", "json", "fhir.json", "txt"};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        run("", "audit " PERIOD " --out %s/a.%s", home, files[i]);
        text = pdf_tool("cat %s/a.%s", home, files[i]);
        check_clean(files[i], text, true);
        free(text);
    }
    run("", "audit " PERIOD " --out %s/a.xlsx", home);
    text = pdf_tool("unzip -p %s/a.xlsx xl/sharedStrings.xml", home);
    check_clean("xlsx", text, true);
    free(text);
    static const char *const papers[] = {"audit " PERIOD, "paper session 1 --simulated",
                                         "paper client-sheet 1 --simulated"};
    for (size_t i = 0; i < sizeof papers / sizeof *papers; i++) {
        snprintf(path, sizeof path, "%s/p.pdf", home), unlink(path);
        const int left = run("", "%s --out %s", papers[i], path);
        CHECK(left == 0 || left == 1, "%s: left with %d: %.300s", papers[i], left, said);
        text = pdf_text(path);
        check_clean("on paper", text, i < 2);
        free(text);
    }
}

static void remove_all(void)
{
    free(pdf_tool("rm -r %s", home));
}

FL_TESTS("report/shown", TEST(the_old_journal), TEST(the_old_clients), TEST(no_page_obeys_what_was_stored),
         TEST(a_name_is_shown_without_what_turns_it_round), TEST(no_table_and_no_paper_either),
         TEST(remove_all))

/* labels: unit   timeout: 240   needs: fadeline */
/* All clinics on one page, from a hub of the test's own: story 3 to the pulse, a damaged log that takes no
 * other with it, a hub that is gone, one that never answers, one of the other nature, none at all; and whom
 * it opens to. */
#include "check.h"

#include "helper_books.h"
#include "helper_console.h"
#include "helper_rows.h"
#include "helper_server.h"

#include "roll_up.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static fl_console *c;
static http_browser b;
static char database[16], uri[256];
static rows table;

static void open_with(const char *hub)
{
    fl_error error = {0};
    const fl_console_options options = {.simulated = true, .hub = hub};
    if (!c) c = console_start(); /* makes its home */
    console_stop(c);
    console_need(fl_console_open(&options, &c, &error) == FL_OK, error.what);
    http_browser_at(&b, fl_console_url(c));
    CHECK(http_sign_in(&b, "own:1", PIN_OWNER), "sign in");
    strcat(b.cookie, "; fadeline-language=en");
}

static bool says(const http_answer *a, const char *text)
{
    return strstr(a->body, text) != NULL;
}

/* `fadeline hub ...` of an owner with a home of her own. */
static void hub(const char *words)
{
    char line[1200];
    snprintf(line, sizeof line,
             "export FADELINE_HOME=%s/hub-owner; FADELINE_HUB=\"%s\" FADELINE_DATA=%s timeout 60 %s/fadeline "
             "hub %s "
             ">/dev/null 2>&1",
             getenv("FADELINE_HOME"), helper_uri(database, "owner", uri), FL_SOURCE_DIR, FL_BUILD_DIR, words);
    const int how = system(line);
    console_need(WIFEXITED(how) && WEXITSTATUS(how) == 0, words);
}

static const char month[] = "/clinics/2026-05";

/* As a person does who waits: again, until it is told. */
static http_answer told(void)
{
    http_answer a = {0};
    for (int i = 0; i < 60; i++) {
        a = http_get(&b, month);
        if (!says(&a, "The hub is being asked")) break;
    }
    return a;
}

static http_answer ask_again(void)
{
    CHECK(http_post(&b, "/clinics", "month=2026-05", false).status == 303, "ask again");
    return told();
}

static void without_a_hub_it_says_how(void)
{
    open_with(NULL);
    const http_answer a = http_get(&b, "/clinics");
    CHECK(a.status == 200 && says(&a, "This console knows no hub") &&
              says(&a, "--hub postgresql:///fadeline"),
          "%d", a.status);
    CHECK(http_post(&b, "/clinics", "month=2026-05", false).status == 404, "nothing to ask");
}

static bool row_has(const char *dev, const char *const *cells)
{
    for (size_t r = 0; r < table.rows; r++) {
        if (strcmp(table.cell[r][1], dev) != 0) continue;
        size_t at = 0;
        for (size_t i = 0; i < table.columns && cells[at]; i++)
            at += strcmp(table.cell[r][i], cells[at]) == 0;
        return !cells[at];
    }
    return false;
}
#define LASER(dev, ...) row_has(dev, (const char *const[]){__VA_ARGS__, NULL})

#define MINUS "\xe2\x88\x92"

static void story_3_five_clinics_are_never_netted(void)
{
    static books all[5];
    char words[FL_PLACE_MAX + 40];
    helper_database(database);
    if (!c) open_with(NULL);
    hub("init --name hub.example/witness-1 --simulated");
    for (int i = 0; i < 5; i++) {
        books_of_site(&all[i], (char)('A' + i));
        snprintf(words, sizeof words, "push --journal %s --enrol %c", all[i].directory, 'A' + i);
        hub(words);
    }
    open_with(helper_uri(database, "owner", uri));
    http_answer a = told();
    CHECK(a.status == 200 && says(&a, "3 of 5 sites need a call") && says(&a, "never netted: 1,854 pulses"),
          "%d", a.status);
    CHECK(!says(&a, ">568<") && !says(&a, " 568 "), "a net sum is no verdict");
    CHECK(rows_read(a.body, "roll-up", &table) && table.rows == 5, "five lines");
    CHECK(LASER("SIM-A", "in order", "26,732", "25,988", "212", "410", "+122", "133"), "A");
    CHECK(LASER("SIM-B", "14,905", "14,610", "96", "190", "+9"), "B");
    CHECK(LASER("SIM-C", "9,377", "9,120", "60", "200", MINUS "3"), "C");
    CHECK(LASER("SIM-D", "FLAG", "21,460", "19,850", "150", "380", "+1,080"), "D");
    CHECK(LASER("SIM-E", "FLAG", "0", "640", "0", "0", MINUS "640"), "E");
    /* The verdict of each clinic stands before its lasers, calls before the others. */
    const char *d = strstr(a.body, "<h3>D</h3>"), *bb = strstr(a.body, "<h3>B</h3>"),
               *lasers = strstr(a.body, "data-table=\"roll-up\"");
    CHECK(d && bb && lasers && d < bb && bb < lasers, "the order");
    CHECK(says(&a, "A day does not add up") && says(&a, "A SIM-A \xc2\xb7 2026-05-13") &&
              says(&a, "+122 pulses unexplained on this day; the tolerance is 50."),
          "A's day is hidden by its month");
    CHECK(says(&a, "href=\"#log-intact\"") && says(&a, "id=\"log-intact\""), "what a word means");

    /* One damaged log: first, without an audit; the others as before. */
    helper_sql(database,
               "UPDATE fadeline.entry SET data = replace(convert_from(data, 'UTF8'), '640', '641')::bytea"
               " WHERE convert_from(data, 'UTF8') LIKE '%%\"pulses\":640,%%'");
    a = ask_again();
    CHECK(says(&a, "3 of 5 sites need a call") && says(&a, "no audit") && says(&a, "href=\"#log-damaged\""),
          "damage");
    CHECK(rows_read(a.body, "roll-up", &table) && table.rows == 4 &&
              LASER("SIM-D", "FLAG", "21,460", "+1,080"),
          "a damaged log took the others with it");
    CHECK(says(&a, "never netted: 1,214 pulses"), "its pulses are not counted");

    /* What waits a day is a finding. */
    helper_sql(database, "UPDATE fadeline.log SET site = '<b>F' WHERE site = 'C'");
    a = ask_again();
    CHECK(says(&a, "&lt;b&gt;F") && !says(&a, "<b>F"), "a name from the hub is markup");

    /* Years later nobody has pushed. */
    c->days_ahead = 2000;
    a = ask_again();
    CHECK(says(&a, "href=\"#log-late\"") && says(&a, "5 of 5 sites need a call"), "late");
    c->days_ahead = 0;
    for (int i = 0; i < 5; i++) books_remove(&all[i]);
}

static void who_opens_it(void)
{
    static const struct {
        const char *who, *pin;
        int status;
    } people[] = {{"own:1", PIN_OWNER, 200},
                  {"aud:2", PIN_AUDITOR, 200},
                  {"sup:2", PIN_SUPERVISOR, 403},
                  {"op:17", PIN_OPERATOR, 403},
                  {"svc:3", PIN_SERVICE, 403}};
    open_with(NULL);
    for (size_t i = 0; i < sizeof people / sizeof *people; i++) {
        http_browser_at(&b, fl_console_url(c));
        CHECK(http_sign_in(&b, people[i].who, people[i].pin), "sign in");
        CHECK(http_get(&b, month).status == people[i].status, "%s", people[i].who);
    }
}

static void the_other_nature_is_not_shown(void)
{
    helper_database(database);
    hub("init --name hub.example/real --hub-key $FADELINE_HOME/real.key");
    open_with(helper_uri(database, "owner", uri));
    const http_answer a = told();
    CHECK(a.status == 200 && says(&a, "not of one nature") && !says(&a, "need a call"), "%d", a.status);
}

static void a_hub_that_is_gone_is_a_sentence(void)
{
    open_with("host=/nowhere-at-all dbname=fadeline");
    http_answer a = told();
    CHECK(a.status == 200 && says(&a, "The hub could not be asked.") && says(&a, "that is no verdict") &&
              says(&a, "cannot be reached"),
          "%d", a.status);
    helper_database(database); /* no hub in it */
    open_with(helper_uri(database, "owner", uri));
    a = told();
    CHECK(says(&a, "The hub could not be asked.") && says(&a, "no hub in this database"),
          "an empty database");
}

/* Whether any command line on this machine shows the word. */
static bool is_on_a_command_line(const char *secret)
{
    struct dirent *found;
    bool seen = false;
    DIR *folder = opendir("/proc");
    while (folder && (found = readdir(folder))) {
        char path[300], text[4096];
        snprintf(path, sizeof path, "/proc/%s/cmdline", found->d_name);
        const int file = found->d_name[0] >= '1' && found->d_name[0] <= '9' ? open(path, O_RDONLY) : -1;
        const ssize_t size = file >= 0 ? read(file, text, sizeof text) : -1;
        seen |= size > 0 && memmem(text, (size_t)size, secret, strlen(secret));
        if (file >= 0) close(file);
    }
    if (folder) closedir(folder);
    return seen;
}

/* A port that takes the line and never says a word: the page comes at once, and the question ends. */
static void a_hub_that_hangs_hangs_no_page(void)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof at;
    char where[160];
    const int mute = socket(AF_INET, SOCK_STREAM, 0);
    console_need(mute >= 0 && bind(mute, (struct sockaddr *)&at, size) == 0 && listen(mute, 8) == 0 &&
                     getsockname(mute, (struct sockaddr *)&at, &size) == 0,
                 "a port");
    snprintf(where, sizeof where, "postgresql://clinic:sekrit-%d@127.0.0.1:%d/fadeline", getpid(),
             ntohs(at.sin_port));
    open_with(where);
    http_answer a = http_get(&b, month);
    CHECK(a.status == 200 && says(&a, "The hub is being asked") && says(&a, "data-again"), "%d", a.status);
    char secret[40];
    snprintf(secret, sizeof secret, "sekrit-%d", getpid());
    CHECK(!is_on_a_command_line(secret), "the password stands on a command line");
    CHECK(!says(&a, secret), "and on the page");
    CHECK(http_get(&b, "/month/2026-05").status == 200, "other pages");
    roll_up_patience(c->roll_up, 1);
    a = told();
    CHECK(says(&a, "did not answer within") && says(&a, "that is no verdict") && !says(&a, secret), "late");
    roll_up_patience(c->roll_up, 1000);
    CHECK(http_post(&b, "/clinics", "month=2026-05", false).status == 303, "asked again");
    close(mute); /* and the console closes while it asks */
}

static void it_closes(void)
{
    console_stop(c);
    CHECK(true, "closed");
}

FL_TESTS("console/roll_up", TEST(without_a_hub_it_says_how), TEST(story_3_five_clinics_are_never_netted),
         TEST(who_opens_it), TEST(the_other_nature_is_not_shown), TEST(a_hub_that_is_gone_is_a_sentence),
         TEST(a_hub_that_hangs_hangs_no_page), TEST(it_closes))

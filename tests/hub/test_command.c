/* labels: unit   timeout: 240   needs: fadeline */
/* The command, as an owner and as five consoles: init, enrol, push, cosign, verify, audit. Story 8.3 to the
 * pulse. */
#include "check.h"

#include "helper_books.h"
#include "helper_server.h"

#include <ctype.h>
#include <jansson.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char home[64], database[16], uri[256], output[200000];

/* Runs `fadeline hub ...` with a home of its own; returns the exit code, output (both streams) in `output`.
 */
static int hub(const char *where, const char *login, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
static int hub(const char *where, const char *login, const char *format, ...)
{
    char line[3000], words[2000];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(words, sizeof words, format, arguments);
    va_end(arguments);
    snprintf(line, sizeof line,
             "FADELINE_HOME=%s/%s FADELINE_HUB=\"%s\" FADELINE_DATA=%s timeout 60 %s/fadeline %s 2>&1", home,
             where, helper_uri(database, login, uri), FL_SOURCE_DIR, FL_BUILD_DIR, words);
    FILE *pipe = popen(line, "r");
    if (!pipe) return -1;
    const size_t size = fread(output, 1, sizeof output - 1, pipe);
    output[size] = 0;
    const int how = pclose(pipe);
    return WIFEXITED(how) ? WEXITSTATUS(how) : 128;
}

#define HUB(want, where, login, ...)                                                                         \
    do {                                                                                                     \
        const int code_ = hub(where, login, __VA_ARGS__);                                                    \
        if (getenv("FL_SHOW")) printf("\n%s", output);                                                       \
        CHECK(code_ == (want), "exit %d, not %d:\n%.600s", code_, (want), output);                           \
    } while (0)
#define SAYS(text) CHECK(strstr(output, text) != NULL, "no '%s' in:\n%.700s", text, output)

static void make_home(void)
{
    strcpy(home, "/tmp/flhubcliXXXXXX");
    CHECK(mkdtemp(home) != NULL, "a home");
}

static void remove_home(void)
{
    char line[96];
    snprintf(line, sizeof line, "rm -rf %s", home);
    CHECK(system(line) == 0, "clean up");
}

static json_t *answer(void)
{
    json_error_t why;
    json_t *object = json_loads(output, 0, &why);
    CHECK(object != NULL, "not JSON: %s\n%.300s", why.text, output);
    return object;
}

static void init_is_made_once(void)
{
    make_home();
    helper_database(database);
    HUB(2, "owner", "owner", "hub init");
    SAYS("--name");
    HUB(0, "owner", "owner", "hub init --name hub.example/witness-1 --simulated");
    SAYS("SIMULATED hub 'SIMULATED/hub.example/witness-1' made");
    SAYS("row by row");
    struct stat about;
    char path[128];
    snprintf(path, sizeof path, "%s/owner/hub.key", home);
    CHECK(stat(path, &about) == 0 && (about.st_mode & 0777) == 0600, "the key is nobody else's");
    HUB(0, "owner", "owner", "hub init");
    SAYS("is there already");
    HUB(1, "another", "owner", "hub init --name hub.example/other");
    SAYS("another key");
    CHECK(chmod(path, 0644) == 0, "chmod");
    HUB(3, "owner", "owner", "hub init");
    SAYS("others may read");
    helper_database(database);
    helper_sql(database, "CREATE TABLE patients(id int)");
    HUB(1, "third", "owner", "hub init --name x/y");
    SAYS("something else: public.patients");
    helper_database(database);
    helper_sql(database, "CREATE SCHEMA fadeline");
    HUB(1, "third", "owner", "hub init --name x/y");
    SAYS("not a hub's");
    helper_database(database);
    HUB(1, "third", "owner", "hub verify");
    SAYS("no hub in this database");
    HUB(0, "third", "owner", "hub init --name x/y");
    helper_sql(database, "UPDATE fadeline.hub SET version = 1");
    HUB(1, "third", "owner", "hub verify");
    SAYS("version 1");
    remove_home();
}

static void story_8_3_five_sites_without_netting(void)
{
    make_home();
    helper_database(database);
    books all[5];
    HUB(0, "owner", "owner", "hub init --name hub.example/witness-1 --simulated");
    for (int i = 0; i < 5; i++) {
        books_of_site(&all[i], (char)('A' + i));
        HUB(0, "owner", "owner", "hub push --journal %s --enrol %c", all[i].directory, 'A' + i);
        SAYS("SIMULATED: ");
        SAYS("cosigned by SIMULATED/hub.example/witness-1");
    }
    HUB(0, "owner", "owner", "hub verify");
    SAYS("5 logs, all hold");
    HUB(1, "owner", "owner", "hub audit --from 2026-05-01 --to 2026-05-31");
    SAYS(
        "FLAG: A SIM-A on 2026-05-13, D SIM-D, E SIM-E; unexplained, every device without its sign: 1,854\n");
    for (const char *at = output; (at = strstr(at, "568")); at += 3) /* a hash may hold it */
        CHECK((at > output && isalnum((unsigned char)at[-1])) || isalnum((unsigned char)at[3]),
              "a net sum is no verdict: %.60s", at);
    HUB(1, "owner", "owner", "hub audit --from 2026-05-01 --to 2026-05-31 --json");
    static const struct {
        const char *dev;
        long long delta, treatment, test, check, unexplained;
    } rows[] = {{"SIM-A", 26732, 25988, 212, 410, 122},
                {"SIM-B", 14905, 14610, 96, 190, 9},
                {"SIM-C", 9377, 9120, 60, 200, -3},
                {"SIM-D", 21460, 19850, 150, 380, 1080},
                {"SIM-E", 0, 640, 0, 0, -640}};
    json_t *object = answer();
    CHECK(json_integer_value(json_object_get(object, "unexplained_absolute")) == 1854, "the absolute sum");
    json_decref(object);
    char path[160];
    snprintf(path, sizeof path, "%s/five.csv", home);
    HUB(1, "owner", "owner", "hub audit --from 2026-05-01 --to 2026-05-31 --out %s --table devices", path);
    char *csv = NULL;
    size_t size;
    CHECK(fl_place_read(path, 1 << 20, &csv, &size, NULL) == FL_OK, "%s", path);
    for (size_t i = 0; csv && i < 5; i++) {
        char cells[100];
        bool found = false;
        snprintf(cells, sizeof cells, ",%lld,%lld,%lld,%lld,", rows[i].delta, rows[i].treatment, rows[i].test,
                 rows[i].check);
        for (const char *at = csv; !found && (at = strstr(at, cells)); at++) {
            const char *begin = at;
            while (begin > csv && begin[-1] != '\n') begin--;
            char unexplained[32];
            snprintf(unexplained, sizeof unexplained, ",%lld,", rows[i].unexplained);
            const char *dev = strstr(begin, rows[i].dev), *wanted = strstr(at, unexplained),
                       *end = strchr(at, '\n');
            found = dev && dev < at && wanted && wanted < end;
        }
        CHECK(found, "no line%s of %s in\n%.900s", cells, rows[i].dev, csv);
    }
    free(csv);
    snprintf(path, sizeof path, "%s/five.xlsx", home);
    HUB(1, "owner", "owner", "hub audit --from 2026-05-01 --to 2026-05-31 --out %s", path);
    CHECK(fl_place_read(path, 1 << 20, &csv, &size, NULL) == FL_OK && size > 2000 &&
              memcmp(csv, "PK", 2) == 0,
          "a spreadsheet of %zu bytes", size);
    free(csv);
    HUB(2, "owner", "owner", "hub audit --from 2026-05-01 --to 2026-05-31 --out x.doc");
    HUB(0, "owner", "owner", "hub audit --site C --from 2026-05-01 --to 2026-05-31");
    HUB(1, "owner", "owner", "hub audit --site Z --from 2026-05-01 --to 2026-05-31");
    /* The owner's glance: a log each, those that need a call first. */
    HUB(1, "owner", "owner", "hub roll-up --from 2026-05-01 --to 2026-05-31 --as-of 2026-05-31");
    SAYS("3 of 5 logs need a call");
    SAYS("CALL  D");
    SAYS("never netted: 1854 pulses");
    CHECK(strstr(output, "CALL  E") < strstr(output, "ok    B"), "a call stands before what is in order");
    HUB(1, "owner", "owner", "hub roll-up --from 2026-05-01 --to 2026-05-31 --as-of 2099-01-01 --json");
    object = answer();
    json_t *logs = json_object_get(object, "logs");
    CHECK(json_array_size(logs) == 5 && json_integer_value(json_object_get(object, "calls")) == 5,
          "years without a word are late");
    for (size_t i = 0; i < 5 && i < json_array_size(logs); i++) {
        json_t *audit = json_object_get(json_array_get(logs, i), "audit"),
               *device = json_array_get(json_object_get(audit, "devices"), 0);
        CHECK(json_is_true(json_object_get(json_array_get(logs, i), "late")), "late");
        CHECK(json_integer_value(json_object_get(device, "unexplained")) == rows[i].unexplained &&
                  json_integer_value(json_object_get(device, "delta")) == rows[i].delta,
              "%s in the roll-up", rows[i].dev);
    }
    json_decref(object);
    /* Damage names the log and the entry, and there is no audit of it. */
    helper_sql(database,
               "UPDATE fadeline.entry SET data = replace(convert_from(data, 'UTF8'), '640', '641')::bytea"
               " WHERE convert_from(data, 'UTF8') LIKE '%%\"pulses\":640,%%'");
    HUB(6, "owner", "owner", "hub verify");
    SAYS("DAMAGED  SIMULATED E");
    SAYS("does not hold (its bytes do not have the hash stored with them)");
    HUB(6, "owner", "owner", "hub audit --from 2026-05-01 --to 2026-05-31");
    HUB(6, "owner", "owner", "hub roll-up --from 2026-05-01 --to 2026-05-31 --as-of 2026-05-31");
    SAYS("log DAMAGED");
    SAYS("D SIM-D; unexplained");
    for (int i = 0; i < 5; i++) books_remove(&all[i]);
    remove_home();
}

static int count_cosigs(const char *directory)
{
    char path[256];
    sqlite3 *db;
    sqlite3_stmt *get;
    snprintf(path, sizeof path, "%s/journal.db", directory);
    CHECK(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK, "%s", path);
    CHECK(sqlite3_prepare_v2(db, "SELECT count(*) FROM cosig", -1, &get, NULL) == SQLITE_OK, "cosig");
    const int count = sqlite3_step(get) == SQLITE_ROW ? sqlite3_column_int(get, 0) : -1;
    sqlite3_finalize(get);
    sqlite3_close(db);
    return count;
}

/* A console that has neither the hub's key nor the owner's rights. */
static void a_console_of_its_own(void)
{
    make_home();
    helper_database(database);
    helper_login("clinic_a");
    books b;
    char hub_key[512], vkey[512], origin[256];
    HUB(0, "owner", "owner", "hub init --name hub.example/witness-1 --simulated --json");
    json_t *object = answer();
    snprintf(hub_key, sizeof hub_key, "%s", json_string_value(json_object_get(object, "key")));
    json_decref(object);
    books_of_site(&b, 'A');
    HUB(0, "clinic", "clinic_a", "journal checkpoint --journal %s --json", b.directory);
    object = answer();
    snprintf(origin, sizeof origin, "%s", json_string_value(json_object_get(object, "origin")));
    snprintf(vkey, sizeof vkey, "%s", json_string_value(json_object_get(object, "key")));
    json_decref(object);
    HUB(0, "owner", "owner", "hub enrol %s %s A --login clinic_a", origin, vkey);
    HUB(2, "clinic", "clinic_a", "hub push --journal %s", b.directory);
    SAYS("does not know the hub's key");
    HUB(0, "clinic", "clinic_a", "hub push --journal %s --hub %s", b.directory, hub_key);
    SAYS("delivered; the hub has cosigned 0");
    CHECK(count_cosigs(b.directory) == 0, "nothing is kept yet");
    HUB(0, "owner", "owner", "hub cosign");
    SAYS("1 checkpoints cosigned");
    HUB(0, "clinic", "clinic_a", "hub push --journal %s --hub %s", b.directory, hub_key);
    CHECK(count_cosigs(b.directory) == 1, "the cosignature is kept");
    HUB(0, "clinic", "clinic_a", "journal show --journal %s --kind anchor.hub", b.directory);
    SAYS("hub=\"SIMULATED/hub.example/witness-1\"");
    HUB(0, "clinic", "clinic_a", "journal verify --journal %s", b.directory);
    HUB(0, "owner", "owner", "hub cosign");
    HUB(0, "clinic", "clinic_a", "hub push --journal %s --json", b.directory);
    /* What it delivered waits for the witness; a day later that is a finding, for everybody who looks. */
    HUB(0, "clinic", "clinic_a", "hub verify");
    helper_sql(database, "UPDATE fadeline.offer SET since_us = since_us - 90000000000");
    HUB(1, "clinic", "clinic_a", "hub verify");
    SAYS("WAITING");
    SAYS("more wait for the hub's signature since 25 h");
    SAYS("fadeline hub cosign");
    HUB(1, "clinic", "clinic_a", "hub verify --json");
    SAYS("\"overdue\": true");
    HUB(1, "owner", "owner", "hub audit --from 2026-05-01 --to 2026-05-31");
    SAYS("more wait for the hub's signature since 25 h");
    HUB(1, "clinic", "clinic_a", "hub roll-up --from 2026-05-01 --to 2026-05-31");
    SAYS("log WAITING");
    HUB(0, "owner", "owner", "hub cosign");
    HUB(0, "owner", "owner", "hub verify");
    HUB(1, "clinic", "clinic_a",
        "hub push --journal %s --hub hub.example/witness-1+321a97a3+BCmsuuFBvMrwsi4alNNNC8c2HlJtC/"
        "4SyJeUvJMilm3X",
        b.directory);
    SAYS("knows another hub");
    HUB(0, "clinic", "clinic_a", "hub verify");
    SAYS("1 logs, all hold");
    /* A restored copy, then written on: rollback is told to the console, the fork by everybody. */
    char line[3500], copy[128];
    snprintf(copy, sizeof copy, "%s/copy", home);
    snprintf(line, sizeof line,
             "cp -r %s %s && cp -r %s %s2 && printf '801246\\n' >%s/pin && echo 111 >%s/wrong", b.directory,
             copy, b.directory, copy, home, home);
    CHECK(system(line) == 0, "copy");
    HUB(0, "owner", "owner", "hub cosign");
    HUB(0, "owner", "owner", "hub push --journal %s", b.directory);
    HUB(0, "owner", "owner", "hub push --journal %s", b.directory);
    /* It is told that it is older before anything is written into it; so the hub can bring back what is
     * missing. */
    HUB(1, "owner", "owner", "hub push --journal %s", copy);
    SAYS("this copy is older");
    SAYS("hub restore");
    HUB(0, "owner", "owner", "people add own:1 --role owner --until 2060-01-01 <%s/pin", home);
    HUB(2, "owner", "owner", "hub restore --journal %s", copy);
    HUB(1, "owner", "owner", "hub restore --journal %s --who own:1 <%s/wrong", copy, home);
    SAYS("PIN is wrong");
    HUB(0, "owner", "owner", "hub restore --journal %s --who own:1 --json <%s/pin", copy, home);
    object = answer();
    CHECK(json_integer_value(json_object_get(object, "appended")) > 0 &&
              json_is_true(json_object_get(object, "changed")),
          "restored: %.600s", output);
    json_decref(object);
    HUB(0, "owner", "owner", "journal verify --journal %s", copy);
    HUB(0, "owner", "owner", "journal show --journal %s --kind config.change", copy);
    SAYS("what=\"healed\"");
    HUB(0, "owner", "owner", "hub restore --journal %s --who own:1 <%s/pin", copy, home);
    SAYS("nothing was changed");
    /* The other copy is written on: nothing can be made good. */
    HUB(0, "owner", "owner", "journal checkpoint --journal %s2", copy);
    HUB(5, "owner", "owner", "hub restore --journal %s2 --who own:1 <%s/pin", copy, home);
    SAYS("FORK");
    for (int i = 0; i < 3; i++) HUB(0, "owner", "owner", "journal checkpoint --journal %s2", copy);
    HUB(1, "owner", "owner", "hub push --journal %s2", copy);
    SAYS("EVIDENCE");
    SAYS("FORK");
    HUB(1, "owner", "owner", "hub push --journal %s", b.directory);
    SAYS("frozen");
    HUB(1, "owner", "owner", "hub verify");
    SAYS("FORKED");
    SAYS("the evidence holds by itself");
    HUB(1, "owner", "owner", "hub verify --json");
    object = answer();
    json_t *log = json_array_get(json_object_get(object, "logs"), 0);
    CHECK(json_is_true(json_object_get(log, "fork")), "fork");
    CHECK(json_array_size(json_object_get(json_object_get(log, "evidence"), "consistency_proof_sha256")) > 3,
          "the evidence is whole");
    json_decref(object);
    books_remove(&b);
    remove_home();
}

FL_TESTS("hub/command", TEST(init_is_made_once), TEST(story_8_3_five_sites_without_netting),
         TEST(a_console_of_its_own))

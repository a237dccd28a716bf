/* labels: unit fault   timeout: 300   needs: fadeline */
/* `fadeline clients`, `record`, `follow-ups`, `invoices`, `people` as processes: the owner's stories 6, 8,
 * 10, 11, 12 and 13 on a journal with sessions in it, and `clients add` killed at any instant. What they
 * print word for word is in tests/golden/clients.txt and records.txt. */
#define TYPED_IN "/state"
#include "helper_typed.h"

#include "fadeline/base/date.h"
#include "fadeline/base/random.h"
#include "fadeline/base/text.h"
#include "fadeline/clients/clients.h"
#include "fadeline/clients/photos.h"
#include "fadeline/journal/verify.h"

#include <signal.h>
#include <sqlite3.h>
#include <sys/stat.h>

static int64_t utc_us;

#define SVC "662931\\n"

static fl_instant stand(void *self)
{
    (void)self;
    return (fl_instant){utc_us};
}

static fl_utc tell(void *self)
{
    (void)self;
    return (fl_utc){utc_us};
}

static const fl_clock clock_of_test = {stand, stand, tell, NULL};

static void path_of(const char *name, char path[200])
{
    snprintf(path, 200, "%s/state/%s", home, name);
}

static fl_journal *open_journal(void)
{
    char path[200];
    fl_journal *journal = NULL;
    fl_error error = {0};
    path_of("journal-simulated", path);
    const fl_journal_options options = {
        .mode = FL_JOURNAL_CREATE, .simulated = true, .clock = &clock_of_test, .no_ballast = true};
    CHECK(fl_journal_open(path, &options, &journal, &error) == FL_OK, "%s", error.what);
    return journal;
}

/* A session as fadeline-control would write it, on this day at 10. */
static void session(fl_date day, uint64_t sid, const char *pat, unsigned pulses)
{
    static uint64_t counter = 4000, gid;
    static fl_entry e;
    fl_error error = {0};
    utc_us = (int64_t)fl_date_days(day) * 86400000000 + 36000000000;
    fl_journal *journal = open_journal();
#define WRITE() CHECK(fl_journal_append(journal, &e, 1, &error) == FL_OK, "%s", error.what)
    fl_entry_begin(&e, FL_KIND_SESSION_OPEN);
    fl_entry_device(&e, "SIM-0007", true);
    fl_entry_count(&e, "sid", sid), fl_entry_count(&e, "ctr", counter), fl_entry_text(&e, "who", "op:17");
    fl_entry_text(&e, "pat", pat), fl_entry_text(&e, "plan", "p");
    WRITE();
    for (unsigned i = 0; i < pulses; i++) {
        fl_entry_begin(&e, FL_KIND_GRANT);
        fl_entry_device(&e, "SIM-0007", true);
        fl_entry_count(&e, "sid", sid), fl_entry_count(&e, "gid", ++gid), fl_entry_count(&e, "ctr", counter);
        fl_entry_text(&e, "plan", "p"), fl_entry_text(&e, "zone", "F-L"), fl_entry_text(&e, "pu", "T");
        fl_entry_int(&e, "energy_uJ", 1), fl_entry_int(&e, "spot_um", 1), fl_entry_int(&e, "wl_nm", 755);
        fl_entry_text(&e, "who", "op:17");
        WRITE();
        fl_entry_begin(&e, FL_KIND_PULSE);
        fl_entry_device(&e, "SIM-0007", true);
        fl_entry_count(&e, "sid", sid), fl_entry_count(&e, "gid", gid), fl_entry_count(&e, "ctr", ++counter);
        fl_entry_int(&e, "meas_uJ", 1);
        WRITE();
    }
    fl_entry_begin(&e, FL_KIND_SESSION_CLOSE);
    fl_entry_device(&e, "SIM-0007", true);
    fl_entry_count(&e, "sid", sid), fl_entry_count(&e, "pulses", pulses);
    WRITE();
#undef WRITE
    fl_journal_close(journal);
}

static void a_clinic_begins(void)
{
    snprintf(home, sizeof home, "/tmp/fl-records-XXXXXX");
    CHECK(mkdtemp(home) != NULL, "home");
    RUN(0, "op:17 may", OP, "people add op:17 --role operator --until 2060-01-01");
    RUN(0, "svc:3 may", SVC, "people add svc:3 --role service --until 2060-01-01");
    RUN(0, "sup:2 may", SUP, "people add sup:2 --role supervisor --until 2060-01-01");
    RUN(0, "own:1 may", OWN, "people add own:1 --role owner --until 2060-01-01");
    RUN(1, "an owner or a supervisor signs", SVC, "people add op:18 --role operator --until 2060-01-01");
    RUN(1, "person or PIN is wrong", "801247\\n" SVC,
        "people add op:18 --role operator --until 2060-01-01 --by own:1");
    RUN(1, "is in", SUP SVC, "people add op:17 --role operator --until 2060-01-01 --by sup:2");
    RUN(0, "op:18 may", SUP "390517\\n", "people add op:18 --role operator --until 2026-05-01 --by sup:2");
    RUN(0, "C-0001 added", OP "Rosa Quill\\n1990-04-01\\n\\nfr\\n",
        "clients add --who op:17 --simulated --date 2026-05-04");
    RUN(0, "C-0002 added", OP "Ada Finch\\n1992-04-01\\n\\nen\\n",
        "clients add --who op:17 --simulated --date 2026-05-04");
    session((fl_date){2026, 5, 4}, 1, "C-0001", 3);
    session((fl_date){2026, 5, 6}, 2, "C-0002", 2);
    session((fl_date){2026, 5, 6}, 3, "", 4); /* a check */
}

/* Story 8: the certificate ended on 2026-05-01. Looking is open, the rest is not, and whom to ask is said. */
static void an_old_certificate_may_only_look(void)
{
    RUN(0, "Rosa Quill", "390517\\n", "clients show C-0001 --who op:18 --simulated --date 2026-05-05");
    RUN(0, "looked at photos", "390517\\n",
        "record look --what photos --pat C-0001 --who op:18 --simulated --date 2026-05-05");
    RUN(1, "the certificate of op:18 ended on 2026-05-01", "390517\\n",
        "record event --pat C-0001 --what other --who op:18 --simulated --date 2026-05-05");
    CHECK(strstr(said, "ask sup:2 or own:1") != NULL, "%.500s", said);
    RUN(1, "svc:3 may not see who a client is", SVC,
        "clients show C-0001 --who svc:3 --simulated --date 2026-05-05");
    RUN(0, "svc:3 may do nothing", OWN, "people end svc:3 --by own:1");
    RUN(0, "role=\"none\"", "", "journal show --kind role.change");
    RUN(0, "role=\"none\"", "", "journal show --simulated --kind role.change"); /* there was one by then */
    RUN(1, "may not record a service", SVC,
        "record service --device example-pico --old 1 --new 0 --doc W-1 --who svc:3 --date 2026-05-05");
    RUN(1, "nobody ends the own", OWN, "people end own:1 --by own:1");
}

/* A name that was typed wrong, and the signed text that somebody asks for. */
static void a_mistake_is_changed_and_a_consent_comes_back(void)
{
    char path[200], out[200], *text;
    size_t size;
    path_of("signed.txt", path), path_of("out.txt", out);
    RUN(0, "C-0002 changed", OP "Ada Bluefinch\\n\\n\\nfr\\n",
        "clients change C-0002 --who op:17 --simulated --date 2026-05-05");
    RUN(0, "Ada Bluefinch", OP, "clients show C-0002 --who op:17 --simulated --date 2026-05-05");
    CHECK(strstr(said, "1992-04-01") && strstr(said, "language    fr"), "%.500s", said);
    RUN(1, "holds nothing of C-0001", OP,
        "clients consent C-0001 --out %s --who op:17 --simulated --date 2026-05-05", out);
    CHECK(fl_place_write(path, "I agree.\nRosa Quill", 19, 0600, NULL) == FL_OK, "write");
    RUN(0, "consent of C-0001: treatment", OP,
        "record consent --pat C-0001 --what treatment --version smp-4 --sid 1 --file %s --who op:17 "
        "--simulated --date "
        "2026-05-05",
        path);
    RUN(0, "C-0001 consent written", OP,
        "clients consent C-0001 --out %s --who op:17 --simulated --date 2026-05-05", out);
    CHECK(fl_place_read(out, 1000, &text, &size, NULL) == FL_OK && size == 19 &&
              strcmp(text, "I agree.\nRosa Quill") == 0,
          "the text comes back");
    free(text);
    CHECK(unlink(path) == 0 && unlink(out) == 0, "only the database has it");
}

/* Story 12. */
static void a_blister_is_followed_up(void)
{
    RUN(0, "event of C-0001: blister", OP,
        "record event --pat C-0001 --what blister --sid 1 --after-h 24 --grade 2 --who op:17 --simulated "
        "--date 2026-05-05");
    RUN(1, "session 2 was of C-0002", OP,
        "record event --pat C-0001 --what blister --sid 2 --who op:17 --simulated --date 2026-05-05");
    RUN(0, "follow-up 24h of session 1 (C-0001)", OP,
        "record follow-up --sid 1 --task 24h --result \"blister, cooled\" --who op:17 --simulated --date "
        "2026-05-05");
    RUN(1, "nobody was treated in session 3", OP,
        "record follow-up --sid 3 --task 24h --who op:17 --simulated --date 2026-05-05");
    RUN(1, "names the client", OP,
        "record follow-up --sid 1 --task 7d --result \"Ms Quill is well\" --who op:17 --simulated --date "
        "2026-05-05");
    RUN(0, "2 overdue, 1 due today, 2 waiting, 1 done", "", "follow-ups --simulated --date 2026-05-13");
    CHECK(strstr(said, "event: blister at 24 h, grade 2") != NULL, "%.900s", said);
    CHECK(strstr(said, "7d   due 2026-05-11  OVERDUE by 2 days") != NULL, "%.900s", said);
    RUN(0, "\"state\": \"overdue\"", "", "follow-ups --simulated --date 2026-05-13 --json");
}

/* Whatever is typed, whoever it is about: the journal keeps for ever. */
static void nobody_is_named_in_a_sentence(void)
{
    RUN(1, "--text names C-0001 ('Quill')", OP,
        "record near-miss --what other --text \"the foot of ms QUILL\" --who op:17 --simulated --date "
        "2026-05-05");
    RUN(1, "--doc names C-0002 ('Finch')", OWN,
        "record service --device example-pico --old 88410 --new 0 --doc finch --who own:1");
    RUN(1, "--document names C-0001 ('Quill')", SUP,
        "devices confirm picoway --head ktp-532 --key energy_max_mJ --value 200 --person sup:2 --document "
        "quill");
    RUN(1, "--explain names C-0001 ('Quill')", OP,
        "energy-check --by-hand --meter /dev/null --dialect ophir --device picoway --head yag-1064 --set-mJ "
        "200 "
        "--counter-before 5 --who op:17 --explain \"Quill stepped on it\"");
    RUN(0, "confirmed", SUP,
        "devices confirm picoway --head yag-1064 --key energy_max_mJ --value 400 --person sup:2 --document "
        "label");
    RUN(0, "confirmed", SUP,
        "devices confirm picoway --head yag-1064 --key beam_shape --value top-hat --person sup:2 --document "
        "label");
    RUN(0, "PLAN", "",
        "plan %s/profiles/cases/case-1.yaml --device picoway --date 2026-05-04 --out %s/plan.json",
        FL_SOURCE_DIR, home);
    RUN(0, "the reason names C-0002 ('Finch')",
        "sign-in op:17 493027\nexplain Finch moved\neyewear 1064 OD7 of quill\n",
        "run %s/plan.json --device manual:picoway --training --date 2026-05-04", home);
    CHECK(strstr(said, "the eyewear names the client ('quill')") ||
              strstr(said, "names the client ('Quill')"),
          "%.900s", said);
}

/* A plan keeps what its case calls the client, and so does the journal; a variant may change it. */
static void a_case_has_a_code_for_its_client(void)
{
    char command[900];
    snprintf(command, sizeof command,
             "sed 's/^client: C-0001/client: Rosa/' %s/profiles/cases/case-1.yaml > %s/rosa.yaml",
             FL_SOURCE_DIR, home);
    CHECK(system(command) == 0, "the case");
    RUN(3, "rosa.yaml:5:9: error: this is no client code", "", "check %s/rosa.yaml", home);
    CHECK(strstr(said, "fadeline clients add") && !strstr(said, "'Rosa'"), "%.500s", said);
    RUN(3, "this is no client code", "", "plan %s/rosa.yaml --device example-pico --date 2026-05-04", home);
}

static void alter(const char *sql)
{
    char path[200];
    sqlite3 *db;
    path_of("clients-simulated.db", path);
    CHECK(sqlite3_open(path, &db) == SQLITE_OK && sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK, "%s",
          sql);
    sqlite3_close(db);
}

/* Somebody with the file took it out, and told nobody. */
static void an_identity_that_is_gone_is_a_finding(void)
{
    static const char audit[] = "audit --simulated --from 2026-05-01 --to 2026-05-31";
    RUN(0, "clients: 2", "", "clients list --simulated");
    CHECK(!strstr(said, "MISSING"), "%.500s", said);
    run("", "%s", audit);
    CHECK(!strstr(said, "identity deleted"), "%.900s", said);
    alter("UPDATE text SET code='X-2' WHERE code='C-0002' AND what=1");
    RUN(0, "IDENTITY MISSING", "", "clients list --simulated");
    CHECK(strstr(said, "C-0002") < strstr(said, "IDENTITY MISSING") && strstr(said, "1 identity is missing"),
          "%.500s", said);
    RUN(0, "\"identity_missing\": true", "", "clients list --simulated --json");
    run("", "%s", audit);
    const char *row = strstr(said, "client C-0002, added 2026-05-04 (entry ");
    CHECK(row && strstr(row, "identity deleted, and no erasure in the journal"), "%.900s", said);
    run("", "%s --json", audit);
    CHECK(strstr(said, "identity deleted, and no erasure in the journal"), "%.900s", said);
    run("", "%s --journal %s/state/journal-simulated", "audit --from 2026-05-01 --to 2026-05-31", home);
    CHECK(!strstr(said, "identity deleted"), "of a journal from elsewhere nobody knows: %.900s", said);
    alter("UPDATE text SET code='C-0002' WHERE code='X-2'");
    RUN(0, "clients: 2", "", "clients list --simulated");
    CHECK(!strstr(said, "MISSING"), "%.500s", said);
}

/* Story 11. */
static void money_is_on_one_list(void)
{
    RUN(0, "invoice 7", OP,
        "record invoice --no 7 --pat C-0001 --amount 120.00 --currency CAD --day 2026-05-04 --sid 1 --who "
        "op:17 "
        "--simulated --date 2026-05-05");
    RUN(0, "invoice 8", OP,
        "record invoice --no 8 --pat C-0001 --amount 120.00 --currency CAD --day 2026-05-05 --who op:17 "
        "--simulated "
        "--date 2026-05-05");
    RUN(0, "1 matched, 2 not", "", "invoices --from 2026-05-01 --to 2026-05-31 --simulated");
    CHECK(strstr(said, "session with pulses, and no invoice") && strstr(said, "no pulses of this client"),
          "%.900s", said);
    RUN(2, "--from and --to", "", "invoices --from 2026-05-01 --to 2026-02-30 --simulated");
}

/* A photo that says where it was taken, built by hand: SOI, an Exif block with a GPS directory, the rest of a
 * picture. */
static void a_photo_with_a_place_is_refused(void)
{
    char path[200];
    static const unsigned char bytes[] = "\xFF\xD8\xFF\xE1\0\x32"
                                         "Exif\0\0"
                                         "II*\0\10\0\0\0"
                                         "\1\0\x25\x88\4\0\1\0\0\0\x1A\0\0\0"
                                         "\0\0\0\0"
                                         "\1\0\2\0\5\0\3\0\0\0\x2C\0\0\0\0\0\0\0"
                                         "\xFF\xDA\0\2\xFF\xD9";
    path_of("place.jpg", path);
    CHECK(fl_place_write(path, bytes, sizeof bytes - 1, 0600, NULL) == FL_OK, "write");
    RUN(3, "this photo says where it was taken", OP,
        "record photo %s --pat C-0001 --what before --who op:17 --simulated --date 2026-05-05", path);
    RUN(0, "photo of C-0001: before", OP,
        "record photo %s/tests/colour/visit-1.jpg --pat C-0001 --what before --sid 1 --who op:17 --simulated "
        "--date "
        "2026-05-05",
        FL_SOURCE_DIR);
}

/* Story 13, and that a journal in use is not waited for. */
static void who_looked_is_told(void)
{
    RUN(0, "photos     op:18", "", "record list --pat C-0001 --simulated");
    CHECK(strstr(said, "identity   op:18") != NULL, "%.900s", said);
    fl_journal *journal = open_journal();
    RUN(4, "a session is running", OP,
        "record look --what photos --pat C-0001 --who op:17 --simulated --date 2026-05-05");
    RUN(0, "photos     op:18", "", "record list --pat C-0001 --simulated");
    fl_journal_close(journal);
}

/* Five wrong PINs in five processes, and the right one waits. */
static void guessing_is_slowed_across_processes(void)
{
    for (int i = 0; i < 5; i++)
        RUN(1, "person or PIN is wrong", "111112\\n",
            "clients show C-0002 --who op:17 --simulated --date 2037-02-01");
    RUN(1, "too many wrong tries", OP, "clients show C-0002 --who op:17 --simulated --date 2037-02-01");
}

static bool holds(const char *name, const char *text)
{
    char path[200], *bytes;
    size_t size;
    path_of(name, path);
    if (fl_place_read(path, 1 << 26, &bytes, &size, NULL) != FL_OK) return false;
    const bool found = memmem(bytes, size, text, strlen(text)) != NULL;
    free(bytes);
    return found;
}

/* Story 10: before the day no, after it the name is nowhere, the pulses are all there, the journal verifies.
 */
static void an_identity_is_erased(void)
{
    char path[200];
    fl_error error = {0};
    fl_verify_report before = {0}, after = {0};
    path_of("journal-simulated", path);
    CHECK(fl_verify(path, &(fl_verify_options){0}, &before, &error) == FL_OK, "%s", error.what);
    CHECK(holds("clients-simulated.db", "Rosa Quill"), "she is there");
    char photos[200];
    path_of("photos-simulated", photos);
    CHECK(fl_photos_has(photos, "C-0001"), "her photo is there");
    RUN(1, "has to be kept until 2036-05-05", OWN SUP,
        "clients erase C-0001 --why over --who own:1 --second sup:2 --simulated --date 2036-05-05");
    RUN(1, "may not erase", SUP OWN,
        "clients erase C-0001 --why over --who sup:2 --second own:1 --simulated --date 2036-05-06");
    RUN(1, "the second person is another one", OWN OWN,
        "clients erase C-0001 --why over --who own:1 --second own:1 --simulated --date 2036-05-06");
    RUN(0, "is erased", OWN SUP,
        "clients erase C-0001 --why over --who own:1 --second sup:2 --simulated --date 2036-05-06");
    static const char *const files[] = {"clients-simulated.db", "clients-simulated.db-wal",
                                        "journal-simulated/journal.db", "journal-simulated/journal.db-wal"};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        CHECK(!holds(files[i], "Quill"), "her name is in %s", files[i]);
    CHECK(!fl_photos_has(photos, "C-0001"), "her photo is still there");
    RUN(0, "photos", "", "record list --pat C-0001 --simulated");
    CHECK(strstr(said, "erase   photos") != NULL, "%.900s", said);
    uint8_t sha256[FL_SHA256_SIZE]; /* an old backup brings it back */
    CHECK(fl_photos_put(photos, "C-0001", "back", 4, sha256, NULL) == FL_OK, "back");
    CHECK(holds("clients-simulated.db", "Ada Bluefinch"), "the other client stays");
    CHECK(fl_verify(path, &(fl_verify_options){0}, &after, &error) == FL_OK, "%s", error.what);
    CHECK(after.pulses == before.pulses && after.pulses == 9, "%llu pulses",
          (unsigned long long)after.pulses);
    RUN(0, "C-0003 added", OP "Next Person\\n1990-04-01\\n\\n\\n",
        "clients add --who op:17 --simulated --date 2036-05-07");
    CHECK(!fl_photos_has(photos, "C-0001"), "what a backup brought back is still there");
    RUN(1, "and never again", OP "Rosa Again\\n1990-04-01\\n\\n\\n",
        "clients add --code C-0001 --who op:17 --simulated --date 2036-05-07");
}

/* ---- killed at any instant ---- */

static pid_t start_add(int n, int *out)
{
    int typed[2], answer[2];
    char lines[120], state[80];
    if (pipe(typed) || pipe(answer)) abort();
    const int length = snprintf(lines, sizeof lines, "493027\nKilled-%04d Person\n1990-04-01\n\n\n", n);
    if (write(typed[1], lines, (size_t)length) != length) abort();
    close(typed[1]);
    const pid_t child = fork();
    if (child == 0) {
        dup2(typed[0], STDIN_FILENO), dup2(answer[1], STDOUT_FILENO);
        close(answer[0]), close(answer[1]), close(typed[0]);
        snprintf(state, sizeof state, "%s/state", home);
        setenv("FADELINE_HOME", state, 1), setenv("FADELINE_DATA", FL_SOURCE_DIR, 1);
        execl(FL_BUILD_DIR "/fadeline", "fadeline", "clients", "add", "--who", "op:17", "--simulated",
              "--date", "2037-01-01", (char *)NULL);
        _exit(72);
    }
    close(typed[0]), close(answer[1]);
    *out = answer[0];
    return child;
}

/* Each client of the journal is in the database with its text, each text has its entry, and whoever was told
 * "added" is there under that name. */
static void nothing_is_half(char told[][16], int count)
{
    char path[200];
    fl_clients *clients = NULL;
    fl_settled settled;
    fl_error error = {0};
    unsigned entries = 0;
    path_of("clients-simulated.db", path);
    fl_journal *journal = open_journal();
    CHECK(fl_clients_open(path, true, &clients, &error) == FL_OK, "%s", error.what);
    if (!clients || !journal) return;
    CHECK(fl_clients_settle(clients, journal, &settled, &error) == FL_OK, "%s", error.what);
    for (uint64_t i = 0; i < fl_journal_size(journal); i++) {
        fl_record r;
        char pat[32], *text;
        size_t size;
        fl_commitment cmt;
        if (fl_journal_record(journal, i, &r) != FL_OK || !fl_record_is(&r, FL_KIND_CLIENT) ||
            fl_record_text(&r, "pat", pat, sizeof pat) != FL_OK ||
            strcmp(pat, "C-0003") < 0) /* erased, and changed */
            continue;
        entries++;
        CHECK(fl_clients_read(clients, pat, FL_TEXT_IDENTITY, &text, &size, &cmt, &error) == FL_OK, "%s: %s",
              pat, error.what);
        char hex[2 * FL_SHA256_SIZE + 1];
        CHECK(fl_record_text_is(&r, "cmt", fl_hex(cmt.byte, sizeof cmt.byte, hex)), "%s: another text", pat);
        for (int n = 0; n < count; n++) {
            char name[40];
            snprintf(name, sizeof name, "Killed-%04d Person", n);
            if (strcmp(told[n], pat) != 0) continue;
            CHECK(strstr(text, name) != NULL, "%s is %s", pat, text);
            told[n][0] = 0;
        }
        free(text);
    }
    for (int n = 0; n < count; n++) CHECK(!told[n][0], "%s was told and is not there", told[n]);
    fprintf(stderr, "  %u clients; in the end %u kept, %u dropped\n", entries, settled.kept, settled.dropped);
    fl_clients_close(clients);
    fl_journal_close(journal);
}

static off_t log_size(void)
{
    char path[200];
    struct stat info;
    path_of("clients-simulated.db-wal", path);
    return stat(path, &info) == 0 ? info.st_size : 0;
}

/* The log of the database grows, or begins anew after a run that ended well. Three seconds at most. */
static void wait_for_the_text(off_t was)
{
    for (int i = 0; i < 30000; i++) {
        const off_t is = log_size();
        if (is > was) return;
        was = is;
        usleep(100);
    }
}

#define KILLS 24

static void killed_at_any_instant(void)
{
    static char told[KILLS][16];
    fl_random random;
    fl_random_init(&random, 6, 1);
    utc_us = (int64_t)fl_date_days((fl_date){2037, 1, 2}) * 86400000000;
    for (int n = 0; n < KILLS; n++) {
        char answer[200];
        int out;
        const pid_t child = start_add(n, &out);
        if (n % 4 == 0)
            usleep(150000 + (useconds_t)(fl_random_uniform(&random) * 700000));
        else /* soon after the text is in the database, while the journal is written */
            wait_for_the_text(log_size()), usleep((useconds_t)(fl_random_uniform(&random) * 9000));
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
        const ssize_t got = read(out, answer, sizeof answer - 1);
        close(out);
        answer[got > 0 ? got : 0] = 0;
        if (sscanf(answer, "SIMULATED %15s added", told[n]) != 1) told[n][0] = 0;
    }
    nothing_is_half(told, KILLS);
    RUN(0, "journal intact", "", "journal verify --simulated");
}

static void cleaned_up(void)
{
    char command[80];
    snprintf(command, sizeof command, "rm -rf %s", home);
    CHECK(system(command) == 0, "clean up");
}

FL_TESTS("cli/clients", TEST(a_clinic_begins), TEST(an_old_certificate_may_only_look),
         TEST(a_mistake_is_changed_and_a_consent_comes_back), TEST(a_blister_is_followed_up),
         TEST(nobody_is_named_in_a_sentence), TEST(an_identity_that_is_gone_is_a_finding),
         TEST(a_case_has_a_code_for_its_client), TEST(money_is_on_one_list),
         TEST(a_photo_with_a_place_is_refused), TEST(who_looked_is_told), TEST(an_identity_is_erased),
         TEST(killed_at_any_instant), TEST(guessing_is_slowed_across_processes), TEST(cleaned_up))

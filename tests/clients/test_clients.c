/* labels: unit fault   timeout: 120 */
/* The clients' database: what is committed to, what a crash leaves, what an erasure leaves. */
#include "check.h"
#include "helper_world.h"

#include "fadeline/base/random.h"
#include "fadeline/base/text.h"
#include "fadeline/journal/verify.h"

#include <signal.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* The vector of the reference on journals, section 10.4. */
static void a_commitment_is_the_published_one(void)
{
    static const uint8_t salt[FL_CLIENT_SALT];
    static const char text[] = "{\"name\":\"TEST ONLY\"}";
    char hex[2 * FL_SHA256_SIZE + 1];
    const fl_commitment cmt = fl_commit(salt, text, sizeof text - 1);
    CHECK_TEXT(fl_hex(cmt.byte, sizeof cmt.byte, hex),
               "905100883942cbf5cc56d5c5f3ed9c4070ec537f76ccb1a9ed5670bcfff7adaa", "10.4");
}

static void a_code_holds_no_name(void)
{
    static const char *const good[] = {"C-0001", "AB-7", "XYZ-12345678"};
    static const char *const bad[] = {"",     "C-",   "C0001", "c-0001", "RAE-",  "ABCD-1", "C-123456789",
                                      "C-1a", "C-1 ", "ROSA",  "C--1",   "p:5d1f"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) CHECK(fl_client_code_is(good[i]), "%s", good[i]);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) CHECK(!fl_client_code_is(bad[i]), "'%s'", bad[i]);
}

static void what_is_put_comes_back(void)
{
    world w;
    fl_error error = {0};
    char *bytes;
    size_t size;
    fl_commitment one, two, got;
    world_make(&w);
    world_open(&w);
    struct stat info;
    CHECK(stat(w.db, &info) == 0 && (info.st_mode & 0777) == 0600, "mode %o", info.st_mode & 0777);
    CHECK(fl_clients_put(w.clients, "C-0001", FL_TEXT_IDENTITY, "first", 5, &one, &error) == FL_OK, "put");
    CHECK(fl_clients_read(w.clients, "C-0001", FL_TEXT_IDENTITY, &bytes, &size, &got, &error) == FL_E_NO,
          "a waiting text is not one that is kept");
    CHECK(fl_clients_keep(w.clients, &one, &error) == FL_OK, "keep");
    CHECK(fl_clients_put(w.clients, "C-0001", FL_TEXT_IDENTITY, "first", 5, &two, &error) == FL_OK, "again");
    CHECK(!fl_same_digest(one.byte, two.byte), "the same text twice has two salts, so two hashes");
    CHECK(fl_clients_keep(w.clients, &two, &error) == FL_OK, "keep");
    CHECK(fl_clients_put(w.clients, "C-0001", FL_TEXT_CONSENT, "a\0b", 3, &one, &error) == FL_OK, "consent");
    CHECK(fl_clients_keep(w.clients, &one, &error) == FL_OK, "keep");
    CHECK(fl_clients_read(w.clients, "C-0001", FL_TEXT_IDENTITY, &bytes, &size, &got, &error) == FL_OK,
          "read");
    CHECK(size == 5 && strcmp(bytes, "first") == 0 && fl_same_digest(got.byte, two.byte), "the newest");
    free(bytes);
    CHECK(fl_clients_read(w.clients, "C-0001", FL_TEXT_CONSENT, &bytes, &size, &got, &error) == FL_OK,
          "read");
    CHECK(size == 3 && memcmp(bytes, "a\0b", 4) == 0, "bytes are bytes");
    free(bytes);
    CHECK(fl_clients_put(w.clients, "Rosa", FL_TEXT_IDENTITY, "x", 1, &one, &error) == FL_E_RANGE,
          "a name as code");
    world_remove(&w);
}

/* ---- files that are refused, and stay as they were ---- */

static void run_sql(const char *path, const char *sql)
{
    sqlite3 *db;
    CHECK(sqlite3_open(path, &db) == SQLITE_OK && sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK,
          "%s: %s", sql, sqlite3_errmsg(db));
    sqlite3_close(db);
}

static void refused(world *w, bool simulated, const char *what, const char *hint)
{
    fl_error error = {0};
    fl_clients *clients = NULL;
    char *before, *after;
    size_t was = 0, is = 0;
    CHECK(fl_place_read(w->db, 1 << 24, &before, &was, &error) == FL_OK, "%s", what);
    CHECK(fl_clients_open(w->db, simulated, &clients, &error) == FL_E_FILE, "%s: opened", what);
    CHECK(strstr(error.what, what) && strstr(error.hint, hint), "%s: %s / %s", what, error.what, error.hint);
    CHECK(fl_place_read(w->db, 1 << 24, &after, &is, &error) == FL_OK, "%s", what);
    CHECK(was == is && memcmp(before, after, was) == 0, "%s: the file was changed", what);
    fl_clients_close(clients);
    free(before);
    free(after);
}

static void a_file_that_is_not_ours_is_refused(void)
{
    world w;
    world_make(&w);
    world_open(&w);
    world_add(&w, "C-0001", "{\"name\":\"Rosa Quill\"}");
    world_close(&w);
    refused(&w, false, "these clients are invented", "--simulated");
    CHECK(chmod(w.db, 0640) == 0, "chmod");
    refused(&w, true, "others may read", "chmod 600");
    CHECK(chmod(w.db, 0600) == 0, "chmod");
    run_sql(w.db, "PRAGMA user_version=2");
    refused(&w, true, "another version", "use that one");
    run_sql(w.db, "PRAGMA user_version=1; PRAGMA application_id=77");
    refused(&w, true, "another program", "somewhere else");
    CHECK(fl_place_write(w.db, "not a database at all, but a letter to a friend", 47, 0600, NULL) == FL_OK,
          "write");
    refused(&w, true, "damaged", "backup");
    char other[128];
    snprintf(other, sizeof other, "%s.other", w.db);
    CHECK(rename(w.db, other) == 0 && symlink(other, w.db) == 0, "link");
    refused(&w, true, "file of its own", "no link");
    world_remove(&w);
}

/* Every byte of pages that hold texts, changed in turn: opened and read, never another text. */
static void a_changed_byte_is_never_another_text(void)
{
    world w;
    fl_error error = {0};
    char *good;
    size_t size;
    unsigned refusals = 0, same = 0;
    world_make(&w);
    world_open(&w);
    world_add(&w, "C-0001", "{\"name\":\"Rosa Quill\"}");
    world_close(&w);
    CHECK(fl_place_read(w.db, 1 << 24, &good, &size, &error) == FL_OK, "read");
    for (size_t i = 3; i < size; i += 17) {
        char *text;
        size_t length;
        fl_commitment cmt;
        good[i] ^= 0x15;
        unlink(w.db);
        CHECK(fl_place_write(w.db, good, size, 0600, NULL) == FL_OK, "write");
        good[i] ^= 0x15;
        fl_clients *clients = NULL;
        if (fl_clients_open(w.db, true, &clients, &error) != FL_OK ||
            fl_clients_read(clients, "C-0001", FL_TEXT_IDENTITY, &text, &length, &cmt, &error) != FL_OK) {
            refusals++;
        } else {
            CHECK(strcmp(text, "{\"name\":\"Rosa Quill\"}") == 0, "byte %zu: '%s' was believed", i, text);
            free(text);
            same++;
        }
        fl_clients_close(clients);
    }
    CHECK(refusals > 5 && same > 5, "%u refused, %u as before", refusals, same);
    free(good);
    world_remove(&w);
}

/* ---- crashes ---- */

static void settle(world *w, unsigned kept, unsigned dropped, unsigned erased, const char *what)
{
    fl_settled s;
    fl_error error = {0};
    CHECK(fl_clients_settle(w->clients, w->journal, &s, &error) == FL_OK, "%s: %s", what, error.what);
    CHECK(s.kept == kept && s.dropped == dropped && s.erased == erased, "%s: kept %u, dropped %u, erased %u",
          what, s.kept, s.dropped, s.erased);
}

static void between_two_steps(void)
{
    world w;
    fl_error error = {0};
    fl_commitment cmt;
    world_make(&w);
    world_open(&w);
    CHECK(fl_clients_put(w.clients, "C-0001", FL_TEXT_IDENTITY, "Rosa Quill was here", 19, &cmt, &error) ==
              FL_OK,
          "put");
    world_close(&w);
    world_open(&w);
    settle(&w, 0, 1, 0, "died before the entry");
    CHECK(!fl_clients_has(w.clients, "C-0001") && !world_finds(&w, "Rosa Quill"), "nothing is left of her");
    CHECK(fl_clients_put(w.clients, "C-0001", FL_TEXT_IDENTITY, "Rosa Quill was here", 19, &cmt, &error) ==
              FL_OK,
          "put");
    char hex[2 * FL_SHA256_SIZE + 2] = "=";
    fl_hex(cmt.byte, sizeof cmt.byte, hex + 1);
    world_write(&w, FL_KIND_CLIENT, "pat", "=C-0001", "cmt", hex, "who", "=op:17", NULL);
    world_close(&w);
    world_open(&w);
    settle(&w, 1, 0, 0, "died after the entry");
    settle(&w, 0, 0, 0, "once is enough");
    world_write(&w, FL_KIND_ERASE, "what", "=identity", "pat", "=C-0001", "who", "=own:1", NULL);
    world_close(&w);
    world_open(&w);
    settle(&w, 0, 0, 1, "died before the deletion");
    CHECK(!fl_clients_has(w.clients, "C-0001") && !world_finds(&w, "Rosa Quill"), "erased");
    world_remove(&w);
}

/* The entry of another client with the same hash does not keep a text: hash and code go together. */
static void a_backup_that_comes_back_is_erased_again(void)
{
    world w;
    char *old;
    size_t size;
    fl_error error = {0};
    world_make(&w);
    world_open(&w);
    world_add(&w, "C-0001", "{\"name\":\"Rosa Quill\"}");
    world_add(&w, "C-0002", "{\"name\":\"Ada Finch\"}");
    fl_clients_close(w.clients);
    w.clients = NULL;
    CHECK(fl_place_read(w.db, 1 << 24, &old, &size, &error) == FL_OK, "backup");
    CHECK(fl_clients_open(w.db, true, &w.clients, &error) == FL_OK, "open");
    world_write(&w, FL_KIND_ERASE, "what", "=identity", "pat", "=C-0001", "who", "=own:1", NULL);
    CHECK(fl_clients_erase(w.clients, "C-0001", &error) == FL_OK, "%s", error.what);
    world_close(&w);
    CHECK(fl_place_write(w.db, old, size, 0600, &error) == FL_OK, "restore");
    CHECK(world_finds(&w, "Rosa Quill"), "the backup has her");
    world_open(&w);
    settle(&w, 0, 0, 1, "backup");
    CHECK(!world_finds(&w, "Rosa Quill") && world_finds(&w, "Ada Finch"), "one goes, one stays");
    free(old);
    world_remove(&w);
}

/* A process that adds and erases without pause, killed at any instant: what it was told is done is done, and
 * nothing is half. It tells through a pipe: "+" and "-" with a number, after the last step of each. */
static void add_and_erase_for_ever(world *w, unsigned from, int told)
{
    for (unsigned n = from;; n++) {
        char code[16], text[64], pat[20], line[16];
        fl_error error = {0};
        snprintf(code, sizeof code, "C-%04u", n);
        snprintf(text, sizeof text, "{\"name\":\"secret-%04u-person\"}", n);
        world_add(w, code, text);
        snprintf(line, sizeof line, "+%04u\n", n);
        if (write(told, line, 6) != 6) _exit(1);
        if (n % 3) continue;
        snprintf(pat, sizeof pat, "=C-%04u", n - 1);
        snprintf(code, sizeof code, "C-%04u", n - 1);
        world_write(w, FL_KIND_ERASE, "what", "=identity", "pat", pat, "who", "=own:1", NULL);
        if (fl_clients_erase(w->clients, code, &error) != FL_OK) _exit(2);
        snprintf(line, sizeof line, "-%04u\n", n - 1);
        if (write(told, line, 6) != 6) _exit(1);
    }
}

#define PEOPLE_MOST 4096

static void each_is_whole(world *w, const bool *added, const bool *erased, int round)
{
    bool in_journal[PEOPLE_MOST] = {false}, gone[PEOPLE_MOST] = {false};
    for (uint64_t i = 0; i < fl_journal_size(w->journal); i++) {
        fl_record r;
        char pat[32];
        CHECK(fl_journal_record(w->journal, i, &r) == FL_OK, "entry");
        if (fl_record_text(&r, "pat", pat, sizeof pat) != FL_OK) continue;
        (fl_record_is(&r, FL_KIND_ERASE) ? gone : in_journal)[atoi(pat + 2)] = true;
    }
    for (unsigned n = 1; n < PEOPLE_MOST; n++) {
        char code[16], name[32], *text;
        size_t size;
        fl_commitment cmt;
        fl_error error = {0};
        snprintf(code, sizeof code, "C-%04u", n);
        snprintf(name, sizeof name, "secret-%04u-person", n);
        CHECK(!added[n] || in_journal[n], "round %d: %s was told and is not in the journal", round, code);
        CHECK(!erased[n] || gone[n], "round %d: erasure of %s was told and is not in the journal", round,
              code);
        if (in_journal[n] && !gone[n]) {
            CHECK(fl_clients_read(w->clients, code, FL_TEXT_IDENTITY, &text, &size, &cmt, &error) == FL_OK,
                  "round %d: %s: %s", round, code, error.what);
            free(text);
        } else if (in_journal[n] || n < 40) {
            CHECK(!fl_clients_has(w->clients, code), "round %d: %s is still there", round, code);
        }
        if (gone[n]) CHECK(!world_finds(w, name), "round %d: %s is found in the file", round, code);
    }
}

static void killed_at_any_instant(void)
{
    static bool added[PEOPLE_MOST], erased[PEOPLE_MOST];
    world w;
    fl_random random;
    unsigned next = 1, settled_any = 0;
    fl_random_init(&random, 8, 1);
    world_make(&w);
    for (int round = 0; round < 40; round++) {
        int pair[2];
        CHECK(pipe(pair) == 0, "pipe");
        const pid_t child = fork();
        if (child == 0) {
            close(pair[0]);
            world_open(&w);
            add_and_erase_for_ever(&w, next, pair[1]);
        }
        close(pair[1]);
        char line[7] = "";
        if (read(pair[0], line, 6) == 6) added[atoi(line + 1)] = true; /* it is at work */
        usleep((useconds_t)(fl_random_uniform(&random) * 40000));
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
        while (read(pair[0], line, 6) == 6) (*line == '+' ? added : erased)[atoi(line + 1)] = true;
        close(pair[0]);
        world_open(&w);
        fl_settled s;
        fl_error error = {0};
        CHECK(fl_clients_settle(w.clients, w.journal, &s, &error) == FL_OK, "%s", error.what);
        settled_any += s.kept + s.dropped + s.erased;
        each_is_whole(&w, added, erased, round);
        while (next < PEOPLE_MOST - 500 && (added[next] || fl_clients_has(w.clients, "C-0000"))) next++;
        for (uint64_t i = 0; i < fl_journal_size(w.journal); i++) {
            fl_record r;
            char pat[32];
            if (fl_journal_record(w.journal, i, &r) == FL_OK &&
                fl_record_text(&r, "pat", pat, sizeof pat) == FL_OK && (unsigned)atoi(pat + 2) >= next)
                next = (unsigned)atoi(pat + 2) + 1;
        }
        world_close(&w);
    }
    fl_verify_report report = {0};
    fl_error error = {0};
    CHECK(fl_verify(w.log, &(fl_verify_options){0}, &report, &error) == FL_OK, "%s", error.what);
    fprintf(stderr, "  %u people, %u times something to settle\n", next - 1, settled_any);
    CHECK(next > 30, "only %u people in all", next);
    world_remove(&w);
}

/* Texts of many sizes, so that pages fill, split and empty; half of the clients erased in a random order. */
static void nothing_is_found_of_the_erased(void)
{
    world w;
    fl_random random;
    fl_error error = {0};
    bool gone[61] = {false};
    fl_random_init(&random, 3, 1);
    world_make(&w);
    world_open(&w);
    for (int n = 1; n <= 60; n++) {
        static char text[9000];
        char code[16], name[24];
        snprintf(code, sizeof code, "C-%04d", n);
        snprintf(name, sizeof name, "<secret-%04d>", n);
        size_t length = 0;
        for (unsigned times = 1 + (unsigned)(fl_random_uniform(&random) * 500); times--;
             length += strlen(name))
            memcpy(text + length, name, strlen(name) + 1);
        world_add(&w, code, text);
    }
    for (int i = 0; i < 12; i++) {
        char code[16], name[24];
        const int n = 1 + (int)(fl_random_uniform(&random) * 60);
        snprintf(code, sizeof code, "C-%04d", n);
        CHECK(fl_clients_erase(w.clients, code, &error) == FL_OK, "%s: %s", code, error.what);
        gone[n] = true;
        for (int m = 1; m <= 60; m++) {
            snprintf(name, sizeof name, "secret-%04d", m);
            CHECK(world_finds(&w, name) == !gone[m], "after %s: %s %s", code, name,
                  gone[m] ? "found" : "missing");
        }
    }
    world_remove(&w);
}

FL_TESTS("clients/clients", TEST(a_commitment_is_the_published_one), TEST(a_code_holds_no_name),
         TEST(what_is_put_comes_back), TEST(a_file_that_is_not_ours_is_refused),
         TEST(a_changed_byte_is_never_another_text), TEST(between_two_steps),
         TEST(a_backup_that_comes_back_is_erased_again), TEST(killed_at_any_instant),
         TEST(nothing_is_found_of_the_erased))

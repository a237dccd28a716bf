/* labels: unit fault   timeout: 120 */
/* Whatever step a crash comes after, and whatever write fails: after settling, the database holds what the
 * journal says. */
#include "check.h"
#include "helper_world.h"

#include "fadeline/base/random.h"
#include "fadeline/base/text.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define CODES 12

/* What the journal says of each code, as this test wrote it. */
typedef struct model {
    unsigned texts[CODES]; /* kept ones */
    bool erased[CODES];
} model;

static void name_of(int code, char room[24], bool as_value)
{
    snprintf(room, 24, "%sC-%04d", as_value ? "=" : "", code);
}

/* `steps` of three: put, entry, keep. Returns whether the entry was written. */
static bool add(world *w, int code, unsigned number, int steps)
{
    char pat[24], value[24], text[64], hex[2 * FL_SHA256_SIZE + 2] = "=";
    fl_error error = {0};
    fl_commitment cmt;
    name_of(code, pat, false), name_of(code, value, true);
    snprintf(text, sizeof text, "secret-%02d-%05u", code, number);
    if (steps < 1) return false;
    CHECK(fl_clients_put(w->clients, pat, FL_TEXT_IDENTITY, text, strlen(text), &cmt, &error) == FL_OK, "%s",
          error.what);
    if (steps < 2) return false;
    fl_hex(cmt.byte, sizeof cmt.byte, hex + 1);
    world_write(w, FL_KIND_CLIENT, "pat", value, "cmt", hex, "who", "=op:17", NULL);
    if (steps < 3) return true;
    CHECK(fl_clients_keep(w->clients, &cmt, &error) == FL_OK, "%s", error.what);
    return true;
}

static bool erase(world *w, int code, int steps)
{
    char pat[24], value[24];
    fl_error error = {0};
    name_of(code, pat, false), name_of(code, value, true);
    if (steps < 1) return false;
    world_write(w, FL_KIND_ERASE, "what", "=identity", "pat", value, "who", "=own:1", NULL);
    if (steps > 1) CHECK(fl_clients_erase(w->clients, pat, &error) == FL_OK, "%s", error.what);
    return true;
}

static void compare(world *w, const model *m, int round)
{
    for (int code = 1; code < CODES; code++) {
        char pat[24], mark[24], *text = NULL;
        size_t size;
        fl_commitment cmt;
        name_of(code, pat, false);
        snprintf(mark, sizeof mark, "secret-%02d-", code);
        const bool wanted = m->texts[code] && !m->erased[code];
        const bool there =
            fl_clients_read(w->clients, pat, FL_TEXT_IDENTITY, &text, &size, &cmt, NULL) == FL_OK;
        CHECK(there == wanted, "round %d: %s is %sthere", round, pat, there ? "" : "not ");
        CHECK(fl_clients_has(w->clients, pat) == wanted, "round %d: %s: something waits", round, pat);
        CHECK(wanted || !world_finds(w, mark), "round %d: %s is found in the file", round, pat);
        if (there) free(text);
    }
}

static void after_any_step(void)
{
    world w;
    model m = {{0}, {false}};
    fl_random random;
    unsigned seen[3] = {0};
    fl_random_init(&random, 17, 1);
    world_make(&w);
    world_open(&w);
    for (int round = 0; round < 160; round++) {
        const int code = 1 + (int)(fl_random_u64(&random) % (CODES - 1)),
                  steps = (int)(fl_random_u64(&random) % 4);
        const bool erases = fl_random_u64(&random) % 12 == 0;
        if (erases) {
            m.erased[code] |= erase(&w, code, steps);
        } else if (!m.erased[code]) { /* a code is never used again */
            m.texts[code] += add(&w, code, (unsigned)round, steps);
        }
        if (fl_random_u64(&random) % 2) continue;
        world_close(&w); /* what had not been written down is forgotten, as in a crash */
        world_open(&w);
        fl_settled s;
        fl_error error = {0};
        CHECK(fl_clients_settle(w.clients, w.journal, &s, &error) == FL_OK, "%s", error.what);
        seen[0] += s.kept, seen[1] += s.dropped, seen[2] += s.erased;
        compare(&w, &m, round);
    }
    CHECK(seen[0] > 5 && seen[1] > 5 && seen[2] > 0, "kept %u, dropped %u, erased %u", seen[0], seen[1],
          seen[2]);
    world_remove(&w);
}

/* The disk takes so many bytes a file and no more: a process is told no, or yes, and yes is true afterwards.
 */
static int put_with_limit(world *w, size_t limit, unsigned number)
{
    fflush(NULL);
    const pid_t child = fork();
    if (child == 0) {
        char text[600];
        fl_error error = {0};
        fl_commitment cmt;
        fl_clients *clients = NULL;
        memset(text, 'x', sizeof text);
        snprintf(text, sizeof text, "full-%04u", number);
        text[strlen(text)] = ' ';
        signal(SIGXFSZ, SIG_IGN);
        const struct rlimit most = {limit, limit};
        setrlimit(RLIMIT_FSIZE, &most);
        fl_status status = fl_clients_open(w->db, true, &clients, &error);
        if (status == FL_OK)
            status = fl_clients_put(clients, "C-0001", FL_TEXT_IDENTITY, text, sizeof text, &cmt, &error);
        if (status == FL_OK) status = fl_clients_keep(clients, &cmt, &error);
        _exit(status == FL_OK ? 0 : 10 + (int)status);
    }
    int how = 0;
    waitpid(child, &how, 0);
    return WIFEXITED(how) ? WEXITSTATUS(how) : 128;
}

static void when_the_disk_is_full(void)
{
    world w;
    unsigned yes = 0, no = 0;
    world_make(&w);
    world_open(&w);
    world_add(&w, "C-0002", "somebody else");
    world_close(&w);
    for (unsigned n = 0; n < 60; n++) {
        char mark[24], *text;
        size_t size;
        fl_commitment cmt;
        fl_error error = {0};
        fl_clients *clients = NULL;
        const int code = put_with_limit(&w, n * 1024, n);
        CHECK(code == 0 || code == 10 + FL_E_FULL || code == 10 + FL_E_IO, "limit %u KiB: left with %d", n,
              code);
        if (code)
            no++;
        else
            yes++;
        snprintf(mark, sizeof mark, "full-%04u", n);
        CHECK(fl_clients_open(w.db, true, &clients, &error) == FL_OK, "limit %u KiB: %s", n, error.what);
        if (!clients) continue;
        if (!code) {
            CHECK(fl_clients_read(clients, "C-0001", FL_TEXT_IDENTITY, &text, &size, &cmt, &error) == FL_OK,
                  "%s", error.what);
            CHECK(memcmp(text, mark, strlen(mark)) == 0, "limit %u KiB: another text", n);
            free(text);
        }
        CHECK(fl_clients_read(clients, "C-0002", FL_TEXT_IDENTITY, &text, &size, &cmt, &error) == FL_OK, "%s",
              error.what);
        free(text);
        fl_clients_close(clients);
    }
    CHECK(yes > 5 && no > 5, "%u yes, %u no", yes, no);
    world_remove(&w);
}

FL_TESTS("clients/settle", TEST(after_any_step), TEST(when_the_disk_is_full))

/* labels: unit fault   timeout: 240 */
/* Several at once: consoles of one log and of others, and two witnesses, all under SERIALIZABLE, as a
 * distributed engine has it. Transactions then really have to begin again (SQLSTATE 40001). */
#include "check.h"

#include "db.h"
#include "helper_chain.h"
#include "helper_server.h"

#include "fadeline/hub/verify.h"

#include <sys/wait.h>
#include <unistd.h>

#define LOGS 3
#define ROUNDS 6

static const char *const origins[LOGS] = {"SIMULATED/log.example/clinic-1/a",
                                          "SIMULATED/log.example/clinic-2/b",
                                          "SIMULATED/log.example/clinic-3/c"};

/* A console: pushes its log as it grows. Two consoles of one log say the same. Exit code: what went wrong. */
static int console(const char *uri, size_t log)
{
    chain c;
    fl_hub *hub;
    fl_error error = {0};
    chain_init(&c, origins[log], (uint8_t)(10 + log));
    if (fl_hub_open(uri, 12, &hub, &error) != FL_OK) return 1;
    for (int round = 0; round < ROUNDS; round++) {
        fl_push_report report;
        chain_add(&c, 150, 1);
        const fl_push_source source = chain_source(&c);
        const fl_push_options options = {0};
        const fl_status status = fl_hub_push(hub, &source, &options, &report, &error);
        /* Somebody else may already have pushed on, and the witness taken it: then this one is behind. */
        if (status != FL_OK && report.judgement != FL_JUDGE_ROLLBACK)
            return fl_error_print(stderr, &error), 2;
    }
    fl_hub_close(hub);
    return 0;
}

static int witness(const char *uri, const fl_signer *signer)
{
    fl_hub *hub;
    fl_error error = {0};
    fl_cosigned done;
    if (fl_hub_open(uri, 12, &hub, &error) != FL_OK) return 3;
    for (int i = 0; i < 40; i++) {
        if (fl_hub_witness_offers(hub, signer, NULL, &done, &error) != FL_OK)
            return fl_error_print(stderr, &error), 4;
        if (done.forks) return 5;
        usleep(20000);
    }
    fl_hub_close(hub);
    return 0;
}

static void consoles_and_witnesses(void)
{
    test_hub h;
    chain c;
    pid_t children[2 * LOGS + 2];
    size_t count = 0;
    fl_error error = {0};
    test_hub_make(&h, NULL);
    for (size_t log = 0; log < LOGS; log++) {
        chain_init(&c, origins[log], (uint8_t)(10 + log));
        CHECK(fl_hub_enrol(h.by_owner, origins[log], c.vkey, "S", NULL, &error) == FL_OK, "%s", error.what);
        chain_fini(&c);
    }
    helper_sql(h.database, "ALTER ROLE service SET default_transaction_isolation = 'serializable'");
    fflush(NULL);
    for (size_t i = 0; i < 2 * LOGS + 2; i++) {
        const pid_t child = fork();
        if (child == 0) {
            _exit(i < 2 * LOGS ? console(h.uri, i % LOGS) : witness(h.uri, &h.witness));
        }
        children[count++] = child;
    }
    for (size_t i = 0; i < count; i++) {
        int how;
        CHECK(waitpid(children[i], &how, 0) == children[i] && WIFEXITED(how) && WEXITSTATUS(how) == 0,
              "child %zu ended with %d", i, WIFEXITED(how) ? WEXITSTATUS(how) : -1);
    }
    fl_cosigned done;
    CHECK(fl_hub_witness_offers(h.hub, &h.witness, NULL, &done, &error) == FL_OK && !done.forks, "%s",
          error.what);
    for (size_t log = 0; log < LOGS; log++) {
        fl_hub_head head;
        fl_hub_verified v;
        CHECK(fl_hub_find(h.hub, origins[log], &head, &error) == FL_OK, "%s", error.what);
        CHECK(head.tree.size == 1 + ROUNDS * 150 && !head.frozen, "%s: %llu entries", origins[log],
              (unsigned long long)head.tree.size);
        CHECK(fl_hub_verify(h.hub, &head, NULL, &v, &error) == FL_OK && v.report.checkpoints >= 1 &&
                  !v.waiting,
              "%s", error.what);
        CHECK(test_rows(&h, origins[log]) == 1 + ROUNDS * 150, "every entry once");
    }
    printf("(%s transactions began again) ",
           helper_sql(h.database,
                      "SELECT xact_rollback FROM pg_stat_database WHERE datname = current_database()"));
    test_hub_close(&h);
}

typedef struct raising {
    const char *state;
    unsigned times, ran;
} raising;

static fl_status raise_first(fl_db *db, void *self, fl_error *error)
{
    raising *r = self;
    char sql[160];
    (void)error;
    if (r->ran++ >= r->times) return fl_db_do(db, "SELECT 1");
    snprintf(sql, sizeof sql, "DO $$ BEGIN RAISE EXCEPTION 'seeded' USING ERRCODE = '%s'; END $$", r->state);
    return fl_db_do(db, sql);
}

/* What passes is tried again, as often as was agreed; what does not is said at once. */
static void answers_that_pass(void)
{
    static const struct {
        const char *state;
        unsigned times, ran;
        fl_status status;
    } rows[] = {{"40001", 2, 3, FL_OK},       {"40P01", 1, 2, FL_OK},   {"57P01", 1, 2, FL_OK},
                {"08006", 1, 2, FL_OK},       {"53300", 1, 2, FL_OK},   {"40001", 9, 4, FL_E_GONE},
                {"23505", 1, 1, FL_E_DEVICE}, {"42501", 1, 1, FL_E_NO}, {"22012", 1, 1, FL_E_DEVICE}};
    test_hub h;
    test_hub_make(&h, NULL);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        fl_db db;
        fl_error error = {0};
        raising r = {.state = rows[i].state, .times = rows[i].times};
        CHECK(fl_db_open(&db, h.uri, 4, &error) == FL_OK, "%s", error.what);
        const fl_status status = fl_db_transact(&db, raise_first, &r, &error);
        CHECK(status == rows[i].status && r.ran == rows[i].ran, "%s: %s after %u runs", rows[i].state,
              fl_status_name(status), r.ran);
        fl_db_close(&db);
    }
    test_hub_close(&h);
}

FL_TESTS("hub/together", TEST(consoles_and_witnesses), TEST(answers_that_pass))

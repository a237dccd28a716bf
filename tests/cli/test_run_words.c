/* labels: unit */
/* What the face asks before it sends: fadeline-control has no clients' database. */
#include "check.h"

#include "run_script.c"

#include "fadeline/clients/identity.h"

#include <unistd.h>

static char home[] = "/tmp/fl-words-XXXXXX";

static void add(bool simulated, const char *code, const char *name)
{
    fl_identity who = {.born = {1990, 4, 1}};
    char path[FL_PLACE_MAX], text[FL_IDENTITY_MAX];
    fl_clients *clients = NULL;
    fl_commitment cmt;
    fl_error error = {0};
    snprintf(who.name, sizeof who.name, "%s", name);
    CHECK(fl_identity_write(&who, text, NULL) == FL_OK, "%s", name);
    CHECK(fl_clients_place(simulated, path, &error) == FL_OK, "%s", error.what);
    CHECK(fl_clients_open(path, simulated, &clients, &error) == FL_OK, "%s", error.what);
    CHECK(fl_clients_put(clients, code, FL_TEXT_IDENTITY, text, strlen(text), &cmt, &error) == FL_OK, "%s",
          error.what);
    fl_clients_close(clients);
}

static void a_home_with_clients(void)
{
    char path[FL_PLACE_MAX];
    fl_error error = {0};
    CHECK(mkdtemp(home) && setenv("FADELINE_HOME", home, 1) == 0, "home");
    CHECK(fl_clients_named_here(true, "it", "Quill", NULL, &error) == FL_OK, "no clients yet: %s",
          error.what);
    CHECK(fl_clients_place(true, path, NULL) == FL_OK && access(path, F_OK) != 0, "looking makes nothing");
    add(true, "C-0001", "Rose Quill"), add(false, "C-0001", "Ada Finch");
}

/* The laser of the status is simulated: its client is the first one; the real one of the same code is another
 * person. */
static void orders_are_read_before_they_are_sent(void)
{
    static const struct {
        const char *line, *says; /* says NULL: it may go */
    } rows[] = {
        {"sign-in op:17 493027", NULL},
        {"zone F-L", NULL},
        {"endpoint frost", NULL},
        {"reconcile sup:2 771204 the foot slipped", NULL},
        {"reconcile sup:2 771204 quill moved", "the reason names the client ('Quill')"},
        {"reconcile sup:2 771204 rose moved", "the reason names the client ('Rose')"},
        {"service svc:3 662931 ADA says so", "the reason names C-0001 ('Ada')"},
        {"reconcile sup:2 quill", NULL}, /* the PIN, whatever it is, is no sentence */
        {"second sup:2 771204", NULL},
        {"date sup:2 771204 2026-05-04", NULL},
        {"eyewear 755 OD7 M LB9", NULL},
        {"eyewear 755 OD7 of Finch", "what stands on the eyewear names C-0001 ('Finch')"},
    };
    fl_face_client client = {.status = {.seen = true, .simulated = true, .client = "C-0001"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        run_step step;
        fl_error error = {0};
        CHECK(run_script_line(rows[i].line, &step, &error) == FL_OK, "%s: %s", rows[i].line, error.what);
        const fl_status status = run_script_named(&client, &step, &error);
        CHECK(status == (rows[i].says ? FL_E_NO : FL_OK), "%s: %s", rows[i].line, error.what);
        CHECK(!rows[i].says || strstr(error.what, rows[i].says), "%s: %s", rows[i].line, error.what);
    }
    CHECK(chdir(home) == 0 && system("rm -f clients*.db*") == 0 && chdir("/") == 0 && rmdir(home) == 0,
          "cleaned");
}

FL_TESTS("cli/run_words", TEST(a_home_with_clients), TEST(orders_are_read_before_they_are_sent))

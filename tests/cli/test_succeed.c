/* labels: unit fault   timeout: 200   needs: fadeline */
/* `fadeline journal succeed` as a person types it: who may, what a wrong PIN costs, and that clients,
 * invoices and wrong PINs outlive the log they were written in. */
#define TYPED_IN "/state"
#include "helper_typed.h"

#include "fadeline/base/error.h"

#define WRONG "111111\\n"

static void begin(void)
{
    snprintf(home, sizeof home, "/tmp/fl-succeed-XXXXXX");
    CHECK(mkdtemp(home) != NULL, "folder");
    RUN(0, "may sign in", OP, "people add op:17 --role operator --until 2050-05-01");
    RUN(0, "may sign in", OWN, "people add own:1 --role owner --until 2050-05-01");
}

static void end(void)
{
    char command[100];
    snprintf(command, sizeof command, "rm -rf %s", home);
    CHECK(system(command) == 0, "clean");
}

/* A number that `show` prints as key=number in the newest line of that kind. */
static int lines_with(const char *text)
{
    int lines = 0;
    for (const char *at = said; (at = strstr(at, text)); at += strlen(text)) lines++;
    return lines;
}

static void only_an_owner_ends_a_log(void)
{
    begin();
    RUN(2, "--why is one of", OWN, "journal succeed --who own:1 --why boredom");
    RUN(2, "--who", OWN, "journal succeed --why copy");
    RUN(2, "--seen wants", OWN, "journal succeed --who own:1 --why copy --seen EX-1:many:ab");
    RUN(2, "only this installation's own", OWN, "journal succeed --who own:1 --why copy --journal /tmp");
    RUN(1, "only an owner may", OP, "journal succeed --who op:17 --why copy");
    RUN(3, "there is no journal here", OWN, "journal succeed --who own:1 --why copy --simulated");
    RUN(0, "is not forgotten", OWN, "journal succeed --who own:1 --why key-stolen --text \"lent out\"");
    RUN(0, "log.succeed", "", "journal show --kind log.succeed");
    CHECK(strstr(said, "text=\"lent out\"") && strstr(said, "why=\"key-stolen\""), "%.900s", said);
    RUN(0, "1 log with", "", "journal verify");
    RUN(0, "\"logs_before\": 1", "", "journal verify --json");
    end();
}

/* Five wrong PINs lock, whichever log they were written in, and also where none could take them. */
static void wrong_pins_are_not_free(void)
{
    begin();
    for (int i = 0; i < 3; i++) RUN(1, "wrong", WRONG, "journal succeed --who own:1 --why copy");
    RUN(0, "is not forgotten", OWN, "journal succeed --who own:1 --why copy");
    RUN(0, "auth.fail", "", "journal show --kind auth.fail");
    CHECK(lines_with("at_us=") == 3, "%.900s", said);
    for (int i = 0; i < 5; i++) RUN(1, "", WRONG, "journal succeed --who own:1 --why copy");
    RUN(1, "too many wrong tries", OWN, "journal succeed --who own:1 --why copy");
    char broken[200];
    snprintf(broken, sizeof broken, "%s/state/succession-tries", home);
    CHECK(access(broken, F_OK) == 0, "they are kept until a succession has them");
    end();
}

/* What the clients' database waits to hear of stands in the old log. */
static void clients_and_invoices_outlive_the_log(void)
{
    begin();
    RUN(0, "C-0001", OWN "Ada Finch\\n1990-04-01\\n\\n\\n",
        "clients add --who own:1 --simulated --date 2026-05-04");
    RUN(0, "", OP,
        "record invoice --no 2026-018 --pat C-0001 --amount 120.00 --currency CAD --day 2026-05-04 --who "
        "op:17 "
        "--simulated --date 2026-05-05");
    RUN(0, "is not forgotten", OWN, "journal succeed --who own:1 --why copy --simulated");
    RUN(0, "Ada Finch", OP, "clients show C-0001 --who op:17 --simulated --date 2026-05-06");
    RUN(1, "is in the journal already", OP,
        "record invoice --no 2026-018 --pat C-0001 --amount 80 --currency CAD --day 2026-05-04 --who op:17 "
        "--simulated "
        "--date 2026-05-06");
    RUN(0, "2026-018", "", "invoices --from 2026-05-01 --to 2026-05-31 --simulated --all");
    /* And where the old log is missing, nobody acts on half of what happened. */
    char command[300];
    snprintf(command, sizeof command, "mv %s/state/journals %s/state/elsewhere", home, home);
    CHECK(system(command) == 0, "moved");
    RUN(3, "is not there", OP, "clients show C-0001 --who op:17 --simulated --date 2026-05-06");
    end();
}

/* A journal taken away while its past lies beside it is missed: nothing begins anew, and nobody is the first
 * owner. */
static void a_journal_that_is_gone_is_missed(void)
{
    char command[300];
    begin();
    RUN(0, "is not forgotten", OWN, "journal succeed --who own:1 --why copy");
    snprintf(command, sizeof command, "mv %s/state/journal %s/state/away", home, home);
    CHECK(system(command) == 0, "moved");
    RUN(6, "history lies in journals/", OWN OP,
        "people add op:18 --role operator --until 2050-05-01 --by own:1");
    RUN(6, "history lies in journals/", OP, "people add own:9 --role owner --until 2050-05-01");
    RUN(6, "history lies in journals/", OWN,
        "record service --device example-pico --old 10 --new 0 --doc W-1 --who own:1");
    snprintf(command, sizeof command, "mkdir -p %s/state/journal && : > %s/state/journal/journal.db", home,
             home);
    CHECK(system(command) == 0, "emptied");
    RUN(6, "", OP, "people add own:9 --role owner --until 2050-05-01");
    snprintf(command, sizeof command, "rm -r %s/state/journal && mv %s/state/away %s/state/journal", home,
             home, home);
    CHECK(system(command) == 0, "put back");
    RUN(0, "op:18 may", OWN OP, "people add op:18 --role operator --until 2050-05-01 --by own:1");
    end();
}

FL_TESTS("cli/succeed", TEST(only_an_owner_ends_a_log), TEST(wrong_pins_are_not_free),
         TEST(clients_and_invoices_outlive_the_log), TEST(a_journal_that_is_gone_is_missed))

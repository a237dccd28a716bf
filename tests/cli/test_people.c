/* labels: unit   timeout: 120   needs: fadeline */
/* `fadeline people` by somebody who may write into the files: what the attack of the copied hash gets, a new
 * file where an owner is known, a journal taken away, a file of before the journal knew people, and the
 * change killed at any instant. */
#include "helper_typed.h"

#include "fadeline/base/random.h"

#include <signal.h>

#define SHELL(...)                                                                                           \
    do {                                                                                                     \
        char line_[400];                                                                                     \
        snprintf(line_, sizeof line_, __VA_ARGS__);                                                          \
        CHECK(system(line_) == 0, "%s", line_);                                                              \
    } while (0)

static void begin(void)
{
    snprintf(home, sizeof home, "/tmp/fl-cli-people-XXXXXX");
    CHECK(mkdtemp(home) != NULL, "home");
    RUN(0, "op:17 may", OP, "people add op:17 --role operator --until 2060-01-01");
    RUN(0, "own:1 may", OWN, "people add own:1 --role owner --until 2060-01-01");
}

/* One's own salt and hash in the owner's block: signs nothing, says where, and is in the journal. */
static void the_copied_hash_gets_nothing(void)
{
    begin();
    SHELL("cp %s/people.yaml %s/good", home, home);
    SHELL("awk '/pin_/ { if (n++ < 3) keep[n] = $0; else $0 = keep[n - 3] } 1' %s/good > %s/people.yaml",
          home, home);
    RUN(1, "own:1 is not what entry", OP OP, "people add own:9 --role owner --until 2060-01-01 --by own:1");
    CHECK(strstr(said, "people.yaml:12:9") != NULL && strstr(said, "hint:") != NULL, "%.800s", said);
    RUN(0, "sign-in-disputed", "", "journal show --kind auth.fail");
    RUN(0, "DISPUTED", "", "people list");
    RUN(0, "says-otherwise", "", "people list --json");
    SHELL("cp %s/good %s/people.yaml", home, home);
    RUN(0, "sup:2 may", OWN SUP, "people add sup:2 --role supervisor --until 2060-01-01 --by own:1");
    SHELL("rm -rf %s", home);
}

/* The first owner is unsigned once. Neither without the file nor without the real journal is there a second.
 */
static void a_known_owner_is_not_begun_again(void)
{
    begin();
    RUN(0, "SIMULATED C-0001", OWN "Rosa Quill\\n1990-04-01\\n\\nfr\\n",
        "clients add --who own:1 --simulated");
    RUN(0, "op:18 may", OWN "390517\\n", "people add op:18 --role operator --until 2060-01-01 --by own:1");
    RUN(0, "own:3 may", OWN "662931\\n", "people add own:3 --role owner --until 2060-01-01 --by own:1");
    SHELL("mv %s/people.yaml %s/away", home, home);
    RUN(1, "has an owner", "275510\\n", "people add own:9 --role owner --until 2060-01-01");
    RUN(3, "put people.yaml back", OWN "275510\\n",
        "people add own:9 --role owner --until 2060-01-01 --by own:1");
    SHELL("mv %s/journal %s/journal-away", home, home);
    RUN(1, "has an owner", "275510\\n", "people add own:9 --role owner --until 2060-01-01");
    SHELL("test ! -e %s/people.yaml", home);
    SHELL("rm -rf %s", home);
}

/* A file that no journal tells of is believed, with a word; the next change writes everybody down at once. */
static void the_unsigned_beginning_says_so_and_ends(void)
{
    begin();
    SHELL("rm -rf %s/journal", home);
    RUN(0, "believed as it is", "", "people list");
    RUN(0, "believed as it is", OWN SUP, "people add sup:2 --role supervisor --until 2060-01-01 --by own:1");
    RUN(0, "own:1", "", "journal show --kind role.change");
    CHECK(strstr(said, "op:17") && strstr(said, "sup:2"), "everybody: %.800s", said);
    RUN(0, "good", "", "people list");
    CHECK(!strstr(said, "believed"), "%.800s", said);
    RUN(0, "op:17 may", OWN OP, "people renew op:17 --until 2061-01-01 --by own:1");
    SHELL("sed -i s/2061-01-01/2069-01-01/ %s/people.yaml", home);
    RUN(1, "op:17 is not what entry", OWN OP, "people renew op:17 --until 2062-01-01 --by own:1");
    RUN(0, "may do nothing", OWN, "people end op:17 --by own:1");
    SHELL("rm -rf %s", home);
}

/* A number that somebody else confirmed, or nobody, or another number: the entry decides. */
static void a_confirmation_is_what_its_entry_says(void)
{
    static const char *const edits[] = {
        "s/person: .op:17./person: 'own:1'/",
        "s/document: .label./document: 'manual'/",
        "s/journal_entry: .*/journal_entry: 2/",
        "/journal_entry/d",
        "s/on: 20../on: 1999/",
    };
    begin();
    RUN(0, "confirmed by op:17", OP,
        "devices confirm enlighten-iii --head yag-1064 --key energy_max_mJ --value 600 --person op:17 "
        "--document label");
    RUN(0, "600* mJ", "", "devices list");
    CHECK(!strstr(said, "not honoured"), "%.800s", said);
    SHELL("cp %s/devices/confirmed/enlighten-iii.yaml %s/good", home, home);
    for (size_t i = 0; i < sizeof edits / sizeof *edits; i++) {
        SHELL("sed \"%s\" %s/good > %s/devices/confirmed/enlighten-iii.yaml", edits[i], home, home);
        RUN(0, "1 confirmation is not honoured: no entry of the journal", "", "devices list");
        CHECK(!strstr(said, "600* mJ"), "%s: %.800s", edits[i], said);
    }
    SHELL("cp %s/good %s/devices/confirmed/enlighten-iii.yaml", home, home);
    RUN(0, "600* mJ", "", "devices list");
    SHELL("mv %s/journal %s/away", home, home);
    RUN(0, "not honoured: no entry", "", "devices list");
    SHELL("rm -rf %s", home);
}

static void killed_after(const char *arguments, const char *typed, long us)
{
    char command[700];
    snprintf(command, sizeof command,
             "printf '%s' | FADELINE_HOME=%s FADELINE_DATA=%s exec %s/fadeline %s >/dev/null 2>&1", typed,
             home, FL_SOURCE_DIR, FL_BUILD_DIR, arguments);
    const pid_t pid = fork();
    if (pid == 0) {
        setpgid(0, 0);
        execl("/bin/sh", "sh", "-c", command, (char *)NULL);
        _exit(127);
    }
    setpgid(pid, pid);
    usleep((useconds_t)us);
    kill(-pid, SIGKILL);
    waitpid(pid, NULL, 0);
}

/* Whenever `renew` is killed, the owner can sign in afterwards and go on. */
static void renew_killed_at_any_instant(void)
{
    fl_random random;
    fl_random_init(&random, 20261127, 1);
    begin();
    for (int i = 0; i < 12; i++) {
        char renew[100];
        snprintf(renew, sizeof renew, "people renew own:1 --until 20%d-01-01 --by own:1", 61 + i);
        killed_after(renew, OWN, 5000 + (long)(fl_random_uniform(&random) * 900000));
        RUN(0, "  own:1 ", "", "people list");
        CHECK(!strstr(said, "DISPUTED"), "%d: %.800s", i, said);
    }
    RUN(0, "sup:2 may", OWN SUP, "people add sup:2 --role supervisor --until 2060-01-01 --by own:1");
    RUN(0, "intact", "", "journal verify");
    SHELL("rm -rf %s", home);
}

FL_TESTS("cli/people", TEST(the_copied_hash_gets_nothing), TEST(a_known_owner_is_not_begun_again),
         TEST(the_unsigned_beginning_says_so_and_ends), TEST(a_confirmation_is_what_its_entry_says),
         TEST(renew_killed_at_any_instant))

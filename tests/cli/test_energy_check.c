/* labels: unit   timeout: 240   needs: fadeline fadeline-twin   serial */
/* fadeline energy-check against a virtual meter on a pseudo-terminal: the meter is the program that was
 * written from its page, and light falls on it as a laser's pulses would. What is said, the exit code, and
 * what the journal and the audit make of it. */
#include "check.h"

#include "fadeline/journal/journal.h"
#include "fadeline/session/energy.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

static char home[] = "/tmp/fl-energy-XXXXXX";
static pid_t meter;

static void meter_on(const char *name, const char *fault)
{
    char pty[80], light[80];
    int pair[2];
    if (pipe(pair)) abort();
    snprintf(pty, sizeof pty, "%s/meter", home);
    snprintf(light, sizeof light, "%s/light", home);
    meter = fork();
    if (meter == 0) {
        dup2(pair[1], STDOUT_FILENO);
        close(pair[0]), close(pair[1]);
        execl(FL_BUILD_DIR "/fadeline-twin", "fadeline-twin", "--speak", name, "--pty", pty, "--light", light,
              fault ? "--fault" : NULL, fault, (char *)NULL);
        _exit(72);
    }
    close(pair[1]);
    char ready[200];
    const ssize_t got = read(pair[0], ready, sizeof ready);
    CHECK(got > 6 && memcmp(ready, "ready ", 6) == 0, "%s does not come up", name);
    close(pair[0]);
}

static void meter_off(void)
{
    kill(meter, SIGTERM);
    waitpid(meter, NULL, 0);
}

static void shine(double energy_J)
{
    char path[80];
    snprintf(path, sizeof path, "%s/light", home);
    FILE *file = fopen(path, "a");
    if (!file) abort();
    fprintf(file, "0 %.6g\n", energy_J);
    fclose(file);
}

/* Runs a command with the home of this test; light falls once the meter is said to be ready. Exit code. */
static int run(const char *arguments, const double *energies_J, size_t count, char *said, size_t size)
{
    char command[900];
    snprintf(command, sizeof command,
             "printf '493027\\n' | FADELINE_HOME=%s/state FADELINE_DATA=%s NO_COLOR=1 timeout 60 %s/fadeline "
             "%s 2>&1",
             home, FL_SOURCE_DIR, FL_BUILD_DIR, arguments);
    FILE *pipe = popen(command, "r");
    if (!pipe) abort();
    size_t used = 0;
    char line[400];
    while (fgets(line, sizeof line, pipe)) {
        used += (size_t)snprintf(said + used, size - used, "%s", line);
        if (used >= size) used = size - 1;
        if (!strstr(line, "the meter is ready")) continue;
        for (size_t i = 0; i < count; i++) {
            shine(energies_J[i]);
            usleep(250000);
        }
    }
    const int how = pclose(pipe);
    return WIFEXITED(how) ? WEXITSTATUS(how) : 128;
}

static unsigned long counter = 1000;

static int check_energy(const char *dialect, const char *range, const double *energies_J, size_t count,
                        unsigned long counted, const char *more, char *said, size_t size)
{
    char arguments[500];
    snprintf(arguments, sizeof arguments,
             "energy-check --meter %s/meter --dialect %s --range %s --device example-pico --head alex-755 "
             "--set-mJ 200 "
             "--counter-before %lu --counter-after %lu --pulses 5 --who op:17 --by-hand --patience-s 2 %s",
             home, dialect, range, counter, counter + counted, more);
    counter += counted;
    return run(arguments, energies_J, count, said, size);
}

static const double good[] = {0.191, 0.188, 0.190, 0.193, 0.189}, low[] = {0.158, 0.160, 0.157, 0.161, 0.159};

static void somebody_may_sign_in(void)
{
    char said[2000];
    CHECK(mkdtemp(home) != NULL, "home");
    CHECK(run("people add op:17 --role operator --until 2035-01-01", NULL, 0, said, sizeof said) == 0,
          "%.900s", said);
}

static const struct row {
    const char *name, *dialect, *range, *fault, *more;
    const double *energies_J;
    unsigned long counted;
    int code;
    const char *says;
} rows[] = {
    {"ophir", "ophir", "1", NULL, "", good, 0, 1,
     "say what they were: --explain WHY"}, /* three pulses of the check that nobody counted */
    {"ophir", "ophir", "1", NULL, "--explain uncounted", good, 5, 0, "SIMULATED PASS"},
    {"ophir", "ophir", "1", NULL, "--laser-mJ 201", low, 5, 1, "SIMULATED LOCKED"},
    {"gentec", "gentec-eo", "24", "labels", "--json", good, 5, 1, "\"locked\": \"the energy check of"},
    {"ophir", "ophir", "1", NULL, "--laser-mJ 192", good, 5, 0, "SIMULATED PASS"},
    {"gentec", "gentec-eo", "24", "labels", "--json", good, 5, 0, "\"locked\": null"},
    {"gentec", "gentec-eo", "24", "labels", "--json", good, 5, 0, "\"off_percent\": -4.9"},
    {"gentec", "gentec-eo", "24", "miss@3", "", good, 5, 1, "the laser counted 5 pulses and the meter saw 4"},
    {"gentec", "gentec-eo", "24", "over@2", "", good, 5, 1, "over range"},
    {"ophir", "ophir", "1", "yank@3", "", good, 3, 1, "VOID"},
    {"ophir", "ophir", "1", "watts", "", good, 0, 4, "unit: the meter says 'W'"},
    {"ophir", "ophir", "1", "real", "", good, 0, 4, "simulated meter answers where a real one belongs"},
    {"ophir", "ophir", "9", NULL, "", good, 0, 4, "range-set"},
};

/* Nobody says what the counter shows: it was no check, and its three pulses stay unexplained. */
static void an_unread_counter_is_no_check(void)
{
    char arguments[500], said[4000];
    meter_on("ophir", NULL);
    snprintf(arguments, sizeof arguments,
             "energy-check --meter %s/meter --dialect ophir --range 1 --device example-pico --head ktp-532 "
             "--set-mJ 190 "
             "--counter-before %lu --pulses 3 --who op:17 --by-hand",
             home, counter);
    static const double three[] = {0.19, 0.191, 0.189};
    CHECK(run(arguments, three, 3, said, sizeof said) == 1, "%.900s", said);
    CHECK(strstr(said, "VOID") && strstr(said, "nobody said"), "%.900s", said);
    meter_off();
    counter += 3;
}

static void each_meter_is_believed_or_not(void)
{
    char said[6000];
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct row *r = &rows[i];
        meter_on(r->name, r->fault);
        const int code =
            check_energy(r->dialect, r->range, r->energies_J, 5, r->counted, r->more, said, sizeof said);
        CHECK(code == r->code, "%s %s: left with %d: %.600s", r->name, r->fault ? r->fault : "", code, said);
        CHECK(strstr(said, r->says), "%s %s: %.600s", r->name, r->fault ? r->fault : "", said);
        meter_off();
    }
}

static unsigned count_of(const char *text, const char *what)
{
    unsigned n = 0;
    for (const char *at = text; (at = strstr(at, what)); at++) n++;
    return n;
}

/* Those with a verdict; every one of them was begun first. */
static unsigned verdicts(const char *said)
{
    const unsigned all = count_of(said, "\"k\":\"check\"") + count_of(said, "\"k\": \"check\"");
    const unsigned begun = count_of(said, "\"verdict\":\"begun\"") + count_of(said, "\"verdict\": \"begun\"");
    CHECK(all == 2 * begun, "%u checks, %u of them begun", all, begun);
    return all - begun;
}

/* Every pulse that a meter saw is in the record as one of a check; what the counter moved besides stays
 * unexplained: three that nobody counted, one that the meter missed, one after it was pulled out. */
static void the_record_adds_up(void)
{
    static char said[200000];
    CHECK(run("journal verify --simulated", NULL, 0, said, sizeof said) == 0, "%.900s", said);
    CHECK(run("journal show --simulated --json", NULL, 0, said, sizeof said) == 0, "%.300s", said);
    CHECK(verdicts(said) == 10, "checks in the record: %.900s", said);
    CHECK(run("audit --simulated --from 2000-01-01 --to 2100-01-01 --json", NULL, 0, said, sizeof said) == 0,
          "%.500s", said);
    CHECK(strstr(said, "\"check\": 41") && strstr(said, "\"unexplained\": 5"), "%.900s", said);
}

/* Two bad pulses, and somebody closes the terminal: that is a check too, and it locks. */
static void a_closed_terminal_leaves_a_record(void)
{
    static char said[200000];
    char command[900];
    static const int signals[] = {SIGHUP, SIGQUIT};
    for (size_t i = 0; i < 2; i++) {
        meter_on("ophir", NULL);
        snprintf(
            command, sizeof command,
            "printf '493027\\n' | FADELINE_HOME=%s/state FADELINE_DATA=%s timeout --preserve-status -s %d 5 "
            "%s/fadeline energy-check --meter %s/meter --dialect ophir --range 1 --device example-pico "
            "--head alex-755 --set-mJ 200 --counter-before %lu --counter-after %lu --who op:17 --by-hand "
            "--patience-s 30 2>&1",
            home, FL_SOURCE_DIR, signals[i], FL_BUILD_DIR, home, counter, counter + 2);
        counter += 2;
        FILE *pipe = popen(command, "r");
        if (!pipe) abort();
        size_t used = 0;
        char line[400];
        while (fgets(line, sizeof line, pipe) && used + sizeof line < sizeof said) {
            used += (size_t)snprintf(said + used, sizeof said - used, "%s", line);
            if (strstr(line, "the meter is ready")) shine(0.15), usleep(250000), shine(0.15);
        }
        const int how = pclose(pipe);
        CHECK(WIFEXITED(how) && WEXITSTATUS(how) == 1 && strstr(said, "SIMULATED VOID"), "%.900s", said);
        CHECK(!strstr(said, "nan"), "a page for people: %.900s", said);
        meter_off();
    }
    CHECK(run("journal show --simulated --json", NULL, 0, said, sizeof said) == 0, "%.300s", said);
    CHECK(verdicts(said) == 12, "checks in the record: %.900s", said);
}

/* Whoever is asked for the counter and sends the program away: VOID, on record, and it does go. */
static void a_question_ends_with_the_program(void)
{
    static char said[6000];
    char command[900];
    meter_on("ophir", NULL);
    snprintf(command, sizeof command,
             "(printf '493027\\n'; sleep 9) | FADELINE_HOME=%s/state FADELINE_DATA=%s timeout -k 1 "
             "--preserve-status 6 "
             "%s/fadeline energy-check --meter %s/meter --dialect ophir --range 1 --device example-pico "
             "--head alex-755 "
             "--set-mJ 200 --counter-before %lu --pulses 3 --who op:17 --by-hand 2>&1; echo left with $?",
             home, FL_SOURCE_DIR, FL_BUILD_DIR, home, counter);
    counter += 3;
    FILE *pipe = popen(command, "r");
    if (!pipe) abort();
    size_t used = 0;
    char line[400];
    while (fgets(line, sizeof line, pipe) && used + sizeof line < sizeof said) {
        used += (size_t)snprintf(said + used, sizeof said - used, "%s", line);
        if (!strstr(line, "the meter is ready")) continue;
        for (int i = 0; i < 3; i++) shine(0.19 + 0.001 * i), usleep(250000);
    }
    pclose(pipe);
    CHECK(strstr(said, "SIMULATED VOID") && strstr(said, "left with 1"), "%.900s", said);
    meter_off();
}

/* The verdict that stands for alex-755. */
static const char *standing(void)
{
    static fl_energy_history history;
    static char verdict[16];
    char place[80];
    fl_error error = {0};
    fl_journal *journal;
    fl_device *device;
    history = (fl_energy_history){0};
    snprintf(place, sizeof place, "%s/state/journal-simulated", home);
    const fl_journal_options options = {.mode = FL_JOURNAL_READ};
    setenv("FADELINE_DATA", FL_SOURCE_DIR, 1);
    if (fl_journal_open(place, &options, &journal, &error) != FL_OK ||
        fl_device_load("example-pico", &device, &error) != FL_OK)
        return "no record";
    for (uint64_t i = 0; i < fl_journal_size(journal); i++) {
        fl_record record;
        if (fl_journal_record(journal, i, &record) == FL_OK) fl_energy_take(&record, "SIM-00042", &history);
    }
    snprintf(verdict, sizeof verdict, "%s",
             fl_energy_last_of(&history, device, fl_device_head_find(device, "alex-755")).verdict);
    fl_device_free(device);
    fl_journal_close(journal);
    return verdict;
}

/* Begun, two bad pulses, -9: the older PASS does not stand any more. Begun and provably dark: it does. */
static void a_killed_check_does_not_leave_the_old_one_standing(void)
{
    static char said[6000];
    char command[900];
    meter_on("ophir", NULL);
    CHECK(check_energy("ophir", "1", good, 5, 5, "--explain uncounted --laser-mJ 192", said, sizeof said) ==
              0,
          "%.900s", said);
    meter_off();
    CHECK_TEXT(standing(), "pass", "a good one");
    meter_on("ophir", NULL);
    CHECK(check_energy("ophir", "1", NULL, 0, 0, "--json", said, sizeof said) == 1 &&
              strstr(said, "no pulse was made"),
          "%.900s", said);
    CHECK_TEXT(standing(), "pass", "taken back: nothing was fired");
    snprintf(command, sizeof command,
             "printf '493027\\n' | FADELINE_HOME=%s/state FADELINE_DATA=%s timeout -s KILL 4 %s/fadeline "
             "energy-check "
             "--meter %s/meter --dialect ophir --range 1 --device example-pico --head alex-755 --set-mJ 200 "
             "--counter-before %lu --counter-after %lu --who op:17 --by-hand --patience-s 30 2>&1",
             home, FL_SOURCE_DIR, FL_BUILD_DIR, home, counter, counter + 2);
    counter += 2;
    FILE *pipe = popen(command, "r");
    if (!pipe) abort();
    char line[400];
    bool ready = false;
    while (fgets(line, sizeof line, pipe))
        if (strstr(line, "the meter is ready")) ready = true, shine(0.15), usleep(250000), shine(0.15);
    pclose(pipe);
    CHECK(ready, "the meter was ready");
    CHECK_TEXT(standing(), "begun", "killed");
    meter_off();
}

/* Hundreds of pulses beside the books are not moved in with a check: a supervisor says why, and is on record.
 */
static void a_counter_far_from_the_books_is_a_supervisors(void)
{
    static char said[200000];
    CHECK(run("people add sv:1 --role supervisor --until 2035-01-01", NULL, 0, said, sizeof said) == 0,
          "%.900s", said);
    meter_on("ophir", NULL);
    CHECK(check_energy("ophir", "1", good, 5, 5, "--laser-mJ 192 --explain killed", said, sizeof said) == 0,
          "%.900s", said);
    counter += 700;
    CHECK(check_energy("ophir", "1", good, 0, 0, "", said, sizeof said) == 1 &&
              strstr(said, "--who SUPERVISOR"),
          "%.900s", said);
    CHECK(check_energy("ophir", "1", good, 0, 0, "--explain why-not", said, sizeof said) == 1 &&
              strstr(said, "op:17 may not answer for a counter"),
          "%.900s", said);
    counter -= 690; /* and the mismatch is held to what the records had, however near the counter comes */
    CHECK(check_energy("ophir", "1", good, 0, 0, "", said, sizeof said) == 1 && strstr(said, "journal"),
          "%.900s", said);
    counter += 690;
    CHECK(check_energy("ophir", "1", good, 5, 5, "--laser-mJ 192 --explain service --who sv:1", said,
                       sizeof said) == 0,
          "%.900s", said);
    meter_off();
    CHECK(run("journal show --simulated --json", NULL, 0, said, sizeof said) == 0, "%.300s", said);
    CHECK(strstr(said, "\"by\":\"sv:1\"") && strstr(said, "\"why\":\"counter-mismatch\""), "%.900s", said);
}

static uint64_t entries_of(const char *place)
{
    fl_journal *journal;
    const fl_journal_options options = {.mode = FL_JOURNAL_READ};
    if (fl_journal_open(place, &options, &journal, NULL) != FL_OK) return 0;
    const uint64_t size = fl_journal_size(journal);
    fl_journal_close(journal);
    return size;
}

/* A real laser on a simulated meter: refused, and the clinic's record is not even opened. */
static void nothing_simulated_begins_a_real_record(void)
{
    char arguments[400], said[4000], journal[80];
    snprintf(journal, sizeof journal, "%s/state/journal", home);
    const uint64_t before = entries_of(journal); /* who may sign in */
    meter_on("ophir", NULL);
    snprintf(arguments, sizeof arguments,
             "energy-check --meter %s/meter --dialect ophir --range 1 --device picoway --head yag-1064 "
             "--set-mJ 200 --counter-before 1 --who op:17 --by-hand",
             home);
    CHECK(run(arguments, NULL, 0, said, sizeof said) == 5, "%.900s", said);
    CHECK(strstr(said, "a real laser is not checked with a simulated meter"), "%.900s", said);
    CHECK(entries_of(journal) == before, "%s was written into", journal);
    meter_off();
}

static void a_wrong_pin_is_no_check(void)
{
    char said[4000], command[900];
    meter_on("ophir", NULL);
    snprintf(command, sizeof command,
             "printf '111222\\n' | FADELINE_HOME=%s/state FADELINE_DATA=%s timeout 60 %s/fadeline "
             "energy-check --meter "
             "%s/meter --dialect ophir --range 1 --device example-pico --head alex-755 --set-mJ 200 "
             "--counter-before 1 "
             "--who op:17 --by-hand 2>&1",
             home, FL_SOURCE_DIR, FL_BUILD_DIR, home);
    FILE *pipe = popen(command, "r");
    if (!pipe) abort();
    said[fread(said, 1, sizeof said - 1, pipe)] = 0;
    const int how = pclose(pipe);
    CHECK(WIFEXITED(how) && WEXITSTATUS(how) == 1 && strstr(said, "PIN is wrong"), "%.500s", said);
    meter_off();
    char clean[60];
    snprintf(clean, sizeof clean, "rm -rf %s", home);
    CHECK(system(clean) == 0, "%s stays", home);
}

static int check_low(char *said, size_t size)
{
    static const double light[] = {0.0991, 0.1003, 0.0988, 0.1001, 0.0994};
    char arguments[500];
    meter_on("ophir", NULL);
    snprintf(arguments, sizeof arguments,
             "energy-check --meter %s/meter --dialect ophir --range 1 --device example-pico --head ktp-532 "
             "--set-mJ 100 "
             "--counter-before %lu --counter-after %lu --pulses 5 --who op:17 --by-hand --patience-s 2",
             home, counter, counter + 5);
    counter += 5;
    const int code = run(arguments, light, 5, said, size);
    meter_off();
    return code;
}

/* The check of ktp-532 at 190 mJ came to nothing and locks it; nobody treats with 190. */
static void a_slip_is_narrowed_by_a_supervisor(void)
{
    static char said[200000];
    static const char narrow[] = "energy-check --narrow slip --device example-pico --head ktp-532 --who";
    char command[200];
    snprintf(command, sizeof command, "%s sv:1", narrow);
    CHECK(run(command, NULL, 0, said, sizeof said) == 1 && strstr(said, "nothing can be opened"), "%.900s",
          said);
    CHECK(check_low(said, sizeof said) == 1 && strstr(said, "less than it takes"), "%.900s", said);
    snprintf(command, sizeof command, "%s op:17", narrow);
    CHECK(run(command, NULL, 0, said, sizeof said) == 1 && strstr(said, "op:17 may not"), "%.900s", said);
    snprintf(command, sizeof command, "%s sv:1 --meter x", narrow);
    CHECK(run(command, NULL, 0, said, sizeof said) == 2, "%.900s", said);
    snprintf(command, sizeof command, "%s sv:1", narrow);
    CHECK(run(command, NULL, 0, said, sizeof said) == 0 &&
              strstr(said, "SIMULATED the lock of ktp-532 is narrowed: where a check passed, up to 100 mJ") &&
              strstr(said, "from 190 mJ it stays locked"),
          "%.900s", said);
    CHECK(check_low(said, sizeof said) == 0, "the week after: %.900s", said);
    run("audit --simulated --from 2000-01-01 --to 2100-01-01", NULL, 0, said,
        sizeof said); /* 700 pulses nobody explained: it flags */
    CHECK(strstr(said, "energy-narrowed"), "the audit lists it: %.900s", said);
}

FL_TESTS("cli/energy_check", TEST(somebody_may_sign_in), TEST(an_unread_counter_is_no_check),
         TEST(each_meter_is_believed_or_not), TEST(the_record_adds_up),
         TEST(a_closed_terminal_leaves_a_record), TEST(a_question_ends_with_the_program),
         TEST(a_killed_check_does_not_leave_the_old_one_standing),
         TEST(a_counter_far_from_the_books_is_a_supervisors), TEST(a_slip_is_narrowed_by_a_supervisor),
         TEST(nothing_simulated_begins_a_real_record), TEST(a_wrong_pin_is_no_check))

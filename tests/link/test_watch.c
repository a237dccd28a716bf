/* labels: unit golden   timeout: 120   needs: fadeline */
#include "check.h"

#include "helper_vectors.h"

#include <fcntl.h>
#include <jansson.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

/* The real command on a pseudo-terminal that plays a tap: both directions come in, and nothing may go out. */
typedef struct tap {
    int master, out;
    pid_t pid;
    char slave[64];
} tap;

static bool is_raw(int fd)
{
    struct termios line;
    return tcgetattr(fd, &line) == 0 && !(line.c_lflag & ICANON);
}

static bool tap_begin(tap *t, const char *option, const char *value, const char *form)
{
    t->master = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    int pair[2];
    if (t->master < 0 || grantpt(t->master) || unlockpt(t->master) || pipe(pair)) abort();
    if (ptsname_r(t->master, t->slave, sizeof t->slave)) abort();
    t->pid = fork();
    if (t->pid == 0) {
        if (dup2(pair[1], STDOUT_FILENO) < 0) _exit(71);
        execl(FL_BUILD_DIR "/fadeline", "fadeline", "watch", t->slave, "--seconds", "60", option, value, form,
              (char *)NULL);
        _exit(72);
    }
    close(pair[1]);
    t->out = pair[0];
    for (int i = 0; i < 3000 && !is_raw(t->master); i++)
        usleep(10000); /* bytes before it listens would be lost */
    return is_raw(t->master);
}

/* Reads until `lines` lines came. */
static unsigned tap_read(tap *t, unsigned lines, char *text, size_t room)
{
    size_t size = 0;
    unsigned seen = 0;
    for (int i = 0; i < 300 && seen < lines; i++) {
        struct pollfd wait = {.fd = t->out, .events = POLLIN};
        if (poll(&wait, 1, 100) <= 0) continue;
        const ssize_t n = read(t->out, text + size, room - 1 - size);
        if (n <= 0) break;
        for (ssize_t k = 0; k < n; k++) seen += text[size + (size_t)k] == '\n';
        size += (size_t)n;
    }
    text[size] = 0;
    return seen;
}

static int tap_end(tap *t, int signal_number)
{
    char seen[16];
    CHECK(read(t->master, seen, sizeof seen) <= 0, "watch sent something");
    if (signal_number) kill(t->pid, signal_number);
    close(t->master);
    int how = 0;
    waitpid(t->pid, &how, 0);
    close(t->out);
    return WIFEXITED(how) ? WEXITSTATUS(how) : -1;
}

static void say(tap *t, const char *line)
{
    CHECK(write(t->master, line, strlen(line)) == (ssize_t)strlen(line) && write(t->master, "\n", 1) == 1,
          "%s", line);
}

static const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : "(none)";
}

static void the_vectors_as_json(void)
{
    tap t;
    static char text[65536];
    CHECK(tap_begin(&t, "--json", NULL, NULL), "watch did not open the line");
    for (size_t i = 0; i < vector_count; i++) say(&t, vectors[i].line);
    CHECK(tap_read(&t, (unsigned)vector_count, text, sizeof text) == vector_count, "lines: %.300s", text);
    CHECK(tap_end(&t, SIGINT) == 130, "Ctrl-C ends it with 130");
    size_t at = 0;
    char *save = NULL;
    for (char *line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save), at++) {
        json_t *object = json_loads(line, 0, NULL);
        CHECK(json_is_object(object), "not an object: %s", line);
        CHECK_TEXT(text_of(object, "from"), vectors[at].line[0] == '>' ? "host" : "device", line);
        CHECK_TEXT(text_of(object, "word"), fl_word_verb(vectors[at].word), line);
        CHECK(json_is_true(json_object_get(object, "checked")), "HELLO tells the identity: %s", line);
        if (at == VECTOR_GRANT) {
            CHECK_TEXT(text_of(object, "purpose"), "treatment", line);
            CHECK(json_integer_value(json_object_get(object, "pulse_energy_uJ")) == 200000, "%s", line);
            CHECK_TEXT(text_of(object, "plan"), "00112233445566778899aabbccddeeff", line);
        }
        if (at == VECTOR_GRANT + 1) CHECK_TEXT(text_of(object, "mode"), "READY", line);
        if (at == VECTOR_GRANT + 1) CHECK_TEXT(text_of(object, "not_good"), "", line);
        if (at == VECTOR_GRANT + 3) CHECK_TEXT(text_of(object, "reason"), "OLD", line);
        json_decref(object);
    }
    CHECK(at == vector_count, "%zu objects", at);
}

static void people_read_words(void)
{
    tap t;
    static char text[16384];
    CHECK(tap_begin(&t, "--uid", VECTOR_IDENTITY, "--frames"), "watch did not open the line");
    say(&t, vectors[VECTOR_GRANT + 1].line); /* STAT, no HELLO before it */
    say(&t, vectors[VECTOR_GRANT + 3].line);
    say(&t, "!");
    say(&t, ">373F373F000004B3 STOP*A4BFAECC");
    say(&t, "\x80\x81");
    say(&t, "*IDN?");
    CHECK(tap_read(&t, 6, text, sizeof text) == 6, "%.300s", text);
    static const char *const wanted[] = {"device  000004B1  STAT st=3",
                                         "READY\n",
                                         "the grant number was seen before",
                                         "host says SAFE",
                                         "the check is wrong: >373F373F000004B3",
                                         "a byte outside printable ASCII",
                                         "no frame: *IDN?"};
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        CHECK(strstr(text, wanted[i]), "'%s' is not in\n%.300s", wanted[i], text);
    CHECK(!strstr(text, "not checked"), "--uid makes the check possible");
    CHECK(tap_end(&t, 0) == 4, "a hang-up is exit 4");
}

/* What happens, once each: the vectors hold sixteen frames, a hundred polls of the same would add nothing. */
static void the_story_of_the_vectors(void)
{
    static const char *const wanted[] = {
        "host    HELLO",
        "device  is SIM-00042 (SIMULATED), firmware 1.0; watchdog 100 ms, grants live 40 ms, warning 3000 ms",
        "host    SET 200 mJ, 10 Hz, 4 mm, 1064 nm",
        "device  has 200 mJ, 10 Hz, 4 mm, 1064 nm",
        "host    COMMIT",
        "device  STBY; all inputs good; handpiece 21, spot 4 mm; counter 74564",
        "host    ARM?",
        "host    ARM",
        "host    shutters open",
        "device  shutter A not shut, shutter B not shut, shutter A open, shutter B open, foot A down, foot B "
        "down",
        "device  READY",
        "host    GRANT 291: 200 mJ, 4 mm, treatment, if the counter is 74564",
        "device  pulse 74565, 196.0 mJ",
        "host    GRANT 291: 200 mJ, 4 mm, treatment, if the counter is 74565",
        "device  refuses (OLD): the grant number was seen before",
        "host    STOP"};
    const size_t count = sizeof wanted / sizeof *wanted;
    tap t;
    static char text[16384];
    CHECK(tap_begin(&t, NULL, NULL, NULL), "watch did not open the line");
    for (size_t i = 0; i < vector_count; i++)
        for (int again = 0;
             again < (vectors[i].word == FL_ASK_POLL || vectors[i].word == FL_SAY_STAT ? 3 : 1); again++)
            say(&t, vectors[i].line);
    CHECK(tap_read(&t, (unsigned)count, text, sizeof text) == count, "lines:\n%.900s", text);
    CHECK(tap_end(&t, SIGINT) == 130, "Ctrl-C ends it with 130");
    size_t at = 0;
    char *save = NULL;
    for (char *line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save), at++)
        CHECK(at < count && strlen(line) > 11 && strcmp(line + 11, wanted[at]) == 0, "line %zu: %s", at,
              line);
}

static void silence_is_said_once(void)
{
    tap t;
    static char text[4096];
    CHECK(tap_begin(&t, NULL, NULL, NULL), "watch did not open the line");
    say(&t, vectors[0].line);
    CHECK(tap_read(&t, 2, text, sizeof text) == 2 && strstr(text, "silence"), "lines:\n%.900s", text);
    say(&t, vectors[0].line);
    CHECK(tap_read(&t, 1, text, sizeof text) == 1 && strstr(text, "HELLO"), "lines:\n%.900s", text);
    CHECK(tap_end(&t, SIGINT) == 130, "ends");
}

static void without_identity_it_says_so(void)
{
    tap t;
    char text[4096];
    CHECK(tap_begin(&t, "--frames", NULL, NULL), "watch did not open the line");
    say(&t, vectors[VECTOR_GRANT].line);
    CHECK(tap_read(&t, 1, text, sizeof text) == 1 && strstr(text, "not checked"), "%.300s", text);
    CHECK(tap_end(&t, SIGTERM) == 130, "SIGTERM ends it too");
}

FL_TESTS("link/watch", TEST(the_vectors_as_json), TEST(people_read_words), TEST(without_identity_it_says_so),
         TEST(the_story_of_the_vectors), TEST(silence_is_said_once))

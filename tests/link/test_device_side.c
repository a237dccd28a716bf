/* labels: unit   timeout: 600   needs: fadeline fadeline-control manual   serial */
/* The device core for makers (src/link/device_side): the vectors of the page byte for byte, nothing of a
 * library in it, the conformance script and a whole session against it, as programs over a pseudo-terminal.
 * It stands in the virtual laser's room, in the place of the virtual laser's own core. Every day what takes
 * no waiting; FL_ALL=1: all 73 checks. */
#include "check.h"
#include "device_side/grant_link.h"
#include "fadeline/base/place.h"
#include "fadeline/base/text.h"
#include "fadeline/link/frame.h"
#include "helper_vectors.h"

#include <signal.h>
#include <stdarg.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- the vectors, in one process ---- */

typedef struct bench {
    gl_device laser;
    char said[600];
    uint32_t in, draws[2];
    unsigned drawn, pulses;
    gl_kept kept;
} bench;

static void on_send(void *self, const char *bytes, size_t size)
{
    bench *b = self;
    snprintf(b->said, sizeof b->said, "%.*s", (int)size, bytes);
}
static void on_outputs(void *self, unsigned out)
{
    (void)self;
    (void)out;
}
static uint32_t on_pulse(void *self, const gl_settings *settings)
{
    bench *b = self;
    b->pulses++;
    CHECK(b->kept.k == 0x12345, "the counter is kept before the trigger");
    return settings->en_uJ - 4000;
}
static uint32_t on_inputs(void *self)
{
    return ((bench *)self)->in;
}
static uint32_t on_spot(void *self)
{
    (void)self;
    return 4000;
}
static uint8_t on_handpiece(void *self)
{
    (void)self;
    return 0x21;
}
static uint32_t on_flashes(void *self)
{
    return 0x12344 + ((bench *)self)->pulses;
}
static uint32_t on_random(void *self)
{
    bench *b = self;
    return b->draws[b->drawn++ % 2];
}
static bool on_keep(void *self, const gl_kept *kept)
{
    ((bench *)self)->kept = *kept;
    return true;
}
static bool on_allowed(void *self, const gl_settings *settings)
{
    (void)self;
    return settings->en_uJ <= 400000;
}

static const gl_make make = {"Example Instruments",   "Pico 2", VECTOR_IDENTITY, "1.0", 0x7F, 3000,
                             {1000, 1000, 4000, 1064}};

static void bench_begin(bench *b)
{
    *b = (bench){.in = 0x000E1BFF, .draws = {0x2468ACE0, 0xCAFE0001}, .kept = {.k = 0x12344, .g = 0x122}};
    const gl_board board = {b,          on_send,   on_outputs, on_pulse,  on_inputs, on_spot, on_handpiece,
                            on_flashes, on_random, on_keep,    on_allowed};
    gl_start(&b->laser, &make, &board, &b->kept);
}

static void hear(bench *b, const char *line)
{
    b->said[0] = 0;
    while (*line) gl_byte(&b->laser, *line++);
    gl_byte(&b->laser, '\n');
}

static void poll_at(bench *b, uint32_t number, uint64_t until)
{
    char line[FL_FRAME_ROOM];
    while (b->laser.now < until) gl_tick(&b->laser, b->laser.now + 1);
    const size_t size = fl_frame_write('>', 0x373F373F, number, VECTOR_IDENTITY, "POLL sh=0", 9, line);
    line[size - 1] = 0;
    hear(b, line);
}

static void the_vectors_of_the_page(void)
{
    static bench b;
    bench_begin(&b);
    const gl_settings edited = {2000, 1000, 4000, 1064};
    for (uint64_t ms = 1; ms <= 100; ms++) gl_tick(&b.laser, ms);
    CHECK(gl_panel(&b.laser, &edited), "an edit, so that the epoch is the page's");
    for (size_t i = 0; i < vector_count; i++) {
        const char *line = vectors[i].line;
        if (*line == '<') {
            CHECK(strlen(b.said) == strlen(line) + 1 && strncmp(b.said, line, strlen(line)) == 0,
                  "said %swanted %s\n", b.said, line);
            continue;
        }
        if (vectors[i].number == 0x4B0) {
            for (uint32_t number = 0x3EE; number < 0x4B0; number++)
                poll_at(&b, number, 100 + (number - 0x3EDu) * 3990 / 195); /* never silent for 100 ms */
            while (b.laser.now < 0x1000) gl_tick(&b.laser, b.laser.now + 1);
            b.in = 0x000FE3FF; /* the foot goes down and the shutters open */
        }
        if (vectors[i].number == 0x4B1)
            while (b.laser.now < 0x100B) gl_tick(&b.laser, b.laser.now + 1);
        hear(&b, line);
    }
    CHECK(b.pulses == 1 && b.laser.state == GL_STBY, "%u pulses", b.pulses);
    hear(&b, vectors[VECTOR_GRANT].line);
    CHECK(b.pulses == 1 && !b.said[0], "an old frame was answered: %s", b.said);
}

/* What the page prints for a firmware engineer is what our frame code reads. */
static void frames_of_the_page_are_good(void)
{
    char *page, *at;
    size_t size;
    int count = 0;
    CHECK(fl_place_read(FL_BUILD_DIR "/man/fadeline-link.7", 1 << 20, &page, &size, NULL) == FL_OK,
          "the page");
    at = page;
    for (char *line; (line = strsep(&at, "\n"));) {
        char frame_text[FL_FRAME_ROOM];
        fl_frame frame;
        if (!fl_text_begins(line, "\\&>") && !fl_text_begins(line, "\\&<")) continue;
        if (!strchr(line, '*') || strstr(line, "SSSS")) continue;
        fl_text text = fl_text_in(frame_text, sizeof frame_text);
        for (const char *c = line + 2; *c; c++) /* a minus is written \- */
            if (*c != '\\') fl_text_add_bytes(&text, c, 1);
        CHECK(fl_frame_read(frame_text, strlen(frame_text), VECTOR_IDENTITY, &frame) == FL_FRAME_GOOD,
              "the page prints %s", frame_text);
        CHECK((size_t)count < vector_count && strcmp(frame_text, vectors[count].line) == 0,
              "not the vector: %s", frame_text);
        count++;
    }
    CHECK((size_t)count == vector_count, "%d frames on the page", count);
    free(page);
}

/* ---- programs ---- */

static char printed[200000];

static int shell(const char *folder, const char *format, ...) __attribute__((format(printf, 2, 3)));
static int shell(const char *folder, const char *format, ...)
{
    char command[2000], line[3000];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(command, sizeof command, format, arguments);
    va_end(arguments);
    snprintf(line, sizeof line,
             "cd '%s' && FADELINE_HOME='%s/state' FADELINE_DATA='%s' PATH='%s':\"$PATH\"; export "
             "FADELINE_HOME FADELINE_DATA PATH; "
             "{ %s; } 2>&1 </dev/null",
             folder, folder, FL_SOURCE_DIR, FL_BUILD_DIR, command);
    FILE *pipe = popen(line, "r");
    if (!pipe) return -1;
    printed[fread(printed, 1, sizeof printed - 1, pipe)] = 0;
    const int how = pclose(pipe);
    return WIFEXITED(how) ? WEXITSTATUS(how) : 128;
}

/* Freestanding: what a compiler for a processor without a system needs, and nothing that it does not bring
 * itself. */
static void it_needs_no_library(void)
{
    CHECK(shell("/tmp",
                "D=$(mktemp -d) && cd $D && for f in grant_link grant_text; do cc -std=c11 -ffreestanding "
                "-Os -Wall -Wextra "
                "-Wconversion -Wpedantic -Wshadow -Werror -c %s/src/link/device_side/$f.c || exit 9; done; "
                "ld -r *.o -o all "
                "&& nm -u all | grep -v -w -e memcpy -e memset; rm -rf $D; true",
                FL_SOURCE_DIR) == 0 &&
              !printed[0],
          "%.500s", printed);
}

typedef struct scene {
    char folder[64];
    pid_t laser;
} scene;

static bool begin(scene *s, const char *room)
{
    *s = (scene){.folder = "/tmp/fl-portable-XXXXXX"};
    if (!mkdtemp(s->folder)) abort();
    char laser[96], fifo[96], script[96], state[96], line[64] = "";
    snprintf(laser, sizeof laser, "%s/laser", s->folder);
    snprintf(fifo, sizeof fifo, "%s/room", s->folder);
    snprintf(script, sizeof script, "%s/room.txt", s->folder);
    snprintf(state, sizeof state, "%s/laser.state", s->folder);
    CHECK(fl_place_write(script, room, strlen(room), 0600, NULL) == FL_OK, "%s", script);
    int pair[2];
    if (pipe(pair)) abort();
    s->laser = fork();
    if (s->laser == 0) {
        setenv("FADELINE_DATA", FL_SOURCE_DIR, 1);
        if (dup2(pair[1], STDOUT_FILENO) < 0 || !freopen("/dev/null", "w", stderr)) _exit(71);
        execl(FL_BUILD_DIR "/tests/portable-laser", "portable-laser", "--device", "example-pico", "--pty",
              laser, "--room", fifo, "--script", script, "--state", state, NULL);
        _exit(72);
    }
    close(pair[1]);
    const bool ready = read(pair[0], line, sizeof line - 1) > 0 && strncmp(line, "ready ", 6) == 0;
    close(pair[0]);
    CHECK(ready, "the laser did not say ready: %s", line);
    return ready;
}

static void end(scene *s)
{
    kill(s->laser, SIGTERM);
    waitpid(s->laser, NULL, 0);
    shell("/tmp", "rm -rf '%s'", s->folder);
}

static void it_conforms(void)
{
    scene s;
    if (!begin(&s, "")) return;
    const char *few = "--only "
                      "identity.text,hello.form,set.out-of-range,frame.251-bytes,frame.four-bad,number.nine-"
                      "ahead,number.old,"
                      "session.old,bang,anchor.kept,arm.challenge-twice,ready.door,ready.panel-edit,silence."
                      "hot,grant.no-foot,"
                      "grant.old-stat,grant.order,grant.fires,grant.same-bytes,grant.replay,counter.ahead";
    const int code =
        shell(s.folder, "fadeline conform laser --light --room room %s", getenv("FL_ALL") ? "" : few);
    const size_t size = strlen(printed);
    CHECK(code == 0 && strstr(printed, getenv("FL_ALL") ? "73 ok, 0 failed, 0 skipped" : "21 ok, 0 failed, "),
          "%d: %.900s", code, printed + (size > 900 ? size - 900 : 0));
    end(&s);
}

/* Three test spots, planned, conducted by fadeline-control, audited. */
static void it_treats(void)
{
    scene s;
    if (!begin(&s,
               "at 0 spot 4\nwhen hello +0.5 prove\nevery ready +0.4 foot down\nevery 2 pulses foot up\n"))
        return;
    CHECK(shell(s.folder,
                "fadeline plan %s/profiles/cases/case-1.yaml --device example-pico --date 2026-05-04 --out "
                "plan.json && "
                "echo 493027 | fadeline people add op:17 --role operator --until 2027-05-31",
                FL_SOURCE_DIR) == 0,
          "%.500s", printed);
    CHECK(shell(s.folder, "{ echo 'sign-in op:17 493027'; echo 'wait standby 20'; echo 'eyewear 1064 OD7 M "
                          "LB9'; for n in 1 2 3; do "
                          "printf 'spots %%d\\nwait 0.5\\narm\\nwait ready 20\\nwait pulses %%d 20\\nwait "
                          "0.3\\nstandby\\nwait standby "
                          "5\\nendpoint frost\\n' $n $((2 * n)); done; echo end; } > orders.txt && fadeline "
                          "run plan.json --port laser "
                          "--script orders.txt --date 2026-05-04") == 0,
          "%.900s", printed);
    CHECK(shell(s.folder, "fadeline journal verify --simulated --json") == 0 &&
              strstr(printed, "\"pulses\": 6"),
          "%.500s", printed);
    CHECK(shell(s.folder, "fadeline audit --from 2026-05-01 --to 2026-05-31 --simulated --json") == 0,
          "%.500s", printed);
    end(&s);
}

FL_TESTS("link/device_side", TEST(the_vectors_of_the_page), TEST(frames_of_the_page_are_good),
         TEST(it_needs_no_library), TEST(it_conforms), TEST(it_treats))

/* fadeline-twin: a virtual laser on a pseudo-terminal, a local TCP port or a USB plug. */
#include "carrier.h"
#include "device_file.h"
#include "feed.h"
#include "speak_play.h"
#include "stopwatch.h"
#include "twin.h"

#include "fadeline/base/random.h"
#include "fadeline/base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#define FAULTS_MAX 64
#define FIFO_PRIORITY                                                                                        \
    10               /* below a host that asks for real time: the device may wait, never the other way       \
                      */
#define IDLE_MS 10   /* step of time while nobody has the line open */
#define READS_A_MS 8 /* a host that never stops talking must not stop our clock */

typedef struct arguments {
    const char *device, *speak, *pty, *usbip, *script, *state, *light, *room, *heard;
    const char *faults[FAULTS_MAX];
    unsigned fault_count;
    bool has_tcp, has_seed, turnaround;
    uint64_t tcp, seed;
} arguments;

static volatile sig_atomic_t asked_to_end;

static void on_signal(int number)
{
    (void)number;
    asked_to_end = 1;
}

static void help(void)
{
    char names[200];
    speak_names(names, sizeof names);
    printf(
        "Usage: fadeline-twin (--device ID | --speak NAME) (--pty PATH | --tcp PORT | --usbip PORT) "
        "[options]\n"
        "\n"
        "A virtual laser that speaks the grant link GL1, with the room around it. SIMULATED: no light.\n"
        "\n"
        "  --device ID     the laser to play: devices/ID.yaml, marked as simulated, identity SIM...\n"
        "  --pty PATH      make a pseudo-terminal and a link PATH to it\n"
        "  --tcp PORT      listen on 127.0.0.1:PORT instead (0: any free port)\n"
        "  --usbip PORT    a USB device on 127.0.0.1:PORT for `usbip attach`; vhci:N plugs it into this "
        "machine\n"
        "  --script FILE   what happens in the room, one event a line\n"
        "  --room PATH     make a FIFO and take such lines from it live: echo now door open > PATH\n"
        "  --fault SPEC    a fault on cue; may be given again\n"
        "  --state FILE    keep counters over restarts\n"
        "  --speak NAME    a device that speaks a published protocol instead: %s\n"
        "  --light PATH    file or FIFO: a laser or gate tells its pulses there; a meter sees them, a laser "
        "of --speak is triggered by them\n"
        "  --heard PATH    --speak: what the host says is written there\n"
        "  --seed N        make chance repeatable\n"
        "  --turnaround    at the end, the times from a STAT to the GRANT that names it\n"
        "\n",
        names);
    puts(
        "Prints one line `ready PATH` on standard output; everything else it says of itself goes to "
        "standard\n"
        "error and begins with SIM. SIGTERM ends it. Exit codes: 0 done, 2 usage, 3 bad file, 4 died on "
        "cue.\n"
        "\n"
        "Examples:\n"
        "  fadeline-twin --device example-pico --pty /tmp/laser\n"
        "  fadeline-twin --device example-pico --pty /tmp/laser --state laser.state --script room.txt\n"
        "  fadeline-twin --device example-pico --tcp 0 --fault 'stall=300@ready+2' --fault 'drop=5%@t=10/3'\n"
        "  fadeline-twin --device example-pico --pty /tmp/laser --light /tmp/light &\n"
        "  fadeline-twin --speak ophir --pty /tmp/meter --light /tmp/light --fault over@5\n"
        "  fadeline-twin --speak microjewel --pty /tmp/laser --fault lie@7-\n"
        "  fadeline-twin --device my-bench.yaml --pty /tmp/gate --light /tmp/trigger &   (its file has a "
        "gate)\n"
        "  fadeline-twin --speak microjewel --pty /tmp/laser --light /tmp/trigger --fault hand\n"
        "\n"
        "A room in which a foot fires twenty pulses at a time, and a door opens once:\n"
        "  when hello +0.5 prove\n"
        "  every ready +0.3 foot down\n"
        "  every 20 pulses foot up\n"
        "  every 20 pulses +1.0 foot down\n"
        "  after 50 pulses door open\n"
        "  then +2 door close\n"
        "  every standby foot up\n");
    script_help(stdout);
    puts("");
    fault_help(stdout);
    puts("");
    puts("faults of a meter (--speak):");
    fputs(speak_ophir.help, stdout);
    puts("\nfaults of a laser (--speak):");
    fputs(speak_microjewel.help, stdout);
}

static fl_status usage(const char *what, const char *word)
{
    fprintf(stderr, "SIM fadeline-twin: %s%s\nSIM   hint: fadeline-twin --help\n", what, word);
    return FL_E_USAGE;
}

enum {
    OPT_DEVICE = 1,
    OPT_PTY,
    OPT_TCP,
    OPT_USBIP,
    OPT_SCRIPT,
    OPT_FAULT,
    OPT_STATE,
    OPT_SEED,
    OPT_SPEAK,
    OPT_LIGHT,
    OPT_ROOM,
    OPT_HEARD,
    OPT_TURNAROUND,
    OPT_HELP
};

static fl_status take_option(int option, arguments *given)
{
    switch (option) {
    case OPT_DEVICE: given->device = optarg; return FL_OK;
    case OPT_SPEAK: given->speak = optarg; return FL_OK;
    case OPT_LIGHT: given->light = optarg; return FL_OK;
    case OPT_PTY: given->pty = optarg; return FL_OK;
    case OPT_SCRIPT: given->script = optarg; return FL_OK;
    case OPT_STATE: given->state = optarg; return FL_OK;
    case OPT_HEARD: given->heard = optarg; return FL_OK;
    case OPT_ROOM: given->room = optarg; return FL_OK;
    case OPT_TURNAROUND: given->turnaround = true; return FL_OK;
    case OPT_TCP:
        given->has_tcp = true;
        if (fl_read_u64(optarg, &given->tcp) == FL_OK && given->tcp <= 65535) return FL_OK;
        return usage("not a port: ", optarg);
    case OPT_SEED:
        given->has_seed = true;
        return fl_read_u64(optarg, &given->seed) == FL_OK ? FL_OK : usage("not a seed: ", optarg);
    case OPT_FAULT:
        if (given->fault_count == FAULTS_MAX) return usage("too many faults", "");
        given->faults[given->fault_count++] = optarg;
        return FL_OK;
    case OPT_USBIP: given->usbip = optarg; return FL_OK;
    default: return usage("that was not understood", "");
    }
}

static fl_status read_arguments(int argc, char **argv, arguments *given)
{
    static const struct option options[] = {
        {"device", required_argument, NULL, OPT_DEVICE}, {"pty", required_argument, NULL, OPT_PTY},
        {"tcp", required_argument, NULL, OPT_TCP},       {"usbip", required_argument, NULL, OPT_USBIP},
        {"script", required_argument, NULL, OPT_SCRIPT}, {"fault", required_argument, NULL, OPT_FAULT},
        {"state", required_argument, NULL, OPT_STATE},   {"seed", required_argument, NULL, OPT_SEED},
        {"speak", required_argument, NULL, OPT_SPEAK},   {"light", required_argument, NULL, OPT_LIGHT},
        {"room", required_argument, NULL, OPT_ROOM},     {"heard", required_argument, NULL, OPT_HEARD},
        {"room", required_argument, NULL, OPT_ROOM},     {"turnaround", no_argument, NULL, OPT_TURNAROUND},
        {"help", no_argument, NULL, OPT_HELP},           {NULL, 0, NULL, 0},
    };
    opterr = 0;
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        if (option == OPT_HELP) {
            help();
            return FL_E_INTERRUPTED; /* nothing more to do; main knows */
        }
        const fl_status status = take_option(option, given);
        if (status != FL_OK) return status;
    }
    if (optind < argc) return usage("one word too many: ", argv[optind]);
    if (!given->device == !given->speak) return usage("which device? --device ID or --speak NAME", "");
    if ((given->pty != NULL) + given->has_tcp + (given->usbip != NULL) != 1)
        return usage("one of --pty PATH, --tcp PORT and --usbip PORT", "");
    return FL_OK;
}

/* Never waits for a reader: a full pipe loses a note, and the laser keeps its time. */
static void say(void *self, const char *text)
{
    (void)self;
    struct pollfd err = {.fd = STDERR_FILENO, .events = POLLOUT};
    char room[320];
    const int length = snprintf(room, sizeof room, "SIM %s\n", text);
    if (poll(&err, 1, 0) == 1 && (err.revents & POLLOUT) && write(STDERR_FILENO, room, (size_t)length) < 0)
        return;
}

static void complain(const fl_error *error)
{
    /* As fl_error_print, with SIM before each line. */
    if (error->file[0])
        fprintf(stderr, "SIM %s:%u: error: %s\n", error->file, error->line, error->what);
    else
        fprintf(stderr, "SIM fadeline-twin: %s\n", error->what);
    if (error->hint[0]) fprintf(stderr, "SIM   hint: %s\n", error->hint);
}

static stopwatch turnaround;

static int64_t clock_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * INT64_C(1000000) + now.tv_nsec / 1000;
}

static uint64_t clock_ms(void)
{
    return (uint64_t)(clock_us() / 1000);
}

static void put(void *self, const char *bytes, size_t length)
{
    stopwatch_sent(&turnaround, bytes, length, clock_us());
    carrier_write(self, bytes, length);
}

static void plug(void *self, const twin_fault *fault, bool begin)
{
    carrier_fail(self, fault, begin);
}

static void hear(twin *t, twin_carrier *carrier)
{
    char bytes[1024];
    size_t length;
    for (int i = 0; i < READS_A_MS && !t->end; i++) {
        const carrier_event event = carrier_read(carrier, bytes, sizeof bytes, &length);
        if (event == CARRIER_HANGUP) {
            say(NULL, "the host closed the line");
            twin_hangup(t);
        }
        if (event != CARRIER_BYTES) return;
        stopwatch_heard(&turnaround, bytes, length, clock_us());
        twin_heard(t, bytes, length);
    }
}

/* What was said of the room. A line that cannot be read is complained about, and the room stays as it is. */
static void obey_room(twin *t, room_feed *feed)
{
    char line[400];
    for (int i = 0; i < READS_A_MS && feed_line(feed, line, sizeof line); i++) {
        fl_error error = {.status = FL_OK};
        if (script_say(&t->script, line, &error) != FL_OK) complain(&error);
    }
}

/* One loop a millisecond, woken by the timer or by bytes; asleep otherwise. */
static fl_status run(twin *t, twin_carrier *carrier, room_feed *feed)
{
    const int timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
    if (timer < 0) return FL_E_IO;
    const uint64_t start_ms = clock_ms();
    int step_ms = 0;
    while (!asked_to_end && !t->end) {
        const int wanted_ms = carrier->has_peer ? 1 : IDLE_MS;
        if (step_ms != wanted_ms) {
            step_ms = wanted_ms;
            const struct timespec step = {.tv_nsec = step_ms * 1000000L};
            timerfd_settime(timer, 0, &(struct itimerspec){.it_interval = step, .it_value = step}, NULL);
        }
        struct pollfd wait[3] = {{.fd = timer, .events = POLLIN},
                                 {.fd = carrier_wait_fd(carrier), .events = POLLIN},
                                 {.fd = feed->fd, .events = POLLIN}};
        if (poll(wait, 3, 1000) < 0 && errno != EINTR) break;
        uint64_t beats;
        if (read(timer, &beats, sizeof beats) < 0 && errno != EAGAIN) break;
        obey_room(t, feed);
        twin_tick(t, clock_ms() - start_ms); /* first, so that bytes are judged by the present time */
        if (!t->end) hear(t, carrier);
    }
    close(timer);
    return FL_OK;
}

static fl_status prepare(twin *t, const arguments *given, fl_error *error)
{
    fl_status status = FL_OK;
    if (given->script) status = script_load(&t->script, given->script, complain, error);
    if (status != FL_OK) error->what[0] = 0; /* every fault of the script was told already */
    for (unsigned i = 0; i < given->fault_count && status == FL_OK; i++) {
        script_line line;
        status = fault_read(given->faults[i], &line, error);
        if (status == FL_OK) status = script_add(&t->script, &line, error);
    }
    return status;
}

/* The laser tells its light: whoever plays a meter reads it. Nothing waits, and a full FIFO loses a pulse. */
static void shine(void *self, uint64_t ms, double energy_J)
{
    const int *light = self;
    char line[64];
    const int length = snprintf(line, sizeof line, "%llu %.6g\n", (unsigned long long)ms, energy_J);
    if (write(*light, line, (size_t)length) != length) say(NULL, "light was not told");
}

static fl_status open_light(const char *path, int *light, fl_error *error)
{
    *light = -1;
    if (!path) return FL_OK;
    *light = open(path, O_RDWR | O_APPEND | O_CREAT | O_NONBLOCK | O_CLOEXEC, 0600);
    if (*light >= 0) return FL_OK;
    return fl_error_set(error, FL_E_FILE, "cannot open %s: %s", path, strerror(errno));
}

static fl_status speak(const arguments *given, fl_error *error)
{
    char names[200];
    const speaker *who = speak_find(given->speak);
    const speak_options options = {.light = given->light,
                                   .heard = given->heard,
                                   .state = given->state,
                                   .faults = given->faults,
                                   .fault_count = given->fault_count};
    speak_names(names, sizeof names);
    if (!who)
        return fl_error_set(error, FL_E_USAGE, "nobody speaks '%s'; there are: %s", given->speak, names);
    void *self = who->make(&options, error);
    if (!self) return error->status == FL_OK ? FL_E_IO : error->status;
    twin_carrier carrier;
    fl_status status = given->pty     ? carrier_open_pty(&carrier, given->pty, error)
                       : given->usbip ? carrier_open_usbip(&carrier, given->usbip, "SIM-00042", error)
                                      : carrier_open_tcp(&carrier, (unsigned)given->tcp, error);
    if (status == FL_OK) {
        printf("ready %s\n", carrier.name);
        fflush(stdout);
        status = speak_play(who, self, &carrier, &asked_to_end);
        carrier_close(&carrier);
    }
    who->free(self);
    return status;
}

static void catch_signals(void)
{
    struct sigaction action = {.sa_handler = on_signal};
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
    signal(SIGPIPE, SIG_IGN);
}

static fl_status play(const arguments *given, const device_file *file, fl_error *error)
{
    static twin t;
    twin_carrier carrier;
    int light;
    room_feed feed = {.fd = -1};
    uint64_t seed = given->seed;
    if (!given->has_seed && fl_random_secret(&seed, sizeof seed) != FL_OK)
        return fl_error_set(error, FL_E_IO, "the system gives no random numbers");
    fl_status status = open_light(given->light, &light, error);
    if (status != FL_OK) return status;
    const twin_options options = {.make = &file->make,
                                  .light_self = &light,
                                  .light = light >= 0 ? shine : NULL,
                                  .state_path = given->state,
                                  .seed = seed,
                                  .self = &carrier,
                                  .put = put,
                                  .plug = given->usbip ? plug : NULL,
                                  .say = say};
    status = twin_init(&t, &options, error);
    if (status != FL_OK) return status;
    status = prepare(&t, given, error);
    if (status == FL_OK && given->room) status = feed_open(&feed, given->room, error);
    if (status == FL_OK)
        status = given->pty     ? carrier_open_pty(&carrier, given->pty, error)
                 : given->usbip ? carrier_open_usbip(&carrier, given->usbip, file->make.uid, error)
                                : carrier_open_tcp(&carrier, (unsigned)given->tcp, error);
    if (status != FL_OK) {
        feed_close(&feed);
        twin_fini(&t);
        return status;
    }
    const struct sched_param fifo = {.sched_priority = FIFO_PRIORITY};
    if (sched_setscheduler(0, SCHED_FIFO, &fifo) != 0) say(NULL, "no real-time scheduling; going on without");
    printf("ready %s\n", carrier.name);
    fflush(stdout);
    status = run(&t, &carrier, &feed);
    if (t.end >= TWIN_DIED) _exit(fl_status_exit(FL_E_DEVICE)); /* gone at once: nothing is tidied up */
    char room[80];
    snprintf(room, sizeof room, "ends after %llu pulses", (unsigned long long)t.script.pulses);
    say(NULL, room);
    if (given->turnaround) stopwatch_tell(&turnaround, room, sizeof room), say(NULL, room);
    feed_close(&feed);
    carrier_close(&carrier);
    twin_fini(&t);
    return status;
}

int main(int argc, char **argv)
{
    arguments given = {.device = NULL};
    fl_status status = read_arguments(argc, argv, &given);
    if (status == FL_E_INTERRUPTED) return 0;
    if (status != FL_OK) return fl_status_exit(status);
    static device_file file;
    fl_error error = {.status = FL_OK};
    catch_signals();
    if (given.speak) {
        status = speak(&given, &error);
        if (status != FL_OK && error.what[0]) complain(&error);
        return fl_status_exit(status);
    }
    status = device_file_load(given.device, &file, &error);
    if (status == FL_OK) status = play(&given, &file, &error);
    if (status != FL_OK && error.what[0]) complain(&error);
    device_file_free(&file);
    return fl_status_exit(status);
}

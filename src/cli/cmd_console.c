/* fadeline console: the pages, until somebody stops it. */
#include "command.h"

#include "fadeline/base/clock.h"
#include "fadeline/base/date.h"
#include "fadeline/console/console.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define NAMES_MOST 4

static fl_status read_options(const fl_args *args, fl_console_options *options, fl_error *error)
{
    const char *day = fl_args_value(args, "date");
    const fl_date today = fl_date_of(fl_clock_system()->utc(NULL));
    fl_date date = today;
    options->simulated = fl_args_has(args, "simulated");
    options->listen = fl_args_value(args, "listen");
    options->certificate = fl_args_value(args, "cert");
    options->key = fl_args_value(args, "key");
    options->hub = fl_args_value(args, "hub");
    if (!options->hub) options->hub = getenv("FADELINE_HUB");
    if (options->hub && !*options->hub) options->hub = NULL;
    if (day && !options->simulated)
        return fl_error_set(error, FL_E_USAGE, "--date is for simulated lasers only: say --simulated");
    if (day && fl_date_read(day, &date) != FL_OK)
        return fl_error_set(error, FL_E_USAGE, "--date wants YYYY-MM-DD, not '%s'", day);
    options->days_ahead = fl_date_days(date) - fl_date_days(today);
    return FL_OK;
}

static void say_where(const fl_console *console, bool simulated, bool json)
{
    const char *far = fl_console_far_url(console);
    if (json) {
        printf("{");
        if (far) printf("\"far\":\"%s\",", far);
        printf("\"simulated\":%s,\"url\":\"%s\"}\n", simulated ? "true" : "false", fl_console_url(console));
    } else {
        printf("%sthe console is open at %s\n", simulated ? "SIMULATED " : "", fl_console_url(console));
        if (far) printf("other devices look on at %s\n", far);
        printf("open it in a browser of this machine; Ctrl-C closes it\n");
    }
    fflush(stdout);
}

/* A service manager that wants to hear when the pages are open names its socket (sd_notify's protocol: one
 * datagram), so that whoever starts the service may open a browser next. Taken out of the environment while
 * there is one thread: what we start is not the service. */
static void take_manager(struct sockaddr_un *manager, socklen_t *length)
{
    const char *name = getenv("NOTIFY_SOCKET");
    const size_t size = name ? strlen(name) : 0;
    *manager = (struct sockaddr_un){.sun_family = AF_UNIX};
    *length = 0; /* nobody asked */
    if (size >= 2 && size < sizeof manager->sun_path) {
        memcpy(manager->sun_path, name, size);
        if (name[0] == '@') manager->sun_path[0] = 0; /* an abstract name */
        *length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + size);
    }
    unsetenv("NOTIFY_SOCKET");
}

/* Nobody listens? The pages are open all the same. */
static void say_ready(const struct sockaddr_un *manager, socklen_t length)
{
    static const char word[] = "READY=1";
    const int to = length ? socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0) : -1;
    if (to < 0) return;
    if (sendto(to, word, sizeof word - 1, MSG_NOSIGNAL, (const struct sockaddr *)manager, length) < 0)
        fprintf(stderr, "fadeline console: the service manager does not listen\n");
    close(to);
}

static int run(const fl_args *args)
{
    fl_error error = {0};
    fl_console *console;
    fl_console_options options = {0};
    unsigned long long port = FL_CONSOLE_PORT;
    const char *names[NAMES_MOST + 1] = {NULL};
    size_t count = 0;
    int number;
    sigset_t ends;
    struct sockaddr_un manager;
    socklen_t manager_length;
    if (args->count) return fl_args_wrong(args, "nothing may follow 'console' but options");
    if (!fl_args_whole(args, "port", 65535, &port, NULL)) return fl_status_exit(FL_E_USAGE);
    options.port = (uint16_t)port;
    for (size_t at = 0; count < NAMES_MOST && (names[count] = fl_args_each(args, "name", &at));) count++;
    options.names = names;
    if (read_options(args, &options, &error) != FL_OK) return fl_args_failed(&error);
    /* Blocked before there are threads: all of them inherit it, and only sigwait hears. */
    sigemptyset(&ends);
    sigaddset(&ends, SIGINT);
    sigaddset(&ends, SIGTERM);
    sigaddset(&ends, SIGHUP);
    pthread_sigmask(SIG_BLOCK, &ends, NULL);
    take_manager(&manager, &manager_length);
    if (fl_console_open(&options, &console, &error) != FL_OK) return fl_args_failed(&error);
    say_where(console, options.simulated, fl_args_has(args, "json"));
    say_ready(&manager, manager_length);
    sigwait(&ends, &number);
    fl_console_close(console);
    return 0;
}

static const fl_option options[] = {
    {"port", "N", "on the loopback address; 8020 unless said, 0: any that is free"},
    {"simulated", NULL, "the journal and the clients of simulated lasers; every page says so"},
    {"date", "YYYY-MM-DD", "pretend another day; with --simulated only"},
    {"listen", "ADDR[:PORT]", "also for other devices, over TLS; port 8443 unless said"},
    {"cert", "FILE", "its certificate, PEM; with what signed it behind it"},
    {"key", "FILE", "the key of the certificate, PEM, mode 600"},
    {"name", "NAME", "what this machine is called there; may be given again"},
    {"hub", "URI", "the owner's hub, for the page of all clinics; else FADELINE_HUB from the environment"},
    {"json", NULL, "one line when it is ready: url and simulated"},
    {NULL, NULL, NULL},
};

const fl_command fl_command_console = {
    .name = "console",
    .arguments = "[--simulated] [--port N] [--listen ADDR --cert FILE --key FILE]",
    .summary = "open the pages for technician and owner in a browser of this machine",
    .more =
        "A web server that only this machine can reach. It asks for a PIN, as the commands do; people are\n"
        "added with `fadeline people add`. Nothing in it can make light. It closes with Ctrl-C, after the\n"
        "pages that are under way.\n\n"
        "With --listen, --cert and --key other devices see it too, over TLS. They only look on; a tablet\n"
        "that was paired with a code, on the page Tablet of this machine, may do what the person signed\n"
        "in on it may do.\n\n"
        "With --hub the owner sees every clinic of the hub on one page. A password belongs into "
        "FADELINE_HUB\n"
        "or ~/.pgpass: a command line is seen by everybody on the machine.\n\n"
        "examples:\n"
        "  fadeline console --simulated --port 8021\n"
        "  fadeline console --port 0 --json\n"
        "  fadeline console --port 8020 --hub postgresql:///fadeline\n"
        "  fadeline console --port 8020 --listen 192.168.1.20 --cert console.pem --key console.key \\\n"
        "    --name console.clinic.lan\n",
    .options = options,
    .run = run,
};

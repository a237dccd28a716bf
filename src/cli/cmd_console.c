/* fadeline console: the pages, until somebody stops it. */
#include "command.h"

#include "fadeline/base/clock.h"
#include "fadeline/base/date.h"
#include "fadeline/console/console.h"

#include <signal.h>
#include <stdio.h>

static fl_status read_options(const fl_args *args, fl_console_options *options, fl_error *error)
{
    const char *day = fl_args_value(args, "date");
    const fl_date today = fl_date_of(fl_clock_system()->utc(NULL));
    fl_date date = today;
    options->simulated = fl_args_has(args, "simulated");
    if (day && !options->simulated)
        return fl_error_set(error, FL_E_USAGE, "--date is for simulated lasers only: say --simulated");
    if (day && fl_date_read(day, &date) != FL_OK)
        return fl_error_set(error, FL_E_USAGE, "--date wants YYYY-MM-DD, not '%s'", day);
    options->days_ahead = fl_date_days(date) - fl_date_days(today);
    return FL_OK;
}

static void say_where(const fl_console *console, bool simulated, bool json)
{
    if (json)
        printf("{\"simulated\":%s,\"url\":\"%s\"}\n", simulated ? "true" : "false", fl_console_url(console));
    else
        printf("%sthe console is open at %s\nopen it in a browser of this machine; Ctrl-C closes it\n",
               simulated ? "SIMULATED " : "", fl_console_url(console));
    fflush(stdout);
}

static int run(const fl_args *args)
{
    fl_error error = {0};
    fl_console *console;
    fl_console_options options = {0};
    unsigned long long port = FL_CONSOLE_PORT;
    int number;
    sigset_t ends;
    if (args->count) return fl_args_wrong(args, "nothing may follow 'console' but options");
    if (!fl_args_whole(args, "port", 65535, &port, NULL)) return fl_status_exit(FL_E_USAGE);
    options.port = (uint16_t)port;
    if (read_options(args, &options, &error) != FL_OK) return fl_args_failed(&error);
    /* Blocked before there are threads: all of them inherit it, and only sigwait hears. */
    sigemptyset(&ends);
    sigaddset(&ends, SIGINT);
    sigaddset(&ends, SIGTERM);
    sigaddset(&ends, SIGHUP);
    pthread_sigmask(SIG_BLOCK, &ends, NULL);
    if (fl_console_open(&options, &console, &error) != FL_OK) return fl_args_failed(&error);
    say_where(console, options.simulated, fl_args_has(args, "json"));
    sigwait(&ends, &number);
    fl_console_close(console);
    return 0;
}

static const fl_option options[] = {
    {"port", "N", "on the loopback address; 8020 unless said, 0: any that is free"},
    {"simulated", NULL, "the journal and the clients of simulated lasers; every page says so"},
    {"date", "YYYY-MM-DD", "pretend another day; with --simulated only"},
    {"json", NULL, "one line when it is ready: url and simulated"},
    {NULL, NULL, NULL},
};

const fl_command fl_command_console = {
    .name = "console",
    .arguments = "[--simulated] [--port N]",
    .summary = "open the pages for technician and owner in a browser of this machine",
    .more =
        "A web server that only this machine can reach. It asks for a PIN, as the commands do; people are\n"
        "added with `fadeline people add`. Nothing in it can make light. It closes with Ctrl-C, after the\n"
        "pages that are under way.\n\n"
        "examples:\n"
        "  fadeline console --simulated --port 8021\n"
        "  fadeline console --port 0 --json\n",
    .options = options,
    .run = run,
};

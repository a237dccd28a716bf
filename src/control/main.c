/* fadeline-control: conducts one session. Started by `fadeline run`; see fadeline/session/control.h. */
#include "harden.h"
#include "heap_count.h"

#include "fadeline/session/control.h"

#include <getopt.h>
#include <stdio.h>

static void help(FILE *out)
{
    fputs(
        "Usage: fadeline-control --plan PLAN.json --port PATH [--laser-port PATH] --socket PATH [--date "
        "YYYY-MM-DD]\n\n"
        "Conducts one session with one laser; of a laser behind a gate, --port is the gate's. Faces connect "
        "to the\n"
        "socket and give orders; none of them makes light. People use `fadeline run`, which starts this.\n",
        out);
}

int main(int argc, char **argv)
{
    enum { OPT_PLAN = 1, OPT_PORT, OPT_LASER_PORT, OPT_SOCKET, OPT_DATE, OPT_HELP };
    static const struct option known[] = {
        {"plan", required_argument, NULL, OPT_PLAN},
        {"port", required_argument, NULL, OPT_PORT},
        {"laser-port", required_argument, NULL, OPT_LASER_PORT},
        {"socket", required_argument, NULL, OPT_SOCKET},
        {"date", required_argument, NULL, OPT_DATE},
        {"help", no_argument, NULL, OPT_HELP},
        {NULL, 0, NULL, 0},
    };
    harden();
    fl_control_options options = {.heap_calls = heap_count_begin() ? heap_count : NULL};
    int option;
    while ((option = getopt_long(argc, argv, "", known, NULL)) != -1) {
        switch (option) {
        case OPT_PLAN: options.plan = optarg; break;
        case OPT_PORT: options.port = optarg; break;
        case OPT_LASER_PORT: options.laser_port = optarg; break;
        case OPT_SOCKET: options.socket = optarg; break;
        case OPT_DATE: options.date = optarg; break;
        case OPT_HELP: help(stdout); return 0;
        default: help(stderr); return 2;
        }
    }
    if (optind < argc || !options.plan || !options.port || !options.socket) {
        help(stderr);
        return 2;
    }
    return fl_control_run(&options);
}

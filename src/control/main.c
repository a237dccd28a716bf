/* fadeline-control: conducts one session. Started by `fadeline run` and `fadeline energy-check`; see
 * fadeline/session/control.h. */
#include "harden.h"
#include "heap_count.h"

#include "fadeline/base/text.h"
#include "fadeline/session/beside.h"
#include "fadeline/session/calibration.h"
#include "fadeline/session/control.h"

#include <getopt.h>
#include <stdio.h>

static void help(FILE *out)
{
    fputs("Usage: fadeline-control --plan PLAN.json --port PATH [--laser-port PATH] --socket PATH [--date "
          "YYYY-MM-DD] [--training]\n"
          "       fadeline-control --calibrate DEVICE --head ID --energy-uJ N --spot-um N --rate-mHz N "
          "--pulses "
          "N\n"
          "                        --port PATH [--laser-port PATH] --socket PATH [--date "
          "YYYY-MM-DD]\n"
          "       fadeline-control --verify JOURNAL     what it starts itself, beside every session\n\n"
          "Conducts one session with one laser: a treatment, or a check in the calibration port. Of a "
          "laser behind a\n"
          "gate, --port is the gate's. Faces connect to the socket and give orders; none of them makes "
          "light. People use `fadeline run` and `fadeline\n"
          "energy-check`, which start this.\n",
          out);
}

enum {
    OPT_PLAN = 1,
    OPT_PORT,
    OPT_LASER_PORT,
    OPT_SOCKET,
    OPT_DATE,
    OPT_TRAINING,
    OPT_CALIBRATE,
    OPT_HEAD,
    OPT_ENERGY,
    OPT_SPOT,
    OPT_RATE,
    OPT_PULSES,
    OPT_VERIFY,
    OPT_HELP
};

static const struct option known[] = {
    {"plan", required_argument, NULL, OPT_PLAN},
    {"port", required_argument, NULL, OPT_PORT},
    {"laser-port", required_argument, NULL, OPT_LASER_PORT},
    {"socket", required_argument, NULL, OPT_SOCKET},
    {"date", required_argument, NULL, OPT_DATE},
    {"training", no_argument, NULL, OPT_TRAINING},
    {"calibrate", required_argument, NULL, OPT_CALIBRATE},
    {"head", required_argument, NULL, OPT_HEAD},
    {"energy-uJ", required_argument, NULL, OPT_ENERGY},
    {"spot-um", required_argument, NULL, OPT_SPOT},
    {"rate-mHz", required_argument, NULL, OPT_RATE},
    {"pulses", required_argument, NULL, OPT_PULSES},
    {"verify", required_argument, NULL, OPT_VERIFY},
    {"help", no_argument, NULL, OPT_HELP},
    {NULL, 0, NULL, 0},
};

/* A number of the check; beyond what any laser has is no number. */
static bool take_number(int option, fl_calibration_wish *wish)
{
    uint64_t value;
    if (fl_read_u64(optarg, &value) != FL_OK || !value || value > 1000000000) return false;
    switch (option) {
    case OPT_ENERGY: wish->energy_uJ = value; return true;
    case OPT_SPOT: wish->spot_um = value; return true;
    case OPT_RATE: wish->rate_mHz = value; return true;
    case OPT_PULSES: wish->pulses = (unsigned)value; return true;
    default: return false;
    }
}

int main(int argc, char **argv)
{
    harden();
    fl_calibration_wish wish = {0};
    fl_control_options options = {.heap_calls = heap_count_begin() ? heap_count : NULL};
    int option;
    bool good = true;
    while ((option = getopt_long(argc, argv, "", known, NULL)) != -1) {
        switch (option) {
        case OPT_PLAN: options.plan = optarg; break;
        case OPT_PORT: options.port = optarg; break;
        case OPT_LASER_PORT: options.laser_port = optarg; break;
        case OPT_SOCKET: options.socket = optarg; break;
        case OPT_DATE: options.date = optarg; break;
        case OPT_TRAINING: options.training = true; break;
        case OPT_CALIBRATE: wish.device = optarg; break;
        case OPT_HEAD: wish.head = optarg; break;
        case OPT_VERIFY: return fl_beside_work(optarg);
        case OPT_HELP: help(stdout); return 0;
        default: good = good && take_number(option, &wish);
        }
    }
    if (wish.device) options.calibration = &wish;
    good = good && (!options.plan == !!wish.device) && (!wish.device || wish.head);
    if (!good || optind < argc || !options.port || !options.socket) {
        help(stderr);
        return 2;
    }
    return fl_control_run(&options);
}

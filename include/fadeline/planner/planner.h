/* Planner: the window between what the ink needs and what the skin may bear, for one head of one laser.
 *
 * Light enters; skin spreads it (transport); at the ink it must be enough to move pigment, and in the
 * epidermis it must stay below what melanin may bear. Every uncertain number is sampled (Sobol sequence), so
 * each answer is a distribution: the fluence that gives at most the accepted risk of injury is the upper edge
 * of the window, the fluence that gives a fair chance of an effect its lower edge. What "injury" and "effect"
 * mean, and how both were calibrated on published settings, is in src/planner/README.md.
 *
 * Nothing is ever clamped in silence: `limited_by` says which of device, profile and physics set `high`, and
 * a setting without a window carries reasons with what would change it.
 *
 *     fl_planner_request request = fl_planner_request_default();
 *     request.site = fl_planner_site_find(library, "scalp-male");
 *     request.skin_type = fl_planner_skin_type_find(library, 2);
 *     request.ink = fl_planner_ink_find(library, "carbon-smp");
 *     request.geometry = fl_planner_geometry_find(library, "smp");
 *     request.wavelength = fl_nm(1064), request.pulse = fl_ps(450), request.crest = 1.0;
 *     request.rate_max = fl_Hz(10);
 *     request.spots[0] = (fl_planner_spot){ .spot = fl_mm(4), .limit = limits.fluence_max,
 *                                           .limited_by = FL_LIMIT_DEVICE };
 *     request.spot_count = 1, request.seed = 7;
 *     fl_planner_answer *answer;
 *     fl_status status = fl_planner_run(&request, &answer, &error);
 *     ... answer->settings[0].start ...
 *     fl_planner_answer_free(answer);
 *
 * One call serves one head: all its spots come from the same photons, and another skin type, spot or
 * wavelength with the same seed meets the same draws, so that comparisons do not drown in noise. The same
 * request gives the same answer to the bit, for any number of threads.
 *
 * Fluences here are means over the spot. A Gaussian beam's centre has twice its mean: `crest` counts against
 * the epidermis, never in favour of the ink.
 */
#ifndef FL_PLANNER_PLANNER_H
#define FL_PLANNER_PLANNER_H

#include "fadeline/planner/library.h"
#include "fadeline/thermal/heat.h"

#include <stdint.h>

enum {
    FL_PLANNER_SPOTS = 16,
    FL_PLANNER_VARIANTS = 27, /* most absorptions a walk, so that bare and inked skins share it */
    FL_PLANNER_THREADS = 64,
    FL_PLANNER_REASONS = 12,
    FL_PLANNER_DEPTHS = 48, /* points of a depth profile */
    FL_PLANNER_STEPS = 65,  /* of the two dose-response curves */
    FL_PLANNER_INPUTS = 3,  /* that matter most, kept */
};

/* Who set an upper limit. */
typedef enum fl_planner_limit {
    FL_LIMIT_NONE,
    FL_LIMIT_DEVICE,
    FL_LIMIT_PROFILE, /* the clinic's rules */
    FL_LIMIT_PHYSICS,
} fl_planner_limit;
const char *fl_planner_limit_word(fl_planner_limit limit); /* "device", "rules", "physics" */

typedef struct fl_planner_spot {
    fl_length spot;   /* diameter at the skin */
    fl_fluence limit; /* already the lowest of device and rules, as a mean over the spot */
    fl_planner_limit limited_by;
    fl_fluence begin; /* the rules' highest start; 0: none */
    /* A test spot of this very setting lightened the ink and harmed nothing up to here; 0: none. It lets a
     * window that is open for test spots alone be used for zones, at most so far; one that is closed stays
     * closed. */
    fl_fluence proven;
} fl_planner_spot;

typedef struct fl_planner_request {
    const fl_planner_site *site;
    const fl_planner_skin_type *skin_type; /* the one planned as: the darkest of all evidence */
    double tan_factor;                     /* melanin now over untanned at this site: 1-3 */
    const fl_planner_ink *ink;
    const fl_planner_ink *cover; /* ink that was laid over it, a corrector or a cover-up; NULL: none */
    const fl_planner_geometry *geometry;
    bool scar; /* the ink lies in a scar: known less well, and bears less */
    fl_wavelength wavelength;
    fl_pulse_length pulse;
    double crest; /* peak over mean of the beam: 1 top hat, 2 Gaussian or not known */
    fl_rate rate_max;
    int passes_max;                          /* by the rules; 1 when nothing is said */
    fl_planner_spot spots[FL_PLANNER_SPOTS]; /* candidates, rising */
    unsigned spot_count;

    double accepted_risk;      /* of injury at the start fluence; default 0.02 */
    double accepted_test_risk; /* of injury at the top of a test grid, a few pulses: default 0.20 */
    double effect_least; /* chance that a day's passes reach a fifth of the pigment that absorbs here and so
                            make a window worth opening; 1/3 */
    double effect_least_test; /* the same for a test spot, which is there to learn; 0.15 */
    fl_warming warming_max;   /* of the epidermis before the next pulse if the hand stands still; 20 K */
    fl_film cooling;          /* of the surface by air or gel, as it takes heat up; 0: insulated, errs warm */

    uint64_t seed;
    unsigned draws;    /* scatterings, each a photon walk: 1-64; default 8 */
    unsigned variants; /* absorptions a walk: 2-27; default 16 */
    unsigned photons;  /* a walk; default 600 */
    unsigned threads;
    /* Folder for walks, made when missing, and the secret of 32 bytes that its files are signed with; without
     * both nothing is kept. Neither changes an answer. */
    const char *cache;
    const uint8_t *cache_secret;
} fl_planner_request;
fl_planner_request fl_planner_request_default(void);

typedef struct fl_planner_band {
    double median, p05, p95;
} fl_planner_band;

/* One sentence of what and why, one of what would change it. */
typedef struct fl_planner_reason {
    char code[48];
    char text[360];
    char change[360];
} fl_planner_reason;

/* Codes:
 *   no-window          what the ink needs exceeds what the skin may bear: not allowed, even for a test spot
 *   window-test-only   a window opens only at the risk accepted for a test spot: allowed for test spots alone
 *   limit-below-need   device or rules end below what the ink needs: not allowed
 *   ink-not-reached    no pigment of the ink absorbs enough at this wavelength: not allowed
 *   ink-partly-reached only part of the pigment absorbs here; named with its share
 *   ink-darkens        a pigment is known to turn dark: test spot always
 *   ink-unknown        the ink is a guess: test spot always
 *   limited-by-device, limited-by-rules, limited-by-physics   who ended the window
 *   limited-by-heat    the same, by heat left between pulses
 *   rate-lowered       the epidermis would gather heat at the device's rate
 *   cover-first        the ink on top is treated, what it covers in a later session
 *   under-cover        what lies on top lets this wavelength through: planned for the ink below it
 *   burn-counts        heat alone causes a good part of the injuries: cooling helps
 *   hair-shaft         hair in the skin is likely to turn white or break
 *   hair-bulb          the bulbs may be reached: hair may grow back white, or not
 *   plasma-possible    a spark is likely (from memory)
 *   several-passes     a half or a quarter of the fluence, more than once in the day
 */
typedef enum fl_planner_window {
    FL_WINDOW_CLOSED = 1,
    FL_WINDOW_TEST_ONLY,
    FL_WINDOW_OPEN,
} fl_planner_window;

typedef struct fl_planner_depth {
    fl_length depth;
    fl_planner_band ratio; /* local over incident fluence, on the axis */
} fl_planner_depth;

typedef struct fl_planner_input {
    const char *name; /* "amount of ink"; NULL: none with a share above chance */
    double share; /* of the variance of ln(fluence) that goes when it is known (first-order Sobol index) */
} fl_planner_input;

typedef struct fl_setting {
    fl_wavelength wavelength;
    fl_pulse_length pulse;
    fl_length spot;
    fl_planner_window window;
    bool allowed; /* window open, or proven. FL_WINDOW_TEST_ONLY is else not allowed, yet may be tested: below
                   */
    fl_planner_reason reasons[FL_PLANNER_REASONS];
    unsigned reason_count;

    fl_fluence start, low, high; /* low: effect_least is reached; high: lowest of device, rules, physics */
    fl_planner_limit limited_by; /* who set high */
    fl_fluence test_start,
        test_high;            /* the same at the risk accepted for test spots; 0 without such a window */
    fl_fluence needed_test;   /* for effect_least_test */
    fl_fluence needed;        /* for effect_least, whatever is permitted; INFINITY: never */
    fl_fluence bearable;      /* at the accepted risk, whatever the device can do */
    fl_fluence bearable_test; /* at the risk accepted for test spots */
    fl_fluence bearable_heat; /* the hand standing still at the slowest rate, 1 Hz */
    fl_fluence limit;         /* device and rules as asked, and who */
    fl_planner_limit limit_by;
    fl_energy energy; /* at start */
    fl_rate rate;
    fl_warming warming; /* left in the epidermis before the next pulse at that rate and all that a session may
                           raise */
    int passes;         /* in a day */

    fl_planner_band
        fluence_at_ink_ratio; /* around the ink: on top of a layer, among dots; local over incident */
    fl_planner_band fluence_at_basal_ratio;
    fl_planner_band ink_margin;       /* at start: local fluence over what the ink needs; > 1 is good */
    fl_planner_band epidermis_margin; /* at start: what it bears over what it gets; > 1 is good */
    double injury_probability, effect_probability; /* at start; at `limit` when there is no window */
    double injury_error, effect_error;             /* of sampling, one standard error */
    double burn_probability;                       /* that heat alone burns: part of injury_probability */
    double plasma_probability; /* that melanin sparks: seen and heard, no injury by itself; threshold from
                                  memory */
    fl_planner_band
        ink_reached; /* share of all coloured pigment that gets enough, at start, in all passes of the day */
    fl_planner_band hair_shaft_margin,
        hair_bulb_margin; /* fluence that bursts hair pigment over start; 0: no hair */
    double photon_error;  /* relative standard error of the basal ratio by photons, median */

    /* The two dose-response curves: the fluence at which injury, or effect, has the probability of standard
     * normal deviate -3.2 + i / 10. Read them with fl_setting_injury_at and fl_setting_effect_at. */
    fl_fluence injury_curve[FL_PLANNER_STEPS], effect_curve[FL_PLANNER_STEPS];

    fl_planner_input injury_inputs[FL_PLANNER_INPUTS], effect_inputs[FL_PLANNER_INPUTS]; /* most first */

    double target_colour; /* absorption of the target here over that at its best laser line, 0-1 */
    char target[48];      /* the pigment that takes up most light here */
    double target_share;  /* its share of the ink's pigment that can be seen (titanium dioxide left out) */
    fl_planner_depth profile[FL_PLANNER_DEPTHS];
    unsigned profile_count;
} fl_setting;

/* Where things lie, for pictures: medians and 5-95 %. */
typedef struct fl_planner_anatomy {
    fl_planner_band epidermis_mm, dermis_mm, ink_top_mm, ink_bottom_mm;
} fl_planner_anatomy;

typedef struct fl_planner_answer {
    fl_setting settings[FL_PLANNER_SPOTS]; /* as the spots asked for */
    unsigned count;
    int best; /* open window with the best chance of an effect; the largest spot within a hundredth; -1: none
               */
    fl_planner_anatomy anatomy;
    unsigned samples;
    double accepted_risk, accepted_test_risk, effect_least, effect_least_test; /* as asked */
} fl_planner_answer;

/* FL_E_RANGE names what is absurd or missing in the request; *answer is set only on FL_OK. */
FL_MUST_USE fl_status fl_planner_run(const fl_planner_request *request, fl_planner_answer **answer,
                                     fl_error *error);
void fl_planner_answer_free(fl_planner_answer *answer);

/* Injury and effect at another fluence of an answered setting, from the stored quantiles (interpolated in the
 * logarithm of the fluence): for test grids and for raising. Fluence outside the table gives its end. */
double fl_setting_injury_at(const fl_setting *setting, fl_fluence fluence);
double fl_setting_effect_at(const fl_setting *setting, fl_fluence fluence);

#endif

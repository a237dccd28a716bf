#include "fadeline/course/estimate.h"

#include "fadeline/base/assert.h"
#include "fadeline/base/text.h"

#include <ctype.h>
#include <math.h>

#define PICOSECOND_FACTOR 0.752 /* 24.8 % fewer: vendor page, primary paper not named */
#define ERROR_BAND 2.5          /* sessions either way: encyclopaedia article citing the 2009 paper */

// clang-format off
static const fl_estimate_level levels[] = {
    /* item                  level                             points  from memory */
    { FL_ESTIMATE_SKIN,      "I",                              1,      false },
    { FL_ESTIMATE_SKIN,      "II",                             2,      false },
    { FL_ESTIMATE_SKIN,      "III",                            3,      false },
    { FL_ESTIMATE_SKIN,      "IV",                             4,      false },
    { FL_ESTIMATE_SKIN,      "V",                              5,      false },
    { FL_ESTIMATE_SKIN,      "VI",                             6,      false },
    { FL_ESTIMATE_LOCATION,  "head_neck",                      1,      false }, /* scalp, brow, lid, lip, beard */
    { FL_ESTIMATE_LOCATION,  "upper_trunk",                    2,      false }, /* areola */
    { FL_ESTIMATE_LOCATION,  "lower_trunk",                    3,      true  },
    { FL_ESTIMATE_LOCATION,  "proximal_extremity",             4,      true  },
    { FL_ESTIMATE_LOCATION,  "distal_extremity",               5,      true  },
    { FL_ESTIMATE_COLOUR,    "black_only",                     1,      false },
    { FL_ESTIMATE_COLOUR,    "mostly_black_some_red",          2,      true  },
    { FL_ESTIMATE_COLOUR,    "mostly_black_and_red_some_other",3,      true  },
    { FL_ESTIMATE_COLOUR,    "multiple_colours",               4,      false },
    { FL_ESTIMATE_INK,       "amateur",                        1,      false },
    { FL_ESTIMATE_INK,       "minimal",                        2,      true  },
    { FL_ESTIMATE_INK,       "moderate",                       3,      false },
    { FL_ESTIMATE_INK,       "significant",                    4,      true  },
    { FL_ESTIMATE_SCARRING,  "none",                           0,      false },
    { FL_ESTIMATE_SCARRING,  "minimal",                        1,      true  },
    { FL_ESTIMATE_SCARRING,  "moderate",                       3,      true  }, /* 2 and 4 are not used */
    { FL_ESTIMATE_SCARRING,  "significant",                    5,      true  },
    { FL_ESTIMATE_LAYERING,  "none",                           0,      false },
    { FL_ESTIMATE_LAYERING,  "layered_or_cover_up",            2,      true  },
};
// clang-format on

const fl_estimate_level *fl_estimate_levels(size_t *count)
{
    *count = sizeof levels / sizeof *levels;
    return levels;
}

const char *fl_estimate_item_name(fl_estimate_item item)
{
    static const char *const names[FL_ESTIMATE_ITEMS] = {"skin", "location", "colour",
                                                         "ink",  "scarring", "layering"};
    FL_ASSERT(item < FL_ESTIMATE_ITEMS);
    return names[item];
}

static bool same_name(const char *a, const char *b)
{
    for (; *a && *b; a++, b++) {
        const int x = *a == '-' ? '_' : tolower((unsigned char)*a),
                  y = *b == '-' ? '_' : tolower((unsigned char)*b);
        if (x != y) return false;
    }
    return *a == *b;
}

fl_status fl_estimate_level_of(fl_estimate_item item, const char *name, const fl_estimate_level **level,
                               fl_error *error)
{
    FL_ASSERT(name && level);
    char known[256];
    fl_text text = fl_text_in(known, sizeof known);
    for (size_t i = 0; i < sizeof levels / sizeof *levels; i++) {
        if (levels[i].item != item) continue;
        if (same_name(levels[i].name, name)) {
            *level = &levels[i];
            return FL_OK;
        }
        fl_text_add(&text, "%s%s", text.length ? ", " : "", levels[i].name);
    }
    fl_error_set(error, FL_E_USAGE, "'%s' is no level of %s in the Kirby-Desai score", name,
                 fl_estimate_item_name(item));
    if (error) fl_error_hint(error, "one of %s", known);
    return FL_E_USAGE;
}

fl_estimate fl_estimate_of(const fl_estimate_level *const chosen[FL_ESTIMATE_ITEMS])
{
    fl_estimate estimate = {0};
    for (int i = 0; i < FL_ESTIMATE_ITEMS; i++) {
        FL_ASSERT(chosen[i] && chosen[i]->item == (fl_estimate_item)i);
        estimate.score += chosen[i]->points;
        estimate.from_memory |= chosen[i]->from_memory;
    }
    const int low = (int)ceil(estimate.score - ERROR_BAND);
    estimate.low = low > 1 ? low : 1;
    estimate.high = (int)ceil(estimate.score + ERROR_BAND);
    estimate.picosecond_adjusted = (int)ceil(PICOSECOND_FACTOR * estimate.score);
    return estimate;
}

int fl_estimate_fade_sessions(double share, double fade)
{
    if (!(share > 0.0 && share < 1.0 && fade > 0.0 && fade < 1.0)) return 0;
    return (int)ceil(log(1.0 - share) / log(1.0 - fade));
}

#include "fadeline/colour/lab.h"

#include "fadeline/base/assert.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>

#define DEGREES_PER_RADIAN 57.295779513082320877
#define RADIANS(degrees) ((degrees) / DEGREES_PER_RADIAN)

double fl_srgb_decode(double code)
{
    const double size = fabs(code);
    return copysign(size <= 0.04045 ? size / 12.92 : pow((size + 0.055) / 1.055, 2.4), code);
}

double fl_srgb_encode(double light)
{
    const double size = fabs(light);
    return copysign(size <= 0.0031308 ? 12.92 * size : 1.055 * pow(size, 1.0 / 2.4) - 0.055, light);
}

/* From the primaries and D65 of IEC 61966-2-1, seven digits (Lindbloom's table; the rows add up to FL_D65).
 */
fl_xyz fl_xyz_of_rgb(fl_rgb light)
{
    return (fl_xyz){
        0.4124564 * light.r + 0.3575761 * light.g + 0.1804375 * light.b,
        0.2126729 * light.r + 0.7151522 * light.g + 0.0721750 * light.b,
        0.0193339 * light.r + 0.1191920 * light.g + 0.9503041 * light.b,
    };
}

fl_rgb fl_rgb_of_xyz(fl_xyz xyz)
{
    return (fl_rgb){
        3.2404542 * xyz.X - 1.5371385 * xyz.Y - 0.4985314 * xyz.Z,
        -0.9692660 * xyz.X + 1.8760108 * xyz.Y + 0.0415560 * xyz.Z,
        0.0556434 * xyz.X - 0.2040259 * xyz.Y + 1.0572252 * xyz.Z,
    };
}

/* ---- CIELAB ---- */

#define EPSILON (216.0 / 24389.0) /* (6/29)^3 */
#define KAPPA (24389.0 / 27.0)    /* (29/3)^3 */

static double squeeze(double ratio)
{
    return ratio > EPSILON ? cbrt(ratio) : (KAPPA * ratio + 16.0) / 116.0;
}

static double stretch(double f)
{
    return f > 6.0 / 29.0 ? f * f * f : (116.0 * f - 16.0) / KAPPA;
}

fl_lab fl_lab_of_xyz(fl_xyz xyz, fl_xyz white)
{
    const double x = squeeze(xyz.X / white.X), y = squeeze(xyz.Y / white.Y), z = squeeze(xyz.Z / white.Z);
    return (fl_lab){116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)};
}

fl_xyz fl_xyz_of_lab(fl_lab lab, fl_xyz white)
{
    const double y = (lab.L_star + 16.0) / 116.0, x = y + lab.a_star / 500.0, z = y - lab.b_star / 200.0;
    return (fl_xyz){white.X * stretch(x), white.Y * stretch(y), white.Z * stretch(z)};
}

/* ---- another white ---- */

typedef struct cones {
    double l, m, s;
} cones;

static cones cones_of(fl_xyz v)
{
    return (cones){
        0.8951 * v.X + 0.2664 * v.Y - 0.1614 * v.Z,
        -0.7502 * v.X + 1.7135 * v.Y + 0.0367 * v.Z,
        0.0389 * v.X - 0.0685 * v.Y + 1.0296 * v.Z,
    };
}

/* The inverse of the rows above by cofactors, so that there and back is there to the last digits. */
static fl_xyz xyz_of_cones(cones c)
{
    const double m[3][3] = {{0.8951, 0.2664, -0.1614}, {-0.7502, 1.7135, 0.0367}, {0.0389, -0.0685, 1.0296}};
    double inverse[3][3], determinant = 0.0;
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++) {
            const int r = (j + 1) % 3, s = (j + 2) % 3, t = (i + 1) % 3, u = (i + 2) % 3;
            inverse[i][j] = m[r][t] * m[s][u] - m[r][u] * m[s][t];
        }
    for (int j = 0; j < 3; j++) determinant += m[0][j] * inverse[j][0];
    return (fl_xyz){
        (inverse[0][0] * c.l + inverse[0][1] * c.m + inverse[0][2] * c.s) / determinant,
        (inverse[1][0] * c.l + inverse[1][1] * c.m + inverse[1][2] * c.s) / determinant,
        (inverse[2][0] * c.l + inverse[2][1] * c.m + inverse[2][2] * c.s) / determinant,
    };
}

fl_xyz fl_bradford(fl_xyz xyz, fl_xyz from, fl_xyz to)
{
    const cones old = cones_of(from), new = cones_of(to), seen = cones_of(xyz);
    return xyz_of_cones((cones){seen.l * new.l / old.l, seen.m *new.m / old.m, seen.s *new.s / old.s});
}

/* ---- differences ---- */

double fl_delta_e_76(fl_lab a, fl_lab b)
{
    return hypot(hypot(a.L_star - b.L_star, a.a_star - b.a_star), a.b_star - b.b_star);
}

static double chroma_weight(double chroma)
{
    const double seventh = pow(chroma, 7.0);
    return sqrt(seventh / (seventh + 6103515625.0)); /* 25^7 */
}

static double hue_deg(double a, double b)
{
    if (a == 0.0 && b == 0.0) return 0.0; /* the paper's convention for grey */
    const double hue = atan2(b, a) * DEGREES_PER_RADIAN;
    return hue < 0.0 ? hue + 360.0 : hue;
}

/* Names and numbers of equations as in Sharma, Wu & Dalal 2005. */
double fl_delta_e_2000(fl_lab one, fl_lab two)
{
    const double c1 = hypot(one.a_star, one.b_star), c2 = hypot(two.a_star, two.b_star); /* (2) */
    const double g = 0.5 * (1.0 - chroma_weight(0.5 * (c1 + c2)));                       /* (4) */
    const double a1 = (1.0 + g) * one.a_star, a2 = (1.0 + g) * two.a_star;               /* (5) */
    const double c1p = hypot(a1, one.b_star), c2p = hypot(a2, two.b_star);               /* (6) */
    const double h1 = hue_deg(a1, one.b_star), h2 = hue_deg(a2, two.b_star);             /* (7) */
    const double dl = two.L_star - one.L_star, dc = c2p - c1p;                           /* (8) (9) */
    const bool grey = c1p * c2p == 0.0;
    double dh = grey ? 0.0 : h2 - h1; /* (10) */
    if (dh > 180.0)
        dh -= 360.0;
    else if (dh < -180.0)
        dh += 360.0;
    const double dhh = 2.0 * sqrt(c1p * c2p) * sin(RADIANS(dh / 2.0));       /* (11) */
    const double l = 0.5 * (one.L_star + two.L_star), c = 0.5 * (c1p + c2p); /* (12) (13) */
    double h = h1 + h2;                                                      /* (14) */
    if (!grey) {
        if (fabs(h1 - h2) > 180.0) h += h < 360.0 ? 360.0 : -360.0;
        h *= 0.5;
    }
    const double t = 1.0 - 0.17 * cos(RADIANS(h - 30.0)) + 0.24 * cos(RADIANS(2.0 * h)) +
                     0.32 * cos(RADIANS(3.0 * h + 6.0)) - 0.20 * cos(RADIANS(4.0 * h - 63.0)); /* (15) */
    const double turn_deg = 30.0 * exp(-pow((h - 275.0) / 25.0, 2.0));                         /* (16) */
    const double off = (l - 50.0) * (l - 50.0);
    const double sl = 1.0 + 0.015 * off / sqrt(20.0 + off);                   /* (18) */
    const double sc = 1.0 + 0.045 * c, sh = 1.0 + 0.015 * c * t;              /* (19) (20) */
    const double rt = -sin(RADIANS(2.0 * turn_deg)) * 2.0 * chroma_weight(c); /* (17) (21) */
    const double x = dl / sl, y = dc / sc, z = dhh / sh;
    return sqrt(fmax(0.0, x * x + y * y + z * z + rt * y * z)); /* (22) */
}

/* ---- skin ---- */

fl_status fl_colour_ita(fl_lab skin, double *ita_deg)
{
    FL_ASSERT(ita_deg);
    if (!(skin.L_star >= 0.0 && skin.L_star <= 100.0)) return FL_E_RANGE;
    if (!(skin.b_star > 0.0 && skin.b_star <= 100.0)) return FL_E_RANGE;
    *ita_deg = atan((skin.L_star - 50.0) / skin.b_star) * DEGREES_PER_RADIAN;
    return FL_OK;
}

const fl_ita_band *fl_ita_class(double ita_deg)
{
    static const fl_ita_band bands[] = {
        {"very light", 55, "I"}, {"light", 41, "II"}, {"intermediate", 28, "III"},
        {"tan", 10, "IV"},       {"brown", -30, "V"}, {"dark", -90, "VI"},
    };
    const size_t last = sizeof bands / sizeof *bands - 1;
    for (size_t i = 0; i < last; i++)
        if (ita_deg > bands[i].above_deg) return &bands[i];
    return &bands[last];
}

/* Lab: from light to CIELAB, and how far apart two colours are.
 *
 * All of ours is CIELAB under D65 for the 2 degree observer. A card printed for D50 is adapted on the way in
 * (Bradford). The trap: two programs that both say "Lab" and mean different whites differ by several units on
 * skin.
 *
 *     fl_lab ink = fl_lab_of_xyz(fl_xyz_of_rgb((fl_rgb){0.05, 0.05, 0.06}), FL_D65);
 *     double visible = fl_delta_e_2000(ink, skin);
 *     double ita_deg;
 *     if (fl_colour_ita(skin, &ita_deg) == FL_OK) puts(fl_ita_class(ita_deg)->name);    // "light"
 *
 * Pure: no allocation, no globals, safe from any thread.
 */
#ifndef FL_COLOUR_LAB_H
#define FL_COLOUR_LAB_H

#include "fadeline/base/status.h"

typedef struct fl_rgb { /* linear light, sRGB primaries; 1 is the white of the screen */
    double r, g, b;
} fl_rgb;

typedef struct fl_xyz { /* Y of a perfect white is 1 */
    double X, Y, Z;
} fl_xyz;

typedef struct fl_lab {
    double L_star, a_star, b_star;
} fl_lab;

/* CIE 15:2004, 2 degree observer: D65 as in IEC 61966-2-1 (0.3127, 0.3290), D50 as in ICC.1 */
#define FL_D65 ((fl_xyz){0.95047, 1.0, 1.08883})
#define FL_D50 ((fl_xyz){0.9642, 1.0, 0.8249})

/* One channel of IEC 61966-2-1, 0 to 1 on both sides; odd around 0, so that noise below black stays noise. */
double fl_srgb_decode(double code);
double fl_srgb_encode(double light);

fl_xyz fl_xyz_of_rgb(fl_rgb light);
fl_rgb fl_rgb_of_xyz(fl_xyz xyz);

fl_lab fl_lab_of_xyz(fl_xyz xyz, fl_xyz white); /* CIE 15:2004, 8.2.1 */
fl_xyz fl_xyz_of_lab(fl_lab lab, fl_xyz white);
/* What looks the same to an eye that has moved from one white to the other. Bradford (Lam 1985) as in ICC.1,
 * annex E. */
fl_xyz fl_bradford(fl_xyz xyz, fl_xyz from, fl_xyz to);

double fl_delta_e_76(fl_lab a, fl_lab b);
/* CIEDE2000 with kL = kC = kH = 1; Sharma, Wu & Dalal, Color Res Appl 2005;30:21, whose 34 pairs are our
 * test. */
double fl_delta_e_2000(fl_lab a, fl_lab b);

/* Individual typology angle, atan((L* - 50) / b*) in degrees (Chardon, Cretois & Hourseau 1991). It means
 * something for skin only: FL_E_RANGE, leaving *ita_deg alone, unless 0 <= L* <= 100 and b* > 0. */
FL_MUST_USE fl_status fl_colour_ita(fl_lab skin, double *ita_deg);

/* Classes of Chardon 1991 and Del Bino 2013 as in the project's table of skin types. The Roman numeral is the
 * customary pairing and no more: ITA and skin type correlate poorly. What a clinic plans with stands in its
 * signed rules. */
typedef struct fl_ita_band {
    const char *name;
    double above_deg;
    const char *pairs_with; /* "II" */
} fl_ita_band;

const fl_ita_band *fl_ita_class(double ita_deg); /* never NULL */

#endif

#include "fadeline/colour/sight.h"

#include <math.h>

#define FIRST_NM 450
#define STEP_NM 10

/* Two halves of Gaussians, one on each side of the peak. Wyman, Sloan & Shirley 2013, J Comput Graph Tech
 * 2(2):1, the multi-lobe fit to the CIE 1931 functions; coefficients from a numeric copy [seen]. */
static double lobe(double nm, double height, double peak_nm, double left_per_nm, double right_per_nm)
{
    const double t = (nm - peak_nm) * (nm < peak_nm ? left_per_nm : right_per_nm);
    return height * exp(-0.5 * t * t);
}

static fl_xyz observer(double nm)
{
    return (fl_xyz){
        lobe(nm, 0.362, 442.0, 0.0624, 0.0374) + lobe(nm, 1.056, 599.8, 0.0264, 0.0323) -
            lobe(nm, 0.065, 501.1, 0.0490, 0.0382),
        lobe(nm, 0.821, 568.8, 0.0213, 0.0247) + lobe(nm, 0.286, 530.9, 0.0613, 0.0322),
        lobe(nm, 1.217, 437.0, 0.0845, 0.0278) + lobe(nm, 0.681, 459.0, 0.0385, 0.0725),
    };
}

/* D65, 400 to 700 nm in steps of 10 (CIE 15:2004, table T.1), from two numeric copies that agree [seen]. */
static const double d65[] = {82.7549, 91.4860, 93.4318, 86.6823, 104.865, 117.008, 117.812, 114.861,
                             115.923, 108.811, 109.354, 107.802, 104.790, 107.689, 104.405, 104.046,
                             100.000, 96.3342, 95.7880, 88.6856, 90.0062, 89.5991, 87.6987, 83.2886,
                             83.6992, 80.0268, 80.2146, 82.2778, 78.2842, 69.7213, 71.6091};
#define D65_FIRST_NM 400
#define D65_ROWS (sizeof d65 / sizeof *d65)

fl_sight fl_sight_new(void)
{
    fl_sight sight = {0};
    fl_xyz sum = {0};
    for (size_t row = 0; row < D65_ROWS; row++) {
        const int nm = D65_FIRST_NM + STEP_NM * (int)row;
        const fl_xyz eye = observer(nm);
        fl_xyz *w = &sight.weight[nm <= FIRST_NM ? 0 : (nm - FIRST_NM) / STEP_NM];
        const double X = d65[row] * eye.X, Y = d65[row] * eye.Y, Z = d65[row] * eye.Z;
        w->X += X, w->Y += Y, w->Z += Z;
        sum.X += X, sum.Y += Y, sum.Z += Z;
    }
    /* The fit's own white lies within 1 % of D65; each of the three is scaled to it, so that grey is grey. */
    for (size_t i = 0; i < FL_SIGHT_LINES; i++) {
        sight.weight[i].X *= FL_D65.X / sum.X;
        sight.weight[i].Y *= FL_D65.Y / sum.Y;
        sight.weight[i].Z *= FL_D65.Z / sum.Z;
    }
    return sight;
}

fl_wavelength fl_sight_line(size_t index)
{
    return fl_nm(FIRST_NM + STEP_NM * (double)index);
}

fl_xyz fl_sight_xyz(const fl_sight *sight, const double reflectance[FL_SIGHT_LINES])
{
    fl_xyz xyz = {0};
    for (size_t i = 0; i < FL_SIGHT_LINES; i++) {
        xyz.X += sight->weight[i].X * reflectance[i];
        xyz.Y += sight->weight[i].Y * reflectance[i];
        xyz.Z += sight->weight[i].Z * reflectance[i];
    }
    return xyz;
}

/* labels: unit */
#include "check.h"

#include "fadeline/units/units.h"

/* Published settings that must come out of the arithmetic (users.md section 4). */
/* hazards: H40 */
static void energy_is_fluence_times_area(void)
{
    static const struct { double J_cm2, mm, mJ; } rows[] = {
        { 6.3662, 2, 200 }, { 2.8294, 3, 200 }, { 1.5915, 4, 200 }, { 3.36, 2.5, 164.93 }, { 4.6, 3, 325.15 }, { 40, 3, 2827.4 },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char what[64];
        snprintf(what, sizeof what, "%g J/cm2 at %g mm", rows[i].J_cm2, rows[i].mm);
        CHECK_REL(fl_as_mJ(fl_energy_of(fl_J_cm2(rows[i].J_cm2), fl_mm(rows[i].mm))), rows[i].mJ, 1e-4, what);
        CHECK_REL(fl_as_J_cm2(fl_fluence_of(fl_mJ(rows[i].mJ), fl_mm(rows[i].mm))), rows[i].J_cm2, 1e-4, what);
    }
}

/* Every converter there and back. */
/* hazards: H39 */
static void converters_round_trip(void)
{
    CHECK_REL(fl_as_mm(fl_mm(3.7)), 3.7, 1e-15, "mm");
    CHECK_REL(fl_as_nm(fl_nm(755)), 755, 1e-15, "nm");
    CHECK_REL(fl_as_J_cm2(fl_J_cm2(1.59)), 1.59, 1e-15, "J/cm2");
    CHECK_REL(fl_as_per_cm(fl_per_cm(12.3)), 12.3, 1e-15, "1/cm");
    CHECK_REL(fl_as_m2_g(fl_m2_g(7.25)), 7.25, 1e-15, "m2/g");
    CHECK_REL(fl_as_mg_cm2(fl_mg_cm2(0.1)), 0.1, 1e-15, "mg/cm2");
    CHECK(fl_mm(3.7).m == 3.7e-3 && fl_J_cm2(1).J_m2 == 1e4 && fl_mJ(1).J == 1e-3, "SI inside");
    /* mg/cm2 times m2/g must be an optical depth: 0.1 mg/cm2 carbon at 1064 nm (5.04 m2/g) is about 5. */
    CHECK_REL(fl_mg_cm2(0.1).kg_m2 * fl_m2_g(5.04).m2_kg, 5.04, 1e-12, "optical depth of an ink layer");
}

static void whole_units_round_to_nearest(void)
{
    CHECK(fl_whole_um(fl_mm(2.5)) == 2500 && fl_whole_uJ(fl_mJ(199.8051)) == 199805 && fl_whole_nm(fl_nm(1064)) == 1064,
          "um, uJ, nm");
    CHECK(fl_whole_mHz(fl_Hz(9.9999)) == 10000 && fl_whole_uJ_cm2(fl_J_cm2(1.59)) == 1590000 &&
          fl_whole_ps(fl_ps(449.9)) == 450, "mHz, uJ/cm2, ps");
}

FL_TESTS("units", TEST(energy_is_fluence_times_area), TEST(converters_round_trip), TEST(whole_units_round_to_nearest))

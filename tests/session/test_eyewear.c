/* labels: unit */
#include "check.h"

#include "eyewear.h"

#define GOOD NULL /* else: what the refusal has to say */

typedef struct row {
    const char *marks, *says;
} row;

static void check_rows(const row *rows, size_t count, double nm, double od, const char *en207)
{
    fl_plan_eyewear need = {.wavelength = fl_nm(nm), .od = od};
    snprintf(need.en207, sizeof need.en207, "%s", en207);
    for (size_t i = 0; i < count; i++) {
        fl_error error = {0};
        const fl_status status = fl_eyewear_check(rows[i].marks, &need, &error);
        CHECK(status == (rows[i].says ? FL_E_NO : FL_OK), "'%s' at %g nm: %d: %s", rows[i].marks, nm, status,
              error.what);
        if (!rows[i].says) continue;
        CHECK(strstr(error.what, rows[i].says) != NULL, "'%s' at %g nm says: %s", rows[i].marks, nm,
              error.what);
        CHECK(error.hint[0] != 0, "'%s': what is to be done?", rows[i].marks);
    }
}
#define ROWS(rows, nm, od, en207) check_rows(rows, sizeof rows / sizeof *rows, nm, od, en207)

/* Each printed band is read for the wavelengths it names. */
/* hazards: H03 */
static void each_band_protects_at_its_own_wavelength(void)
{
    static const row rows[] = {
        {"OD7 M LB9", GOOD},
        {"1064 OD7 M LB9", GOOD},
        {"1064nm OD 7+ M LB 9", GOOD},
        {"1064 nm, OD7, M LB9", GOOD},
        {"OD7 M LB9 532 OD2", GOOD},
        {"532 OD2 1064 OD7 M LB9", GOOD},
        {"532 OD2 730-1085 OD6.5 DI LB9 + M LB9Y", GOOD},
        {"800-1100 OD7 755-1064 DIRM LB9", GOOD}, /* densities and letters on lines of their own */
        {"1064 OD7 M LB9+D LB5", GOOD},
        {"OD2 532 OD7 M LB9", "OD 2 at 1064 nm, OD 6 is needed"},
        {"OD2 M LB9 532 OD7", "OD 2 at 1064 nm, OD 6 is needed"},
        {"532 OD7 M LB9", "not marked for 1064 nm"},
        {"532 OD7 M LB9 1064", "no OD is marked at 1064 nm, OD 6 is needed"},
        {"1064 532 OD7 M LB9", "no OD is marked at 1064 nm"},
        {"OD7 532 M LB9", "the letter M is missing at 1064 nm, M LB9 + D LB5 is needed"},
        {"OD7 M 532 LB9", "'LB9' cannot be read"},
        {"OD7 M LB8 532 M LB9", "M LB8 at 1064 nm, M LB9 is needed"},
        {"730-1063 OD7 M LB9", "not marked for 1064 nm"},
        {"1065-1100 OD7 M LB9", "not marked for 1064 nm"},
        {"1064 OD7 M LB9 800-1100 OD2", "OD 2 at 1064 nm"}, /* both hold it: the lower counts */
        {"OD5.99 M LB9", "OD 5.99 at 1064 nm, OD 6 is needed"},
        {"", "not marked for 1064 nm"},
    };
    ROWS(rows, 1064, 6, "M LB9 + D LB5");
}

static void letters_and_their_lb(void)
{
    static const row rows[] = {
        {"OD7 M", GOOD}, /* the letter, and no LB at all */
        {"OD7 M LB10", GOOD},
        {"OD7 DIRM LB9", GOOD},
        {"OD7 D LB5 M LB9", GOOD},
        {"OD7 D M LB9", GOOD},
        {"OD7 M LB1", "M LB1 at 1064 nm, M LB9 is needed"},
        {"OD7 M LB8 M LB9", "M LB8 at 1064 nm"},
        {"OD7 M LB9 D LB4", "D LB4 at 1064 nm, D LB5 is needed"},
        {"OD7 DIRM LB4", "M LB4 at 1064 nm"},
        {"OD7 D LB9 M", "M without an LB at 1064 nm, M LB9 is needed"},
        {"OD7", "the letter M is missing"},
        {"OD7 D LB9", "the letter M is missing"},
        {"OD7 DIR LB9", "the letter M is missing"},
        {"M LB9", "no OD is marked"},
    };
    ROWS(rows, 1064, 6, "M LB9 + D LB5");
    static const row nanoseconds[] = {
        {"OD7 R LB8", GOOD},
        {"OD7 IR LB8 + M LB2", GOOD},
        {"OD7 M LB9", "the letter R is missing"},
        {"OD7 R LB7", "R LB7 at 694 nm, R LB8 is needed"},
    };
    ROWS(nanoseconds, 694, 6, "R LB8 + D LB5");
    static const row unsaid[] = {{"OD7 M LB9", "the plan names no EN 207 mark at 1064 nm"}};
    ROWS(unsaid, 1064, 6, "");
    ROWS(unsaid, 1064, 6, "OD7");
    ROWS(unsaid, 1064, 6, "M LB");
}

/* A word that is not understood might have been the next band. */
/* hazards: H03 */
static void what_cannot_be_read_protects_from_nothing(void)
{
    static const row rows[] = {
        {"OD7,5 M LB9", GOOD},
        {"OD2 532:OD7 M LB9", "'532:OD7'"},
        {"OD7 M LB9 CE", "'CE'"},
        {"OD7 MM LB9", "'MM'"},
        {"OD7 MD LB9", "'MD'"},
        {"OD7 m LB9", "'m'"},
        {"OD7 M LB", "'LB'"},
        {"M LB9 OD", "'OD'"},
        {"OD M LB9", "'M'"},
        {"OD 1064 M LB9", "'1064'"},
        {"OD1e3 M LB9", "'OD1e3'"},
        {"OD-7 M LB9", "'OD-7'"},
        {"ODnan M LB9", "'ODnan'"},
        {"OD7 M LB0", "'LB0'"},
        {"OD7 M LB11", "'LB11'"},
        {"OD7 M LB9.5", "'LB9.5'"},
        {"OD7 LB9 M", "'LB9'"},
        {"OD7 5 M LB9", "'5'"},
        {"1064-800 OD7 M LB9", "'1064-800'"},
        {"1-20000 OD7 M LB9", "'1-20000'"},
        {"800- OD7 M LB9", "'800-'"},
        {"nm OD7 M LB9", "'nm'"},
        {"OD0000000000000000000000007 M LB9", "cannot be read"},
    };
    ROWS(rows, 1064, 6, "M LB9 + D LB5");
}

FL_TESTS("session/eyewear", TEST(each_band_protects_at_its_own_wavelength), TEST(letters_and_their_lb),
         TEST(what_cannot_be_read_protects_from_nothing))

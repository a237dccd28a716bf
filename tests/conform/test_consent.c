/* labels: unit */
/* No real laser is armed by the conformance script unless somebody typed its identity. */
#include "check.h"

#include "conform_consent.h"

#include <unistd.h>

static const struct {
    const char *typed;
    enum { REAL, NAMED_SIM, SIMULATED } laser; /* NAMED_SIM: calls itself so, on a line for real devices */
    fl_conform_class up_to;
    bool goes, warns;
} rows[] = {
    {"", REAL, FL_CONFORM_DARK, true, false},
    {"", SIMULATED, FL_CONFORM_LIGHT, true, false},
    {"", SIMULATED, FL_CONFORM_ARMED, true, false},
    {"", NAMED_SIM, FL_CONFORM_LIGHT, false, true}, /* it only calls itself SIM */
    {"SN-17\n", NAMED_SIM, FL_CONFORM_LIGHT, true, true},
    {"", REAL, FL_CONFORM_ARMED, false, true},
    {"", REAL, FL_CONFORM_LIGHT, false, true},
    {"\n", REAL, FL_CONFORM_LIGHT, false, true},
    {"yes\n", REAL, FL_CONFORM_LIGHT, false, true},
    {"SN-17\n", REAL, FL_CONFORM_LIGHT, true, true},
    {"SN-17\n", REAL, FL_CONFORM_ARMED, true, true},
    {"SN-17", REAL, FL_CONFORM_LIGHT, false, true},
    {"sn-17\n", REAL, FL_CONFORM_LIGHT, false, true},
    {"SN-1\n", REAL, FL_CONFORM_LIGHT, false, true},
    {"SN-170\n", REAL, FL_CONFORM_LIGHT, false, true},
    {" SN-17\n", REAL, FL_CONFORM_LIGHT, false, true},
    {"SN-17 yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\n", REAL, FL_CONFORM_LIGHT,
     false, true},
};

static void only_the_identity_goes_on(void)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        fl_link_identity who = {.identity = "SN-17",
                                .simulated = rows[i].laser != REAL,
                                .simulated_line = rows[i].laser == SIMULATED};
        char said[2000] = "";
        int ends[2];
        FILE *out = fmemopen(said, sizeof said, "w");
        CHECK(pipe(ends) == 0 && out, "a pipe");
        if (!out) return;
        CHECK(write(ends[1], rows[i].typed, strlen(rows[i].typed)) == (ssize_t)strlen(rows[i].typed),
              "typed");
        close(ends[1]);
        const bool goes = conform_consent(ends[0], out, &who, rows[i].up_to);
        fclose(out);
        close(ends[0]);
        CHECK(goes == rows[i].goes, "row %zu: '%s' %s", i, rows[i].typed, goes ? "went on" : "did not go on");
        CHECK((strstr(said, "DANGER") != NULL) == rows[i].warns, "row %zu: %.500s", i, said);
        if (rows[i].warns)
            CHECK((strstr(said, "FIRES") != NULL) == (rows[i].up_to == FL_CONFORM_LIGHT), "row %zu: %.500s",
                  i, said);
    }
}

FL_TESTS("conform/consent", TEST(only_the_identity_goes_on))

/* labels: unit twin */
/* A client that knows the page and nothing of ours: what is sent, and the bytes that come back, to the last
 * one. */
#include "check.h"

#include "speak.h"

#include <unistd.h>

typedef struct exchange {
    const char *sent, *answer;
    double light_J; /* falls before it is sent; 0: none */
} exchange;

static char light[64];

static void shine(double energy_J)
{
    FILE *file = fopen(light, "a");
    if (!file) abort();
    fprintf(file, "1 %.6g\n", energy_J);
    fclose(file);
}

static void *switch_on(const speaker *who, const char *const *faults, unsigned count)
{
    fl_error error = {0};
    snprintf(light, sizeof light, "/tmp/fl-speak-%ld", (long)getpid());
    unlink(light);
    void *self = who->make(&(speak_options){.light = light, .faults = faults, .fault_count = count}, &error);
    if (!self) abort();
    return self;
}

static void converse(const speaker *who, void *self, const exchange *rows, size_t count)
{
    uint64_t ms = 0;
    for (size_t i = 0; i < count; i++) {
        char got[400];
        if (rows[i].light_J > 0) shine(rows[i].light_J);
        who->tick(self, ++ms);
        who->take(self, rows[i].sent, strlen(rows[i].sent));
        who->tick(self, ++ms);
        got[who->give(self, got, sizeof got - 1)] = 0;
        CHECK_TEXT(got, rows[i].answer, rows[i].sent);
    }
    who->free(self);
    unlink(light);
}

/* The examples of the page; where it shows another head, the name says SIM. */
static void ophir_answers_as_its_page(void)
{
    static const exchange rows[] = {
        {"$II\r\n", "* USBD 113217 SIM-SH2USB\r\n", 0},
        {"$HI\r\n", "* PY 22323 SIM-PE10-C 80000003\r\n", 0},
        {"$HT\r\n", "* PY\r\n", 0},
        {"$MM0\r\n", "*2\r\n", 0},
        {"$SI\r\n", "* W\r\n", 0},
        {"$MM3\r\n", "*\r\n", 0},
        {"$MM0\r\n", "*3\r\n", 0},
        {"$SI\r\n", "* J\r\n", 0},
        {"$AR\r\n", "* -1 AUTO 10.0J 2.00J 200mJ 20.0mJ 2.00mJ\r\n", 0},
        {"$WN1\r\n", "*\r\n", 0},
        {"$RN\r\n", "*1\r\n", 0},
        {"$AW\r\n", "*CONTINUOUS 193 12000 4 248 366 532 1064 NONE 10.6\r\n", 0},
        {"$WI3\r\n", "*\r\n", 0},
        {"$AW\r\n", "*CONTINUOUS 193 12000 3 248 366 532 1064 NONE 10.6\r\n", 0},
        {"$WL 755\r\n", "*\r\n", 0},
        {"$AW\r\n", "*CONTINUOUS 193 12000 3 248 366 755 1064 NONE 10.6\r\n", 0},
        {"$DQ\r\n", "*1 OUT IN\r\n", 0},
        {"$DQ2\r\n", "*2 OUT IN\r\n", 0},
        {"$EF\r\n", "*0\r\n", 0},
        {"$EF\r\n", "*1\r\n", 0.000013},
        {"$SE\r\n", "*1.300E-5\r\n", 0},
        {"$EF\r\n", "*0\r\n", 0},
        {"$SE\r\n", "*1.300E-5\r\n", 0},
        {"$SE\r\n", "*1.904E-1\r\n", 0.1904},
        {"$SE\r\n", "*OVER\r\n", 2.5},
        {"$SE\n", "*1.904E-1\r\n", 0.1904}, /* the USB end mark */
        {"$CS0\r\n", "*\r\n", 0},
        {"$QQ\r\n", "?COM ERROR\r\n", 0},
        {"hello\r\n", "?COM ERROR\r\n", 0},
    };
    converse(&speak_ophir, switch_on(&speak_ophir, NULL, 0), rows, sizeof rows / sizeof *rows);
}

static void gentec_answers_as_its_page(void)
{
    static const exchange rows[] = {
        {"*VER", "SIM-Integra Version 2.00.08\r\n", 0},
        {"*PWC01064", "ACK\r\n", 0},
        {"*GWL", "PWC: 1064\r\n", 0},
        {"*PWC00755", "ACK\r\n", 0},
        {"*GWL", "PWC: 755\r\n", 0},
        {"*PWC99999", "ACK\r\n", 0}, /* a wrong one is acknowledged all the same */
        {"*GWL", "PWC: 755\r\n", 0},
        {"*GAS", "Autoscale: 1\r\n", 0},
        {"*SCS24", "ACK\r\n", 0},
        {"*GCR", "Range: 24\r\n", 0},
        {"*GAS", "Autoscale: 0\r\n", 0},
        {"*STL15.4", "ACK\r\n", 0},
        {"*GMD", "Mode: 1\r\n", 0},
        {"*GSE", "SSE: 0\r\n", 0},
        {"*SSE1", "ACK\r\n", 0},
        {"*GSE", "SSE: 1\r\n", 0},
        {"*GMD", "Mode: 2\r\n", 0},
        {"*NVU", "New Data Not Available\r\n", 0},
        {"*NVU", "New Data Available\r\n", 0.1904},
        {"*CVU", "0.1904\r\n", 0},
        {"*NVU", "New Data Not Available\r\n", 0},
        {"*CVU", "1.000E+38\r\n", 1.2}, /* above the range: none */
        {"*CVU\r\n", "0.5\r\n", 0.5},   /* an end mark that is not needed */
        {"*KPA", "ACK\r\n", 0},
        {"*XYZ", "", 0},
    };
    converse(&speak_gentec, switch_on(&speak_gentec, NULL, 0), rows, sizeof rows / sizeof *rows);
}

static void gentec_has_the_other_shape_too(void)
{
    static const char *const labels[] = {"labels"};
    static const exchange rows[] = {
        {"*CVU", "Current Value : 42\r\n", 42},
        {"*SCS29*STL15.4", "ACK\r\nACK\r\n", 0}, /* no end mark between them */
        {"*GTL", "Trigger level: 15.4% (46.2 Watts) of max power: 300 Watts\r\n", 0},
        {"*SCS27", "ACK\r\n", 0},
        {"*GTL", "Trigger level: 15.4% (4.62 Watts) of max power: 30 Watts\r\n", 0},
    };
    converse(&speak_gentec, switch_on(&speak_gentec, labels, 1), rows, sizeof rows / sizeof *rows);
}

/* A word may come a byte at a time, and nonsense before it. */
static void bytes_come_as_they_like(void)
{
    void *self = switch_on(&speak_gentec, NULL, 0);
    const char *const sent = "\r\n  *GW*GMD*P";
    char got[200];
    for (const char *p = sent; *p; p++) speak_gentec.take(self, p, 1);
    got[speak_gentec.give(self, got, sizeof got - 1)] = 0;
    CHECK_TEXT(got, "Mode: 1\r\n", "a star begins anew");
    speak_gentec.free(self);
    unlink(light);
}

static void a_fault_that_is_none_is_refused(void)
{
    static const char *const wrong[] = {"overr", "slow", "over=3", "over@x", "gain=", "drift=2@"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        fl_error error = {0};
        const speak_options options = {.faults = &wrong[i], .fault_count = 1};
        void *self = speak_ophir.make(&options, &error);
        CHECK(!self && error.status == FL_E_USAGE, "%s was taken", wrong[i]);
        if (self) speak_ophir.free(self);
    }
}

FL_TESTS("twin/speak", TEST(ophir_answers_as_its_page), TEST(gentec_answers_as_its_page),
         TEST(gentec_has_the_other_shape_too), TEST(bytes_come_as_they_like),
         TEST(a_fault_that_is_none_is_refused))

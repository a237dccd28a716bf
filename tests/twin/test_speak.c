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

static void thorlabs_answers_as_its_page(void)
{
    static const exchange rows[] = {
        {"*IDN?\n", "Thorlabs,PM100USB,SIM2004525,1.4.0\n", 0},
        {"SYST:ERR?\n", "0,\"No error\"\n", 0},
        {"*OPC?\n", "1\n", 0},
        {"CONF?\n", "POW\n", 0},
        {"CONF:ENER\n", "", 0}, /* sets say nothing */
        {"CONF?\n", "ENER\n", 0},
        {"SENS:CORR:WAV 755\n", "", 0},
        {"SENS:CORR:WAV?\n", "7.55000000E+02\n", 0},
        {"SENSE:CORRECTION:WAVELENGTH?\n", "7.55000000E+02\n", 0}, /* long, and in any case */
        {":sens:corr:wav?\r\n", "7.55000000E+02\n", 0},
        {"SENS:CORR:WAV? MIN\n", "1.85000000E+02\n", 0},
        {"SENS:CORR:WAV MAX\n", "", 0},
        {"SENS:CORR:WAV?\n", "2.50000000E+04\n", 0},
        {"SENS:ENER:RANG 0.25\n", "", 0},
        {"SENS:ENER:RANG?\n", "2.00000000E+00\n", 0}, /* the smallest that holds it */
        {"SENS:PEAK 5\n", "", 0},
        {"SENS:PEAK:THR?\n", "5.00000000E+00\n", 0},
        {"INIT\n", "", 0},
        {"FETC:STAT?\n", "0\n", 0},
        {"FETC?\n", "9.91000000E+37\n", 0},
        {"FETC:STAT?\n", "1\n", 0.1904},
        {"FETC?\n", "1.90400000E-01\n", 0},
        {"INIT\n", "", 0},
        {"FETC:STAT?\n", "0\n", 0},
        {"FETC:STAT?\n", "0\n", 0.09}, /* below 5 % of 2 J */
        {"FETC:STAT?\n", "1\n", 2.5},
        {"FETC?\n", "9.90000000E+37\n", 0}, /* over range */
        {"READ?\n", "", 0},                 /* waits for a pulse */
        {"*OPC?\n", "1\n", 0},              /* or for the next word */
        {"SYST:ERR?\n", "-410,\"Query INTERRUPTED\"\n", 0},
        {"MEAS:ENER?\n", "", 0},
        {"", "2.00000000E-01\n", 0.2},
        {"SENS:CORR:WAV 99\n", "", 0},
        {"SYST:ERR?\n", "-222,\"Data out of range\"\n", 0},
        {"HELLO\n", "", 0},
        {"SYST:ERR?\n", "-113,\"Undefined header\"\n", 0},
        {"SYST:ERR?\n", "0,\"No error\"\n", 0},
        {"SYST:SENS:IDN?\n", "SIM-ES220C,SIM042,27-NOV-2026,3,1,34\n", 0},
    };
    converse(&speak_thorlabs, switch_on(&speak_thorlabs, NULL, 0), rows, sizeof rows / sizeof *rows);
}

/* Every answer, also of a word that has none, is closed by OK. */
static void energymax_answers_as_its_page(void)
{
    static const exchange rows[] = {
        {"SYSTem:INFormation:MODel?\r\n", "\"EM-USB J-25MB-HE SIM\"\r\nOK\r\n", 0},
        {"SYST:INF:SNUM?\r\n", "\"SIM00042\"\r\nOK\r\n", 0},
        {"CONFigure:WAVElength? MINimum\r\n", "190\r\nOK\r\n", 0},
        {"CONFIGURE:WAVELENGTH? MAXIMUM\r\n", "12000\r\nOK\r\n", 0},
        {"CONFigure:WAVElength 755\r\n", "OK\r\n", 0},
        {"CONFigure:WAVElength?\r\n", "755\r\nOK\r\n", 0},
        {"CONFigure:WAVElength 99\r\n", "ERR101\r\n", 0},
        {"CONFigure:MEASure:TYPE?\r\n", "W\r\nOK\r\n", 0},
        {"CONFigure:MEASure:TYPE J\r\n", "OK\r\n", 0},
        {"CONFigure:MEASure:TYPE?\r\n", "J\r\nOK\r\n", 0},
        {"CONFigure:RANGe:SELect MIN\r\n", "OK\r\n", 0},
        {"CONFigure:RANGe:SELect?\r\n", "2.000E-01\r\nOK\r\n", 0},
        {"CONFigure:RANGe:SELect MAX\r\n", "OK\r\n", 0},
        {"TRIGger:SOURce EXT\r\n", "OK\r\n", 0},
        {"TRIGger:SOURce?\r\n", "EXT\r\nOK\r\n", 0},
        {"TRIGger:DELay 1001\r\n", "ERR101\r\n", 0},
        {"READ?\r\n", "OK\r\n", 0}, /* no record yet */
        {"CONFigure:ITEMselect PULS,PER,FLAG,SEQ\r\n", "OK\r\n", 0},
        {"CONFigure:ITEMselect?\r\n", "PULS,PER,FLAG,SEQ\r\nOK\r\n", 0},
        {"CONFigure:ITEMselect PULS,PULS\r\n", "ERR101\r\n", 0},
        {"READ?\r\n", "1.904E-01,41000,0,1\r\nOK\r\n", 0.1904},
        {"READ?\r\n", "1.904E-01,41000,0,1\r\nOK\r\n", 0}, /* the newest, again */
        {"READ?\r\n", "2.500E+00,4000,P,2\r\nOK\r\n", 2.5},
        {"CONFigure:ITEMselect SEQ,PULS\r\n", "OK\r\n", 0},
        {"READ?\r\n", "3,1.000E-02\r\nOK\r\n", 0.01},
        {"READ\r\n", "ERR100\r\n", 0},
    };
    converse(&speak_energymax, switch_on(&speak_energymax, NULL, 0), rows, sizeof rows / sizeof *rows);
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

/* The faults of a meter, in the words of the one that shows most of them. */
static void faults_come_with_their_pulse(void)
{
    static const struct {
        const char *fault, *second; /* the record after the second pulse */
    } rows[] = {
        {"gain=10@2-", "2.200E-01,0,2\r\nOK\r\n"},
        {"drift=10@1-", "2.200E-01,0,2\r\nOK\r\n"},
        {"over@2", "2.000E-01,P,2\r\nOK\r\n"},
        {"stale@2", "1.000E-01,0,2\r\nOK\r\n"},
        {"miss@2", "1.000E-01,0,1\r\nOK\r\n"},
        {"jump=7@2", "2.000E-01,0,9\r\nOK\r\n"},
        {"late=100@2", "1.000E-01,0,1\r\nOK\r\n"},
        {"silent@2", ""},
        {"die@2", ""},
        {"echo@2", "READ?\r2.000E-01,0,2\r\nOK\r\n\n"},
        {"slow=100@2", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const exchange said[] = {
            {"CONF:ITEM PULS,FLAG,SEQ\r\n", "OK\r\n", 0},
            {"CONF:MEAS:TYPE J\r\n", "OK\r\n", 0},
            {"READ?\r\n", "1.000E-01,0,1\r\nOK\r\n", 0.1},
            {"READ?\r\n", rows[i].second, 0.2},
        };
        converse(&speak_energymax, switch_on(&speak_energymax, &rows[i].fault, 1), said, 4);
    }
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
         TEST(gentec_has_the_other_shape_too), TEST(thorlabs_answers_as_its_page),
         TEST(energymax_answers_as_its_page), TEST(faults_come_with_their_pulse),
         TEST(bytes_come_as_they_like), TEST(a_fault_that_is_none_is_refused))

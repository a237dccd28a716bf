/* labels: unit twin */
/* A client that knows the page and nothing of ours: what is sent, when, and the bytes that come back, to the
 * last one. */
#include "check.h"

#include "speak.h"

#include <unistd.h>

typedef struct exchange {
    const char *sent, *answer;
    unsigned wait_ms; /* before it is sent */
} exchange;

static void *switch_on(const speaker *who, const char *const *faults, unsigned count, const char *state)
{
    fl_error error = {0};
    void *self = who->make(&(speak_options){.faults = faults, .fault_count = count, .state = state}, &error);
    if (!self) {
        fprintf(stderr, "%s\n", error.what);
        abort();
    }
    who->tick(self, 0);
    return self;
}

static void converse(const speaker *who, void *self, uint64_t *ms, const exchange *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char got[600];
        for (unsigned k = 0; k < rows[i].wait_ms; k++) who->tick(self, ++*ms);
        who->take(self, rows[i].sent, strlen(rows[i].sent));
        who->tick(self, ++*ms);
        got[who->give(self, got, sizeof got - 1)] = 0;
        CHECK_TEXT(got, rows[i].answer, rows[i].sent);
    }
}

#define TALK(who, self, ms, rows) converse(who, self, ms, rows, sizeof(rows) / sizeof *(rows))

static void microjewel_answers_as_its_page(void)
{
    /* clang-format off */
    static const exchange rows[] = {
        { ";LA:ID?\r", "QC,SIM-MicroJewel,00042,1.0.9\r\n", 0 },
        { ";LA:SS?\r", "1024\r\n", 0 },                            /* ready to enable */
        { ";LA:FL 1\r", "?8\r\n", 0 },                             /* not ready */
        { ";LA:EN 1\r", "ok\r\n", 0 },
        { ";LA:SS?\r", "1025\r\n", 7900 },                         /* the bank charges for 8 s */
        { ";LA:FL 1\r", "?8\r\n", 0 },
        { ";LA:SS?\r", "3073\r\n", 200 },                          /* enabled, ready */
        { ";LA:BV?\r", "34.56\r\n", 0 },
        { ";LA:SC?\r", "41207\r\n", 0 },
        { ";LA:FL 1\r", "ok\r\n", 0 },
        { ";LA:SS?\r", "3075\r\n", 0 },                            /* firing */
        { ";LA:SS?\r", "3075\r\n", 2900 },                         /* less than 3 s of silence */
        { ";LA:SS?\r", "3073\r\n", 3000 },                         /* 3 s of silence stop it */
        { ";LA:EN?\r", "1\r\n", 0 },                               /* and do not disable */
        { ";LA:FL 1\r", "ok\r\n", 0 },
        { ";LA:FL 0\r", "ok\r\n", 0 },
        { ";LA:SS?\r", "3073\r\n", 0 },
        { ";LA:PM 2\r", "ok\r\n", 0 }, { ";LA:BC 4\r", "ok\r\n", 0 }, { ";LA:RR 10\r", "ok\r\n", 0 },
        { ";LA:PE?\r", "0.100\r\n", 0 },                           /* setting RR changes PE */
        { ";LA:FL 1\r", "ok\r\n", 0 },
        { ";LA:SS?\r", "3073\r\n", 500 },                          /* BC x PE later the burst is over */
        { ";LA:DT 1\r", "ok\r\n", 0 }, { ";LA:SS?\r", "3081\r\n", 0 },
        { ";LA:EM 1\r", "ok\r\n", 0 }, { ";LA:SS?\r", "7177\r\n", 0 },
        { ";LA:EM 2\r", "ok\r\n", 0 }, { ";LA:SS?\r", "11273\r\n", 0 },
        { ";LA:EM 0\r", "ok\r\n", 0 }, { ";LA:DT 0\r", "ok\r\n", 0 },
        { ";LA:EN 0\r", "ok\r\n", 0 }, { ";LA:SS?\r", "1024\r\n", 0 },
        { ";LA:BV?\r", "12.71\r\n", 28998 },                       /* one time constant later: 34.56 / e */
        { ";LA:RR?\r", "10.000\r\n", 0 }, { ";LA:RR:MIN?\r", "0.100\r\n", 0 }, { ";LA:RR:MAX?\r", "50.000\r\n", 0 },
        { ";LA:DW?\r", "0.00014000\r\n", 0 }, { ";LA:DW 0.0002\r", "ok\r\n", 0 }, { ";LA:DW?\r", "0.00020000\r\n", 0 },
        { ";LA:DW:MAX?\r", "0.00024000\r\n", 0 }, { ";LA:PE 0.5\r", "ok\r\n", 0 }, { ";LA:RR?\r", "2.000\r\n", 0 },
        { ";LA:DC?\r", "110.00\r\n", 0 }, { ";LA:TR?\r", "-0.401\r\n", 0 }, { ";LA:FT?\r", "34.08200\r\n", 0 },
        { ";LA:FT:MAX?\r", "125.000\r\n", 0 }, { ";LA:BC?\r", "4\r\n", 0 }, { ";LA:LS?\r", "0\r\n", 0 },
        /* errors */
        { ";LA\r", "?1\r\n", 0 }, { ";LA:\r", "?2\r\n", 0 }, { ";LA:XX?\r", "?3\r\n", 0 }, { ";LA:RR\r", "?4\r\n", 0 },
        { ";LA:RR 51\r", "?5\r\n", 0 }, { ";LA:RR 5,0\r", "?5\r\n", 0 }, { ";LA:SS 1\r", "?6\r\n", 0 },
        { ";LA:SV?\r", "?7\r\n", 0 }, { ";LA:RR?\r", "2.000\r\n", 0 },
        /* half a command before, another address, CR LF */
        { ";LA:RR 1;LA:SS?\r", "1024\r\n", 0 }, { ";LB:SS?\r", "", 0 }, { "SS?\r", "", 0 }, { ";LA:SS?\r\n", "1024\r\n", 0 },
    };
    /* clang-format on */
    uint64_t ms = 0;
    void *self = switch_on(&speak_microjewel, NULL, 0, NULL);
    TALK(&speak_microjewel, self, &ms, rows);
    speak_microjewel.free(self);
}

/* Interlock opens: enabled, ready to enable and ready to fire all fall at once. */
static void microjewel_falls_with_its_interlock(void)
{
    static const char *const faults[] = {"open@5-6"};
    static const exchange rows[] = {
        {";LA:EN 1\r", "ok\r\n", 0},  {";LA:SS?\r", "3073\r\n", 8000}, {";LA:FL 1\r", "ok\r\n", 0},
        {";LA:SS?\r", "3075\r\n", 0}, {";LA:SS?\r", "64\r\n", 0},      {";LA:EN 1\r", "?8\r\n", 0},
        {";LA:SS?\r", "1024\r\n", 0}, {";LA:LS?\r", "64\r\n", 0},
    };
    uint64_t ms = 0;
    void *self = switch_on(&speak_microjewel, faults, 1, NULL);
    TALK(&speak_microjewel, self, &ms, rows);
    speak_microjewel.free(self);
}

static void cfr_answers_as_its_page(void)
{
    /* clang-format off */
    static const exchange rows[] = {
        { ">SN\r\n", "\r\ns/number    SIM", 0 },
        { ">V\r\n", "\r\nvoltage  1150 V", 0 },
        { ">V900\r\n", "\r\nvoltage   900 V", 0 },
        { ">V1801\r\n", "\r\nvoltage   900 V", 0 },                /* a refusal repeats the old value */
        { ">V499\r\n", "\r\nvoltage   900 V", 0 },
        { ">ENE125\r\n", "\r\nenergy    12.5J", 0 },               /* x 10 */
        { ">ENE231\r\n", "\r\nenergy    12.5J", 0 },
        { ">CAP300\r\n", "\r\ncapacity 30.0uF", 0 },
        { ">F950\r\n", "\r\nfreq.   9.50 Hz", 0 },                 /* x 100 */
        { ">F\r\n", "\r\nfreq.   9.50 Hz", 0 },
        { ">W180\r\n", "\r\ndelay    180 uS", 0 },
        { ">QSF2\r\n", "\r\ncycle rate F/ 2", 0 },
        { ">QSP12\r\n", "\r\nburst QS     12", 0 },
        { ">QSM2\r\n", "\r\nQS mode :    2 ", 0 },
        { ">LPM0\r\n", "\r\nLP synch :   0 ", 0 },
        { ">C\r\n", "\r\nct LP    917004", 0 },
        { ">CQ\r\n", "\r\nct QS     41207", 0 },
        { ">UC0\r\n", "\r\ncu LP         0", 0 },
        { ">R\r\n", "\r\nshutter closed ", 0 }, { ">R1\r\n", "\r\nshutter open   ", 0 },
        { ">CG\r\n", "\r\ntemp. CG 33 d  ", 0 },
        { ">IF1\r\n", "\r\nIF1 00 00 00 00", 0 }, { ">IQ\r\n", "\r\nIQS 00 00 00 00", 0 },
        { ">WOR\r\n", "\r\nI 0 F 0 S 0 Q 4", 0 },
        { ">M\r\n", "\r\nsimmer         ", 0 }, { ">WOR\r\n", "\r\nI 0 F 0 S 1 Q 4", 0 },
        { ">A\r\n", "\r\nfire auto      ", 0 },
        { ">IQ\r\n", "\r\nIQS 01 00 00 00", 0 },                   /* inhibited for 8 s after the start */
        { ">IQ\r\n", "\r\nIQS 00 00 00 00", 8000 },
        { ">E\r\n", "\r\nfire ext       ", 0 }, { ">WOR\r\n", "\r\nI 0 F 6 S 1 Q 4", 0 },
        { ">S\r\n", "\r\nstandby        ", 0 }, { ">SQ\r\n", "\r\n               ", 0 },
        { ">QOF0\r\n", "\r\nQS at run    0 ", 0 }, { ">R0\r\n", "\r\nshutter closed ", 0 },
        { ">IQ\r\n", "\r\nIQS 00 00 00 10", 0 },                   /* bit 6 */
        { "42V\r\n", "\r\nvoltage   900 V", 0 }, { "43V\r\n", "", 0 },   /* its number, and another's */
        { ">NOPE\r\n", "", 0 }, { ">CGT\r\n", "", 0 },
    };
    static const exchange ultra[] = {
        { ">ST\r\n", "\r\nstandby        ", 0 }, { ">CGT\r\n", "\r\ntemp. CG 33 d  ", 0 },
        { ">HGT\r\n", "\r\ntemp. SHG 51 d ", 0 }, { ">CST\r\n", "\r\ntemp. CS 29 d  ", 0 },
        { ">IQ\r\n", "\r\nIQS 00 01 00 00", 0 },                   /* d: shutter closed */
        { ">R1\r\n", "\r\nshutter open   ", 0 }, { ">A\r\n", "\r\nfire auto      ", 0 },
        { ">IQ\r\n", "\r\nIQS 10 00 00 00", 0 },                   /* a: 8 s after lamp start */
    };
    /* clang-format on */
    uint64_t ms = 0;
    void *self = switch_on(&speak_cfr, NULL, 0, NULL);
    TALK(&speak_cfr, self, &ms, rows);
    speak_cfr.free(self);
    ms = 0;
    self = switch_on(&speak_ultra, NULL, 0, NULL);
    TALK(&speak_ultra, self, &ms, ultra);
    speak_ultra.free(self);
}

static void every_cfr_reply_has_seventeen_bytes(void)
{
    static const char *const words[] = {"SN",  "V",   "VA",  "VT",  "ENE", "CAP", "F",   "C",   "UC",
                                        "LPM", "A",   "E",   "M",   "S",   "QSF", "QSP", "CQ",  "UCQ",
                                        "W",   "QSW", "QSM", "QOF", "PQ",  "SQ",  "OQ",  "R",   "P",
                                        "CG",  "WOR", "IF",  "IF1", "IF2", "IF3", "IQ",  "SAV1"};
    void *self = switch_on(&speak_cfr, NULL, 0, NULL);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        char line[20], got[100];
        snprintf(line, sizeof line, ">%s\r\n", words[i]);
        speak_cfr.take(self, line, strlen(line));
        const size_t size = speak_cfr.give(self, got, sizeof got);
        CHECK(size == 17 && got[0] == '\r' && got[1] == '\n', "%s: %zu bytes", words[i], size);
    }
    speak_cfr.free(self);
}

/* ---- faults on cue ---- */

static void faults_come_on_cue(void)
{
    static const struct {
        const char *fault, *sent[4], *answer[4];
    } rows[] = {
        {"lie", {";LA:RR 7\r", ";LA:RR?\r"}, {"ok\r\n", "5.000\r\n"}},
        {"lie@2", {";LA:RR 7\r", ";LA:RR 9\r", ";LA:RR?\r"}, {"ok\r\n", "ok\r\n", "7.000\r\n"}},
        {"stall@2", {";LA:SS?\r", ";LA:SS?\r", ";LA:SS?\r"}, {"1024\r\n", "", "1024\r\n"}},
        {"echo", {";LA:SS?\r"}, {";LA:SS?\r1024\r\n"}},
        {"stranger", {";LA:ID?\r"}, {"XY,SIM-Other,1,1\r\n"}},
        {"real", {";LA:ID?\r"}, {"QC,MicroJewel,08130,1.0.9\r\n"}},
        {"jump=-7@2", {";LA:SC?\r", ";LA:SC?\r", ";LA:SC?\r"}, {"41207\r\n", "41200\r\n", "41200\r\n"}},
        {"bit=5", {";LA:SS?\r"}, {"1056\r\n"}},
        {"open@2-", {";LA:SS?\r", ";LA:SS?\r"}, {"1024\r\n", "64\r\n"}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *faults[] = {rows[i].fault};
        uint64_t ms = 0;
        void *self = switch_on(&speak_microjewel, faults, 1, NULL);
        for (size_t k = 0; k < 4 && rows[i].sent[k]; k++) {
            const exchange row[] = {{rows[i].sent[k], rows[i].answer[k], 0}};
            TALK(&speak_microjewel, self, &ms, row);
        }
        speak_microjewel.free(self);
    }
    static const char *const bad[] = {"",       "lie=1",   "slow", "slow=x", "lie@",
                                      "bit=64", "nothing", "jump", "yank=-1"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        fl_error error = {0};
        CHECK(!speak_microjewel.make(&(speak_options){.faults = &bad[i], .fault_count = 1}, &error) &&
                  error.what[0],
              "'%s' is a fault", bad[i]);
    }
}

static void late_answers_keep_their_order(void)
{
    static const char *const faults[] = {"late=400@1"};
    static const exchange rows[] = {{";LA:SC?\r", "", 0},
                                    {";LA:SS?\r", "", 300},
                                    {";LA:ID?\r", "41207\r\n1024\r\nQC,SIM-MicroJewel,00042,1.0.9\r\n", 100}};
    uint64_t ms = 0;
    void *self = switch_on(&speak_microjewel, faults, 1, NULL);
    TALK(&speak_microjewel, self, &ms, rows);
    speak_microjewel.free(self);
}

static void a_yanked_one_is_gone(void)
{
    static const char *const by_word[] = {"yank@2"}, *const by_time[] = {"yank=50"};
    void *self = switch_on(&speak_microjewel, by_word, 1, NULL);
    speak_microjewel.take(self, ";LA:SS?\r", 8);
    CHECK(speak_microjewel.tick(self, 1), "at the first word");
    speak_microjewel.take(self, ";LA:SS?\r", 8);
    CHECK(!speak_microjewel.tick(self, 2), "not at the second");
    speak_microjewel.free(self);
    self = switch_on(&speak_microjewel, by_time, 1, NULL);
    CHECK(speak_microjewel.tick(self, 49) && !speak_microjewel.tick(self, 50), "not at 50 ms");
    speak_microjewel.free(self);
}

static void counters_survive(void)
{
    char state[64];
    snprintf(state, sizeof state, "/tmp/fl-jewel-%ld", (long)getpid());
    unlink(state);
    static const char *const jump[] = {"jump=100@1"};
    uint64_t ms = 0;
    static const exchange first[] = {{";LA:SC?\r", "41307\r\n", 0}};
    for (int i = 0; i < 2; i++) {
        void *self = switch_on(&speak_microjewel, i ? NULL : jump, i ? 0 : 1, state);
        TALK(&speak_microjewel, self, &ms, first);
        speak_microjewel.free(self);
    }
    FILE *file = fopen(state, "w");
    if (!file) abort();
    fputs("something else\n", file);
    fclose(file);
    fl_error error = {0};
    CHECK(!speak_microjewel.make(&(speak_options){.state = state}, &error), "a foreign file is a state");
    unlink(state);
}

FL_TESTS("twin/speak_lasers", TEST(microjewel_answers_as_its_page), TEST(microjewel_falls_with_its_interlock),
         TEST(cfr_answers_as_its_page), TEST(every_cfr_reply_has_seventeen_bytes), TEST(faults_come_on_cue),
         TEST(late_answers_keep_their_order), TEST(a_yanked_one_is_gone), TEST(counters_survive))

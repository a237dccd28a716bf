/* labels: unit twin */
/* Six lasers and a client that knows their pages and nothing of ours: what is sent, when, and the bytes that
 * come back, to the last one. */
#include "check.h"

#include "helper_wire.h"

typedef struct exchange {
    const char *sent, *answer;
    unsigned wait_ms; /* before it is sent */
} exchange;

static void converse(const speaker *who, const char *fault, const exchange *rows, size_t count)
{
    wire w;
    wire_open(&w, who, &(speak_options){.faults = &fault, .fault_count = fault ? 1 : 0}, true);
    w.now_us = 0;
    who->tick(w.self, 0);
    for (size_t i = 0; i < count; i++) {
        char got[600];
        for (unsigned k = 0; k < rows[i].wait_ms; k++) wire_ms(&w);
        CHECK_TEXT(wire_ask(&w, rows[i].sent, got, sizeof got), rows[i].answer, rows[i].sent);
        wire_ms(&w);
    }
    CHECK(w.to_host_size == 0, "%s spoke unasked", who->name);
    wire_close(&w);
}

#define TALK(who, fault, rows) converse(who, fault, rows, sizeof(rows) / sizeof *(rows))

/* clang-format off */
static void quanta_ray_answers_as_its_page(void)
{
    static const exchange rows[] = {
        { "*IDN?\r", "SIM Quanta-Ray INDI\n", 0 },
        { "*STB?\r", "12582912\n", 0 },                            /* 22, 23: panel there, computer in control */
        { "STAT:QUES?\r", "0\n", 0 },
        { "WATC 110\r", "", 0 }, { "LAMP FIX\r", "", 0 }, { "QSW REP\r", "", 0 },    /* sets say nothing */
        { "QSW?\r", "REP\n", 0 },
        { "ON\r", "", 0 },
        { "*STB?\r", "29360384\n", 0 },                            /* and 8, 24: contactor */
        { "SHOT?\r", "41207\n", 19990 },                           /* 20 s after ON */
        { "*STB?\r", "29363969\n", 60 },                           /* and 9 to 11, and 0: emission can occur */
        { "*STB?\r", "29368065\n", 100 },                          /* and 12: fired recently */
        { "SHOT?\r", "41217\n", 900 },                             /* 10 Hz */
        { "READ:VAR?\r", "10\n", 0 },
        { "LAMP VAR 20\r", "", 0 }, { "LAMP VAR?\r", "20\n", 0 },
        { "LAMP INH\r", "", 0 }, { "QSW EXT\r", "", 0 }, { "QSW?\r", "EXT\n", 0 },
        { "OPFN 62\r", "", 0 }, { "READ:OPFN?\r", "62\n", 0 }, { "READ:OMON?\r", "62\n", 0 },
        { "OPFN 101\r", "", 0 }, { "READ:OPFN?\r", "62\n", 0 },
        { "APFN 50\r", "", 0 }, { "READ:APFN?\r", "50\n", 0 },
        { "ADV 120\r", "", 0 }, { "QSW ADV?\r", "120\n", 0 }, { "READ:QSWADV?\r", "120\n", 0 },
        { "QSW DEL 30\r", "", 0 }, { "QSW DEL?\r", "30\n", 0 },
        { "READ:HIST?\r", "0 0\n", 0 },
        { "ECH 4\r", "", 0 }, { "READ:OPFN?\r", "62\r\n", 0 },
        { "ECH 3\r", "\n", 0 }, { "OPFN 40\r", "\n", 0 },          /* a line feed after every command */
        { "ECH 1\r", "", 0 },
        { "NOPE?\r", "NOPE?\r", 0 },
    };
    static const exchange silence[] = {
        { "WATC 2\r", "", 0 }, { "ON\r", "", 0 }, { "*STB?\r", "29360384\n", 1990 },
        { "*STB?\r", "12582912\n", 2010 },                         /* turned itself off */
    };
    static const exchange open[] = {
        { "*STB?\r", "12582912\n", 0 },
        { "*STB?\r", "12615680\n", 5000 },                         /* 15: interlock open */
        { "*STB?\r", "12615684\n", 10 },                           /* 2: data in the log */
        { "READ:HIST?\r", "415 5\n0 0\n", 0 },
    };
    TALK(&speak_quanta_ray, NULL, rows);
    TALK(&speak_quanta_ray, NULL, silence);
    TALK(&speak_quanta_ray, "open@2-", open);
}

static void pilas_answers_as_its_page(void)
{
    static const exchange rows[] = {
        { "version?\n", "SIM PiLas 042\nlaser head 043\n1064 nm\nno CW option\n0 mW\nsoftware SIM1.0\ncontroller hardware 1\nhead hardware 1\n", 0 },
        { "ld?\n", "pulsed laser emission: off\n", 0 }, { "ld=1\n", "done\n", 0 },
        { "ld?\n", "pulsed laser emission: on\n", 0 }, { "ld=0\n", "done\n", 0 },
        { "ld?\n", "pulsed laser emission: off\n", 0 }, { "ld=2\n", "", 0 },
        { "tm?\n", "tune mode:\tauto\n", 0 }, { "tm=1\n", "done\n", 0 }, { "tm?\n", "tune mode:\tmanual\n", 0 },
        { "tune?\n", "tune value:\t\t     50.00 %\n", 0 },
        { "tune=501\n", "done\n", 0 }, { "tune?\n", "tune value:\t\t     50.10 %\n", 0 },   /* tenths of a percent */
        { "tune=1001\n", "", 0 }, { "tune?\n", "tune value:\t\t     50.10 %\n", 0 },
        { "f?\n", "int. frequency:\t       1000000 Hz\n", 0 },
        { "f=40000000\n", "done\n", 0 }, { "f?\n", "int. frequency:\t      40000000 Hz\n", 0 },
        { "f=24\n", "", 0 },
        { "lht?\n", "laser head temp.:\t     25.0 \xB0" "C\n", 0 },
        { "ldtemp?\n", "LD temp.:\t\tgood\n", 0 },
        { "hello\n", "", 0 },
    };
    static const exchange bad[] = { { "ld=1\n", "done\n", 0 }, { "ldtemp?\n", "LD temp.:\t\tbad\n", 0 },
                                    { "ld?\n", "pulsed laser emission: off\n", 0 } };
    TALK(&speak_pilas, NULL, rows);
    TALK(&speak_pilas, "bit=1@2-", bad);
}

static void spi_g4_answers_as_its_page(void)
{
    static const exchange rows[] = {
        { "RSN\r\n", "SIM-G4-042\r\n", 0 },
        { "QD\r\n", "00000010\r\n", 0 }, { "QS\r\n", "64\r\n", 0 }, { "QA\r\n", "\r\n", 0 },
        { "GS\r\n", "0, 0, 0, 0, 0, 0\r\n", 0 },
        { "SS 1\r\n", "E31\r\n", 0 },                              /* not enabled */
        { "SS 9\r\n", "\r\n", 0 }, { "SS 9\r\n", "E28\r\n", 0 }, { "SS 0\r\n", "\r\n", 0 }, { "SS 1\r\n", "\r\n", 0 },
        { "GS\r\n", "1, 1, 0, 0, 0, 1\r\n", 0 },
        { "SC 0\r\n", "\r\n", 0 }, { "GS\r\n", "0, 0, 0, 0, 0, 1\r\n", 0 }, { "SC 1\r\n", "E29\r\n", 0 },
        { "SS 2\r\n", "E20\r\n", 0 }, { "SS x\r\n", "E14\r\n", 0 },
        { "SI 0500\r\n", "\r\n", 0 }, { "GI\r\n", "0500\r\n", 0 }, { "SI 500\r\n", "E6\r\n", 0 },
        { "SI 1001\r\n", "E20\r\n", 0 }, { "SI 05000\r\n", "E13\r\n", 0 }, { "SI 0x10\r\n", "E14\r\n", 0 },
        { "SH 040\r\n", "\r\n", 0 }, { "GH\r\n", "040\r\n", 0 }, { "SW 31\r\n", "\r\n", 0 }, { "GW\r\n", "31\r\n", 0 },
        { "SW 32\r\n", "E20\r\n", 0 }, { "SR 10000\r\n", "\r\n", 0 }, { "GR\r\n", "10000\r\n", 0 },
        { "SR 9999\r\n", "E20\r\n", 0 }, { "SL 12\r\n", "\r\n", 0 }, { "GL\r\n", "12\r\n", 0 },
        { "SM 7\r\n", "\r\n", 0 }, { "GM\r\n", "7\r\n", 0 }, { "SM\r\n", "E17\r\n", 0 },
        { "QT\r\n", "31.4\r\n", 0 }, { "QI\r\n", "0, 0\r\n", 0 }, { "XX\r\n", "E10\r\n", 0 },
    };
    static const exchange open[] = { { "SS 0\r\n", "\r\n", 0 }, { "QD\r\n", "01000110\r\n", 0 }, { "QA\r\n", "99\r\n", 0 },
                                     { "GS\r\n", "0, 0, 0, 0, 0, 0\r\n", 0 }, { "SS 0\r\n", "E21\r\n", 0 } };
    TALK(&speak_spi_g4, NULL, rows);
    TALK(&speak_spi_g4, "open@2-", open);
}

static void q_smart_answers_as_its_page(void)
{
    static const exchange rows[] = {
        { "STATE\n", "STATE = 1\n0\n", 0 }, { "RUN\n", "ERROR 3\n", 0 },
        { "CHKSERIAL\n", "CHKSERIAL = SIM00042\n0\n", 0 }, { "STATUS\n", "STATUS = SIM Q-smart, all interlocks closed\n0\n", 3000 },
        { "STATE\n", "STATE = 2\n0\n", 2000 }, { "QSW 1\n", "ERROR 3\n", 0 },
        { "RUN\n", "OK\n", 0 }, { "STATE\n", "STATE = 4\n0\n", 4000 }, { "STATE\n", "STATE = 5\n0\n", 4000 },
        { "QSW ?\n", "QSW = 0\n0\n", 0 }, { "QSW 1\n", "OK\n", 0 }, { "QSW ?\n", "QSW = 1\n0\n", 0 },
        { "SSHOT\n", "SSHOT = 41217\n0\n", 1010 }, { "USHOT\n", "USHOT = 10\n0\n", 0 },
        { "USHOT 0\n", "OK\n", 0 }, { "USHOT\n", "USHOT = 0\n0\n", 0 },
        { "TRIG EE\n", "OK\n", 0 }, { "TRIG XY\n", "ERROR 2\n", 0 }, { "SSHOT\n", "SSHOT = 41217\n0\n", 1000 },
        { "QDLY 254\n", "OK\n", 0 }, { "QDLY 255\n", "ERROR 2\n", 0 }, { "QDLY\n", "QDLY = 254\n0\n", 0 },
        { "QDLYO -500\n", "OK\n", 0 }, { "QDLYO\n", "QDLYO = -500\n0\n", 0 },
        { "QSPAR1 3\n", "OK\n", 0 }, { "QSPAR1\n", "QSPAR1 = 3\n0\n", 0 }, { "CGTEMP\n", "CGTEMP = 33.5\n0\n", 0 },
        { "STOP\n", "OK\n", 0 }, { "STATE\n", "STATE = 2\n0\n", 0 }, { "QSW ?\n", "QSW = 0\n0\n", 0 },
        { "HELLO\n", "ERROR 1\n", 0 },
    };
    static const exchange silence[] = {
        { "STATE\n", "STATE = 2\n0\n", 5000 }, { "RUN\n", "OK\n", 0 }, { "STATE\n", "STATE = 4\n0\n", 4990 },
        { "STATE\n", "STATE = 2\n0\n", 5010 },                     /* it switched off when nobody talked */
    };
    TALK(&speak_q_smart, NULL, rows);
    TALK(&speak_q_smart, NULL, silence);
}

static void surelite_answers_as_its_page(void)
{
    static const exchange rows[] = {
        { "SE\r", "SE\r00\r", 0 }, { "SC\r", "SC\r000041207\r", 0 },
        { "PD 000\r", "PD 000\r", 0 }, { "ST 1\r", "ST 1\r", 0 }, { "SH 1\r", "SH 1\r", 0 },
        { "SS\r", "SS\r", 1100 }, { "SC\r", "SC\r000041208\r", 0 },
        { "SC\r", "SC\r000041208\r", 1000 },                       /* single shots only */
        { "PD 002\r", "PD 002\r", 0 }, { "SC\r", "SC\r000041213\r", 1000 },  /* every second one of 10 Hz */
        { "SS\r", "SS\r", 0 }, { "SC\r", "SC\r000041213\r", 0 },   /* only with PD 000 */
        { "SH 0\r", "SH 0\r", 0 }, { "SC\r", "SC\r000041213\r", 1000 }, { "ST 0\r", "ST 0\r", 0 },
        { "QS 180\r", "QS 180\r", 0 }, { "RR 07.5\r", "RR 07.5\r", 0 }, { "VA 1.15\r", "VA 1.15\r", 0 },
        { "QS 18\r", "", 0 }, { "RR 7.5\r", "", 0 }, { "VA 11.5\r", "", 0 }, { "ST 2\r", "", 0 }, { "XX\r", "", 0 },
    };
    static const exchange open[] = { { "SE\r", "SE\r00\r", 0 }, { "SE\r", "SE\r06\r", 0 }, { "SE\r", "SE\r06\r", 0 } };
    static const exchange hot[] = { { "SE\r", "SE\r03\r", 0 } };
    TALK(&speak_surelite, NULL, rows);
    TALK(&speak_surelite, "open@2-", open);
    TALK(&speak_surelite, "bit=3", hot);
}

static void insight_answers_as_its_page(void)
{
    static const exchange rows[] = {
        { "*stb?\n", "1638400\n", 0 },                             /* state 25: ready */
        { "tim:watc?\n", "0\n", 0 }, { "tim:watc 2\n", "", 0 }, { "tim:watc?\n", "2\n", 0 },
        { "on\n", "", 0 }, { "*stb?\n", "1966080\n", 1900 },       /* state 30: turning on */
        { "tim:watc 100\n", "", 0 }, { "*stb?\n", "3276835\n", 9000 },   /* state 50, emission, pulsing, servo */
        { "shut 1\n", "", 0 }, { "irshut 1\n", "", 0 }, { "*stb?\n", "3276847\n", 0 },
        { "read:pow?\n", "1.73\n", 0 }, { "read:pctwarmedup?\n", "100\n", 0 },
        { "wav:min?\n", "680\n", 0 }, { "wav:max?\n", "1300\n", 0 }, { "wav 920\n", "", 0 }, { "read:wav?\n", "920\n", 0 },
        { "wav 1301\n", "", 0 }, { "read:wav?\n", "920\n", 0 },
        { "shut 0\n", "", 0 }, { "*stb?\n", "3276843\n", 0 },
        { "off\n", "", 0 }, { "*stb?\n", "1638400\n", 0 },
        { "tim:watc 1\n", "", 0 }, { "on\n", "", 0 }, { "*stb?\n", "1638400\n", 1010 },   /* silence powers it off */
        { "hello\n", "", 0 },
    };
    static const exchange open[] = { { "on\n", "", 0 }, { "*stb?\n", "1966080\n", 0 }, { "*stb?\n", "1966592\n", 0 },
                                     { "*stb?\n", "1638912\n", 10 } };
    TALK(&speak_insight, NULL, rows);
    TALK(&speak_insight, "open@3-", open);
}
/* clang-format on */

/* A word may come a byte at a time, and two at once. */
static void bytes_come_as_they_like(void)
{
    wire w;
    char got[200];
    wire_open(&w, &speak_q_smart, &(speak_options){.light = NULL}, true);
    for (const char *p = "QDLY\nCGTEMP\n"; *p; p++) speak_q_smart.take(w.self, p, 1);
    got[speak_q_smart.give(w.self, got, sizeof got - 1)] = 0;
    CHECK_TEXT(got, "QDLY = 100\n0\nCGTEMP = 33.5\n0\n", "both, in order");
    wire_close(&w);
}

FL_TESTS("twin/speak_pages", TEST(quanta_ray_answers_as_its_page), TEST(pilas_answers_as_its_page),
         TEST(spi_g4_answers_as_its_page), TEST(q_smart_answers_as_its_page),
         TEST(surelite_answers_as_its_page), TEST(insight_answers_as_its_page), TEST(bytes_come_as_they_like))

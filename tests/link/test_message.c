/* labels: unit */
#include "check.h"

#include "fadeline/link/message.h"

static bool is_read(char direction, const char *body, fl_message *message)
{
    return fl_message_read(direction, body, strlen(body), message) == FL_OK;
}

/* Numbers with a unit, a point, a sign, too many digits or beyond 64 bits, and every other slip of form. */
/* hazards: H20 H39 H41 H55 */
static void bodies_that_are_refused(void)
{
    // clang-format off
    static const struct { char direction; const char *what, *body; bool good; } rows[] = {
        { '>', "as on the page",              "POLL sh=1", true },
        { '>', "any order",                   "SET WL=1064 EN=200000", true },
        { '>', "word without keys",           "GET", true },
        { '<', "the largest 64-bit number",   "SHDW EN=18446744073709551615 RR=1 SP=1 WL=1 ep=00000003 dg=00000000", true },
        { '<', "one more than 64 bits hold",  "SHDW EN=18446744073709551616 RR=1 SP=1 WL=1 ep=00000003 dg=00000000", false },
        { '<', "2 to the 70",                 "SHDW EN=1180591620717411303424 RR=1 SP=1 WL=1 ep=00000003 dg=00000000", false },
        { '<', "a number of 100 digits",      "SHDW EN=1000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
                                              " RR=1 SP=1 WL=1 ep=00000003 dg=00000000", false },
        { '>', "nothing",                     "", false },
        { '>', "lower-case word",             "poll sh=1", false },
        { '>', "unknown word",                "FIRE", false },
        { '>', "word of the other side",      "STAT", false },
        { '<', "word of the other side",      "POLL sh=1", false },
        { '>', "key twice",                   "POLL sh=1 sh=1", false },
        { '>', "key twice with other values", "SET EN=1 EN=2", false },
        { '>', "unknown key",                 "POLL sh=1 xx=1", false },
        { '>', "key of another word",         "POLL sh=1 ep=00000001", false },
        { '>', "missing key",                 "POLL", false },
        { '>', "missing one of three",        "COMMIT ep=00000003 dg=22F6FCB6", false },
        { '>', "SET without any key",         "SET", false },
        { '>', "key in the wrong case",       "SET en=200000", false },
        { '>', "shutter level 2",             "POLL sh=2", false },
        { '>', "leading zero",                "POLL sh=01", false },
        { '>', "no value",                    "POLL sh=", false },
        { '>', "no equals",                   "POLL sh", false },
        { '>', "two equals",                  "POLL sh==1", false },
        { '>', "space doubled",               "POLL  sh=1", false },
        { '>', "space at the end",            "POLL sh=1 ", false },
        { '>', "space before",                " POLL sh=1", false },
        { '>', "sign",                        "SET EN=+1", false },
        { '>', "minus",                       "SET EN=-1", false },
        { '>', "decimal point",               "SET EN=1.5", false },
        { '>', "unit",                        "SET EN=200mJ", false },
        { '>', "hexadecimal where decimal",   "SET EN=A0", false },
        { '>', "seven hexadecimal digits",    "RESET ca=0000001", false },
        { '>', "nine hexadecimal digits",     "RESET ca=000000001", false },
        { '>', "lower-case hexadecimal",      "RESET ca=0000000a", false },
        { '>', "0x in front",                 "RESET ca=0x000001", false },
        { '>', "purpose in lower case",       "GRANT g=0000000000000123 f=000004B0 ep=00000003 k=0000000000012344 en=1 sp=1 pu=t ph=00112233445566778899AABBCCDDEEFF", false },
        { '>', "purpose of two letters",      "GRANT g=0000000000000123 f=000004B0 ep=00000003 k=0000000000012344 en=1 sp=1 pu=TC ph=00112233445566778899AABBCCDDEEFF", false },
        { '>', "plan hash one digit short",   "COMMIT ep=00000003 dg=22F6FCB6 ph=00112233445566778899AABBCCDDEEF", false },
        { '<', "unknown reason",              "NAK e=MAYBE", false },
        { '<', "reason without letters",      "NAK e=", false },
        { '<', "state 5",                     "STAT st=5 in=000E1BFF hp=21 sp=4000 k=0000000000012344 ln=00012344 g=0000000000000122 en=0 ep=00000003 ca=00000000 gap=0 t=00000064", false },
        { '<', "state 4",                     "STAT st=4 in=000E1BFF hp=21 sp=4000 k=0000000000012344 ln=00012344 g=0000000000000122 en=0 ep=00000003 ca=00000000 gap=0 t=00000064", true },
        { '<', "uid with a comma",            "HELLO v=1 uid=SIM,42 dn=2468ACE0 wd=100 ga=40 wa=3000 cap=7F fw=1.0", false },
        { '<', "uid of 33 letters",           "HELLO v=1 uid=SIM456789012345678901234567890123 dn=2468ACE0 wd=100 ga=40 wa=3000 cap=7F fw=1.0", false },
        { '<', "uid of 32 letters",           "HELLO v=1 uid=SIM45678901234567890123456789012 dn=2468ACE0 wd=100 ga=40 wa=3000 cap=7F fw=1.0", true },
        { '<', "cap of one digit",            "HELLO v=1 uid=SIM-42 dn=2468ACE0 wd=100 ga=40 wa=3000 cap=7 fw=1.0", false },
    };
    // clang-format on
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        fl_message message = {.word = FL_WORD_NONE, .has = 0x55};
        const bool good = is_read(rows[i].direction, rows[i].body, &message);
        CHECK(good == rows[i].good, "%s: '%s' %s", rows[i].what, rows[i].body, good ? "taken" : "refused");
        CHECK(good || (message.has == 0x55 && !message.word), "%s: the answer was touched", rows[i].what);
    }
}

static void every_reason_has_a_word_and_a_sentence(void)
{
    static const char *const wire[] = {"SYN",   "STATE",  "RANGE", "EPOCH", "DIG",  "CHAL",
                                       "ILK",   "FOOT",   "SHUT",  "OLD",   "AGE",  "PLAN",
                                       "COUNT", "ENERGY", "SPOT",  "DOCK",  "RATE", "VERB"};
    CHECK(sizeof wire / sizeof *wire == FL_NAKS - 1, "the page lists 18");
    for (size_t i = 0; i < sizeof wire / sizeof *wire; i++) {
        char body[32];
        fl_message message;
        snprintf(body, sizeof body, "NAK e=%s", wire[i]);
        CHECK(is_read('<', body, &message) && message.value[FL_KEY_e] == i + 1, "%s is reason %zu", wire[i],
              i + 1);
        CHECK_TEXT(fl_nak_name((fl_nak)(i + 1)), wire[i], "its name");
        CHECK(strlen(fl_nak_text((fl_nak)(i + 1))) > 15, "%s has no sentence", wire[i]);
        body[strlen(body) - 1] = 0; /* a shortened one is another word */
        CHECK(!is_read('<', body, &message), "'%s' was taken", body);
    }
}

static void what_cannot_be_written_is_not(void)
{
    char body[FL_FRAME_BODY_MAX + 1];
    fl_message say = {.word = FL_ASK_POLL};
    CHECK(fl_message_write(&say, body) == 0, "POLL without its level");
    fl_message_put(&say, FL_KEY_sh, 2);
    CHECK(fl_message_write(&say, body) == 0, "level 2");
    fl_message_put(&say, FL_KEY_sh, 1);
    CHECK(fl_message_write(&say, body) == strlen("POLL sh=1"), "level 1");
    CHECK_TEXT(body, "POLL sh=1", "body");
    fl_message_put(&say, FL_KEY_ep, 3);
    CHECK(fl_message_write(&say, body) == 0, "a key of another word");
    say = (fl_message){.word = FL_ASK_RESET};
    fl_message_put(&say, FL_KEY_ca, UINT64_C(0x100000000));
    CHECK(fl_message_write(&say, body) == 0, "33 bits in 8 digits");
    say = (fl_message){.word = FL_WORD_NONE};
    CHECK(fl_message_write(&say, body) == 0, "no word");
    say = (fl_message){.word = FL_SAY_HELLO};
    CHECK(!fl_message_put_text(&say, FL_KEY_uid, "") && !fl_message_put_text(&say, FL_KEY_uid, "A B") &&
              !fl_message_put_text(&say, FL_KEY_fw, "1*0") && !say.has,
          "texts that would break a frame");
}

#define MOST "18446744073709551615"
#define F8 "FFFFFFFF"
#define F16 F8 F8
#define TEXT32 "SIM45678901234567890123456789012"

/* Every answer with every key at its largest: they fit a frame, and come back as they were. */
/* hazards: H55 */
static void the_largest_values_fit_a_frame(void)
{
    // clang-format off
    static const struct { char direction; const char *body; } rows[] = {
        { '<', "STAT st=4 in=" F8 " hp=FF sp=" MOST " k=" F16 " ln=" F8 " g=" F16 " en=" MOST " ep=" F8 " ca=" F8 " gap=" MOST " t=" F8 },
        { '<', "SHDW EN=" MOST " RR=" MOST " SP=" MOST " WL=" MOST " ep=" F8 " dg=" F8 },
        { '<', "HELLO v=1 uid=" TEXT32 " dn=" F8 " wd=" MOST " ga=" MOST " wa=" MOST " cap=FF fw=" TEXT32 },
        { '<', "ANCH n=" F16 " r=" F16 F16 F16 F16 },
        { '<', "CHAL ch=" F8 " ep=" F8 },
        { '<', "NAK e=ENERGY" },
        { '>', "SET EN=" MOST " RR=" MOST " SP=" MOST " WL=" MOST },
        { '>', "GRANT g=" F16 " f=" F8 " ep=" F8 " k=" F16 " en=" MOST " sp=" MOST " pu=C ph=" F16 F16 },
        { '>', "COMMIT ep=" F8 " dg=" F8 " ph=" F16 F16 },
        { '>', "ANCHOR n=" F16 " r=" F16 F16 F16 F16 },
        { '>', "ANCHOR?" },
    };
    // clang-format on
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        fl_message message;
        char body[FL_FRAME_BODY_MAX + 1];
        CHECK(strlen(rows[i].body) <= FL_FRAME_BODY_MAX, "%zu bytes: %s", strlen(rows[i].body), rows[i].body);
        CHECK(is_read(rows[i].direction, rows[i].body, &message), "refused: %s", rows[i].body);
        CHECK(fl_message_write(&message, body) == strlen(rows[i].body), "other length: %s", rows[i].body);
        CHECK_TEXT(body, rows[i].body, "written again");
    }
}

FL_TESTS("link/message", TEST(bodies_that_are_refused), TEST(every_reason_has_a_word_and_a_sentence),
         TEST(what_cannot_be_written_is_not), TEST(the_largest_values_fit_a_frame))

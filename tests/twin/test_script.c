/* labels: unit */
/* The script of the room: what it reads, what it refuses and with which words, and when things happen. */
#include "check.h"

#include "room.h"
#include "script.h"

#include "fadeline/base/place.h"
#include "fadeline/base/random.h"

#include <unistd.h>

// clang-format off
static const struct { const char *line; cue_kind cue; event_kind event; } good[] = {
    { "at 4.0 key on", CUE_AT, EVENT_SWITCH },
    { "at 6.5 foot down", CUE_AT, EVENT_SWITCH },
    { "when ready +1.0 foot down", CUE_STATE, EVENT_SWITCH },
    { "after 12 pulses door open", CUE_PULSES, EVENT_SWITCH },
    { "at 30 spot 3", CUE_AT, EVENT_SPOT },
    { "at 30 spot unknown", CUE_AT, EVENT_SPOT },
    { "at 31 dock in", CUE_AT, EVENT_SWITCH },
    { "\tat  31 \t dock   out  ", CUE_AT, EVENT_SWITCH },
    { "when ready 3 +0.25 foot up", CUE_STATE, EVENT_SWITCH },
    { "every ready foot down", CUE_STATE, EVENT_SWITCH },
    { "every 20 pulses +1.5 foot up", CUE_PULSES, EVENT_SWITCH },
    { "every 2.5 s say still here, all of it", CUE_PERIOD, EVENT_SAY },
    { "then +0.5 door close", CUE_THEN, EVENT_SWITCH },
    { "then door close", CUE_THEN, EVENT_SWITCH },
    { "when hello +0.2 prove", CUE_STATE, EVENT_PROVE },
    { "at 1 panel EN=190000 SP=3000", CUE_AT, EVENT_PANEL },
    { "at 1 handpiece none", CUE_AT, EVENT_HANDPIECE },
    { "at 1 handpiece 3F", CUE_AT, EVENT_HANDPIECE },
    { "at 1 self-test fail", CUE_AT, EVENT_SELF_TEST },
    { "at 1 fault stall=300", CUE_AT, EVENT_FAULT },
    { "after 1 pulse quit", CUE_PULSES, EVENT_QUIT },
    { "now door open", CUE_NOW, EVENT_SWITCH },
    { "now power cut", CUE_NOW, EVENT_POWER },
};

/* Every complaint must name the word that is wrong and say what would be right. */
static const struct { const char *line, *what, *hint; } bad[] = {
    { "at 4,0 key on", "4,0", "point" },
    { "at -1 key on", "-1", "seconds" },
    { "at nan key on", "nan", "seconds" },
    { "at 1e9 key on", "1e9", "86400" },
    { "at key on", "key", "seconds" },
    { "at", "''", "seconds" },
    { "at 4", "not what", "--help" },
    { "sometime 4 key on", "'sometime'", "begins with" },
    { "wen ready foot down", "'wen'", "'when'" },
    { "when redy foot down", "'redy'", "ready" },
    { "when ready 0 foot down", "0", "first" },
    { "when ready +x foot down", "'x'", "seconds" },
    { "when ready +-1 foot down", "'-1'", "seconds" },
    { "after twelve pulses door open", "twelve", "after 12" },
    { "after 12 door open", "'door'", "pulses" },
    { "after 0 pulses door open", "'0'", "after 12" },
    { "after 1.5 pulses door open", "'1.5'", "after 12" },
    { "every 0 s say x", "0", "0.01" },
    { "at 1 dor open", "'dor'", "'door'" },
    { "at 1 door opn", "'opn'", "door open" },
    { "at 1 door", "''", "door close" },
    { "at 1 foot down now", "'now'", "one event" },
    { "at 1 spot", "''", "millimetres" },
    { "at 1 spot 3mm", "'3mm'", "millimetres" },
    { "at 1 spot 0", "'0'", "0.1" },
    { "at 1 spot 400", "'400'", "50" },
    { "at 1 handpiece 2f", "'2f'", "upper-case" },
    { "at 1 handpiece 123", "'123'", "two" },
    { "at 1 panel", "panel", "EN=190000" },
    { "at 1 panel EN=1.5", "EN=1.5", "uJ" },
    { "at 1 panel XX=1", "XX=1", "EN uJ" },
    { "at 1 panel EN=1 EN=2", "twice", "once" },
    { "at 1 self-test maybe", "'maybe'", "pass" },
    { "at 1 power out", "'out'", "power off" },
    { "now", "not what", "--help" },
    { "at 1 fault", "''", "faults" },
    { "at 1 fault stal=300", "'stal'", "'stall'" },
    { "at 1 fault stall=300@t=4", "cue", "already" },
    { "at 1 quit now", "'now'", "one event" },
    { "at 1 say h\x01", "01", "ASCII" },
    { "at 1 say caf\xc3\xa9", "C3", "ASCII" },
    { "at 1 panel EN=1 RR=1 SP=1 WL=1 a b c d e f g h i j k l m n o p q r s t u", "words", "one event" },
};

static const struct { const char *spec; fault_kind kind; cue_kind cue; double value; uint64_t duration_ms; } faults[] = {
    { "stall=300", FAULT_STALL, CUE_AT, 300, 0 },
    { "stall=300ms@t=12.5", FAULT_STALL, CUE_AT, 300, 0 },
    { "drop=5%@pulses=40/3", FAULT_DROP, CUE_PULSES, 5, 3000 },
    { "duplicate=2.5%/0.5", FAULT_DUPLICATE, CUE_AT, 2.5, 500 },
    { "corrupt=1e-3@ready+1.5", FAULT_CORRUPT, CUE_STATE, 1e-3, 0 },
    { "energy=-20.5%", FAULT_ENERGY, CUE_AT, -20.5, 0 },
    { "energy=+5%", FAULT_ENERGY, CUE_AT, 5, 0 },
    { "energy=off@warn", FAULT_ENERGY_UNREAD, CUE_STATE, 0, 0 },
    { "energy=stuck@pulses=3", FAULT_ENERGY_STUCK, CUE_PULSES, 0, 0 },
    { "die@pulses=7+0.004", FAULT_DIE, CUE_PULSES, 0, 0 },
    { "power-cut", FAULT_POWER_CUT, CUE_AT, 0, 0 },
    { "counter=+3", FAULT_COUNTER, CUE_AT, 3, 0 },
    { "flash=2", FAULT_FLASH, CUE_AT, 2, 0 },
    { "dud=1", FAULT_DUD, CUE_AT, 1, 0 },
    { "lie=spot:3", FAULT_LIE_SPOT, CUE_AT, 3000, 0 },
    { "lie=k:-4", FAULT_LIE_K, CUE_AT, -4, 0 },
    { "lie=door:1", FAULT_LIE_INPUT, CUE_AT, 0, 0 },
    { "shutter=stuck-open", FAULT_SHUTTER, CUE_AT, ROOM_SHUTTER_STUCK_OPEN, 0 },
    { "foot=disagree", FAULT_FOOT, CUE_AT, 0, 0 },
    { "usb-nak=20", FAULT_USB_NAK, CUE_AT, 20, 20 },
    { "usb-stall=in@pulses=3", FAULT_USB_STALL, CUE_PULSES, 1, 0 },
    { "usb-error=out:7@t=2", FAULT_USB_ERROR, CUE_AT, 7, 0 },
    { "usb-short=5", FAULT_USB_SHORT, CUE_AT, 5, 0 },
    { "usb-empty=1@ready", FAULT_USB_EMPTY, CUE_STATE, 1, 0 },
    { "echo", FAULT_ECHO, CUE_AT, 0, 0 },
};

static const char *const bad_faults[] = {
    "", "=", "usb-nak=0", "usb-stall=up", "usb-stall=in:0", "usb-error", "usb-error=out:x", "usb-short=0", "stall", "stall=", "stall=0", "stall=1e9", "stall=x", "drop=101%", "drop=-1%", "drop=5%%", "echo=1", "die=3",
    "corrupt=2", "energy", "energy=low", "energy=-100%", "counter=0", "counter=-1", "flash=1.5", "lie", "lie=door", "lie=door:2",
    "lie=dor:1", "lie=spot:x", "lie=handpiece:2f", "lie=k:x", "shutter=open", "foot=up", "stall=300@", "stall=300@t=", "stall=300@t=x",
    "stall=300@redy", "stall=300@pulses=0", "stall=300@t=4 key off", "stall=300/", "stall=300/0", "stall=300/-1", "stall=300@t=1@t=2",
    "drop=5%@0123456789012345678901234567890123456789012345678901234567890123456789",
};
// clang-format on
#define COUNT(list) (sizeof(list) / sizeof *(list))

static void lines_are_read(void)
{
    for (size_t i = 0; i < COUNT(good); i++) {
        script_line line = {.number = 77};
        bool empty = true;
        fl_error error = {.status = FL_OK};
        const fl_status status = script_line_read(good[i].line, &line, &empty, &error);
        CHECK(status == FL_OK && !empty, "%s: %s", good[i].line, error.what);
        CHECK(line.cue.kind == good[i].cue && line.event.kind == good[i].event, "%s: read as %d %d",
              good[i].line, line.cue.kind, line.event.kind);
    }
    script_line line;
    bool empty;
    CHECK(script_line_read("when ready 3 +0.25 foot up", &line, &empty, NULL) == FL_OK, "values");
    CHECK(line.cue.count == 3 && line.cue.plus_ms == 250 && !line.event.on, "values of a cue");
    CHECK(line.event.contacts == (GL1_IN_FOOT_A | GL1_IN_FOOT_B), "contacts of a foot");
    CHECK(script_line_read("at 0.5 spot 2.5", &line, &empty, NULL) == FL_OK && line.event.number == 2500,
          "spot");
    static const char *const nothing[] = {"", "   ", "# at 4 key on", "  # x", "\t"};
    for (size_t i = 0; i < COUNT(nothing); i++)
        CHECK(script_line_read(nothing[i], &line, &empty, NULL) == FL_OK && empty, "'%s' is something",
              nothing[i]);
}

static void faulty_lines_are_refused_with_a_hint(void)
{
    for (size_t i = 0; i < COUNT(bad); i++) {
        script_line line = {.number = 77};
        bool empty;
        fl_error error = {.status = FL_OK};
        const fl_status status = script_line_read(bad[i].line, &line, &empty, &error);
        CHECK(status == FL_E_FILE && line.number == 77, "accepted: %s", bad[i].line);
        CHECK(strstr(error.what, bad[i].what), "%s: '%s' does not say '%s'", bad[i].line, error.what,
              bad[i].what);
        CHECK(strstr(error.hint, bad[i].hint), "%s: hint '%s' lacks '%s'", bad[i].line, error.hint,
              bad[i].hint);
    }
    char longest[600];
    memset(longest, 'x', sizeof longest - 1);
    longest[sizeof longest - 1] = 0;
    script_line line;
    bool empty;
    CHECK(script_line_read(longest, &line, &empty, NULL) == FL_E_FILE, "a line of 599 bytes");
}

static void faults_are_read(void)
{
    for (size_t i = 0; i < COUNT(faults); i++) {
        script_line line;
        fl_error error = {.status = FL_OK};
        CHECK(fault_read(faults[i].spec, &line, &error) == FL_OK, "%s: %s", faults[i].spec, error.what);
        const twin_fault *fault = &line.event.fault;
        const double value = fault->amount != 0 ? fault->amount : (double)fault->number;
        CHECK(fault->kind == faults[i].kind && line.cue.kind == faults[i].cue, "%s: kind %d cue %d",
              faults[i].spec, fault->kind, line.cue.kind);
        CHECK(fault->duration_ms == faults[i].duration_ms, "%s: lasts %llu", faults[i].spec,
              (unsigned long long)fault->duration_ms);
        CHECK_NEAR(value, faults[i].value, 1e-12, faults[i].spec);
    }
    for (size_t i = 0; i < COUNT(bad_faults); i++) {
        script_line line;
        fl_error error = {.status = FL_OK};
        CHECK(fault_read(bad_faults[i], &line, &error) == FL_E_FILE, "accepted: %s", bad_faults[i]);
        CHECK(error.what[0] && error.hint[0], "%s: no words", bad_faults[i]);
    }
}

static unsigned complaints;
static unsigned complained_line[8];

static void complain(const fl_error *error)
{
    if (complaints < 8) complained_line[complaints] = error->line;
    complaints++;
}

static fl_status load_text(const char *text, size_t size, twin_script *script, fl_error *error)
{
    char path[] = "/tmp/fadeline-script-XXXXXX";
    const int fd = mkstemp(path);
    CHECK(fd >= 0 && write(fd, text, size) == (ssize_t)size, "cannot write a script");
    if (fd >= 0) close(fd);
    complaints = 0;
    CHECK(script_init(script) == FL_OK, "init");
    const fl_status status = script_load(script, path, complain, error);
    unlink(path);
    return status;
}

static void every_fault_of_a_file_is_shown(void)
{
    static const char text[] = "# the room\n"
                               "at 1 key on\r\n"
                               "at 2 kee on\n"
                               "\n"
                               "at 3 door open\n"
                               "when redy foot down\n"
                               "after x pulses foot up";
    twin_script script;
    fl_error error = {.status = FL_OK};
    CHECK(load_text(text, sizeof text - 1, &script, &error) == FL_E_FILE, "accepted");
    CHECK(complaints == 3 && complained_line[0] == 3 && complained_line[1] == 6 && complained_line[2] == 7,
          "%u complaints, first in line %u", complaints, complained_line[0]);
    CHECK(error.line == 3 && error.file[0], "the first is the error: line %u", error.line);
    script_fini(&script);

    static const struct {
        const char *text;
        size_t size;
        fl_status status;
    } files[] = {
        {"", 0, FL_OK},
        {"\n\n\n", 3, FL_OK},
        {"at 1 key on", 11, FL_OK},
        {"then +1 key on\n", 15, FL_E_FILE},
        {"at 1 key on\0at 2 key off\n", 25, FL_E_FILE},
        {"\xff\xfe\x00", 3, FL_E_FILE},
        {"\x7f"
         "ELF",
         4, FL_E_FILE},
    };
    for (size_t i = 0; i < COUNT(files); i++) {
        CHECK(load_text(files[i].text, files[i].size, &script, &error) == files[i].status, "file %zu", i);
        CHECK((complaints > 0) == (files[i].status != FL_OK), "file %zu: %u complaints", i, complaints);
        script_fini(&script);
    }
    CHECK(script_init(&script) == FL_OK, "init");
    CHECK(script_load(&script, "/nonexistent/room.txt", complain, &error) != FL_OK,
          "a file that is not there");
    script_fini(&script);
}

static void too_many_events_are_refused(void)
{
    static char text[20000];
    size_t size = 0;
    for (int i = 0; i < SCRIPT_LINES_MAX + 1; i++)
        size += (size_t)snprintf(text + size, sizeof text - size, "at %d key on\n", i);
    twin_script script;
    fl_error error = {.status = FL_OK};
    CHECK(load_text(text, size, &script, &error) == FL_E_FULL && error.line == SCRIPT_LINES_MAX + 1,
          "line %u", error.line);
    script_fini(&script);
}

/* Runs a script over a made-up life of the laser and writes down what happens when. */
static void play(const char *text, char *diary, size_t room)
{
    twin_script script;
    fl_error error = {.status = FL_OK};
    CHECK(load_text(text, strlen(text), &script, &error) == FL_OK, "%s", error.what);
    diary[0] = 0;
    for (uint64_t ms = 0; ms <= 6000; ms++) {
        script_time(&script, ms);
        if (ms == 0) script_state_entered(&script, GL1_SAFE);
        if (ms == 100) script_state_entered(&script, CUE_HELLO);
        if (ms == 1000 || ms == 3000) script_state_entered(&script, GL1_READY);
        if (ms >= 1100 && ms < 2000 && ms % 100 == 0) script_pulsed(&script);
        for (const script_line *line; (line = script_due(&script));) {
            const size_t used = strlen(diary);
            snprintf(diary + used, room - used, "%llu %s; ", (unsigned long long)ms, line->event.text);
        }
    }
    CHECK(script.lost == 0, "%u events lost", script.lost);
    script_fini(&script);
}

static void things_happen_on_cue(void)
{
    static const struct {
        const char *text, *diary;
    } rows[] = {
        {"at 0 say a\nat 0.001 say b\nat 5.999 say c", "0 say a; 1 say b; 5999 say c; "},
        {"when safe say a\nwhen hello +0.05 say b", "0 say a; 150 say b; "},
        {"when ready +1.0 foot down", "2000 foot down; "},
        {"when ready 2 foot down", "3000 foot down; "},
        {"every ready +0.5 foot down", "1500 foot down; 3500 foot down; "},
        {"after 3 pulses door open", "1300 door open; "},
        {"after 3 pulses +0.05 door open", "1350 door open; "},
        {"every 4 pulses foot up", "1400 foot up; 1800 foot up; "},
        {"every 2.5 s say x", "2500 say x; 5000 say x; "},
        {"at 2 say a\nthen +1 say b\nthen say c\nthen +0.5 say d",
         "2000 say a; 3000 say b; 3000 say c; 3500 say d; "},
        {"at 3 say b\nat 2 say a", "2000 say a; 3000 say b; "},
        {"when warn say never", ""},
        {"when hello prove\nthen +0.1 say proven",
         "100 prove: key off; 500 prove: estop press; 900 prove: estop release; 1300 prove: door open; "
         "1700 prove: door close; 2100 prove: foot down; 2500 prove: foot up; 2900 prove: key on; 3000 say "
         "proven; "},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char diary[1000];
        play(rows[i].text, diary, sizeof diary);
        CHECK_TEXT(diary, rows[i].diary, rows[i].text);
    }
}

/* Lines nobody meant: good ones with bytes changed, lost, doubled or cut. Whatever is accepted is within
 * bounds; the sanitizers watch the rest. */
static void mangled_lines(void)
{
    fl_random random;
    fl_random_init(&random, 99, 1);
    unsigned accepted = 0;
    for (int n = 0; n < 200000; n++) {
        const bool is_fault = n % 3 == 0;
        char text[128];
        snprintf(text, sizeof text, "%s",
                 is_fault ? faults[fl_random_u64(&random) % COUNT(faults)].spec
                          : good[fl_random_u64(&random) % COUNT(good)].line);
        for (uint64_t edits = 1 + fl_random_u64(&random) % 4; edits; edits--) {
            const size_t length = strlen(text);
            if (!length) break;
            const size_t at = fl_random_u64(&random) % length, other = fl_random_u64(&random) % length;
            const uint64_t how = fl_random_u64(&random) % 4;
            if (how == 0) text[at] = (char)(1 + fl_random_u64(&random) % 255);
            if (how == 1) memmove(text + at, text + at + 1, length - at);
            if (how == 2) text[at] = text[other];
            if (how == 3) text[at] = 0;
        }
        script_line line = {.cue.kind = CUE_AT};
        bool empty = false;
        fl_error error = {.status = FL_OK};
        const fl_status status =
            is_fault ? fault_read(text, &line, &error) : script_line_read(text, &line, &empty, &error);
        accepted += status == FL_OK;
        if (status != FL_OK && !error.hint[0]) CHECK(false, "no hint for: %s", text);
        if (line.cue.at_ms > 86400000 || line.cue.plus_ms > 86400000)
            CHECK(false, "a time out of range: %s", text);
    }
    CHECK(accepted > 5000 && accepted < 150000, "%u accepted", accepted);
}

FL_TESTS("twin/script", TEST(lines_are_read), TEST(faulty_lines_are_refused_with_a_hint),
         TEST(faults_are_read), TEST(every_fault_of_a_file_is_shown), TEST(too_many_events_are_refused),
         TEST(things_happen_on_cue), TEST(mangled_lines))

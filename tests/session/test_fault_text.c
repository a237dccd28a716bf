/* labels: unit golden   timeout: 120 */
/* What people read when something went wrong: every fault kind, driven on the simulated laser, says what was
 * sensed, what the machine did, how many pulses are certain and possible, and what to do. The whole of it is
 * kept in faults.txt; FL_GOLDEN_OUT=FILE writes a new one to be read and compared by a person. */
#include "check.h"

#include "fadeline/base/place.h"
#include "fadeline/base/text.h"
#include "fault_text.h"
#include "helper_world.h"

static world w;
static char page[40000];
static fl_text out;

#define ROOM (w.laser.room)
#define FEET (GL1_IN_FOOT_A | GL1_IN_FOOT_B)

static void cover(void)
{
    room_switch(&ROOM, GL1_IN_COVERS, false);
}
static void coolant_and_cover(void)
{
    room_switch(&ROOM, GL1_IN_FLOW | GL1_IN_COVERS, false);
}
static void head(void)
{
    room_switch(&ROOM, GL1_IN_HEAD, false);
}
static void watchdog(void)
{
    room_switch(&ROOM, GL1_IN_WATCHDOG, false);
}
static void cable(void)
{
    w.dead_line = true;
}
static void pause_of_the_computer(void)
{
    w.us += 34000; /* less than a status lives, more than two ticks may lie apart */
}
static void one_contact(void)
{
    room_switch(&ROOM, GL1_IN_FOOT_B, true);
}
static void energy_high(void)
{
    ROOM.energy_off_percent = 31;
}
static void energy_sensor(void)
{
    room_switch(&ROOM, GL1_IN_ENERGY_SENSOR, false);
}
static void no_report(void)
{
    ROOM.energy_unread = true;
}
static void stuck_open(void)
{
    ROOM.shutter_a.fault = ROOM_SHUTTER_STUCK_OPEN;
    room_switch(&ROOM, FEET, false);
}
static void springs_shut(void)
{
    ROOM.shutter_b.fault = ROOM_SHUTTER_STUCK_SHUT;
    ROOM.shutter_b.at = 0;
}
static void stuck_shut(void)
{
    ROOM.shutter_b.fault = ROOM_SHUTTER_STUCK_SHUT;
    world_foot(&w, true);
}
static void both_senses(void)
{
    w.laser.lie_mask = w.laser.lie_bits = GL1_IN_OPEN_A | GL1_IN_OPEN_B | GL1_IN_SHUT_A | GL1_IN_SHUT_B;
}
static void stray_light(void)
{
    ROOM.flashes += 1;
}
static void emergency_stop(void)
{
    room_switch(&ROOM, GL1_IN_ESTOP_A, false);
}
static void test_fails(void)
{
    ROOM.self_test_good = false;
    room_switch(&ROOM, GL1_IN_KEY, false);
    world_run(&w, 100);
    room_switch(&ROOM, GL1_IN_KEY, true);
}
static void test_never_ends(void)
{
    room_switch(&ROOM, GL1_IN_KEY, false);
    world_run(&w, 100);
    world_foot(&w, true);
    room_switch(&ROOM, GL1_IN_KEY, true);
    world_run(&w, 30500);
}

typedef enum place { IN_STANDBY, IN_READY, WHILE_FIRING } place;

static const struct {
    const char *what;
    place where;
    void (*hit)(void);
    fl_mode mode;
    fl_reason cause;
} rows[] = {
    {"a cover is opened in READY", IN_READY, cover, FL_MODE_FAULT, FL_REASON_COVERS},
    {"a cover is opened while firing", WHILE_FIRING, cover, FL_MODE_FAULT, FL_REASON_COVERS},
    {"pump and cover while firing", WHILE_FIRING, coolant_and_cover, FL_MODE_FAULT, FL_REASON_COVERS},
    {"the laser faults in STANDBY", IN_STANDBY, head, FL_MODE_FAULT, FL_REASON_HEAD},
    {"the laser's watchdog while firing", WHILE_FIRING, watchdog, FL_MODE_FAULT, FL_REASON_WDOG},
    {"the cable is pulled in READY", IN_READY, cable, FL_MODE_FAULT, FL_REASON_LINK},
    {"the computer pauses while firing", WHILE_FIRING, pause_of_the_computer, FL_MODE_FAULT, FL_REASON_CLOCK},
    {"one footswitch contact in STANDBY", IN_STANDBY, one_contact, FL_MODE_FAULT, FL_REASON_FOOT_DISAGREE},
    {"energy 31 % high", WHILE_FIRING, energy_high, FL_MODE_FAULT, FL_REASON_ENERGY_OUT},
    {"energy sensor fails in READY", IN_READY, energy_sensor, FL_MODE_FAULT, FL_REASON_ENERGY_SENSOR},
    {"a pulse is not reported", WHILE_FIRING, no_report, FL_MODE_FAULT, FL_REASON_PULSE_MISSING},
    {"a shutter stays open", WHILE_FIRING, stuck_open, FL_MODE_FAULT, FL_REASON_SHUTTER_CLOSE},
    {"a shutter springs shut", WHILE_FIRING, springs_shut, FL_MODE_FAULT, FL_REASON_SHUTTER_OPEN},
    {"a shutter does not open", IN_READY, stuck_shut, FL_MODE_FAULT, FL_REASON_SHUTTER_SLOW},
    {"open and closed at once", IN_STANDBY, both_senses, FL_MODE_FAULT, FL_REASON_SHUTTER_BOTH},
    {"light in STANDBY", IN_STANDBY, stray_light, FL_MODE_FAULT, FL_REASON_LIGHT_UNASKED},
    {"the self-test fails", IN_STANDBY, test_fails, FL_MODE_FAULT, FL_REASON_SELFTEST_FAILED},
    {"a foot on the switch all through the self-test", IN_STANDBY, test_never_ends, FL_MODE_FAULT,
     FL_REASON_SELFTEST_TIMEOUT},
    {"emergency stop while firing", WHILE_FIRING, emergency_stop, FL_MODE_ESTOP, FL_REASON_ESTOP},
};

static void write_down(const char *what)
{
    fl_entry line;
    char bytes[FL_FACE_LINE_MAX], text[FAULT_TEXT] = "";
    size_t size = 0;
    fl_record record;
    fl_conduct_status(w.conduct, &line);
    CHECK(fl_entry_encode(&line, bytes, sizeof bytes, &size) == FL_OK &&
              fl_record_read(bytes, size, &record) == FL_OK,
          "%s: no status", what);
    CHECK(fl_record_text(&record, "fault_text", text, sizeof text) == FL_OK, "%s: no fault text", what);
    fl_text_add(&out, "%s\n    %s\n", what, text);
}

static void go_to(place where)
{
    world_open(&w, HELPER_NO_TESTS);
    world_ready(&w, "MID");
    if (where == IN_STANDBY) {
        world_order(&w, FL_DO_STANDBY, "", -1);
        world_run(&w, 500);
    } else if (where == WHILE_FIRING) {
        world_foot(&w, true);
        world_run(&w, 730);
    }
    world_forget(&w);
}

/* hazards: H11 H49 */
static void every_fault_says_four_things(void)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        go_to(rows[i].where);
        rows[i].hit();
        CHECK(world_until(&w, rows[i].mode, 1000), "%s: %s", rows[i].what, fl_mode_word(world_mode(&w)));
        CHECK(world_said(&w, fl_reason_rows[rows[i].cause].code), "%s: '%s' was not said", rows[i].what,
              fl_reason_rows[rows[i].cause].code);
        write_down(rows[i].what);
        world_kill(&w);
        const char *kind = rows[i].mode == FL_MODE_FAULT ? "fault" : "estop";
        CHECK(world_count(&w, kind, "certain", NULL) == 1 && world_count(&w, kind, "possible", NULL) == 1,
              "%s: the record has both numbers", rows[i].what);
        world_close(&w);
    }
}

/* A latched service fault is said again by the next process, which has seen nothing itself. */
static void the_next_process_says_it_again(void)
{
    go_to(IN_STANDBY);
    stray_light();
    CHECK(world_until(&w, FL_MODE_FAULT, 300), "light");
    world_kill(&w);
    world_start(&w);
    CHECK(world_until(&w, FL_MODE_FAULT, 3000), "again");
    write_down("a service fault, at the next start");
    world_close(&w);
}

static void a_refused_arm_lists_every_reason(void)
{
    go_to(IN_STANDBY);
    w.free_bytes = 1000;
    world_order(&w, FL_DO_SIGN_OUT, "", -1);
    room_switch(&ROOM, GL1_IN_DOOR_A | GL1_IN_COVERS | GL1_IN_TEMPERATURE, false);
    room_switch(&ROOM, FEET | GL1_IN_DOCKED, true);
    ROOM.spot_um = 3000;
    world_run(&w, 300);
    CHECK(!world_order(&w, FL_DO_ARM, "", -1), "armed");
    fl_text_add(&out, "ARM refused\n");
    unsigned count = 0;
    for (int i = 0; i < FL_REASON_COUNT; i++) {
        if (!(w.reasons & fl_reason_bit((fl_reason)i))) continue;
        fl_text_add(&out, "    %s: %s\n", fl_reason_rows[i].code, fl_reason_rows[i].text);
        count++;
    }
    CHECK(count == 9, "nine things were wrong, %u are named", count);
    world_close(&w);
}

static void the_page_reads_as_kept(void)
{
    const char *written = getenv("FL_GOLDEN_OUT");
    fl_error error = {0};
    if (written) CHECK(fl_place_write(written, page, out.length, 0644, &error) == FL_OK, "%s", error.what);
    char *kept = NULL;
    size_t size = 0;
    CHECK(fl_place_read(FL_TEST_DIR "/faults.txt", sizeof page, &kept, &size, &error) == FL_OK, "%s",
          error.what);
    if (!kept) return;
    unsigned line = 1;
    size_t at = 0, start = 0;
    for (; at < size && at < out.length && kept[at] == page[at]; at++)
        if (kept[at] == '\n') line++, start = at + 1;
    CHECK(size == out.length && at == size, "faults.txt:%u: '%.*s' is now '%.*s'", line,
          (int)strcspn(kept + start, "\n"), kept + start, (int)strcspn(page + start, "\n"), page + start);
    free(kept);
}

/* Whatever is sensed wherever: whole sentences, the two numbers, what to do, and nothing cut. */
static void no_fault_is_a_bare_number(void)
{
    char text[FAULT_TEXT];
    for (int m = 0; m < FL_MODE_COUNT; m++)
        for (int r = 0; r < FL_REASON_COUNT; r++)
            for (int variant = 0; variant < 16; variant++) {
                const fl_fault_facts facts = {.causes = variant & 1 ? ~(fl_reasons)0 >> (64 - FL_REASON_COUNT)
                                                                    : fl_reason_bit((fl_reason)r),
                                              .first = (fl_reason)r,
                                              .from = fl_modes[m],
                                              .link = variant & 2,
                                              .svc = variant & 4,
                                              .certain = variant & 8 ? 123456789 : 0,
                                              .possible = variant & 2 ? 1 : 0};
                fl_fault_text(&facts, text);
                const size_t size = strlen(text);
                const fl_reason_row *row = &fl_reason_rows[r];
                CHECK(size > 40 && size + 1 < FAULT_TEXT && text[size - 1] == '.', "%s", text);
                CHECK(strstr(text, row->text + 1) && strstr(text, row->todo + 1), "%s: %s", row->code, text);
                CHECK(strstr(text, facts.certain ? "123456789 pulses are certain" : "No pulse "), "%s", text);
                CHECK(strstr(text, facts.possible  ? "1 more is possible"
                                   : facts.certain ? "no other is possible"
                                                   : "none is possible"),
                      "%s", text);
            }
}

static void the_page_begins(void)
{
    out = fl_text_in(page, sizeof page);
}

FL_TESTS("session/fault_text", TEST(the_page_begins), TEST(no_fault_is_a_bare_number),
         TEST(every_fault_says_four_things), TEST(the_next_process_says_it_again),
         TEST(a_refused_arm_lists_every_reason), TEST(the_page_reads_as_kept))

/* labels: unit   timeout: 120 */
/* What a READY screen needs beside the settings: each contact by its own state, the last energy check of the
 * head, the side of the zone, the clock; and nothing said that is not known. */
#include "check.h"

#include "helper_world.h"

#include "fadeline/base/text.h"
#include "fadeline/session/face_client.h"

#include <sys/socket.h>
#include <unistd.h>

static world w;
static fl_face_client client;

/* The status as control says it, through the face's own reading of it. */
static const fl_face_status *look(void)
{
    static fl_entry line;
    char bytes[FL_FACE_LINE_MAX];
    size_t size;
    int pair[2];
    fl_conduct_status(w.conduct, &line);
    CHECK(fl_entry_encode(&line, bytes, sizeof bytes - 1, &size) == FL_OK, "%s", line.fault);
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair)) abort();
    client = (fl_face_client){.socket = pair[0]};
    bytes[size] = '\n';
    CHECK(write(pair[1], bytes, size + 1) == (ssize_t)size + 1, "write");
    json_decref(fl_face_next(&client, 100));
    close(pair[0]), close(pair[1]);
    CHECK(client.status.seen, "no status was read");
    return &client.status;
}

#define IS(field, text) CHECK_TEXT(look()->field, text, #field)

static void each_contact_has_its_own_state(void)
{
    static const struct {
        const char *what;
        unsigned input;
        bool on;
        size_t at;
        const char *word, *good;
    } rows[] = {
#define AT(field) offsetof(fl_face_room, field)
        {"door", GL1_IN_DOOR_A | GL1_IN_DOOR_B, false, AT(door), "open", "closed"},
        {"one contact of the door", GL1_IN_DOOR_B, false, AT(door), "open", "closed"},
        {"covers", GL1_IN_COVERS, false, AT(covers), "open", "closed"},
        {"flow", GL1_IN_FLOW, false, AT(cooling), "bad", "good"},
        {"temperature", GL1_IN_TEMPERATURE, false, AT(cooling), "bad", "good"},
        {"key", GL1_IN_KEY, false, AT(key), "off", "on"},
        {"emergency stop", GL1_IN_ESTOP_A | GL1_IN_ESTOP_B, false, AT(stop), "pressed", "released"},
        {"foot", GL1_IN_FOOT_A | GL1_IN_FOOT_B, true, AT(foot), "down", "up"},
        {"one contact of the foot", GL1_IN_FOOT_A, true, AT(foot), "differs", "up"},
#undef AT
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        world_open(&w, HELPER_NO_TESTS);
        world_run(&w, 100);
        world_prove(&w);
        world_until(&w, FL_MODE_STANDBY, 3000);
        world_run(&w, 200);
        const char *word = (const char *)&look()->room + rows[i].at;
        CHECK_TEXT(word, rows[i].good, rows[i].what);
        room_switch(&w.laser.room, rows[i].input, rows[i].on);
        world_run(&w, 300);
        word = (const char *)&look()->room + rows[i].at;
        CHECK_TEXT(word, rows[i].word, rows[i].what);
        world_close(&w);
    }
}

static void what_is_not_known_is_left_out(void)
{
    world_open(&w, HELPER_NO_TESTS);
    world_run(&w, 500);
    IS(room.door, "unproven");
    IS(room.foot, "unproven");
    IS(room.stop, "unproven");
    IS(room.key, "on");
    IS(room.aim, "");
    IS(check.day, "");
    CHECK(look()->room.utc_us == w.clock.utc(w.clock.self).us, "the clock of the journal");
    w.dead_line = true;
    world_run(&w, 1000);
    IS(room.key, "");
    IS(room.door, "");
    IS(room.cooling, "");
    CHECK(look()->room.utc_us > 0, "the clock goes on");
    world_close(&w);
}

static void write_check(int64_t set_uJ, int64_t mean_uJ, int64_t pass, const char *verdict)
{
    fl_error error = {0};
    fl_journal *journal;
    const fl_journal_options options = {
        .mode = FL_JOURNAL_CREATE, .simulated = true, .clock = &w.clock, .no_ballast = true};
    CHECK(fl_journal_open(w.folder, &options, &journal, &error) == FL_OK, "%s", error.what);
    static fl_entry entry;
    fl_entry_begin(&entry, FL_KIND_CHECK);
    fl_entry_device(&entry, w.file.make.uid, true);
    fl_entry_count(&entry, "pulses", 0);
    fl_entry_int(&entry, "set_uJ", set_uJ);
    fl_entry_int(&entry, "mean_uJ", mean_uJ);
    fl_entry_int(&entry, "pass", pass);
    fl_entry_text(&entry, "verdict", verdict);
    fl_entry_text(&entry, "who", pass < 0 ? "op:9" : "op:17");
    fl_entry_text(&entry, "head", "alex-755");
    fl_entry_int(&entry, "wl_nm", 755);
    CHECK(fl_journal_append(journal, &entry, 1, &error) == FL_OK, "%s", error.what);
    fl_journal_close(journal);
}

static void choose(void)
{
    world_start(&w);
    world_run(&w, 1500);
    if (world_mode(&w) != FL_MODE_STANDBY) world_prove(&w);
    world_until(&w, FL_MODE_STANDBY, 3000);
    CHECK(world_sign_in(&w, "op:17"), "sign-in: %s", w.text);
    world_run(&w, 50);
    CHECK(world_order(&w, FL_DO_ZONE, "F-L", -1), "zone: %s", w.text);
    CHECK(world_order(&w, FL_DO_EYEWEAR, "OD7 M LB9", 755), "eyewear: %s", w.text);
    world_run(&w, 300);
}

/* As the journal has it, through a slip, its narrowing, and ARM. */
static void the_check_of_the_head_is_shown(void)
{
    world_open(&w, HELPER_NO_TESTS);
    const int64_t planned_uJ = llround(w.plan->settings[w.plan->chosen].energy.J * 1e6);
    world_kill(&w);
    write_check(planned_uJ, planned_uJ * 951 / 1000, 1, "pass");
    choose();
    IS(side, "left");
    IS(check.verdict, "pass");
    CHECK(look()->check.good && look()->check.measured && llabs(look()->check.off_ppm + 49000) < 100,
          "%lld ppm", look()->check.off_ppm);
    CHECK(look()->check.day[0] && strcmp(look()->check.day, look()->check.due) < 0, "due %s",
          look()->check.due);
    world_kill(&w);
    write_check(planned_uJ * 8, 0, 0, "begun");
    write_check(planned_uJ, planned_uJ, 1, "pass");
    choose();
    IS(check.verdict, "weaker");
    CHECK(!look()->check.good && !look()->check.due[0], "locked");
    CHECK(!world_order(&w, FL_DO_ARM, "", -1) && fl_text_same(w.code, "energy-locked"), "%s", w.code);
    world_kill(&w);
    write_check(planned_uJ, 0, -1, "narrowed");
    choose();
    CHECK(look()->check.good, "narrowed: %s", look()->check.verdict);
    CHECK(world_order(&w, FL_DO_ARM, "", -1), "%s: %s", w.code, w.text);
    world_close(&w);
}

static void a_side_is_said_by_the_zone(void)
{
    static const char *const rows[][2] = {
        {"F-L", "left"},    {"T-R", "right"},    {"MID", ""},   {"VTX", ""}, {"BRW-R", "right"},
        {"LID-UL", "left"}, {"LID-LR", "right"}, {"LIP-L", ""}, {"BRD", ""}, {"", ""}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        CHECK_TEXT(fl_face_side(rows[i][0]), rows[i][1], rows[i][0]);
}

FL_TESTS("session/ready_screen", TEST(each_contact_has_its_own_state), TEST(what_is_not_known_is_left_out),
         TEST(the_check_of_the_head_is_shown), TEST(a_side_is_said_by_the_zone))

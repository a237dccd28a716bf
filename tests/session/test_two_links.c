/* labels: unit fault   timeout: 240 */
/* Two links, one session: a laser that runs by itself, behind a gate. On simulated time, with the twins of
 * both; the real processes are in test_gate_process.c. */
#include "check.h"

#include "helper_behind.h"

static world w;
static behind b;

static const char *const switched_on[] = {"hand", NULL};

static const fl_laser_look *look(void)
{
    return fl_laser_link_look(w.second);
}

static void begin_as(const char *speaker, const char *dialect, const char *const *faults)
{
    behind_open(&b, speaker, dialect, faults);
    world_open_behind(&w, HELPER_NO_TESTS, &b.hook);
}

static void begin(const char *const *faults)
{
    begin_as("microjewel", "microjewel", faults);
}

static void end(void)
{
    world_close(&w);
    behind_close(&b);
}

/* From the start to pulses. */
static void fire(void)
{
    world_ready(&w, "MID");
    world_foot(&w, true);
    world_run(&w, 700);
    CHECK(world_pulses(&w) >= 3, "it fires: %llu", (unsigned long long)world_pulses(&w));
    world_forget(&w);
}

static bool gate_is_shut(void)
{
    return w.laser.room.shutter_a.at == 0 && w.laser.room.shutter_b.at == 0;
}

static int stops(void)
{
    return behind_count(&b, ";LA:FL 0\r") + behind_count(&b, ">S\r\n");
}

/* ---- a session ---- */

/* Everything that is no question, since `from`: what changes the laser. */
static void orders_since(const char *from, char *room, size_t size)
{
    size_t used = 0;
    room[0] = 0;
    for (const char *at = strchr(from, ';'); at; at = strchr(at + 1, ';')) {
        const size_t length = strcspn(at, "\r");
        if (memchr(at, '?', length) || used + length + 1 >= size) continue;
        memcpy(room + used, at, length);
        used += length;
        room[used] = 0;
    }
}

/* hazards: H17 H22 */
static void a_session_with_a_gate_and_a_laser(void)
{
    begin(switched_on);
    const uint64_t shots = behind_shots(&b);
    fire();
    const uint64_t pulses = world_pulses(&w);
    CHECK(behind_count(&b, ";LA:DT 1\r") == 1 && behind_count(&b, ";LA:RR 10.000\r") == 1,
          "opened and set once: %.400s", b.said);
    CHECK(!stops(), "nobody stopped it yet");
    CHECK(behind_count(&b, "EN 1") == 0 && behind_count(&b, "FL 1") == 0, "no word that makes light");
    CHECK(behind_shots(&b) >= shots + pulses - 1, "the gate triggers it: %llu shots, %llu pulses",
          (unsigned long long)(behind_shots(&b) - shots), (unsigned long long)pulses);
    world_foot(&w, false);
    world_run(&w, 400);
    CHECK(world_order(&w, FL_DO_STANDBY, "", -1), "standby");
    CHECK(world_until(&w, FL_MODE_STANDBY, 500), "STANDBY");
    world_run(&w, 2500);
    CHECK(stops() == 1 && behind_count(&b, ";LA:EN 0\r") == 1, "the stop words: %d", stops());
    fl_conduct_end(w.conduct);
    world_run(&w, 3500);
    fl_status status;
    CHECK(fl_conduct_has_ended(w.conduct, &status) && status == FL_OK, "it ends");
    world_kill(&w);
    const char *who = "QC,SIM-MicroJewel,00042,1.0.9";
    CHECK(world_entries(&w, "session.open", "laser", who) == 1, "both identities open the session");
    CHECK(world_entries(&w, "note", "text", "laser-up") >= 1, "it is noted that it was up");
    CHECK(world_entries(&w, "note", "text", "laser-shots") == 1 && world_count(&w, "note", "same", "1") == 1,
          "its counter and the gate's, and that they agree");
    CHECK(world_count(&w, "note", "laser_was", "41207") == 1, "what it showed before");
    CHECK(!world_said(&w, "laser-shots-fewer") && !world_said(&w, "laser-shots-more"), "nothing to tell");
    uint64_t booked, counter;
    bool outstanding;
    CHECK(world_verify(&w, &booked, &counter, &outstanding) && counter == world_pulses(&w) && !outstanding,
          "the books are the gate's");
    end();
}

/* Opening words and settings while the gate is shut, and nothing but questions while it is not. */
static void nothing_changes_the_laser_while_the_gate_may_open(void)
{
    char words[400];
    begin(switched_on);
    w.dead_line = true; /* the gate is silent: nobody knows that it is shut */
    world_run(&w, 3000);
    CHECK(behind_count(&b, "ID?") == 1 && look()->stand == LASER_BEGINS, "it was asked who it is");
    orders_since(b.said, words, sizeof words);
    CHECK_TEXT(words, "", "told nothing");
    w.dead_line = false;
    world_ready(&w, "MID");
    orders_since(b.said, words, sizeof words);
    CHECK_TEXT(words, ";LA:DT 1;LA:EM 0;LA:RR 10.000", "opened, then set");
    const char *hot = b.said + b.said_size;
    world_foot(&w, true);
    world_run(&w, 3000);
    world_foot(&w, false);
    world_run(&w, 500);
    CHECK(world_pulses(&w) > 10 && fl_mode_is_armed(world_mode(&w)), "it fired, and is armed");
    orders_since(hot, words, sizeof words);
    CHECK_TEXT(words, "", "nothing but questions while armed");
    CHECK(strstr(hot, "SS?") && strstr(hot, "RR?") && strstr(hot, "DW?") && strstr(hot, "SC?"), "and these");
    end();
}

static void a_shutter_that_is_not_proven_shut_holds_the_opening(void)
{
    begin(switched_on);
    w.laser.room.shutter_a.at = 1000;
    w.laser.room.shutter_a.fault = ROOM_SHUTTER_STUCK_OPEN;
    world_run(&w, 5000);
    CHECK(behind_count(&b, "ID?") >= 1 && behind_count(&b, "DT 1") == 0,
          "opened before an open shutter: %.200s", b.said);
    end();
}

/* The settings of the gate are committed only over a laser that is set. */
static void the_gate_is_not_committed_over_a_laser_that_lies(void)
{
    static const char *const lies[] = {"hand", "lie@1-400", NULL};
    begin(lies);
    world_run(&w, 100);
    world_prove(&w);
    CHECK(world_until(&w, FL_MODE_STANDBY, 3000), "STANDBY");
    CHECK(world_sign_in(&w, "op:17") && world_order(&w, FL_DO_ZONE, "MID", -1) &&
              world_order(&w, FL_DO_EYEWEAR, "OD7 M LB9", 755),
          "%s", w.text);
    world_run(&w, 3000);
    CHECK(!look()->set && strstr(look()->why, "rate_Hz"), "the laser keeps 5 Hz and says ok: %s",
          look()->why);
    static const uint8_t no_plan[sizeof w.laser.device.plan];
    CHECK(memcmp(w.laser.device.plan, no_plan, sizeof no_plan) == 0,
          "and the gate was committed all the same");
    CHECK(!world_order(&w, FL_DO_ARM, "", -1), "armed over a lie");
    CHECK_TEXT(w.code, "plan-not-ready", "why");
    CHECK(strstr(w.text, "behind the gate") && strstr(w.text, "rate_Hz"), "said: %s", w.text);
    CHECK(behind_count(&b, "RR 10.000") == 1, "a setting is said once");
    world_run(&w, 30000); /* it tells the truth from now on, but nobody has looked */
    CHECK(!look()->set && behind_count(&b, "RR 10.000") == 1, "it is not tried again by itself");
    CHECK(world_order(&w, FL_DO_ZONE, "MID", -1), "%s", w.text);
    world_run(&w, 1500);
    CHECK(look()->set && behind_count(&b, "RR 10.000") == 2, "a person tries again: %s", look()->why);
    CHECK(world_order(&w, FL_DO_ARM, "", -1), "%s: %s", w.code, w.text);
    end();
}

/* ---- what goes wrong with the laser while it fires ---- */

/* Of a laser that tells nothing, status and settings grow old, and whichever is older is missed first. */
#define EITHER FL_MODE_OFF

typedef struct trouble {
    const char *what, *fault; /* of the twin; with %llu for the next word but two */
    const char *panel;        /* somebody says this at the laser */
    bool pull, cut;
    fl_mode mode; /* where it ends */
    const char *why;
    bool unheard; /* the line cannot carry the stop words */
} trouble;

static const trouble troubles[] = {
    {"its interlock opens", "open@200-", NULL, false, false, FL_MODE_FAULT, "interlock open", false},
    {"a fault bit", "bit=7@200-", NULL, false, false, FL_MODE_FAULT, "resonator too hot", false},
    {"a bit nobody knows", "bit=40@200-", NULL, false, false, FL_MODE_FAULT, "nobody knows", false},
    {"it falls silent", "stall@200-", NULL, false, false, EITHER, "", false},
    {"it talks garbage", "garbage@200-", NULL, false, false, EITHER, "", false},
    {"it dies", "die@200-", NULL, false, false, EITHER, "", false},
    {"another laser after a silence", "stranger@200-", NULL, false, true, EITHER, "", true},
    {"its counter falls", "jump=-9@200", NULL, false, false, FL_MODE_FAULT, "counter went back", false},
    {"its line is cut", NULL, NULL, false, true, EITHER, "", true},
    {"it is pulled out", NULL, NULL, true, false, FL_MODE_FAULT, "the line is lost", true},
    {"it is yanked on its own side", "yank@200", NULL, false, false, FL_MODE_FAULT, "the line is lost", true},
    {"its trigger is turned to its own", NULL, ";LA:DT 0\r", false, false, FL_MODE_FAULT,
     "not trigger external", false},
    {"its rate is turned", NULL, ";LA:RR 12\r", false, false, FL_MODE_STANDBY, "rate_Hz", false},
    {"its pump is turned", NULL, ";LA:DW 0.0002\r", false, false, FL_MODE_STANDBY, "diode_width_us", false},
};

static void one_trouble(const trouble *t)
{
    const char *const faults[] = {"hand", t->fault, NULL};
    char told[LASER_LINK_WHY] = "";
    begin(faults);
    world_ready(&w, "MID");
    world_foot(&w, true);
    world_run(&w, 1000);
    CHECK(world_pulses(&w) >= 3 && fl_mode_is_armed(world_mode(&w)), "%s: it fires first: %s", t->what,
          fl_mode_word(world_mode(&w)));
    if (t->panel) behind_panel(&b, t->panel);
    if (t->pull) behind_pull(&b);
    b.cut = b.cut || t->cut;
    int64_t seen_us = -1, left_us = -1;
    for (int i = 0; i < 20000 && left_us < 0; i++) {
        world_run(&w, 1);
        const fl_mode at = world_mode(&w);
        if (seen_us < 0 && !(look()->healthy && look()->set)) {
            seen_us = w.us;
            snprintf(told, sizeof told, "%s", look()->why);
        }
        if (seen_us >= 0 && (at == FL_MODE_CLOSING || !fl_mode_is_armed(at))) left_us = w.us;
    }
    CHECK(seen_us >= 0, "%s: never noticed", t->what);
    CHECK(strstr(told, t->why), "%s: noticed as '%s'", t->what, told);
    CHECK(left_us - seen_us <= 1000, "%s: the tick that saw it is the tick that stands down: %lld us",
          t->what, (long long)(left_us - seen_us));
    const uint64_t before = world_pulses(&w);
    world_run(&w, 500);
    CHECK(gate_is_shut(), "%s: the gate is shut, whatever the other line does", t->what);
    CHECK(world_pulses(&w) <= before + 1, "%s: %llu more pulses", t->what,
          (unsigned long long)(world_pulses(&w) - before));
    const fl_mode mode = world_mode(&w);
    const bool fault = mode == FL_MODE_FAULT;
    CHECK(mode == t->mode || (t->mode == EITHER && (fault || mode == FL_MODE_STANDBY)), "%s: %s", t->what,
          fl_mode_word(mode));
    CHECK(t->pull || t->fault == NULL || strncmp(t->fault, "yank", 4) == 0 || stops() >= 1,
          "%s: no stop word was said", t->what);
    CHECK(t->unheard || (stops() == 1 && behind_count(&b, ";LA:EN 0\r") == 1), "%s: stop words %d times",
          t->what, stops());
    if (fault) CHECK(world_said(&w, "laser-fault"), "%s: told as a fault", t->what);
    world_foot(&w, false);
    world_run(&w, 300);
    world_kill(&w);
    CHECK(world_entries(&w, fault ? "fault" : "drop", "cause", fault ? "laser-fault" : "plan-not-ready") == 1,
          "%s: journalled", t->what);
    uint64_t booked, counter;
    bool outstanding;
    CHECK(world_verify(&w, &booked, &counter, &outstanding) && counter + outstanding >= world_pulses(&w),
          "%s: books", t->what);
    end();
}

/* hazards: H17 H18 H19 H22 */
static void the_lasers_trouble_is_the_sessions_in_the_same_tick(void)
{
    for (size_t i = 0; i < sizeof troubles / sizeof *troubles; i++) one_trouble(&troubles[i]);
}

/* ---- every way out of being armed ---- */

typedef enum way { ORDERED, SIGNED_OUT, FACE_DIES, JOURNAL_FULL, DOOR, ESTOP, GATE_DIES, ENDED, WAYS } way;

static void leave_by(way how)
{
    switch (how) {
    case ORDERED: CHECK(world_order(&w, FL_DO_STANDBY, "", -1), "%s", w.text); break;
    case SIGNED_OUT: CHECK(world_order(&w, FL_DO_SIGN_OUT, "", -1), "%s", w.text); break;
    case FACE_DIES: w.face_is_silent = true; break;
    case JOURNAL_FULL: w.free_bytes = 1000; break;
    case DOOR: room_switch(&w.laser.room, GL1_IN_DOOR_A | GL1_IN_DOOR_B, false); break;
    case ESTOP: room_switch(&w.laser.room, GL1_IN_ESTOP_A | GL1_IN_ESTOP_B, false); break;
    case GATE_DIES: w.dead_line = true; break;
    default: fl_conduct_end(w.conduct); break;
    }
}

/* hazards: H19 H26 H30 H50 */
static void every_way_out_says_the_stop_words(void)
{
    static const char *const names[WAYS] = {"standby", "sign-out", "face", "journal",
                                            "door",    "e-stop",   "gate", "end"};
    for (int i = 0; i < WAYS; i++) {
        begin(switched_on);
        fire();
        leave_by((way)i);
        int ms = 0;
        while (!stops() && ms < 3000) world_run(&w, 1), ms++;
        CHECK(stops() == 1, "%s: no stop word in %d ms", names[i], ms);
        CHECK(ms <= (i == JOURNAL_FULL ? 1000
                     : i == GATE_DIES  ? 120
                                       : 60),
              "%s: it took %d ms", names[i], ms);
        world_run(&w, 300);
        CHECK(gate_is_shut() && !fl_mode_is_armed(world_mode(&w)), "%s: %s", names[i],
              fl_mode_word(world_mode(&w)));
        CHECK(behind_count(&b, ";LA:EN 0\r") == 1, "%s: the second word too", names[i]);
        world_foot(&w, false);
        end();
    }
}

/* Never armed, and the gate is no barrier any more: it is silent, its e-stop is hit, a shutter stands open.
 */
/* hazards: H26 H30 */
static void a_gate_in_trouble_stops_the_laser_behind_it(void)
{
    for (int i = 0; i < 3; i++) {
        begin(switched_on);
        world_run(&w, 100);
        world_prove(&w);
        CHECK(world_until(&w, FL_MODE_STANDBY, 8000), "%d: %s", i, fl_mode_word(world_mode(&w)));
        world_run(&w, 1500);
        CHECK(world_mode(&w) == FL_MODE_STANDBY && look()->stand == LASER_IS_UP && !stops(), "%d: up", i);
        if (i < 2) leave_by(i ? ESTOP : GATE_DIES);
        if (i == 2) {
            w.laser.room.shutter_a.at = 1000;
            w.laser.room.shutter_a.fault = ROOM_SHUTTER_STUCK_OPEN;
        }
        int ms = 0;
        while (!stops() && ms < 3000) world_run(&w, 1), ms++;
        CHECK(stops() == 1 && ms <= 200, "%d: %d stop words after %d ms, %s", i, stops(), ms,
              fl_mode_word(world_mode(&w)));
        end();
    }
}

/* Its line ends: the process says everything once more on the way out. */
static void leaving_says_them_too(void)
{
    begin(switched_on);
    world_run(&w, 1500);
    CHECK(look()->stand == LASER_IS_UP && !stops(), "up, and never armed");
    fl_laser_link_leave(w.second);
    CHECK(stops() == 1 && behind_count(&b, ";LA:EN 0\r") == 1, "both words");
    CHECK(!look()->healthy && look()->stand == LASER_STOPPED, "and it counts for nothing");
    end();
}

/* ---- after a stop ---- */

static void it_begins_anew_after_a_stop(void)
{
    static const char *const twice[] = {"hand", "hand@150", NULL};
    begin(twice);
    fire();
    world_foot(&w, false);
    CHECK(world_order(&w, FL_DO_STANDBY, "", -1) && world_until(&w, FL_MODE_STANDBY, 500), "STANDBY");
    for (int i = 0; i < 5000 && !look()->set; i++) world_run(&w, 1);
    CHECK(look()->set, "ready again without a word of anybody: %s", look()->why);
    CHECK(behind_count(&b, "DT 1") == 2 && behind_count(&b, "RR 10.000") == 2, "opened and set anew");
    CHECK(behind_count(&b, "EN 1") == 0, "but never switched on");
    world_run(&w, 15000);
    const uint64_t shots = behind_shots(&b), pulses = world_pulses(&w);
    CHECK(world_order(&w, FL_DO_ARM, "", -1) && world_until(&w, FL_MODE_READY, 4000), "%s", w.text);
    world_foot(&w, true);
    world_run(&w, 800);
    CHECK(world_pulses(&w) > pulses && behind_shots(&b) > shots, "and fires again");
    end();
}

/* It counts for good, and a new beginning of the line forgets nothing. */
static void a_counter_that_falls_between_two_beginnings_is_seen(void)
{
    begin(switched_on);
    fire();
    world_foot(&w, false);
    CHECK(world_order(&w, FL_DO_STANDBY, "", -1) && world_until(&w, FL_MODE_STANDBY, 500), "STANDBY");
    for (int i = 0; i < 5000 && look()->stand != LASER_BEGINS; i++) world_run(&w, 1);
    behind_set_shots(&b, 17);
    world_run(&w, 3000);
    CHECK(look()->stand == LASER_IS_UP && !look()->healthy && strstr(look()->why, "counter went back"),
          "why: %s", look()->why);
    CHECK(!world_order(&w, FL_DO_ARM, "", -1), "armed with a counter that fell");
    end();
}

/* A word it did not do is a stop of its own: nobody tries again but a person. */
static void a_word_that_was_not_done_waits_for_a_person(void)
{
    static const char *const deaf[] = {"hand", "stall@2", NULL}; /* the first opening word has no answer */
    begin(deaf);
    world_run(&w, 100);
    world_prove(&w);
    CHECK(world_until(&w, FL_MODE_STANDBY, 3000), "STANDBY");
    world_run(&w, 10000);
    CHECK(look()->stand == LASER_STOPPED && behind_count(&b, "DT 1") == 1 && stops() == 1,
          "stopped, said once: %s", look()->why);
    CHECK(world_sign_in(&w, "op:17") && world_order(&w, FL_DO_ZONE, "MID", -1), "%s", w.text);
    world_run(&w, 3000);
    CHECK(look()->set && behind_count(&b, "DT 1") == 2, "tried again by a person: %s", look()->why);
    end();
}

/* A laser that was switched off is triggered and does not flash: the counters say it, and nobody invents that
 * they are the same. */
static void a_laser_that_counts_otherwise_is_told(void)
{
    begin(NULL);
    fire();
    const uint64_t pulses = world_pulses(&w);
    world_foot(&w, false);
    CHECK(world_order(&w, FL_DO_STANDBY, "", -1), "standby");
    world_run(&w, 2500);
    CHECK(world_said(&w, "laser-shots-fewer"), "the gate let %llu pulses through and the laser counted none",
          (unsigned long long)pulses);
    CHECK(world_mode(&w) == FL_MODE_STANDBY, "it decides nothing: %s", fl_mode_word(world_mode(&w)));
    world_kill(&w);
    CHECK(world_count(&w, "note", "same", "0") == 1, "journalled");
    end();
    static const char *const more[] = {"hand", "jump=100@120", NULL};
    begin(more);
    world_ready(&w, "MID");
    world_foot(&w, true);
    world_run(&w, 4000);
    world_foot(&w, false);
    CHECK(world_order(&w, FL_DO_STANDBY, "", -1), "standby");
    world_run(&w, 2500);
    CHECK(world_said(&w, "laser-shots-more"), "a hundred shots that no gate let through");
    end();
}

/* Stop words that do not stop it: nothing is begun anew. */
static void a_laser_that_still_emits_stays_stopped(void)
{
    static const char *const emits[] = {"hand", "bit=1@100-", NULL};
    begin(emits);
    world_ready(&w, "MID");
    world_foot(&w, true);
    world_run(&w, 2500);
    world_foot(&w, false);
    CHECK(world_order(&w, FL_DO_STANDBY, "", -1), "standby");
    world_run(&w, 5000);
    CHECK(stops() == 1 && look()->stand == LASER_STOPPED, "stopped");
    CHECK(strstr(look()->why, "not that it did"), "why: %s", look()->why);
    CHECK(world_order(&w, FL_DO_ZONE, "MID", -1), "%s", w.text);
    world_run(&w, 3000);
    CHECK(look()->stand == LASER_STOPPED && !world_order(&w, FL_DO_ARM, "", -1), "nor when a person asks");
    end();
}

/* ---- the beginning ---- */

/* hazards: H22 */
static void another_device_is_told_nothing(void)
{
    static const struct {
        const char *fault, *why;
    } rows[] = {{"stranger", "another device"}, {"real", "another device"}, {"stall", "who it is"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char words[100];
        const char *const faults[] = {"hand", rows[i].fault, NULL};
        begin(faults);
        world_run(&w, 100);
        world_prove(&w);
        CHECK(world_until(&w, FL_MODE_STANDBY, 3000), "STANDBY");
        CHECK(world_sign_in(&w, "op:17") && world_order(&w, FL_DO_ZONE, "MID", -1) &&
                  world_order(&w, FL_DO_EYEWEAR, "OD7 M LB9", 755),
              "%s", w.text);
        world_run(&w, 3000);
        CHECK(!world_order(&w, FL_DO_ARM, "", -1), "%s: armed", rows[i].fault);
        CHECK(strstr(w.text, rows[i].why), "%s: %s", rows[i].fault, w.text);
        fl_conduct_end(w.conduct);
        world_run(&w, 500);
        fl_laser_link_leave(w.second);
        orders_since(b.said, words, sizeof words);
        CHECK_TEXT(words, "", rows[i].fault);
        end();
    }
}

/* A CFR: numbers in columns, no watchdog, a lamp that somebody must start. */
static void another_dialect_is_only_another_file(void)
{
    begin_as("cfr", "quantel-cfr", NULL);
    world_run(&w, 100);
    world_prove(&w);
    CHECK(world_until(&w, FL_MODE_STANDBY, 3000), "STANDBY");
    CHECK(world_sign_in(&w, "op:17") && world_order(&w, FL_DO_ZONE, "MID", -1) &&
              world_order(&w, FL_DO_EYEWEAR, "OD7 M LB9", 755),
          "%s", w.text);
    world_run(&w, 5000);
    CHECK(!world_order(&w, FL_DO_ARM, "", -1) && strstr(w.text, "shutter closed"), "lamp and shutter: %s",
          w.text);
    CHECK(world_mode(&w) == FL_MODE_STANDBY, "which is no fault: %s", fl_mode_word(world_mode(&w)));
    end();
    begin_as("cfr", "quantel-cfr", switched_on);
    const uint64_t shots = behind_shots(&b);
    fire();
    CHECK(behind_shots(&b) > shots, "the gate triggers it");
    world_foot(&w, false);
    CHECK(world_order(&w, FL_DO_STANDBY, "", -1), "standby");
    world_run(&w, 1000);
    CHECK(behind_count(&b, ">S\r\n>SQ\r\n>QOF0\r\n>R0\r\n") == 1, "all four stop words, in order");
    world_run(&w, 6000);
    CHECK(!world_order(&w, FL_DO_ARM, "", -1), "the lamp is off until somebody starts it");
    end();
}

/* ---- kill -9 ---- */

/* hazards: H29 */
static void a_kill_leaves_books_that_the_gate_settles(void)
{
    for (int ms = 0; ms < 240; ms += 17) {
        begin(switched_on);
        fire();
        world_run(&w, ms);
        world_kill(&w);
        world_run(&w, 1000);
        CHECK(gate_is_shut(), "%d ms: the gate shuts by itself", ms);
        world_foot(&w, false);
        world_start(&w);
        world_run(&w, 3000);
        CHECK(look()->stand == LASER_IS_UP, "%d ms: the laser is found again: %s", ms, look()->why);
        CHECK(world_sign_in(&w, "op:17") && world_order(&w, FL_DO_ZONE, "MID", -1), "%d ms: %s", ms, w.text);
        world_run(&w, 1500);
        world_kill(&w);
        uint64_t booked, counter;
        bool outstanding;
        CHECK(world_verify(&w, &booked, &counter, &outstanding) && counter == world_pulses(&w) &&
                  !outstanding,
              "%d ms: the books say %llu of %llu", ms, (unsigned long long)counter,
              (unsigned long long)world_pulses(&w));
        end();
    }
}

FL_TESTS("session/two_links", TEST(a_session_with_a_gate_and_a_laser),
         TEST(nothing_changes_the_laser_while_the_gate_may_open),
         TEST(a_shutter_that_is_not_proven_shut_holds_the_opening),
         TEST(the_gate_is_not_committed_over_a_laser_that_lies),
         TEST(the_lasers_trouble_is_the_sessions_in_the_same_tick), TEST(every_way_out_says_the_stop_words),
         TEST(a_gate_in_trouble_stops_the_laser_behind_it), TEST(leaving_says_them_too),
         TEST(it_begins_anew_after_a_stop), TEST(a_counter_that_falls_between_two_beginnings_is_seen),
         TEST(a_word_that_was_not_done_waits_for_a_person), TEST(a_laser_that_counts_otherwise_is_told),
         TEST(a_laser_that_still_emits_stays_stopped), TEST(another_device_is_told_nothing),
         TEST(another_dialect_is_only_another_file), TEST(a_kill_leaves_books_that_the_gate_settles))

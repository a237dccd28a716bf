/* A session over a played USB device with the twin behind it: HELLO, settings, commitment, arming, pulses,
 * drop. */
#include "usb_session.h"

#include "check.h"
#include "device_file.h"
#include "fake_usb.h"
#include "helper_permits.h"
#include "twin.h"

#include "fadeline/link/gl1.h"

#include <poll.h>

#define PATIENCE_S 100
#define PULSES 3

static const fl_gl1_expected pico = {"SIM-00042", "1.0", 0x7F};
static const fl_gl1_settings settings = {187000, 10000, 4000, 1064};
static const uint8_t plan[FL_PLAN_SIZE] = {0xA7, 0x01, 0x5C, 0x99};

typedef struct stage {
    device_file file;
    twin laser;
    fake_usb *usb; /* set before anything is heard */
    fl_instant began;
    uint64_t ms;

    fl_carrier carrier;
    fl_gl1 link;
    fl_gl1_status status;
    fl_error error;
    uint64_t grant;
    bool pending;
    unsigned sent, fired, odd;
    fl_instant last_grant;
} stage;

/* All of these run in the played device, under its lock. */

static void laser_put(void *self, const char *bytes, size_t size)
{
    stage *s = self;
    if (s->usb) fake_usb_reply(s->usb, bytes, size);
}

static void laser_say(void *self, const char *text)
{
    (void)self;
    (void)text;
}

static void laser_time(void *self)
{
    stage *s = self;
    const uint64_t now_ms = (uint64_t)(fl_since(fl_clock_system()->now(NULL), s->began).us / 1000);
    while (s->ms < now_ms) twin_tick(&s->laser, ++s->ms);
}

static void laser_hear(fake_usb *device, void *self, const char *line, size_t size)
{
    stage *s = self;
    s->usb = device;
    laser_time(s);
    twin_heard(&s->laser, line, size);
    twin_heard(&s->laser, "\n", 1);
}

static void add_to_room(stage *s, const char *text)
{
    script_line line;
    bool empty;
    fl_error error = {.what = ""};
    CHECK(script_line_read(text, &line, &empty, &error) == FL_OK && !empty &&
              script_add(&s->laser.script, &line, &error) == FL_OK,
          "%s: %s", text, error.what);
}

static bool begin(stage *s, bool tmc)
{
    *s = (stage){.began = fl_clock_system()->now(NULL)};
    CHECK(device_file_load("example-pico", &s->file, &s->error) == FL_OK, "%s", s->error.what);
    const twin_options options = {
        .make = &s->file.make, .seed = 11, .self = s, .put = laser_put, .say = laser_say};
    CHECK(twin_init(&s->laser, &options, &s->error) == FL_OK, "%s", s->error.what);
    static const char *const room[] = {"at 0 spot 4", "every ready +0.2 foot down", "every standby foot up",
                                       "every safe foot up"};
    for (size_t i = 0; i < sizeof room / sizeof *room; i++) add_to_room(s, room[i]);
    s->usb = fake_usb_new(&(fake_usb_make){.vendor = 0x1209,
                                           .product = 1,
                                           .serial = "SIM-00042",
                                           .tmc = tmc,
                                           .heard = laser_hear,
                                           .clock = laser_time,
                                           .self = s});
    const fl_carrier_options how = {.identify_ms = 20000};
    const fl_status status = fl_carrier_open("usb:1209:0001:SIM-00042", &how, &s->carrier, &s->error);
    CHECK(status == FL_OK, "tmc %d: %s", tmc, s->error.what);
    fl_gl1_init(&s->link, &(fl_gl1_setup){.carrier = &s->carrier, .expected = &pico});
    return status == FL_OK;
}

static void end(stage *s)
{
    fl_carrier_close(&s->carrier);
    fake_usb_free(s->usb);
    twin_fini(&s->laser);
    device_file_free(&s->file);
}

static void settle(stage *s)
{
    const fl_gl1_outcome outcome = s->status.outcome;
    if (!s->pending || outcome == FL_GRANT_WAITING || outcome == FL_GRANT_UNKNOWN) return;
    s->pending = false;
    s->fired += outcome == FL_GRANT_ACCEPTED || outcome == FL_GRANT_FOUND_FIRED;
    s->odd += outcome == FL_GRANT_FOUND_ODD;
}

static fl_status order(stage *s)
{
    const fl_gl1_status *now = &s->status;
    if (!now->link || now->result == FL_RESULT_WAITING || now->busy || now->stat.state != FL_DEVICE_STBY)
        return FL_OK;
    if (now->settings_state == FL_SETTINGS_COMMITTED) return fl_gl1_arm(&s->link, &s->error);
    if (now->settings_state == FL_SETTINGS_VERIFIED) return fl_gl1_commit(&s->link, plan, &s->error);
    return fl_gl1_set(&s->link, &settings, &s->error);
}

static void grant(stage *s)
{
    const fl_gl1_status *status = &s->status;
    const fl_instant now = fl_clock_system()->now(NULL);
    const uint32_t wanted = 1u << FL_IN_OPEN_A | 1u << FL_IN_OPEN_B | 1u << FL_IN_FOOT_A | 1u << FL_IN_FOOT_B;
    if (s->pending || s->link.asked || !status->link || status->stat.state != FL_DEVICE_READY) return;
    if ((status->stat.inputs & wanted) != wanted || fl_since(now, s->last_grant).us < 130000) return;
    if (s->grant < status->stat.grant) s->grant = status->stat.grant;
    fl_gl1_pulse pulse = {.grant = ++s->grant,
                          .pulses = status->stat.pulses,
                          .epoch = status->settings_epoch,
                          .energy_uJ = settings.energy_uJ,
                          .spot_um = settings.spot_um};
    memcpy(pulse.plan, plan, sizeof plan);
    permits p;
    fl_permit *permit = permits_make(&p, now, status->stat_number, status->stat_asked);
    s->last_grant = now;
    if (permit && fl_gl1_grant(&s->link, permit, &pulse, &s->error) == FL_OK) s->pending = true, s->sent++;
    permits_fini(&p);
}

static void one_round(stage *s)
{
    struct pollfd wait = {.fd = fl_carrier_fd(&s->carrier), .events = POLLIN};
    poll(&wait, 1, 2);
    fl_gl1_listen(&s->link);
    fl_gl1_look(&s->link, &s->status);
    settle(s);
    if (s->status.stand_down) fl_gl1_clear_stand_down(&s->link);
    if (order(s) == FL_OK) fl_gl1_shutter(&s->link, true);
    grant(s);
    fl_gl1_speak(&s->link);
}

static bool in_time(const stage *s)
{
    return fl_since(fl_clock_system()->now(NULL), s->began).us < PATIENCE_S * INT64_C(1000000);
}

static uint64_t pulses_of(stage *s)
{
    fake_usb_lock(s->usb);
    const uint64_t k = s->laser.device.kept.k;
    fake_usb_unlock(s->usb);
    return k;
}

static gl1_state state_of(stage *s)
{
    fake_usb_lock(s->usb);
    const gl1_state state = s->laser.device.state;
    fake_usb_unlock(s->usb);
    return state;
}

void usb_session(bool tmc, bool yank)
{
    static stage s;
    if (!begin(&s, tmc)) {
        end(&s);
        return;
    }
    const uint64_t first = pulses_of(&s);
    while (s.fired < PULSES && in_time(&s) && s.status.phase != FL_GL1_GONE) one_round(&s);
    CHECK(s.fired >= PULSES, "tmc %d: %u sent, %u fired; phase %d, device %s, settings %d, last: %s", tmc,
          s.sent, s.fired, (int)s.status.phase, gl1_state_name(state_of(&s)), (int)s.status.settings_state,
          s.error.what);
    CHECK(s.odd == 0, "the counter agrees");
    const uint64_t fired = pulses_of(&s) - first;
    CHECK(fired >= s.fired && fired <= s.sent, "%u sent, %u known to have fired, the laser counts %llu",
          s.sent, s.fired, (unsigned long long)fired);
    CHECK(fake_usb_look(s.usb).frames_split == 0, "one frame a transfer");
    if (yank) {
        fake_usb_unplug(s.usb);
        while (s.status.phase != FL_GL1_GONE && in_time(&s)) one_round(&s);
        CHECK(s.status.phase == FL_GL1_GONE && fl_carrier_is_gone(&s.carrier), "tmc %d: gone, and said so",
              tmc);
        CHECK(s.sent >= pulses_of(&s) - first, "no pulse without a grant");
    } else {
        fl_gl1_drop(&s.link);
        while (state_of(&s) != GL1_SAFE && in_time(&s)) poll(NULL, 0, 1);
        CHECK(state_of(&s) == GL1_SAFE, "tmc %d: a drop leaves it in %s", tmc, gl1_state_name(state_of(&s)));
    }
    end(&s);
}

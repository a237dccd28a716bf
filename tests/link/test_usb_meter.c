/* labels: unit fault   timeout: 300   umockdev */
/* An energy meter over USBTMC: the real libusb on a played device with the virtual Thorlabs behind it, and
 * above it the meter object as energy-check uses it. */
#include "check.h"

#include "fake_usb.h"
#include "speak.h"

#include "fadeline/link/meter.h"

#include <poll.h>
#include <unistd.h>

#define PATIENCE_S 60 /* nothing here asserts a time: the machine may be busy */

typedef struct stage {
    const speaker *who;
    void *meter_twin;
    fake_usb *usb;
    fl_instant began;
    char light[64];
    fl_carrier carrier;
    fl_dialect *dialect;
    fl_meter meter;
} stage;

static const fl_carrier_options other_words = {.other_words = true};
static const fl_meter_wish wish = {.wavelength_nm = 755, .energy_J = 0.25};

/* These two run in the played device, under its lock. */

static void give(stage *s)
{
    char bytes[600];
    const uint64_t ms = (uint64_t)(fl_since(fl_clock_system()->now(NULL), s->began).us / 1000);
    s->who->tick(s->meter_twin, ms);
    const size_t size = s->who->give(s->meter_twin, bytes, sizeof bytes);
    if (size && s->usb) fake_usb_reply(s->usb, bytes, size);
}

static void hear(fake_usb *device, void *self, const char *line, size_t size)
{
    stage *s = self;
    s->usb = device;
    s->who->take(s->meter_twin, line, size);
    s->who->take(s->meter_twin, "\n", 1);
    give(s);
}

static void on_time(void *self)
{
    give(self);
}

static void begin(stage *s, uint16_t vendor, uint16_t product, const char *fault)
{
    fl_error error = {0};
    *s = (stage){.who = &speak_thorlabs, .began = fl_clock_system()->now(NULL), .carrier.fd = -1};
    snprintf(s->light, sizeof s->light, "/tmp/fl-usb-light-%ld", (long)getpid());
    unlink(s->light);
    const speak_options options = {.light = s->light, .faults = &fault, .fault_count = fault ? 1 : 0};
    s->meter_twin = s->who->make(&options, &error);
    if (!s->meter_twin || fl_dialect_load("thorlabs-pm100", &s->dialect, &error) != FL_OK) abort();
    s->usb = fake_usb_new(&(fake_usb_make){.vendor = vendor,
                                           .product = product,
                                           .serial = "P2004525",
                                           .tmc = true,
                                           .heard = hear,
                                           .clock = on_time,
                                           .self = s});
}

static bool open_it(stage *s, const char *path)
{
    fl_error error = {0};
    const fl_status status = fl_carrier_open(path, &other_words, &s->carrier, &error);
    CHECK(status == FL_OK, "%s: %s", path, error.what);
    if (status == FL_OK) fl_meter_init(&s->meter, &s->carrier, s->dialect, fl_clock_system(), &wish);
    return status == FL_OK;
}

static void end(stage *s)
{
    fl_carrier_close(&s->carrier);
    fake_usb_free(s->usb);
    s->who->free(s->meter_twin);
    fl_dialect_free(s->dialect);
    unlink(s->light);
}

static void run_until(stage *s, fl_meter_phase phase)
{
    const fl_instant until = fl_after(fl_clock_system()->now(NULL), fl_seconds(PATIENCE_S));
    while (s->meter.status.phase != phase && !fl_meter_is_over(&s->meter) &&
           fl_clock_system()->now(NULL).us < until.us) {
        poll(NULL, 0, 2);
        fl_meter_tick(&s->meter);
    }
    CHECK(s->meter.status.phase == phase, "%s: %s", fl_meter_phase_text(s->meter.status.phase),
          s->meter.status.why);
}

static bool next_reading(stage *s, fl_meter_reading *reading)
{
    const fl_instant until = fl_after(fl_clock_system()->now(NULL), fl_seconds(PATIENCE_S));
    while (!fl_meter_take(&s->meter, reading)) {
        if (fl_clock_system()->now(NULL).us > until.us || fl_meter_is_over(&s->meter)) return false;
        poll(NULL, 0, 2);
        fl_meter_tick(&s->meter);
    }
    return true;
}

static void shine(stage *s, double energy_J)
{
    FILE *file = fopen(s->light, "a");
    if (!file) abort();
    fprintf(file, "1 %.6g\n", energy_J);
    fclose(file);
}

/* As the maker's own: its number, and no SIM. Sets have no answer, and none is asked for: nothing is aborted.
 */
static void a_meter_is_read_over_usbtmc(void)
{
    stage s;
    begin(&s, 0x1313, 0x8078, "real");
    if (open_it(&s, "usb:1313:8078:P2004525")) {
        CHECK(!s.carrier.simulated_only, "a maker's number is no test identity");
        run_until(&s, FL_METER_UP);
        CHECK_TEXT(s.meter.status.identity, "Thorlabs,PM100USB,P2004525,1.4.0", "identity");
        for (int i = 0; i < 3; i++) {
            fl_meter_reading r = {0};
            for (int k = 0; k < 1000 && (k < 50 || !s.meter.armed || !fl_talk_is_free(&s.meter.talk)); k++)
                poll(NULL, 0, 2), fl_meter_tick(&s.meter); /* it is armed anew after each */
            poll(NULL, 0, 50);
            shine(&s, 0.2 + 0.01 * i);
            CHECK(next_reading(&s, &r) && r.kind == FL_METER_ENERGY, "pulse %d: no reading: %s", i,
                  s.meter.status.why);
            CHECK_REL(r.energy_J, 0.2 + 0.01 * i, 1e-6, "energy");
        }
        fl_meter_finish(&s.meter);
        run_until(&s, FL_METER_PROVEN);
        const fake_usb_seen seen = fake_usb_look(s.usb);
        CHECK(seen.aborts == 0 && seen.clears == 1 && seen.halts_cleared == 2, /* of the beginning */
              "%u aborts, %u clears, %u halts", seen.aborts, seen.clears, seen.halts_cleared);
    }
    end(&s);
}

/* On a test identity nobody is asked *IDN? of GL1 at the door; the meter object asks, and wants SIM. */
static void a_test_identity_must_say_sim(void)
{
    for (int real = 0; real <= 1; real++) {
        stage s;
        begin(&s, 0x1209, 0x0001, real ? "real" : NULL);
        if (open_it(&s, "usb:1209:0001")) {
            CHECK(s.carrier.simulated_only, "let in as a real one");
            run_until(&s, real ? FL_METER_REJECTED : FL_METER_UP);
        }
        end(&s);
    }
}

static void a_yank_is_gone(void)
{
    stage s;
    begin(&s, 0x1313, 0x8078, "real");
    if (open_it(&s, "usb:1313:8078")) {
        run_until(&s, FL_METER_UP);
        fake_usb_unplug(s.usb);
        run_until(&s, FL_METER_GONE);
    }
    end(&s);
}

static void the_testbed_goes(void)
{
    fake_usb_end();
}

FL_TESTS("link/usb_meter", TEST(a_meter_is_read_over_usbtmc), TEST(a_test_identity_must_say_sim),
         TEST(a_yank_is_gone), TEST(the_testbed_goes))

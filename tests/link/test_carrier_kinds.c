/* labels: unit fault   timeout: 120 */
#include "check.h"

#include "carriers.h"
#include "far_tty.h"
#ifdef FL_HAS_UMOCKDEV
#include "fake_usb.h"
#endif

#include <errno.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

/* What every kind of carrier promises, asked of every kind. Without umockdev the USB kinds are left out. */

#define SIM "SIMULATED Example,Pico 2,SIM-00042,1.0\n"
#define PATIENCE_MS 10000

typedef enum far_kind { FAR_PTY, FAR_SERIAL, FAR_BULK, FAR_TMC, FAR_KINDS } far_kind;
static const char *const names[] = {"pty", "serial", "usb bulk", "usbtmc"};

typedef struct far_side {
    far_kind kind;
    far_end tty;
#ifdef FL_HAS_UMOCKDEV
    fake_usb *usb;
#endif
} far_side;

static size_t far_take(far_side *far, char *bytes, size_t room)
{
#ifdef FL_HAS_UMOCKDEV
    if (far->usb) return fake_usb_take(far->usb, bytes, room);
#endif
    const ssize_t n = read(far->tty.master, bytes, room);
    return n > 0 ? (size_t)n : 0;
}

static void far_send(far_side *far, const char *bytes, size_t size)
{
#ifdef FL_HAS_UMOCKDEV
    if (far->usb) {
        fake_usb_answer(far->usb, bytes, size);
        return;
    }
#endif
    CHECK(write(far->tty.master, bytes, size) == (ssize_t)size, "%s: sent", names[far->kind]);
}

static void far_hang_up(far_side *far)
{
#ifdef FL_HAS_UMOCKDEV
    if (far->usb) {
        fake_usb_unplug(far->usb);
        return;
    }
#endif
    close(far->tty.master);
    far->tty.master = -1;
}

static void
far_refuse(far_side *far) /* takes nothing from now on; a tty whose master is not read does so by itself */
{
#ifdef FL_HAS_UMOCKDEV
    if (!far->usb) return;
    fake_usb_lock(far->usb)->nak_out = true;
    fake_usb_unlock(far->usb);
#endif
    (void)far;
}

static void far_end_all(far_side *far)
{
#ifdef FL_HAS_UMOCKDEV
    if (far->usb) {
        fake_usb_free(far->usb);
        fake_usb_end(); /* while the testbed lives, /sys is its own */
        return;
    }
#endif
    far_gone(&far->tty);
}

static fl_status open_tty(far_side *far, fl_carrier *carrier, fl_error *error)
{
    const fl_carrier_options options = {.identify_ms = PATIENCE_MS};
    far_make(&far->tty, SIM);
    if (far->kind == FAR_SERIAL) return fl_carrier_open_serial(far->tty.trick, &options, carrier, error);
    far_start(&far->tty); /* the pty kind asks who is there, so somebody answers while it opens */
    const fl_status status = fl_carrier_open(far->tty.slave, &options, carrier, error);
    far_stop(&far->tty);
    return status;
}

#ifdef FL_HAS_UMOCKDEV
static fl_status open_usb(far_side *far, fl_carrier *carrier, fl_error *error)
{
    char question[64];
    far->usb = fake_usb_new(
        &(fake_usb_make){.vendor = 0x1209, .product = 1, .identity = SIM, .tmc = far->kind == FAR_TMC});
    const fl_status status =
        fl_carrier_open("usb:1209:0001", &(fl_carrier_options){.identify_ms = PATIENCE_MS}, carrier, error);
    fake_usb_take(far->usb, question, sizeof question);
    return status;
}
#endif

static bool open_kind(far_kind kind, far_side *far, fl_carrier *carrier)
{
    fl_error error = {.what = ""};
    *far = (far_side){.kind = kind};
#ifdef FL_HAS_UMOCKDEV
    const fl_status status =
        kind >= FAR_BULK ? open_usb(far, carrier, &error) : open_tty(far, carrier, &error);
#else
    if (kind >= FAR_BULK) return false;
    const fl_status status = open_tty(far, carrier, &error);
#endif
    CHECK(status == FL_OK, "%s: %s", names[kind], error.what);
    if (status != FL_OK) far_end_all(far);
    return status == FL_OK;
}

static size_t read_for(fl_carrier *carrier, char *bytes, size_t wanted)
{
    size_t size = 0;
    for (int i = 0; i < PATIENCE_MS && size < wanted && !fl_carrier_is_gone(carrier); i++) {
        size_t got;
        if (fl_carrier_read(carrier, bytes + size, wanted - size, &got) == FL_OK) size += got;
        if (!got) usleep(1000);
    }
    return size;
}

static size_t far_take_for(far_side *far, char *bytes, size_t wanted)
{
    size_t size = 0;
    for (int i = 0; i < PATIENCE_MS && size < wanted; i++) {
        const size_t got = far_take(far, bytes + size, wanted - size);
        size += got;
        if (!got) usleep(1000);
    }
    return size;
}

static void bytes_travel_both_ways_unchanged(void)
{
    for (far_kind kind = FAR_PTY; kind < FAR_KINDS; kind++) {
        far_side far;
        fl_carrier carrier;
        if (!open_kind(kind, &far, &carrier)) continue;
        CHECK(strncmp(names[kind], carrier.kind->name, 3) == 0, "%s is %s", names[kind], carrier.kind->name);
        CHECK(carrier.simulated_only == (kind != FAR_SERIAL), "%s: who has to say SIM", names[kind]);
        char all[257], back[257] = {0};
        for (int i = 0; i < 256; i++)
            all[i] = (char)i; /* every byte: nothing may be cooked, echoed or eaten */
        all[256] = '\n';
        size_t taken = 0;
        CHECK(fl_carrier_write(&carrier, all, 257, &taken) == FL_OK && taken == 257, "%s: %zu taken",
              names[kind], taken);
        const size_t arrived = far_take_for(&far, back, 257);
        CHECK(arrived == 257 && memcmp(all, back, 257) == 0, "%s: %zu bytes arrived", names[kind], arrived);
        size_t got = 99;
        CHECK(fl_carrier_read(&carrier, back, 257, &got) == FL_OK && got == 0, "%s: no echo: %zu bytes",
              names[kind], got);
        memset(back, 0, sizeof back);
        far_send(&far, all, 257);
        const size_t size = read_for(&carrier, back, 257);
        CHECK(size == 257 && memcmp(all, back, 257) == 0, "%s: %zu bytes came back", names[kind], size);
        CHECK(fl_carrier_read(&carrier, back, 257, &got) == FL_OK && got == 0, "%s: %zu more", names[kind],
              got);
        fl_carrier_close(&carrier);
        fl_carrier_close(&carrier); /* a closed one is fine */
        far_end_all(&far);
    }
}

/* poll() wakes for what arrives, and rests when it was read. */
static void the_descriptor_tells_when_to_read(void)
{
    for (far_kind kind = FAR_PTY; kind < FAR_KINDS; kind++) {
        far_side far;
        fl_carrier carrier;
        char text[8];
        size_t taken;
        if (!open_kind(kind, &far, &carrier)) continue;
        struct pollfd wait = {.fd = fl_carrier_fd(&carrier), .events = POLLIN};
        for (int round = 0; round < 3; round++) {
            CHECK(fl_carrier_read(&carrier, text, sizeof text, &taken) == FL_OK && taken == 0, "%s: quiet",
                  names[kind]);
            CHECK(poll(&wait, 1, 0) == 0, "%s, round %d: it rests", names[kind], round);
            CHECK(fl_carrier_write(&carrier, "?\n", 2, &taken) == FL_OK && taken == 2, "%s: asked",
                  names[kind]);
            far_take_for(&far, text, 2);
            far_send(&far, "ok\n", 3);
            CHECK(poll(&wait, 1, PATIENCE_MS) == 1, "%s, round %d: it wakes", names[kind], round);
            CHECK(read_for(&carrier, text, 3) == 3 && memcmp(text, "ok\n", 3) == 0, "%s", names[kind]);
        }
        fl_carrier_close(&carrier);
        far_end_all(&far);
    }
}

static double cpu_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* The far side goes: a read soon knows, and so does every one after it. A caller who obeys is_gone spends
 * nothing. */
/* hazards: H19 */
static void a_hang_up_is_seen_at_once(void)
{
    for (far_kind kind = FAR_PTY; kind < FAR_KINDS; kind++) {
        far_side far;
        fl_carrier carrier;
        if (!open_kind(kind, &far, &carrier)) continue;
        char bytes[64];
        size_t got, rounds = 0;
        CHECK(fl_carrier_read(&carrier, bytes, sizeof bytes, &got) == FL_OK && !got, "%s: quiet is not gone",
              names[kind]);
        CHECK(!fl_carrier_is_gone(&carrier), "%s: not gone yet", names[kind]);
        far_hang_up(&far);
        const double before = cpu_s();
        while (!fl_carrier_is_gone(&carrier) && rounds < 1000) { /* the loop of a control process */
            struct pollfd wait = {.fd = fl_carrier_fd(&carrier), .events = POLLIN};
            poll(&wait, 1, 10);
            const fl_status status = fl_carrier_read(&carrier, bytes, sizeof bytes, &got);
            CHECK(status == FL_OK || status == FL_E_GONE, "%s: %s", names[kind], fl_status_name(status));
            rounds++;
        }
        CHECK(rounds <= (kind >= FAR_BULK ? 500 : 3), "%s: %zu rounds until it was seen", names[kind],
              rounds);
        CHECK(cpu_s() - before < 0.1, "%s: %.3f s of processor", names[kind], cpu_s() - before);
        CHECK(fl_carrier_read(&carrier, bytes, sizeof bytes, &got) == FL_E_GONE, "%s: and stays gone",
              names[kind]);
        CHECK(fl_carrier_write(&carrier, "x", 1, &got) == FL_E_GONE && got == 0, "%s: for writing too",
              names[kind]);
        fl_carrier_drop(&carrier); /* nothing to tell, and no harm */
        fl_carrier_close(&carrier);
        far_end_all(&far);
    }
}

static void a_write_notices_the_hang_up(void)
{
    for (far_kind kind = FAR_PTY; kind < FAR_KINDS; kind++) {
        far_side far;
        fl_carrier carrier;
        size_t taken = 5;
        if (!open_kind(kind, &far, &carrier)) continue;
        far_hang_up(&far);
        fl_status status = fl_carrier_write(&carrier, "x", 1, &taken);
        for (int i = 0; i < PATIENCE_MS && kind >= FAR_BULK && status == FL_OK; i++) {
            usleep(1000); /* its thread hears of it first */
            status = fl_carrier_write(&carrier, "x", 1, &taken);
        }
        CHECK(status == FL_E_GONE && taken == 0 && fl_carrier_is_gone(&carrier), "%s: %s", names[kind],
              fl_status_name(status));
        fl_carrier_close(&carrier);
        far_end_all(&far);
    }
}

/* Nobody takes anything: the line fills. A write then takes nothing and says so; it never blocks. */
static void a_full_line_takes_nothing_and_does_not_block(void)
{
    for (far_kind kind = FAR_PTY; kind < FAR_KINDS; kind++) {
        far_side far;
        fl_carrier carrier;
        if (!open_kind(kind, &far, &carrier)) continue;
        far_refuse(&far);
        char block[512];
        memset(block, 'x', sizeof block);
        size_t taken = 1, total = 0;
        for (int i = 0; i < 10000 && taken; i++) {
            CHECK(fl_carrier_write(&carrier, block, sizeof block, &taken) == FL_OK, "%s: write %d",
                  names[kind], i);
            total += taken;
        }
        CHECK(!taken && total >= 512, "%s: %zu bytes were taken", names[kind], total);
        CHECK(!fl_carrier_is_gone(&carrier), "%s: full is not gone", names[kind]);
        fl_carrier_close(&carrier);
        far_end_all(&far);
    }
}

/* Closing our side of the line says so in every way the line knows. */
/* hazards: H19 */
static void a_drop_says_it_by_every_means(void)
{
    for (far_kind kind = FAR_PTY; kind < FAR_KINDS; kind++) {
        far_side far;
        fl_carrier carrier;
        if (!open_kind(kind, &far, &carrier)) continue;
        const bool serial = kind == FAR_SERIAL;
        CHECK(!serial || (modem_lines & TIOCM_DTR), "DTR is up while open");
        const unsigned falls = dtr_falls;
        fl_carrier_drop(&carrier);
        CHECK(!serial || dtr_falls == falls + 1, "DTR fell %u times", dtr_falls - falls);
        char seen[16] = "";
        if (kind != FAR_TMC) {
            far_take_for(&far, seen, 3);
            CHECK_TEXT(seen, "\n!\n", names[kind]); /* on a line of its own */
        }
        fl_carrier_close(&carrier);
        CHECK(!serial || !(modem_lines & TIOCM_DTR), "DTR is down when closed");
#ifdef FL_HAS_UMOCKDEV
        CHECK(kind != FAR_TMC || fake_usb_look(far.usb).clears == 2,
              "INITIATE_CLEAR is the word there, as when it began");
#endif
        CHECK(far_take(&far, seen, sizeof seen) == 0, "%s: and nothing more", names[kind]);
        far_end_all(&far);
    }
}

FL_TESTS("link/carrier_kinds", TEST(bytes_travel_both_ways_unchanged),
         TEST(the_descriptor_tells_when_to_read), TEST(a_hang_up_is_seen_at_once),
         TEST(a_write_notices_the_hang_up), TEST(a_full_line_takes_nothing_and_does_not_block),
         TEST(a_drop_says_it_by_every_means))

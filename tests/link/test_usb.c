/* labels: unit fault   timeout: 300   umockdev */
#include "check.h"

#include "carriers.h"
#include "fadeline/link/ports.h"
#include "fake_usb.h"
#include "heap_count.h"
#include "usb_session.h"
#include "usb_tmc.h"

#include <errno.h>
#include <poll.h>
#include <time.h>
#include <unistd.h>

#define SIM "SIMULATED Example,Pico 2,SIM-00042,1.0\n"
#define PATIENCE_MS 10000 /* nothing here asserts a time: the machine may be busy */

static const fl_carrier_options options = {.identify_ms = PATIENCE_MS};

static fake_usb *plug(bool tmc)
{
    return fake_usb_new(
        &(fake_usb_make){.vendor = 0x1209, .product = 1, .serial = "SIM-00042", .tmc = tmc, .identity = SIM});
}

static bool open_it(fl_carrier *carrier)
{
    fl_error error = {.what = ""};
    const fl_status status = fl_carrier_open("usb:1209:0001:SIM-00042", &options, carrier, &error);
    CHECK(status == FL_OK, "%s: %s", fl_status_name(status), error.what);
    return status == FL_OK;
}

/* Until the condition holds or patience ends; false at the end. */
#define UNTIL(condition)                                                                                     \
    ({                                                                                                       \
        int until_left_ = PATIENCE_MS;                                                                       \
        while (!(condition) && until_left_-- > 0) usleep(1000);                                              \
        until_left_ > 0;                                                                                     \
    })

static size_t read_text(fl_carrier *carrier, char *text, size_t wanted, int patience_ms)
{
    size_t size = 0;
    for (int i = 0; i < patience_ms && size < wanted && !fl_carrier_is_gone(carrier); i++) {
        size_t got = 0;
        if (fl_carrier_read(carrier, text + size, wanted - size, &got) != FL_OK) break;
        size += got;
        if (!got) usleep(1000);
    }
    text[size] = 0;
    return size;
}

/* Writes when there is room; true when all was taken. */
static bool write_text(fl_carrier *carrier, const char *text)
{
    size_t taken = 0;
    UNTIL(fl_carrier_write(carrier, text, strlen(text), &taken) != FL_OK || taken);
    return taken == strlen(text);
}

static bool ends_gone(fl_carrier *carrier)
{
    char byte;
    size_t got;
    return UNTIL(fl_carrier_read(carrier, &byte, 1, &got) == FL_E_GONE);
}

/* ---- names and headers: pure ---- */

static void names_of_devices(void)
{
    static const struct {
        const char *text;
        bool good, tmc;
        uint16_t vendor, product;
        const char *serial;
    } rows[] = {
        {"usb:1209:0001:SIM-00042", true, false, 0x1209, 0x0001, "SIM-00042"},
        {"usb:1209:0001", true, false, 0x1209, 0x0001, ""},
        {"usbtmc:1313:8072:P2004525", true, true, 0x1313, 0x8072, "P2004525"},
        {"usb:abCD:Ef01:a:b", true, false, 0xABCD, 0xEF01, "a:b"},
        {.text = "usb:1209:0001:"},
        {.text = "usb:1209"},
        {.text = "usb:1209:1"},
        {.text = "usb:12090:0001"},
        {.text = "usb:1209:000g"},
        {.text = "usb:"},
        {.text = "USB:1209:0001"},
        {.text = "1209:0001"},
        {.text = "/dev/ttyUSB0"},
        {.text = ""},
        {.text = "usb:1209:0001:1234567890123456789012345678901234567890123456789012345678901234"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        fl_usb_name name = {.vendor = 7};
        CHECK(fl_usb_name_read(rows[i].text, &name) == rows[i].good, "'%s'", rows[i].text);
        if (!rows[i].good) {
            CHECK(name.vendor == 7, "'%s' was touched", rows[i].text);
            continue;
        }
        CHECK(name.vendor == rows[i].vendor && name.product == rows[i].product && name.tmc == rows[i].tmc,
              "'%s': %04X:%04X", rows[i].text, name.vendor, name.product);
        CHECK_TEXT(name.serial, rows[i].serial, rows[i].text);
    }
}

static void headers_of_usbtmc(void)
{
    uint8_t bytes[64];
    const uint8_t idn[20] = {1, 7, 0xF8, 0, 6, 0, 0, 0, 1, 0, 0, 0, '*', 'I', 'D', 'N', '?', '\n', 0, 0};
    CHECK(usb_tmc_message(bytes, 7, (const uint8_t *)"*IDN?\n", 6) == 20 && memcmp(bytes, idn, 20) == 0,
          "DEV_DEP_MSG_OUT, padded to four");
    const uint8_t request[12] = {2, 8, 0xF7, 0, 0xF0, 3, 0, 0, 0, 0, 0, 0};
    CHECK(usb_tmc_request(bytes, 8, 1008) == 12 && memcmp(bytes, request, 12) == 0, "REQUEST_DEV_DEP_MSG_IN");
    const uint8_t good[16] = {2, 8, 0xF7, 0, 3, 0, 0, 0, 1, 0, 0, 0, 'O', 'K', '\n', 0};
    const uint8_t *text;
    size_t size;
    bool last;
    CHECK(usb_tmc_answer(good, 16, 8, 1008, &text, &size, &last) && size == 3 && last &&
              memcmp(text, "OK\n", 3) == 0,
          "an answer");
    CHECK(usb_tmc_answer(good, 15, 8, 3, &text, &size, &last), "padding may be missing");
    static const struct {
        const char *what;
        size_t at, size, room;
        uint8_t value;
    } bad[] = {{"another kind of message", 0, 16, 1008, 1},
               {"another tag", 1, 16, 1008, 9},
               {"a tag without its complement", 2, 16, 1008, 1},
               {"longer than what came", 4, 16, 1008, 5},
               {"longer by far", 7, 16, 1008, 0x80},
               {"longer than was asked for", 4, 16, 2, 3},
               {"no whole header", 4, 11, 1008, 0},
               {"nothing", 4, 0, 1008, 0}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        memcpy(bytes, good, 16);
        bytes[bad[i].at] = bad[i].value;
        CHECK(!usb_tmc_answer(bytes, bad[i].size, 8, bad[i].room, &text, &size, &last), "%s was taken",
              bad[i].what);
    }
}

/* ---- opening ---- */

static void ends_are_read_from_the_descriptors(void)
{
    for (int tmc = 0; tmc <= 1; tmc++) {
        fake_usb *device = fake_usb_new(
            &(fake_usb_make){.vendor = 0x1209, .product = 2, .tmc = tmc, .in = 3, .out = 5, .identity = SIM});
        fl_carrier carrier;
        fl_error error = {.what = ""};
        CHECK(fl_carrier_open("usb:1209:0002", &options, &carrier, &error) == FL_OK, "%s", error.what);
        fl_carrier_close(&carrier);
        CHECK(fl_carrier_open("usbtmc:1209:0002", &options, &carrier, &error) == (tmc ? FL_OK : FL_E_DEVICE),
              "asked for USBTMC: %s", error.what);
        fl_carrier_close(&carrier);
        fake_usb_free(device);
    }
}

typedef struct refusal {
    const char *what, *path;
    fl_status status;
    const char *says;
    bool listen_only;
} refusal;

static void check_refusal(const refusal *row)
{
    fl_carrier carrier;
    fl_error error = {.what = ""};
    fl_carrier_options how = options;
    how.listen_only = row->listen_only;
    const fl_status status = fl_carrier_open(row->path, &how, &carrier, &error);
    CHECK(status == row->status, "%s: %s %s", row->what, fl_status_name(status), error.what);
    CHECK(!fl_carrier_is_open(&carrier) && error.hint[0], "%s: closed, with a hint", row->what);
    CHECK(strstr(error.what, row->says), "%s: says '%s', not '%s'", row->what, error.what, row->says);
    fl_carrier_close(&carrier);
}

static void several_that_fit_are_refused_by_name(void)
{
    fake_usb *one =
        fake_usb_new(&(fake_usb_make){.vendor = 0x1209, .product = 1, .serial = "SIM-1", .identity = SIM});
    fake_usb *two =
        fake_usb_new(&(fake_usb_make){.vendor = 0x1209, .product = 1, .serial = "SIM-2", .identity = SIM});
    fake_usb *three = fake_usb_new(&(fake_usb_make){.vendor = 0x1209, .product = 2, .identity = SIM});
    static const refusal rows[] = {
        {"two fit", "usb:1209:0001", FL_E_DEVICE, "SIM-1", false},
        {"two fit", "usb:1209:0001", FL_E_DEVICE, "SIM-2", false},
        {"no such serial number", "usb:1209:0001:SIM-3", FL_E_DEVICE, "no device", false},
        {"half a serial number", "usb:1209:0001:SIM-", FL_E_DEVICE, "no device", false},
        {"a serial number that it does not have", "usb:1209:0002:X", FL_E_DEVICE, "no device", false},
        {"no such device", "usb:1209:0009", FL_E_DEVICE, "no device", false},
        {"no name", "usb:12:1", FL_E_DEVICE, "names no USB device", false},
        {"a bare chip", "usb:0403:6001:A1", FL_E_DEVICE, "adapter", false},
        {"listening", "usb:1209:0001:SIM-1", FL_E_DEVICE, "cannot be listened to", true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) check_refusal(&rows[i]);
    fl_carrier carrier;
    fl_error error = {.what = ""};
    CHECK(fl_carrier_open("usb:1209:0001:SIM-2", &options, &carrier, &error) == FL_OK, "%s", error.what);
    fl_carrier_close(&carrier);
    CHECK(fl_carrier_open("usb:1209:0002", &options, &carrier, &error) == FL_OK, "%s", error.what);
    fl_carrier_close(&carrier);
    fake_usb_free(one);
    CHECK(fl_carrier_open("usb:1209:0001", &options, &carrier, &error) == FL_OK, "only one is left: %s",
          error.what);
    fl_carrier_close(&carrier);
    fake_usb_free(two), fake_usb_free(three);
}

/* hazards: H22 */
static void a_test_identity_must_call_itself_simulated(void)
{
    static const struct {
        const char *what, *identity, *path;
        uint16_t vendor;
        fl_status status;
    } rows[] = {
        {"simulated", SIM, "usb:1209:0001", 0x1209, FL_OK},
        {"a real name", "Example,Pico 2,00042,1.0\n", "usb:1209:0001", 0x1209, FL_E_DEVICE},
        {"silent", NULL, "usb:1209:0001", 0x1209, FL_E_TIMEOUT},
        {"a maker's number is not asked", NULL, "usb:1AD5:0001", 0x1AD5, FL_OK},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (int tmc = 0; tmc <= 1; tmc++) {
            fake_usb *device = fake_usb_new(&(fake_usb_make){
                .vendor = rows[i].vendor, .product = 1, .tmc = tmc, .identity = rows[i].identity});
            fl_carrier carrier;
            fl_error error = {.what = ""};
            const fl_carrier_options how = {.identify_ms =
                                                rows[i].status == FL_E_TIMEOUT ? 300 : PATIENCE_MS};
            const fl_status status = fl_carrier_open(rows[i].path, &how, &carrier, &error);
            CHECK(status == rows[i].status, "%s: %s %s", rows[i].what, fl_status_name(status), error.what);
            CHECK(status != FL_OK || carrier.simulated_only == (rows[i].vendor == 0x1209), "%s",
                  rows[i].what);
            fl_carrier_close(&carrier);
            fake_usb_free(device);
        }
}

static void a_claim_is_tried_again_for_a_second(void)
{
    static const struct {
        const char *what;
        unsigned fails;
        int error;
        fl_status status;
    } rows[] = {
        {"at once", 0, 0, FL_OK},
        {"some moments after arrival", 5, 0, FL_OK},
        {"never", 1000000, 0, FL_E_DEVICE},
        {"somebody has it", 0, EBUSY, FL_E_BUSY},
        {"gone meanwhile", 0, ENODEV, FL_E_GONE},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        fake_usb *device = plug(false);
        fake_usb_manners *manners = fake_usb_lock(device);
        manners->claim_fails = rows[i].fails, manners->claim_error = rows[i].error;
        fake_usb_unlock(device);
        fl_carrier carrier;
        fl_error error = {.what = ""};
        const fl_status status = fl_carrier_open("usb:1209:0001", &options, &carrier, &error);
        CHECK(status == rows[i].status, "%s: %s %s", rows[i].what, fl_status_name(status), error.what);
        CHECK(status == FL_OK || error.hint[0], "%s: no hint", rows[i].what);
        const unsigned claims = fake_usb_look(device).claims;
        CHECK(rows[i].status != FL_OK || claims == rows[i].fails + 1, "%s: %u claims", rows[i].what, claims);
        CHECK(rows[i].error == 0 || claims == 1, "%s: %u claims", rows[i].what, claims);
        fl_carrier_close(&carrier);
        fake_usb_free(device);
    }
}

static void a_serial_device_is_sent_to_its_port(void)
{
    fake_usb *device =
        fake_usb_new(&(fake_usb_make){.vendor = 0x1209, .product = 1, .cdc = true, .identity = SIM});
    check_refusal(&(refusal){"a serial device", "usb:1209:0001", FL_E_DEVICE, "no vendor or USBTMC", false});
    fake_usb_free(device);
}

/* ---- trouble ---- */

static void stalls_are_cleared_and_then_given_up(void)
{
    static const struct {
        unsigned in, out;
        bool gone;
    } rows[] = {{1, 0, false}, {3, 0, false}, {0, 1, false}, {1000, 0, true}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        fake_usb *device = plug(false);
        fl_carrier carrier;
        char text[128];
        if (!open_it(&carrier)) return;
        const unsigned before = fake_usb_look(device).halts_cleared;
        fake_usb_manners *manners = fake_usb_lock(device);
        manners->stall_in = rows[i].in, manners->stall_out = rows[i].out;
        fake_usb_unlock(device);
        if (rows[i].gone) {
            CHECK(ends_gone(&carrier), "row %zu: a line that always stalls is lost", i);
        } else {
            if (rows[i].out) CHECK(write_text(&carrier, "lost\n"), "taken");
            UNTIL(fake_usb_look(device).halts_cleared == before + rows[i].in + rows[i].out);
            CHECK(write_text(&carrier, "*IDN?\n"), "row %zu: not taken", i);
            CHECK(read_text(&carrier, text, strlen(SIM), PATIENCE_MS) == strlen(SIM), "row %zu: '%s'", i,
                  text);
            CHECK(fake_usb_look(device).halts_cleared == before + rows[i].in + rows[i].out,
                  "row %zu: %u cleared", i, fake_usb_look(device).halts_cleared - before);
        }
        char heard[256];
        heard[fake_usb_take(device, heard, sizeof heard - 1)] = 0;
        CHECK(!strstr(heard, "lost"), "what a stall swallowed is never sent again: '%s'", heard);
        fl_carrier_close(&carrier);
        fake_usb_free(device);
    }
}

static void packets_short_and_empty(void)
{
    fake_usb *device = plug(false);
    fl_carrier carrier;
    char text[128];
    if (!open_it(&carrier)) return;
    fake_usb_answer(device, "", 0);
    fake_usb_answer(device, "on", 2);
    fake_usb_answer(device, "", 0);
    fake_usb_answer(device, "", 0);
    fake_usb_answer(device, "e\ntwo\n", 6);
    CHECK(read_text(&carrier, text, 8, PATIENCE_MS) == 8, "%s", text);
    CHECK_TEXT(text, "one\ntwo\n", "transfers are bytes, whatever their borders");
    CHECK(!fl_carrier_is_gone(&carrier), "an empty packet is nothing");
    fl_carrier_close(&carrier);
    fake_usb_free(device);
}

/* More than the ring holds, while nobody reads: the device is made to wait, and nothing is lost. */
static void a_reader_that_rests_loses_nothing(void)
{
    fake_usb *device = plug(false);
    fl_carrier carrier;
    char block[512], text[513];
    if (!open_it(&carrier)) return;
    for (int i = 0; i < 40; i++) {
        memset(block, 'a' + i % 26, sizeof block);
        fake_usb_answer(device, block, sizeof block);
    }
    usleep(50000);
    for (int i = 0; i < 40; i++) {
        memset(block, 'a' + i % 26, sizeof block);
        CHECK(read_text(&carrier, text, 512, PATIENCE_MS) == 512 && memcmp(text, block, 512) == 0, "block %d",
              i);
    }
    fl_carrier_close(&carrier);
    fake_usb_free(device);
}

/* hazards: H19 */
static void a_protocol_error_is_gone_until_opened_anew(void)
{
    for (int tmc = 0; tmc <= 1; tmc++) {
        fake_usb *device = plug(tmc);
        fl_carrier carrier;
        char text[128];
        if (!open_it(&carrier)) return;
        fake_usb_fault(device, FAKE_PROTOCOL_ERROR, 1);
        CHECK(write_text(&carrier, "*IDN?\n"), "taken");
        CHECK(ends_gone(&carrier), "tmc %d: it looks like a yank, so it is one", tmc);
        size_t taken;
        CHECK(fl_carrier_write(&carrier, "x", 1, &taken) == FL_E_GONE, "and stays gone");
        struct pollfd wait = {.fd = fl_carrier_fd(&carrier), .events = POLLIN};
        CHECK(poll(&wait, 1, 0) == 1, "the descriptor says so to a poll");
        fl_carrier_close(&carrier);
        fake_usb_fault(device, FAKE_NO_FAULT, 0);
        if (!open_it(&carrier)) return;
        CHECK(write_text(&carrier, "*IDN?\n") && read_text(&carrier, text, strlen(SIM), PATIENCE_MS),
              "proved otherwise");
        fl_carrier_close(&carrier);
        fake_usb_free(device);
    }
}

/* The device takes nothing, or a part: what it did not take in 50 ms is lost, and the next line begins anew.
 */
static void a_write_that_times_out_is_lost(void)
{
    for (unsigned part = 0; part <= 3; part += 3) {
        fake_usb *device = plug(false);
        fl_carrier carrier;
        char heard[256];
        if (!open_it(&carrier)) return;
        fake_usb_take(device, heard, sizeof heard);
        const unsigned discards = fake_usb_look(device).discards;
        fake_usb_manners *manners = fake_usb_lock(device);
        manners->nak_out = !part, manners->partial_out = part;

        fake_usb_unlock(device);
        CHECK(write_text(&carrier, "first\n"), "taken");
        CHECK(UNTIL(fake_usb_look(device).discards > discards), "part %u: it was not given up", part);
        manners = fake_usb_lock(device);
        manners->nak_out = false, manners->partial_out = 0;
        fake_usb_unlock(device);
        CHECK(write_text(&carrier, "second\n"), "taken");
        size_t size = 0;
        UNTIL((size += fake_usb_take(device, heard + size, sizeof heard - 1 - size)) >= (part ? 11u : 7u));
        heard[size] = 0;
        CHECK_TEXT(heard, part ? "fir\nsecond\n" : "second\n", "what arrived");
        CHECK(!fl_carrier_is_gone(&carrier), "a slow device is not gone");
        fl_carrier_close(&carrier);
        fake_usb_free(device);
    }
}

static void a_drop_does_not_queue_behind_an_order(void)
{
    for (int closes = 0; closes <= 1; closes++) {
        fake_usb *device = plug(false);
        fl_carrier carrier;
        char heard[256];
        if (!open_it(&carrier)) return;
        fake_usb_take(device, heard, sizeof heard);
        fake_usb_manners *manners = fake_usb_lock(device);
        manners->nak_out = true;
        fake_usb_unlock(device);
        const unsigned before = fake_usb_calls(device);
        CHECK(write_text(&carrier, "in the way\n"), "taken");
        UNTIL(fake_usb_calls(device) > before);
        fl_carrier_drop(&carrier);
        manners = fake_usb_lock(device);
        manners->nak_out = false;
        fake_usb_unlock(device);
        if (closes) fl_carrier_close(&carrier); /* waits for it to leave */
        CHECK(UNTIL(fake_usb_look(device).drops == 1), "%u drops arrived", fake_usb_look(device).drops);
        if (!closes) CHECK(write_text(&carrier, "after\n"), "and the line goes on");
        fl_carrier_close(&carrier);
        fake_usb_free(device);
    }
}

/* ---- USBTMC ---- */

static bool talks(fl_carrier *carrier)
{
    char text[128];
    return write_text(carrier, "*IDN?\n") &&
           read_text(carrier, text, strlen(SIM), PATIENCE_MS) == strlen(SIM) && strcmp(text, SIM) == 0;
}

static void an_answer_no_longer_wanted_is_aborted(void)
{
    static const struct {
        const char *what;
        bool no_abort;
        unsigned pending, aborts, clears;
    } rows[] = {{"aborts", false, 0, 1, 0},
                {"takes its time", false, 3, 1, 0},
                {"cannot abort", true, 0, 0, 1},
                {"clears slowly", true, 5, 0, 1}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        fake_usb *device = plug(true);
        fl_carrier carrier;
        if (!open_it(&carrier)) return;
        fake_usb_manners *manners = fake_usb_lock(device);
        manners->no_abort = rows[i].no_abort, manners->pending = rows[i].pending;
        fake_usb_unlock(device);
        const fake_usb_seen before = fake_usb_look(device);
        CHECK(write_text(&carrier, "no answer to this\n"), "taken");
        UNTIL(fake_usb_look(device).out_transfers == before.out_transfers + 2); /* said and asked */
        CHECK(talks(&carrier), "%s: the next question is answered", rows[i].what);
        const fake_usb_seen after = fake_usb_look(device);
        CHECK(after.aborts - before.aborts == rows[i].aborts &&
                  after.clears - before.clears == rows[i].clears,
              "%s: %u aborts, %u clears", rows[i].what, after.aborts - before.aborts,
              after.clears - before.clears);
        fl_carrier_close(&carrier);
        fake_usb_free(device);
    }
}

static void answers_in_pieces_and_without_an_end(void)
{
    static const struct {
        const char *answer, *wanted;
        unsigned pieces;
    } rows[] = {{"one line\n", "one line\n", 0},
                {"no line end", "no line end\n", 0},
                {"in four pieces\n", "in four pieces\n", 4},
                {"pieces, no end", "pieces, no end\n", 3}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        fake_usb *device = plug(true);
        fl_carrier carrier;
        char text[64];
        if (!open_it(&carrier)) return;
        fake_usb_manners *manners = fake_usb_lock(device);
        manners->pieces = rows[i].pieces;
        fake_usb_unlock(device);
        CHECK(write_text(&carrier, "?\n"), "taken");
        fake_usb_answer(device, rows[i].answer, strlen(rows[i].answer));
        read_text(&carrier, text, strlen(rows[i].wanted), PATIENCE_MS);
        CHECK_TEXT(text, rows[i].wanted, "the end of a message is the end of a line");
        fl_carrier_close(&carrier);
        fake_usb_free(device);
    }
}

static void headers_that_lie_clear_the_device(void)
{
    for (int which = 0; which < 4; which++) {
        fake_usb *device = plug(true);
        fl_carrier carrier;
        char text[64];
        if (!open_it(&carrier)) return;
        const unsigned before = fake_usb_look(device).clears;
        fake_usb_manners *manners = fake_usb_lock(device);
        if (which == 0) manners->bad_tag = true;
        if (which == 1) manners->long_size = true;
        if (which == 2) manners->stall_in = 1;
        if (which == 3) manners->stall_out = 1;
        fake_usb_unlock(device);
        CHECK(write_text(&carrier, "*IDN?\n"), "taken");
        CHECK(UNTIL(fake_usb_look(device).clears == before + 1), "case %d: not cleared", which);
        CHECK(read_text(&carrier, text, 1, 20) == 0, "case %d: nothing of it is believed: '%s'", which, text);
        CHECK(talks(&carrier), "case %d: and it goes on", which);
        fl_carrier_close(&carrier);
        fake_usb_free(device);
    }
}

/* hazards: H19 */
static void a_drop_is_initiate_clear(void)
{
    for (int busy = 0; busy <= 1; busy++) {
        fake_usb *device = plug(true);
        fl_carrier carrier;
        if (!open_it(&carrier)) return;
        const unsigned before = fake_usb_look(device).clears;
        CHECK(before == 1, "busy %d: a conversation begins with a clear, not %u", busy, before);
        if (busy) CHECK(write_text(&carrier, "no answer\n"), "taken");
        fl_carrier_drop(&carrier);
        CHECK(UNTIL(fake_usb_look(device).clears == before + 1), "busy %d: not cleared", busy);
        CHECK(talks(&carrier), "busy %d: the line goes on", busy);
        fl_carrier_drop(&carrier);
        fl_carrier_close(&carrier);
        CHECK(fake_usb_look(device).clears == before + 2, "busy %d: closing waits for the clear", busy);
        CHECK(fake_usb_look(device).drops == 0, "no '!' as text");
        fake_usb_free(device);
    }
}

/* ---- the tick ---- */

/* libusb allocates at every submission: on its own thread, never on ours. */
static void the_tick_asks_the_heap_for_nothing(void)
{
    CHECK(heap_count_begin(), "this build counts");
    for (int tmc = 0; tmc <= 1; tmc++) {
        fake_usb *device = plug(tmc);
        fl_carrier carrier;
        if (!open_it(&carrier)) return;
        const uint64_t before = heap_count();
        void *volatile seen = malloc(1);
        free(seen);
        CHECK(heap_count() == before + 2, "and counts ours");
        for (int i = 0; i < 20; i++) {
            if (i % 8 == 7) fl_carrier_drop(&carrier);
            CHECK(talks(&carrier), "round %d", i);
        }
        CHECK(heap_count() == before + 2, "tmc %d: %llu heap calls on the tick", tmc,
              (unsigned long long)(heap_count() - before - 2));
        fl_carrier_close(&carrier);
        fake_usb_free(device);
    }
}

/* ---- the cable ---- */

/* One small life. True when it came to its end; whatever happens it must end, and say gone when it was. */
static bool life(fl_carrier *carrier)
{
    fl_error error = {.what = ""};
    char text[128];
    const fl_status status = fl_carrier_open("usb:1209:0001:SIM-00042", &options, carrier, &error);
    if (status != FL_OK) {
        CHECK(error.what[0] && error.hint[0] && !fl_carrier_is_open(carrier), "%s: '%s' '%s'",
              fl_status_name(status), error.what, error.hint);
        return false;
    }
    bool whole = true;
    for (int i = 0; i < 2 && whole; i++)
        whole = write_text(carrier, "*IDN?\n") &&
                read_text(carrier, text, strlen(SIM), PATIENCE_MS) == strlen(SIM);
    if (whole) {
        fl_carrier_drop(carrier);
        whole = write_text(carrier, "*IDN?\n") &&
                read_text(carrier, text, strlen(SIM), PATIENCE_MS) == strlen(SIM);
    }
    CHECK(whole || fl_carrier_is_gone(carrier), "it stopped, and is not said to be gone");
    return whole;
}

/* Unplugged at its first, second, ... call that concerns a transfer: until a whole life passes without
 * meeting it. */
/* hazards: H19 */
static void unplugged_at_every_call(void)
{
    for (int tmc = 0; tmc <= 1; tmc++)
        for (fake_fault fault = FAKE_UNPLUG; fault <= FAKE_PROTOCOL_ERROR; fault++) {
            unsigned at = 1;
            bool whole = false;
            for (; at < 200 && !whole; at++) {
                fake_usb *device = plug(tmc);
                fl_carrier carrier;
                fake_usb_fault(device, fault, at);
                whole = life(&carrier);
                const bool met = fake_usb_calls(device) >= at;
                if (whole && met) { /* at its very last call: the next word meets nobody */
                    size_t taken;
                    if (fl_carrier_write(&carrier, "*IDN?\n", 6, &taken) != FL_OK) taken = 0;
                    CHECK(ends_gone(&carrier), "tmc %d fault %d call %u: not seen", tmc, (int)fault, at);
                }
                fl_carrier_close(&carrier);
                fake_usb_unplug(device);
                if (at % 5 == 0) { /* and in again */
                    fake_usb_plug(device);
                    CHECK(life(&carrier), "tmc %d fault %d call %u: in again", tmc, (int)fault, at);
                    fl_carrier_close(&carrier);
                }
                fake_usb_free(device);
                whole = whole && !met;
            }
            CHECK(whole && at > (tmc ? 25 : 14), "tmc %d fault %d: %u calls", tmc, (int)fault, at);
        }
}

static void a_yank_in_peace_is_seen(void)
{
    for (int tmc = 0; tmc <= 1; tmc++) {
        fake_usb *device = plug(tmc);
        fl_carrier carrier;
        if (!open_it(&carrier)) return;
        fake_usb_unplug(device);
        CHECK(ends_gone(&carrier), "tmc %d: by the system's message when nothing is under way", tmc);
        fl_carrier_drop(&carrier);
        fl_carrier_close(&carrier);
        fake_usb_plug(device);
        if (!open_it(&carrier)) return;
        CHECK(talks(&carrier), "in again");
        fl_carrier_close(&carrier);
        fake_usb_free(device);
    }
}

static void what_came_before_the_end_is_read(void)
{
    fake_usb *device = plug(false);
    fl_carrier carrier;
    char text[16];
    if (!open_it(&carrier)) return;
    const unsigned before = fake_usb_look(device).in_transfers;
    fake_usb_answer(device, "last words", 10);
    UNTIL(fake_usb_look(device).in_transfers > before);
    usleep(20000);
    fake_usb_unplug(device);
    usleep(20000);
    CHECK(read_text(&carrier, text, 10, PATIENCE_MS) == 10, "'%s'", text);
    CHECK(ends_gone(&carrier), "and then it is gone");
    fl_carrier_close(&carrier);
    fake_usb_free(device);
}

static void two_at_once(void)
{
    fake_usb *device[2];
    fl_carrier carrier[2];
    for (int i = 0; i < 2; i++) {
        fl_error error = {.what = ""};
        device[i] = fake_usb_new(&(fake_usb_make){
            .vendor = 0x1209, .product = 1, .serial = i ? "SIM-B" : "SIM-A", .tmc = i, .identity = SIM});
        CHECK(fl_carrier_open(i ? "usb:1209:0001:SIM-B" : "usb:1209:0001:SIM-A", &options, &carrier[i],
                              &error) == FL_OK,
              "%s", error.what);
    }
    for (int round = 0; round < 10; round++)
        for (int i = 0; i < 2; i++) CHECK(talks(&carrier[i]), "device %d, round %d", i, round);
    fake_usb_unplug(device[0]);
    CHECK(ends_gone(&carrier[0]), "the first is gone");
    CHECK(talks(&carrier[1]), "the other does not notice");
    for (int i = 0; i < 2; i++) fl_carrier_close(&carrier[i]), fake_usb_free(device[i]);
}

/* hazards: H19 H22 */
static void a_whole_session_with_pulses(void)
{
    for (int tmc = 0; tmc <= 1; tmc++) usb_session(tmc, false);
}

static void a_cable_pulled_in_ready(void)
{
    for (int tmc = 0; tmc <= 1; tmc++) usb_session(tmc, true);
}

static void the_testbed_goes(void)
{
    fake_usb_end();
}

FL_TESTS("link/usb", TEST(names_of_devices), TEST(headers_of_usbtmc),
         TEST(ends_are_read_from_the_descriptors), TEST(several_that_fit_are_refused_by_name),
         TEST(a_test_identity_must_call_itself_simulated), TEST(a_claim_is_tried_again_for_a_second),
         TEST(a_serial_device_is_sent_to_its_port), TEST(stalls_are_cleared_and_then_given_up),
         TEST(packets_short_and_empty), TEST(a_reader_that_rests_loses_nothing),
         TEST(a_protocol_error_is_gone_until_opened_anew), TEST(a_write_that_times_out_is_lost),
         TEST(a_drop_does_not_queue_behind_an_order), TEST(an_answer_no_longer_wanted_is_aborted),
         TEST(answers_in_pieces_and_without_an_end), TEST(headers_that_lie_clear_the_device),
         TEST(a_drop_is_initiate_clear), TEST(the_tick_asks_the_heap_for_nothing),
         TEST(unplugged_at_every_call), TEST(a_yank_in_peace_is_seen), TEST(what_came_before_the_end_is_read),
         TEST(two_at_once), TEST(a_whole_session_with_pulses), TEST(a_cable_pulled_in_ready),
         TEST(the_testbed_goes))

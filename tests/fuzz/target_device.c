/* The device's side of the link: the twin's core (src/twin/gl1_*.c) in READY with the foot down, where one
 * good frame makes light, and bytes, words, times and contacts as they come.
 *
 * The first byte: bit 0, before any session instead. Then one operation a byte, some with operands.
 *
 * What must hold: a pulse only in answer to a line that link, the other reader, understands as a GRANT, at
 * most one a line, in READY with everything good before it, the counter kept first; everything the device
 * says link can read; and it says SYN or VERB to exactly the words that link does not understand, but for the
 * two differences that target_frame.c names.
 */
#include "fuzz.h"

#include "fadeline/link/message.h"
#include "helper_bench.h"

#include <stdio.h>
#include <string.h>

#define MOST 512
#define IDENTITY "SIM-00042"

static bench live, ready; /* `ready` is put back before each run: the address inside stays right */
static bench new_one;

static fl_line wire;  /* what went to the device, as link cuts it */
static bool may_fire; /* in this operation a line was said that link understands as a GRANT */

/* The twin takes a leading zero, link takes more than 32 bits: the two differences. */
static bool differs_by_decree(const char *body)
{
    for (const char *at = strchr(body, '='); at; at = strchr(at + 1, '=')) {
        const size_t digits = strspn(at + 1, "0123456789");
        if ((at[1] == '0' && digits > 1) || digits > 9) return true;
    }
    return false;
}

static void hear(const char *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        fl_frame frame;
        fl_message message;
        char body[FL_FRAME_BODY_MAX + 1] = "";
        if (fl_line_take(&wire, bytes[i], NULL) != FL_LINE_WHOLE ||
            fl_frame_read(wire.text, wire.size, IDENTITY, &frame) != FL_FRAME_GOOD)
            continue;
        memcpy(body, frame.body, frame.size);
        if (strncmp(body, "GRANT ", 6) == 0 &&
            (differs_by_decree(body) ||
             fl_message_read(frame.direction, body, frame.size, &message) == FL_OK))
            may_fire = true;
    }
}

/* ---- what must hold ---- */

static bool is_armed_and_good(const bench *b)
{
    const uint32_t in = b->contacts | b->shutters;
    const uint32_t must = BENCH_GOOD | BENCH_FEET | BENCH_OPEN;
    return b->device.state == GL1_READY && (in & must) == must && !(in & BENCH_SHUT) && b->spot_um == 4000;
}

static void pulses_are_granted(const bench *before)
{
    if (fuzz_bad == 1 && live.device.state == GL1_READY && live.pulses) live.pulses++;
    const uint64_t fired = live.pulses - before->pulses;
    FUZZ_MUST(fired <= 1, "%llu pulses at once", (unsigned long long)fired);
    FUZZ_MUST(live.device.kept.k - ready.device.kept.k >= live.pulses - ready.pulses,
              "a pulse is not counted");
    FUZZ_MUST(live.kept_before_pulse == live.pulses, "a pulse before its counter was kept");
    FUZZ_MUST(live.device.kept.k >= before->device.kept.k && live.device.kept.g >= before->device.kept.g,
              "the counter went back");
    if (!fired) return;
    FUZZ_MUST(may_fire, "a pulse that nobody granted");
    FUZZ_MUST(is_armed_and_good(before), "a pulse in %s with %08X", gl1_state_name(before->device.state),
              before->contacts | before->shutters);
}

/* Every line that left is a frame of this device that link reads, or the answer to *IDN?. */
static void answers_are_read(void)
{
    const char *at = live.sent;
    for (const char *end; (end = memchr(at, '\n', live.sent_length - (size_t)(at - live.sent)));
         at = end + 1) {
        const size_t size = (size_t)(end - at);
        if (size == 35 && memcmp(at, "Example Instruments,Pico 2,", 27) == 0) continue;
        fl_frame frame;
        fl_message message;
        FUZZ_MUST(fl_frame_read(at, size, IDENTITY, &frame) == FL_FRAME_GOOD && frame.direction == '<' &&
                      fl_message_read('<', frame.body, frame.size, &message) == FL_OK,
                  "link cannot read %.*s", (int)size, at);
    }
    FUZZ_MUST(at == live.sent + live.sent_length, "half a line was said");
}

/* Says a body under a right check, with the next number. */
static void say(const char *body)
{
    fl_message message;
    bool understood = fl_message_read('>', body, strlen(body), &message) == FL_OK;
    if (understood && message.word == FL_ASK_HELLO) understood = false; /* no word inside a session */
    if (fuzz_bad == 3 && strchr(body, '=')) understood = true;
    const gl1_device *d = &live.device;
    const bool heard = d->in_session && live.session == d->session &&
                       live.number - d->number < GL1_AHEAD_MAX && !d->line.spoiled &&
                       (d->line.ended || !d->line.length);
    const char *answer = bench_ask(&live, body);
    if (!heard || differs_by_decree(body)) return;
    const bool refused = strcmp(answer, "NAK e=SYN") == 0 || strcmp(answer, "NAK e=VERB") == 0;
    FUZZ_MUST(answer[0], "no answer to %s", body);
    FUZZ_MUST(refused != understood, "'%s' is answered %s", body, answer);
}

/* ---- operations ---- */

static void say_bytes(fuzz_bytes *bytes)
{
    char body[200];
    size_t size = fuzz_byte(bytes) % sizeof body;
    const size_t left = (size_t)(bytes->end - bytes->at);
    size = size < left ? size : left;
    for (size_t i = 0; i < size; i++) {
        const uint8_t byte = *bytes->at++;
        body[i] = byte >= 0x20 && byte <= 0x7E && byte != '*' ? (char)byte : ' ';
    }
    body[size] = 0;
    if (size) say(body);
}

static void say_grant(fuzz_bytes *bytes)
{
    static const char *const instead[] = {"",
                                          "g=FFFFFFFFFFFFFFFF",
                                          "k=0000000000012344",
                                          "en=199999",
                                          "sp=3000",
                                          "pu=C",
                                          "f=00000001",
                                          "ep=00000001",
                                          "ph=00000000000000000000000000000000",
                                          "en=0200000",
                                          "g=0000000000000123",
                                          "f=00000001 g=0000000000000999"};
    const char *replace = instead[fuzz_byte(bytes) % (sizeof instead / sizeof *instead)];
    bench_grant(&live, replace[0] ? replace : NULL);
    if (fuzz_bad == 2) live.device.kept.k = ready.device.kept.k;
}

static void say_again(fuzz_bytes *bytes)
{
    const uint8_t how = fuzz_byte(bytes);
    char frame[256];
    memcpy(frame, live.frame, sizeof frame);
    const size_t size = strlen(frame);
    if (!size) return;
    if (how & 1) frame[how % size] ^= (char)(1 << (how >> 4 & 7));
    bench_clear(&live);
    bench_bytes(&live, frame, size);
    hear(frame, size);
}

static void operate(uint8_t operation, fuzz_bytes *bytes)
{
    static const char *const bodies[] = {
        "POLL sh=1",
        "POLL sh=0",
        "STOP",
        "GET",
        "ARM?",
        "ANCHOR?",
        "RESET ca=00000000",
        "SET EN=200000 RR=10000 SP=4000 WL=1064",
        "SET EN=1",
        ("ANCHOR n=0000000000000001 r=00112233445566778899AABBCC"
         "DDEEFF00112233445566778899AABBCCDDEEFF"),
        "HELLO v=1 hn=00000001",
        "GRANT",
        "poll sh=1",
        "POLL  sh=1",
        "RESET ca=80000000",
        "ARM ch=CAFE0001 ep=00000002",
    };
    bench_clear(&live);
    switch (operation % 16) {
    case 0: say(bodies[fuzz_byte(bytes) % (sizeof bodies / sizeof *bodies)]); break;
    case 1: say_bytes(bytes); break;
    case 2: say_grant(bytes); break;
    case 3: say_again(bytes); break;
    case 4: bench_tick(&live, 1 + fuzz_byte(bytes) % 64); break;
    case 5: bench_tick(&live, 10); break;
    case 6: live.contacts ^= UINT32_C(1) << fuzz_byte(bytes) % 20; break;
    case 7: live.contacts = BENCH_GOOD | BENCH_FEET; break;
    case 8: live.contacts &= ~BENCH_FEET; break;
    case 9: {
        const char byte = (char)fuzz_byte(bytes);
        bench_bytes(&live, &byte, 1);
        hear(&byte, 1);
        break;
    }
    case 10: live.number += fuzz_byte(bytes) % 16; break;
    case 11: live.spot_um = live.spot_um == 4000 ? 3000 : 4000; break;
    case 12: live.keep_fails = !live.keep_fails; break;
    case 13: live.flashes++; break;
    case 14: bench_hello(&live); break;
    case 15:
        if (fuzz_byte(bytes) & 1)
            bench_commit(&live);
        else
            bench_arm(&live);
        break;
    }
}

static void run(const uint8_t *data, size_t size)
{
    if (!size || size > MOST) return;
    if (!ready.now_ms) {
        bench_init(&live);
        bench_tick(&live, 13);
        new_one = live;
        FUZZ_MUST(bench_ready(&live), "the bench is not ready");
        ready = live;
    }
    fuzz_bytes bytes = {data, data + size};
    live = fuzz_byte(&bytes) & 1 ? new_one : ready;
    wire = (fl_line){.size = 0};
    while (bytes.at < bytes.end) {
        static bench before;
        before = live;
        may_fire = false;
        const uint8_t operation = fuzz_byte(&bytes);
        operate(operation, &bytes);
        if (live.asked != before.asked || live.number != before.number) hear(live.frame, strlen(live.frame));
        pulses_are_granted(&before);
        answers_are_read();
    }
}

static const char *const bad_words[] = {"a pulse comes twice", "the counter is not kept",
                                        "half understood is understood"};
const fuzz_target fuzz_device = {"device", run, 3, bad_words};

#include "helper_bench.h"

#include "gl1_frame.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define IDENTITY "SIM-00042"

static void on_send(void *self, const char *frame, size_t length)
{
    bench *b = self;
    if (b->sent_length + length >= sizeof b->sent) b->sent_length = 0;
    memcpy(b->sent + b->sent_length, frame, length);
    b->sent_length += length;
    b->sent[b->sent_length] = 0;
}

static void on_outputs(void *self, uint32_t out)
{
    bench *b = self;
    b->out = out & ~(uint32_t)GL1_OUT_SELF_TEST;
    if (out & GL1_OUT_SELF_TEST) b->self_tests++;
}

static uint32_t on_pulse(void *self, const gl1_settings *settings)
{
    bench *b = self;
    (void)settings;
    if (b->power_cut) return 0;
    if (b->nvm.k == b->device.kept.k && b->nvm.g == b->device.kept.g) b->kept_before_pulse++;
    b->pulses++;
    b->flashes += b->flashes_a_pulse;
    b->pulse_at_ms = b->now_ms;
    return b->energy_uJ;
}

static uint32_t on_inputs(void *self)
{
    const bench *b = self;
    return b->contacts | b->shutters;
}

static uint32_t on_spot(void *self)
{
    return ((const bench *)self)->spot_um;
}
static uint8_t on_handpiece(void *self)
{
    return ((const bench *)self)->handpiece;
}
static uint32_t on_flashes(void *self)
{
    return ((const bench *)self)->flashes;
}

static uint32_t on_random(void *self)
{
    bench *b = self;
    const unsigned n = b->random_next++;
    return n < 4 ? b->randoms[n] : 0x9E3779B9u * (n + 1);
}

static bool on_keep(void *self, const gl1_kept *kept)
{
    bench *b = self;
    if (b->keep_fails) return false;
    b->nvm = *kept;
    b->keeps++;
    return true;
}

static void start(bench *b)
{
    const gl1_platform on = {b,       on_send,      on_outputs, on_pulse,  on_inputs,
                             on_spot, on_handpiece, on_flashes, on_random, on_keep};
    if (!gl1_device_init(&b->device, &b->make, &on, &b->nvm)) abort();
    b->session = 0;
}

void bench_init(bench *b)
{
    *b = (bench){.contacts = BENCH_GOOD,
                 .shutters = BENCH_SHUT,
                 .follow = true,
                 .spot_um = 4000,
                 .flashes = 0x12344,
                 .flashes_a_pulse = 1,
                 .energy_uJ = 196000,
                 .handpiece = 0x21,
                 .nvm = {.k = 0x12344, .g = 0x122},
                 .randoms = {0x2468ACE0, 0xCAFE0001, 0x5A17B0B3, 0x0DDBA115},
                 .number = 0x3E8};
    b->make = (gl1_make){
        .maker = "Example Instruments",
        .model = "Pico 2",
        .uid = IDENTITY,
        .fw = "1.0",
        .cap = 0x7F,
        .wa_ms = 3000,
        .head_count = 2,
        .heads =
            {{.wl_nm = 1064,
              .en_min_uJ = 1,
              .rr_max_mHz = 10000,
              .spot_count = 2,
              .spots = {{3000, 400000}, {4000, 400000}}},
             {.wl_nm = 755, .en_min_uJ = 1, .rr_max_mHz = 5000, .spot_count = 1, .spots = {{4000, 200000}}}},
        .at_power_on = {.en_uJ = 40000, .rr_mHz = 1000, .sp_um = 4000, .wl_nm = 1064}};
    start(b);
}

void bench_power_cycle(bench *b)
{
    b->power_cut = false;
    b->shutters = BENCH_SHUT;
    b->out = 0;
    start(b);
}

void bench_clear(bench *b)
{
    b->sent_length = 0;
    b->sent[0] = 0;
}

void bench_tick(bench *b, uint64_t ms)
{
    while (ms--) {
        b->now_ms++;
        if (b->follow) b->shutters = b->out & GL1_OUT_SHUTTERS ? BENCH_OPEN : BENCH_SHUT;
        gl1_device_tick(&b->device, b->now_ms);
    }
}

void bench_bytes(bench *b, const char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++) gl1_device_byte(&b->device, bytes[i]);
}

void bench_raw(bench *b, const char *text)
{
    bench_bytes(b, text, strlen(text));
}

void bench_frame(bench *b, uint32_t session, uint32_t number, const char *body)
{
    if (!gl1_frame_write(b->frame, '>', IDENTITY, session, number, body)) abort();
}

/* The one frame in b->sent, checked as a host checks it. */
static const char *read_answer(bench *b, uint32_t session, uint32_t number)
{
    char line[256];
    gl1_frame frame;
    b->body[0] = 0;
    const size_t length = b->sent_length;
    if (length < 2 || length >= sizeof line || b->sent[length - 1] != '\n') return b->body;
    memcpy(line, b->sent, length);
    if (!gl1_frame_read(line, length - 1, '<', IDENTITY, &frame)) return b->body;
    if (frame.session == session && frame.number == number)
        snprintf(b->body, sizeof b->body, "%s", frame.body);
    return b->body;
}

const char *bench_ask_as(bench *b, uint32_t session, uint32_t number, const char *body)
{
    bench_clear(b);
    bench_frame(b, session, number, body);
    bench_raw(b, b->frame);
    return read_answer(b, session, number);
}

const char *bench_ask(bench *b, const char *body)
{
    b->asked = ++b->number;
    return bench_ask_as(b, b->session, b->asked, body);
}

uint64_t bench_value(const bench *b, const char *key, int base)
{
    char with[20];
    snprintf(with, sizeof with, " %s=", key);
    const char *at = strstr(b->body, with);
    return at ? strtoull(at + strlen(with), NULL, base) : UINT64_MAX;
}

bool bench_hello(bench *b)
{
    const char *answer = bench_ask_as(b, 0, ++b->number, "HELLO v=1 hn=13579BDF");
    if (strncmp(answer, "HELLO v=1 uid=" IDENTITY " ", 24) != 0) return false;
    b->session = 0x13579BDFu ^ (uint32_t)bench_value(b, "dn", 16);
    return true;
}

bool bench_commit(bench *b)
{
    char body[120];
    bench_ask(b, "SET EN=200000 RR=10000 SP=4000 WL=1064");
    snprintf(body, sizeof body, "COMMIT ep=%08X dg=%08X ph=" BENCH_PLAN, (unsigned)bench_value(b, "ep", 16),
             (unsigned)bench_value(b, "dg", 16));
    return strncmp(bench_ask(b, body), "STAT ", 5) == 0;
}

bool bench_arm(bench *b)
{
    char body[60];
    bench_ask(b, "ARM?");
    snprintf(body, sizeof body, "ARM ch=%08X ep=%08X", (unsigned)bench_value(b, "ch", 16),
             (unsigned)bench_value(b, "ep", 16));
    return strncmp(bench_ask(b, body), "STAT st=2 ", 10) == 0;
}

void bench_poll(bench *b, uint64_t ms, bool sh)
{
    for (uint64_t i = 0; i < ms; i += 10) {
        bench_tick(b, 10);
        bench_ask(b, sh ? "POLL sh=1" : "POLL sh=0");
    }
}

bool bench_ready(bench *b)
{
    if (!(b->session || bench_hello(b)) || !bench_commit(b) || !bench_arm(b)) return false;
    bench_poll(b, b->make.wa_ms, false);
    b->contacts |= BENCH_FEET;
    bench_poll(b, 20, true);
    return b->device.state == GL1_READY && b->shutters == BENCH_OPEN;
}

/* The value of `key` in `replace`, else `value`. */
static void field(char *body, size_t room, const char *key, const char *value, const char *replace)
{
    char with[20];
    const size_t used = strlen(body);
    snprintf(with, sizeof with, "%s=", key);
    const char *at = replace;
    while (at && (at = strstr(at, with)) && at != replace && at[-1] != ' ') at++;
    const int length = at ? (int)strcspn(at + strlen(with), " ") : 0;
    if (at)
        snprintf(body + used, room - used, " %s=%.*s", key, length, at + strlen(with));
    else
        snprintf(body + used, room - used, " %s=%s", key, value);
}

const char *bench_grant(bench *b, const char *replace)
{
    char body[256] = "GRANT", value[40];
    snprintf(value, sizeof value, "%016llX", (unsigned long long)b->device.kept.g + 1);
    field(body, sizeof body, "g", value, replace);
    snprintf(value, sizeof value, "%08X", (unsigned)b->number);
    field(body, sizeof body, "f", value, replace);
    snprintf(value, sizeof value, "%08X", (unsigned)b->device.epoch);
    field(body, sizeof body, "ep", value, replace);
    snprintf(value, sizeof value, "%016llX", (unsigned long long)b->device.kept.k);
    field(body, sizeof body, "k", value, replace);
    field(body, sizeof body, "en", "200000", replace);
    field(body, sizeof body, "sp", "4000", replace);
    field(body, sizeof body, "pu", "T", replace);
    field(body, sizeof body, "ph", BENCH_PLAN, replace);
    return bench_ask(b, body);
}

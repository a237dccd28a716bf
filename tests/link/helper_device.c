/* The device of helper_world.h, from sections 3 to 6 of the page. */
#include "helper_world.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "helper_device.h"

static uint32_t check_of(const char *identity, const char *text, size_t size)
{
    static uint32_t table[16];
    if (!table[1])
        for (uint32_t i = 0; i < 16; i++) {
            uint32_t c = i;
            for (int b = 0; b < 4; b++) c = c & 1 ? c >> 1 ^ 0x82F63B78u : c >> 1;
            table[i] = c;
        }
    uint32_t crc = ~0u;
    for (const char *at = identity; *at; at++) {
        crc ^= (unsigned char)*at;
        crc = crc >> 4 ^ table[crc & 15];
        crc = crc >> 4 ^ table[crc & 15];
    }
    for (size_t i = 0; i < size; i++) {
        crc ^= (unsigned char)text[i];
        crc = crc >> 4 ^ table[crc & 15];
        crc = crc >> 4 ^ table[crc & 15];
    }
    return ~crc;
}

size_t device_frame(const world_device *d, uint32_t session, uint32_t number, const char *body,
                    char line[WORLD_LINE])
{
    const int size = snprintf(line, WORLD_LINE - 12, "<%08X%08X %s", session, number, body);
    return (size_t)size +
           (size_t)sprintf(line + size, "*%08X\n", check_of(session ? d->uid : "", line, (size_t)size));
}

/* ---- state ---- */

static unsigned inputs(const world_device *d)
{
    unsigned in = d->in & ~(0x18u | 0x1F800u);
    if (!d->door_open) in |= 0x18u;
    const bool open = d->st == 3 && d->polled_open && d->foot;
    in |= open ? 3u << 13 : 3u << 11;
    if (d->foot) in |= 3u << 15;
    return in;
}

static bool inputs_good(const world_device *d)
{
    return (inputs(d) & 0x3FFu) == 0x3FFu;
}

static void safe(world_device *d)
{
    if (d->st != 4) d->st = 0;
    d->session = 0;
    d->committed = d->polled_open = false;
}

void device_ms(world_device *d, int64_t now_us)
{
    if ((d->st == 2 || d->st == 3) && !inputs_good(d)) {
        d->ca = ~inputs(d) & 0x3FFu;
        d->st = 1;
        d->polled_open = false;
    }
    if (d->st == 2 && now_us - d->warn_us >= (int64_t)d->wa * 1000) d->st = 3;
    const int64_t limit_us = d->st == 2 || d->st == 3 ? (int64_t)d->wd * 1000 : 1500000;
    if (d->session && now_us - d->heard_us > limit_us) safe(d);
}

void device_edit(world_device *d)
{
    d->ep++;
    d->committed = false;
    if (d->st == 2 || d->st == 3) d->st = 1;
}

static void stat_body(world_device *d, uint32_t number, int64_t now_us, char *body)
{
    d->stats[d->stats_count % 8].number = number;
    d->stats[d->stats_count++ % 8].at_us = now_us;
    sprintf(body,
            "STAT st=%d in=%08X hp=%02X sp=%" PRIu64 " k=%016" PRIX64 " ln=%08X g=%016" PRIX64 " en=%" PRIu64
            " ep=%08X ca=%08X gap=%" PRIu64 " t=%08X",
            d->st, inputs(d), d->hp, d->sp, d->k, (unsigned)d->k, d->g, d->en, d->ep, d->ca, d->gap,
            (unsigned)(now_us / 1000));
}

static unsigned digest(const world_device *d)
{
    char text[128];
    const int size =
        sprintf(text, "EN=%" PRIu64 " RR=%" PRIu64 " SP=%" PRIu64 " WL=%" PRIu64, d->EN, d->RR, d->SP, d->WL);
    return check_of("", text, (size_t)size);
}

/* ---- words ---- */

static bool value(const char *body, const char *key, char *text)
{
    char pattern[16];
    sprintf(pattern, " %s=", key);
    const char *at = strstr(body, pattern);
    if (!at) return false;
    at += strlen(pattern);
    size_t size = strcspn(at, " ");
    if (size > 64) return false;
    memcpy(text, at, size);
    text[size] = 0;
    return true;
}

static uint64_t number_of(const char *body, const char *key, int base)
{
    char text[65];
    return value(body, key, text) ? strtoull(text, NULL, base) : UINT64_MAX;
}

static const char *set(world_device *d, const char *body)
{
    if (d->st != 1) return "STATE";
    const uint64_t EN = number_of(body, "EN", 10), SP = number_of(body, "SP", 10);
    if (EN > 400000 || SP > 10000) return "RANGE";
    d->EN = EN;
    d->RR = number_of(body, "RR", 10);
    d->SP = SP;
    d->WL = number_of(body, "WL", 10);
    d->ep++;
    d->committed = false;
    return NULL;
}

static void shadow_body(world_device *d, char *body)
{
    const int bad = d->spoil_shadow;
    sprintf(body, "SHDW EN=%" PRIu64 " RR=%" PRIu64 " SP=%" PRIu64 " WL=%" PRIu64 " ep=%08X dg=%08X",
            d->EN + (bad == 1), d->RR + (bad == 2), d->SP + (bad == 3), d->WL + (bad == 4), d->ep,
            digest(d) ^ (bad == 5 ? 0x10u : 0));
    if (bad && bad < 5) { /* a liar whose digest fits its lie */
        world_device liar = *d;
        liar.EN += bad == 1, liar.RR += bad == 2, liar.SP += bad == 3, liar.WL += bad == 4;
        sprintf(strstr(body, "dg="), "dg=%08X", digest(&liar));
    }
    if (d->edit_after_shadow) {
        d->edit_after_shadow = false;
        device_edit(d);
    }
}

static const char *commit(world_device *d, const char *body)
{
    if (d->st != 1) return "STATE";
    if (number_of(body, "ep", 16) != d->ep) return "EPOCH";
    if (number_of(body, "dg", 16) != digest(d)) return "DIG";
    if (!value(body, "ph", d->plan)) return "SYN";
    d->committed = true;
    return NULL;
}

static const char *arm(world_device *d, const char *body, int64_t now_us)
{
    const bool fits =
        d->challenge && number_of(body, "ch", 16) == d->challenge && now_us - d->challenge_us <= 3000000;
    d->challenge = 0;
    if (d->st != 1) return "STATE";
    if (!fits) return "CHAL";
    if (number_of(body, "ep", 16) != d->ep) return "EPOCH";
    if (!inputs_good(d)) return "ILK";
    if (d->foot) return "FOOT";
    if (!d->committed) return "PLAN";
    d->st = 2;
    d->warn_us = now_us;
    return NULL;
}

static const char *grant(world *w, world_device *d, const char *body)
{
    char plan[65] = "", purpose[65] = "";
    const uint64_t g = number_of(body, "g", 16), f = number_of(body, "f", 16);
    if (!value(body, "ph", plan) || !value(body, "pu", purpose)) return "SYN";
    if (d->st != 3) return "STATE";
    if (g <= d->g) return "OLD";
    int64_t sampled = INT64_MIN;
    for (unsigned i = 0; i < 8 && i < d->stats_count; i++)
        if (d->stats[i].number == f) sampled = d->stats[i].at_us;
    if (sampled == INT64_MIN || w->now_us - sampled > (int64_t)d->ga * 1000) return "AGE";
    if (number_of(body, "ep", 16) != d->ep) return "EPOCH";
    if (!d->committed || strcmp(plan, d->plan) != 0) return "PLAN";
    if (number_of(body, "k", 16) != d->k) return "COUNT";
    if (number_of(body, "en", 10) != d->EN) return "ENERGY";
    if (number_of(body, "sp", 10) != d->sp || d->sp != d->SP) return "SPOT";
    if (purpose[0] != (d->in >> 10 & 1 ? 'C' : 'T')) return "DOCK";
    if (!inputs_good(d)) return "ILK";
    if (!d->foot) return "FOOT";
    if (!d->polled_open) return "SHUT";
    if (d->pulse_us && (uint64_t)(w->now_us - d->pulse_us) * d->RR < 1000000000u) return "RATE";
    d->g = g;
    d->k++;
    d->en = d->EN - 4000;
    d->pulse_us = w->now_us;
    d->fired[d->pulses++ % 64] = g;
    d->fired_late += w->now_us - w->grant_us > (int64_t)d->ga * 1000;
    return NULL;
}

static const char *anchor(world_device *d, const char *body)
{
    char root[65];
    const uint64_t n = number_of(body, "n", 16);
    if (!value(body, "r", root)) return "SYN";
    if (n < d->anchor_n || (n == d->anchor_n && strcmp(root, d->anchor_r) != 0)) return "RANGE";
    d->anchor_n = n;
    memcpy(d->anchor_r, root, sizeof root);
    return NULL;
}

static bool is(const char *body, const char *verb)
{
    const size_t size = strlen(verb);
    return strncmp(body, verb, size) == 0 && (body[size] == ' ' || !body[size]);
}

/* Does what the body says and writes the answer's body. */
static void obey(world *w, world_device *d, const char *body, uint32_t number, char *answer)
{
    const char *refused = NULL;
    answer[0] = 0;
    if (is(body, "POLL"))
        d->polled_open = number_of(body, "sh", 10) == 1 && d->st == 3 && d->foot;
    else if (is(body, "SET"))
        refused = set(d, body);
    else if (is(body, "COMMIT"))
        refused = commit(d, body);
    else if (is(body, "ARM?")) {
        if (d->st != 1) refused = "STATE";
        d->challenge = (uint32_t)fl_random_u64(&w->random) | 1;
        d->challenge_us = w->now_us;
        sprintf(answer, "CHAL ch=%08X ep=%08X", d->challenge, d->ep);
    } else if (is(body, "ARM"))
        refused = arm(d, body, w->now_us);
    else if (is(body, "GRANT"))
        refused = grant(w, d, body);
    else if (is(body, "STOP"))
        d->st = d->st == 4 ? 4 : 1, d->polled_open = false;
    else if (is(body, "RESET")) {
        if (d->st != 4 || number_of(body, "ca", 16) != d->ca) refused = "STATE";
        if (!refused) d->st = 1;
    } else if (is(body, "ANCHOR"))
        refused = anchor(d, body);
    else if (!is(body, "GET") && !is(body, "ANCHOR?"))
        refused = "VERB";
    if (d->nak && d->nak_verb && is(body, d->nak_verb)) refused = d->nak, d->nak = NULL;
    if (refused)
        sprintf(answer, "NAK e=%s", refused);
    else if (is(body, "SET") || is(body, "GET"))
        shadow_body(d, answer);
    else if (is(body, "ANCHOR") || is(body, "ANCHOR?"))
        sprintf(answer, "ANCH n=%016" PRIX64 " r=%s", d->anchor_n, d->anchor_r);
    else if (!answer[0])
        stat_body(d, number, w->now_us, answer);
}

static void hello(world *w, world_device *d, const char *body, uint32_t number)
{
    char answer[200];
    const uint32_t hn = (uint32_t)number_of(body, "hn", 16);
    safe(d);
    do d->dn = w->nonces[1] ? w->nonces[1] : (uint32_t)fl_random_u64(&w->random);
    while (d->dn == hn);
    d->session = hn ^ d->dn;
    d->last = number;
    d->stats_count = 0;
    d->heard_us = w->now_us;
    sprintf(answer, "HELLO v=1 uid=%s dn=%08X wd=%u ga=%u wa=%u cap=%02X fw=%s", d->uid, d->dn, d->wd, d->ga,
            d->wa, d->cap, d->fw);
    device_frame(d, 0, number, answer, d->stored);
}

void device_hear(world *w, const char *line, size_t size)
{
    world_device *d = &w->device;
    char copy[WORLD_LINE], answer[250];
    unsigned session, number, claimed;
    if (size == 1 && line[0] == '!') {
        safe(d);
        return;
    }
    if (size < 28 || size >= sizeof copy || line[0] != '>') return;
    memcpy(copy, line, size);
    copy[size] = 0;
    if (copy[size - 9] != '*' || sscanf(copy + 1, "%8X%8X", &session, &number) != 2 ||
        sscanf(copy + size - 8, "%8X", &claimed) != 1 ||
        claimed != check_of(session ? d->uid : "", copy, size - 9))
        return;
    copy[size - 9] = 0;
    const char *body = copy + 18;
    if (d->deaf_verb && is(body, d->deaf_verb)) return;
    if (session == 0 && is(body, "HELLO")) {
        if (!(d->session && d->last == number)) hello(w, d, body, number);
    } else if (session == d->session && session && number != d->last) {
        if (number - d->last > 8) return;
        d->gap += number - d->last - 1;
        d->last = number;
        d->heard_us = w->now_us;
        if (d->st == 0) d->st = 1;
        obey(w, d, body, number, answer);
        device_frame(d, session, number, answer, d->stored);
    } else if (session != d->session || !session)
        return;
    if (d->mute || (d->mute_verb && is(body, d->mute_verb))) return;
    world_fly(w, false, d->stored, strlen(d->stored));
}

#include "visitors.h"

#include "fadeline/base/digest.h"
#include "fadeline/base/random.h"
#include "fadeline/base/text.h"

#include <openssl/crypto.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SERIAL 8 /* bytes of a token before its 16 of proof */
#define PROOF 16

typedef struct seat {
    bool taken;
    uint8_t hash[FL_SHA256_SIZE]; /* of the cookie */
    uint8_t secret[32];
    char who[64];
    fl_instant came, touched;
    bool locked;
    uint64_t issued;                   /* act tokens so far */
    uint8_t spent[VISITOR_WINDOW / 8]; /* of the newest ones, by serial modulo the window */
} seat;

struct visitors {
    pthread_mutex_t lock;
    const fl_clock *clock;
    uint8_t secret[32]; /* of those who are nobody */
    seat seats[VISITORS_MOST];
};

visitors *visitors_new(const fl_clock *clock)
{
    visitors *all = calloc(1, sizeof *all);
    if (!all) return NULL;
    all->clock = clock;
    if (fl_random_secret(all->secret, sizeof all->secret) != FL_OK) {
        free(all);
        return NULL;
    }
    pthread_mutex_init(&all->lock, NULL);
    return all;
}

void visitors_free(visitors *all)
{
    if (!all) return;
    pthread_mutex_destroy(&all->lock);
    explicit_bzero(all, sizeof *all);
    free(all);
}

/* ---- who ---- */

static bool is_cookie(const char *cookie)
{
    return cookie && strlen(cookie) == VISITOR_COOKIE - 1 &&
           strspn(cookie, "0123456789abcdef") == VISITOR_COOKIE - 1;
}

static void forget(seat *s)
{
    explicit_bzero(s, sizeof *s);
}

/* The seat of this cookie, unless its time is over. The caller holds the lock. */
static seat *seat_of(visitors *all, const char *cookie, fl_instant now)
{
    uint8_t hash[FL_SHA256_SIZE];
    seat *found = NULL;
    fl_sha256(cookie, strlen(cookie), hash);
    for (size_t i = 0; i < VISITORS_MOST; i++)
        if (all->seats[i].taken && fl_same_digest(all->seats[i].hash, hash)) found = &all->seats[i];
    if (found && fl_since(now, found->came).us > VISITOR_END_MS * INT64_C(1000)) {
        forget(found);
        found = NULL;
    }
    return found;
}

static bool new_cookie(char cookie[VISITOR_COOKIE])
{
    uint8_t bits[32];
    if (fl_random_secret(bits, sizeof bits) != FL_OK) return false;
    fl_hex(bits, sizeof bits, cookie);
    return true;
}

static void be_nobody(const visitors *all, visitor *v)
{
    v->known = v->locked = false;
    v->who[0] = 0;
    fl_hmac_sha256(all->secret, sizeof all->secret, v->cookie, strlen(v->cookie), v->secret);
}

void visitors_find(visitors *all, const char *cookie, bool touch, visitor *v)
{
    const fl_instant now = all->clock->boot(all->clock->self);
    *v = (visitor){0};
    if (!is_cookie(cookie)) {
        v->fresh = true;
        if (!new_cookie(v->cookie)) v->fresh = false; /* no cookie: every form of it will be refused */
        return be_nobody(all, v);
    }
    memcpy(v->cookie, cookie, VISITOR_COOKIE);
    pthread_mutex_lock(&all->lock);
    seat *s = seat_of(all, cookie, now);
    if (s) {
        s->locked = s->locked || fl_since(now, s->touched).us > VISITOR_LOCK_MS * INT64_C(1000);
        if (touch && !s->locked) s->touched = now;
        v->known = true;
        v->locked = s->locked;
        memcpy(v->who, s->who, sizeof v->who);
        memcpy(v->secret, s->secret, sizeof v->secret);
    }
    pthread_mutex_unlock(&all->lock);
    if (!s) be_nobody(all, v);
}

/* An empty seat, else the one longest untouched. */
static seat *seat_for(visitors *all)
{
    seat *oldest = &all->seats[0];
    for (size_t i = 0; i < VISITORS_MOST; i++) {
        seat *s = &all->seats[i];
        if (!s->taken) return s;
        if (s->touched.us < oldest->touched.us) oldest = s;
    }
    forget(oldest);
    return oldest;
}

bool visitors_sign_in(visitors *all, visitor *v, const char *who)
{
    const fl_instant now = all->clock->boot(all->clock->self);
    visitor next = {.fresh = true, .known = true};
    if (!new_cookie(next.cookie) || fl_random_secret(next.secret, sizeof next.secret) != FL_OK) return false;
    snprintf(next.who, sizeof next.who, "%s", who);
    pthread_mutex_lock(&all->lock);
    seat *old = seat_of(all, v->cookie, now);
    if (old) forget(old);
    seat *s = seat_for(all);
    s->taken = true;
    fl_sha256(next.cookie, strlen(next.cookie), s->hash);
    memcpy(s->secret, next.secret, sizeof s->secret);
    memcpy(s->who, next.who, sizeof s->who);
    s->came = s->touched = now;
    pthread_mutex_unlock(&all->lock);
    *v = next;
    return true;
}

void visitors_sign_out(visitors *all, visitor *v)
{
    pthread_mutex_lock(&all->lock);
    seat *s = seat_of(all, v->cookie, all->clock->boot(all->clock->self));
    if (s) forget(s);
    pthread_mutex_unlock(&all->lock);
    visitors_find(all, NULL, false, v);
}

/* ---- tokens ---- */

/* serial, then the first half of HMAC(secret, what || serial); serial 0 is the set token. */
static void write_token(const uint8_t secret[32], uint64_t serial, char token[VISITOR_TOKEN])
{
    uint8_t bytes[SERIAL + PROOF], mac[FL_SHA256_SIZE];
    for (int i = 0; i < SERIAL; i++) bytes[i] = (uint8_t)(serial >> (56 - 8 * i));
    fl_hmac_sha256(secret, 32, bytes, SERIAL, mac);
    memcpy(bytes + SERIAL, mac, PROOF);
    fl_hex(bytes, sizeof bytes, token);
}

static bool read_token(const uint8_t secret[32], const char *token, uint64_t *serial)
{
    uint8_t bytes[SERIAL + PROOF];
    char right[VISITOR_TOKEN];
    if (!token || strlen(token) != VISITOR_TOKEN - 1 || fl_read_hex(token, bytes, sizeof bytes) != FL_OK)
        return false;
    *serial = 0;
    for (int i = 0; i < SERIAL; i++) *serial = *serial << 8 | bytes[i];
    write_token(secret, *serial, right);
    return CRYPTO_memcmp(right, token, VISITOR_TOKEN - 1) == 0;
}

void visitors_set_token(const visitor *v, char token[VISITOR_TOKEN])
{
    write_token(v->secret, 0, token);
}

visitor_token visitors_check_set(const visitor *v, const char *token)
{
    uint64_t serial;
    return read_token(v->secret, token, &serial) && serial == 0 ? TOKEN_GOOD : TOKEN_WRONG;
}

void visitors_act_token(visitors *all, const visitor *v, char token[VISITOR_TOKEN])
{
    uint64_t serial = 0;
    token[0] = 0;
    pthread_mutex_lock(&all->lock);
    seat *s = seat_of(all, v->cookie, all->clock->boot(all->clock->self));
    if (s) {
        serial = ++s->issued;
        s->spent[serial % VISITOR_WINDOW / 8] &= (uint8_t) ~(1u << serial % 8);
    }
    pthread_mutex_unlock(&all->lock);
    if (serial) write_token(v->secret, serial, token);
}

visitor_token visitors_spend(visitors *all, const visitor *v, const char *token)
{
    uint64_t serial;
    visitor_token answer = TOKEN_WRONG;
    if (!read_token(v->secret, token, &serial) || !serial) return TOKEN_WRONG;
    pthread_mutex_lock(&all->lock);
    seat *s = seat_of(all, v->cookie, all->clock->boot(all->clock->self));
    if (s && serial <= s->issued) {
        uint8_t *bits = &s->spent[serial % VISITOR_WINDOW / 8];
        const uint8_t bit = (uint8_t)(1u << serial % 8);
        answer = s->issued - serial >= VISITOR_WINDOW ? TOKEN_OLD : *bits & bit ? TOKEN_SPENT : TOKEN_GOOD;
        if (answer == TOKEN_GOOD) *bits |= bit;
    }
    pthread_mutex_unlock(&all->lock);
    return answer;
}

#include "tablets.h"

#include "fadeline/base/digest.h"
#include "fadeline/base/random.h"
#include "fadeline/base/text.h"

#include <openssl/crypto.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct tablets {
    pthread_mutex_t lock;
    const fl_clock *clock;
    char code[TABLET_CODE]; /* empty: none waits */
    fl_instant made;
    unsigned tries;
    uint8_t known[TABLETS_MOST][FL_SHA256_SIZE];
    size_t count; /* ever; the newest TABLETS_MOST are kept */
};

tablets *tablets_new(const fl_clock *clock)
{
    tablets *all = calloc(1, sizeof *all);
    if (!all) return NULL;
    all->clock = clock;
    pthread_mutex_init(&all->lock, NULL);
    return all;
}

void tablets_free(tablets *all)
{
    if (!all) return;
    pthread_mutex_destroy(&all->lock);
    explicit_bzero(all, sizeof *all);
    free(all);
}

/* The caller holds the lock. */
static void let_it_end(tablets *all)
{
    const fl_instant now = all->clock->boot(all->clock->self);
    if (all->tries >= TABLET_TRIES || fl_since(now, all->made).us > TABLET_CODE_MS * INT64_C(1000))
        all->code[0] = 0;
}

bool tablets_make_code(tablets *all, char code[TABLET_CODE])
{
    uint64_t bits;
    do /* every code as likely as another */
        if (fl_random_secret(&bits, sizeof bits) != FL_OK) return false;
    while (bits >= UINT64_MAX - UINT64_MAX % 100000000);
    pthread_mutex_lock(&all->lock);
    snprintf(all->code, sizeof all->code, "%08u", (unsigned)(bits % 100000000));
    all->made = all->clock->boot(all->clock->self);
    all->tries = 0;
    memcpy(code, all->code, TABLET_CODE);
    pthread_mutex_unlock(&all->lock);
    return true;
}

bool tablets_code(tablets *all, char code[TABLET_CODE])
{
    pthread_mutex_lock(&all->lock);
    let_it_end(all);
    memcpy(code, all->code, TABLET_CODE);
    pthread_mutex_unlock(&all->lock);
    return code[0] != 0;
}

bool tablets_pair(tablets *all, const char *code, char cookie[TABLET_COOKIE])
{
    uint8_t bits[32];
    if (fl_random_secret(bits, sizeof bits) != FL_OK) return false;
    fl_hex(bits, sizeof bits, cookie);
    pthread_mutex_lock(&all->lock);
    let_it_end(all);
    const bool good = all->code[0] && code && strlen(code) == TABLET_CODE - 1 &&
                      CRYPTO_memcmp(code, all->code, TABLET_CODE - 1) == 0;
    all->tries++;
    if (good) {
        fl_sha256(cookie, strlen(cookie), all->known[all->count++ % TABLETS_MOST]);
        all->code[0] = 0;
    }
    pthread_mutex_unlock(&all->lock);
    if (!good) cookie[0] = 0;
    return good;
}

bool tablets_knows(tablets *all, const char *cookie)
{
    uint8_t hash[FL_SHA256_SIZE];
    bool found = false;
    if (!cookie || strlen(cookie) != TABLET_COOKIE - 1) return false;
    fl_sha256(cookie, strlen(cookie), hash);
    pthread_mutex_lock(&all->lock);
    for (size_t i = 0; i < all->count && i < TABLETS_MOST; i++) found |= fl_same_digest(all->known[i], hash);
    pthread_mutex_unlock(&all->lock);
    return found;
}

size_t tablets_count(tablets *all)
{
    pthread_mutex_lock(&all->lock);
    const size_t count = all->count < TABLETS_MOST ? all->count : TABLETS_MOST;
    pthread_mutex_unlock(&all->lock);
    return count;
}

void tablets_forget(tablets *all)
{
    pthread_mutex_lock(&all->lock);
    explicit_bzero(all->known, sizeof all->known);
    all->count = 0;
    all->code[0] = 0;
    pthread_mutex_unlock(&all->lock);
}

#include "helper_explore.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define NONE UINT32_MAX

static double now_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static uint64_t hash(const product_key *key)
{
    uint64_t h = 0x9E3779B97F4A7C15u;
    for (int i = 0; i < KEY_WORDS; i++) {
        h = (h ^ key->word[i]) * 0xD6E8FEB86659FD93u;
        h ^= h >> 32;
    }
    return h;
}

static void *must(void *memory)
{
    if (!memory) abort();
    return memory;
}

static void grow_table(explored *e)
{
    free(e->table);
    e->table_size = e->table_size ? 2 * e->table_size : 1 << 16;
    e->table = must(malloc(e->table_size * sizeof *e->table));
    memset(e->table, 0xFF, e->table_size * sizeof *e->table);
    for (uint32_t i = 0; i < e->states; i++) {
        uint64_t at = hash(&e->keys[i]) & (e->table_size - 1);
        while (e->table[at] != NONE) at = (at + 1) & (e->table_size - 1);
        e->table[at] = i;
    }
}

static bool same(const product_key *a, const product_key *b)
{
    return memcmp(a, b, sizeof *a) == 0;
}

static void add(explored *e, const product_key *key, uint32_t parent)
{
    uint64_t at = hash(key) & (e->table_size - 1);
    for (; e->table[at] != NONE; at = (at + 1) & (e->table_size - 1))
        if (same(&e->keys[e->table[at]], key)) return;
    if (e->states == e->room) {
        e->room += e->room / 2 + (1 << 16);
        e->keys = must(realloc(e->keys, e->room * sizeof *e->keys));
        e->parent = must(realloc(e->parent, e->room * sizeof *e->parent));
    }
    e->keys[e->states] = *key;
    e->parent[e->states] = parent;
    e->table[at] = e->states++;
    if ((uint64_t)e->states * 4 > e->table_size * 3) grow_table(e);
}

typedef struct expanding {
    explored *e;
    uint32_t from;
    product was;
} expanding;

static breach take(void *self, const product *next, breach found, const char *move)
{
    expanding *x = self;
    explored *e = x->e;
    e->transitions++;
    if (found) {
        e->found = found;
        e->found_from = x->from;
        snprintf(e->found_move, sizeof e->found_move, "%s", move);
        return found;
    }
    if (next->jd > x->was.jd) e->pulses_seen++;
    if (next->alive) e->modes_seen |= 1u << next->mode;
    product_key key;
    product_pack(next, &key);
    add(e, &key, x->from);
    return BREACH_NONE;
}

static bool comes_back(const model *m, const explore_limits *limits, explored *e, uint32_t i,
                       const product *w)
{
    if (!limits->calm_every || i % limits->calm_every) return true;
    e->calm++;
    model quiet = *m;
    quiet.on_tick = NULL;
    if (product_settles(&quiet, w)) return true;
    e->found = BREACH_STUCK;
    e->found_from = i;
    snprintf(e->found_move, sizeof e->found_move, "the adversary stops");
    return false;
}

void explore(const model *m, const explore_limits *limits, explored *e)
{
    const double began = now_s();
    *e = (explored){0};
    grow_table(e);
    product w = limits->from ? *limits->from : product_start();
    product_key key;
    product_canonical(m, &w);
    product_pack(&w, &key);
    add(e, &key, NONE);
    uint32_t level_ends = 1;
    while (e->expanded < e->states && e->states < limits->states && !e->found) {
        if (e->expanded == level_ends) {
            e->depth++;
            level_ends = e->states;
        }
        expanding x = {.e = e, .from = e->expanded};
        product_unpack(&e->keys[e->expanded], &x.was);
        w = x.was;
        if (!comes_back(m, limits, e, e->expanded, &w)) break;
        product_moves(m, &w, take, &x);
        e->expanded++;
    }
    e->exhausted = e->expanded == e->states && !e->found;
    e->seconds = now_s() - began;
    e->bytes_a_state =
        (double)(e->room * (sizeof *e->keys + sizeof *e->parent) + e->table_size * sizeof *e->table) /
        e->states;
}

product explore_first_sent(const model *m)
{
    explored e;
    product w = product_start();
    const model plain = {.powers = POWER_FOOT, .frames = 1, .ga = m->ga, .lost = m->lost, .wd = m->wd};
    explore(&plain, &(explore_limits){.states = 500000}, &e);
    for (uint32_t i = 0; i < e.states && w.stage != BOOK_SENT; i++) product_unpack(&e.keys[i], &w);
    explore_free(&e);
    return w;
}

void explore_free(explored *e)
{
    free(e->keys);
    free(e->parent);
    free(e->table);
    *e = (explored){0};
}

void explore_print_figures(const explored *e, const char *name)
{
    printf("\n    %s: %u states, %llu transitions, depth %u, %s, %.1f s, %.1f bytes a state, %llu pulses, %u "
           "ways "
           "back; ",
           name, e->states, (unsigned long long)e->transitions, e->depth,
           e->exhausted ? "all of them" : "stopped", e->seconds, e->bytes_a_state,
           (unsigned long long)e->pulses_seen, e->calm);
}

/* ---- traces ---- */

typedef struct seeking {
    product_key wanted;
    const char *move;
} seeking;

static breach seek(void *self, const product *next, breach found, const char *move)
{
    seeking *s = self;
    product_key key;
    if (found) return BREACH_NONE;
    product_pack(next, &key);
    if (!s->move && same(&key, &s->wanted)) s->move = move;
    return BREACH_NONE;
}

unsigned explore_print(const model *m, const explored *e, FILE *to)
{
    unsigned length = 0;
    char line[700];
    for (uint32_t i = e->found_from; i != NONE; i = e->parent[i]) length++;
    uint32_t *path = must(malloc(length * sizeof *path));
    uint32_t at = e->found_from;
    for (unsigned i = length; i-- > 0; at = e->parent[at]) path[i] = at;
    model quiet = *m;
    quiet.on_tick = NULL;
    for (unsigned i = 0; i < length; i++) {
        product w;
        const char *move = "start";
        if (i > 0) {
            seeking s = {.wanted = e->keys[path[i]]};
            product_unpack(&e->keys[path[i - 1]], &w);
            product_moves(&quiet, &w, seek, &s);
            move = s.move ? s.move : "?";
        }
        product_unpack(&e->keys[path[i]], &w);
        product_print(&w, line, sizeof line);
        fprintf(to, "    %3u %-36s %s\n", i, move, line);
    }
    fprintf(to, "    %3u %-36s => %s\n", length, e->found_move, breach_text(e->found));
    free(path);
    return length;
}

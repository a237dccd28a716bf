#include "past_index.h"

#include "fadeline/base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void add(fl_past_index *index, past_list *list, uint64_t at)
{
    struct past_range *last = list->count ? &list->rows[list->count - 1] : NULL;
    if (last && at >= last->from && at < last->to) return;
    if (last && at == last->to) {
        last->to++;
        return;
    }
    if (list->count == list->room) {
        const size_t room = list->room ? 2 * list->room : 8;
        struct past_range *more = realloc(list->rows, room * sizeof *more);
        if (!more) {
            index->broken = true;
            return;
        }
        list->rows = more;
        list->room = room;
    }
    list->rows[list->count++] = (struct past_range){at, at + 1};
}

static void *grow(fl_past_index *index, void *rows, size_t count, size_t size)
{
    if (count & (count - 1)) return rows; /* there is room up to the next power of two */
    void *more = realloc(rows, (count ? 2 * count : 1) * size);
    if (!more) {
        index->broken = true;
        return NULL;
    }
    memset((char *)more + count * size, 0, (count ? count : 1) * size);
    return more;
}

/* Row + 1 of a client (pat) or a plan; 0: this record names none. */
static uint64_t row_of(fl_past_index *index, const fl_record *record, const char *key)
{
    char pat[PAST_INDEX_KEY];
    if (!fl_record_has(record, key)) return 0;
    if (fl_record_text(record, key, pat, sizeof pat) != FL_OK) {
        index->broken = true;
        return 0;
    }
    for (size_t i = index->client_count; i-- > 0;)
        if (fl_text_same(index->clients[i].pat, pat)) return i + 1;
    past_client *rows = grow(index, index->clients, index->client_count, sizeof *rows);
    if (!rows) return 0;
    index->clients = rows;
    memcpy(rows[index->client_count].pat, pat, sizeof pat);
    return ++index->client_count;
}

static past_laser *laser_of(fl_past_index *index, const fl_record *record)
{
    char dev[PAST_INDEX_KEY];
    if (!fl_record_has(record, "dev")) return NULL;
    if (fl_record_text(record, "dev", dev, sizeof dev) != FL_OK || strlen(dev) > FL_DEVICE_ID_MAX) {
        index->broken = true;
        return NULL;
    }
    for (size_t i = 0; i < index->laser_count; i++)
        if (fl_text_same(index->lasers[i].dev, dev)) return &index->lasers[i];
    if (index->laser_count == 12)
        index->broken = true; /* the reader follows 16; beyond them it counts otherwise */
    past_laser *rows = grow(index, index->lasers, index->laser_count, sizeof *rows);
    if (!rows) return NULL;
    index->lasers = rows;
    memcpy(rows[index->laser_count].dev, dev, sizeof dev);
    return &rows[index->laser_count++];
}

static void belongs(fl_past_index *index, uint64_t row, uint64_t at)
{
    if (row && at) add(index, &index->clients[row - 1].at, at);
}

static void take_session(fl_past_index *index, const fl_record *record, past_laser *laser, uint64_t at)
{
    char file[2 * FL_SHA256_SIZE + 1] = "";
    index->session = row_of(index, record, "pat");
    index->session_plan = row_of(index, record, "plan");
    index->session_at = at;
    index->session_dev[0] = 0;
    if (fl_record_text(record, "plan", index->plan, sizeof index->plan) != FL_OK) index->plan[0] = 0;
    if (!laser) return;
    memcpy(index->session_dev, laser->dev, sizeof index->session_dev);
    laser->open = at;
    laser->has_file = fl_record_text(record, "profile", file, sizeof file) == FL_OK && file[0];
}

/* Also where another laser than the session's is armed: then it is the file of that laser's own session. */
static void take_armed(fl_past_index *index, past_laser *laser, uint64_t at)
{
    if (!laser) return;
    if (!fl_text_same(laser->dev, index->session_dev)) {
        belongs(index, index->session, laser->open);
        belongs(index, index->session_plan, laser->open);
    }
    if (!laser->has_file) return;
    laser->armed_open = laser->open;
    laser->armed_in = index->session_at;
    laser->armed = at;
}

/* Whose pulses these are: the session's client's and plan's, and of the plan that they name. */
static void owners(fl_past_index *index, const past_laser *laser, uint64_t at)
{
    for (size_t i = 0; i < 3; i++) belongs(index, laser->owner[i], at);
}

static void begin_pulses(fl_past_index *index, const fl_record *record, past_laser *laser, uint64_t at)
{
    if (laser && laser->is_open) { /* what was open before is replaced by this */
        owners(index, laser, index->session_at);
        owners(index, laser, laser->open);
        owners(index, laser, at);
    }
    const uint64_t other = fl_record_text_is(record, "plan", index->plan) ? 0 : row_of(index, record, "plan");
    belongs(index, other, index->session_at);
    belongs(index, other, at);
    if (!laser) return;
    belongs(index, other, laser->open);
    laser->place = at, laser->place_in = index->session_at, laser->place_open = laser->open;
    laser->owner[0] = index->session, laser->owner[1] = index->session_plan, laser->owner[2] = other;
    laser->is_open = true;
}

/* What is said here of pulses is of the newest grant or zone of that laser, also when another session began
 * it. */
static void needs_place(fl_past_index *index, const past_laser *laser)
{
    if (!laser || laser->place_in == index->session_at) return;
    const uint64_t ones[] = {laser->place_open, laser->place_in, laser->place};
    for (size_t i = 0; i < 3; i++) {
        belongs(index, index->session, ones[i]);
        belongs(index, index->session_plan, ones[i]);
    }
}

static void end_pulses(fl_past_index *index, past_laser *laser, uint64_t at)
{
    if (laser && laser->is_open) owners(index, laser, at);
    if (laser) laser->is_open = false;
}

static void take_pulses(fl_past_index *index, const fl_record *record, past_laser *laser, uint64_t at)
{
    int64_t over = 0;
    const fl_kind kind = fl_record_kind(record);
    if (kind == FL_KIND_PULSE || kind == FL_KIND_PULSES || kind == FL_KIND_RECON || kind == FL_KIND_OVERRIDE)
        needs_place(index, laser);
    switch (kind) {
    case FL_KIND_GRANT:
        begin_pulses(index, record, laser, at);
        if (laser) laser->grant = at, laser->grant_in = index->session_at;
        break;
    case FL_KIND_ZONE:
        if (!fl_record_has(record, "ctr")) break;
        begin_pulses(index, record, laser, at);
        if (laser)
            laser->zone = at, laser->zone_in = index->session_at, laser->zone_open = laser->open,
            laser->zone_end = 0;
        take_armed(index, laser, at);
        break;
    case FL_KIND_PULSES:
        if (laser && fl_record_int(record, "over", &over) == FL_OK && over > 0) laser->over[over > 1] = at;
        if (laser) laser->zone_end = at;
        end_pulses(index, laser, at);
        break;
    case FL_KIND_RECON:
        if (laser) laser->zone_end = at;
        end_pulses(index, laser, at);
        break;
    case FL_KIND_PULSE: end_pulses(index, laser, at); break;
    case FL_KIND_OVERRIDE:
        if (fl_record_text_is(record, "reason", "date")) index->date = at;
        if (laser && fl_record_text_is(record, "reason", "soft-stop")) owners(index, laser, at);
        if (laser && fl_record_text_is(record, "reason", "over-plan"))
            laser->over[0] = laser->over[1] = 0, laser->pardon = at;
        break;
    default: break;
    }
}

static void take_mismatch(fl_past_index *index, const fl_record *record, past_laser *laser, uint64_t at)
{
    const fl_kind kind = fl_record_kind(record);
    if (kind == FL_KIND_RECON) laser->in_doubt = false, laser->mismatch.count = 0, laser->recon = at;
    if (kind == FL_KIND_DROP && fl_record_has(record, "ctr_was")) laser->in_doubt = true;
    if (laser->in_doubt && (kind == FL_KIND_DROP || kind == FL_KIND_COUNTER))
        add(index, &laser->mismatch, at);
}

static void take_motion(const fl_record *record, past_laser *laser, uint64_t at)
{
    static const char *const what[PAST_MOTIONS] = {"motion:door", "motion:estop", "motion:foot"};
    int64_t utc_us = 0, ok = 0;
    if (fl_record_int(record, "utc_us", &utc_us) != FL_OK || fl_record_int(record, "ok", &ok) != FL_OK ||
        ok != 1)
        return;
    for (size_t i = 0; i < PAST_MOTIONS; i++)
        if (fl_record_text_is(record, "what", what[i]) && utc_us >= laser->motion_us[i])
            laser->motion[i] = at, laser->motion_us[i] = utc_us;
}

static void take_laser(fl_past_index *index, const fl_record *record, past_laser *laser, uint64_t at)
{
    int64_t svc = 0;
    take_mismatch(index, record, laser, at);
    switch (fl_record_kind(record)) {
    case FL_KIND_SVC: laser->svc = at; break;
    case FL_KIND_RESET:
        if (fl_record_int(record, "svc", &svc) == FL_OK && svc == 1) laser->reset = at;
        break;
    case FL_KIND_SELFTEST: take_motion(record, laser, at); break;
    case FL_KIND_CHECK: add(index, &laser->checks, at); break;
    case FL_KIND_ANCHOR_DEVICE:
        if (fl_record_has(record, "seen")) laser->anchor = at;
        break;
    case FL_KIND_ARM: take_armed(index, laser, at); break;
    default: break;
    }
}

static void take_sign_in(fl_past_index *index, const fl_record *record, uint64_t at)
{
    static const fl_people_tries none;
    fl_people_recall(record, &index->stand);
    add(index, &index->tries, at);
    if (!index->stand.wrong && !index->stand.several) {
        index->stand = none;
        index->tries.count = 0;
        add(index, &index->tries, at); /* the newest, for whatever it leaves beside the count */
    }
}

/* A session's entries are its client's, whatever they are. What one says of somebody else is also theirs. */
static void take_words(fl_past_index *index, const fl_record *record, uint64_t at)
{
    const fl_kind kind = fl_record_kind(record);
    if (kind == FL_KIND_AUTH_OK || kind == FL_KIND_AUTH_FAIL) return; /* nobody's but the list of tries */
    belongs(index, index->session, at);
    belongs(index, index->session_plan, at);
    if (kind != FL_KIND_NOTE || !fl_record_text_is(record, "text", "endpoint")) return;
    belongs(index, row_of(index, record, "pat"), at);
    if (!fl_record_text_is(record, "plan", index->plan)) belongs(index, row_of(index, record, "plan"), at);
}

void fl_past_index_take(fl_past_index *index, uint64_t position, const fl_record *record)
{
    const uint64_t at = position + 1;
    const fl_kind kind = fl_record_kind(record);
    int64_t utc_us = 0, clk = 0;
    index->length = at;
    if (fl_record_int(record, "utc_us", &utc_us) == FL_OK && utc_us > index->newest_us)
        index->newest_us = utc_us;
    if (kind == FL_KIND_COUNTER && fl_record_has(record, "carry")) return;
    past_laser *laser = laser_of(index, record);
    if (kind == FL_KIND_SESSION_OPEN) take_session(index, record, laser, at);
    if (laser) take_laser(index, record, laser, at);
    take_pulses(index, record, laser, at);
    take_words(index, record, at);
    if (kind == FL_KIND_AUTH_OK || kind == FL_KIND_AUTH_FAIL) take_sign_in(index, record, at);
    if (kind == FL_KIND_CLOCK_STEP && !(fl_record_int(record, "clk", &clk) == FL_OK && clk == FL_CLK_HAND))
        index->step = at;
}

/* ---- what one start reads ---- */

typedef struct pick {
    uint64_t *at;
    size_t count;
} pick;

static void pick_list(pick *p, const past_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        for (uint64_t at = list->rows[i].from; at < list->rows[i].to; at++) p->at[p->count++] = at;
}

static size_t length_of(const past_list *list)
{
    size_t length = 0;
    for (size_t i = 0; i < list->count; i++) length += list->rows[i].to - list->rows[i].from;
    return length;
}

/* The entries after the index go on in the newest session, and with what each laser did last. */
static void pick_present(pick *p, const fl_past_index *index)
{
    if (index->session_at) p->at[p->count++] = index->session_at;
    for (size_t i = 0; i < index->laser_count; i++) {
        const past_laser *l = &index->lasers[i];
        const uint64_t ones[] = {l->open, l->place_open, l->place_in, l->place};
        for (size_t k = 0; k < sizeof ones / sizeof *ones; k++)
            if (ones[k]) p->at[p->count++] = ones[k];
    }
}

static void pick_laser(pick *p, const past_laser *laser)
{
    const uint64_t ones[] = {laser->recon,
                             laser->pardon,
                             laser->armed_in,
                             laser->grant_in,
                             laser->zone_in,
                             laser->zone_open,
                             laser->armed_open,
                             laser->armed,
                             laser->svc,
                             laser->reset,
                             laser->motion[PAST_DOOR],
                             laser->motion[PAST_ESTOP],
                             laser->motion[PAST_FOOT],
                             laser->grant,
                             laser->zone,
                             laser->zone_end,
                             laser->over[0],
                             laser->over[1],
                             laser->anchor};
    for (size_t i = 0; i < sizeof ones / sizeof *ones; i++)
        if (ones[i]) p->at[p->count++] = ones[i];
    pick_list(p, &laser->mismatch);
}

static bool is_asked(const past_client *row, const char *client, const char *plan)
{
    return fl_text_same(row->pat, client) || fl_text_same(row->pat, plan);
}

static int compare(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

fl_status fl_past_index_pick(const fl_past_index *index, const char *gate, const char *laser,
                             const char *client, const char *plan, uint64_t **positions, size_t *count)
{
    size_t room = length_of(&index->tries) + 3;
    for (size_t i = 0; i < index->laser_count; i++)
        room += length_of(&index->lasers[i].checks) + length_of(&index->lasers[i].mismatch) + 28;
    for (size_t i = 0; i < index->client_count; i++)
        if (is_asked(&index->clients[i], client, plan)) room += length_of(&index->clients[i].at);
    pick p = {.at = malloc(room * sizeof *p.at)};
    if (!p.at) return FL_E_MEMORY;
    pick_present(&p, index);
    pick_list(&p, &index->tries);
    if (index->step) p.at[p.count++] = index->step;
    if (index->date) p.at[p.count++] = index->date;
    for (size_t i = 0; i < index->laser_count; i++) {
        const past_laser *one = &index->lasers[i];
        const bool own = fl_text_same(one->dev, gate);
        if (own) pick_laser(&p, one);
        if (own || fl_text_same(one->dev, laser)) pick_list(&p, &one->checks);
    }
    for (size_t i = 0; i < index->client_count; i++)
        if (is_asked(&index->clients[i], client, plan)) pick_list(&p, &index->clients[i].at);
    qsort(p.at, p.count, sizeof *p.at, compare);
    *count = 0;
    for (size_t i = 0; i < p.count; i++)
        if (!*count || p.at[*count - 1] != p.at[i] - 1) p.at[(*count)++] = p.at[i] - 1;
    *positions = p.at;
    return FL_OK;
}

void fl_past_index_free(fl_past_index *index)
{
    for (size_t i = 0; i < index->client_count; i++) free(index->clients[i].at.rows);
    for (size_t i = 0; i < index->laser_count; i++) {
        free(index->lasers[i].mismatch.rows);
        free(index->lasers[i].checks.rows);
    }
    free(index->clients);
    free(index->lasers);
    free(index->tries.rows);
    *index = (fl_past_index){.length = 0};
}

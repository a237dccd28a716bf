/* The index as a text, and back. Whoever reads it has compared its hash with the one in the journal; that it
 * cannot be misread anyway costs a comparison: what was understood is written again, and has to be the same.
 */
#include "past_index.h"

#include "fadeline/base/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TITLE "fadeline past index 1\n"
#define MOST_ROWS 10000000

static void put_text(FILE *to, const char *text)
{
    char hex[2 * PAST_INDEX_KEY + 1] = "-"; /* a name may hold anything a text may */
    if (text[0]) fl_hex((const uint8_t *)text, strlen(text), hex);
    fprintf(to, " %s", hex);
}

static void put_list(FILE *to, const past_list *list)
{
    fprintf(to, " %zu", list->count);
    for (size_t i = 0; i < list->count; i++)
        fprintf(to, " %" PRIu64 " %" PRIu64, list->rows[i].from, list->rows[i].to - list->rows[i].from);
    fputc('\n', to);
}

static void put_laser(FILE *to, const past_laser *l)
{
    fputs("laser", to);
    put_text(to, l->dev);
    const uint64_t n[] = {l->open,      l->armed_open, l->armed,      l->has_file, l->svc,     l->reset,
                          l->motion[0], l->motion[1],  l->motion[2],  l->grant,    l->zone,    l->zone_end,
                          l->over[0],   l->over[1],    l->anchor,     l->in_doubt, l->is_open, l->owner[0],
                          l->owner[1],  l->owner[2],   l->armed_in,   l->grant_in, l->zone_in, l->zone_open,
                          l->place,     l->place_in,   l->place_open, l->recon,    l->pardon};
    for (size_t i = 0; i < sizeof n / sizeof *n; i++) fprintf(to, " %" PRIu64, n[i]);
    fprintf(to, " %" PRId64 " %" PRId64 " %" PRId64 "\n", l->motion_us[0], l->motion_us[1], l->motion_us[2]);
    fputs("mismatch", to), put_list(to, &l->mismatch);
    fputs("checks", to), put_list(to, &l->checks);
}

fl_status fl_past_index_text(const fl_past_index *index, char **text, size_t *size)
{
    FILE *to = open_memstream(text, size);
    if (!to) return FL_E_MEMORY;
    fprintf(to, TITLE "length %" PRIu64 "\nnewest_us %" PRId64 "\nsession %" PRIu64 " %" PRIu64 " %" PRIu64,
            index->length, index->newest_us, index->session, index->session_plan, index->session_at);
    put_text(to, index->plan);
    put_text(to, index->session_dev);
    fprintf(to, "\nclock %" PRIu64 " %" PRIu64 "\nstand %u %d %" PRId64, index->step, index->date,
            index->stand.wrong, index->stand.several, index->stand.last_us);
    put_text(to, index->stand.who);
    fputs("\ntries", to), put_list(to, &index->tries);
    fprintf(to, "lasers %zu\n", index->laser_count);
    for (size_t i = 0; i < index->laser_count; i++) put_laser(to, &index->lasers[i]);
    fprintf(to, "clients %zu\n", index->client_count);
    for (size_t i = 0; i < index->client_count; i++) {
        fputs("client", to);
        put_text(to, index->clients[i].pat);
        put_list(to, &index->clients[i].at);
    }
    const bool written = !ferror(to);
    if (fclose(to) == 0 && written) return FL_OK;
    free(*text);
    return FL_E_MEMORY;
}

/* ---- reading ---- */

typedef struct words { /* what is left of the text; bad sticks */
    char *at;
    bool bad;
} words;

static const char *word(words *w)
{
    w->at += strspn(w->at, " \n");
    char *begin = w->at;
    const size_t size = strcspn(w->at, " \n");
    if (!size || !begin[size]) {
        w->bad = true;
        return "";
    }
    begin[size] = 0;
    w->at += size + 1;
    return begin;
}

static void expect(words *w, const char *text)
{
    if (!fl_text_same(word(w), text)) w->bad = true;
}

static uint64_t number(words *w)
{
    uint64_t value = 0;
    if (fl_read_u64(word(w), &value) != FL_OK) w->bad = true;
    return value;
}

static int64_t whole(words *w)
{
    int64_t value = 0;
    if (fl_read_i64(word(w), &value) != FL_OK) w->bad = true;
    return value;
}

static void text(words *w, char *room, size_t size)
{
    const char *hex = word(w);
    const size_t length = strlen(hex);
    room[0] = 0;
    if (fl_text_same(hex, "-")) return;
    if (length % 2 || length / 2 >= size || fl_read_hex(hex, (uint8_t *)room, length / 2) != FL_OK)
        w->bad = true;
    else
        room[length / 2] = 0;
}

static void list(words *w, past_list *to)
{
    const uint64_t count = number(w);
    if (w->bad || count > MOST_ROWS) {
        w->bad = true;
        return;
    }
    to->rows = count ? calloc(count, sizeof *to->rows) : NULL;
    if (count && !to->rows) w->bad = true;
    to->room = to->rows ? count : 0;
    for (; to->count < to->room && !w->bad; to->count++) {
        const uint64_t from = number(w), length = number(w);
        if (!from || !length || length > UINT64_MAX - from) w->bad = true;
        to->rows[to->count] = (struct past_range){from, from + length};
    }
}

static void laser(words *w, past_laser *l)
{
    uint64_t n[29];
    expect(w, "laser");
    text(w, l->dev, sizeof l->dev);
    for (size_t i = 0; i < sizeof n / sizeof *n; i++) n[i] = number(w);
    l->open = n[0], l->armed_open = n[1], l->armed = n[2], l->has_file = n[3] == 1, l->svc = n[4],
    l->reset = n[5];
    l->motion[0] = n[6], l->motion[1] = n[7], l->motion[2] = n[8], l->grant = n[9], l->zone = n[10],
    l->zone_end = n[11];
    l->over[0] = n[12], l->over[1] = n[13], l->anchor = n[14], l->in_doubt = n[15] == 1,
    l->is_open = n[16] == 1;
    l->owner[0] = n[17], l->owner[1] = n[18], l->owner[2] = n[19];
    l->armed_in = n[20], l->grant_in = n[21], l->zone_in = n[22];
    l->zone_open = n[23], l->place = n[24], l->place_in = n[25], l->place_open = n[26], l->recon = n[27],
    l->pardon = n[28];
    for (size_t i = 0; i < PAST_MOTIONS; i++) l->motion_us[i] = whole(w);
    expect(w, "mismatch"), list(w, &l->mismatch);
    expect(w, "checks"), list(w, &l->checks);
}

/* Rows with room for a power of two of them, as the taking wants it. */
static void *rows_for(words *w, uint64_t count, size_t size)
{
    size_t room = 1;
    if (w->bad || count > MOST_ROWS) return w->bad = true, NULL;
    while (room < count) room *= 2;
    void *rows = count ? calloc(room, size) : NULL;
    if (count && !rows) w->bad = true;
    return rows;
}

static void read_all(words *w, fl_past_index *index)
{
    expect(w, "length"), index->length = number(w);
    expect(w, "newest_us"), index->newest_us = whole(w);
    expect(w, "session"), index->session = number(w), index->session_plan = number(w),
                          index->session_at = number(w);
    text(w, index->plan, sizeof index->plan), text(w, index->session_dev, sizeof index->session_dev);
    expect(w, "clock"), index->step = number(w), index->date = number(w);
    expect(w, "stand"), index->stand.wrong = (unsigned)number(w), index->stand.several = number(w) == 1;
    index->stand.last_us = whole(w), text(w, index->stand.who, sizeof index->stand.who);
    expect(w, "tries"), list(w, &index->tries);
    expect(w, "lasers");
    const uint64_t lasers = number(w);
    index->lasers = rows_for(w, lasers, sizeof *index->lasers);
    for (; index->lasers && index->laser_count < lasers && !w->bad; index->laser_count++)
        laser(w, &index->lasers[index->laser_count]);
    expect(w, "clients");
    const uint64_t clients = number(w);
    index->clients = rows_for(w, clients, sizeof *index->clients);
    for (; index->clients && index->client_count < clients && !w->bad; index->client_count++) {
        expect(w, "client");
        text(w, index->clients[index->client_count].pat, PAST_INDEX_KEY);
        list(w, &index->clients[index->client_count].at);
    }
    if (index->session > index->client_count || index->session_plan > index->client_count) w->bad = true;
    for (size_t i = 0; i < index->laser_count; i++)
        for (size_t o = 0; o < 3; o++)
            if (index->lasers[i].owner[o] > index->client_count) w->bad = true;
}

fl_status fl_past_index_read(const char *bytes, size_t size, fl_past_index *index)
{
    *index = (fl_past_index){.length = 0};
    char *copy = malloc(size + 1), *again = NULL;
    size_t again_size = 0;
    if (!copy) return FL_E_MEMORY;
    memcpy(copy, bytes, size);
    copy[size] = 0;
    words w = {.at = copy + strlen(TITLE),
               .bad = size < strlen(TITLE) || memcmp(copy, TITLE, strlen(TITLE)) != 0};
    if (!w.bad) read_all(&w, index);
    const bool same = !w.bad && fl_past_index_text(index, &again, &again_size) == FL_OK &&
                      again_size == size && memcmp(again, bytes, size) == 0;
    free(copy);
    free(again);
    if (same) return FL_OK;
    fl_past_index_free(index);
    return FL_E_DAMAGED;
}

/* ---- beside the journal ---- */

#define FILE_NAME "past.index"
#define FILE_MOST (256u << 20)
#define NEAR 4 /* the entry that vouches is the next one, or stands after a clock.step */

static bool vouches(fl_journal *journal, const fl_past_index *index, const char *hex)
{
    for (uint64_t i = index->length; i < index->length + NEAR && i < fl_journal_length(journal); i++) {
        fl_record record;
        uint64_t length = 0;
        if (i < fl_journal_before(journal) || fl_journal_past(journal, i, &record) != FL_OK) return false;
        if (fl_record_is(&record, FL_KIND_SELFTEST) && fl_record_text_is(&record, "what", "past-index"))
            return fl_record_text_is(&record, "sha256", hex) &&
                   fl_record_count(&record, "length", &length) == FL_OK && length == index->length;
    }
    return false;
}

static void hash(const char *bytes, size_t size, char hex[2 * FL_SHA256_SIZE + 1])
{
    uint8_t digest[FL_SHA256_SIZE];
    const fl_piece piece = {bytes, size};
    fl_sha256_pieces(&piece, 1, digest);
    fl_hex(digest, sizeof digest, hex);
}

static bool place_of(const fl_journal *journal, char path[FL_PLACE_MAX])
{
    return snprintf(path, FL_PLACE_MAX, "%s/" FILE_NAME, fl_journal_directory(journal)) < FL_PLACE_MAX;
}

fl_status past_index_find(fl_journal *journal, fl_past_index *index)
{
    char path[FL_PLACE_MAX], hex[2 * FL_SHA256_SIZE + 1], *bytes;
    size_t size;
    fl_error none = {0};
    *index = (fl_past_index){.length = 0};
    if (!place_of(journal, path) || !fl_place_exists(path) ||
        fl_place_read(path, FILE_MOST, &bytes, &size, &none) != FL_OK)
        return FL_E_NO;
    hash(bytes, size, hex);
    const bool good = fl_past_index_read(bytes, size, index) == FL_OK && vouches(journal, index, hex);
    free(bytes);
    if (good) return FL_OK;
    fl_past_index_free(index);
    return FL_E_NO;
}

fl_status past_index_keep(fl_journal *journal, const fl_past_index *index, fl_error *error)
{
    static fl_entry entry;
    char path[FL_PLACE_MAX], hex[2 * FL_SHA256_SIZE + 1], *bytes;
    size_t size;
    fl_error none = {0};
    if (!place_of(journal, path) || fl_past_index_text(index, &bytes, &size) != FL_OK) return FL_OK;
    const bool written = fl_place_write(path, bytes, size, 0600, &none) == FL_OK;
    hash(bytes, size, hex);
    free(bytes);
    if (!written) return FL_OK;
    fl_entry_begin(&entry, FL_KIND_SELFTEST);
    fl_entry_text(&entry, "what", "past-index");
    fl_entry_int(&entry, "ok", 1);
    fl_entry_count(&entry, "length", index->length);
    fl_entry_text(&entry, "sha256", hex);
    return fl_journal_append(journal, &entry, 1, error);
}

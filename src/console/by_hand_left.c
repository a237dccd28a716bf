#include "by_hand_left.h"

#include <stdio.h>
#include <string.h>

static void text_of(const fl_record *record, const char *key, char *room, size_t size)
{
    if (fl_record_text(record, key, room, size) != FL_OK) room[0] = 0;
}

static by_hand_left *of_laser(by_hand_books *b, const fl_record *record)
{
    char dev[FL_DEVICE_ID_MAX + 1];
    text_of(record, "dev", dev, sizeof dev);
    for (size_t i = 0; i < b->count; i++)
        if (strcmp(b->list[i].dev, dev) == 0) return &b->list[i];
    return NULL;
}

static void forget(by_hand_books *b, const by_hand_left *left)
{
    const size_t at = (size_t)(left - b->list);
    memmove(b->list + at, b->list + at + 1, (--b->count - at) * sizeof *b->list);
}

static void open_one(by_hand_books *b, const fl_record *record)
{
    by_hand_left *left = of_laser(b, record);
    if (left) forget(b, left);
    if (!fl_record_has(record, "man")) return;
    if (b->count == BY_HAND_LASERS) forget(b, b->list);
    left = &b->list[b->count++];
    *left = (by_hand_left){0};
    text_of(record, "dev", left->dev, sizeof left->dev);
    text_of(record, "pat", left->client, sizeof left->client);
    text_of(record, "plan", left->plan, sizeof left->plan);
    if (fl_record_count(record, "sid", &left->sid) != FL_OK) left->sid = 0;
    if (fl_record_int(record, "utc_us", &left->at_us) != FL_OK) left->at_us = 0;
}

static void begin_zone(by_hand_left *left, const fl_record *record)
{
    if (fl_record_count(record, "ctr", &left->ctr) != FL_OK) return; /* chosen, not begun */
    left->in_zone = true;
    text_of(record, "zone", left->zone, sizeof left->zone);
    text_of(record, "plan", left->plan, sizeof left->plan);
    if (fl_record_int(record, "utc_us", &left->at_us) != FL_OK) left->at_us = 0;
}

void by_hand_left_take(by_hand_books *b, const fl_record *record)
{
    const fl_kind kind = fl_record_kind(record);
    if (kind == FL_KIND_SESSION_OPEN) return open_one(b, record);
    if (kind != FL_KIND_ZONE && kind != FL_KIND_PULSES && kind != FL_KIND_RECON &&
        kind != FL_KIND_SESSION_CLOSE)
        return;
    by_hand_left *left = of_laser(b, record);
    if (!left) return;
    if (kind == FL_KIND_ZONE)
        begin_zone(left, record);
    else if (kind == FL_KIND_SESSION_CLOSE)
        forget(b, left);
    else
        left->in_zone = false; /* counted, or signed for */
}

static bool follow(by_hand_books *b, fl_journal *journal)
{
    const char *log = fl_journal_origin(journal);
    const uint64_t length = fl_journal_length(journal);
    if (strcmp(log, b->log) != 0 || length < b->read) b->read = b->count = 0;
    snprintf(b->log, sizeof b->log, "%s", log);
    for (; b->read < length; b->read++) {
        fl_record record;
        if (fl_journal_past(journal, b->read, &record) != FL_OK) return false;
        by_hand_left_take(b, &record);
    }
    return true;
}

bool by_hand_left_find(by_hand_books *b, fl_journal *journal, by_hand_left *left)
{
    pthread_mutex_lock(&b->lock);
    const bool good = follow(b, journal) && b->count;
    if (good) *left = b->list[b->count - 1];
    pthread_mutex_unlock(&b->lock);
    return good;
}

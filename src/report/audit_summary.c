#include "audit_summary.h"

#include "fadeline/base/digest.h"
#include "fadeline/base/place.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define SUMMARY_MAX ((size_t)1 << 30)
#define LISTS 16

/* Change the number when any of the lists, or what they mean, changes. */
static const char mark[64] = "fadeline audit summary 2 " FL_VERSION;

typedef struct head {
    char mark[64], origin[FL_NOTE_NAME_MAX + 1];
    fl_tree tree;
    uint64_t from;
    int64_t utc_offset_min;
    uint64_t unsorted;
    uint64_t sizes[LISTS], counts[LISTS];
} head;

typedef struct list {
    void **at;
    size_t *count, *room, size;
} list;

/* Every list of the state; none of their members holds a pointer. */
static void list_all(fl_summary *s, list lists[LISTS])
{
    fl_collect *c = &s->collect;
    fl_ledger *l = &s->ledger;
#define ONE(name)                                                                                            \
    {                                                                                                        \
        (void **)&c->name.at, &c->name.count, &c->name.room, sizeof *c->name.at                              \
    }
    const list all[LISTS] = {
        {(void **)&l->devices, &l->device_count, &l->device_room, sizeof *l->devices},
        {(void **)&l->days, &l->day_count, &l->day_room, sizeof *l->days},
        {(void **)&l->findings, &l->finding_count, &l->finding_room, sizeof *l->findings},
        ONE(cases),
        ONE(shares),
        ONE(facts),
        ONE(dues),
        ONE(roles),
        ONE(checks),
        ONE(stops),
        ONE(slips),
        ONE(overrides),
        ONE(harm),
        ONE(corrections),
        ONE(looks),
        ONE(acts),
    };
#undef ONE
    memcpy(lists, all, sizeof all);
}

/* Numbers that are used as places must lie within; the hash already says that nothing changed by accident. */
static bool is_sound(const fl_summary *s)
{
    const fl_collect *c = &s->collect;
    for (size_t i = 0; i < s->ledger.device_count; i++)
        if (s->ledger.devices[i].day > s->ledger.day_count) return false;
    for (size_t i = 0; i < c->shares.count; i++)
        if (c->shares.at[i].line >= s->ledger.day_count ||
            (c->shares.at[i].session != SIZE_MAX && c->shares.at[i].session >= c->cases.count))
            return false;
    return s->tree.peaks <= 64 && (unsigned)__builtin_popcountll(s->tree.size) == s->tree.peaks;
}

static fl_status take(fl_summary *s, const char *bytes, size_t size)
{
    head h;
    list lists[LISTS];
    list_all(s, lists);
    if (size < sizeof h) return FL_E_FILE;
    memcpy(&h, bytes, sizeof h);
    size_t at = sizeof h;
    if (memcmp(h.mark, mark, sizeof mark) != 0 || h.origin[sizeof h.origin - 1]) return FL_E_FILE;
    for (size_t i = 0; i < LISTS; i++) {
        if (h.sizes[i] != lists[i].size || h.counts[i] > (size - at) / lists[i].size) return FL_E_FILE;
        const size_t part = (size_t)h.counts[i] * lists[i].size;
        *lists[i].at = malloc(part + 1);
        if (!*lists[i].at) return FL_E_MEMORY;
        memcpy(*lists[i].at, bytes + at, part);
        *lists[i].count = *lists[i].room = (size_t)h.counts[i];
        at += part;
    }
    memcpy(s->origin, h.origin, sizeof s->origin);
    s->tree = h.tree;
    s->from = h.from;
    s->ledger.utc_offset_min = (int)h.utc_offset_min;
    s->collect.unsorted = h.unsorted != 0;
    return at == size && is_sound(s) ? FL_OK : FL_E_FILE;
}

fl_status fl_summary_read(const char *path, fl_summary *summary)
{
    char *bytes = NULL;
    size_t size = 0;
    uint8_t digest[FL_SHA256_SIZE];
    *summary = (fl_summary){0};
    struct stat about; /* fl_place_read takes as much memory as it is allowed to read */
    if (stat(path, &about) != 0 || about.st_size <= 0 || (uint64_t)about.st_size > SUMMARY_MAX)
        return FL_E_FILE;
    fl_status status = fl_place_read(path, (size_t)about.st_size, &bytes, &size, NULL);
    if (status != FL_OK) return FL_E_FILE;
    if (size > sizeof digest) fl_sha256(bytes, size - sizeof digest, digest);
    if (size <= sizeof digest || memcmp(bytes + size - sizeof digest, digest, sizeof digest) != 0)
        status = FL_E_FILE;
    else
        status = take(summary, bytes, size - sizeof digest);
    free(bytes);
    if (status != FL_OK) {
        fl_summary_fini(summary);
        *summary = (fl_summary){0};
    }
    return status;
}

fl_status fl_summary_write(const char *path, const fl_summary *summary, fl_error *error)
{
    list lists[LISTS];
    list_all((fl_summary *)summary, lists);
    head h;
    memset(&h, 0, sizeof h); /* the gaps too: the same state is the same file */
    memcpy(h.mark, mark, sizeof mark);
    memcpy(h.origin, summary->origin, sizeof h.origin);
    h.tree = summary->tree;
    h.from = summary->from;
    h.utc_offset_min = summary->ledger.utc_offset_min;
    h.unsorted = summary->collect.unsorted;
    size_t size = sizeof h + FL_SHA256_SIZE, at = 0;
    for (size_t i = 0; i < LISTS; i++) {
        h.sizes[i] = lists[i].size, h.counts[i] = *lists[i].count;
        size += lists[i].size * *lists[i].count;
    }
    char *bytes = size <= SUMMARY_MAX ? malloc(size) : NULL;
    if (!bytes) return fl_error_set(error, FL_E_MEMORY, "the summary is too large");
    memcpy(bytes, &h, at = sizeof h);
    for (size_t i = 0; i < LISTS; i++) {
        const size_t part = lists[i].size * *lists[i].count;
        if (part) memcpy(bytes + at, *lists[i].at, part);
        at += part;
    }
    fl_sha256(bytes, at, (uint8_t *)bytes + at);
    const fl_status status = fl_place_write(path, bytes, size, 0600, error);
    free(bytes);
    return status;
}

void fl_summary_fini(fl_summary *summary)
{
    fl_collect_fini(&summary->collect);
    fl_ledger_fini(&summary->ledger);
}

#include "helper_world.h"

#include "check.h"

#include "fadeline/base/date.h"
#include "fadeline/base/text.h"

#include <stdarg.h>
#include <unistd.h>

static fl_instant stand(void *self)
{
    return (fl_instant){((const world *)self)->utc_us};
}

static fl_utc say(void *self)
{
    return (fl_utc){((const world *)self)->utc_us};
}

void world_make(world *w)
{
    *w = (world){.clock = {stand, stand, say, w}};
    snprintf(w->home, sizeof w->home, "/tmp/fl-clients-XXXXXX");
    CHECK(mkdtemp(w->home) != NULL, "a home");
    snprintf(w->db, sizeof w->db, "%s/clients.db", w->home);
    snprintf(w->log, sizeof w->log, "%s/journal", w->home);
    world_day(w, 2026, 3, 15, 10);
}

void world_open(world *w)
{
    fl_error error = {0};
    const fl_journal_options options = {
        .mode = FL_JOURNAL_CREATE, .simulated = true, .clock = &w->clock, .no_ballast = true};
    CHECK(fl_journal_open(w->log, &options, &w->journal, &error) == FL_OK, "journal: %s", error.what);
    CHECK(fl_clients_open(w->db, true, &w->clients, &error) == FL_OK, "clients: %s", error.what);
}

void world_close(world *w)
{
    fl_clients_close(w->clients);
    fl_journal_close(w->journal);
    w->clients = NULL;
    w->journal = NULL;
}

void world_remove(world *w)
{
    char command[128];
    world_close(w);
    snprintf(command, sizeof command, "rm -rf %s", w->home);
    CHECK(system(command) == 0, "clean up");
}

void world_day(world *w, int year, int month, int day, int hour)
{
    w->utc_us = (int64_t)fl_date_days((fl_date){year, month, day}) * 86400000000 + (int64_t)hour * 3600000000;
}

uint64_t world_write(world *w, fl_kind kind, ...)
{
    static fl_entry entry;
    fl_error error = {0};
    va_list list;
    fl_entry_begin(&entry, kind);
    va_start(list, kind);
    for (const char *key; (key = va_arg(list, const char *));) {
        const char *value = va_arg(list, const char *);
        uint64_t number;
        if (strcmp(key, "dev") == 0)
            fl_entry_device(&entry, value + 1, true);
        else if (*value == '=')
            fl_entry_text(&entry, key, value + 1);
        else if (fl_read_u64(value, &number) == FL_OK)
            fl_entry_count(&entry, key, number);
    }
    va_end(list);
    CHECK(fl_journal_append(w->journal, &entry, 1, &error) == FL_OK, "%s: %s", fl_kind_text(kind),
          error.what);
    return fl_journal_size(w->journal) - 1;
}

void world_add(world *w, const char *code, const char *text)
{
    fl_error error = {0};
    fl_commitment cmt;
    char hex[2 * FL_SHA256_SIZE + 2] = "=";
    CHECK(fl_clients_put(w->clients, code, FL_TEXT_IDENTITY, text, strlen(text), &cmt, &error) == FL_OK, "%s",
          error.what);
    fl_hex(cmt.byte, sizeof cmt.byte, hex + 1);
    char pat[32];
    snprintf(pat, sizeof pat, "=%s", code);
    world_write(w, FL_KIND_CLIENT, "pat", pat, "cmt", hex, "who", "=op:17", NULL);
    CHECK(fl_clients_keep(w->clients, &cmt, &error) == FL_OK, "%s", error.what);
}

bool world_finds(const world *w, const char *bytes)
{
    static const char *const ends[] = {"", "-wal", "-journal"};
    bool found = false;
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        char path[128], *all;
        size_t size;
        snprintf(path, sizeof path, "%s%s", w->db, ends[i]);
        if (fl_place_read(path, 1 << 22, &all, &size, NULL) != FL_OK) continue;
        found |= memmem(all, size, bytes, strlen(bytes)) != NULL;
        free(all);
    }
    return found;
}

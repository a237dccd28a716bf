#include "helper_log.h"

#include "check.h"

#include "fadeline/base/text.h"

#include <dirent.h>
#include <ftw.h>
#include <sqlite3.h>
#include <unistd.h>

static fl_instant now(void *self)
{
    return (fl_instant){((helper_clock *)self)->now_us};
}
static fl_utc utc(void *self)
{
    return (fl_utc){((helper_clock *)self)->utc_us};
}

void helper_clock_init(helper_clock *clock)
{
    *clock = (helper_clock){.now_us = 7777, .utc_us = 1778670000123456}; /* 2026-05-13 11:00:00 */
    clock->clock = (fl_clock){now, now, utc, clock};
}

void helper_clock_add(helper_clock *clock, int64_t us)
{
    clock->now_us += us;
    clock->utc_us += us;
}

static void must(bool good, const char *what)
{
    if (good) return;
    fprintf(stderr, "test helper: %s failed\n", what);
    abort();
}

char *helper_directory(char room[FL_PLACE_MAX])
{
    const char *base = getenv("TMPDIR");
    snprintf(room, FL_PLACE_MAX, "%s/fadeline-journal-XXXXXX", base ? base : "/tmp");
    must(mkdtemp(room) != NULL, "mkdtemp");
    return room;
}

static int remove_one(const char *path, const struct stat *about, int type, struct FTW *walk)
{
    (void)about, (void)type, (void)walk;
    return remove(path);
}

void helper_remove(const char *directory)
{
    nftw(directory, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

char *helper_file(const char *path, size_t *size)
{
    char *bytes;
    size_t length;
    must(fl_place_read(path, 64 << 20, &bytes, &length, NULL) == FL_OK, path);
    if (size) *size = length;
    return bytes;
}

void helper_copy(const char *from, const char *to)
{
    DIR *open = opendir(from);
    must(open != NULL && fl_place_make(to, NULL) == FL_OK, from);
    for (struct dirent *found; (found = readdir(open));) {
        char source[FL_PLACE_MAX + 256], target[FL_PLACE_MAX + 256];
        size_t size;
        if (found->d_name[0] == '.' || fl_text_same(found->d_name, "lock")) continue;
        snprintf(source, sizeof source, "%s/%s", from, found->d_name);
        snprintf(target, sizeof target, "%s/%s", to, found->d_name);
        char *bytes = helper_file(source, &size);
        must(fl_place_write(target, bytes, size, 0600, NULL) == FL_OK, target);
        free(bytes);
    }
    closedir(open);
}

fl_journal *helper_open(const char *directory, helper_clock *clock, fl_journal_mode mode)
{
    static const uint8_t seed[32] = {9, 8, 7};
    fl_journal *journal = NULL;
    fl_error error = {0};
    const fl_journal_options options = {.mode = mode,
                                        .simulated = true,
                                        .origin = "SIMULATED/log.example/clinic-7/console-2",
                                        .clock = &clock->clock,
                                        .clk = FL_CLK_SYNCHRONISED,
                                        .seed = seed,
                                        .no_ballast = true};
    if (fl_journal_open(directory, &options, &journal, &error) != FL_OK) {
        fl_error_print(stderr, &error);
        must(false, "opening the journal");
    }
    return journal;
}

void helper_counter(fl_entry *entry, uint64_t ctr)
{
    fl_entry_begin(entry, FL_KIND_COUNTER);
    fl_entry_device(entry, HELPER_DEVICE, true);
    fl_entry_count(entry, "ctr", ctr);
}

void helper_session_open(fl_entry *entry, uint64_t sid, uint64_t ctr)
{
    fl_entry_begin(entry, FL_KIND_SESSION_OPEN);
    fl_entry_device(entry, HELPER_DEVICE, true);
    fl_entry_count(entry, "sid", sid);
    fl_entry_count(entry, "ctr", ctr);
    fl_entry_text(entry, "who", "op:17");
    fl_entry_text(entry, "pat", "p:5d1f");
    fl_entry_text(entry, "plan", "38d0287182a74a6879e277b5907da1f0807d24ed2cb56911517de9f9863d5a6a");
}

void helper_session_close(fl_entry *entry, uint64_t sid, uint64_t ctr, uint64_t pulses)
{
    fl_entry_begin(entry, FL_KIND_SESSION_CLOSE);
    fl_entry_device(entry, HELPER_DEVICE, true);
    fl_entry_count(entry, "sid", sid);
    fl_entry_count(entry, "ctr", ctr);
    fl_entry_count(entry, "pulses", pulses);
}

void helper_grant(fl_entry *entry, uint64_t gid, uint64_t ctr, uint64_t sid)
{
    fl_entry_begin(entry, FL_KIND_GRANT);
    fl_entry_device(entry, HELPER_DEVICE, true);
    fl_entry_count(entry, "gid", gid);
    fl_entry_count(entry, "ctr", ctr);
    fl_entry_count(entry, "sid", sid);
    fl_entry_text(entry, "plan", "38d0287182a74a6879e277b5907da1f0807d24ed2cb56911517de9f9863d5a6a");
    fl_entry_text(entry, "zone", "F-L");
    fl_entry_text(entry, "pu", FL_PURPOSE_TREAT);
    fl_entry_int(entry, "energy_uJ", 199800);
    fl_entry_int(entry, "spot_um", 4000);
    fl_entry_int(entry, "wl_nm", 1064);
    fl_entry_text(entry, "who", "op:17");
}

void helper_pulse(fl_entry *entry, uint64_t gid, uint64_t ctr, uint64_t sid)
{
    fl_entry_begin(entry, FL_KIND_PULSE);
    fl_entry_device(entry, HELPER_DEVICE, true);
    fl_entry_count(entry, "gid", gid);
    fl_entry_count(entry, "ctr", ctr);
    fl_entry_count(entry, "sid", sid);
    fl_entry_int(entry, "meas_uJ", 197350);
}

fl_status helper_session(fl_journal *journal, helper_clock *clock, uint64_t sid, uint64_t gid, uint64_t ctr,
                         unsigned pulses)
{
    fl_entry entry;
    helper_session_open(&entry, sid, ctr);
    fl_status status = fl_journal_append(journal, &entry, 1, NULL);
    for (unsigned i = 0; i < pulses && status == FL_OK; i++) {
        helper_clock_add(clock, 97013);
        helper_grant(&entry, gid + i, ctr + i, sid);
        status = fl_journal_append(journal, &entry, 1, NULL);
        helper_clock_add(clock, 6871);
        helper_pulse(&entry, gid + i, ctr + i + 1, sid);
        if (status == FL_OK) status = fl_journal_append(journal, &entry, 1, NULL);
    }
    helper_session_close(&entry, sid, ctr + pulses, pulses);
    return status == FL_OK ? fl_journal_append(journal, &entry, 1, NULL) : status;
}

void helper_tamper(const char *directory, const char *sql)
{
    char path[FL_PLACE_MAX + 16], *why = NULL;
    sqlite3 *db;
    snprintf(path, sizeof path, "%s/journal.db", directory);
    must(sqlite3_open(path, &db) == SQLITE_OK, path);
    sqlite3_exec(db, "DROP TRIGGER IF EXISTS entry_no_update; DROP TRIGGER IF EXISTS entry_no_delete;", NULL,
                 NULL, NULL);
    if (sqlite3_exec(db, sql, NULL, NULL, &why) != SQLITE_OK) fprintf(stderr, "%s: %s\n", sql, why);
    must(why == NULL, "tampering");
    sqlite3_close(db);
}

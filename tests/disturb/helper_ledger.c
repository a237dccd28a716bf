#include "helper_ledger.h"

#include "fadeline/journal/verify.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void fail(ledger *l, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void fail(ledger *l, const char *format, ...)
{
    if (l->fault[0]) return;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(l->fault, sizeof l->fault, format, arguments);
    va_end(arguments);
}

static uint64_t count_of(ledger *l, const fl_record *record, const char *key)
{
    uint64_t value = 0;
    if (fl_record_count(record, key, &value) != FL_OK)
        fail(l, "entry %llu: no %s", (unsigned long long)l->next, key);
    return value;
}

static void take_grant(ledger *l, const fl_record *record)
{
    const uint64_t gid = count_of(l, record, "gid");
    if (l->open)
        fail(l, "entry %llu: grant %llu while %llu is open", (unsigned long long)l->next,
             (unsigned long long)gid, (unsigned long long)l->gid);
    if (l->grants && gid <= l->gid)
        fail(l, "entry %llu: grant %llu again", (unsigned long long)l->next, (unsigned long long)gid);
    l->open = true;
    l->doubts = false;
    l->gid = gid;
    l->grants++;
}

static void take_pulse(ledger *l, const fl_record *record)
{
    if (!l->open || l->doubts || count_of(l, record, "gid") != l->gid)
        fail(l, "entry %llu: a pulse for no open grant", (unsigned long long)l->next);
    l->open = false;
    l->pulses++;
}

static void take_unknown(ledger *l, const fl_record *record)
{
    if (!l->open || l->doubts || count_of(l, record, "gid") != l->gid)
        fail(l, "entry %llu: doubts about no open grant", (unsigned long long)l->next);
    l->doubts = true;
    l->unknowns++;
}

static void take_recon(ledger *l, const fl_record *record)
{
    const uint64_t delivered = count_of(l, record, "delivered");
    const int64_t moved = (int64_t)(count_of(l, record, "ctr_now") - count_of(l, record, "ctr_was"));
    if (l->open ? count_of(l, record, "gid") != l->gid || delivered > 1 : delivered != 0)
        fail(l, "entry %llu: a recon of no open grant", (unsigned long long)l->next);
    l->delivered += l->open && delivered;
    l->undelivered += l->open && !delivered;
    l->unexplained += moved - (int64_t)delivered;
    l->open = l->doubts = false;
}

static void take(ledger *l, const fl_record *record)
{
    int64_t interrupted;
    const fl_kind kind = fl_record_kind(record);
    switch (kind) {
    case FL_KIND_GRANT: take_grant(l, record); return;
    case FL_KIND_PULSE: take_pulse(l, record); return;
    case FL_KIND_PULSE_UNKNOWN: take_unknown(l, record); break;
    case FL_KIND_RECON: take_recon(l, record); break;
    case FL_KIND_CLOCK_STEP: l->steps++; break;
    case FL_KIND_DISK_LOW: l->lows++; break;
    case FL_KIND_SESSION_CLOSE:
        if (fl_record_int(record, "interrupted", &interrupted) != FL_OK) return;
        l->closed_later++;
        break;
    case FL_KIND_DROP:
    case FL_KIND_FAULT:
    case FL_KIND_SVC:
    case FL_KIND_ESTOP: break;
    default: return;
    }
    l->outcomes++;
}

bool ledger_read(ledger *l, const char *journal)
{
    l->outcomes = 0;
    fl_journal *open = NULL;
    fl_error error = {0};
    const fl_journal_options options = {.mode = FL_JOURNAL_READ};
    if (fl_journal_open(journal, &options, &open, &error) != FL_OK) return false;
    const uint64_t size = fl_journal_size(open);
    if (size < l->next)
        fail(l, "the journal had %llu entries and now has %llu", (unsigned long long)l->next,
             (unsigned long long)size);
    for (; l->next < size; l->next++) {
        fl_record record;
        if (fl_journal_record(open, l->next, &record) != FL_OK) {
            fail(l, "entry %llu cannot be read", (unsigned long long)l->next);
            break;
        }
        take(l, &record);
    }
    fl_journal_close(open);
    return true;
}

uint64_t ledger_laser(const char *state)
{
    char bytes[1024] = "";
    const int fd = open(state, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || read(fd, bytes, sizeof bytes - 1) < 0) bytes[0] = 0;
    if (fd >= 0) close(fd);
    uint64_t highest = 0;
    for (const char *at = bytes; (at = strstr(at, " k=")); at++) {
        const uint64_t k = strtoull(at + 3, NULL, 16);
        if (k > highest) highest = k;
    }
    return highest;
}

void ledger_close(ledger *l, const char *journal, const char *state, bool may_be_open)
{
    fl_error error = {0};
    fl_verify_report *report = malloc(sizeof *report);
    if (!report || fl_verify(journal, NULL, report, &error) != FL_OK)
        fail(l, "the journal does not verify: %.150s", report ? report->what : "");
    free(report);
    if (!ledger_read(l, journal)) fail(l, "the journal cannot be read");
    const uint64_t made = ledger_laser(state), known = l->pulses + l->delivered;
    if (l->unexplained) fail(l, "%lld pulses that no grant explains", (long long)l->unexplained);
    if (l->open && !may_be_open) fail(l, "grant %llu has no end", (unsigned long long)l->gid);
    if (made != known && !(l->open && may_be_open && made == known + 1))
        fail(l, "the laser made %llu pulses, the journal accounts for %llu", (unsigned long long)made,
             (unsigned long long)known);
    if (l->grants != l->pulses + l->delivered + l->undelivered + l->open)
        fail(l, "%llu grants, but %llu ends", (unsigned long long)l->grants,
             (unsigned long long)(l->pulses + l->delivered + l->undelivered));
}

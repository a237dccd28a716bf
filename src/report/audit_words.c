#include "audit_words.h"

#include <stdio.h>
#include <string.h>

bool fl_audit_same_device(const fl_audit_line *a, const fl_audit_line *b)
{
    return a->log == b->log && strcmp(a->dev, b->dev) == 0 && strcmp(a->site, b->site) == 0;
}

const char *fl_audit_site_or_dash(const char *site)
{
    return site[0] ? site : "-";
}

const char *fl_audit_grouped(int64_t number, char room[32])
{
    char digits[24];
    const uint64_t size = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
    const int length = snprintf(digits, sizeof digits, "%llu", (unsigned long long)size);
    char *to = room;
    if (number < 0) *to++ = '-';
    for (int i = 0; i < length; i++) {
        if (i && (length - i) % 3 == 0) *to++ = ',';
        *to++ = digits[i];
    }
    *to = 0;
    return room;
}

const char *fl_audit_time(const fl_audit *audit, fl_utc time, char room[40])
{
    char day[11];
    const int64_t us_a_day = 86400000000, local = time.us + (int64_t)audit->options.utc_offset_min * 60000000;
    const int64_t in_day = (local % us_a_day + us_a_day) % us_a_day;
    snprintf(room, 40, "%s %02d:%02d:%02d", fl_date_text(fl_date_of((fl_utc){local}), day),
             (int)(in_day / 3600000000), (int)(in_day / 60000000 % 60), (int)(in_day / 1000000 % 60));
    return room;
}

const char *fl_audit_zone(const fl_audit *audit, char room[16])
{
    const int offset = audit->options.utc_offset_min, size = offset < 0 ? -offset : offset;
    if (offset)
        snprintf(room, 16, "UTC%c%02d:%02d", offset < 0 ? '-' : '+', size / 60 % 24, size % 60);
    else
        snprintf(room, 16, "UTC");
    return room;
}

const char *fl_audit_code(fl_audit_finding_kind kind)
{
    switch (kind) {
    case FL_AUDIT_GAP: return "gap";
    case FL_AUDIT_SERVICE: return "service";
    case FL_AUDIT_UNSETTLED: return "unsettled";
    case FL_AUDIT_INTERRUPTED: return "interrupted";
    case FL_AUDIT_CLOCK: return "clock";
    case FL_AUDIT_SILENT: return "silent";
    case FL_AUDIT_MISMATCH: return "counter-mismatch";
    case FL_AUDIT_FAULT: return "service-fault";
    case FL_AUDIT_OPEN_ZONE: return "open-zone";
    case FL_AUDIT_NEW: return "new-device";
    default: return "?";
    }
}

/* Names of what is flagged: whole periods first, then single days of devices whose period is in order. */
static void add_names(const fl_audit *audit, fl_text *text)
{
    const char *between = "";
    char day_text[11];
    for (size_t i = 0; i < audit->total_count; i++) {
        const fl_audit_line *total = &audit->totals[i];
        if (total->flag) {
            fl_text_add(text, "%s%s %s", between, fl_audit_site_or_dash(total->site), total->dev);
            between = ", ";
            continue;
        }
        for (size_t d = 0; d < audit->day_count; d++) {
            const fl_audit_line *day = &audit->days[d];
            if (!day->flag || !fl_audit_same_device(day, total)) continue;
            fl_text_add(text, "%s%s %s on %s", between, fl_audit_site_or_dash(day->site), day->dev,
                        fl_date_text(day->from, day_text));
            between = ", ";
        }
    }
    for (size_t i = 0; i < audit->finding_count; i++) {
        const fl_audit_finding *finding = &audit->findings[i];
        if (finding->kind != FL_AUDIT_OPEN_ZONE) continue;
        fl_text_add(text, "%s%s %s zone not counted", between, fl_audit_site_or_dash(finding->site),
                    finding->dev);
        between = ", ";
    }
}

/* Counters may agree and still something fired or stayed open that must not. */
static size_t count_stops(const fl_audit *audit)
{
    size_t count = 0;
    for (size_t i = 0; i < audit->finding_count; i++)
        count += audit->findings[i].kind == FL_AUDIT_MISMATCH || audit->findings[i].kind == FL_AUDIT_FAULT;
    return count;
}

void fl_audit_verdict(const fl_audit *audit, char room[FL_AUDIT_SENTENCE])
{
    fl_text text = fl_text_in(room, FL_AUDIT_SENTENCE);
    char sum[32];
    if (!audit->total_count)
        fl_text_add(&text, "NOTHING TO AUDIT: no counter was read in this period");
    else if (audit->flagged) {
        fl_text_add(&text, "FLAG: ");
        add_names(audit, &text);
    } else {
        fl_text_add(&text, "OK: counters and records agree within tolerance");
        const size_t stops = count_stops(audit);
        if (stops) fl_text_add(&text, "; but see %zu mismatches or service-class faults below", stops);
    }
    if (audit->total_count)
        fl_text_add(&text, "; unexplained, every device without its sign: %s",
                    fl_audit_grouped((int64_t)audit->unexplained_absolute, sum));
}

/* A pause long enough to say from when to when; a gap between two seconds is said at once. */
static void say_gap(const fl_audit *audit, const fl_audit_finding *f, fl_text *text)
{
    char since[40], until[40], pulses[32], old[32], now[32];
    fl_text_add(text, "%s pulses %s ", fl_audit_grouped(f->pulses < 0 ? -f->pulses : f->pulses, pulses),
                f->pulses < 0 ? "recorded that the counter does not show," : "unexplained,");
    if (f->in_session)
        fl_text_add(text, "inside session %llu, ", (unsigned long long)f->sid);
    else
        fl_text_add(text, "outside any session, ");
    fl_text_add(text, "between %s and %s (expected %s, read %s)", fl_audit_time(audit, f->since, since),
                fl_audit_time(audit, f->until, until), fl_audit_grouped((int64_t)f->old, old),
                fl_audit_grouped((int64_t)f->now, now));
}

void fl_audit_say(const fl_audit *audit, const fl_audit_finding *f, char room[FL_AUDIT_SENTENCE])
{
    fl_text text = fl_text_in(room, FL_AUDIT_SENTENCE);
    char time[40], old[32], now[32], day[11];
    fl_audit_time(audit, f->since, time);
    switch (f->kind) {
    case FL_AUDIT_GAP: say_gap(audit, f, &text); break;
    case FL_AUDIT_SERVICE:
        fl_text_add(&text, "service: counter %s became %s at %s %s", fl_audit_grouped((int64_t)f->old, old),
                    fl_audit_grouped((int64_t)f->now, now), time, f->text);
        break;
    case FL_AUDIT_UNSETTLED:
        fl_text_add(
            &text, "grant %llu of session %llu, %s: whether it made its pulse is not known; read the counter",
            (unsigned long long)f->gid, (unsigned long long)f->sid, time);
        break;
    case FL_AUDIT_INTERRUPTED:
        fl_text_add(&text, "session %llu, opened %s, was never closed", (unsigned long long)f->sid, time);
        break;
    case FL_AUDIT_CLOCK:
        fl_text_add(&text, "the clock was changed, %s: times around it are doubtful, the order is not", time);
        break;
    case FL_AUDIT_SILENT:
        fl_text_add(&text, "no counter reading in this period; last on %s: %s", fl_date_text(f->day, day),
                    fl_audit_grouped((int64_t)f->old, old));
        break;
    case FL_AUDIT_MISMATCH:
        fl_text_add(&text, "counter mismatch found at %s: the laser showed %s, the records held %s", time,
                    fl_audit_grouped((int64_t)f->now, now), fl_audit_grouped((int64_t)f->old, old));
        break;
    case FL_AUDIT_OPEN_ZONE:
        fl_text_add(
            &text,
            "session %llu: zone %s was begun by hand at %s, counter %s, and its pulses were never counted",
            (unsigned long long)f->sid, f->text, time, fl_audit_grouped((int64_t)f->old, old));
        break;
    case FL_AUDIT_NEW:
        fl_text_add(&text, "first seen on %s, at counter %s: is it new, or a laser that had another name?",
                    fl_date_text(f->day, day), fl_audit_grouped((int64_t)f->old, old));
        break;
    case FL_AUDIT_FAULT:
        fl_text_add(&text, "service-class fault at %s: %s (fadeline explain CODE says more)", time, f->text);
        break;
    }
}

void fl_audit_proof(const fl_audit *audit, size_t log, char room[FL_AUDIT_SENTENCE])
{
    char root[2 * FL_SHA256_SIZE + 1];
    const fl_verify_report *journal = &audit->journals[log];
    snprintf(room, FL_AUDIT_SENTENCE,
             "journal %s, %llu entries, root SHA-256 %s; check: fadeline journal verify%s", journal->origin,
             (unsigned long long)journal->entries, fl_hex(journal->root.byte, FL_SHA256_SIZE, root),
             journal->simulated ? " --simulated" : "");
}

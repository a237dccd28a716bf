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
    case FL_AUDIT_ANCHOR: return "anchor";
    case FL_AUDIT_DAMAGE: return "journal-damaged";
    case FL_AUDIT_UNVERIFIED: return "journal-not-verified";
    case FL_AUDIT_HEALED: return "healed";
    case FL_AUDIT_SUCCESSION: return "succession";
    case FL_AUDIT_PAST_MISSING: return "log-missing";
    default: return "?";
    }
}

bool fl_audit_finding_flags(fl_audit_finding_kind kind)
{
    return kind == FL_AUDIT_OPEN_ZONE || kind == FL_AUDIT_ANCHOR || kind == FL_AUDIT_DAMAGE ||
           kind == FL_AUDIT_PAST_MISSING;
}

bool fl_audit_finding_is_severe(fl_audit_finding_kind kind)
{
    return fl_audit_finding_flags(kind) || kind == FL_AUDIT_MISMATCH || kind == FL_AUDIT_FAULT;
}

/* Of what flags by itself, beside what the counters say. */
static const char *flag_words(fl_audit_finding_kind kind)
{
    switch (kind) {
    case FL_AUDIT_OPEN_ZONE: return "zone not counted";
    case FL_AUDIT_ANCHOR: return "remembers another journal";
    case FL_AUDIT_DAMAGE: return "the journal was found damaged";
    default: return "an older log is missing, figures are from what is there";
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
        if (!fl_audit_finding_flags(finding->kind)) continue;
        if (finding->dev[0])
            fl_text_add(text, "%s%s %s %s", between, fl_audit_site_or_dash(finding->site), finding->dev,
                        flag_words(finding->kind));
        else
            fl_text_add(text, "%s%s", between, flag_words(finding->kind));
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
    if (!audit->total_count) {
        fl_text_add(&text, "NOTHING TO AUDIT: no counter was read in this period");
        if (audit->flagged) fl_text_add(&text, "; "), add_names(audit, &text);
    } else if (audit->flagged) {
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

/* What the journal says of itself: what happened, and what to do. */
static void say_own(const fl_audit *audit, const fl_audit_finding *f, fl_text *text)
{
    char time[40], old[32], now[32], root[2 * FL_SHA256_SIZE + 1], next[FL_HISTORY_WHERE];
    const fl_history *history = &audit->histories[f->log];
    const fl_history_log *log = history->logs, *own = fl_history_of(history, f->index);
    const size_t number = (size_t)(own - log);
    fl_audit_time(audit, f->since, time);
    fl_audit_grouped((int64_t)f->old, old), fl_audit_grouped((int64_t)f->now, now);
    switch (f->kind) {
    case FL_AUDIT_ANCHOR:
        fl_text_add(
            text,
            "at %s the laser remembered entry %s of a journal that is not this one (%s entries here): "
            "find out which copy it worked with; fadeline journal succeed when there is none",
            time, old, now);
        break;
    case FL_AUDIT_DAMAGE:
        fl_text_add(
            text,
            "the verification beside a session found the journal not good at %s (%s): keep all copies; "
            "fadeline journal verify says where, fadeline hub restore brings the hub's copy back",
            time, f->text);
        break;
    case FL_AUDIT_UNVERIFIED:
        fl_text_add(text,
                    "the verification beside a session did not end, %s (%s): nothing is known to be wrong; "
                    "fadeline journal verify does it whole",
                    time, f->text);
        break;
    case FL_AUDIT_HEALED:
        fl_text_add(
            text,
            "the journal was healed at %s from %s: %s entries replaced, %s added; ask who did it, and "
            "why it was needed",
            time, f->text[0] ? f->text : "a copy", old, now);
        break;
    case FL_AUDIT_SUCCESSION:
        fl_text_add(text, "a new log began at %s %s; ", time, f->text);
        if (!number) {
            fl_text_add(text, "the log before it is not part of this audit");
            break;
        }
        log = own - 1;
        fl_text_add(text,
                    "entries from here on are of log %zu; log %zu ended with %llu entries, root SHA-256 %s%s",
                    number + 1, number, (unsigned long long)log->entries,
                    fl_hex(log->root.byte, FL_SHA256_SIZE, root), log->missing ? " and is MISSING" : "");
        break;
    default:
        fl_text_add(
            text,
            "log 1 (%.80s, %s entries) is not where it was put, and what was before log 2 is not in these "
            "figures (%s is the first): put its directory back; fadeline journal verify names it",
            log->origin, old, fl_history_where(history, f->index, next));
        break;
    }
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
    case FL_AUDIT_ANCHOR:
    case FL_AUDIT_DAMAGE:
    case FL_AUDIT_UNVERIFIED:
    case FL_AUDIT_HEALED:
    case FL_AUDIT_SUCCESSION:
    case FL_AUDIT_PAST_MISSING: say_own(audit, f, &text); break;
    }
}

void fl_audit_proof(const fl_audit *audit, size_t source, size_t log, char room[FL_AUDIT_SENTENCE])
{
    char root[2 * FL_SHA256_SIZE + 1], name[40] = "journal";
    const fl_verify_report *journal = &audit->journals[source];
    const fl_history *history = &audit->histories[source];
    const fl_history_log *of = &history->logs[log];
    const bool newest = log + 1 == history->count;
    if (history->count > 1) snprintf(name, sizeof name, "log %zu of %zu,", log + 1, history->count);
    snprintf(room, FL_AUDIT_SENTENCE, "%s %s, %llu entries, root SHA-256 %s; %s%s", name, of->origin,
             (unsigned long long)(newest ? journal->entries : of->entries),
             fl_hex(newest ? journal->root.byte : of->root.byte, FL_SHA256_SIZE, root),
             of->missing ? "MISSING, its root as its successor names it; check: fadeline journal verify"
                         : "check: fadeline journal verify",
             journal->simulated ? " --simulated" : "");
}

#include "fadeline/report/audit.h"

#include "audit_parts.h"
#include "audit_words.h"

#include "fadeline/base/assert.h"
#include "fadeline/base/text.h"

#include <stdlib.h>
#include <string.h>

static uint64_t magnitude(int64_t value)
{
    return value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
}

/* The one formula of the page. */
static void finish_line(fl_audit_line *line, const fl_audit_options *options)
{
    line->delta = (int64_t)(line->closing - line->opening);
    const int64_t explained = line->service + (int64_t)(line->treatment + line->test + line->check);
    line->unexplained = line->delta - explained;
    const uint64_t share =
        magnitude(line->delta - line->service) / 1000 * options->tolerance_per_mille +
        magnitude(line->delta - line->service) % 1000 * options->tolerance_per_mille / 1000;
    line->tolerance = share > options->tolerance_pulses ? share : options->tolerance_pulses;
    line->flag = line->unexplained_absolute > line->tolerance;
}

static bool is_within(const fl_audit_options *options, fl_date day)
{
    return fl_date_compare(options->from, day) <= 0 && fl_date_compare(day, options->to) <= 0;
}

static bool is_wanted(const fl_audit *audit, const char *site, const char *dev)
{
    return (!audit->options.site || strcmp(audit->site, site) == 0) &&
           (!audit->options.device || strcmp(audit->device, dev) == 0);
}

fl_status fl_audit_feed(fl_ledger *ledger, fl_collect *collect, uint64_t index, const fl_record *record,
                        fl_error *error)
{
    fl_status status = fl_ledger_take(ledger, index, record);
    if (status == FL_OK) status = fl_collect_take(collect, index, record);
    return status == FL_OK
               ? FL_OK
               : fl_error_set(error, status, "entry %llu cannot be audited", (unsigned long long)index);
}

/* Days by device, then date; devices in the order of their sites and names. */
static int compare_lines(const void *a, const void *b)
{
    const fl_audit_line *x = a, *y = b;
    int order = strcmp(x->site, y->site);
    if (!order) order = strcmp(x->dev, y->dev);
    if (!order) order = (x->log > y->log) - (x->log < y->log);
    return order ? order : fl_date_compare(x->from, y->from);
}

/* The device's site as last said: a line written before anybody said it belongs to it too. */
static void spread_sites(fl_ledger *ledger)
{
    for (size_t d = 0; d < ledger->device_count; d++)
        for (size_t i = 0; i < ledger->day_count; i++)
            if (!ledger->days[i].site[0] && strcmp(ledger->days[i].dev, ledger->devices[d].dev) == 0)
                memcpy(ledger->days[i].site, ledger->devices[d].site, sizeof ledger->days[i].site);
}

/* Room for `more` members behind `count`. */
static fl_status extend(void **list, size_t count, size_t more, size_t size)
{
    if (!more) return FL_OK;
    void *moved = realloc(*list, (count + more) * size);
    if (!moved) return FL_E_MEMORY;
    *list = moved;
    return FL_OK;
}

static fl_status select_days(fl_audit *audit, const fl_ledger *ledger)
{
    if (extend((void **)&audit->days, audit->day_count, ledger->day_count, sizeof *audit->days) != FL_OK)
        return FL_E_MEMORY;
    for (size_t i = 0; i < ledger->day_count; i++) {
        const fl_audit_line *found = &ledger->days[i];
        if (!is_within(&audit->options, found->from) || !is_wanted(audit, found->site, found->dev)) continue;
        fl_audit_line *line = &audit->days[audit->day_count++];
        *line = *found;
        finish_line(line, &audit->options);
        /* two roads to one number: counters, and gap by gap */
        FL_ASSERT(line->unexplained == found->unexplained);
        FL_ASSERT(line->unexplained_absolute >= magnitude(line->unexplained));
    }
    return FL_OK;
}

static fl_status add_up(fl_audit *audit)
{
    if (!audit->day_count) return FL_OK;
    audit->totals = calloc(audit->day_count, sizeof *audit->totals);
    if (!audit->totals) return FL_E_MEMORY;
    qsort(audit->days, audit->day_count, sizeof *audit->days, compare_lines);
    for (size_t i = 0; i < audit->day_count; i++) {
        const fl_audit_line *day = &audit->days[i];
        fl_audit_line *total = audit->total_count ? &audit->totals[audit->total_count - 1] : NULL;
        if (!total || !fl_audit_same_device(total, day)) {
            total = &audit->totals[audit->total_count++];
            *total = (fl_audit_line){.log = day->log,
                                     .from = audit->options.from,
                                     .to = audit->options.to,
                                     .opening = day->opening};
            memcpy(total->dev, day->dev, sizeof total->dev);
            memcpy(total->site, day->site, sizeof total->site);
        }
        total->closing = day->closing;
        total->service += day->service;
        total->treatment += day->treatment;
        total->test += day->test;
        total->check += day->check;
        total->unexplained_absolute += day->unexplained_absolute;
        audit->flagged |= day->flag;
    }
    for (size_t i = 0; i < audit->total_count; i++) {
        finish_line(&audit->totals[i], &audit->options);
        audit->flagged |= audit->totals[i].flag;
        audit->unexplained_absolute += audit->totals[i].unexplained_absolute;
    }
    return FL_OK;
}

/* What the journal says of itself has neither laser nor site: every audit shows it. */
static bool is_of_the_journal(const fl_audit_finding *finding)
{
    return finding->kind == FL_AUDIT_CLOCK || (finding->kind >= FL_AUDIT_ANCHOR && !finding->dev[0]);
}

static bool has_day(const fl_audit *audit, unsigned log, const char *dev)
{
    for (size_t i = 0; i < audit->day_count; i++)
        if (audit->days[i].log == log && strcmp(audit->days[i].dev, dev) == 0) return true;
    return false;
}

/* The line of a device's first day; NULL: it has none. */
static const fl_audit_line *first_line(const fl_ledger *ledger, const fl_ledger_device *device)
{
    for (size_t i = 0; i < ledger->day_count; i++)
        if (strcmp(ledger->days[i].dev, device->dev) == 0) return &ledger->days[i];
    return NULL;
}

/* Who gives a laser another name leaves its locks, its open zones and its counter behind. The log cannot
 * know; it can say that a name is new where others were in use. */
static void find_new(fl_audit *audit, const fl_ledger *ledger)
{
    for (size_t i = 0; i < ledger->device_count; i++) {
        const fl_ledger_device *device = &ledger->devices[i];
        const fl_audit_line *first = first_line(ledger, device);
        if (!first || first == ledger->days || !is_within(&audit->options, first->from) ||
            fl_date_compare(ledger->days[0].from, first->from) >= 0 ||
            !is_wanted(audit, device->site, device->dev))
            continue;
        fl_audit_finding *finding = &audit->findings[audit->finding_count++];
        *finding = (fl_audit_finding){.kind = FL_AUDIT_NEW,
                                      .log = ledger->log,
                                      .day = first->from,
                                      .old = first->opening,
                                      .now = first->opening};
        memcpy(finding->dev, device->dev, sizeof finding->dev);
        memcpy(finding->site, device->site, sizeof finding->site);
    }
}

/* Whatever the period is: what was before it may be in there. */
static void find_missing_log(fl_audit *audit, unsigned log)
{
    const fl_history_log *missing = fl_history_missing(&audit->histories[log]);
    if (!missing) return;
    fl_audit_finding *finding = &audit->findings[audit->finding_count++];
    *finding = (fl_audit_finding){.kind = FL_AUDIT_PAST_MISSING,
                                  .log = log,
                                  .day = audit->options.from,
                                  .old = missing->entries,
                                  .index = missing->first + missing->entries};
    audit->flagged = true;
}

static fl_status select_findings(fl_audit *audit, const fl_ledger *ledger)
{
    if (extend((void **)&audit->findings, audit->finding_count,
               ledger->finding_count + 2 * ledger->device_count + 1, sizeof *audit->findings) != FL_OK)
        return FL_E_MEMORY;
    for (size_t i = 0; i < ledger->finding_count; i++) {
        const fl_audit_finding *finding = &ledger->findings[i];
        if (!is_within(&audit->options, finding->day) ||
            (!is_of_the_journal(finding) && !is_wanted(audit, finding->site, finding->dev)))
            continue;
        audit->findings[audit->finding_count++] = *finding;
        audit->flagged |= fl_audit_finding_flags(finding->kind);
    }
    for (size_t i = 0; i < ledger->device_count; i++) {
        const fl_ledger_device *device = &ledger->devices[i];
        if (!device->day || !is_wanted(audit, device->site, device->dev) ||
            has_day(audit, ledger->log, device->dev))
            continue;
        const fl_date last = ledger->days[device->day - 1].from;
        if (fl_date_compare(last, audit->options.from) >= 0) continue;
        fl_audit_finding *finding = &audit->findings[audit->finding_count++];
        *finding = (fl_audit_finding){.kind = FL_AUDIT_SILENT,
                                      .log = ledger->log,
                                      .day = last,
                                      .since = device->read_at,
                                      .old = device->ctr,
                                      .now = device->ctr};
        memcpy(finding->dev, device->dev, sizeof finding->dev);
        memcpy(finding->site, device->site, sizeof finding->site);
    }
    find_new(audit, ledger);
    find_missing_log(audit, ledger->log);
    return FL_OK;
}

static fl_status check_options(fl_audit *audit, const fl_audit_options *options, fl_error *error)
{
    audit->options = *options;
    if (!fl_date_is_set(options->from) || !fl_date_is_set(options->to) ||
        fl_date_compare(options->from, options->to) > 0)
        return fl_error_set(error, FL_E_USAGE, "the audit needs a first and a last day, in this order");
    if (options->utc_offset_min < -14 * 60 || options->utc_offset_min > 14 * 60)
        return fl_error_set(error, FL_E_USAGE, "no place on earth is that far from UTC");
    if (options->tolerance_per_mille > 1000)
        return fl_error_set(error, FL_E_USAGE, "a tolerance above 100 %% finds nothing");
    if (options->site &&
        snprintf(audit->site, sizeof audit->site, "%s", options->site) >= (int)sizeof audit->site)
        return fl_error_set(error, FL_E_USAGE, "a site has at most %d bytes", FL_AUDIT_SITE_MAX);
    if (options->device &&
        snprintf(audit->device, sizeof audit->device, "%s", options->device) >= (int)sizeof audit->device)
        return fl_error_set(error, FL_E_USAGE, "a device has at most %d bytes", FL_DEVICE_ID_MAX);
    audit->options.site = options->site ? audit->site : NULL;
    audit->options.device = options->device ? audit->device : NULL;
    if (!options->tolerance_pulses) audit->options.tolerance_pulses = FL_AUDIT_TOLERANCE_PULSES;
    if (!options->tolerance_per_mille) audit->options.tolerance_per_mille = FL_AUDIT_TOLERANCE_PER_MILLE;
    return FL_OK;
}

fl_status fl_audit_end_log(fl_audit *audit, const fl_verify_report *verified, const fl_history *history,
                           fl_ledger *ledger, fl_collect *collect, fl_error *error)
{
    fl_status status = fl_history_copy(history, &audit->histories[audit->journal_count]);
    if (status != FL_OK) return fl_error_set(error, status, "no memory for the audit");
    audit->journals[audit->journal_count++] = *verified;
    audit->simulated |= verified->simulated;
    status = fl_ledger_end(ledger, history->length);
    if (status == FL_OK) {
        spread_sites(ledger);
        status = select_days(audit, ledger);
    }
    if (status == FL_OK) status = select_findings(audit, ledger);
    if (status == FL_OK) status = fl_collect_end(collect);
    return status == FL_OK ? FL_OK : fl_error_set(error, status, "no memory for the audit");
}

static fl_status take_source(fl_audit *audit, const fl_audit_source *source, bool several, fl_error *error)
{
    fl_history one = {0};
    const fl_history *history = source->history ? source->history : &one;
    if (!source->history && fl_history_one(source->verified->origin, fl_verify_good(source->verified),
                                           &source->verified->root, &one) != FL_OK)
        return fl_error_set(error, FL_E_MEMORY, "no memory for the audit");
    fl_ledger ledger = {.utc_offset_min = audit->options.utc_offset_min,
                        .log = (unsigned)audit->journal_count};
    fl_collect collect = {.audit = audit, .ledger = &ledger, .several = several};
    fl_status status = FL_OK;
    ledger.ear = fl_collect_ear(&collect);
    for (uint64_t i = history->from; i < history->length && status == FL_OK; i++) {
        fl_record record;
        status = source->record(source->self, i, &record);
        if (status == FL_OK)
            status = fl_audit_feed(&ledger, &collect, i, &record, error);
        else
            fl_error_set(error, status, "entry %llu cannot be audited", (unsigned long long)i);
    }
    if (status == FL_OK)
        status = fl_audit_end_log(audit, source->verified, history, &ledger, &collect, error);
    fl_collect_fini(&collect);
    fl_ledger_fini(&ledger);
    fl_history_fini(&one);
    return status;
}

static fl_status check_sources(const fl_audit_source *sources, size_t count, bool good_part, fl_error *error)
{
    for (size_t i = 0; i < count; i++) {
        const fl_verify_report *v = sources[i].verified;
        if (v->damaged && !good_part) {
            fl_error_set(error, FL_E_DAMAGED, "%s", v->what);
            fl_error_hint(error, "there is no audit of a damaged journal; fadeline journal verify says more");
            return FL_E_DAMAGED;
        }
        if (v->simulated != sources[0].verified->simulated)
            return fl_error_set(error, FL_E_REFUSED, "%s and %s: one is simulated, the other is not",
                                sources[0].verified->origin, v->origin);
    }
    return FL_OK;
}

fl_audit *fl_audit_begin(const fl_audit_options *options, size_t logs, fl_error *error)
{
    fl_audit *made = calloc(1, sizeof *made);
    if (made) made->journals = calloc(logs + 1, sizeof *made->journals);
    if (made) made->histories = calloc(logs + 1, sizeof *made->histories);
    if (!made || !made->journals || !made->histories) {
        fl_error_set(error, FL_E_MEMORY, "no memory for the audit");
    } else if (check_options(made, options, error) == FL_OK) {
        return made;
    }
    fl_audit_free(made);
    return NULL;
}

fl_status fl_audit_finish(fl_audit *audit, fl_error *error)
{
    fl_status status = add_up(audit);
    if (status == FL_OK) status = fl_sections_finish(audit);
    return status == FL_OK ? FL_OK : fl_error_set(error, status, "no memory for the audit");
}

fl_status fl_audit_new_from(const fl_audit_source *sources, size_t count, const fl_audit_options *options,
                            fl_audit **audit, fl_error *error)
{
    fl_audit *made = fl_audit_begin(options, count, error);
    if (!made) return error->status;
    fl_status status = check_sources(sources, count, options->good_part, error);
    for (size_t i = 0; i < count && status == FL_OK; i++)
        status = take_source(made, &sources[i], count > 1, error);
    if (status == FL_OK) status = fl_audit_finish(made, error);
    if (status == FL_OK)
        *audit = made;
    else
        fl_audit_free(made);
    return status;
}

static fl_status record_of_journal(void *self, uint64_t position, fl_record *record)
{
    return fl_journal_past(self, position, record);
}

/* Of a damaged log only what is good of it: an older one may be what is damaged. */
fl_status fl_audit_history(fl_journal *journal, const fl_verify_report *report, fl_history *history,
                           fl_error *error)
{
    if (!report->damaged) return fl_history_read(journal, history, error);
    const uint64_t first = fl_journal_before(journal);
    if (fl_history_one(report->origin, fl_verify_good(report), &report->root, history) != FL_OK)
        return fl_error_set(error, FL_E_MEMORY, "no memory for the audit");
    history->from = history->logs[0].first = first;
    history->length += first;
    return FL_OK;
}

fl_status fl_audit_new(fl_journal *journal, const fl_audit_options *options, fl_audit **audit,
                       fl_error *error)
{
    fl_verify_report *report = calloc(1, sizeof *report);
    if (!report) return fl_error_set(error, FL_E_MEMORY, "no memory for the audit");
    fl_status status = fl_verify_journal(journal, NULL, report, error);
    if (status == FL_E_DAMAGED && options->good_part) status = FL_OK;
    if (status == FL_E_DAMAGED)
        fl_error_hint(error, "there is no audit of a damaged journal; fadeline journal verify says more");
    fl_history history = {0};
    if (status == FL_OK) status = fl_audit_history(journal, report, &history, error);
    const fl_audit_source source = {report, record_of_journal, journal, &history};
    if (status == FL_OK) status = fl_audit_new_from(&source, 1, options, audit, error);
    fl_history_fini(&history);
    free(report);
    return status;
}

void fl_audit_free(fl_audit *audit)
{
    if (!audit) return;
    free(audit->totals);
    free(audit->days);
    free(audit->findings);
    for (size_t i = 0; i < audit->journal_count; i++) fl_history_fini(&audit->histories[i]);
    free(audit->histories);
    free(audit->journals);
    fl_sections_fini(&audit->sections);
    free(audit);
}

uint64_t fl_audit_entry(const fl_audit *audit, unsigned log, uint64_t index, size_t *number)
{
    const fl_history *history = &audit->histories[log];
    const fl_history_log *found = fl_history_of(history, index);
    *number = (size_t)(found - history->logs) + 1;
    for (unsigned i = 0; i < log; i++) *number += audit->histories[i].count;
    return index - found->first;
}

size_t fl_audit_logs(const fl_audit *audit)
{
    size_t count = 0;
    for (size_t i = 0; i < audit->journal_count; i++) count += audit->histories[i].count;
    return count;
}

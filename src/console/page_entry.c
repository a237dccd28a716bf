/* Entry: one entry of the journal, mostly a pulse: what it says, its place, its neighbours, and the evidence
 * that it is in the signed log, for somebody who trusts no page of ours. A log may go on with the history of
 * older ones: /entry/17 is of the newest, /entry/2/17 of the second. */
#include "owner.h"

#include "fadeline/base/show.h"
#include "fadeline/base/text.h"
#include "fadeline/journal/export.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct opened {
    owner_audit log;
    fl_journal *journal;
    const fl_history *history;
    size_t number, logs;               /* which log, counted from 1, of how many */
    uint64_t index, first, size, good; /* own number; position of the log's first entry; own numbers again */
} opened;

static void close_entry(page *p, opened *o)
{
    fl_journal_close(o->journal);
    owner_close(p, &o->log);
}

static bool is_newest(const opened *o)
{
    return o->number == o->logs;
}

/* Own numbers of the newest log go by the journal as it is now; an older one never changes again. */
static bool find_log(opened *o)
{
    o->history = &o->log.audit->histories[0];
    o->logs = o->history->count;
    if (!o->number) o->number = o->logs;
    if (o->number > o->logs) return false;
    const fl_history_log *log = &o->history->logs[o->number - 1];
    o->first = log->first;
    o->size = is_newest(o) ? fl_journal_size(o->journal) : log->entries;
    /* what verification found of the newest says nothing good of one that it builds on */
    o->good = is_newest(o) ? fl_verify_good(o->log.log) : o->log.log->damaged ? 0 : o->size;
    return o->index < o->size || log->missing;
}

/* number: of the log; 0: the newest. */
static bool open_entry(page *p, opened *o, uint64_t number, const char *index)
{
    fl_error error = {0};
    *o = (opened){.number = (size_t)number};
    if (fl_read_u64(index, &o->index) != FL_OK)
        return page_refuse(p, 404, say(p, W_OW_NO_ENTRY), NULL), false;
    if (!owner_open(p, p->today, p->today, NULL, &o->log)) return false;
    if (book_look(p, &o->journal, &error) != FL_OK) {
        page_failed(p, &error);
        return close_entry(p, o), false;
    }
    if (!find_log(o)) {
        page_refuse(p, 404, say(p, W_OW_NO_ENTRY), NULL);
        return close_entry(p, o), false;
    }
    const fl_history_log *log = &o->history->logs[o->number - 1];
    if (!log->missing) return true;
    page_refuse(p, 404, page_fill(p, W_OW_MISSING_LOG, log->origin), NULL);
    return close_entry(p, o), false;
}

static void put_way(page *p, const opened *o, const char *rel, size_t number, uint64_t own)
{
    const char *name = number == o->number ? page_count(p, own)
                                           : owner_fill(p, W_OW_LOG_ENTRY, page_count(p, (uint64_t)number),
                                                        page_count(p, own), NULL);
    html_put(&p->html,
             rel[0] == 'p' ? "<a class=\"button\" rel=\"%s\" href=\"%s\">← %s</a>"
                           : "<a class=\"button\" rel=\"%s\" href=\"%s\">%s →</a>",
             rel, owner_entry_url(p, number, o->logs, own), name);
}

/* Beyond the ends of a log its neighbours are in the log before and the one after. */
static void put_ways(page *p, const opened *o, const fl_record *record)
{
    html *w = &p->html;
    uint64_t sid;
    char digits[24];
    const fl_history_log *logs = o->history->logs;
    html_put(w, "<nav class=\"months\" aria-label=\"%s\">", say(p, W_OW_NEIGHBOURS));
    if (o->index)
        put_way(p, o, "prev", o->number, o->index - 1);
    else if (o->number > 1 && !logs[o->number - 2].missing && logs[o->number - 2].entries)
        put_way(p, o, "prev", o->number - 1, logs[o->number - 2].entries - 1);
    if (o->index + 1 < o->size)
        put_way(p, o, "next", o->number, o->index + 1);
    else if (!is_newest(o))
        put_way(p, o, "next", o->number + 1, 0);
    if (record && fl_record_count(record, "sid", &sid) == FL_OK) {
        snprintf(digits, sizeof digits, "%llu", (unsigned long long)sid);
        html_put(w, "<a class=\"button\" href=\"%s\">%s</a>", page_url(p, "/record/%s", digits),
                 page_fill(p, W_OW_SESSION_OF, digits));
    }
    html_put(w, "</nav>");
}

/* A value as the entry has it: texts without their quotes, escapes shown. */
static void put_value(page *p, const struct fl_record_field *part)
{
    char shown[FL_SHOWN_MAX], text[FL_ENTRY_TEXT_MAX + 1];
    size_t size = part->value_size;
    const char *value = part->value;
    if (size >= 2 && value[0] == '"') value++, size -= 2;
    snprintf(text, sizeof text, "%.*s", (int)(size < sizeof text ? size : sizeof text - 1), value);
    html_put(&p->html, "%s", fl_show_text(shown, sizeof shown, text));
}

static void put_fields(page *p, const fl_record *record)
{
    html *w = &p->html;
    html_put(w,
             "<div class=\"table\" role=\"region\" tabindex=\"0\" aria-label=\"%s\"><table "
             "class=\"fields\"><tbody>",
             say(p, W_OW_SAYS));
    for (unsigned i = 0; i < record->count; i++) {
        const struct fl_record_field *part = &record->fields[i];
        html_put(w, "<tr><th scope=\"row\"><code>%s</code></th><td>",
                 page_format(p, "%.*s", (int)part->key_size, part->key));
        put_value(p, part);
        html_put(w, "</td></tr>");
    }
    html_put(w, "</tbody></table></div>");
}

/* Of an older log: it is closed, and its successor says, signed, how long it was and what its root is. */
static void put_old_evidence(page *p, const opened *o)
{
    char hex[2 * FL_SHA256_SIZE + 1];
    html *w = &p->html;
    const fl_history_log *log = &o->history->logs[o->number - 1];
    html_put(w,
             "<p>%s</p><dl class=\"origin\"><dt>%s</dt><dd>%s</dd><dt>%s</dt><dd class=\"hash\">%s</dd></dl>",
             owner_fill(p, W_OW_OLD_EVIDENCE, page_count(p, log->entries), NULL, NULL), say(p, W_OW_LOG),
             log->origin, say(p, W_OW_ROOT), fl_hex(log->root.byte, FL_SHA256_SIZE, hex));
    html_put(w, "<p><a class=\"button\" href=\"%s\">%s</a></p>",
             owner_entry_url(p, o->number + 1, o->logs, 1), say(p, W_OW_OLD_WITNESS));
}

static void put_evidence(page *p, const opened *o, const char *bytes, size_t size)
{
    char hex[2 * FL_SHA256_SIZE + 1];
    html *w = &p->html;
    const fl_hash leaf = fl_tree_leaf(bytes, size);
    const bool is_signed = o->index < o->log.log->signed_size;
    html_put(w, "<section><h2>%s</h2><p class=\"hash\">SHA-256: %s</p>", say(p, W_OW_EVIDENCE),
             fl_hex(leaf.byte, FL_SHA256_SIZE, hex));
    if (!is_newest(o)) {
        put_old_evidence(p, o);
        html_put(w, "</section>");
        return;
    }
    const char *own = page_format(p, "%llu", (unsigned long long)o->index);
    html_put(w, "<p>%s</p>", say(p, is_signed ? W_OW_EVIDENCE_WHY : W_OW_NOT_SIGNED_YET));
    if (is_signed)
        html_put(w, "<p><a class=\"button\" href=\"%s\">%s</a></p>", page_url(p, "/entry/%s/proof", own),
                 say(p, W_OW_PROOF));
    html_put(w, "<pre tabindex=\"0\">fadeline journal proof %s%s</pre></section>", own,
             p->simulated ? " --simulated" : "");
}

static void put_contents(page *p, const fl_record *record)
{
    int64_t at;
    html *w = &p->html;
    html_put(w, "<section><h2>%s</h2>", say(p, W_OW_SAYS));
    if (record) {
        html_put(
            w, "<dl class=\"facts\"><div><dt>%s</dt><dd>%s</dd></div><div><dt>%s</dt><dd>%s</dd></div></dl>",
            owner_column(p, "kind"), fl_kind_text(fl_record_kind(record)), owner_column(p, "time_utc"),
            fl_record_int(record, "utc_us", &at) == FL_OK ? owner_time(p, (fl_utc){at}) : "\xe2\x80\x93");
        put_fields(p, record);
    } else {
        html_put(w, "<p>%s</p>", say(p, W_OW_UNREADABLE));
    }
    html_put(w, "</section>");
}

static void show(page *p, uint64_t number, const char *index)
{
    opened o;
    const char *bytes;
    size_t size;
    fl_record record;
    html *w = &p->html;
    if (!open_entry(p, &o, number, index)) return;
    const bool there = fl_journal_past_bytes(o.journal, o.first + o.index, &bytes, &size) == FL_OK;
    const bool reads = there && fl_record_read(bytes, size, &record) == FL_OK;
    page_begin(p, is_newest(&o) ? page_fill(p, W_OW_ENTRY_OF, page_count(p, o.index))
                                : owner_fill(p, W_OW_ENTRY_OF_LOG, page_count(p, o.index),
                                             page_count(p, (uint64_t)o.number), NULL));
    owner_damage(p, o.log.log);
    put_ways(p, &o, reads ? &record : NULL);
    if (!is_newest(&o)) html_put(w, "<p class=\"hint\">%s</p>", say(p, W_OW_OLDER_LOG));
    if (o.index >= o.good)
        html_put(w, "<p class=\"verdict\"><span class=\"state bad\">%s</span></p>", say(p, W_OW_NOT_PROVEN));
    put_contents(p, reads ? &record : NULL);
    if (there) put_evidence(p, &o, bytes, size);
    close_entry(p, &o);
    page_end(p);
}

void page_entry(page *p)
{
    show(p, 0, page_part(p, 0));
}

void page_entry_older(page *p)
{
    uint64_t number;
    if (fl_read_u64(page_part(p, 0), &number) != FL_OK || !number || number > 10000)
        return page_refuse(p, 404, say(p, W_OW_NO_ENTRY), NULL);
    show(p, number, page_part(p, 1));
}

void page_entry_proof(page *p)
{
    opened o;
    char *proof = NULL;
    size_t size = 0;
    fl_error error = {0};
    if (!open_entry(p, &o, 0, page_part(p, 0))) return;
    FILE *memory = open_memstream(&proof, &size);
    fl_status status = memory ? fl_export_proof(o.journal, o.index, memory, &error)
                              : fl_error_set(&error, FL_E_MEMORY, "no memory");
    if (memory) fclose(memory);
    page_file_made(p, status, &error, "text/plain; charset=utf-8",
                   page_format(p, "entry-%s.tlog-proof", page_part(p, 0)), proof, size);
    close_entry(p, &o);
}

/* Entry: one entry of the journal, mostly a pulse: what it says, its place, its neighbours, and the evidence
 * that it is in the signed log, for somebody who trusts no page of ours. */
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
    uint64_t index, size, good;
} opened;

static void close_entry(page *p, opened *o)
{
    fl_journal_close(o->journal);
    owner_close(p, &o->log);
}

static bool open_entry(page *p, opened *o)
{
    fl_error error = {0};
    *o = (opened){0};
    if (fl_read_u64(page_part(p, 0), &o->index) != FL_OK)
        return page_refuse(p, 404, say(p, W_OW_NO_ENTRY), NULL), false;
    if (!owner_open(p, p->today, p->today, NULL, &o->log)) return false;
    o->good = fl_verify_good(o->log.log);
    if (book_look(p, &o->journal, &error) != FL_OK) {
        page_failed(p, &error);
        return close_entry(p, o), false;
    }
    o->size = fl_journal_size(o->journal);
    if (o->index < o->size) return true;
    page_refuse(p, 404, say(p, W_OW_NO_ENTRY), NULL);
    return close_entry(p, o), false;
}

static const char *entry_url(page *p, uint64_t index)
{
    char digits[24];
    snprintf(digits, sizeof digits, "%llu", (unsigned long long)index);
    return page_url(p, "/entry/%s", digits);
}

static void put_ways(page *p, const opened *o, const fl_record *record)
{
    html *w = &p->html;
    uint64_t sid;
    char digits[24];
    html_put(w, "<nav class=\"months\" aria-label=\"%s\">", say(p, W_OW_NEIGHBOURS));
    if (o->index)
        html_put(w, "<a class=\"button\" rel=\"prev\" href=\"%s\">← %s</a>", entry_url(p, o->index - 1),
                 page_count(p, o->index - 1));
    if (o->index + 1 < o->size)
        html_put(w, "<a class=\"button\" rel=\"next\" href=\"%s\">%s →</a>", entry_url(p, o->index + 1),
                 page_count(p, o->index + 1));
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

static void put_evidence(page *p, const opened *o, const char *bytes, size_t size)
{
    char hex[2 * FL_SHA256_SIZE + 1];
    html *w = &p->html;
    const fl_hash leaf = fl_tree_leaf(bytes, size);
    const bool is_signed = o->index < o->log.log->signed_size;
    html_put(w, "<section><h2>%s</h2><p class=\"hash\">SHA-256: %s</p>", say(p, W_OW_EVIDENCE),
             fl_hex(leaf.byte, FL_SHA256_SIZE, hex));
    html_put(w, "<p>%s</p>", say(p, is_signed ? W_OW_EVIDENCE_WHY : W_OW_NOT_SIGNED_YET));
    if (is_signed)
        html_put(w, "<p><a class=\"button\" href=\"%s\">%s</a></p>",
                 page_url(p, "/entry/%s/proof", page_part(p, 0)), say(p, W_OW_PROOF));
    html_put(w, "<pre tabindex=\"0\">fadeline journal proof %s%s</pre></section>", page_part(p, 0),
             p->simulated ? " --simulated" : "");
}

void page_entry(page *p)
{
    opened o;
    const char *bytes;
    size_t size;
    fl_record record;
    html *w = &p->html;
    if (!open_entry(p, &o)) return;
    const bool there = fl_journal_read(o.journal, o.index, &bytes, &size) == FL_OK;
    const bool reads = there && fl_record_read(bytes, size, &record) == FL_OK;
    page_begin(p, page_fill(p, W_OW_ENTRY_OF, page_count(p, o.index)));
    owner_damage(p, o.log.log);
    put_ways(p, &o, reads ? &record : NULL);
    if (o.index >= o.good)
        html_put(w, "<p class=\"verdict\"><span class=\"state bad\">%s</span></p>", say(p, W_OW_NOT_PROVEN));
    int64_t at;
    html_put(w, "<section><h2>%s</h2>", say(p, W_OW_SAYS));
    if (reads)
        html_put(
            w, "<dl class=\"facts\"><div><dt>%s</dt><dd>%s</dd></div><div><dt>%s</dt><dd>%s</dd></div></dl>",
            owner_column(p, "kind"), fl_kind_text(fl_record_kind(&record)), owner_column(p, "time_utc"),
            fl_record_int(&record, "utc_us", &at) == FL_OK ? owner_time(p, (fl_utc){at}) : "\xe2\x80\x93");
    if (reads) put_fields(p, &record);
    if (!reads) html_put(w, "<p>%s</p>", say(p, W_OW_UNREADABLE));
    html_put(w, "</section>");
    if (there) put_evidence(p, &o, bytes, size);
    close_entry(p, &o);
    page_end(p);
}

void page_entry_proof(page *p)
{
    opened o;
    char *proof = NULL;
    size_t size = 0;
    fl_error error = {0};
    if (!open_entry(p, &o)) return;
    FILE *memory = open_memstream(&proof, &size);
    fl_status status = memory ? fl_export_proof(o.journal, o.index, memory, &error)
                              : fl_error_set(&error, FL_E_MEMORY, "no memory");
    if (memory) fclose(memory);
    if (status == FL_OK)
        page_file(p, "text/plain; charset=utf-8", page_format(p, "entry-%s.tlog-proof", page_part(p, 0)),
                  proof, size);
    else
        page_failed(p, &error);
    free(proof);
    close_entry(p, &o);
}

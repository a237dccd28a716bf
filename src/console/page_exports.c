/* Exports: the month for other programs and other people. Each goes out only with its entry and its hash in
 * the journal, as the commands do it; while a session holds the journal nothing goes out. */
#include "owner.h"

#include "fadeline/base/text.h"
#include "fadeline/report/audit_file.h"
#include "fadeline/report/inspector.h"

#include <stdlib.h>
#include <string.h>

static const struct offer { /* value of the form; ending; French */
    const char *value, *ending;
    bool french;
    word name;
} offers[] = {
    {"pdf", ".pdf", false, W_OW_X_PDF},         {"csv", ".csv", false, W_OW_X_CSV},
    {"csv-fr", ".csv", true, W_OW_X_CSV_FR},    {"xlsx", ".xlsx", false, W_OW_X_XLSX},
    {"xlsx-fr", ".xlsx", true, W_OW_X_XLSX_FR}, {"json", ".json", false, W_OW_X_JSON},
    {"jsonl", ".jsonl", false, W_OW_X_JSONL},   {"fhir", ".fhir.json", false, W_OW_X_FHIR},
    {"txt", ".txt", false, W_OW_X_TXT},
};

/* ---- the page ---- */

static void put_hidden(page *p, const char *name, const char *value)
{
    html_put(&p->html, "<input type=\"hidden\" name=\"%s\" value=\"%s\">", name, value);
}

static void put_tables(page *p)
{
    html *w = &p->html;
    html_put(w, "<div class=\"field\"><label for=\"table\">%s</label><select id=\"table\" name=\"table\">",
             say(p, W_OW_X_TABLE));
    html_put(w, "<option value=\"\">%s</option>", say(p, W_OW_DAY_BY_DAY));
    for (size_t i = 0; fl_audit_table_at(i); i++)
        html_put(w, "<option value=\"%s\">%s</option>", fl_audit_table_at(i)->name,
                 p->language == FRENCH ? fl_audit_table_at(i)->feuille : fl_audit_table_at(i)->name);
    html_put(w, "</select></div>");
}

static void put_audit_forms(page *p, const char *month)
{
    html *w = &p->html;
    html_put(w, "<section><h2>%s</h2><p>%s</p><div class=\"files\">", say(p, W_OW_X_MONTH),
             say(p, W_OW_X_WHY));
    page_form(p, "/exports");
    put_hidden(p, "month", month);
    put_tables(p);
    html_put(w, "<p class=\"ways-of\">");
    for (size_t i = 0; i < sizeof offers / sizeof *offers; i++)
        html_put(w, "<button name=\"format\" value=\"%s\">%s</button>", offers[i].value,
                 say(p, offers[i].name));
    html_put(w, "</p></form></div></section>");
}

static void put_pack_form(page *p, const fl_audit *audit, const char *month)
{
    const char *names[24];
    size_t count = 0;
    char from[11], to[11];
    html *w = &p->html;
    for (size_t i = 0; i < audit->sections.service.count && count < 24; i++)
        names[count++] = audit->sections.service.at[i].dev;
    if (!count) return;
    html_put(w, "<section><h2>%s</h2><p>%s</p><div class=\"files\">", say(p, W_OW_X_PACK),
             say(p, W_OW_X_PACK_WHY));
    page_form(p, "/inspector");
    put_hidden(p, "month", month);
    page_choice(p, "dev", W_LASER, names, names, count, W_NONE);
    html_put(w,
             "<div class=\"field\"><label for=\"from\">%s</label><input type=\"date\" id=\"from\" "
             "name=\"from\" required value=\"%s\"></div>",
             owner_column(p, "from"), fl_date_text(fl_date_add_months(audit->options.from, -2), from));
    html_put(w,
             "<div class=\"field\"><label for=\"to\">%s</label><input type=\"date\" id=\"to\" name=\"to\" "
             "required value=\"%s\"></div>",
             owner_column(p, "to"), fl_date_text(audit->options.to, to));
    page_form_end(p, W_OW_X_PACK_MAKE);
    html_put(w, "</div></section>");
}

static bool went_out(const void *self, const fl_audit_table *table, const fl_audit_row *row)
{
    (void)self, (void)table;
    return fl_text_same(row->cells[1].text, "export") || fl_text_same(row->cells[1].text, "print");
}

void page_exports(page *p)
{
    fl_date first, last;
    owner_audit o;
    html *w = &p->html;
    const char *month = page_part(p, 0);
    if (!owner_read_month(month, &first, &last)) return page_refuse(p, 404, say(p, W_NO_PAGE), NULL);
    if (!owner_open(p, first, last, NULL, &o)) return;
    page_begin(p, page_fill(p, W_OW_EXPORTS_OF, month));
    owner_damage(p, o.log);
    html_put(w, "<nav class=\"months\" aria-label=\"%s\"><a class=\"button\" href=\"%s\">← %s</a></nav>",
             say(p, W_OW_MONTHS), page_url(p, "/month/%s", month), page_fill(p, W_OW_MONTH_OF, month));
    if (o.log->damaged) {
        html_put(w, "<p>%s</p>", say(p, W_OW_DAMAGE_NO_PAPER));
    } else if (page_may_open(p, ROUTE_POST, "/exports")) {
        put_audit_forms(p, month);
        put_pack_form(p, o.audit, month);
    }
    html_put(w, "<section><h2>%s</h2>", say(p, W_OW_X_OUT));
    owner_table_of(p, o.audit, "acts", W_OW_NONE_FOUND, went_out, NULL);
    html_put(w, "</section>");
    owner_close(p, &o);
    page_end(p);
}

/* ---- what goes out ---- */

/* Hands out what its entry says, or nothing. */
static void hand_out(page *p, fl_entry *entry, const char *type, const char *name, const char *bytes,
                     size_t size)
{
    fl_error error = {0};
    fl_entry_text(entry, "who", p->visitor->who);
    if (book_write(p, entry, 1, NULL, &error) != FL_OK) return page_failed(p, &error);
    page_file(p, type, name, bytes, size);
}

static const struct offer *offer_of(const char *value)
{
    for (size_t i = 0; value && i < sizeof offers / sizeof *offers; i++)
        if (strcmp(offers[i].value, value) == 0) return &offers[i];
    return NULL;
}

/* Read whole, from the first entry: what is handed to others never comes from the shelf. */
static fl_status audit_of(page *p, const fl_audit_options *options, fl_audit **audit, fl_error *error)
{
    fl_journal *journal = NULL;
    fl_status status = book_look(p, &journal, error);
    if (status == FL_OK) status = fl_audit_new(journal, options, audit, error);
    fl_journal_close(journal);
    return status;
}

void page_exports_post(page *p)
{
    fl_audit_options options = {0};
    fl_audit *audit = NULL;
    fl_entry entry;
    fl_error error = {0};
    char *bytes = NULL;
    size_t size = 0;
    const char *month = page_given(p, "month"), *table = page_given(p, "table");
    const struct offer *offer = offer_of(page_given(p, "format"));
    if (!month || !offer || !owner_read_month(month, &options.from, &options.to))
        return page_refuse(p, 422, say(p, W_BAD_FORM), NULL);
    const fl_audit_format *format = fl_audit_format_find(offer->ending);
    const fl_audit_csv_options csv = {
        .table = table && *table ? table : NULL, .french = offer->french, .bom = offer->french};
    fl_status status = audit_of(p, &options, &audit, &error);
    if (status == FL_OK) status = fl_audit_file(audit, format, &csv, &bytes, &size, &error);
    if (status == FL_OK) {
        fl_audit_file_entry(audit, format, bytes, size, &entry);
        const char *name =
            page_format(p, "%saudit-%s%s%s", audit->simulated ? "SIMULATED-" : "", month,
                        csv.table && !strcmp(offer->ending, ".csv") ? page_format(p, "-%s", csv.table) : "",
                        offer->ending);
        hand_out(p, &entry, format->media, name, bytes, size);
    } else {
        page_failed(p, &error);
    }
    free(bytes);
    fl_audit_free(audit);
}

void page_inspector_post(page *p)
{
    fl_audit_options options = {.device = page_given(p, "dev")};
    fl_inspector *pack = NULL;
    fl_journal *journal = NULL;
    fl_entry entry;
    fl_error error = {0};
    char *bytes = NULL;
    size_t size = 0;
    const char *from = page_given(p, "from"), *to = page_given(p, "to");
    if (!options.device || !from || !to || fl_date_read(from, &options.from) != FL_OK ||
        fl_date_read(to, &options.to) != FL_OK)
        return page_refuse(p, 422, say(p, W_BAD_FORM), say(p, W_OW_X_PACK_WANTS));
    fl_status status = book_look(p, &journal, &error);
    if (status == FL_OK) status = fl_inspector_new(journal, &options, &pack, &error);
    fl_journal_close(journal);
    if (status == FL_OK) status = fl_inspector_pdf(pack, &bytes, &size, &error);
    if (status == FL_OK) {
        fl_inspector_entry(pack, bytes, size, &entry);
        hand_out(p, &entry, "application/pdf",
                 page_format(p, "%sinspector-%s-%s.pdf", p->simulated ? "SIMULATED-" : "", from, to), bytes,
                 size);
    } else {
        page_failed(p, &error);
    }
    fl_inspector_free(pack);
    free(bytes);
}

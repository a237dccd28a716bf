/* The session record on paper: verdict first, then what was done, then what was said of it, and how to check
 * it. */
#include "folio.h"
#include "session_map.h"
#include "session_record_parts.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>

#define NOT_RECORDED "not recorded"

typedef struct facts {
    fl_folio_fact list[24];
    size_t count;
} facts;

static void add(facts *f, const char *label, const char *format, ...) FL_PRINTF(3, 4);
static void add(facts *f, const char *label, const char *format, ...)
{
    va_list arguments;
    fl_folio_fact *fact = &f->list[f->count++];
    fact->label = label;
    va_start(arguments, format);
    vsnprintf(fact->value, sizeof fact->value, format, arguments);
    va_end(arguments);
}

static const char *known(const char *text)
{
    return text && text[0] ? text : NOT_RECORDED;
}

static unsigned long long ull(uint64_t value)
{
    return value;
}

/* ---- head ---- */

static void say_verdict(fl_folio *folio, const fl_session_record *r)
{
    const uint64_t recorded = fl_session_pulses(r, 0);
    fl_type type = FL_FOLIO_TEXT;
    type.size = 10, type.bold = true;
    if (!r->closed)
        fl_folio_say(folio, type, "Not closed: %llu pulses are recorded, and no counter at the end.",
                     ull(recorded));
    else if (!r->ctr_opened_read || !r->ctr_closed_read)
        fl_folio_say(folio, type, "%llu pulses are recorded; the counter could not be read at both ends.",
                     ull(recorded));
    else if (r->ctr_closed - r->ctr_opened == recorded)
        fl_folio_say(folio, type,
                     "%llu pulses are recorded and the laser's counter moved by %llu: they agree.",
                     ull(recorded), ull(r->ctr_closed - r->ctr_opened));
    else
        fl_folio_say(folio, type,
                     "%llu pulses are recorded, but the laser's counter moved by %lld: they do not agree.",
                     ull(recorded), (long long)(r->ctr_closed - r->ctr_opened));
    if (r->interrupted) fl_folio_say(folio, type, "Interrupted: it was closed later than it ended.");
}

static void draw_head(fl_folio *folio, const fl_session_record *r)
{
    char began[40], ended[40], offset[16];
    facts f = {.count = 0};
    fl_folio_heading(folio, 1, "Session %llu, %s", ull(r->options.sid), known(r->pat));
    say_verdict(folio, r);
    fl_session_offset(r, offset);
    add(&f, "Site", "%s", known(r->site));
    add(&f, "Laser (serial or id)", "%s", known(r->dev));
    add(&f, "Laser behind a gate", "%s", r->laser[0] ? r->laser : "none recorded");
    add(&f, "Operator", "%s", known(r->who));
    add(&f, "Began", "%s %s", fl_session_when(r, r->opened_us, began), offset);
    if (r->closed)
        add(&f, "Ended", "%s %s", fl_session_when(r, r->closed_us, ended), offset);
    else
        add(&f, "Ended", "%s", NOT_RECORDED);
    add(&f, "Client", "%s", known(r->pat));
    add(&f, "Procedure", "%s",
        known(r->proc[0]        ? r->proc
              : r->options.plan ? r->options.plan->procedure
                                : ""));
    add(&f, "Software", "%s", known(r->version));
    add(&f, "Rules", "%s",
        r->options.plan ? r->options.plan->rules.version : "in the plan, which was not given");
    add(&f, "Device file", "sha256 %.16s%s", known(r->profile), r->profile[0] ? "..." : "");
    add(&f, "How", "%s", r->by_hand ? "by hand, counted from the display" : "pulse by pulse, each granted");
    add(&f, "Plan", "%s, sha256 %.16s...", known(r->plan_id), r->plan);
    add(&f, "Last energy check before", "%s", known(r->check));
    fl_folio_facts(folio, f.list, f.count, 4);
}

/* ---- what it rested on ---- */

/* Everything said about one thing, the newest last. */
static void gather(const fl_session_record *r, fl_session_about about, const char *what, char *room,
                   size_t size)
{
    fl_text text = fl_text_in(room, size);
    for (size_t i = 0; i < r->remark_count; i++) {
        const fl_session_remark *m = &r->remarks[i];
        if (m->about != about || (what && strcmp(m->what, what) != 0)) continue;
        char where[FL_HISTORY_WHERE];
        fl_text_add(&text, "%s%s%s%s%s%s (%s)", text.length ? "; " : "", what ? "" : m->what,
                    !what && m->what[0] && m->text[0] ? ", " : "", m->text, m->who[0] ? ", " : "", m->who,
                    fl_history_where(&r->history, m->index, where));
    }
    if (!text.length) fl_text_add(&text, NOT_RECORDED);
}

static void band(const fl_plan_band *b, char room[48])
{
    snprintf(room, 48, "%.2f (%.2f to %.2f)", b->median, b->p05, b->p95);
}

static void add_reasons(facts *f, const fl_plan *plan)
{
    fl_folio_fact *fact = &f->list[f->count++];
    fl_text text = fl_text_in(fact->value, sizeof fact->value);
    fact->label = "Screening: what the plan was careful about";
    for (size_t i = 0; i < plan->reason_count; i++)
        if (plan->reasons[i].rank >= FL_RANK_CAUTION)
            fl_text_add(&text, "%s%s", text.length ? " " : "", plan->reasons[i].text);
    if (!text.length) fl_text_add(&text, "nothing above information");
}

static void draw_basis(fl_folio *folio, const fl_session_record *r)
{
    const fl_plan *plan = r->options.plan;
    const fl_plan_setting *s = plan && plan->chosen >= 0 ? &plan->settings[plan->chosen] : NULL;
    facts f = {.count = 0};
    char room[FL_FOLIO_CELL], skin[48], ink[48];
    fl_folio_heading(folio, 2, "What it rested on");
    gather(r, FL_SESSION_CONSENT, NULL, room, sizeof room);
    add(&f, "Consent", "%s", room);
    gather(r, FL_SESSION_EYEWEAR, NULL, room, sizeof room);
    add(&f, "Eyewear confirmed", "%s", room);
    fl_folio_facts(folio, f.list, f.count, 2);
    f.count = 0;
    if (!plan) {
        fl_folio_say(
            folio, FL_FOLIO_TEXT,
            "Goal, skin, ink, screening, margins and session range stand in plan %s, which was not given "
            "here (--plan FILE). They are not in the journal.",
            known(r->plan_id));
        return;
    }
    add(&f, "Goal", "%s", known(plan->goal));
    add(&f, "Skin", "type %s, planned as %s; form %d; ITA %.*f%s", fl_skin_type_roman(plan->skin.type),
        fl_skin_type_roman(plan->skin.planned_as), plan->skin.form_total, plan->skin.ita_known ? 1 : 0,
        plan->skin.ita_deg, plan->skin.ita_known ? "°" : ", not measured");
    add(&f, "Ink layers", "in the client's case, not in plan or journal");
    if (plan->sessions.known)
        add(&f, "Sessions to come, as planned", "%d to %d, most likely %d", plan->sessions.low,
            plan->sessions.high, plan->sessions.likely);
    else
        add(&f, "Sessions to come, as planned", "no honest range");
    if (s && s->has_physics) {
        band(&s->epidermis_margin, skin), band(&s->ink_margin, ink);
        add(&f, "Margin of the skin (5 to 95 %)", "%s", skin);
        add(&f, "Margin at the ink (5 to 95 %)", "%s", ink);
        add(&f, "Chance of harm, of effect", "%.1f %%, %.0f %%", 100 * s->injury_probability,
            100 * s->effect_probability);
    } else {
        add(&f, "Margins", "none in the plan");
    }
    add(&f, "Changes today", "%s", NOT_RECORDED);
    fl_folio_facts(folio, f.list, f.count, 4);
    f.count = 0;
    add_reasons(&f, plan);
    fl_folio_facts(folio, f.list, f.count, 1);
}

/* ---- zones ---- */

static const char *purpose_word(char purpose)
{
    return purpose == 'S' ? "test spot" : purpose == 'C' ? "energy check" : "treatment";
}

static const char *zone_cell(const void *what, size_t row, size_t column, char room[FL_FOLIO_CELL])
{
    const fl_session_record *r = what;
    const fl_session_zone *z = &r->zones[row];
    switch (column) {
    case 0: return z->id;
    case 1: return purpose_word(z->purpose);
    case 2:
        snprintf(room, FL_FOLIO_CELL, "%llu", ull(z->planned));
        return z->has_planned ? room : NOT_RECORDED;
    case 3: snprintf(room, FL_FOLIO_CELL, "%llu", ull(z->delivered)); return room;
    case 4:
        if (!z->has_planned) return "";
        snprintf(room, FL_FOLIO_CELL, "%+lld", (long long)(z->delivered - z->planned));
        return z->delivered == z->planned ? "0" : room;
    default: snprintf(room, FL_FOLIO_CELL, "%llu", ull(z->unknown)); return z->unknown ? room : "0";
    }
}

static void draw_zones(fl_folio *folio, const fl_session_record *r)
{
    static const fl_folio_column columns[] = {
        {"zone", 0.24, FL_ALIGN_LEFT},        {"purpose", 0.20, FL_ALIGN_LEFT},
        {"planned", 0.16, FL_ALIGN_RIGHT},    {"delivered", 0.14, FL_ALIGN_RIGHT},
        {"difference", 0.14, FL_ALIGN_RIGHT}, {"unknown", 0.12, FL_ALIGN_RIGHT}};
    const bool map = fl_session_map_has(r);
    const fl_folio_table table = {.columns = columns,
                                  .column_count = 6,
                                  .rows = r->zone_count,
                                  .cell = zone_cell,
                                  .what = r,
                                  .inset = map ? 150 : 0,
                                  .size = 8,
                                  .nothing = "No zone was begun."};
    fl_folio_heading(folio, 2, "Zones: pulses planned and delivered");
    const double scale = 56, high = 2.3 * scale, top = map ? fl_folio_room(folio, high) : folio->y;
    const int page = folio->page;
    if (map) fl_session_map_draw(folio, r, FL_FOLIO_MARGIN + 66, top + 1.18 * scale, scale);
    folio->y = top;
    fl_folio_table_draw(folio, &table);
    if (map && page == folio->page) {
        fl_type quiet = FL_FOLIO_SMALL;
        quiet.wrap = FL_FOLIO_INNER - 150;
        const char *where = "Delivered of planned. Seen from above, left is the client's left; from the "
                            "front it is on the right.";
        if (folio->y + 30 < top + high)
            fl_folio_put(folio, "P", FL_FOLIO_MARGIN + 152, folio->y + 10, quiet, where);
        folio->y = fmax(folio->y, top + high);
    }
}

/* ---- intervals ---- */

static const char *interval_cell(const void *what, size_t row, size_t column, char room[FL_FOLIO_CELL])
{
    const fl_session_record *r = what;
    const fl_session_interval *i = &r->intervals[row];
    const size_t size = FL_FOLIO_CELL;
    char began[40], ended[40];
    switch (column) {
    case 0:
        fl_session_when(r, i->began_us, began), fl_session_when(r, i->ended_us, ended);
        snprintf(room, size, "%s\n%s", began + 11, ended + 11);
        return room;
    case 1:
        snprintf(room, size, "%s%s", i->zone,
                 i->purpose == 'S'   ? " test"
                 : i->purpose == 'C' ? " check"
                                     : "");
        return room;
    case 2:
        snprintf(room, size, "%llu", ull(i->wl_nm));
        if (i->pulse_ps) snprintf(room + strlen(room), size - strlen(room), "\n%llu ps", ull(i->pulse_ps));
        return i->wl_nm ? room : "-";
    case 3: snprintf(room, size, "%.4g", (double)i->spot_um / 1e3); return i->spot_um ? room : "-";
    case 4:
        snprintf(room, size, "%.2f", fl_session_fluence(i));
        return fl_session_fluence(i) > 0 ? room : "-";
    case 5: snprintf(room, size, "%.1f", (double)i->set_uJ / 1e3); return i->set_uJ ? room : "-";
    case 6:
        if (!i->measured) return NOT_RECORDED;
        snprintf(room, size, "%.1f ± %.2f\n%.1f to %.1f", i->mean_uJ / 1e3, i->sd_uJ / 1e3,
                 (double)i->least_uJ / 1e3, (double)i->most_uJ / 1e3);
        if (i->measured != i->pulses)
            snprintf(room + strlen(room), size - strlen(room), "\nof %llu pulses", ull(i->measured));
        return room;
    case 7:
        if (i->rate_mHz) snprintf(room, size, "%.1f set", (double)i->rate_mHz / 1e3);
        if (i->rate_Hz > 0)
            snprintf(room + strlen(room), size - strlen(room), "%s%.1f", room[0] ? "\n" : "", i->rate_Hz);
        return room[0] ? room : "-";
    case 8:
        snprintf(room, size, "%llu", ull(i->pulses));
        if (i->unknown)
            snprintf(room + strlen(room), size - strlen(room), "\n+ %llu unknown", ull(i->unknown));
        return room;
    case 9: snprintf(room, size, "%llu\n%llu", ull(i->ctr_was), ull(i->ctr_now)); return room;
    case 10: return known(i->endpoint);
    default: return i->ended_by;
    }
}

static void draw_intervals(fl_folio *folio, const fl_session_record *r)
{
    static const fl_folio_column columns[] = {
        {"start, end", 0.095, FL_ALIGN_LEFT},   {"zone", 0.075, FL_ALIGN_LEFT},
        {"nm", 0.055, FL_ALIGN_RIGHT},          {"mm", 0.04, FL_ALIGN_RIGHT},
        {"J/cm² set", 0.06, FL_ALIGN_RIGHT},    {"mJ set", 0.06, FL_ALIGN_RIGHT},
        {"mJ measured", 0.125, FL_ALIGN_RIGHT}, {"Hz", 0.06, FL_ALIGN_RIGHT},
        {"pulses", 0.08, FL_ALIGN_RIGHT},       {"counter", 0.085, FL_ALIGN_RIGHT},
        {"endpoint", 0.1, FL_ALIGN_LEFT},       {"ended by", 0.16, FL_ALIGN_LEFT}};
    const fl_folio_table table = {.columns = columns,
                                  .column_count = 12,
                                  .rows = r->interval_count,
                                  .cell = interval_cell,
                                  .what = r,
                                  .size = 7,
                                  .nothing = "No pulse was given."};
    fl_folio_heading(folio, 2, "Intervals");
    fl_folio_table_draw(folio, &table);
    fl_folio_say(folio, FL_FOLIO_SMALL,
                 "Measured: mean ± standard deviation, least to most, by the laser's own measure of each "
                 "pulse. Hz: as set "
                 "where recorded, and as it came out from the first to the last pulse.");
}

static void draw_counter(fl_folio *folio, const fl_session_record *r)
{
    facts f = {.count = 0};
    fl_folio_heading(folio, 2, "Shot counter");
    if (r->ctr_opened_read)
        add(&f, "Start", "%llu", ull(r->ctr_opened));
    else
        add(&f, "Start", "%s", NOT_RECORDED);
    if (r->ctr_closed_read)
        add(&f, "End", "%llu", ull(r->ctr_closed));
    else
        add(&f, "End", "%s", r->closed ? "could not be read" : NOT_RECORDED);
    if (r->ctr_opened_read && r->ctr_closed_read)
        add(&f, "Difference", "%lld", (long long)(r->ctr_closed - r->ctr_opened));
    else
        add(&f, "Difference", "cannot be said");
    add(&f, "Recorded pulses", "%llu: treatment %llu, test spots %llu", ull(fl_session_pulses(r, 0)),
        ull(fl_session_pulses(r, 'T')), ull(fl_session_pulses(r, 'S')));
    fl_folio_facts(folio, f.list, f.count, 4);
}

/* ---- what was said ---- */

/* What stands in the table below: all that is not among the facts above. */
static bool is_told(const fl_session_remark *m)
{
    return m->about != FL_SESSION_CONSENT && m->about != FL_SESSION_EYEWEAR &&
           m->about != FL_SESSION_RESPONSE;
}

/* One log: the bare number. */
static const char *entry_cell(const fl_session_record *r, uint64_t position, char room[FL_FOLIO_CELL])
{
    if (r->history.count > 1) return fl_history_where(&r->history, position, room);
    snprintf(room, FL_FOLIO_CELL, "%llu", ull(position));
    return room;
}

static const char *remark_cell(const void *what, size_t row, size_t column, char room[FL_FOLIO_CELL])
{
    const fl_session_record *r = what;
    size_t at = 0;
    for (size_t left = row;; at++)
        if (is_told(&r->remarks[at]) && !left--) break;
    const fl_session_remark *m = &r->remarks[at];
    switch (column) {
    case 0: return fl_session_when(r, m->utc_us, room);
    case 1: return fl_session_about_word(m->about);
    case 2:
        snprintf(room, FL_FOLIO_CELL, "%s%s%s", m->what, m->what[0] && m->text[0] ? ": " : "", m->text);
        return room;
    case 3: return m->who;
    default: return entry_cell(r, m->index, room);
    }
}

static bool needs_a_look(const void *what, size_t row)
{
    char room[FL_FOLIO_CELL];
    const char *about = remark_cell(what, row, 1, room);
    return strcmp(about, "override") == 0 || strcmp(about, "near-miss") == 0 || strcmp(about, "event") == 0;
}

static void draw_remarks(fl_folio *folio, const fl_session_record *r)
{
    static const fl_folio_column columns[] = {{"when", 0.175, FL_ALIGN_LEFT},
                                              {"about", 0.105, FL_ALIGN_LEFT},
                                              {"what", 0.55, FL_ALIGN_LEFT},
                                              {"who", 0.1, FL_ALIGN_LEFT},
                                              {"entry", 0.07, FL_ALIGN_RIGHT}};
    static const fl_session_about abouts[] = {FL_SESSION_STOP,      FL_SESSION_OVERRIDE, FL_SESSION_NEAR_MISS,
                                              FL_SESSION_EVENT,     FL_SESSION_PHOTO,    FL_SESSION_FOLLOW_UP,
                                              FL_SESSION_CORRECTION};
    char room[300];
    fl_text none = fl_text_in(room, sizeof room);
    size_t count = 0;
    for (size_t i = 0; i < r->remark_count; i++) count += is_told(&r->remarks[i]);
    for (size_t k = 0; k < sizeof abouts / sizeof *abouts; k++) {
        bool any = false;
        for (size_t i = 0; i < r->remark_count; i++) any |= r->remarks[i].about == abouts[k];
        if (!any) fl_text_add(&none, "%s%s", none.length ? ", " : "", fl_session_about_word(abouts[k]));
    }
    const fl_folio_table table = {.columns = columns,
                                  .column_count = 5,
                                  .rows = count,
                                  .cell = remark_cell,
                                  .strong = needs_a_look,
                                  .what = r,
                                  .size = 7};
    fl_folio_heading(folio, 2, "Stops, overrides, near misses, events, photographs, notes");
    if (count) fl_folio_table_draw(folio, &table);
    if (none.length) fl_folio_say(folio, FL_FOLIO_SMALL, "Nothing recorded of: %s.", room);
}

static void draw_after(fl_folio *folio, const fl_session_record *r)
{
    facts f = {.count = 0};
    char room[FL_FOLIO_CELL];
    static const char *const said[][2] = {{"endpoint", "Endpoint"},       {"pain", "Pain"},
                                          {"reaction", "Reaction"},       {"cooling", "Cooling"},
                                          {"anaesthetic", "Anaesthetic"}, {"aftercare", "Aftercare given"},
                                          {"photos", "Photographs taken"}};
    fl_folio_heading(folio, 2, "Response and aftercare");
    for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
        gather(r, FL_SESSION_RESPONSE, said[i][0], room, sizeof room);
        add(&f, said[i][1], "%s", room);
    }
    add(&f, "Next session not before", "%s", r->not_before[0] ? r->not_before : NOT_RECORDED);
    fl_folio_facts(folio, f.list, f.count, 2);
}

static void draw_signatures(fl_folio *folio)
{
    static const char *const lines[] = {"Operator", "Client", "Second person or supervisor"};
    const double wide = (FL_FOLIO_INNER - 2 * 18) / 3;
    fl_folio_heading(folio, 2, "Signatures");
    const double top = fl_folio_room(folio, 52);
    for (int i = 0; i < 3; i++) {
        const double x = FL_FOLIO_MARGIN + i * (wide + 18);
        fl_paper_line(folio->paper, x, top + 34, x + wide, top + 34, 0.8, FL_SHADE_TEXT);
        char label[80];
        snprintf(label, sizeof label, "%s, day", lines[i]);
        fl_folio_put(folio, "P", x, top + 44, FL_FOLIO_SMALL, label);
    }
}

static void fill(fl_folio *folio, const void *what)
{
    const fl_session_record *r = what;
    draw_head(folio, r);
    draw_basis(folio, r);
    draw_zones(folio, r);
    draw_intervals(folio, r);
    draw_counter(folio, r);
    draw_after(folio, r);
    draw_remarks(folio, r);
    draw_signatures(folio);
    char where[420], first[FL_HISTORY_WHERE], last[FL_HISTORY_WHERE];
    const fl_history_log *missing = fl_history_missing(&r->history);
    snprintf(where, sizeof where, "Session %llu stands from %s to %s.%s%.120s%s", ull(r->options.sid),
             fl_history_where(&r->history, r->first_index, first),
             fl_history_where(&r->history, r->last_index, last), missing ? " An older log is missing: " : "",
             missing ? missing->origin : "", missing ? "; what stands in it is not on this paper." : "");
    fl_folio_seal(folio, r->checkpoint, where);
}

/* bytes NULL: into the file. */
static fl_status write_paper(const fl_session_record *r, const char *path, char **bytes, size_t *size,
                             fl_error *error)
{
    char title[96], subject[200], day[40], entry[160], previous[160] = "", where[FL_HISTORY_WHERE],
                                                       hex[2 * FL_SHA256_SIZE + 1];
    snprintf(title, sizeof title, "Session record %llu", ull(r->options.sid));
    snprintf(subject, sizeof subject, "%s%s%s", r->site, r->site[0] ? ", " : "", r->dev);
    snprintf(entry, sizeof entry, "%s, SHA-256 %s", fl_history_where(&r->history, r->last_index, where),
             fl_hex(r->entry_hash.byte, FL_SHA256_SIZE, hex));
    if (r->has_previous)
        snprintf(previous, sizeof previous, "before it, %s, SHA-256 %s",
                 fl_history_where(&r->history, r->last_index - 1, where),
                 fl_hex(r->previous_hash.byte, FL_SHA256_SIZE, hex));
    fl_session_when(r, r->opened_us, day);
    const fl_folio_look look = {.title = title,
                                .subject = subject,
                                .lang = "en",
                                .day = day,
                                .simulated = r->simulated,
                                .foot = {entry, previous}};
    return bytes ? fl_folio_make(&look, fill, r, bytes, size, error)
                 : fl_folio_write(&look, fill, r, path, error);
}

fl_status fl_session_record_pdf(const fl_session_record *r, const char *path, fl_error *error)
{
    return write_paper(r, path, NULL, NULL, error);
}

fl_status fl_session_record_paper(const fl_session_record *r, char **bytes, size_t *size, fl_error *error)
{
    return write_paper(r, NULL, bytes, size, error);
}

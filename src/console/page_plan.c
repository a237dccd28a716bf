/* One plan: the verdict first, the reasons as sentences, then the numbers with their uncertainty, the
 * pictures, and where it all came from. Everything is read from the plan's file; nothing is computed anew. */
#include "core.h"
#include "plan_parts.h"

#include "fadeline/base/text.h"
#include "fadeline/french/french.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- the file ---- */

static bool is_id(const char *id)
{
    if (strncmp(id, "P-", 2) != 0 || strlen(id) != 18) return false;
    for (const char *c = id + 2; *c; c++)
        if (!isdigit((unsigned char)*c) && !(*c >= 'a' && *c <= 'f')) return false;
    return true;
}

fl_plan *plan_of(page *p, const char *id)
{
    char path[FL_PLACE_MAX];
    fl_error error = {0};
    fl_plan *plan = NULL;
    if (!is_id(id) ||
        snprintf(path, sizeof path, "%s/plans/%s.json", p->console->home, id) >= (int)sizeof path ||
        !fl_place_exists(path))
        return page_refuse(p, 404, say(p, W_PLAN_NONE), NULL), NULL;
    plan = fl_plan_new();
    if (!plan) return page_refuse(p, 500, say(p, W_NO_MEMORY), NULL), NULL;
    if (fl_plan_read_json(path, plan, &error) == FL_OK) return plan;
    fl_plan_free(plan);
    page_failed(p, &error);
    return NULL;
}

word plan_verdict_word(fl_plan_verdict verdict)
{
    switch (verdict) {
    case FL_VERDICT_PLAN: return W_VERDICT_PLAN;
    case FL_VERDICT_TEST_FIRST: return W_VERDICT_TEST;
    case FL_VERDICT_DEFER: return W_VERDICT_DEFER;
    case FL_VERDICT_CLEARANCE: return W_VERDICT_CLEARANCE;
    default: return W_VERDICT_REFUSE;
    }
}

bool plan_has_numbers(const fl_plan *plan)
{
    return fl_plan_tests(plan);
}

void plan_put_head_row(page *p, const word *heads, size_t count)
{
    html_put(&p->html, "<thead><tr>");
    for (size_t i = 0; i < count; i++) html_put(&p->html, "<th scope=\"col\">%s</th>", say(p, heads[i]));
    html_put(&p->html, "</tr></thead>");
}

/* ---- verdict and reasons ---- */

static void put_verdict(page *p, const fl_plan *plan)
{
    static const word notes[] = {[FL_VERDICT_PLAN] = W_VERDICT_PLAN_NOTE,
                                 [FL_VERDICT_TEST_FIRST] = W_VERDICT_TEST_NOTE,
                                 [FL_VERDICT_DEFER] = W_VERDICT_DEFER_NOTE,
                                 [FL_VERDICT_CLEARANCE] = W_VERDICT_CLEARANCE_NOTE,
                                 [FL_VERDICT_REFUSE] = W_VERDICT_REFUSE_NOTE};
    html *w = &p->html;
    html_put(w, "<section class=\"planned %s\" aria-label=\"%s\"><p class=\"planned-word\">%s</p><p>%s</p>",
             fl_plan_verdict_word(plan->verdict), say(p, W_VERDICT), say(p, plan_verdict_word(plan->verdict)),
             say(p, notes[plan->verdict]));
    html_put(w, "<p><a href=\"%s\">%s</a> · %s · %s · %s</p>", page_url(p, "/client/%s", plan->client),
             plan->client, fl_client_procedure(plan_lang(p), plan->procedure), plan->device,
             page_date(p, plan->date));
    if (fl_date_is_set(plan->next_not_before))
        html_put(w, "<p><strong>%s</strong></p>",
                 page_fill(p, W_PLAN_NEXT, page_date(p, plan->next_not_before)));
    html_put(w, "</section>");
}

static word rank_word(fl_plan_rank rank)
{
    switch (rank) {
    case FL_RANK_INFO: return W_RANK_INFO;
    case FL_RANK_CAUTION: return W_RANK_CAUTION;
    case FL_RANK_DEFER: return W_RANK_DEFER;
    case FL_RANK_CLEARANCE: return W_RANK_CLEARANCE;
    default: return W_RANK_REFUSE;
    }
}

void plan_put_why(page *p, const fl_plan_reason *reason)
{
    char room[FL_FRENCH];
    const fl_reason_words *words = fl_reason_words_of(reason->code);
    if (p->language == FRENCH && words && !fl_french(reason->text, room, sizeof room))
        html_put(&p->html, "%s", words->text);
    else
        page_put_said(p, reason->text);
}

bool plan_put_change(page *p, const char *before, const fl_plan_reason *reason)
{
    char room[FL_FRENCH];
    const fl_reason_words *words = fl_reason_words_of(reason->code);
    const bool by_code = p->language == FRENCH && words && !fl_french(reason->change, room, sizeof room);
    if (!reason->change[0] || (by_code && !words->change)) return false;
    html_put(&p->html, "<br>%s ", before);
    if (by_code)
        html_put(&p->html, "%s", words->change);
    else
        page_put_said(p, reason->change);
    return true;
}

static void put_reason(page *p, const fl_plan_reason *r)
{
    html *w = &p->html;
    html_put(w, "<li><span class=\"state %s\">%s</span> ",
             r->rank == FL_RANK_INFO      ? "off"
             : r->rank == FL_RANK_CAUTION ? "warn"
                                          : "bad",
             say(p, rank_word(r->rank)));
    plan_put_why(p, r);
    if (fl_date_is_set(r->until))
        html_put(w, " <strong>%s</strong>", page_fill(p, W_PLAN_UNTIL, page_date(p, r->until)));
    if (r->rank > FL_RANK_INFO) (void)plan_put_change(p, say(p, W_PLAN_CHANGE), r);
    html_put(w, "</li>");
}

static void put_reasons(page *p, const fl_plan *plan)
{
    html *w = &p->html;
    html_put(w, "<section><h2>%s</h2><ul class=\"reasons\">", say(p, W_PLAN_WHY));
    for (size_t i = 0; i < plan->reason_count; i++) put_reason(p, &plan->reasons[i]);
    if (!plan->reason_count) html_put(w, "<li>%s</li>", say(p, W_PLAN_NO_REASON));
    html_put(w, "</ul></section>");
}

static void put_skin(page *p, const fl_plan *plan)
{
    html *w = &p->html;
    const fl_plan_skin *s = &plan->skin;
    html_put(w, "<section><h2>%s</h2><dl class=\"facts\">", say(p, W_PLAN_SKIN));
    html_put(w, "<div><dt>%s</dt><dd>%s</dd></div>", say(p, W_SKIN_TYPE), fl_skin_type_roman(s->type));
    html_put(w, "<div><dt>%s</dt><dd>%s</dd></div>", say(p, W_SKIN_PLANNED),
             fl_skin_type_roman(s->planned_as));
    if (s->form_total >= 0) {
        html_put(w, "<div><dt>%s</dt><dd>%d</dd></div>", say(p, W_SKIN_TOTAL), s->form_total);
        html_put(w, "<div><dt>%s</dt><dd>%d</dd></div>", say(p, W_SKIN_EIGHT), s->form_subtotal);
    }
    if (s->ita_known)
        html_put(w, "<div><dt>%s</dt><dd>%s°</dd></div>", say(p, W_SKIN_ITA), page_number(p, s->ita_deg, 1));
    html_put(w, "</dl></section>");
}

/* ---- pictures and papers: files of the same making ---- */

static bool has_file(const page *p, const fl_plan *plan, const char *name)
{
    char path[FL_PLACE_MAX];
    return snprintf(path, sizeof path, "%s/plans/%s/%s", p->console->home, plan->plan_id, name) <
               (int)sizeof path &&
           fl_place_exists(path);
}

static void put_picture(page *p, const fl_plan *plan, const char *name, word caption, const char *alt)
{
    html *w = &p->html;
    if (!has_file(p, plan, name)) return;
    const char *url = page_url(p, "/plan/%s/file/%s", plan->plan_id, name);
    html_put(w,
             "<figure class=\"paper\"><figcaption>%s</figcaption><a href=\"%s\"><img src=\"%s\" "
             "alt=\"%s\"></a></figure>",
             say(p, caption), url, url, alt);
}

/* The picture in words: what the settings table says of the chosen one. */
static const char *window_alt(page *p, const fl_plan *plan)
{
    if (!plan_has_numbers(plan) || plan->chosen < 0) return say(p, W_PLAN_WINDOW_NONE);
    const fl_plan_setting *s = &plan->settings[plan->chosen];
    return page_format(p, "%s: %s nm, %s mm, %s (%s-%s) J/cm²", say(p, W_PLAN_CHOSEN),
                       page_number(p, fl_as_nm(s->wavelength), 0), page_number(p, fl_as_mm(s->spot), 1),
                       page_number(p, fl_as_J_cm2(s->start), 2), page_number(p, fl_as_J_cm2(s->low), 2),
                       page_number(p, fl_as_J_cm2(s->high), 2));
}

static void put_papers(page *p, const fl_plan *plan)
{
    html *w = &p->html;
    html_put(w, "<section><h2>%s</h2>", say(p, W_PLAN_PICTURES));
    put_picture(p, plan, "plan-window.svg", W_PLAN_WINDOW, window_alt(p, plan));
    put_picture(p, plan, "plan-depth.svg", W_PLAN_DEPTH, say(p, W_PLAN_DEPTH_ALT));
    html_put(w, "<ul class=\"ways\">");
    if (has_file(p, plan, "sheet.pdf"))
        html_put(w, "<li><a href=\"%s\">%s</a></li>",
                 page_url(p, "/plan/%s/file/%s", plan->plan_id, "sheet.pdf"), say(p, W_PLAN_SHEET));
    if (!plan_has_numbers(plan))
        html_put(w, "<li><a href=\"%s\">%s</a></li>", page_url(p, "/plan/%s/refusal.pdf", plan->plan_id),
                 say(p, W_PLAN_REFUSAL));
    if (plan_has_numbers(plan) && page_may_open(p, ROUTE_POST, "/session/start"))
        html_put(w, "<li><a href=\"/session\">%s</a></li>", say(p, W_START));
    html_put(w, "</ul></section>");
}

static void put_origin(page *p, const fl_plan *plan)
{
    html *w = &p->html;
    char hex[2 * FL_SHA256_SIZE + 1];
    html_put(w, "<section><h2>%s</h2><dl class=\"origin\">", say(p, W_PLAN_ORIGIN));
    html_put(w, "<dt>%s</dt><dd><code>%s</code></dd>", say(p, W_PLAN_ID), plan->plan_id);
    html_put(w, "<dt>%s</dt><dd><code>%s</code></dd>", say(p, W_PLAN_HASH),
             fl_hex(plan->sha256, FL_SHA256_SIZE, hex));
    html_put(w, "<dt>%s</dt><dd>%s %s</dd>", say(p, W_PLAN_RULES), plan->rules.file, plan->rules.version);
    html_put(w, "<dt>%s</dt><dd>%llu</dd>", say(p, W_PLAN_SEED), (unsigned long long)plan->seed);
    if (plan->goal[0]) html_put(w, "<dt>%s</dt><dd lang=\"\">%s</dd>", say(p, W_PLAN_GOAL), plan->goal);
    html_put(w, "</dl></section>");
}

void page_plan(page *p)
{
    fl_plan *plan = plan_of(p, page_part(p, 0));
    if (!plan) return;
    page_begin(p, page_format(p, "%s %s", say(p, W_PLAN), plan->client));
    put_verdict(p, plan);
    plan_put_chosen(p, plan);
    put_reasons(p, plan);
    if (plan->verdict != FL_VERDICT_REFUSE) plan_put_sessions(p, plan);
    plan_put_tests(p, plan);
    put_skin(p, plan);
    plan_put_settings(p, plan);
    plan_put_zones(p, plan);
    put_papers(p, plan);
    plan_put_eyewear(p, plan);
    put_origin(p, plan);
    page_end(p);
    fl_plan_free(plan);
}

/* ---- files ---- */

void page_plan_file(page *p)
{
    static const struct {
        const char *name, *type;
        bool save;
    } files[] = {{"plan-window.svg", "image/svg+xml", false},
                 {"plan-depth.svg", "image/svg+xml", false},
                 {"plan-window.png", "image/png", false},
                 {"plan-depth.png", "image/png", false},
                 {"sheet.pdf", "application/pdf", true}};
    const char *id = page_part(p, 0), *name = page_part(p, 1);
    char path[FL_PLACE_MAX], *bytes;
    size_t size, n = 0;
    while (n < sizeof files / sizeof *files && strcmp(files[n].name, name) != 0) n++;
    if (n == sizeof files / sizeof *files || !is_id(id) ||
        snprintf(path, sizeof path, "%s/plans/%s/%s", p->console->home, id, name) >= (int)sizeof path ||
        fl_place_read(path, 8u << 20, &bytes, &size, NULL) != FL_OK)
        return page_refuse(p, 404, say(p, W_PLAN_NONE), NULL);
    page_file(p, files[n].type, files[n].save ? page_format(p, "%s.pdf", id) : NULL, bytes, size);
    free(bytes);
}

/* The paper for the client, in the language of this screen. */
void page_plan_refusal(page *p)
{
    char path[] = "/tmp/fl-refusal-XXXXXX.pdf", *bytes = NULL;
    size_t size;
    fl_error error = {0};
    fl_plan *plan = plan_of(p, page_part(p, 0));
    if (!plan) return;
    const fl_client_paper paper = {.lang = plan_lang(p), .plan = plan, .simulated = p->simulated};
    const int file = mkstemps(path, 4);
    fl_status status = file < 0 ? fl_error_set(&error, FL_E_IO, "no room in /tmp") : FL_OK;
    if (file >= 0) close(file);
    if (status == FL_OK) status = fl_refusal_sheet_pdf(&paper, path, &error);
    if (status == FL_OK) status = fl_place_read(path, 8u << 20, &bytes, &size, &error);
    if (file >= 0) unlink(path);
    page_file_made(p, status, &error, "application/pdf", page_format(p, "%s-refusal.pdf", plan->client),
                   bytes, size);
    fl_plan_free(plan);
}

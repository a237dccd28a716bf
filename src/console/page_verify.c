/* Verify: what the record is worth tonight, who vouches for it, and how anybody repeats it without us. */
#include "checking.h"
#include "core.h"
#include "owner.h"

#include "fadeline/base/show.h"
#include "fadeline/base/text.h"
#include "fadeline/journal/method.h"

#include <stdlib.h>
#include <string.h>

static void put_fact(page *p, word name, const char *value)
{
    char shown[FL_SHOWN_MAX];
    html_put(&p->html, "<div><dt>%s</dt><dd class=\"long\">%s</dd></div>", say(p, name),
             fl_show_text(shown, sizeof shown, value));
}

/* ---- the result ---- */

static void put_finding(page *p, const checking_state *s)
{
    html *w = &p->html;
    const fl_verify_report *r = &s->report;
    html_put(w, "<div class=\"%s\" role=\"status\"><p><strong>%s</strong> ", r->damaged ? "no" : "yes",
             say(p, r->damaged ? W_OW_DAMAGED : W_OW_INTACT));
    page_put_said(p, r->what);
    html_put(w, "</p>");
    if (r->damaged)
        html_put(w, "<p>%s %s</p><p>%s</p>", page_fill(p, W_OW_FIRST_BAD, page_count(p, r->first_bad)),
                 page_fill(p, W_OW_DAMAGE_GOOD, page_count(p, fl_verify_good(r))), say(p, W_OW_DAMAGE_TODO));
    if (r->missing[0]) html_put(w, "<p>%s</p>", page_fill(p, W_OW_MISSING_LOG, r->missing));
    html_put(w, "<p>%s</p></div>", page_fill(p, W_OW_VERIFIED_AT, owner_time(p, s->ended)));
    if (!r->fork) return;
    html_put(w, "<div class=\"no\"><p>%s</p><pre tabindex=\"0\">%s</pre><pre tabindex=\"0\">%s</pre></div>",
             say(p, W_OW_FORK), r->fork_a, r->fork_b);
}

/* The newest cosignature that stands in the log, and whose. */
static void put_cosigned(page *p, uint64_t good)
{
    fl_journal *journal;
    fl_error error = {0};
    const char *said = say(p, W_OW_NEVER_COSIGNED);
    if (book_look(p, &journal, &error) != FL_OK) return;
    for (uint64_t i = good; i-- > 0;) {
        fl_record record;
        uint64_t size;
        int64_t at;
        char hub[FL_NOTE_NAME_MAX + 1] = "";
        if (fl_journal_record(journal, i, &record) != FL_OK) break;
        if (!fl_record_is(&record, FL_KIND_ANCHOR_HUB) || fl_record_count(&record, "size", &size) != FL_OK ||
            fl_record_int(&record, "utc_us", &at) != FL_OK)
            continue;
        if (fl_record_text(&record, "hub", hub, sizeof hub) != FL_OK) hub[0] = 0;
        said = owner_fill(p, W_OW_COSIGNED, hub, page_count(p, size), owner_time(p, (fl_utc){at}));
        break;
    }
    fl_journal_close(journal);
    put_fact(p, W_OW_LAST_COSIGNATURE, said);
}

static void put_numbers(page *p, const fl_verify_report *r)
{
    char hex[2 * FL_SHA256_SIZE + 1];
    html *w = &p->html;
    html_put(w, "<section><h2>%s</h2><dl class=\"facts\">", say(p, W_OW_RESULT));
    put_fact(p, W_ENTRIES, page_count(p, r->entries));
    put_fact(p, W_OW_PULSES,
             owner_fill(p, W_OW_PULSES_OF, page_count(p, r->pulses), page_count(p, r->grants),
                        page_count(p, r->unknowns)));
    put_fact(p, W_OW_SIGNED_ENTRIES, page_count(p, r->signed_size));
    put_fact(p, W_OW_LOG, r->origin);
    put_fact(p, W_OW_ROOT, fl_hex(r->root.byte, FL_SHA256_SIZE, hex));
    put_fact(p, W_OW_VOUCHES, say(p, r->vkey_from_outside ? W_OW_KEY_GIVEN : W_OW_KEY_BESIDE));
    put_fact(p, W_OW_KEY, r->vkey);
    put_cosigned(p, fl_verify_good(r));
    if (r->predecessors)
        put_fact(
            p, W_OW_BEFORE_IT,
            owner_fill(p, W_OW_LOGS_BEFORE, page_count(p, r->predecessors), page_count(p, r->before), NULL));
    html_put(w, "</dl></section>");
}

static void put_checkpoint(page *p, const fl_verify_report *r)
{
    html *w = &p->html;
    html_put(w, "<section><h2>%s</h2>", say(p, W_OW_CHECKPOINT));
    if (!r->checkpoint[0]) {
        html_put(w, "<p>%s</p></section>", say(p, W_OW_NO_CHECKPOINT));
        return;
    }
    html_put(w, "<p>%s</p><div class=\"beside\">", say(p, W_OW_CHECKPOINT_WHY));
    owner_qr(p, say(p, W_OW_CHECKPOINT_CODE), r->checkpoint);
    html_put(w,
             "<div><pre tabindex=\"0\">%s</pre><p><a class=\"button\" "
             "href=\"/verify/checkpoint\">checkpoint.txt</a></p></div></div></section>",
             r->checkpoint);
}

static void put_how(page *p)
{
    html *w = &p->html;
    const char *sim = p->simulated ? " --simulated" : "";
    html_put(w, "<section><h2>%s</h2><ol><li>%s<pre tabindex=\"0\">fadeline journal verify%s</pre></li>",
             say(p, W_OW_HOW), say(p, W_OW_HOW_HERE), sim);
    html_put(w, "<li>%s<pre tabindex=\"0\">fadeline journal verify%s --against checkpoint.txt</pre></li>",
             say(p, W_OW_HOW_AGAINST), sim);
    html_put(w, "<li>%s<pre tabindex=\"0\">fadeline journal export DIR%s</pre>", say(p, W_OW_HOW_ALONE), sim);
    html_put(w, "<a class=\"button\" href=\"/verify/method\">METHOD.md</a></li></ol></section>");
}

/* ---- pages ---- */

static void put_running(page *p, const checking_state *s)
{
    html *w = &p->html;
    html_put(w, "<div class=\"running\" role=\"status\" data-again=\"1000\"><p>%s</p>",
             owner_fill(p, W_OW_CHECKING, page_count(p, s->entries), page_count(p, s->total), NULL));
    html_put(w,
             "<progress max=\"%llu\" value=\"%llu\">%s</progress><p><a class=\"button\" "
             "href=\"/verify\">%s</a></p></div>",
             (unsigned long long)(s->total ? s->total : 1), (unsigned long long)s->entries,
             page_count(p, s->entries), say(p, W_OW_LOOK_AGAIN));
}

static void show(page *p, const checking_state *s)
{
    html *w = &p->html;
    page_begin(p, say(p, W_OW_VERIFY));
    html_put(w, "<p>%s</p>", say(p, W_OW_VERIFY_WHY));
    if (s->running)
        put_running(p, s);
    else {
        page_form(p, "/verify");
        page_form_end(p, W_OW_VERIFY_NOW);
    }
    const bool told = s->done && (s->status == FL_OK || s->report.damaged);
    if (told) put_finding(p, s);
    if (s->done && !told) page_put_no(p, s->error.what, s->error.hint);
    if (told) put_numbers(p, &s->report);
    if (told) put_checkpoint(p, &s->report);
    put_how(p);
    page_end(p);
}

void page_verify(page *p)
{
    checking_state *s = malloc(sizeof *s);
    if (!s) return page_refuse(p, 500, say(p, W_NO_MEMORY), NULL);
    checking_look(p->console->checking, s);
    show(p, s);
    free(s);
}

/* Most journals are done within the second; a long one shows how far it is. */
void page_verify_post(page *p)
{
    if (!checking_start(p->console->checking, p->console->journal))
        return page_refuse(p, 500, say(p, W_NO_MEMORY), NULL);
    checking_wait(p->console->checking, 1000);
    page_redirect(p, "/verify");
}

static void give_method(page *p)
{
    size_t size;
    const char *method = fl_method(&size);
    page_file(p, "text/markdown; charset=utf-8", "METHOD.md", method, size);
}

static void give_checkpoint(page *p)
{
    char note[FL_CHECKPOINT_MAX];
    fl_journal *journal;
    fl_error error = {0};
    fl_status status = book_look(p, &journal, &error);
    if (status != FL_OK) return page_failed(p, &error);
    status = fl_journal_newest_checkpoint(journal, note);
    fl_journal_close(journal);
    if (status != FL_OK) return page_refuse(p, 404, say(p, W_OW_NO_CHECKPOINT), NULL);
    page_file(p, "text/plain; charset=utf-8", "checkpoint.txt", note, strlen(note));
}

void page_verify_file(page *p)
{
    if (strcmp(page_part(p, 0), "method") == 0) return give_method(p);
    if (strcmp(page_part(p, 0), "checkpoint") == 0) return give_checkpoint(p);
    page_refuse(p, 404, say(p, W_NO_PAGE), NULL);
}

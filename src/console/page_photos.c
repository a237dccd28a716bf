/* Photos of a client: seen after a look that stands in the journal, taken after a consent that does. Of a
 * client who took the consent back nothing is shown to anybody, whatever was taken before. */
#include "photo_parts.h"

#include "book.h"
#include "client_parts.h"
#include "core.h"
#include "owe.h"

#include "fadeline/base/client_code.h"
#include "fadeline/base/text.h"

#include <stdlib.h>
#include <string.h>

/* ---- the page ---- */

typedef struct shown {
    const char *code;
    word wrong_photo, wrong_version;
} shown;

static void put_consent(page *p, fl_journal *journal, const shown *s, photo_state state)
{
    static const word words[] = {W_PHOTO_NO_WORD, W_PHOTO_CONSENT, W_PHOTO_WITHDRAWN, W_PHOTO_ERASED};
    html *w = &p->html;
    char version[65] = "";
    fl_date on = {0};
    photo_consent(journal, s->code, &on, version);
    html_put(w, "<section><h2>%s</h2><p><span class=\"state %s\">%s</span>", say(p, W_PHOTO_CONSENT_TITLE),
             state == PHOTO_CONSENT ? "good" : "warn", say(p, words[state]));
    if (fl_date_is_set(on)) html_put(w, " %s", page_date(p, on));
    if (version[0]) html_put(w, " · %s", version);
    html_put(w, "</p>");
    if (state != PHOTO_GONE && page_may_open(p, ROUTE_POST, "/photos/consent")) {
        page_form(p, "/photos/consent");
        html_put(w, "<input type=\"hidden\" name=\"code\" value=\"%s\">", s->code);
        if (state == PHOTO_CONSENT) {
            html_put(w,
                     "<input type=\"hidden\" name=\"withdrawn\" value=\"1\"><button "
                     "class=\"rare\">%s</button></form>",
                     say(p, W_PHOTO_WITHDRAW));
        } else {
            page_input(p, "version", "text", W_PHOTO_VERSION, W_PHOTO_VERSION_HINT, s->wrong_version);
            page_form_end(p, W_PHOTO_CONSENTS);
        }
    }
    html_put(w, "</section>");
}

/* The newest first, and chosen: a photo is nearly always of today's. */
static void put_sessions(page *p, const fl_care_book *care, const char *code)
{
    html *w = &p->html;
    unsigned count = 0;
    html_put(w, "<div class=\"field\"><label for=\"sid\">%s</label><select id=\"sid\" name=\"sid\">",
             say(p, W_PHOTO_OF_SESSION));
    for (size_t i = care->visits.count; i-- > 0 && count < 12;) {
        const fl_visit *v = &care->visits.list[i];
        if (strcmp(v->pat, code) != 0) continue;
        html_put(w, "<option value=\"%llu\">%s %llu · %s</option>", (unsigned long long)v->sid,
                 say(p, W_SESSION), (unsigned long long)v->sid, page_date(p, fl_visit_day(v)));
        count++;
    }
    html_put(w, "<option value=\"\">%s</option></select></div>", say(p, W_PHOTO_OF_NO_SESSION));
}

static void put_take(page *p, const fl_care_book *care, const shown *s)
{
    static const char *const whats[] = {"before", "after"};
    const char *texts[] = {say(p, W_PHOTO_BEFORE), say(p, W_PHOTO_AFTER)};
    html_put(&p->html, "<section><h2>%s</h2>", say(p, W_PHOTO_TAKE));
    page_form_photo(p, "/photos/take");
    html_put(&p->html, "<input type=\"hidden\" name=\"code\" value=\"%s\">", s->code);
    page_choice(p, "what", W_PHOTO_WHAT, whats, texts, 2, W_NONE);
    put_sessions(p, care, s->code);
    page_photo_input(p, "photo", W_PHOTO_FILE, s->wrong_photo);
    page_form_end(p, W_RECORD_IT);
    html_put(&p->html, "</section>");
}

static void count_photo(void *self, const fl_record *record)
{
    *(size_t *)self += fl_record_is(record, FL_KIND_PHOTO);
}

static void put_photos(page *p, fl_journal *journal, const char *code)
{
    html *w = &p->html;
    fl_photo_entry *list;
    const size_t count = photo_list(journal, code, &list);
    size_t waits = 0;
    owe_each(p, code, count_photo, &waits);
    if (waits)
        html_put(w, "<div class=\"yes\" role=\"status\"><p>%s</p></div>",
                 page_fill(p, W_PHOTO_WAITING, page_count(p, waits)));
    if (!count) html_put(w, "<p>%s</p>", say(p, W_PHOTO_NONE));
    if (count) photo_form(p, code);
    if (count) html_put(w, "<div class=\"photos\">");
    for (size_t i = count; i-- > 0;) photo_put(p, &list[i], count > 1);
    if (count) html_put(w, "</div>");
    if (count > 1) html_put(w, "<button class=\"main\">%s</button>", say(p, W_PHOTO_COMPARE));
    if (count) html_put(w, "</form>");
    free(list);
}

/* Who has not looked yet takes photos all the same: that shows nothing. */
static void show(page *p, const client_books *b, const shown *s)
{
    const photo_state state = photo_consent(b->journal, s->code, NULL, NULL);
    page_begin_gloves(p, page_fill(p, W_PHOTOS_OF, s->code));
    if (state == PHOTO_CONSENT && page_may_open(p, ROUTE_POST, "/photos/take"))
        put_take(p, &b->care, s);
    else if (s->wrong_photo != W_NONE)
        html_put(&p->html, "<div class=\"no\" role=\"alert\"><p>%s</p></div>", say(p, s->wrong_photo));
    if (state == PHOTO_GONE || state == PHOTO_WITHDRAWN) {
        html_put(&p->html, "<p>%s</p>", say(p, W_PHOTO_SHOWN_NONE));
    } else if (photo_was_opened(p, b->journal, s->code, NULL)) {
        put_photos(p, b->journal, s->code);
    } else {
        html_put(&p->html, "<section><p>%s</p>", page_fill(p, W_PHOTO_LOOK_WHY, s->code));
        page_form(p, "/photos");
        html_put(&p->html, "<input type=\"hidden\" name=\"code\" value=\"%s\">", s->code);
        page_form_end(p, W_PHOTO_LOOK);
        html_put(&p->html, "</section>");
    }
    put_consent(p, b->journal, s, state);
    page_end(p);
}

static void show_of(page *p, const shown *s)
{
    client_books b;
    fl_error error = {0};
    if (!s->code || !fl_client_code_is(s->code)) return page_refuse(p, 404, say(p, W_CLIENT_NONE), NULL);
    if (client_book(p, &b, &error) != FL_OK)
        page_failed(p, &error);
    else if (!b.journal || !fl_care_find(&b.care, s->code))
        page_refuse(p, 404, say(p, W_CLIENT_NONE), NULL);
    else
        show(p, &b, s);
    client_book_fini(&b);
}

void page_photos(page *p)
{
    show_of(p, &(shown){.code = page_part(p, 0)});
}

/* ---- taken ---- */

void page_photos_take_post(page *p)
{
    const char *code = page_given(p, "code"), *what = page_given(p, "what"), *sid = page_given(p, "sid");
    page_photo photo = {.pat = code};
    shown s = {.code = code};
    if (!code || !fl_client_code_is(code)) return page_refuse(p, 404, say(p, W_CLIENT_NONE), NULL);
    photo.what = fl_text_same(what, "before") ? "before" : fl_text_same(what, "after") ? "after" : NULL;
    if (!photo.what) return page_refuse(p, 422, say(p, W_PHOTO_SAY_WHAT), NULL);
    if (sid && *sid && fl_read_u64(sid, &photo.sid) != FL_OK)
        return page_refuse(p, 422, say(p, W_PHOTO_NO_SESSION), NULL);
    if (page_upload(p, &photo, &s.wrong_photo)) return page_redirect(p, page_url(p, "/photos/%s", code));
    if (s.wrong_photo == W_NONE) return;
    p->status = 422;
    show_of(p, &s);
}

/* ---- consent ---- */

/* What is wrong with the version that was typed. */
static word judge_version(const page *p, const char *version, const char *code)
{
    if (!version || !*version || strlen(version) > 64 || !fl_entry_takes(version))
        return W_PHOTO_VERSION_WRONG;
    return page_names_client(p, version, code) ? W_NAMES_CLIENT : W_NONE;
}

static fl_status is_client(void *self, fl_journal *journal, fl_error *error)
{
    for (uint64_t i = 0; i < fl_journal_length(journal); i++) {
        fl_record record;
        if (fl_journal_past(journal, i, &record) == FL_OK && fl_record_text_is(&record, "pat", self))
            return FL_OK;
    }
    return fl_error_set(error, FL_E_NO, "no client is called %s here", (const char *)self);
}

void page_photos_consent_post(page *p)
{
    fl_entry entry;
    fl_error error = {0};
    const char *code = page_given(p, "code"), *version = page_given(p, "version");
    const bool withdrawn = page_given(p, "withdrawn") != NULL;
    if (!code || !fl_client_code_is(code)) return page_refuse(p, 404, say(p, W_CLIENT_NONE), NULL);
    const word wrong = withdrawn ? W_NONE : judge_version(p, version, code);
    if (wrong != W_NONE) {
        p->status = 422;
        return show_of(p, &(shown){.code = code, .wrong_version = wrong});
    }
    fl_entry_begin(&entry, FL_KIND_CONSENT);
    fl_entry_text(&entry, "pat", code);
    fl_entry_text(&entry, "what", "photo");
    if (withdrawn)
        fl_entry_int(&entry, "withdrawn", 1);
    else
        fl_entry_text(&entry, "version", version);
    fl_entry_text(&entry, "who", p->visitor->who);
    if (book_write_if(p, is_client, (void *)code, &entry, 1, NULL, &error) != FL_OK)
        return page_failed(p, &error);
    page_redirect(p, page_url(p, "/photos/%s", code));
}

/* ---- looks ---- */

/* Written down, then seen: of the photos, or of these. */
static bool write_looks(page *p, const char *code, const char *const *sha256, size_t count)
{
    fl_entry looks[2];
    fl_error error = {0};
    for (size_t i = 0; i < (count ? count : 1); i++) {
        fl_entry_begin(&looks[i], FL_KIND_LOOK);
        fl_entry_text(&looks[i], "pat", code);
        fl_entry_text(&looks[i], "what", "photos");
        if (count) fl_entry_text(&looks[i], "sha256", sha256[i]);
        fl_entry_text(&looks[i], "who", p->visitor->who);
    }
    if (book_write(p, looks, count ? count : 1, NULL, &error) == FL_OK) return true;
    return page_failed(p, &error), false;
}

void page_photos_post(page *p)
{
    const char *code = page_given(p, "code");
    if (!code || !fl_client_code_is(code)) return page_refuse(p, 404, say(p, W_CLIENT_NONE), NULL);
    if (write_looks(p, code, NULL, 0)) page_redirect(p, page_url(p, "/photos/%s", code));
}

static bool is_hash(const char *text)
{
    uint8_t bytes[FL_SHA256_SIZE];
    return text && fl_read_hex(text, bytes, sizeof bytes) == FL_OK;
}

/* One that was touched, or two that were ticked. */
void page_photos_open_post(page *p)
{
    size_t at = 0, count = 0;
    const char *code = page_given(p, "code"), *photos[2] = {page_given(p, "open"), NULL}, *ticked;
    if (!code || !fl_client_code_is(code)) return page_refuse(p, 404, say(p, W_CLIENT_NONE), NULL);
    if (is_hash(photos[0])) {
        if (write_looks(p, code, photos, 1))
            page_redirect(p, page_url(p, "/photos/%s/one/%s", code, photos[0]));
        return;
    }
    while (count < 3 && (ticked = fields_each(&p->request->form, "photo", &at)))
        if (is_hash(ticked) && count++ < 2) photos[count - 1] = ticked;
    if (count != 2) return page_refuse(p, 422, say(p, W_PHOTO_COMPARE_TWO), NULL);
    if (write_looks(p, code, photos, 2))
        page_redirect(p, page_url(p, "/photos/%s/two/%s/%s", code, photos[0], photos[1]));
}

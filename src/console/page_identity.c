/* Who a client is: seen after a look that stands in the journal, typed in and changed with the text first and
 * its entry after it, erased when its time has come. The name is in the clients' database and on this page,
 * nowhere else: no title, no address, no entry. */
#include "book.h"
#include "client_parts.h"
#include "core.h"
#include "photo_parts.h"

#include "fadeline/base/client_code.h"
#include "fadeline/base/text.h"
#include "fadeline/clients/photos.h"
#include "fadeline/clients/register.h"

#include <stdlib.h>
#include <string.h>

/* ---- the clients' database ---- */

static fl_status open_clients(const page *p, bool make, fl_clients **clients, fl_error *error)
{
    char path[FL_PLACE_MAX];
    *clients = NULL;
    const fl_status status = fl_clients_place(p->simulated, path, error);
    if (status != FL_OK || (!make && !fl_place_exists(path))) return status; /* looking makes nothing */
    return fl_clients_open(path, p->simulated, clients, error);
}

/* ---- forms ---- */

static void put_text(page *p, const char *name, word label, word hint, const char *was, bool must)
{
    html *w = &p->html;
    const char *given = page_given(p, name);
    html_put(w, "<div class=\"field\"><label for=\"%s\">%s</label>", name, say(p, label));
    if (hint != W_NONE) html_put(w, "<p class=\"hint\" id=\"%s-hint\">%s</p>", name, say(p, hint));
    html_put(w, "<input id=\"%s\" name=\"%s\" type=\"text\" value=\"%s\"", name, name, given ? given : was);
    if (hint != W_NONE) html_put(w, " aria-describedby=\"%s-hint\"", name);
    html_put(w, must ? " spellcheck=\"false\" required></div>" : " spellcheck=\"false\"></div>");
}

static void put_language(page *p, const char *was)
{
    html *w = &p->html;
    const char *given = page_given(p, "language"), *now = given ? given : was;
    html_put(w, "<fieldset class=\"choice\"><legend>%s</legend>", say(p, W_IDENTITY_LANGUAGE));
    for (language l = ENGLISH; l < LANGUAGES; l++) {
        html_put(w, "<label><input type=\"radio\" name=\"language\" value=\"%s\" required", language_code(l));
        if (strcmp(now, language_code(l)) == 0) html_put(w, " checked");
        html_put(w, "><span lang=\"%s\">%s</span></label>", language_code(l),
                 l == FRENCH ? "Français" : "English");
    }
    html_put(w, "</fieldset>");
}

static void put_fields(page *p, const fl_identity *was)
{
    char born[11] = "";
    if (fl_date_is_set(was->born)) fl_date_text(was->born, born);
    put_text(p, "name", W_IDENTITY_NAME, W_IDENTITY_NAME_HINT, was->name, true);
    put_text(p, "born", W_IDENTITY_BORN, W_IDENTITY_BORN_HINT, born, true);
    put_text(p, "contact", W_IDENTITY_CONTACT, W_NONE, was->contact, false);
    put_language(p, was->language);
}

/* A sentence of ours, or of the register (in English). */
typedef struct refusal {
    word ours;
    const char *sentence; /* NULL: none */
} refusal;

static void put_wrong(page *p, refusal no)
{
    if (no.ours != W_NONE)
        html_put(&p->html, "<div class=\"no\" role=\"alert\"><p>%s</p></div>", say(p, no.ours));
    else if (no.sentence)
        page_put_no(p, no.sentence, NULL);
}

static void show_new(page *p, refusal no)
{
    page_begin(p, say(p, W_IDENTITY_NEW));
    html_put(&p->html, "<p>%s</p>", say(p, W_IDENTITY_NOTE));
    put_wrong(p, no);
    page_form(p, "/identity/add");
    put_fields(p, &(fl_identity){0});
    page_form_end(p, W_RECORD_IT);
    page_end(p);
}

/* ---- one client ---- */

typedef struct person { /* wiped at the end */
    client_books books;
    const fl_care *care;
    fl_clients *clients;
    fl_identity who;
    bool known; /* who */
    fl_date until;
    bool may_go;
} person;

static void close_person(person *one)
{
    explicit_bzero(&one->who, sizeof one->who);
    fl_clients_close(one->clients);
    client_book_fini(&one->books);
}

/* false: the page has answered. */
static bool open_person(page *p, const char *code, person *one)
{
    fl_error error = {0};
    *one = (person){0};
    if (!code || !fl_client_code_is(code)) return page_refuse(p, 404, say(p, W_CLIENT_NONE), NULL), false;
    fl_status status = client_book(p, &one->books, &error);
    if (status == FL_OK) one->care = fl_care_find(&one->books.care, code);
    if (status == FL_OK && one->care) status = open_clients(p, false, &one->clients, &error);
    if (status == FL_OK && one->care) {
        one->known = fl_register_read(one->clients, code, &one->who, NULL) == FL_OK;
        one->may_go = fl_register_may_erase(&one->books.care, one->care, one->clients, p->today, &one->until,
                                            NULL) == FL_OK;
        return true;
    }
    if (status == FL_OK)
        page_refuse(p, 404, say(p, W_CLIENT_NONE), NULL);
    else
        page_failed(p, &error);
    close_person(one);
    return false;
}

static void put_fact(page *p, word name, const char *value)
{
    html_put(&p->html, "<div><dt>%s</dt><dd>%s</dd></div>", say(p, name), value);
}

static void put_facts(page *p, const person *one)
{
    html_put(&p->html, "<section><dl class=\"facts\">");
    if (one->known) {
        put_fact(p, W_IDENTITY_NAME, one->who.name);
        put_fact(p, W_IDENTITY_BORN, page_date(p, one->who.born));
        put_fact(p, W_IDENTITY_REACH, one->who.contact[0] ? one->who.contact : "–");
    }
    put_fact(p, W_IDENTITY_SINCE,
             page_date(p, one->care->registered ? one->care->registered_on : one->care->first));
    put_fact(p, W_IDENTITY_UNTIL, page_date(p, one->until));
    put_fact(p, W_IDENTITY_RULE, fl_care_rule(&one->books.care)->id);
    html_put(&p->html, "</dl>");
    if (!one->known) html_put(&p->html, "<p>%s</p>", say(p, W_IDENTITY_NONE));
    html_put(&p->html, "</section>");
}

/* Another supervisor who can sign: then two sign. */
static bool needs_second(const page *p)
{
    fl_person other;
    bool there = false;
    fl_people *people = book_people(p, NULL);
    for (size_t n = 0; people && fl_people_at(people, n, &other); n++)
        there |= strcmp(other.id, p->visitor->who) != 0 && other.roles & MAY(SUPERVISOR) &&
                 !fl_date_is_set(other.ended) && fl_date_compare(other.until, p->today) >= 0;
    fl_people_free(people);
    return there;
}

static void put_erase(page *p, const person *one)
{
    html *w = &p->html;
    if (!page_may_open(p, ROUTE_POST, "/identity/erase")) return;
    html_put(w, "<section><h2>%s</h2><p>%s</p>", say(p, W_IDENTITY_ERASE), say(p, W_IDENTITY_ERASE_WHY));
    if (one->care->hold || !one->may_go) {
        html_put(w, "<p><span class=\"state warn\">%s %s</span> %s</p></section>", say(p, W_IDENTITY_UNTIL),
                 page_date(p, one->until), say(p, one->care->hold ? W_IDENTITY_HOLD : W_IDENTITY_TOO_EARLY));
        return;
    }
    page_form(p, "/identity/erase");
    html_put(w, "<input type=\"hidden\" name=\"code\" value=\"%s\">", one->care->code);
    put_text(p, "why", W_IDENTITY_WHY, W_NONE, "", true);
    if (needs_second(p)) {
        put_text(p, "second", W_IDENTITY_SECOND, W_NONE, "", true);
        page_input(p, "second-pin", "password", W_IDENTITY_SECOND_PIN, W_NONE, W_NONE);
    }
    page_form_end(p, W_IDENTITY_ERASE);
    html_put(w, "</section>");
}

static void show(page *p, const person *one, refusal no)
{
    html *w = &p->html;
    const char *code = one->care->code;
    page_begin(p, page_fill(p, W_IDENTITY_OF, code));
    put_wrong(p, no);
    if (one->care->erased) {
        html_put(w, "<p>%s</p>", page_fill(p, W_IDENTITY_GONE, page_date(p, one->care->erased_on)));
    } else if (!look_stands(p, one->books.journal, code, "identity", NULL)) {
        html_put(w, "<section><p>%s</p>", page_fill(p, W_IDENTITY_LOOK_WHY, code));
        page_form(p, "/identity");
        html_put(w, "<input type=\"hidden\" name=\"code\" value=\"%s\">", code);
        page_form_end(p, W_IDENTITY_LOOK);
        html_put(w, "</section>");
    } else {
        put_facts(p, one);
        if (one->known && page_may_open(p, ROUTE_POST, "/identity/change")) {
            html_put(w, "<section><h2>%s</h2><p class=\"hint\">%s</p>", say(p, W_IDENTITY_CHANGE),
                     say(p, W_IDENTITY_CHANGED));
            page_form(p, "/identity/change");
            html_put(w, "<input type=\"hidden\" name=\"code\" value=\"%s\">", code);
            put_fields(p, &one->who);
            page_form_end(p, W_RECORD_IT);
            html_put(w, "</section>");
        }
        put_erase(p, one);
    }
    page_end(p);
}

void page_identity(page *p)
{
    person one;
    if (!open_person(p, page_part(p, 0), &one)) return;
    show(p, &one, (refusal){0});
    close_person(&one);
}

void page_identity_new(page *p)
{
    show_new(p, (refusal){0});
}

void page_identity_post(page *p)
{
    fl_entry look;
    fl_error error = {0};
    const char *code = page_given(p, "code");
    if (!code || !fl_client_code_is(code)) return page_refuse(p, 404, say(p, W_CLIENT_NONE), NULL);
    fl_entry_begin(&look, FL_KIND_LOOK);
    fl_entry_text(&look, "pat", code);
    fl_entry_text(&look, "what", "identity");
    fl_entry_text(&look, "who", p->visitor->who);
    if (book_write(p, &look, 1, NULL, &error) != FL_OK) return page_failed(p, &error);
    page_redirect(p, page_url(p, "/identity/%s", code));
}

/* ---- the register, under the journal's lock ---- */

typedef struct change {
    page *p;
    fl_clients *clients;
    fl_care_book book;
    const char *text;              /* of who it is; NULL: erased */
    char code[FL_CLIENT_CODE_MAX]; /* empty: the next one */
    fl_commitment cmt;
    fl_entry entries[2];
    fl_date until;
    const char *why, *second;
} change;

static fl_status read_book(change *c, fl_journal *journal, fl_error *error)
{
    fl_settled settled;
    char photos[FL_PLACE_MAX];
    unsigned erased;
    fl_status status = open_clients(c->p, true, &c->clients, error);
    if (status == FL_OK) status = fl_clients_settle(c->clients, journal, &settled, error); /* of a crash */
    if (status == FL_OK) status = fl_photos_place(c->p->simulated, photos, error);
    if (status == FL_OK) status = fl_photos_settle(photos, journal, &erased, error); /* and theirs */
    for (uint64_t i = 0; status == FL_OK && i < fl_journal_length(journal); i++) {
        fl_record record;
        status = fl_journal_past(journal, i, &record);
        if (status == FL_OK) status = fl_care_take(&c->book, &record, i);
        if (status != FL_OK) fl_error_set(error, status, "entry %llu cannot be read", (unsigned long long)i);
    }
    if (status != FL_OK || !c->code[0]) return status;
    const fl_care *care = fl_care_find(&c->book, c->code);
    if (care && !care->erased) return FL_OK;
    return fl_error_set(error, FL_E_NO, "%s", word_in(c->p->language, care ? W_PHOTO_ERASED : W_CLIENT_NONE));
}

/* The text first, waiting; then the entry; then it is kept. */
static fl_status put_identity(void *self, fl_journal *journal, fl_error *error)
{
    change *c = self;
    fl_status status = read_book(c, journal, error);
    if (status == FL_OK && !c->code[0]) status = fl_register_next_code(&c->book, c->clients, c->code, error);
    if (status == FL_OK)
        status =
            fl_clients_put(c->clients, c->code, FL_TEXT_IDENTITY, c->text, strlen(c->text), &c->cmt, error);
    if (status != FL_OK) return status;
    fl_entry_begin(&c->entries[0], FL_KIND_CLIENT);
    fl_entry_text(&c->entries[0], "pat", c->code);
    fl_entry_hex(&c->entries[0], "cmt", c->cmt.byte, sizeof c->cmt.byte);
    fl_entry_text(&c->entries[0], "who", c->p->visitor->who);
    return FL_OK;
}

static fl_status may_erase(void *self, fl_journal *journal, fl_error *error)
{
    static const char *const whats[] = {"identity", "photos"};
    change *c = self;
    char day[11];
    fl_status status = read_book(c, journal, error);
    if (status == FL_OK)
        status = fl_register_may_erase(&c->book, fl_care_find(&c->book, c->code), c->clients, c->p->today,
                                       &c->until, error);
    if (status != FL_OK) return status;
    for (size_t i = 0; i < 2; i++) {
        fl_entry *entry = &c->entries[i];
        fl_entry_begin(entry, FL_KIND_ERASE);
        fl_entry_text(entry, "what", whats[i]);
        fl_entry_text(entry, "pat", c->code);
        fl_entry_text(entry, "due", fl_date_text(c->until, day));
        fl_entry_text(entry, "rule", fl_care_rule(&c->book)->id);
        fl_entry_text(entry, "why", c->why);
        fl_entry_text(entry, "who", c->p->visitor->who);
        if (c->second) fl_entry_text(entry, "second", c->second);
    }
    return FL_OK;
}

static void end_change(change *c)
{
    fl_care_fini(&c->book);
    fl_clients_close(c->clients);
}

/* ---- typed in ---- */

static fl_status take_identity(page *p, char text[FL_IDENTITY_MAX], fl_error *error)
{
    fl_identity who = {0};
    const char *name = page_given(p, "name"), *contact = page_given(p, "contact"),
               *spoken = page_given(p, "language");
    fl_status status = FL_OK;
    if (snprintf(who.name, sizeof who.name, "%s", name ? name : "") >= (int)sizeof who.name ||
        snprintf(who.contact, sizeof who.contact, "%s", contact ? contact : "") >= (int)sizeof who.contact ||
        snprintf(who.language, sizeof who.language, "%s", spoken ? spoken : "") >= (int)sizeof who.language)
        status = fl_error_set(error, FL_E_RANGE, "name or contact is too long");
    if (status == FL_OK) status = fl_register_born(page_given(p, "born"), p->today, &who.born, error);
    if (status == FL_OK) status = fl_identity_write(&who, text, error);
    explicit_bzero(&who, sizeof who);
    return status;
}

/* FL_OK: redirected to the client. FL_E_RANGE: the form can be mended. */
static fl_status keep_identity(page *p, const char *code, fl_error *error)
{
    char text[FL_IDENTITY_MAX];
    change *c = calloc(1, sizeof *c);
    fl_status status = c ? take_identity(p, text, error) : fl_error_set(error, FL_E_MEMORY, "no memory");
    if (status == FL_OK) {
        c->p = p;
        c->text = text;
        if (code) snprintf(c->code, sizeof c->code, "%s", code);
        status = book_write_if(p, put_identity, c, c->entries, 1, NULL, error);
        if (status == FL_OK) status = fl_clients_keep(c->clients, &c->cmt, error);
        if (status == FL_OK) page_redirect(p, page_url(p, "/identity/%s", c->code));
        end_change(c);
    }
    explicit_bzero(text, sizeof text);
    free(c);
    return status;
}

void page_identity_add_post(page *p)
{
    fl_error error = {0};
    const fl_status status = keep_identity(p, NULL, &error);
    if (status == FL_E_RANGE) {
        p->status = 422;
        show_new(p, (refusal){.sentence = error.what});
    } else if (status != FL_OK) {
        page_failed(p, &error);
    }
}

static void show_refused(page *p, const char *code, word ours, const fl_error *error)
{
    person one;
    if (ours == W_NONE && error->status != FL_E_RANGE && error->status != FL_E_NO)
        return page_failed(p, error);
    if (!open_person(p, code, &one)) return;
    p->status = 422;
    show(p, &one, (refusal){ours, page_format(p, "%s", error->what)});
    close_person(&one);
}

void page_identity_change_post(page *p)
{
    fl_error error = {0};
    const char *code = page_given(p, "code");
    if (!code || !fl_client_code_is(code)) return page_refuse(p, 404, say(p, W_CLIENT_NONE), NULL);
    if (keep_identity(p, code, &error) != FL_OK) show_refused(p, code, W_NONE, &error);
}

/* ---- erased ---- */

/* The second person is here and signs with the PIN, which the journal has as any sign-in. */
static fl_status second_signs(page *p, const char **second, word *no, fl_error *error)
{
    fl_people_answer answer = FL_PEOPLE_UNKNOWN;
    bool late, good = false;
    *second = NULL;
    if (!needs_second(p)) return FL_OK;
    const char *who = page_given(p, "second"), *pin = page_given(p, "second-pin");
    if (who && pin && strcmp(who, p->visitor->who) != 0 && book_rights(p, who, &late) & MAY(SUPERVISOR) &&
        !late) {
        const fl_status status = book_sign_in(p, who, pin, &answer, error);
        if (status != FL_OK) return status;
        good = answer == FL_PEOPLE_YES;
    }
    *no = good ? W_NONE : W_IDENTITY_SECOND_BAD;
    *second = who;
    return good ? FL_OK : FL_E_NO;
}

void page_identity_erase_post(page *p)
{
    char photos[FL_PLACE_MAX];
    fl_error error = {0};
    const char *code = page_given(p, "code"), *why = page_given(p, "why");
    if (!code || !fl_client_code_is(code)) return page_refuse(p, 404, say(p, W_CLIENT_NONE), NULL);
    change *c = calloc(1, sizeof *c);
    fl_status status = c ? FL_OK : fl_error_set(&error, FL_E_MEMORY, "no memory");
    word no = W_NONE;
    if (!why || !*why || strlen(why) > 400 || !fl_entry_takes(why))
        no = W_IDENTITY_SAY_WHY;
    else if (page_names_client(p, why, code))
        no = W_NAMES_CLIENT;
    if (no != W_NONE) status = FL_E_NO;
    if (status == FL_OK) status = fl_photos_place(p->simulated, photos, &error);
    if (status == FL_OK) status = second_signs(p, &c->second, &no, &error);
    if (status == FL_OK) {
        c->p = p;
        c->why = why;
        snprintf(c->code, sizeof c->code, "%s", code);
        status =
            book_write_if(p, may_erase, c, c->entries, fl_photos_has(photos, code) ? 2 : 1, NULL, &error);
        if (status == FL_OK)
            status = fl_clients_erase(c->clients, code, &error); /* else the next act goes on */
        if (status == FL_OK) status = fl_photos_erase(photos, code, &error);
        end_change(c);
    }
    free(c);
    if (status == FL_OK)
        page_redirect(p, page_url(p, "/identity/%s", code));
    else
        show_refused(p, code, no, &error);
}

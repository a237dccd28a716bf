/* What is said of test spots: placed today, seen on the skin now, read. Each is an entry of the journal with
 * its time; placing and reading also change the case file, after its own reader has found no fault in it. */
#include "plan_parts.h"
#include "test_spots_parts.h"

#include "cases.h"
#include "core.h"
#include "owe.h"

#include "fadeline/base/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- the case file ---- */

static const char *at(page *p, size_t n, const char *key)
{
    return page_format(p, "tests[%zu].%s", n, key);
}

static fl_draft *draft_of(const spots *s)
{
    fl_draft *d = fl_draft_new(&fl_case_schema);
    fl_draft_take(d, fl_yaml_root(s->c->file));
    return d;
}

/* The first fault, as a sentence; NULL: none. */
static const char *fault_of(page *p, fl_draft *d)
{
    const char *sentence = NULL;
    fl_faults *faults = fl_faults_new();
    if (fl_draft_check(d, faults) != FL_OK)
        sentence = page_format(p, "%s", faults->count ? faults->list[0].what : "?");
    fl_faults_free(faults);
    return sentence;
}

static fl_status write_case(page *p, const spots *s, fl_draft *d, fl_error *error)
{
    char path[FL_PLACE_MAX];
    size_t size;
    const char *text = fl_draft_yaml(d, &size);
    if (!cases_path(p, s->name, path)) return fl_error_set(error, FL_E_NO, "the case file is gone");
    return fl_place_write(path, text, size, 0600, error);
}

/* ---- the journal ---- */

static void begin_note(page *p, const spots *s, fl_entry *entry, const char *id, const char *zone,
                       const char *moment)
{
    fl_entry_begin(entry, FL_KIND_NOTE);
    fl_entry_text(entry, "text", "test-spot");
    fl_entry_text(entry, "pat", s->c->body.client);
    fl_entry_text(entry, "test", id);
    if (zone) fl_entry_text(entry, "zone", zone);
    fl_entry_text(entry, "moment", moment);
    fl_entry_text(entry, "who", p->visitor->who);
}

/* ---- placed today, as the plan asked ---- */

static void place_one(page *p, const spots *s, const fl_plan *plan, size_t i, fl_draft *d, fl_entry *note)
{
    char day[11];
    const fl_plan_spot *spot = &plan->test_spots.grid[i];
    const char *id = page_format(p, "%s-%s", spot->id, fl_date_text(p->today, day));
    fl_draft_set(d, at(p, i, "id"), id);
    fl_draft_set(d, at(p, i, "zone"), spot->zone);
    fl_draft_set(d, at(p, i, "placed_on"), fl_date_text(p->today, day));
    fl_draft_set(d, at(p, i, "device"), plan->device);
    fl_draft_set(d, at(p, i, "wavelength_nm"), page_format(p, "%.10g", fl_as_nm(spot->wavelength)));
    fl_draft_set(d, at(p, i, "spot_mm"), page_format(p, "%.10g", fl_as_mm(spot->spot)));
    fl_draft_set(d, at(p, i, "fluence_J_cm2"), page_format(p, "%.6g", fl_as_J_cm2(spot->fluence)));
    fl_draft_set(d, at(p, i, "pulses"), page_format(p, "%d", spot->pulses));
    fl_draft_set(d, at(p, i, "result"), "open");
    begin_note(p, s, note, id, spot->zone, "placed");
    fl_entry_text(note, "plan", plan->plan_id);
    fl_entry_int(note, "wl_nm", fl_whole_nm(spot->wavelength));
    fl_entry_int(note, "spot_um", fl_whole_um(spot->spot));
    fl_entry_int(note, "energy_uJ", llround(1e3 * fl_as_mJ(spot->energy)));
    fl_entry_int(note, "pulses", spot->pulses);
}

static void place(page *p, const spots *s, const fl_plan *plan)
{
    fl_error error = {0};
    const size_t count = plan->test_spots.grid_count;
    fl_draft *d = draft_of(s);
    fl_entry *notes = calloc(count + 1, sizeof *notes);
    fl_status status = notes ? FL_OK : fl_error_set(&error, FL_E_MEMORY, "no memory");
    for (size_t i = 0; notes && i < count; i++) place_one(p, s, plan, i, d, &notes[i]);
    const char *fault = fault_of(p, d);
    if (status == FL_OK && fault) status = fl_error_set(&error, FL_E_FILE, "%s", fault);
    if (status == FL_OK && count) status = owe_write(p, NULL, NULL, notes, count, &error);
    if (status == FL_OK) status = write_case(p, s, d, &error);
    if (status == FL_OK)
        page_redirect(p, page_url(p, "/tests/%s", s->name));
    else
        page_failed(p, &error);
    free(notes);
    fl_draft_free(d);
}

static void take_placed(page *p)
{
    spots s;
    fl_plan *plan = NULL;
    const char *wanted = page_given(p, "place");
    if (!spots_open(p, page_given(p, "case"), &s)) return;
    if (!wanted || s.count) /* they were placed meanwhile */
        page_redirect(p, page_url(p, "/tests/%s", s.name));
    else if ((plan = plan_of(p, wanted)) != NULL) {
        if (fl_date_compare(plan->date, p->today) != 0)
            page_refuse(p, 422, say(p, W_CLIENT_AGAIN_WHY), NULL);
        else if (fl_plan_tests(plan) && fl_text_same(plan->client, s.c->body.client))
            place(p, &s, plan);
        else
            page_refuse(p, 422, say(p, W_TESTS_NONE), NULL);
    }
    fl_plan_free(plan);
    spots_close(&s);
}

/* ---- seen ---- */

/* The spot that a form is about. false: the page has answered. */
static bool open_spot(page *p, spots *s, size_t *n)
{
    uint64_t number;
    const char *given = page_given(p, "spot");
    if (!spots_open(p, page_given(p, "case"), s)) return false;
    if (given && fl_read_u64(given, &number) == FL_OK && number < s->count) {
        *n = (size_t)number;
        return true;
    }
    spots_close(s);
    return page_refuse(p, 404, say(p, W_TESTS_NONE), NULL), false;
}

static void show_again(page *p, const spots *s, size_t n, spot_moment moment, const char *sentence)
{
    p->status = 422;
    spots_show(p, s, &(spot_wrong){n, moment, sentence});
}

/* A photo is wished for, not demanded. false: what came is none, and the page has said so. */
static bool take_photo(page *p, const spots *s, size_t n, spot_moment moment)
{
    word wrong;
    const page_photo photo = {.pat = s->c->body.client,
                              .what = "test",
                              .zone = s->c->body.tests[n].zone,
                              .spot = s->c->body.tests[n].id,
                              .moment = spot_moments[moment]};
    if (!fields_file(&p->request->form, "photo") || page_upload(p, &photo, &wrong)) return true;
    if (wrong != W_NONE) show_again(p, s, n, moment, say(p, wrong));
    return false;
}

static const char *not_now(page *p, const spots *s, size_t n, spot_moment moment)
{
    const spot_state *state = &s->state[n];
    const fl_clock *clock = &p->console->clock;
    const fl_utc due = {state->placed_at.us + SPOT_LOOK_MIN * (int64_t)60000000};
    if (state->seen[moment][0]) return say(p, W_SPOTS_SAID);
    if (fl_date_compare(s->c->body.tests[n].placed_on, p->today) != 0) return say(p, W_SPOTS_THAT_DAY);
    if (moment == SPOT_LATER && state->placed && clock->utc(clock->self).us < due.us)
        return page_fill(p, W_SPOTS_AGAIN_AT, page_time(p, due));
    return NULL;
}

static const char *one_of(const char *given, const char *const *list, size_t count)
{
    for (size_t i = 0; given && i < count; i++)
        if (strcmp(given, list[i]) == 0) return list[i];
    return NULL;
}

static void record(page *p, const spots *s, fl_entry *note, fl_draft *d)
{
    fl_error error = {0};
    fl_status status = owe_write(p, NULL, NULL, note, 1, &error);
    if (status == FL_OK && d) status = write_case(p, s, d, &error);
    if (status == FL_OK)
        page_redirect(p, page_url(p, "/tests/%s", s->name));
    else
        page_failed(p, &error);
}

static void take_look(page *p)
{
    spots s;
    size_t n;
    fl_entry note;
    if (!open_spot(p, &s, &n)) return;
    const spot_moment moment = fl_text_same(page_given(p, "moment"), "15-min") ? SPOT_LATER : SPOT_AT_ONCE;
    const char *seen = one_of(page_given(p, "seen"), spot_seen, SPOT_SEEN),
               *no = seen ? not_now(p, &s, n, moment) : say(p, W_SPOTS_SAY_SEEN);
    if (no) {
        show_again(p, &s, n, moment, no);
    } else if (take_photo(p, &s, n, moment)) {
        begin_note(p, &s, &note, s.c->body.tests[n].id, s.c->body.tests[n].zone, spot_moments[moment]);
        fl_entry_text(&note, "seen", seen);
        record(p, &s, &note, NULL);
    }
    spots_close(&s);
}

/* ---- read ---- */

typedef struct reading {
    const char *result, *cleared; /* cleared: "" when it was left out */
    bool pigment, texture, hair;
} reading;

/* NULL, or what is wrong with it. */
static const char *take_reading(page *p, reading *r)
{
    static const char *const results[] = {"lighter", "same", "darker"};
    double value;
    const char *cleared = page_given(p, "cleared");
    *r = (reading){.result = one_of(page_given(p, "result"), results, 3),
                   .cleared = "",
                   .pigment = page_given(p, "pigment") != NULL,
                   .texture = page_given(p, "texture") != NULL,
                   .hair = page_given(p, "hair") != NULL};
    if (!r->result) return say(p, W_SPOTS_SAY_RESULT);
    if (!cleared || !*cleared) return NULL;
    if (!page_read_number(cleared, &value) || !(value >= 0 && value <= 100)) return say(p, W_SPOTS_PERCENT);
    r->cleared = page_format(p, "%.6g", value);
    return NULL;
}

static void put_reading(page *p, const spots *s, size_t n, const reading *r, fl_draft *d, fl_entry *note)
{
    char day[11];
    const bool skin = r->pigment || r->texture, out = skin || r->hair || strcmp(r->result, "darker") == 0;
    fl_draft_set(d, at(p, n, "result"), r->result);
    fl_draft_set(d, at(p, n, "read_on"), fl_date_text(p->today, day));
    fl_draft_set(d, at(p, n, "cleared_percent"), r->cleared);
    fl_draft_set(d, at(p, n, "skin_change"), skin ? "yes" : "no");
    fl_draft_set(d, at(p, n, "hair_white"), r->hair ? "yes" : "no");
    begin_note(p, s, note, s->c->body.tests[n].id, s->c->body.tests[n].zone, spot_moments[SPOT_READ]);
    fl_entry_text(note, "result", r->result);
    if (*r->cleared) fl_entry_text(note, "cleared_percent", r->cleared);
    fl_entry_int(note, "pigment", r->pigment);
    fl_entry_int(note, "texture", r->texture);
    fl_entry_int(note, "hair_white", r->hair);
    fl_entry_text(note, "decision", out ? "excluded" : "kept");
}

static void take_read(page *p)
{
    spots s;
    size_t n;
    reading r;
    fl_entry note;
    if (!open_spot(p, &s, &n)) return;
    fl_draft *d = draft_of(&s);
    const char *no = spot_is_read(&s, n) ? say(p, W_SPOTS_SAID) : spot_too_early(p, &s, n);
    if (!no) no = take_reading(p, &r);
    if (!no) put_reading(p, &s, n, &r, d, &note);
    if (!no) no = fault_of(p, d);
    if (no)
        show_again(p, &s, n, SPOT_READ, no);
    else if (take_photo(p, &s, n, SPOT_READ))
        record(p, &s, &note, d);
    fl_draft_free(d);
    spots_close(&s);
}

/* ---- one page at a time ---- */

static void alone(page *p, void (*take)(page *p))
{
    pthread_mutex_lock(&p->console->cases);
    take(p);
    pthread_mutex_unlock(&p->console->cases);
}

void page_test_spots_post(page *p)
{
    alone(p, take_placed);
}

void page_test_spots_look_post(page *p)
{
    alone(p, take_look);
}

void page_test_spots_read_post(page *p)
{
    alone(p, take_read);
}

#include "test_spots_parts.h"

#include "book.h"
#include "cases.h"
#include "core.h"
#include "owe.h"
#include "photo_parts.h"
#include "plan_shelf.h"

#include "fadeline/base/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const char *const spot_moments[SPOT_MOMENTS] = {"0-min", "15-min", "read"};
const char *const spot_seen[SPOT_SEEN] = {"none",     "frost",      "weak", "bleed",
                                          "darkened", "hair-white", "spark"};

/* ---- the plan and its rules ---- */

/* The grid stands in zones of this case: of another case of the same client it does not. */
static bool is_of_case(const fl_plan *plan, const fl_case *c)
{
    for (size_t i = 0; i < plan->test_spots.grid_count; i++) {
        size_t n = 0;
        while (n < c->body.zones_count && !fl_text_same(c->body.zones[n].id, plan->test_spots.grid[i].zone))
            n++;
        if (n == c->body.zones_count) return false;
    }
    return plan->test_spots.grid_count > 0;
}

/* The newest plan of this case that has a grid; NULL: none. */
static fl_plan *plan_for(const page *p, const fl_case *c)
{
    fl_plan *best = NULL;
    plan_shelf *s = plan_shelf_new(p, c->body.client);
    for (size_t i = 0; s && i < s->count && !best; i++)
        if (plan_shelf_has_page(s, i) && is_of_case(s->plans[i], c)) {
            best = s->plans[i];
            s->plans[i] = NULL;
        }
    plan_shelf_free(s);
    return best;
}

/* A type that nobody knows is the darkest: its read is the latest. */
static void take_window(spots *s)
{
    const fl_rulebook *book = s->book;
    s->skin_type = s->plan ? s->plan->skin.planned_as : 0;
    if (book)
        s->window = fl_interval_for(book->rules->test.reads, book->rules->test.reads_count,
                                    s->skin_type ? s->skin_type : 6);
}

/* ---- what the journal knows ---- */

static size_t spot_of(const spots *s, const fl_record *record)
{
    for (size_t n = 0; n < s->count; n++)
        if (fl_record_text_is(record, "test", s->c->body.tests[n].id)) return n;
    return s->count;
}

static fl_utc when(const fl_record *record)
{
    fl_utc at = {0};
    if (fl_record_int(record, "was_us", &at.us) != FL_OK && fl_record_int(record, "utc_us", &at.us) != FL_OK)
        at.us = 0;
    return at;
}

static void take_record(void *self, const fl_record *record)
{
    spots *s = self;
    const size_t n = spot_of(s, record);
    if (n == s->count) return;
    spot_state *state = &s->state[n];
    if (fl_record_is(record, FL_KIND_PHOTO)) state->photos++;
    if (!fl_record_is(record, FL_KIND_NOTE) || !fl_record_text_is(record, "text", "test-spot")) return;
    if (fl_record_text_is(record, "moment", "placed")) {
        state->placed = true;
        state->placed_at = when(record);
    }
    for (size_t m = 0; m < 2; m++)
        if (fl_record_text_is(record, "moment", spot_moments[m]) &&
            fl_record_text(record, "seen", state->seen[m], sizeof state->seen[m]) == FL_OK)
            state->seen_at[m] = when(record);
}

static fl_status take_journal(page *p, spots *s, fl_error *error)
{
    fl_journal *journal = NULL;
    const char *client = s->c->body.client;
    if (!book_exists(p)) return FL_OK;
    const fl_status status = book_look(p, &journal, error);
    if (status != FL_OK) return status;
    for (uint64_t i = 0; i < fl_journal_size(journal); i++) {
        fl_record record;
        if (fl_journal_record(journal, i, &record) == FL_OK && fl_record_text_is(&record, "pat", client))
            take_record(s, &record);
    }
    s->may_photo = photo_consent(journal, client, NULL, NULL) == PHOTO_CONSENT;
    s->looked = s->may_photo && photo_was_opened(p, journal, client, NULL);
    fl_journal_close(journal);
    owe_each(p, client, take_record, s);
    return FL_OK;
}

/* ---- together ---- */

bool spots_open(page *p, const char *name, spots *s)
{
    char path[FL_PLACE_MAX];
    fl_error error = {0};
    *s = (spots){.name = name};
    if (!name || !cases_path(p, name, path)) return page_refuse(p, 404, say(p, W_TESTS_NO_CASE), NULL), false;
    fl_status status = fl_case_load(path, NULL, &s->c, &error);
    if (status == FL_OK) {
        s->plan = plan_for(p, s->c);
        s->count = s->c->body.tests_count < SPOTS_MOST ? s->c->body.tests_count : SPOTS_MOST;
        if (fl_rulebook_load(NULL, NULL, &s->book, NULL) != FL_OK) s->book = NULL;
        take_window(s);
        status = take_journal(p, s, &error);
    }
    if (status == FL_OK) return true;
    spots_close(s);
    return page_failed(p, &error), false;
}

void spots_close(spots *s)
{
    fl_case_free(s->c);
    fl_plan_free(s->plan);
    fl_rulebook_free(s->book);
    *s = (spots){0};
}

/* ---- reads ---- */

static fl_date read_day(const spots *s, size_t n, bool last)
{
    const fl_date placed = s->c->body.tests[n].placed_on;
    if (!s->window || !fl_date_is_set(placed)) return (fl_date){0};
    return fl_date_add_days(placed, last ? s->window->max_days : s->window->min_days);
}

fl_date spot_read_from(const spots *s, size_t n)
{
    return read_day(s, n, false);
}

fl_date spot_read_by(const spots *s, size_t n)
{
    return read_day(s, n, true);
}

bool spot_is_read(const spots *s, size_t n)
{
    return s->c->body.tests[n].result > FL_READ_OPEN;
}

bool spot_is_excluded(const fl_case_test *t)
{
    return t->result == FL_READ_DARKER || t->skin_change == FL_YES || t->hair_white == FL_YES;
}

const char *spot_why_weeks(page *p, const spots *s)
{
    const int days = s->window->min_days;
    return page_format(p, "%s %s",
                       page_fill(p, W_SPOTS_WHY_WEEKS, page_number(p, days / 7.0, days % 7 ? 1 : 0)),
                       s->skin_type ? page_fill(p, W_SPOTS_FOR_TYPE, fl_skin_type_roman(s->skin_type))
                                    : say(p, W_SPOTS_TYPE_UNKNOWN));
}

const char *spot_too_early(page *p, const spots *s, size_t n)
{
    const fl_date from = spot_read_from(s, n);
    if (!fl_date_is_set(from)) return say(p, W_SPOTS_NO_RULES);
    if (fl_date_compare(p->today, from) >= 0) return NULL;
    return page_format(p, "%s %s", page_fill(p, W_SPOTS_NOT_BEFORE, page_date(p, from)),
                       spot_why_weeks(p, s));
}

bool spot_is_out_with_another(const spots *s, size_t n)
{
    const fl_case_test *tests = s->c->body.tests;
    for (size_t i = 0; i < s->count; i++)
        if (i != n && spot_is_excluded(&tests[i]) && isfinite(tests[i].wavelength.m) &&
            isfinite(tests[n].wavelength.m) && isfinite(tests[i].spot.m) && isfinite(tests[n].spot.m) &&
            fl_whole_nm(tests[i].wavelength) == fl_whole_nm(tests[n].wavelength) &&
            fl_whole_um(tests[i].spot) == fl_whole_um(tests[n].spot))
            return true;
    return false;
}

#include "fadeline/session/sitting.h"

#include "fadeline/base/place.h"
#include "fadeline/session/beside.h"

fl_status fl_sitting_plan(fl_sitting *s, const fl_sitting_start *start, fl_error *error)
{
    s->training = start->training;
    const fl_status status = fl_manual_open_plan(start->plan, start->device, &s->plan, &s->device, error);
    if (status == FL_OK) fl_manual_name(s->device, s->training, s->dev);
    return status;
}

static fl_status take_date(fl_sitting *s, const char *date, fl_error *error)
{
    const fl_date real = fl_date_of(fl_clock_system()->utc(NULL));
    s->today = real;
    if (date && !s->training) return fl_error_set(error, FL_E_USAGE, "--date is for --training only");
    if (date && fl_date_read(date, &s->today) != FL_OK)
        return fl_error_set(error, FL_E_USAGE, "--date wants YYYY-MM-DD, not '%s'", date);
    s->days_ahead = fl_date_days(s->today) - fl_date_days(real);
    s->clock = fl_clock_ahead(&s->days_ahead);
    if (fl_date_compare(s->today, s->plan->date) == 0) return FL_OK;
    char planned[11], today[11];
    fl_error_set(error, FL_E_NO, "the plan is for %s, today is %s", fl_date_text(s->plan->date, planned),
                 fl_date_text(s->today, today));
    return fl_error_hint(error, "skin, sun and medicine are asked anew on the day: plan again"), FL_E_NO;
}

fl_status fl_sitting_read(fl_sitting *s, const fl_sitting_start *start, fl_error *error)
{
    const fl_status status = fl_sitting_plan(s, start, error);
    return status == FL_OK ? take_date(s, start->date, error) : status;
}

/* What the start itself verified is the first record: nothing verifies it beside a session by hand. */
static fl_status note_verified(fl_sitting *s, fl_error *error)
{
    fl_entry verified;
    fl_beside_record_own(fl_journal_verified(s->journal, NULL), &verified);
    return fl_journal_append(s->journal, &verified, 1, error);
}

fl_status fl_sitting_open(fl_sitting *s, fl_error *error)
{
    char home[FL_PLACE_MAX], place[FL_PLACE_MAX];
    fl_status status = fl_place_home(home, error);
    if (status == FL_OK) status = fl_people_load(home, &s->people, error);
    if (status == FL_OK) status = fl_journal_place(s->training, place, error);
    const fl_journal_options options = {.mode = FL_JOURNAL_CREATE,
                                        .full = true,
                                        .simulated = s->training,
                                        .clock = &s->clock,
                                        .clk = s->days_ahead ? FL_CLK_HAND : FL_CLK_UNKNOWN};
    if (status == FL_OK) status = fl_journal_open(place, &options, &s->journal, error);
    return status == FL_OK ? note_verified(s, error) : status;
}

fl_status fl_sitting_begin(fl_sitting *s, void *self,
                           void (*say)(void *self, const char *kind, const char *code, const char *text,
                                       const char *hint),
                           fl_error *error)
{
    const fl_manual_setup setup = {.plan = s->plan,
                                   .device = s->device,
                                   .dev = s->dev,
                                   .training = s->training,
                                   .journal = s->journal,
                                   .people = s->people,
                                   .clock = &s->clock,
                                   .today = s->today,
                                   .date_by_hand = s->days_ahead != 0,
                                   .self = self,
                                   .say = say};
    return fl_manual_new(&setup, &s->manual, error);
}

fl_status fl_sitting_end(fl_sitting *s, fl_error *error)
{
    return fl_manual_end(s->manual, error);
}

void fl_sitting_close(fl_sitting *s)
{
    fl_manual_free(s->manual);
    fl_journal_close(s->journal);
    fl_people_free(s->people);
    fl_device_free(s->device);
    fl_plan_free(s->plan);
    *s = (fl_sitting){0};
}

#include "fadeline/report/manual_card.h"

#include "paper.h"

#include "fadeline/base/place.h"
#include "fadeline/base/text.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define WIDE 62 /* of a card on a screen; 80 columns are everywhere */
#define PAGE_WIDTH 595.28
#define PAGE_HEIGHT 841.89
#define MARGIN 48.0
#define ROW 48.0

const char *fl_card_title(const fl_plan *plan, bool test, size_t index, char *room, size_t size)
{
    if (!test)
        snprintf(room, size, "ZONE %s", plan->zones[index].id);
    else
        snprintf(room, size, "TEST SPOT %zu (%s) in %s", index + 1, plan->test_spots.grid[index].id,
                 plan->test_spots.grid[index].zone);
    return room;
}

static void add(fl_card_line *lines, size_t *count, const char *label, const char *format, ...)
    FL_PRINTF(4, 5);
static void add(fl_card_line *lines, size_t *count, const char *label, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    lines[*count].label = label;
    vsnprintf(lines[*count].value, sizeof lines->value, format, arguments);
    va_end(arguments);
    ++*count;
}

static const fl_plan_eyewear *eyewear_of(const fl_plan *plan, fl_wavelength wavelength)
{
    for (size_t i = 0; i < plan->eyewear_count; i++)
        if (fl_whole_nm(plan->eyewear[i].wavelength) == fl_whole_nm(wavelength)) return &plan->eyewear[i];
    return NULL;
}

static void add_pulse_length(fl_card_line *lines, size_t *count, fl_pulse_length pulse)
{
    const double ps = pulse.s * 1e12;
    if (ps >= 1e6)
        add(lines, count, "PULSE", "%.4g us", ps / 1e6);
    else if (ps >= 1e3)
        add(lines, count, "PULSE", "%.4g ns", ps / 1e3);
    else
        add(lines, count, "PULSE", "%.4g ps", ps);
}

size_t fl_card_lines(const fl_plan *plan, bool test, size_t index, fl_card_line lines[FL_CARD_LINES])
{
    const fl_plan_spot *spot = test ? &plan->test_spots.grid[index] : NULL;
    const fl_plan_zone *zone = test ? NULL : &plan->zones[index];
    const fl_plan_setting *s = &plan->settings[test ? spot->setting : plan->chosen];
    const fl_plan_eyewear *eyewear = eyewear_of(plan, s->wavelength);
    size_t n = 0;
    add(lines, &n, "WAVELENGTH", "%lld nm", (long long)fl_whole_nm(s->wavelength));
    add_pulse_length(lines, &n, s->pulse);
    add(lines, &n, "SPOT", "%.4g mm", fl_as_mm(s->spot));
    add(lines, &n, "FLUENCE", "%.2f J/cm2", fl_as_J_cm2(test ? spot->fluence : s->start));
    add(lines, &n, "ENERGY", "%.4g mJ", (test ? spot->energy : s->energy).J * 1e3);
    add(lines, &n, "RATE", "%.4g Hz", s->rate.Hz);
    if (test) {
        add(lines, &n, "PASSES", "1, spots side by side, never twice on one place");
        add(lines, &n, "PULSES", "%d, not one more", spot->pulses);
    } else {
        add(lines, &n, "PASSES", "%d", s->passes);
        add(lines, &n, "OVERLAP", "%.3g %%", 100 * zone->overlap);
        add(lines, &n, "PULSES", "%d  (stop at %d)", zone->budget.planned, zone->budget.soft_stop);
    }
    if (eyewear)
        add(lines, &n, "EYEWEAR", "%lld nm  OD %.3g  %s", (long long)fl_whole_nm(s->wavelength), eyewear->od,
            eyewear->en207);
    else
        add(lines, &n, "EYEWEAR", "the plan names none: do not fire");
    return n;
}

static void rule(const char *mark, char with, FILE *out)
{
    fputs(mark, out);
    for (int i = 0; i < WIDE; i++) fputc(with, out);
    fputc('\n', out);
}

void fl_card_print(const fl_plan *plan, bool test, size_t index, const char *mark, FILE *out)
{
    char title[160], day[11];
    fl_card_line lines[FL_CARD_LINES];
    const size_t count = fl_card_lines(plan, test, index, lines);
    rule(mark, '=', out);
    fprintf(out, "%s  SET BY HAND     %s\n", mark, fl_card_title(plan, test, index, title, sizeof title));
    fprintf(out, "%s  %s, client %s, only on %s\n", mark, plan->device, plan->client,
            fl_date_text(plan->date, day));
    rule(mark, '-', out);
    for (size_t i = 0; i < count; i++) fprintf(out, "%s  %-12s  %s\n", mark, lines[i].label, lines[i].value);
    rule(mark, '=', out);
}

/* ---- paper ---- */

typedef struct pack {
    const fl_plan *plan;
    bool training;
} pack;

typedef void (*card_visit)(void *self, const fl_plan *plan, bool test, size_t index);

/* Test spots first: they come first. */
static size_t each_card(const fl_plan *plan, void *self, card_visit visit)
{
    size_t count = 0;
    const size_t spots = fl_plan_tests(plan) ? plan->test_spots.grid_count : 0;
    for (size_t i = 0; i < spots; i++, count++)
        if (visit) visit(self, plan, true, i);
    for (size_t i = 0; fl_plan_treats_zones(plan) && i < plan->zone_count; i++) {
        if (plan->zones[i].locked) continue;
        if (visit) visit(self, plan, false, i);
        count++;
    }
    return count;
}

typedef struct printing {
    fl_paper *paper;
    bool training, begun;
} printing;

static void paint_card(void *self, const fl_plan *plan, bool test, size_t index)
{
    printing *p = self;
    char title[160], day[11];
    fl_card_line lines[FL_CARD_LINES];
    const size_t count = fl_card_lines(plan, test, index, lines);
    const double inner = PAGE_WIDTH - 2 * MARGIN;
    if (p->begun) cairo_show_page(p->paper->cairo);
    p->begun = true;
    const fl_type big = {.size = 25, .bold = true, .shade = FL_SHADE_TEXT, .wrap = inner, .lines = 2};
    /* As many lines as it takes: nothing that is to be set may be cut. */
    const fl_type value = {.size = 25, .bold = true, .shade = FL_SHADE_TEXT, .wrap = inner - 165};
    const fl_type label = {.size = 15, .shade = FL_SHADE_TEXT, .most = 160};
    const fl_type small = {.size = 11, .shade = FL_SHADE_TEXT, .wrap = inner};
    double y = MARGIN + 30;
    y += fl_paper_text(p->paper, MARGIN, y, big, "%s%s", p->training ? "TRAINING  " : "",
                       fl_card_title(plan, test, index, title, sizeof title));
    fl_paper_text(p->paper, MARGIN, y, small, "Set by hand: %s. Client %s. Only on %s. Plan %s.",
                  plan->device, plan->client, fl_date_text(plan->date, day), plan->plan_id);
    y += 26;
    fl_paper_line(p->paper, MARGIN, y, PAGE_WIDTH - MARGIN, y, 2, FL_SHADE_TEXT);
    for (size_t i = 0; i < count; i++) {
        y += 36;
        fl_paper_text(p->paper, MARGIN, y, label, "%s", lines[i].label);
        const double height = fl_paper_text(p->paper, MARGIN + 165, y, value, "%s", lines[i].value);
        y += height > 40 ? height - 22 : 8;
        fl_paper_line(p->paper, MARGIN, y + 4, PAGE_WIDTH - MARGIN, y + 4, 0.5, FL_SHADE_LINE);
    }
    y += 46;
    static const char *const written[] = {"COUNTER BEFORE", "COUNTER AFTER", "SEEN"};
    for (size_t i = 0; i < sizeof written / sizeof *written; i++, y += ROW - 8) {
        fl_paper_text(p->paper, MARGIN, y, label, "%s", written[i]);
        fl_paper_frame(p->paper, MARGIN + 165, y - 24, inner - 165, 32, 0, 1.2, false, FL_SHADE_TEXT);
    }
}

static void paint_all(fl_paper *paper, const void *what)
{
    const pack *all = what;
    printing p = {.paper = paper, .training = all->training};
    each_card(all->plan, &p, paint_card);
}

typedef struct typing {
    FILE *out;
    const char *mark;
} typing;

static void type_card(void *self, const fl_plan *plan, bool test, size_t index)
{
    const typing *t = self;
    fl_card_print(plan, test, index, t->mark, t->out);
    fprintf(t->out, "%s  COUNTER BEFORE  ____________   AFTER  ____________   SEEN  ________\n\n", t->mark);
}

static fl_status write_text(const pack *all, const char *path, fl_error *error)
{
    char *bytes = NULL;
    size_t size = 0;
    FILE *memory = open_memstream(&bytes, &size);
    if (!memory) return fl_error_set(error, FL_E_MEMORY, "no memory for the cards");
    typing t = {memory, all->training ? "TRAINING (SIMULATED) " : ""};
    each_card(all->plan, &t, type_card);
    fl_status status =
        fclose(memory) == 0 ? FL_OK : fl_error_set(error, FL_E_MEMORY, "no memory for the cards");
    if (status == FL_OK) status = fl_place_write(path, bytes, size, 0600, error);
    free(bytes);
    return status;
}

fl_status fl_card_write(const fl_plan *plan, bool training, const char *path, fl_error *error)
{
    const pack all = {plan, training};
    const char *ending = strrchr(path, '.');
    char day[11];
    if (!each_card(plan, NULL, NULL)) return fl_error_set(error, FL_E_NO, "this plan has nothing to set");
    if (ending && strcmp(ending, ".txt") == 0) return write_text(&all, path, error);
    if (fl_paper_kind_of(path) != FL_PAPER_PDF)
        return fl_error_set(error, FL_E_USAGE, "cards are written as .pdf or .txt, not as '%.200s'", path);
    const fl_paper_page page = {.width = PAGE_WIDTH,
                                .height = PAGE_HEIGHT,
                                .is_points = true,
                                .mode = 0600,
                                .title = training ? "Fadeline cards, TRAINING" : "Fadeline cards",
                                .day = fl_date_text(plan->date, day)};
    return fl_paper_write_page(FL_PAPER_PDF, paint_all, &all, &page, path, error);
}

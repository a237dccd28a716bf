/* What the panels of the sheet share. Private to plan_sheet. */
#ifndef FL_REPORT_PLAN_SHEET_PARTS_H
#define FL_REPORT_PLAN_SHEET_PARTS_H

#include "fadeline/report/plan_sheet.h"

#include "paper.h"
#include "plan_plot_parts.h"

typedef struct fl_sheet_panel {
    double left, top, width, height;
} fl_sheet_panel;

/* The setting that counts: the chosen one, else that of the first test spot, else NULL. */
const fl_plan_setting *fl_sheet_setting(const fl_plan *plan);
/* A reason that names no fluence: all that a refusal may repeat. */
bool fl_sheet_is_wordy(const fl_plan_reason *reason);

/* Title and one quiet line; returns what is left below them. */
fl_sheet_panel fl_sheet_title(fl_paper *paper, fl_sheet_panel panel, const char *title, const char *subtitle);
void fl_sheet_sideways(fl_paper *paper, double x, double y, fl_type type, const char *text); /* upwards */
const char *fl_sheet_count(long number, char room[24]);                                      /* "4,633" */
/* A reason as it is printed: terminals get J/cm2, paper J/cm². */
const char *fl_sheet_said(const char *text, char room[FL_PLAN_LINE + 40]);
/* A circle, a square or a triangle by wavelength. Filled, or an outline. */
void fl_sheet_mark(fl_paper *paper, double x, double y, double radius, fl_wavelength wavelength, bool filled,
                   fl_shade shade);

void fl_sheet_head(fl_paper *paper, const fl_plan_sheet *sheet, fl_sheet_panel panel);
void fl_sheet_map(fl_paper *paper, const fl_plan_sheet *sheet, fl_sheet_panel panel);
void fl_sheet_depth(fl_paper *paper, const fl_plan_sheet *sheet, fl_sheet_panel panel);
void fl_sheet_margins(fl_paper *paper, const fl_plan_sheet *sheet, fl_sheet_panel panel);
void fl_sheet_unknowns(fl_paper *paper, const fl_plan_sheet *sheet, fl_sheet_panel panel);
/* For a plan that says no: what is barred and why, in words. Reasons return how high they stand. */
void fl_sheet_settings_in_words(fl_paper *paper, const fl_plan_sheet *sheet, fl_sheet_panel panel);
double fl_sheet_reasons(fl_paper *paper, const fl_plan_sheet *sheet, fl_sheet_panel panel);
void fl_sheet_tests(fl_paper *paper, const fl_plan_sheet *sheet, fl_sheet_panel panel);
void fl_sheet_cautions(fl_paper *paper, const fl_plan_sheet *sheet, fl_sheet_panel panel);

#endif

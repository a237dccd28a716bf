/* A section through the skin: layers, and one setting's light in them. Shared by the depth picture and the
 * sheet. */
#ifndef FL_REPORT_PLAN_SECTION_H
#define FL_REPORT_PLAN_SECTION_H

#include "fadeline/planner/planner.h"

#include "paper.h"

#define FL_SECTION_DEEPEST_MM 2.0

typedef struct fl_section {
    double left, top, width, height;
    double most; /* right end of the axis */
    double unit; /* on the axis, of one local over incident fluence: 1, or the incident fluence */
} fl_section;

double fl_section_across(const fl_section *section, double value); /* of the axis */
double fl_section_down(const fl_section *section, double mm);

/* Epidermis, ink, dermis and fat, at their medians. `step`: between the dots of ink, across. */
void fl_section_layers(fl_paper *paper, const fl_section *section, const fl_planner_anatomy *anatomy,
                       double step);
/* Median as a line of this width, 5 to 95 % as a band. */
void fl_section_curve(fl_paper *paper, const fl_section *section, const fl_setting *setting, double line,
                      fl_shade shade);
/* Names of the layers right of the section. */
void fl_section_names(fl_paper *paper, const fl_section *section, const fl_planner_anatomy *anatomy,
                      double size);

#endif

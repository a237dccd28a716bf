/* The case form: a draft of case/1 on a page. Each input is one path of the schema, and what is wrong with it
 * is what the config module says of that path. Private to page_case*.c. */
#ifndef FL_CONSOLE_CASE_FORM_H
#define FL_CONSOLE_CASE_FORM_H

#include "cases.h"
#include "page.h"

#include "fadeline/config/draft.h"
#include "fadeline/course/case.h"
#include "fadeline/course/rules.h"
#include "fadeline/planner/planner.h"

#define CASE_ROWS 64 /* zones at most, as the schema has it */

typedef struct case_form {
    fl_draft *d;
    fl_faults *faults; /* NULL: not checked yet */
    fl_rulebook *book;
    fl_planner_library *library;
    const char *base; /* name of the case that this began with; NULL: a new one */
    size_t rows;      /* of zones on the page */
    word wrong_name;  /* why the file cannot have its name */
    struct {
        const char *line, *wrong; /* of a drawing that could not be read: as it was typed, and why */
    } drawn[CASE_ROWS];
} case_form;

/* The name of a path in the form: "skin.form.G1" is skin-form-g1. */
const char *case_input(page *p, const char *path);
/* The first fault at this path; NULL: none. */
const fl_fault *case_fault(const case_form *f, const char *path);
void case_put_wrong(page *p, const case_form *f, const char *path);

/* Label and input; type text, number or date. */
void case_put_text(page *p, const case_form *f, const char *path, const char *label, const char *type);
/* Values and texts by turns; an empty one stands first. */
void case_put_select(page *p, const case_form *f, const char *path, const char *label,
                     const char *const *values, const char *const *texts, size_t count);
/* The words of the schema's own row, or yes and no. */
void case_put_choice(page *p, const case_form *f, const char *path, const char *label);

void case_put_skin(page *p, const case_form *f);  /* page_case_skin.c */
void case_put_zones(page *p, const case_form *f); /* page_case_zones.c */
void case_read_zones(page *p, case_form *f);
/* Drawings: page_case_draw.c. One line of course/shape.h is what a form holds of each. */
void case_put_drawing(page *p, const case_form *f, const char *const ids[], size_t count);
const char *case_drawn_line(page *p, const case_form *f, size_t row); /* "": not drawn */
void case_read_drawing(page *p, case_form *f, size_t row);
void case_forget_drawn_areas(page *p, fl_draft *d); /* what a drawing has itself is not kept beside it */
const char *case_zone_path(page *p, size_t row, const char *key);
void case_put_questions(page *p, const case_form *f); /* page_case_questions.c */
void case_read_questions(page *p, case_form *f);
void case_put_earlier(page *p, const case_form *f); /* page_case_earlier.c */
void case_read_earlier(page *p, case_form *f);
/* A number with a decimal comma gets its point; anything else stays as typed. */
const char *case_as_typed(page *p, const fl_yaml_field *row, const char *text);
/* The first item of the skin form that is blank; NULL: none. */
const char *case_blank_item(const case_form *f);

#endif

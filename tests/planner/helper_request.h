/* Requests for the tests of the planner: the shipped profiles, and small budgets unless a test says
 * otherwise. */
#ifndef FL_TESTS_PLANNER_HELPER_H
#define FL_TESTS_PLANNER_HELPER_H

#include "fadeline/planner/planner.h"

typedef struct fl_test_head {
    double nm, ps;
} fl_test_head;
extern const fl_test_head test_heads[3]; /* 532 nm 375 ps, 755 nm 650 ps, 1064 nm 450 ps */

const fl_planner_library *test_library(void); /* loaded once */
/* Site, type I..VI, ink and geometry by id, on a head; spots 2, 3, 4, 5, 6 mm with a device limit of 12
 * J/cm2; 4 draws of 8 variants of 200 photons, seed 7. */
fl_planner_request test_request(const char *site, int type, const char *ink, const char *geometry,
                                fl_test_head head);
/* The defaults' draws, variants and photons. */
void test_full_budget(fl_planner_request *request);
fl_planner_answer *test_run(const fl_planner_request *request); /* never NULL: a refusal ends the program */

/* One spot under one limit, at the full budget. */
fl_planner_request test_one_spot(const char *site, int type, const char *ink, const char *geometry,
                                 fl_test_head head, double mm, double limit_J_cm2);
bool test_says(const fl_setting *setting, const char *code);

#endif

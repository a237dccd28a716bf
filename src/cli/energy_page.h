/* Energy page: the outcome of an energy check as lines for people, and as one JSON object. */
#ifndef FL_CLI_ENERGY_PAGE_H
#define FL_CLI_ENERGY_PAGE_H

#include "fadeline/session/energy.h"

typedef struct energy_page {
    const fl_device *device;
    const fl_device_head *head;
    const char *who, *meter; /* meter: as it names itself */
    bool simulated;
    uint64_t counter_before, counter_after; /* after: when check->counted */
    int64_t entry;                          /* of the journal */
    fl_date day;
    const fl_energy_check *check;
    const fl_energy_result *result;
    const char *locked; /* why this head treats nobody now; NULL: it may */
} energy_page;

void energy_page_print(const energy_page *page);
void energy_page_json(const energy_page *page);

#endif

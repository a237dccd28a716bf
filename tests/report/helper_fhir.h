/* Element rules of FHIR R4, as far as the audit's bundle goes, checked on the JSON. */
#ifndef FL_TESTS_REPORT_HELPER_FHIR_H
#define FL_TESTS_REPORT_HELPER_FHIR_H

#include <jansson.h>

/* First rule that does not hold, as a sentence; "" when all do. */
const char *fhir_fault(const json_t *bundle, char room[300]);

#endif

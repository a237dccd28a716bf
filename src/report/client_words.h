/* Words of the client's papers in two languages. Private to report. */
#ifndef FL_REPORT_CLIENT_WORDS_H
#define FL_REPORT_CLIENT_WORDS_H

#include "fadeline/french/french.h"
#include "fadeline/report/client_paper.h"

/* One of two texts. A macro, so that the compiler still sees formats. */
#define fl_said(lang, en, fr) ((lang) == FL_LANG_FR ? (fr) : (en))
#define FL_LANG_TAG(lang) ((lang) == FL_LANG_FR ? "fr-CA" : "en")

const char *fl_client_day(fl_lang lang, fl_date date,
                          char room[64]); /* "Monday 15 June 2026", "lundi 15 juin 2026" */
const char *fl_client_hour(fl_lang lang, int64_t local_us, char room[16]); /* "18:30", "18 h 30" */

const char *fl_client_whom(fl_lang lang, fl_whom whom); /* "a dermatologist" */

#endif

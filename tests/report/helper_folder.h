/* A folder of this process for the pictures of one test. */
#ifndef FL_TESTS_REPORT_FOLDER_H
#define FL_TESTS_REPORT_FOLDER_H

void folder_fresh(const char *name); /* empty, whatever was there; not made: writers make it */
void folder_clean(void);
const char *folder(void);
const char *folder_path(const char *file); /* overwritten by the next call */

#endif

/* Status: what happened, in one word.
 *
 * Every function that can fail because of the world returns fl_status and leaves its outputs untouched on
 * failure. The list below makes the enum, the names, the sentences and the exit codes, so they cannot drift.
 *
 *     fl_status status = fl_place_read("plan.json", 1 << 20, &bytes, &error);
 *     if (status != FL_OK) return fl_error_print(stderr, &error), fl_status_exit(status);
 *
 * Exit codes are the contract of the command line: 0 done, 1 the answer is no, 2 usage, 3 bad file, 4 device,
 * 5 interlock, 6 journal damaged, 70 our bug, 130 interrupted.
 */
#ifndef FL_BASE_STATUS_H
#define FL_BASE_STATUS_H

#define FL_MUST_USE __attribute__((warn_unused_result))
#define FL_PRINTF(text, first) __attribute__((format(printf, text, first)))

/*              name         exit  sentence */
#define FL_STATUS_LIST(X)                                                                                    \
    X(FL_OK,             0,   "done")                                                                        \
    X(FL_E_NO,           1,   "the answer is no")                                                            \
    X(FL_E_USAGE,        2,   "the command was not understood")                                              \
    X(FL_E_RANGE,        3,   "a value is outside its range")                                                \
    X(FL_E_FILE,         3,   "a file cannot be used as it is")                                              \
    X(FL_E_IO,           3,   "reading or writing failed")                                                   \
    X(FL_E_FULL,         3,   "no room is left")                                                             \
    X(FL_E_DEVICE,       4,   "the device answered something unexpected")                                    \
    X(FL_E_TIMEOUT,      4,   "the device did not answer in time")                                           \
    X(FL_E_GONE,         4,   "the device or the other side is gone")                                        \
    X(FL_E_BUSY,         4,   "somebody else is using it")                                                   \
    X(FL_E_REFUSED,      5,   "the interlock refused")                                                       \
    X(FL_E_DAMAGED,      6,   "the journal is damaged")                                                      \
    X(FL_E_MEMORY,       70,  "no memory")                                                                   \
    X(FL_E_BUG,          70,  "this is our mistake")                                                         \
    X(FL_E_INTERRUPTED,  130, "interrupted")

typedef enum fl_status {
#define X(name, exit, text) name,
    FL_STATUS_LIST(X)
#undef X
} fl_status;

const char *fl_status_name(fl_status status); /* "FL_E_RANGE"; "FL_E_?" for a number not in the list */
const char *fl_status_text(fl_status status); /* "a value is outside its range" */
int fl_status_exit(fl_status status);         /* exit code of the contract; 70 for a number not in the list */

#endif

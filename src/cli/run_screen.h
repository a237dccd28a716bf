/* The live screen of `fadeline run`: calm, fixed places, planned beside measured.
 *
 * State is a large word with a shape; colour is the third signal and never the only one. Grey is normal; only
 * what is abnormal stands out. A quantity nobody reported is a dash; an old one shows its age.
 */
#ifndef FL_CLI_RUN_SCREEN_H
#define FL_CLI_RUN_SCREEN_H

#include "run_keys.h"

#define SCREEN_NOTES 7
#define SCREEN_COLUMNS 200

typedef struct run_screen {
    bool colour;
    char notes[SCREEN_NOTES][SCREEN_COLUMNS]; /* newest last */
} run_screen;

void run_screen_open(run_screen *screen); /* alternate screen, raw keys */
void run_screen_close(void);              /* safe to call twice, and from atexit */
void run_screen_note(run_screen *screen, const char *format, ...) FL_PRINTF(2, 3);
void run_screen_draw(const run_screen *screen, const fl_face_status *status, const run_keys *keys);

/* One line for a log or a script: "READY  F-L 12/356  session 12/4633  755 nm 4.0 mm 1.59 J/cm2". */
void run_status_line(const fl_face_status *status, char *room, size_t size);

#endif

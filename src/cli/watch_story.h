/* Story: what happens on a laser's line, told only when something changed. A hundred polls a second say
 * nothing new; a door that opens, a mode, a shutter order, a grant and what became of it do.
 *
 *     story.tell = say; story.self = &out;
 *     watch_story(&story, &message);      // "device", "READY"   "host", "GRANT 291: 200 mJ, 4 mm, treatment,
 * ..."
 */
#ifndef FL_CLI_WATCH_STORY_H
#define FL_CLI_WATCH_STORY_H

#include "fadeline/link/gl1.h"

typedef struct watch_story_teller {
    void (*tell)(void *self, const char *who, const char *what);
    void *self;
    bool has_stat, has_shutter;
    fl_gl1_stat stat; /* the newest told */
    uint64_t shutter; /* as the host ordered last */
} watch_story_teller;

void watch_story(watch_story_teller *story, const fl_message *message);
/* Signals that must be good for light and are not, as words: "door A open, covers open"; "" when none. */
void watch_not_good(const fl_gl1_stat *stat, char room[300]);

#endif

/* Who moves what the conformance script wants moved: a person at the machine, or a virtual room.
 *
 *     conform_hand hand;
 *     fl_conform_room room = conform_hand_room(&hand, stdin, stderr);      // says what to do, waits till it
 * shows conform_fifo fifo; if (conform_fifo_open(&fifo, "/tmp/laser.room", &room, &error) != FL_OK) ...   //
 * tells fadeline-twin --room
 */
#ifndef FL_CLI_CONFORM_ROOM_H
#define FL_CLI_CONFORM_ROOM_H

#include "fadeline/link/conform.h"

#include <stdio.h>

typedef struct conform_hand {
    int in; /* a line that begins with `s` skips the check */
    FILE *out;
} conform_hand;
fl_conform_room conform_hand_room(conform_hand *hand, int in, FILE *out);

typedef struct conform_fifo {
    int fd;
} conform_fifo;
FL_MUST_USE fl_status conform_fifo_open(conform_fifo *fifo, const char *path, fl_conform_room *room,
                                        fl_error *error);
void conform_fifo_close(conform_fifo *fifo);

#endif

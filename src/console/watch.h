/* Watch: connections that take too long are cut.
 *
 * libmicrohttpd knows only how long nothing came; a client that sends a byte every nine seconds would keep a
 * thread for ever. The watch knows what each connection is about and since when, and shuts down what is
 * beyond its time: 10 s for a head (from the connection, or from the end of the request before it), 20 s for
 * a form, 60 s for one with a picture, 30 s to take an answer. Streams are not timed.
 *
 * A door keeps WATCH_CROWD connections. When another comes, the one that has been longest at its present step
 * is cut at once, streams excepted: whoever fills a door with requests that never end pushes out their own,
 * and a new line, which may be somebody's STOP, gets in.
 */
#ifndef FL_CONSOLE_WATCH_H
#define FL_CONSOLE_WATCH_H

#include <stdint.h>

#define WATCH_HEAD_MS 10000
#define WATCH_FORM_MS 20000
#define WATCH_PHOTO_MS 60000
#define WATCH_ANSWER_MS 30000
#define WATCH_CROWD 96 /* the server takes more, for those that are cut and not gone yet */

typedef enum watch_phase { WATCH_HEAD, WATCH_FORM, WATCH_PHOTO, WATCH_ANSWER, WATCH_STREAM } watch_phase;

typedef struct watch watch;
typedef struct watched watched;

watch *watch_new(void);      /* begins its thread; NULL: no memory or no thread */
void watch_free(watch *all); /* NULL is fine; every connection is gone by then */
/* `door`: which of the doors it came in by, counted apart. NULL: no memory. */
watched *watch_begin(watch *all, const void *door, int fd);
void watch_phase_is(watch *all, watched *one, watch_phase phase);
void watch_end(watch *all, watched *one); /* before the descriptor is closed; NULL is fine */
/* Ends all streams and waiting connections: the console closes. */
void watch_cut_streams(watch *all);

#endif

/* What the parts of `fadeline hub` share. */
#ifndef FL_CLI_HUB_COMMAND_H
#define FL_CLI_HUB_COMMAND_H

#include "command.h"

#include "fadeline/hub/verify.h"

#include <jansson.h>

/* --db, or $FADELINE_HUB. Opens; prints and returns false when it cannot, with the exit code. */
bool hub_open(const fl_args *args, fl_hub **hub, int *code);
/* Logs that --log and --site let through, free(*heads). */
bool hub_choose(const fl_args *args, fl_hub *hub, fl_hub_head **heads, size_t *count, int *code);
int hub_print_json(json_t *object); /* returns 0 */
/* On stderr, once it has taken a second: how much is done and how long the rest will take. */
typedef struct hub_progress {
    const char *what;
    int64_t began_us, said_us;
    bool said;
} hub_progress;
void hub_progress_begin(hub_progress *progress, const char *what);
void hub_progress_show(void *progress, uint64_t done, uint64_t total);
void hub_progress_end(hub_progress *progress);

/* Both notes, the root the newer history had at the older size, and the proof: all a stranger needs. */
json_t *hub_evidence_json(const fl_evidence *evidence);

int hub_push(const fl_args *args);
int hub_restore(const fl_args *args);
int hub_verify(const fl_args *args);
int hub_audit(const fl_args *args);
int hub_roll_up(const fl_args *args);
/* "intact", "WAITING", "FORKED", "DAMAGED"; and all that verification found of a log. */
const char *hub_log_verdict(const fl_hub_verified *v);
json_t *hub_log_json(fl_hub *hub, const fl_hub_head *head, const fl_hub_verified *v);
/* --hub-key, or hub.key under $FADELINE_HOME. */
fl_status hub_key_path(const fl_args *args, char path[FL_PLACE_MAX], fl_error *error);

#endif

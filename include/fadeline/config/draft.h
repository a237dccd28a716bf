/* Draft: a file of a schema while somebody fills it in: values by path, whatever their order, whether they
 * are good or not; written as YAML; and what is wrong with it by path.
 *
 *     fl_draft *d = fl_draft_new(&fl_case_schema);
 *     fl_draft_take(d, fl_yaml_root(file));                   // what a loaded file holds, all of it
 *     fl_draft_set(d, "skin.form.G1", "11");                  // as it was typed
 *     fl_draft_list(d, "denied", items, count);
 *     status = fl_draft_check(d, faults);                     // FL_E_FILE, as fl_yaml_load would
 *     fl_draft_path(d, faults->list[0].at.line);              // "skin.form.G1"
 *     fl_draft_yaml(d, &size);                                // the text to keep
 *     fl_draft_free(d);
 *
 * The same tables that read a file write it, so what can be read can be written, and reads back the same. A
 * value is checked where every value is checked, when the text is read; here nothing is.
 *
 * The traps: comments of a file that was taken are not kept. A list of maps has no gaps: "zones[2]" without
 * "zones[1]" is not written.
 */
#ifndef FL_CONFIG_DRAFT_H
#define FL_CONFIG_DRAFT_H

#include "fadeline/config/yaml.h"

typedef struct fl_draft fl_draft;

fl_draft *fl_draft_new(const fl_yaml_schema *schema); /* no memory stops the process, here and below */
void fl_draft_free(fl_draft *draft);                  /* NULL is fine */

/* Every value that is there. `root`: the struct of the schema's root table. */
void fl_draft_take(fl_draft *draft, const void *root);
void fl_draft_set(fl_draft *draft, const char *path, const char *text); /* NULL or "": the value goes */
/* A list of single values; none: it goes, a file has no empty lists. */
void fl_draft_list(fl_draft *draft, const char *path, const char *const *items, size_t count);
const char *fl_draft_get(const fl_draft *draft, const char *path); /* NULL: not there, or a list */
bool fl_draft_lists(const fl_draft *draft, const char *path, const char *item); /* is it in that list? */
/* The n-th of that list; NULL past its end, or when it is no list. */
const char *fl_draft_item(const fl_draft *draft, const char *path, size_t n);
bool fl_draft_has(const fl_draft *draft, const char *path); /* a value there or below it */
/* All below a path goes: "reported", "zones[3]". */
void fl_draft_drop(fl_draft *draft, const char *path);
void fl_draft_move(fl_draft *draft, const char *from, const char *to); /* what was below `to` goes */

/* The row of a path, for its choices and its range; indices are ignored. NULL: the schema has none. */
const fl_yaml_field *fl_draft_field(const fl_draft *draft, const char *path);

const char *fl_draft_yaml(fl_draft *draft, size_t *size); /* the draft's own, until it changes */
FL_MUST_USE fl_status fl_draft_check(fl_draft *draft, fl_faults *faults);
/* The path of the value on this line of the text; of the map it belongs to where a line has none. NULL: no
 * such line. */
const char *fl_draft_path(const fl_draft *draft, unsigned line);

#endif

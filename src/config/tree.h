/* Tree: a YAML file as nodes of text with their places, before any type is known.
 *
 * Private to config. Everything lives in one arena and goes with it. Anything a hand-written file has no use
 * for (anchors, aliases, tags, merge keys, second documents, nesting beyond FL_YAML_DEPTH_MAX) is a fault
 * here, so the typing above never meets it.
 */
#ifndef FL_CONFIG_TREE_H
#define FL_CONFIG_TREE_H

#include "fadeline/config/yaml.h"

/* ---- arena: grows in blocks, ends at once ---- */

typedef struct arena_block arena_block;
typedef struct arena {
    arena_block *last;
} arena;

void *arena_take(arena *from, size_t size); /* zeroed, aligned for anything; no memory stops the process */
char *arena_text(arena *from, const char *bytes, size_t length);
void arena_end(arena *all);

/* ---- nodes ---- */

typedef enum node_kind {
    NODE_SCALAR = 1,
    NODE_LIST,
    NODE_MAP,
    NODE_BAD, /* a fault was already reported here: say no more about it */
} node_kind;

typedef struct node node;
struct node {
    node_kind kind;
    fl_mark at;
    const char *text; /* of a scalar, terminated */
    size_t length;    /* may differ from strlen(text): "\0" can be escaped in */
    bool plain;       /* not quoted, not a block */
    const char *key;  /* when the parent is a map */
    fl_mark key_at;
    node *first, *last, *next; /* children in order */
    size_t count;
};

/* Bytes a person would not expect: not UTF-8, control characters, tabs, a byte order mark, other line ends.
 * Adds faults; false: do not parse. Tabs that only separate are reported and turned into spaces in `bytes`.
 */
bool scan_bytes(const char *name, char *bytes, size_t size, fl_faults *faults);
/* True when the text has no control or direction-changing characters (an escape can bring them in). */
bool text_is_printable(const char *text, size_t length);

/* The root map, or NULL when the file cannot be typed at all. Faults may have been added in both cases. */
node *tree_read(arena *room, const char *name, const char *bytes, size_t size, fl_faults *faults);
const node *tree_find(const node *map, const char *key, size_t key_length);

#endif

#include "fadeline/journal/anchor.h"

#include "handle.h"

/* The peaks of the present tree that a tree of `size` has too: as long as what is left of `size` holds them.
 */
static void share(const fl_tree *now, uint64_t size, fl_tree *tree)
{
    *tree = (fl_tree){.size = 0};
    for (unsigned i = 0; i < now->peaks; i++) {
        const uint64_t left = now->size - tree->size;
        const uint64_t peak = (uint64_t)1 << (63 - __builtin_clzll(left));
        if (size - tree->size < peak) return;
        tree->peak[tree->peaks++] = now->peak[i];
        tree->size += peak;
    }
}

static void finish(fl_anchor_walk *walk)
{
    walk->done = walk->tree.size == walk->size;
    if (walk->done) walk->root = fl_tree_root(&walk->tree);
}

fl_status fl_anchor_begin(fl_journal *journal, uint64_t number, fl_anchor_walk *walk)
{
    *walk = (fl_anchor_walk){.log = journal};
    fl_error why = {0};
    while (number <= walk->log->link.anchor && walk->log->link.origin[0]) {
        const fl_status status = fl_chain_before(walk->log, &walk->log, &why);
        if (status != FL_OK) return status;
    }
    const uint64_t base = walk->log->link.anchor;
    if (number < base || number - base > walk->log->tree.size) return FL_E_NO;
    walk->size = number - base;
    share(&walk->log->tree, walk->size, &walk->tree);
    finish(walk);
    return FL_OK;
}

fl_status fl_anchor_step(fl_anchor_walk *walk, unsigned entries)
{
    for (; entries && walk->tree.size < walk->size; entries--) {
        const char *bytes;
        size_t size;
        const fl_status status = fl_journal_read(walk->log, walk->tree.size, &bytes, &size);
        if (status != FL_OK) return status == FL_E_NO ? FL_E_DAMAGED : status;
        const fl_hash leaf = fl_tree_leaf(bytes, size);
        fl_tree_append(&walk->tree, &leaf);
    }
    finish(walk);
    return FL_OK;
}

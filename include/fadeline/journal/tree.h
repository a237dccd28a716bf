/* Tree: one hash for the whole history (RFC 6962 section 2.1, SHA-256).
 *
 *     leaf(d) = SHA-256(0x00 || d)        node(l, r) = SHA-256(0x01 || l || r)        root of nothing =
 * SHA-256("")
 *
 * Appending keeps only the peaks: the roots of the perfect subtrees, at most 64 hashes. A proof shows that
 * one entry is in a tree (inclusion), or that a tree only grew (consistency), to someone who holds no more
 * than a root. The verifiers do not recurse and do not allocate; they are what an auditor runs against us.
 *
 *     fl_tree tree = { 0 };
 *     fl_hash leaf = fl_tree_leaf("L123456", 7);
 *     fl_tree_append(&tree, &leaf);
 *     fl_hash root = fl_tree_root(&tree);
 *
 * Pure: safe from any thread.
 */
#ifndef FL_JOURNAL_TREE_H
#define FL_JOURNAL_TREE_H

#include "fadeline/base/digest.h"
#include "fadeline/base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct fl_hash {
    uint8_t byte[FL_SHA256_SIZE];
} fl_hash;

typedef struct fl_tree { /* all 0: the empty tree */
    uint64_t size;
    unsigned peaks;   /* how many bits of size are set */
    fl_hash peak[64]; /* largest subtree first */
} fl_tree;

#define FL_PROOF_MAX 63 /* longer proofs are refused before they are read */

typedef struct fl_proof {
    unsigned count;
    fl_hash hash[FL_PROOF_MAX];
} fl_proof;

/* Where leaf hashes come from when a proof is made. */
typedef struct fl_leaves {
    fl_status (*read)(void *self, uint64_t index, fl_hash *leaf);
    void *self;
} fl_leaves;

bool fl_hash_same(const fl_hash *a, const fl_hash *b);
fl_hash fl_tree_leaf(const void *data, size_t size);
fl_hash fl_tree_node(const fl_hash *left, const fl_hash *right);
void fl_tree_append(fl_tree *tree, const fl_hash *leaf);
fl_hash fl_tree_root(const fl_tree *tree);

/* Root of the leaves first ... first + count - 1 taken as a tree of their own (one pass over them). */
FL_MUST_USE fl_status fl_tree_root_of(const fl_leaves *leaves, uint64_t first, uint64_t count, fl_hash *root);

/* Proofs, bottom-up. Every leaf of the tree is read once. FL_E_RANGE unless index < size, 0 < old <= size. */
FL_MUST_USE fl_status fl_tree_prove_inclusion(const fl_leaves *leaves, uint64_t index, uint64_t size,
                                              fl_proof *proof);
FL_MUST_USE fl_status fl_tree_prove_consistency(const fl_leaves *leaves, uint64_t old, uint64_t size,
                                                fl_proof *proof);

/* true: shown. Everything else is false. An old size of 0 needs no proof and is the caller's business. */
bool fl_tree_verify_inclusion(uint64_t index, uint64_t size, const fl_hash *leaf, const fl_hash *proof,
                              size_t count, const fl_hash *root);
bool fl_tree_verify_consistency(uint64_t old, uint64_t size, const fl_hash *old_root, const fl_hash *root,
                                const fl_hash *proof, size_t count);

#endif

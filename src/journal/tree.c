#define OPENSSL_SUPPRESS_DEPRECATED /* SHA256_Init and its like; why, stands at hash_padded */
#include "fadeline/journal/tree.h"

#include "fadeline/base/assert.h"

#include <openssl/sha.h>
#include <string.h>

bool fl_hash_same(const fl_hash *a, const fl_hash *b)
{
    return memcmp(a->byte, b->byte, sizeof a->byte) == 0;
}

/* SHA-256 with the plain functions rather than EVP (no allocation and no provider look-up
 * per hash), and in one call: the message is padded here as FIPS 180-4 5.1.1 says, so that the compression
 * runs over all of it at once and the state it leaves is the digest. Half the time of Init, Update, Update,
 * Final for messages as short as ours; verifying 10^6 entries takes two million of these. */
#define ONE_GO 1024 /* longer messages lose nothing by the usual way */

static fl_hash digest_of(const SHA256_CTX *context)
{
    fl_hash hash;
    for (unsigned i = 0; i < 8; i++) {
        hash.byte[4 * i] = (uint8_t)(context->h[i] >> 24);
        hash.byte[4 * i + 1] = (uint8_t)(context->h[i] >> 16);
        hash.byte[4 * i + 2] = (uint8_t)(context->h[i] >> 8);
        hash.byte[4 * i + 3] = (uint8_t)context->h[i];
    }
    return hash;
}

/* block holds size bytes and has room for the padding. */
static fl_hash hash_padded(uint8_t *block, size_t size)
{
    SHA256_CTX context;
    const size_t whole = (size + 9 + 63) / 64 * 64;
    block[size] = 0x80;
    memset(block + size + 1, 0, whole - size - 1 - 2);
    block[whole - 2] = (uint8_t)(8 * size >> 8);
    block[whole - 1] = (uint8_t)(8 * size);
    FL_ASSERT(SHA256_Init(&context) == 1 && SHA256_Update(&context, block, whole) == 1);
    return digest_of(&context);
}

fl_hash fl_tree_leaf(const void *data, size_t size)
{
    if (size < ONE_GO) {
        uint8_t block[ONE_GO + 72];
        block[0] = 0;
        if (size) memcpy(block + 1, data, size);
        return hash_padded(block, 1 + size);
    }
    const uint8_t mark = 0;
    SHA256_CTX context;
    fl_hash hash;
    FL_ASSERT(SHA256_Init(&context) == 1 && SHA256_Update(&context, &mark, 1) == 1);
    FL_ASSERT(SHA256_Update(&context, data, size) == 1 && SHA256_Final(hash.byte, &context) == 1);
    return hash;
}

fl_hash fl_tree_node(const fl_hash *left, const fl_hash *right)
{
    uint8_t block[128];
    block[0] = 1;
    memcpy(block + 1, left->byte, sizeof left->byte);
    memcpy(block + 33, right->byte, sizeof right->byte);
    return hash_padded(block, 65);
}

void fl_tree_append(fl_tree *tree, const fl_hash *leaf)
{
    FL_ASSERT(tree->size < UINT64_MAX && tree->peaks < 64);
    tree->peak[tree->peaks++] = *leaf;
    for (uint64_t m = ++tree->size; m % 2 == 0; m /= 2) {
        FL_ASSERT(tree->peaks >= 2);
        tree->peaks--;
        tree->peak[tree->peaks - 1] = fl_tree_node(&tree->peak[tree->peaks - 1], &tree->peak[tree->peaks]);
    }
}

fl_hash fl_tree_root(const fl_tree *tree)
{
    fl_hash root;
    if (!tree->peaks) {
        fl_sha256("", 0, root.byte);
        return root;
    }
    root = tree->peak[tree->peaks - 1];
    for (unsigned i = tree->peaks - 1; i; i--) root = fl_tree_node(&tree->peak[i - 1], &root);
    return root;
}

fl_status fl_tree_root_of(const fl_leaves *leaves, uint64_t first, uint64_t count, fl_hash *root)
{
    fl_tree tree = {0};
    for (uint64_t i = 0; i < count; i++) {
        fl_hash leaf;
        const fl_status status = leaves->read(leaves->self, first + i, &leaf);
        if (status != FL_OK) return status;
        fl_tree_append(&tree, &leaf);
    }
    *root = fl_tree_root(&tree);
    return FL_OK;
}

/* Largest power of two below n (n at least 2). */
static uint64_t split(uint64_t n)
{
    uint64_t k = 1;
    while (k < n - k) k *= 2;
    return k;
}

/* The recursions of RFC 6962 2.1.1 and 2.1.2 run from the top and append on the way back; walking down we
 * know the siblings first, so they are noted from the top and turned round at the end. */
static void turn_round(fl_proof *proof)
{
    for (unsigned i = 0, j = proof->count; i + 1 < j; i++) {
        const fl_hash kept = proof->hash[i];
        proof->hash[i] = proof->hash[--j];
        proof->hash[j] = kept;
    }
}

static fl_status note_sibling(const fl_leaves *leaves, uint64_t first, uint64_t count, fl_proof *proof)
{
    FL_ASSERT(proof->count < FL_PROOF_MAX);
    return fl_tree_root_of(leaves, first, count, &proof->hash[proof->count++]);
}

fl_status fl_tree_prove_inclusion(const fl_leaves *leaves, uint64_t index, uint64_t size, fl_proof *proof)
{
    if (index >= size || size > INT64_MAX) return FL_E_RANGE;
    fl_proof made = {0};
    uint64_t first = 0;
    for (uint64_t n = size; n > 1;) {
        const uint64_t k = split(n);
        fl_status status;
        if (index - first < k) {
            status = note_sibling(leaves, first + k, n - k, &made);
            n = k;
        } else {
            status = note_sibling(leaves, first, k, &made);
            first += k;
            n -= k;
        }
        if (status != FL_OK) return status;
    }
    turn_round(&made);
    *proof = made;
    return FL_OK;
}

fl_status fl_tree_prove_consistency(const fl_leaves *leaves, uint64_t old, uint64_t size, fl_proof *proof)
{
    if (old == 0 || old > size || size > INT64_MAX) return FL_E_RANGE;
    fl_proof made = {0};
    uint64_t first = 0, n = size;
    bool whole = true; /* the old tree is a prefix that begins at 0: its root is known to the verifier */
    while (old - first < n) {
        const uint64_t k = split(n);
        fl_status status;
        if (old - first <= k) {
            status = note_sibling(leaves, first + k, n - k, &made);
            n = k;
        } else {
            status = note_sibling(leaves, first, k, &made);
            first += k;
            n -= k;
            whole = false;
        }
        if (status != FL_OK) return status;
    }
    if (!whole) {
        const fl_status status = note_sibling(leaves, first, n, &made);
        if (status != FL_OK) return status;
    }
    turn_round(&made);
    *proof = made;
    return FL_OK;
}

/* RFC 9162 2.1.3.2, which verifies the proofs of RFC 6962 as well. */
bool fl_tree_verify_inclusion(uint64_t index, uint64_t size, const fl_hash *leaf, const fl_hash *proof,
                              size_t count, const fl_hash *root)
{
    if (index >= size || count > FL_PROOF_MAX) return false;
    uint64_t fn = index, sn = size - 1;
    fl_hash r = *leaf;
    for (size_t i = 0; i < count; i++) {
        if (sn == 0) return false;
        if ((fn & 1) || fn == sn) {
            r = fl_tree_node(&proof[i], &r);
            if (!(fn & 1)) do
                    fn >>= 1, sn >>= 1;
                while (!(fn & 1) && fn != 0);
        } else
            r = fl_tree_node(&r, &proof[i]);
        fn >>= 1;
        sn >>= 1;
    }
    return sn == 0 && fl_hash_same(&r, root);
}

bool fl_tree_verify_consistency(uint64_t old, uint64_t size, const fl_hash *old_root, const fl_hash *root,
                                const fl_hash *proof, size_t count)
{
    if (old == 0 || old > size || count > FL_PROOF_MAX) return false;
    if (old == size) return count == 0 && fl_hash_same(old_root, root);
    if (count == 0) return false;
    /* A perfect old tree is itself the first hash, and was not sent. */
    const bool perfect = (old & (old - 1)) == 0;
    uint64_t fn = old - 1, sn = size - 1;
    while (fn & 1) fn >>= 1, sn >>= 1;
    fl_hash fr = perfect ? *old_root : proof[0], sr = fr;
    for (size_t i = perfect ? 0 : 1; i < count; i++) {
        if (sn == 0) return false;
        if ((fn & 1) || fn == sn) {
            fr = fl_tree_node(&proof[i], &fr);
            sr = fl_tree_node(&proof[i], &sr);
            if (!(fn & 1)) do
                    fn >>= 1, sn >>= 1;
                while (!(fn & 1) && fn != 0);
        } else
            sr = fl_tree_node(&sr, &proof[i]);
        fn >>= 1;
        sn >>= 1;
    }
    return fl_hash_same(&fr, old_root) && fl_hash_same(&sr, root) && sn == 0;
}

/* labels: unit   timeout: 180 */
#include "check.h"
#include "helper_vectors.h"

#include "fadeline/base/text.h"

#define MOST 70000

static fl_hash leaves_of[MOST]; /* decimal tree: the ASCII text "leaf N" */

static fl_status read_leaf(void *self, uint64_t index, fl_hash *leaf)
{
    *leaf = ((const fl_hash *)self)[index];
    return FL_OK;
}

static void make_decimal(void)
{
    for (unsigned i = 0; i < MOST; i++) {
        char text[16];
        leaves_of[i] = fl_tree_leaf(text, (size_t)snprintf(text, sizeof text, "leaf %u", i));
    }
}

/* Roots by the recursive definition, to be compared with the compact range. */
static fl_hash mth(const fl_hash *leaves, uint64_t count)
{
    if (count == 1) return leaves[0];
    uint64_t k = 1;
    while (2 * k < count) k *= 2;
    const fl_hash left = mth(leaves, k), right = mth(leaves + k, count - k);
    return fl_tree_node(&left, &right);
}

static void single_hashes_match(void)
{
    const json_t *v = helper_vectors("rfc_hash");
    const struct {
        const char *key;
        fl_hash got;
    } rows[] = {
        {"empty_root", fl_tree_root(&(fl_tree){0})},
        {"empty_leaf", fl_tree_leaf("", 0)},
        {"leaf_L123456", fl_tree_leaf("L123456", 7)},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const fl_hash want = helper_hash(helper_string(v, rows[i].key));
        CHECK(fl_hash_same(&rows[i].got, &want), "%s", rows[i].key);
    }
    /* node() takes two hashes; the vector's children are the 4-byte texts themselves. */
    fl_hash node;
    const fl_piece pieces[] = {{"\1", 1}, {"N123", 4}, {"N456", 4}};
    fl_sha256_pieces(pieces, 3, node.byte);
    const fl_hash want = helper_hash(helper_string(v, "node_N123_N456"));
    CHECK(fl_hash_same(&node, &want), "node");
}

static void roots_match(void)
{
    const json_t *v = helper_vectors("rfc_tree"), *data = json_object_get(v, "leaf_data");
    const json_t *roots = json_object_get(v, "root"), *hashes = json_object_get(v, "leaf_hash");
    fl_tree tree = {0};
    for (size_t n = 0; n <= 8; n++) {
        const fl_hash got = fl_tree_root(&tree), want = helper_hash_of(json_array_get(roots, n));
        CHECK(fl_hash_same(&got, &want), "root of %zu", n);
        if (n == 8) break;
        uint8_t bytes[32];
        const size_t size = helper_bytes(json_string_value(json_array_get(data, n)), bytes, sizeof bytes);
        const fl_hash leaf = fl_tree_leaf(bytes, size), leaf_want = helper_hash_of(json_array_get(hashes, n));
        CHECK(fl_hash_same(&leaf, &leaf_want), "leaf %zu", n);
        fl_tree_append(&tree, &leaf);
    }
    size_t at = 0;
    const json_t *decimal = json_object_get(helper_vectors("decimal_tree"), "roots");
    tree = (fl_tree){0};
    for (unsigned n = 0; n <= MOST && at < json_array_size(decimal); n++) {
        const json_t *row = json_array_get(decimal, at);
        if (tree.size == (uint64_t)json_integer_value(json_object_get(row, "size"))) {
            const fl_hash got = fl_tree_root(&tree), want = helper_hash(helper_string(row, "root"));
            CHECK(fl_hash_same(&got, &want), "decimal root of %u", n);
            at++;
        }
        if (n < MOST) fl_tree_append(&tree, &leaves_of[n]);
    }
    CHECK(at == json_array_size(decimal) && at >= 7, "only %zu decimal roots met", at);
    for (uint64_t n = 1; n <= 130; n++) {
        tree = (fl_tree){0};
        for (uint64_t i = 0; i < n; i++) fl_tree_append(&tree, &leaves_of[i]);
        const fl_hash got = fl_tree_root(&tree), want = mth(leaves_of, n);
        CHECK(fl_hash_same(&got, &want), "definition at %llu", (unsigned long long)n);
    }
}

static void compare_proof(const fl_proof *proof, const json_t *want, const char *what)
{
    CHECK(proof->count == json_array_size(want), "%s: %u hashes, not %zu", what, proof->count,
          json_array_size(want));
    for (size_t i = 0; i < proof->count && i < json_array_size(want); i++) {
        const fl_hash hash = helper_hash_of(json_array_get(want, i));
        CHECK(fl_hash_same(&proof->hash[i], &hash), "%s: hash %zu", what, i);
    }
}

static void proofs_match(void)
{
    fl_hash eight[8], roots[9];
    const json_t *tree = helper_vectors("rfc_tree");
    for (size_t i = 0; i < 8; i++)
        eight[i] = helper_hash_of(json_array_get(json_object_get(tree, "leaf_hash"), i));
    for (size_t i = 0; i < 9; i++)
        roots[i] = helper_hash_of(json_array_get(json_object_get(tree, "root"), i));
    const fl_leaves source = {read_leaf, eight};
    const json_t *row;
    size_t i;
    fl_proof proof;
    char what[64];
    json_array_foreach(json_object_get(helper_vectors("rfc_inclusion"), "cases"), i, row)
    {
        const uint64_t index = (uint64_t)json_integer_value(json_object_get(row, "index")),
                       size = (uint64_t)json_integer_value(json_object_get(row, "size"));
        snprintf(what, sizeof what, "inclusion %d of %d", (int)index, (int)size);
        CHECK(fl_tree_prove_inclusion(&source, index, size, &proof) == FL_OK, "%s", what);
        compare_proof(&proof, json_object_get(row, "proof"), what);
        CHECK(fl_tree_verify_inclusion(index, size, &eight[index], proof.hash, proof.count, &roots[size]),
              "%s", what);
    }
    json_array_foreach(json_object_get(helper_vectors("rfc_consistency"), "cases"), i, row)
    {
        const uint64_t old = (uint64_t)json_integer_value(json_object_get(row, "size1")),
                       size = (uint64_t)json_integer_value(json_object_get(row, "size2"));
        snprintf(what, sizeof what, "consistency %d to %d", (int)old, (int)size);
        CHECK(fl_tree_prove_consistency(&source, old, size, &proof) == FL_OK, "%s", what);
        compare_proof(&proof, json_object_get(row, "proof"), what);
        CHECK(fl_tree_verify_consistency(old, size, &roots[old], &roots[size], proof.hash, proof.count), "%s",
              what);
    }
    const json_t *decimal = helper_vectors("decimal_tree");
    const fl_leaves big = {read_leaf, leaves_of};
    CHECK(fl_tree_prove_inclusion(&big, 12345, 70000, &proof) == FL_OK, "12345 of 70000");
    compare_proof(&proof, json_object_get(decimal, "inclusion_12345_of_70000"), "12345 of 70000");
    CHECK(fl_tree_prove_consistency(&big, 65536, 70000, &proof) == FL_OK, "65536 to 70000");
    compare_proof(&proof, json_object_get(decimal, "consistency_65536_to_70000"), "65536 to 70000");
    CHECK(fl_tree_prove_consistency(&big, 1000, 70000, &proof) == FL_OK, "1000 to 70000");
    compare_proof(&proof, json_object_get(decimal, "consistency_1000_to_70000"), "1000 to 70000");
}

/* Everything section 10.1 wants rejected, done to one good proof; returns how many corruptions were accepted.
 */
typedef struct shown {
    bool consistency;
    uint64_t a, size; /* index or old size */
    fl_hash leaf_or_old, root;
    fl_hash hash[70];
    size_t count;
} shown;

static bool accepts(const shown *s)
{
    return s->consistency
               ? fl_tree_verify_consistency(s->a, s->size, &s->leaf_or_old, &s->root, s->hash, s->count)
               : fl_tree_verify_inclusion(s->a, s->size, &s->leaf_or_old, s->hash, s->count, &s->root);
}

static unsigned try_bits(const shown *good, unsigned *tried)
{
    unsigned accepted = 0;
    for (size_t h = 0; h < good->count + 2; h++)
        for (unsigned bit = 0; bit < 256; bit += 37) {
            shown bad = *good;
            fl_hash *hash = h < good->count ? &bad.hash[h] : h == good->count ? &bad.root : &bad.leaf_or_old;
            hash->byte[bit / 8] ^= (uint8_t)(1u << bit % 8);
            accepted += accepts(&bad);
            ++*tried;
        }
    return accepted;
}

static unsigned try_shapes(const shown *good, unsigned *tried)
{
    unsigned accepted = 0;
    shown bad[12];
    size_t n = 0;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) bad[i] = *good;
    bad[n].hash[bad[n].count++] = good->root, n++;
    bad[n].hash[bad[n].count++] = good->leaf_or_old, n++;
    memmove(&bad[n].hash[1], bad[n].hash, good->count * sizeof(fl_hash)), bad[n].hash[0] = good->root,
                                                                          bad[n++].count++;
    memmove(&bad[n].hash[1], bad[n].hash, good->count * sizeof(fl_hash)), bad[n].hash[0] = (fl_hash){{5}},
                                                                          bad[n++].count++;
    if (good->count) bad[n++].count--;
    bad[n++].a = good->a + 1;
    if (good->a) bad[n++].a = good->a - 1;
    bad[n++].size = good->size * 2;
    if (good->size > 1) bad[n++].size = good->size / 2;
    bad[n++].a = good->size + 1;
    if (!fl_hash_same(&good->root, &good->leaf_or_old))
        bad[n].root = good->leaf_or_old, bad[n++].leaf_or_old = good->root;
    for (size_t i = 0; i < n; i++) {
        accepted += accepts(&bad[i]);
        ++*tried;
    }
    return accepted;
}

static void corruptions_are_rejected(void)
{
    unsigned tried = 0, accepted = 0, refused = 0;
    const fl_leaves source = {read_leaf, leaves_of};
    for (uint64_t size = 1; size <= 33; size++)
        for (uint64_t a = 0; a < size; a++) {
            fl_proof proof;
            shown s = {.a = a, .size = size, .leaf_or_old = leaves_of[a], .root = mth(leaves_of, size)};
            if (fl_tree_prove_inclusion(&source, a, size, &proof) != FL_OK) refused++;
            memcpy(s.hash, proof.hash, (s.count = proof.count) * sizeof(fl_hash));
            CHECK(accepts(&s), "good inclusion %d of %d", (int)a, (int)size);
            accepted += try_bits(&s, &tried) + try_shapes(&s, &tried);
            if (a == 0) continue;
            s.consistency = true;
            s.leaf_or_old = mth(leaves_of, a);
            if (fl_tree_prove_consistency(&source, a, size, &proof) != FL_OK) refused++;
            memcpy(s.hash, proof.hash, (s.count = proof.count) * sizeof(fl_hash));
            CHECK(accepts(&s), "good consistency %d to %d", (int)a, (int)size);
            accepted += try_bits(&s, &tried) + try_shapes(&s, &tried);
        }
    CHECK(accepted == 0 && refused == 0, "%u of %u corruptions accepted, %u proofs not made", accepted, tried,
          refused);
    CHECK(tried > 50000, "only %u tried", tried);
}

static void edges_are_rejected(void)
{
    const fl_leaves source = {read_leaf, leaves_of};
    const fl_hash root = mth(leaves_of, 5), empty = fl_tree_root(&(fl_tree){0});
    fl_hash many[64] = {{{0}}};
    fl_proof proof = {.count = 99};
    CHECK(fl_tree_prove_inclusion(&source, 5, 5, &proof) == FL_E_RANGE, "index = size");
    CHECK(fl_tree_prove_consistency(&source, 0, 5, &proof) == FL_E_RANGE, "from nothing");
    CHECK(fl_tree_prove_consistency(&source, 6, 5, &proof) == FL_E_RANGE, "shrinking");
    CHECK(proof.count == 99, "a refusal touched the proof");
    CHECK(!fl_tree_verify_consistency(0, 5, &empty, &root, NULL, 0), "m = 0");
    CHECK(!fl_tree_verify_consistency(5, 5, &root, &root, many, 1), "equal sizes with a proof");
    CHECK(!fl_tree_verify_consistency(4, 5, &root, &root, NULL, 0), "no proof");
    CHECK(!fl_tree_verify_inclusion(0, UINT64_MAX, &root, many, 64, &root), "64 hashes");
    CHECK(!fl_tree_verify_inclusion(0, 0, &root, NULL, 0, &root), "in nothing");
}

static void everything(void)
{
    make_decimal();
    single_hashes_match();
    roots_match();
    proofs_match();
}

FL_TESTS("journal/tree", TEST(everything), TEST(corruptions_are_rejected), TEST(edges_are_rejected))

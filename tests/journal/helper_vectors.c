#include "helper_vectors.h"

#include "helper_log.h"

#include "fadeline/base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

json_t *helper_vectors(const char *part)
{
    static json_t *all;
    json_error_t error;
    if (!all) all = json_load_file(FL_TEST_DIR "/vectors/journal.json", 0, &error);
    json_t *found = all ? json_object_get(all, part) : NULL;
    if (found) return found;
    fprintf(stderr, "no vectors '%s'\n", part);
    abort();
}

const char *helper_string(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    if (text) return text;
    fprintf(stderr, "no vector '%s'\n", key);
    abort();
}

size_t helper_bytes(const char *hex, uint8_t *room, size_t room_size)
{
    const size_t size = strlen(hex) / 2;
    if (size <= room_size && fl_read_hex(hex, room, size) == FL_OK) return size;
    fprintf(stderr, "'%s' is no hexadecimal of at most %zu bytes\n", hex, room_size);
    abort();
}

fl_hash helper_hash(const char *hex)
{
    fl_hash hash;
    if (helper_bytes(hex, hash.byte, sizeof hash.byte) != sizeof hash.byte) abort();
    return hash;
}

fl_hash helper_hash_of(const json_t *text)
{
    return helper_hash(json_string_value(text));
}

void helper_reference_log(const char *directory)
{
    const json_t *log = helper_vectors("example_log"), *entries = json_object_get(log, "entries");
    char hex[1024], root_hex[65], *sql = NULL;
    size_t sql_size;
    helper_clock clock;
    helper_clock_init(&clock);
    fl_journal_close(helper_open(directory, &clock, FL_JOURNAL_CREATE));
    FILE *text = open_memstream(&sql, &sql_size);
    fl_tree tree = {0};
    fprintf(text, "DELETE FROM entry; DELETE FROM checkpoint; DELETE FROM seal;");
    for (size_t i = 0; i < json_array_size(entries); i++) {
        const char *entry = json_string_value(json_array_get(entries, i));
        const fl_hash leaf = fl_tree_leaf(entry, strlen(entry));
        fl_tree_append(&tree, &leaf);
        fprintf(text, "INSERT INTO entry VALUES(%zu,x'%s',CAST('%s' AS BLOB));", i,
                fl_hex(leaf.byte, 32, hex), entry);
    }
    const fl_hash root = fl_tree_root(&tree);
    fprintf(text, "UPDATE head SET size=5, range=x'%s', root=x'%s';",
            fl_hex(tree.peak[0].byte, tree.peaks * sizeof(fl_hash), hex), fl_hex(root.byte, 32, root_hex));
    fprintf(text, "INSERT INTO checkpoint VALUES(0,'%s'),(3,'%s'),(5,'%s');",
            helper_string(log, "checkpoint_0"), helper_string(log, "checkpoint_3"),
            helper_string(log, "checkpoint_5"));
    fprintf(text, "UPDATE install SET origin='%s', vkey='%s';", helper_string(log, "origin"),
            helper_string(log, "log_vkey"));
    fclose(text);
    helper_tamper(directory, sql);
    free(sql);
}

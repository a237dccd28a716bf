#include "fadeline/config/yaml.h"

#include "fadeline/base/assert.h"
#include "fadeline/base/place.h"
#include "fadeline/base/text.h"
#include "table.h"

#include <stdlib.h>
#include <string.h>

struct fl_yaml {
    arena room;
    const fl_yaml_schema *schema;
    const char *path;
    void *root;
    uint8_t sha256[FL_SHA256_SIZE];
};

static const char first_line_hint[] = "begin with a line such as `schema: device/1`";

/* The schema the file names, or NULL after a fault. A file without the key is still read by an only schema,
 * so that all its faults come at once; *named says whether it has the key. */
static const fl_yaml_schema *choose(const fl_yaml_schema *const *schemas, size_t count, const node *root,
                                    struct typing *typing, bool *named)
{
    const node *says = tree_find(root, "schema", strlen("schema"));
    *named = says != NULL;
    if (!says) {
        typing_fault(typing, root->first ? root->first->key_at : root->at, first_line_hint,
                     "there is no key 'schema'");
        return count == 1 ? schemas[0] : NULL;
    }
    if (says->kind == NODE_BAD) return NULL;
    const char *names[64];
    size_t known = 0;
    for (size_t i = 0; i < count && known < 64; i++) {
        names[known++] = schemas[i]->name;
        if (says->kind == NODE_SCALAR && fl_text_same(schemas[i]->name, says->text)) return schemas[i];
    }
    const char *text = says->kind == NODE_SCALAR ? says->text : "...";
    char list[240] = "", hint[280], shown[64];
    fl_text words = fl_text_in(list, sizeof list);
    for (size_t i = 0; i < known; i++) fl_text_add(&words, "%s%s", i ? ", " : "", names[i]);
    snprintf(hint, sizeof hint, "this program reads: %.240s", list);
    typing_fault(typing, says->at, hint, "'%s' is no schema for this file", show(text, strlen(text), shown));
    return NULL;
}

static fl_status fill(fl_yaml *file, const char *name, const char *bytes, size_t size,
                      const fl_yaml_schema *const *schemas, size_t count, fl_faults *faults)
{
    if (size > FL_YAML_SIZE_MAX) {
        fl_faults_add(faults, name, (fl_mark){1, 1}, "is this the right file?", "longer than 1 MiB");
        return FL_E_FILE;
    }
    fl_sha256(bytes, size, file->sha256);
    file->path = arena_text(&file->room, name, strlen(name));
    char *scanned = arena_text(&file->room, bytes, size);
    if (!scan_bytes(name, scanned, size, faults)) return FL_E_FILE;
    const node *root = tree_read(&file->room, name, scanned, size, faults);
    if (!root) return FL_E_FILE;

    struct typing typing = {name, faults, &file->room};
    bool named;
    file->schema = choose(schemas, count, root, &typing, &named);
    if (!file->schema) return FL_E_FILE;
    file->root = arena_take(&file->room, file->schema->root->size);
    const bool good = type_map(&typing, file->schema->root, root, file->root, true);
    return good && named ? FL_OK : FL_E_FILE;
}

fl_status fl_yaml_read(const char *name, const char *bytes, size_t size, const fl_yaml_schema *const *schemas,
                       size_t count, fl_faults *faults, fl_yaml **file)
{
    FL_ASSERT(name && (bytes || !size) && schemas && count && faults && file);
    const size_t before = faults->count + faults->more;
    fl_yaml *fresh = calloc(1, sizeof *fresh);
    FL_ASSERT(fresh);
    fl_status status = fill(fresh, name, bytes, size, schemas, count, faults);
    /* A fault anywhere (a tab between words, an anchor) refuses the file even when every value could be
     * typed. */
    const bool clean = faults->count + faults->more == before;
    FL_ASSERT(status == FL_OK || !clean); /* never a refusal without a reason */
    if (!clean) status = FL_E_FILE;
    if (status == FL_OK)
        *file = fresh;
    else
        fl_yaml_free(fresh);
    return status;
}

fl_status fl_yaml_load_any(const char *path, const fl_yaml_schema *const *schemas, size_t count,
                           fl_faults *faults, fl_yaml **file)
{
    char *bytes;
    size_t size;
    fl_error error;
    if (fl_place_read(path, FL_YAML_SIZE_MAX, &bytes, &size, &error) != FL_OK) {
        fl_faults_add(faults, path, (fl_mark){0, 0},
                      error.hint[0] ? error.hint : "give the path of a YAML file", "%s", error.what);
        return FL_E_FILE;
    }
    const fl_status status = fl_yaml_read(path, bytes, size, schemas, count, faults, file);
    free(bytes);
    return status;
}

fl_status fl_yaml_load(const char *path, const fl_yaml_schema *schema, fl_faults *faults, fl_yaml **file)
{
    return fl_yaml_load_any(path, &schema, 1, faults, file);
}

void fl_yaml_free(fl_yaml *file)
{
    if (!file) return;
    arena_end(&file->room);
    free(file);
}

const void *fl_yaml_root(const fl_yaml *file)
{
    return file->root;
}
const fl_yaml_schema *fl_yaml_schema_of(const fl_yaml *file)
{
    return file->schema;
}
const uint8_t *fl_yaml_sha256(const fl_yaml *file)
{
    return file->sha256;
}
const char *fl_yaml_path(const fl_yaml *file)
{
    return file->path;
}

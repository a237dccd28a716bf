#include "fadeline/config/device_list.h"

#include "fadeline/base/assert.h"
#include "fadeline/base/place.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool add_id(char ***ids, size_t *count, const char *file)
{
    const size_t length = strlen(file);
    if (length <= 5 || strcmp(file + length - 5, ".yaml") != 0 || file[0] == '.') return false;
    for (size_t i = 0; i < *count; i++)
        if (strlen((*ids)[i]) == length - 5 && strncmp((*ids)[i], file, length - 5) == 0) return false;
    *ids = realloc(*ids, (*count + 1) * sizeof **ids);
    FL_ASSERT(*ids);
    (*ids)[*count] = strndup(file, length - 5);
    FL_ASSERT((*ids)[*count]);
    (*count)++;
    return true;
}

size_t fl_device_ids(char ***ids)
{
    char root[FL_PLACE_MAX], path[FL_PLACE_MAX];
    size_t count = 0;
    *ids = NULL;
    for (unsigned n = 0; fl_place_data_root(n, root); n++) {
        if (!root[0] || snprintf(path, sizeof path, "%s/devices", root) >= (int)sizeof path) continue;
        DIR *directory = opendir(path);
        if (!directory) continue;
        for (struct dirent *entry; (entry = readdir(directory));) add_id(ids, &count, entry->d_name);
        closedir(directory);
    }
    if (count) qsort(*ids, count, sizeof **ids, by_name);
    return count;
}

#include "cases.h"

#include "core.h"

#include <ctype.h>
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

bool cases_is_name(const char *name)
{
    if (!name || !isalnum((unsigned char)name[0]) || strlen(name) >= CASE_NAME) return false;
    for (const char *c = name; *c; c++)
        if (!isalnum((unsigned char)*c) && *c != '-' && *c != '_' && *c != '.') return false;
    return true;
}

fl_status cases_folder(const page *p, char path[FL_PLACE_MAX], fl_error *error)
{
    if (snprintf(path, FL_PLACE_MAX, "%s/cases", p->console->home) >= FL_PLACE_MAX - CASE_NAME - 8)
        return fl_error_set(error, FL_E_RANGE, "the path of the home is too long");
    return fl_place_make(path, error);
}

bool cases_path(const page *p, const char *name, char path[FL_PLACE_MAX])
{
    return cases_is_name(name) &&
           snprintf(path, FL_PLACE_MAX, "%s/cases/%s.yaml", p->console->home, name) < FL_PLACE_MAX &&
           fl_place_exists(path);
}

static int newest_first(const void *a, const void *b)
{
    const case_row *one = a, *two = b;
    if (one->changed != two->changed) return one->changed < two->changed ? 1 : -1;
    return strcmp(two->name, one->name);
}

size_t cases_list(const page *p, case_row **rows)
{
    char path[FL_PLACE_MAX];
    struct dirent *found;
    struct stat facts;
    size_t count = 0;
    *rows = NULL;
    if (snprintf(path, sizeof path, "%s/cases", p->console->home) >= (int)sizeof path) return 0;
    DIR *folder = opendir(path);
    if (folder) *rows = calloc(CASES_SHOWN, sizeof **rows);
    while (*rows && count < CASES_SHOWN && (found = readdir(folder))) {
        case_row *row = &(*rows)[count];
        const size_t size = strlen(found->d_name);
        if (size < 6 || size >= sizeof row->name || strcmp(found->d_name + size - 5, ".yaml") != 0) continue;
        snprintf(row->name, sizeof row->name, "%.*s", (int)(size - 5), found->d_name);
        if (!cases_path(p, row->name, path) || stat(path, &facts) != 0 || !S_ISREG(facts.st_mode)) continue;
        row->changed = facts.st_mtime;
        count++;
    }
    if (folder) closedir(folder);
    if (count) qsort(*rows, count, sizeof **rows, newest_first);
    return count;
}

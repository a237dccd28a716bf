#include "shelf.h"

#include "core.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

static bool plan_path(const shelf *s, const char *name, char path[FL_PLACE_MAX])
{
    const size_t size = strlen(name);
    return name[0] != '.' && size > 5 && size < sizeof s->names[0] && strcmp(name + size - 5, ".json") == 0 &&
           !strchr(name, '/') && snprintf(path, FL_PLACE_MAX, "%s/%s", s->folder, name) < FL_PLACE_MAX;
}

/* By day, the newest first; a full shelf lets its oldest go. */
static void put_on(shelf *s, const char *name, fl_plan *plan)
{
    size_t at = 0;
    while (at < s->count && fl_date_compare(s->plans[at]->date, plan->date) >= 0) at++;
    if (at == SHELF_PLANS) return fl_plan_free(plan);
    if (s->count == SHELF_PLANS) fl_plan_free(s->plans[--s->count]);
    for (size_t i = s->count; i > at; i--) {
        s->plans[i] = s->plans[i - 1];
        memcpy(s->names[i], s->names[i - 1], sizeof s->names[i]);
    }
    s->plans[at] = plan;
    snprintf(s->names[at], sizeof s->names[at], "%s", name);
    s->count++;
}

static void fill(const page *p, shelf *s)
{
    char path[FL_PLACE_MAX];
    struct dirent *found;
    if (snprintf(s->folder, sizeof s->folder, "%s/plans", p->console->home) >= (int)sizeof s->folder ||
        fl_place_make(s->folder, NULL) != FL_OK)
        return;
    DIR *folder = opendir(s->folder);
    while (folder && (found = readdir(folder))) {
        if (!plan_path(s, found->d_name, path)) continue;
        fl_plan *plan = fl_plan_new();
        if (plan && fl_plan_read_json(path, plan, NULL) == FL_OK)
            put_on(s, found->d_name, plan);
        else
            fl_plan_free(plan); /* `fadeline check` says what is wrong with it */
    }
    if (folder) closedir(folder);
}

shelf *shelf_new(const page *p)
{
    shelf *s = calloc(1, sizeof *s);
    if (s) fill(p, s);
    return s;
}

void shelf_free(shelf *s)
{
    if (!s) return;
    for (size_t i = 0; i < s->count; i++) fl_plan_free(s->plans[i]);
    free(s);
}

size_t shelf_find(const shelf *s, const char *name)
{
    size_t n = 0;
    while (n < s->count && (!name || strcmp(s->names[n], name) != 0)) n++;
    return n;
}

void shelf_path(const shelf *s, size_t n, char path[FL_PLACE_MAX])
{
    if (!plan_path(s, s->names[n], path)) path[0] = 0;
}

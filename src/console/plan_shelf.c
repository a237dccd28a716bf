#include "plan_shelf.h"

#include "core.h"

#include "fadeline/base/text.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

static bool is_plan(const char *name)
{
    const size_t size = strlen(name);
    return name[0] != '.' && size > 5 && size < 256 && strcmp(name + size - 5, ".json") == 0;
}

/* By day, then by id, so that two looks show the same; a full shelf lets its oldest go. */
static void put_on(plan_shelf *s, const char *name, fl_plan *plan)
{
    size_t at = 0;
    for (; at < s->count; at++) {
        const int days = fl_date_compare(plan->date, s->plans[at]->date);
        if (days > 0 || (days == 0 && strcmp(plan->plan_id, s->plans[at]->plan_id) < 0)) break;
    }
    if (at == PLAN_SHELF_MOST) return fl_plan_free(plan);
    if (s->count == PLAN_SHELF_MOST) fl_plan_free(s->plans[--s->count]);
    for (size_t i = s->count; i > at; i--) {
        s->plans[i] = s->plans[i - 1];
        memcpy(s->names[i], s->names[i - 1], sizeof s->names[i]);
    }
    s->plans[at] = plan;
    snprintf(s->names[at], sizeof s->names[at], "%s", name);
    s->count++;
}

static fl_plan *read_plan(const page *p, const char *name)
{
    char path[FL_PLACE_MAX];
    if (snprintf(path, sizeof path, "%s/plans/%s", p->console->home, name) >= (int)sizeof path) return NULL;
    fl_plan *plan = fl_plan_new();
    if (plan && fl_plan_read_json(path, plan, NULL) == FL_OK) return plan;
    fl_plan_free(plan);
    return NULL;
}

plan_shelf *plan_shelf_new(const page *p, const char *client)
{
    char path[FL_PLACE_MAX];
    struct dirent *found;
    plan_shelf *s = calloc(1, sizeof *s);
    if (!s || snprintf(path, sizeof path, "%s/plans", p->console->home) >= (int)sizeof path) return s;
    DIR *folder = opendir(path);
    while (folder && (found = readdir(folder))) {
        fl_plan *plan = is_plan(found->d_name) ? read_plan(p, found->d_name) : NULL;
        if (plan && client && !fl_text_same(plan->client, client))
            fl_plan_free(plan);
        else if (plan)
            put_on(s, found->d_name, plan);
    }
    if (folder) closedir(folder);
    return s;
}

void plan_shelf_free(plan_shelf *s)
{
    for (size_t i = 0; s && i < s->count; i++) fl_plan_free(s->plans[i]);
    free(s);
}

bool plan_shelf_has_page(const plan_shelf *s, size_t n)
{
    const char *id = s->plans[n]->plan_id;
    const size_t size = strlen(id);
    return strncmp(s->names[n], id, size) == 0 && strcmp(s->names[n] + size, ".json") == 0;
}

fl_plan *plan_by_id(const page *p, const char *id)
{
    char name[FL_PLAN_NAME + 8];
    for (const char *c = id; *c; c++)
        if (!strchr("0123456789ABCDEFPabcdefp-", *c)) return NULL;
    if (snprintf(name, sizeof name, "%s.json", id) >= (int)sizeof name || !is_plan(name)) return NULL;
    return read_plan(p, name);
}

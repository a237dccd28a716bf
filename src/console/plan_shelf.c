#include "plan_shelf.h"

#include "core.h"

#include "fadeline/base/text.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

static bool is_plan(const char *name)
{
    const size_t size = strlen(name);
    return name[0] != '.' && size > 5 && size < 256 && strcmp(name + size - 5, ".json") == 0 &&
           !strchr(name, '/');
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

static void put_aside(plan_shelf *s, const char *name, const fl_error *error)
{
    if (s->faulty_count == PLAN_SHELF_FAULTY) return;
    snprintf(s->faulty[s->faulty_count].name, sizeof s->faulty[0].name, "%s", name);
    snprintf(s->faulty[s->faulty_count].why, sizeof s->faulty[0].why, "%.239s", error->what);
    s->faulty_count++;
}

static bool find_folder(const page *p, char folder[FL_PLACE_MAX])
{
    return snprintf(folder, FL_PLACE_MAX, "%s/plans", p->console->home) < FL_PLACE_MAX;
}

static fl_plan *read_plan(const char *folder, const char *name, fl_error *error)
{
    char path[FL_PLACE_MAX];
    if (snprintf(path, sizeof path, "%s/%s", folder, name) >= (int)sizeof path) return NULL;
    fl_plan *plan = fl_plan_new();
    if (plan && fl_plan_read_json(path, plan, error) == FL_OK) return plan;
    fl_plan_free(plan);
    return NULL;
}

static void take(plan_shelf *s, const char *name, const char *client)
{
    fl_error error = {0};
    fl_plan *plan = read_plan(s->folder, name, &error);
    if (!plan && error.what[0])
        put_aside(s, name, &error);
    else if (plan && client && !fl_text_same(plan->client, client))
        fl_plan_free(plan);
    else if (plan)
        put_on(s, name, plan);
}

plan_shelf *plan_shelf_new(const page *p, const char *client)
{
    struct dirent *found;
    plan_shelf *s = calloc(1, sizeof *s);
    if (!s || !find_folder(p, s->folder)) return s;
    DIR *folder = opendir(s->folder);
    while (folder && (found = readdir(folder)))
        if (is_plan(found->d_name)) take(s, found->d_name, client);
    if (folder) closedir(folder);
    return s;
}

void plan_shelf_free(plan_shelf *s)
{
    for (size_t i = 0; s && i < s->count; i++) fl_plan_free(s->plans[i]);
    free(s);
}

size_t plan_shelf_find(const plan_shelf *s, const char *name)
{
    size_t n = 0;
    while (n < s->count && (!name || strcmp(s->names[n], name) != 0)) n++;
    return n;
}

void plan_shelf_path(const plan_shelf *s, size_t n, char path[FL_PLACE_MAX])
{
    if (snprintf(path, FL_PLACE_MAX, "%s/%s", s->folder, s->names[n]) >= FL_PLACE_MAX) path[0] = 0;
}

bool plan_shelf_has_page(const plan_shelf *s, size_t n)
{
    const char *id = s->plans[n]->plan_id;
    const size_t size = strlen(id);
    return strncmp(s->names[n], id, size) == 0 && strcmp(s->names[n] + size, ".json") == 0;
}

fl_plan *plan_by_id(const page *p, const char *id)
{
    char folder[FL_PLACE_MAX], name[FL_PLAN_NAME + 8];
    for (const char *c = id; *c; c++)
        if (!strchr("0123456789ABCDEFPabcdefp-", *c)) return NULL;
    if (snprintf(name, sizeof name, "%s.json", id) >= (int)sizeof name || !is_plan(name) ||
        !find_folder(p, folder))
        return NULL;
    return read_plan(folder, name, NULL);
}

#include "field_store.h"

#include "fadeline/base/digest.h"
#include "fadeline/base/place.h"
#include "fadeline/base/text.h"

#include <dirent.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Part of every name: change it when skins, cells or walks change. */
#define MADE_BY "fadeline field 1"
#define KEPT 300
#define FILE_MOST (64u << 20)

static void add_ink(fl_text *key, const char *what, const fl_planner_ink *ink)
{
    fl_text_add(key, "\n%s", what);
    for (size_t i = 0; ink && i < ink->shares_count; i++)
        fl_text_add(key, " %s %a", ink->shares[i].pigment, ink->shares[i].mass_fraction);
}

/* Everything a walk depends on; the photon kernel answers alike on every processor and for any threads. */
static bool name_of(const fl_planner_request *r, const fl_deposit_order *order, char path[FL_PLACE_MAX])
{
    char room[4096];
    fl_text key = fl_text_in(room, sizeof room);
    const fl_planner_site *site = r->site;
    const fl_planner_geometry *g = r->geometry;
    fl_text_add(&key, MADE_BY "\nskin %d %a %a %a %d", r->skin_type->type, r->skin_type->melanin,
                r->skin_type->melanin_ln_sigma, r->tan_factor, r->scar);
    fl_text_add(&key, "\nsite %a %a %a %a %a %a %a %a %a %s", site->epidermis.m, site->dermis.m,
                site->subcutis.m, site->epidermis_ln_sigma, site->dermis_ln_sigma, site->blood,
                site->blood_ln_sigma, site->melanin_factor, site->melanin_factor_ln_sigma,
                site->dermis_scattering);
    fl_text_add(&key, "\nink %d %a %a %a %a %a %a %a %a %a", g->form,
                g->form == FL_FORM_DOTS ? g->dot.m : 0.0, g->top.m, g->top_ln_sigma, g->thickness.m,
                g->thickness_ln_sigma, g->mass.kg_m2, g->mass_ln_sigma, g->coverage, order->above_share);
    add_ink(&key, "target", order->target);
    add_ink(&key, "above", order->above);
    fl_text_add(&key, "\nwalk %a %llu %u %u %u\nspots", r->wavelength.m, (unsigned long long)r->seed,
                r->draws, r->variants, r->photons);
    for (unsigned s = 0; s < r->spot_count; s++) fl_text_add(&key, " %a", r->spots[s].spot.m);
    if (key.cut) return false; /* cut short: it would name other walks too */
    uint8_t digest[FL_SHA256_SIZE];
    char hex[2 * FL_SHA256_SIZE + 1];
    fl_sha256(room, strlen(room), digest);
    fl_hex(digest, FL_SHA256_SIZE, hex);
    return snprintf(path, FL_PLACE_MAX, "%s/%s.field", r->cache, hex) < FL_PLACE_MAX;
}

typedef struct part {
    void *bytes;
    size_t size;
} part;
enum { PARTS = 7 };

static size_t parts_of(const fl_field *f, part parts[PARTS])
{
    const size_t rows = (size_t)f->draws * f->variants * f->spots, beams = (size_t)f->draws * f->spots;
    const part all[PARTS] = {
        {f->draw, f->draws * sizeof *f->draw},
        {f->ratio, rows * FL_FIELD_CELLS * sizeof *f->ratio},
        {f->bare, beams * FL_FIELD_CELLS * sizeof *f->bare},
        {f->ink, rows * sizeof *f->ink},
        {f->bare_ink, beams * sizeof *f->bare_ink},
        {f->white, f->draws * sizeof *f->white},
        {f->basal_error, rows * sizeof *f->basal_error},
    };
    size_t size = 0;
    for (int i = 0; i < PARTS; i++) parts[i] = all[i], size += all[i].size;
    return size;
}

bool fl_field_recall(const fl_planner_request *r, const fl_deposit_order *order, fl_field *field)
{
    char path[FL_PLACE_MAX], *bytes = NULL;
    part parts[PARTS];
    size_t size = 0;
    uint8_t digest[FL_SHA256_SIZE];
    const size_t wanted = parts_of(field, parts);
    if (!r->cache || !name_of(r, order, path) || !fl_place_exists(path)) return false;
    if (fl_place_read(path, FILE_MOST, &bytes, &size, NULL) != FL_OK) return false;
    bool good = size == wanted + FL_SHA256_SIZE;
    if (good) {
        fl_sha256(bytes, wanted, digest);
        good = memcmp(digest, bytes + wanted, FL_SHA256_SIZE) == 0;
    }
    const char *from = bytes;
    for (int i = 0; good && i < PARTS; i++)
        memcpy(parts[i].bytes, from, parts[i].size), from += parts[i].size;
    free(bytes);
    return good;
}

typedef struct kept {
    time_t changed;
    char name[80];
} kept;

static int older_first(const void *a, const void *b)
{
    const kept *x = a, *y = b;
    return (x->changed > y->changed) - (x->changed < y->changed);
}

static void forget_the_oldest(const char *folder)
{
    DIR *dir = opendir(folder);
    kept *list = calloc(4 * KEPT, sizeof *list);
    size_t count = 0;
    for (struct dirent *e; dir && list && count < 4 * KEPT && (e = readdir(dir));) {
        struct stat stat_of;
        if (strlen(e->d_name) != 70 || strcmp(e->d_name + 64, ".field") != 0) continue; /* not ours */
        if (fstatat(dirfd(dir), e->d_name, &stat_of, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(stat_of.st_mode))
            continue;
        list[count].changed = stat_of.st_mtime;
        snprintf(list[count++].name, sizeof list->name, "%s", e->d_name);
    }
    if (count > KEPT) {
        qsort(list, count, sizeof *list, older_first);
        for (size_t i = 0; i + KEPT < count; i++) unlinkat(dirfd(dir), list[i].name, 0);
    }
    free(list);
    if (dir) closedir(dir);
}

void fl_field_remember(const fl_planner_request *r, const fl_deposit_order *order, const fl_field *field)
{
    char path[FL_PLACE_MAX];
    part parts[PARTS];
    const size_t size = parts_of(field, parts);
    if (!r->cache || !name_of(r, order, path) || size + FL_SHA256_SIZE > FILE_MOST) return;
    char *bytes = malloc(size + FL_SHA256_SIZE), *to = bytes;
    if (!bytes) return;
    for (int i = 0; i < PARTS; i++) memcpy(to, parts[i].bytes, parts[i].size), to += parts[i].size;
    fl_sha256(bytes, size, (uint8_t *)to);
    if (fl_place_make(r->cache, NULL) == FL_OK &&
        fl_place_write(path, bytes, size + FL_SHA256_SIZE, 0600, NULL) == FL_OK)
        forget_the_oldest(r->cache);
    free(bytes);
}

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

/* Part of every name: change it when what is read from a walk changes. */
#define MADE_BY "fadeline field 2"
#define KEPT 300
#define FILE_MOST (64u << 20)

/* Numbers that a walk depends on, one after the other. */
typedef struct numbers {
    double *at;
    size_t count, room;
} numbers;

static void add(numbers *n, double value)
{
    if (n->count < n->room) n->at[n->count] = value;
    n->count++;
}

static void add_stack(numbers *n, const fl_skin_stack *stack)
{
    add(n, stack->count);
    for (unsigned l = 0; l < stack->count; l++) {
        const fl_optical_layer *layer = &stack->layer[l];
        const double all[] = {layer->n, layer->mua.per_m,   layer->mus.per_m,
                              layer->g, layer->thickness.m, stack->part[l]};
        for (size_t i = 0; i < sizeof all / sizeof *all; i++) add(n, all[i]);
    }
}

static void add_ink(numbers *n, const fl_planner_request *r, const fl_planner_ink *ink)
{
    const fl_ink_draw central = fl_ink_central(r->geometry);
    double absorbs = 0.0, scatters = 0.0;
    if (ink && (fl_ink_mixture(ink, r->wavelength, &central, &absorbs) != FL_OK ||
                fl_ink_scattering(ink, r->wavelength, &scatters) != FL_OK))
        absorbs = scatters = -1.0; /* the walk will say so */
    add(n, ink != NULL), add(n, absorbs), add(n, scatters);
}

static void add_all(numbers *n, const fl_planner_request *r, const fl_deposit_order *order, const fl_field *f)
{
    const fl_planner_geometry *g = r->geometry;
    const double request[] = {(double)(r->seed >> 32),
                              (double)(r->seed & UINT32_MAX),
                              r->draws,
                              r->variants,
                              r->photons,
                              r->spot_count,
                              g->form,
                              g->form == FL_FORM_DOTS ? g->dot.m : 0.0,
                              g->mass.kg_m2,
                              g->coverage,
                              order->above_share};
    for (size_t i = 0; i < sizeof request / sizeof *request; i++) add(n, request[i]);
    for (unsigned s = 0; s < r->spot_count; s++) add(n, r->spots[s].spot.m);
    add_ink(n, r, order->target);
    add_ink(n, r, order->above);
    for (unsigned d = 0; d < r->draws; d++) {
        const fl_skin_draw *draw = &f->skins->draw[d];
        fl_skin_stack bare = {0};
        if (fl_skin_layers(&draw->bare, r->wavelength, &bare, NULL) == FL_OK) add_stack(n, &bare);
        add(n, draw->mass), add(n, draw->cover_mass), add(n, draw->bare.n_subcutis);
        for (unsigned c = 0; c <= FL_FIELD_CELLS; c++) add(n, f->draw[d].edges[c].m);
        for (unsigned v = 0; v < r->variants; v++)
            add_stack(n, &f->skins->variant[(size_t)d * r->variants + v].stack);
    }
}

static bool name_of(const fl_planner_request *r, const fl_deposit_order *order, const fl_field *f,
                    uint8_t name[FL_SHA256_SIZE], char path[FL_PLACE_MAX])
{
    numbers n = {0};
    char hex[2 * FL_SHA256_SIZE + 1];
    add_all(&n, r, order, f); /* counts */
    n.room = n.count, n.count = 0;
    n.at = malloc(n.room * sizeof *n.at);
    if (!n.at) return false;
    add_all(&n, r, order, f);
    const fl_piece pieces[] = {{MADE_BY, sizeof MADE_BY}, {n.at, n.count * sizeof *n.at}};
    fl_sha256_pieces(pieces, 2, name);
    free(n.at);
    fl_hex(name, FL_SHA256_SIZE, hex);
    return snprintf(path, FL_PLACE_MAX, "%s/%s.field", r->cache, hex) < FL_PLACE_MAX;
}

/* Of name and content. */
static void sign(const uint8_t *secret, const uint8_t name[FL_SHA256_SIZE], const void *bytes, size_t size,
                 uint8_t mac[FL_SHA256_SIZE])
{
    uint8_t digest[FL_SHA256_SIZE];
    const fl_piece pieces[] = {{name, FL_SHA256_SIZE}, {bytes, size}};
    fl_sha256_pieces(pieces, 2, digest);
    fl_hmac_sha256(secret, 32, digest, sizeof digest, mac);
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

/* Light in skin is never a hundred times what falls on it, and never none. */
static bool is_sane(const fl_field *f)
{
    const size_t rows = (size_t)f->draws * f->variants * f->spots;
    bool sane = true;
    for (size_t i = 0; i < rows * FL_FIELD_CELLS; i++) sane &= f->ratio[i] >= 0.0 && f->ratio[i] < 100.0;
    for (size_t i = 0; i < rows; i++)
        sane &= f->ink[i].clear > 0.0 && f->ink[i].clear < 100.0 && f->ink[i].black > 0.0;
    for (unsigned d = 0; d < f->draws; d++) sane &= f->white[d] >= 1.0 && f->white[d] < 100.0;
    return sane;
}

bool fl_field_recall(const fl_planner_request *r, const fl_deposit_order *order, fl_field *field)
{
    char path[FL_PLACE_MAX], *bytes = NULL;
    part parts[PARTS];
    size_t size = 0;
    uint8_t name[FL_SHA256_SIZE], mac[FL_SHA256_SIZE];
    const size_t wanted = parts_of(field, parts);
    if (!r->cache || !r->cache_secret || !name_of(r, order, field, name, path) || !fl_place_exists(path))
        return false;
    if (fl_place_read(path, FILE_MOST, &bytes, &size, NULL) != FL_OK) return false;
    bool good = size == wanted + FL_SHA256_SIZE;
    if (good) {
        sign(r->cache_secret, name, bytes, wanted, mac);
        good = fl_same_digest(mac, (const uint8_t *)bytes + wanted);
    }
    const char *from = bytes;
    for (int i = 0; good && i < PARTS; i++)
        memcpy(parts[i].bytes, from, parts[i].size), from += parts[i].size;
    free(bytes);
    return good && is_sane(field);
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
        snprintf(list[count++].name, sizeof list->name, "%.79s", e->d_name);
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
    uint8_t name[FL_SHA256_SIZE];
    const size_t size = parts_of(field, parts);
    if (!r->cache || !r->cache_secret || size + FL_SHA256_SIZE > FILE_MOST) return;
    if (!name_of(r, order, field, name, path)) return;
    char *bytes = malloc(size + FL_SHA256_SIZE), *to = bytes;
    if (!bytes) return;
    for (int i = 0; i < PARTS; i++) memcpy(to, parts[i].bytes, parts[i].size), to += parts[i].size;
    sign(r->cache_secret, name, bytes, size, (uint8_t *)to);
    if (fl_place_make(r->cache, NULL) == FL_OK &&
        fl_place_write(path, bytes, size + FL_SHA256_SIZE, 0600, NULL) == FL_OK)
        forget_the_oldest(r->cache);
    free(bytes);
}

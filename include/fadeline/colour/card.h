/* Card: a colour card, what its patches are, and where it lies in a photo.
 *
 * A card file (schema card/1) holds each patch's CIELAB and its place on the card, from 0 to 1 to the right
 * and down. Copy the values from the maker's sheet or a spectrophotometer, never from memory: an error there
 * goes into every measurement and no residual shows it whole. The trap: makers print D50 values, and the file
 * must say which it is.
 *
 *     fl_card *card;
 *     if (fl_card_load("profiles/cards/example-24.yaml", &card, &error) != FL_OK) ...
 *     fl_quad where = {{{412, 300}, {988, 310}, {980, 700}, {405, 690}}};     // as printed: from its top
 * left, clockwise fl_lab grey = fl_card_patch_lab(card, 0);                               // under D65
 *     fl_card_free(card);
 */
#ifndef FL_COLOUR_CARD_H
#define FL_COLOUR_CARD_H

#include "fadeline/base/error.h"
#include "fadeline/colour/lab.h"
#include "fadeline/config/yaml.h"

#include <stdbool.h>
#include <stddef.h>

#define FL_CARD_PATCHES_LEAST                                                                                \
    12 /* nine numbers of the matrix and two of the light want more equations than unknowns */
#define FL_CARD_PATCHES_MOST 64
#define FL_CARD_GREYS_LEAST 4

typedef enum fl_card_white { FL_CARD_D65 = 1, FL_CARD_D50 } fl_card_white;

typedef struct fl_card_patch {
    const char *name;
    double x, y; /* of its centre on the card, 0 to 1 */
    double L_star, a_star, b_star;
} fl_card_patch;

typedef struct fl_card_file {
    const char *id, *title, *maker, *source;
    fl_date measured_on; /* may be unset */
    fl_card_white white;
    double patch_width, patch_height; /* as a share of the card's width and height */
    fl_card_patch *patches;
    size_t patches_count;
    const char **grey_steps; /* names of neutral patches, lightest first */
    size_t grey_steps_count;
} fl_card_file;

extern const fl_yaml_schema fl_card_schema; /* card/1 */

typedef struct fl_card fl_card;

FL_MUST_USE fl_status fl_card_load(const char *path, fl_card **card, fl_error *error);
void fl_card_free(fl_card *card);
const fl_card_file *fl_card_content(const fl_card *card);
const uint8_t *fl_card_sha256(const fl_card *card);               /* of the file's bytes */
fl_lab fl_card_patch_lab(const fl_card *card, size_t patch);      /* adapted to D65 when the file says D50 */
size_t fl_card_grey_patch(const fl_card *card, size_t grey_step); /* index into patches */

/* ---- where it lies ---- */

typedef struct fl_point {
    double x, y;
} fl_point;

typedef struct fl_quad {
    fl_point corner[4]; /* of the card as printed: top left, top right, bottom right, bottom left; pixels */
} fl_quad;

/* Projective map of the card's unit square onto the quad and back (Heckbert 1989, Fundamentals of texture
 * mapping). */
typedef struct fl_plane {
    double out[3][3], in[3][3];
} fl_plane;

/* FL_E_RANGE, leaving *plane alone, unless the corners go round a convex quad of some area. */
FL_MUST_USE fl_status fl_plane_of(const fl_quad *quad, fl_plane *plane);
fl_point fl_plane_to_photo(const fl_plane *plane, fl_point card);
fl_point fl_plane_to_card(const fl_plane *plane, fl_point photo);

#endif

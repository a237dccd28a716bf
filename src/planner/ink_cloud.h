/* Ink cloud: what inks would look like in each of the skins that could be this one. Private to planner.
 *
 *     ink_scene *scene = ink_scene_new(&view);          // skins, without ink; NULL: no memory
 *     fl_lab seen[INK_SKINS];
 *     ink_scene_look(scene, ink, INK_SEEN_SOMEWHERE, seen);
 *     ink_scene_free(scene);
 */
#ifndef FL_PLANNER_INK_CLOUD_H
#define FL_PLANNER_INK_CLOUD_H

#include "fadeline/planner/ink_guess.h"

enum { INK_SKINS = 192 };

typedef struct ink_scene ink_scene;

typedef enum ink_seen {
    INK_SEEN_DENSE,     /* in the middle of a dot, stroke or field */
    INK_SEEN_MEAN,      /* inked and bare skin mixed as the geometry covers it */
    INK_SEEN_SOMEWHERE, /* anywhere between the two: a circle in a photo */
} ink_seen;

ink_scene *ink_scene_new(const fl_ink_view *view);
void ink_scene_free(ink_scene *scene);                /* NULL is fine */
const fl_lab *ink_scene_skin(const ink_scene *scene); /* bare, INK_SKINS of them */
void ink_scene_look(const ink_scene *scene, const fl_planner_ink *ink, ink_seen where,
                    fl_lab seen[INK_SKINS]);

#endif

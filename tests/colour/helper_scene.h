/* A photo made by calculation: a card, unexposed skin, a site with ink, a lamp of some colour that falls
 * unevenly, and a camera with crosstalk, noise and colours of its own. What is true is known, so what is
 * measured can be judged. */
#ifndef FL_TESTS_COLOUR_SCENE_H
#define FL_TESTS_COLOUR_SCENE_H

#include "fadeline/colour/region.h"

#include <stdint.h>

typedef struct scene {
    unsigned width, height;
    fl_quad corners;
    fl_rgb lamp;                   /* its colour, as the camera's channels see white; about 1 */
    double exposure;               /* light of a perfect white at the middle of the picture */
    double gradient_x, gradient_y; /* logarithm of the light from one side of the picture to the other */
    double crosstalk;              /* share of each channel that comes from its neighbours */
    double misfit;  /* standard deviation of a share that each colour is seen wrong by, in each channel */
    double noise;   /* standard deviation, codes of 255 */
    double curve;   /* exponent on the light before encoding: 1 is a camera without a look */
    double s_curve; /* 0 to 1: darks darker and lights lighter, as phones like it */
    fl_lab skin, site, ink;
    double dots;     /* 0: even ink; else the share of the area that dots cover */
    fl_circle glare; /* a lamp's reflection: full white */
    double shadow_x; /* light is a third left of this pixel */
    bool no_card, is_grey;
    uint64_t seed;
} scene;

scene scene_plain(void); /* 900 x 640, no fault; circles below lie in it */
extern const fl_circle scene_skin, scene_site, scene_ink;

/* Codes 0 to 65535, three a pixel; the caller frees. */
uint16_t *scene_render(const scene *s, const fl_card *card);

typedef struct scene_file {
    unsigned char *bytes; /* the caller frees */
    size_t size;
} scene_file;

typedef enum scene_form { SCENE_RGB, SCENE_RGBA, SCENE_GREY, SCENE_PALETTE, SCENE_INTERLACED } scene_form;

/* gamma 0: an sRGB chunk; below 0: none; else a gAMA chunk alone. bits 8 or 16; palette: 8. */
scene_file scene_png(const uint16_t *codes, unsigned width, unsigned height, int bits, scene_form form,
                     double gamma);
scene_file scene_jpeg(const uint16_t *codes, unsigned width, unsigned height, int quality, bool progressive,
                      bool grey);
/* Through a file and back: what the camera saved, as a photo. PNG of 8 bits; quality above 0: JPEG. */
fl_photo *scene_photo(const scene *s, const fl_card *card, int quality);
fl_card *scene_card(void); /* profiles/cards/example-24.yaml */

#endif

/* Region: the colour of ink and skin in a photo whose card was read, and how far the ink stands out.
 *
 * A region is one circle or several of one kind. Its colour is the median of its pixels' CIELAB, so that
 * hairs and pores do not count. The trap is ink in dots: when less than half of the circle is ink, the median
 * is skin. For dots ask for the mean of the light, which is what an eye sees from where it cannot part them.
 *
 *     fl_circle here[] = {{640, 220, 40}};
 *     fl_region ink, site;
 *     status = fl_region_read(photo, &correction, "ink", here, 1, FL_REGION_MEAN, &ink, &reasons);
 *     fl_contrast now = fl_contrast_of(&correction, &ink, &site);          // 21.3 +- 1.6 (CIEDE2000)
 *     fl_fading faded = fl_fading_of(before, now);                          // by 6.7 +- 2.2, which is 24 %
 *
 * Every uncertainty is expanded, k = 2: about 95 of 100. It holds what the card knows of this camera and this
 * light, a share for light at the region, and 0.5 for the card's own values. It does not hold that skin
 * reflects another spectrum than printed card does (metamerism), nor the person's tan, blush or make-up.
 */
#ifndef FL_COLOUR_REGION_H
#define FL_COLOUR_REGION_H

#include "fadeline/colour/correction.h"

#define FL_REGION_CIRCLES_MAX 16
#define FL_REGION_PIXELS_LEAST 100
#define FL_REGION_LIGHT_MOST                                                                                 \
    1.35 /* how far the light at a region may lie from the card's centre, up or down */
#define FL_REGION_LIGHT_LEAST 0.002 /* Y: L* 1.8 */
#define FL_COLOUR_COVERAGE 2.0

typedef struct fl_circle {
    double x, y, radius; /* pixels */
} fl_circle;

typedef enum fl_region_middle { FL_REGION_MEDIAN = 1, FL_REGION_MEAN } fl_region_middle;

typedef struct fl_region {
    size_t pixels;
    double clipped; /* share of pixels with a full channel */
    double light;   /* of its place relative to the card's centre */
    fl_lab lab;     /* median, or the colour of the mean light: as asked */
    fl_lab median, mean;
    fl_lab spread;      /* half the distance of the 16th and the 84th of 100 pixels */
    fl_lab uncertainty; /* k = 2, each alone */
    double delta_e_2000_uncertainty;
    bool has_ita; /* false: b* is not above 0, so there is no angle */
    double ita_deg, ita_uncertainty_deg;
} fl_region;

/* FL_OK; FL_E_NO with a reason added, *region filled with what was seen; FL_E_RANGE, *region alone, when a
 * circle is not wholly in the photo or has no size. `name` stands in the reasons. */
FL_MUST_USE fl_status fl_region_read(const fl_photo *photo, const fl_correction *correction, const char *name,
                                     const fl_circle *circles, size_t count, fl_region_middle middle,
                                     fl_region *region, fl_colour_reasons *reasons);

typedef struct fl_contrast {
    double delta_e_2000, delta_e_76;
    double uncertainty; /* of delta_e_2000, k = 2: how wrong this photo gets the contrast of the card's own
                           patches */
} fl_contrast;

fl_contrast fl_contrast_of(const fl_correction *correction, const fl_region *ink, const fl_region *site);

typedef struct fl_fading {
    double delta_e_2000, uncertainty;    /* contrast lost; negative: the ink stands out more */
    double percent, percent_uncertainty; /* of the contrast then; NaN when there was none */
    bool is_beyond_uncertainty;
} fl_fading;

fl_fading fl_fading_of(fl_contrast before, fl_contrast now);

#endif

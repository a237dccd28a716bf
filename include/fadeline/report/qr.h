/* Qr: a text as a code for a camera, as modules: whoever draws it, on paper or on a screen, draws the same.
 *
 *     fl_qr qr;
 *     if (fl_qr_make(checkpoint, &qr)) for (y ...) for (x ...) if (fl_qr_is_dark(&qr, x, y)) draw(x, y);
 *
 * Leave FL_QR_QUIET light modules around it, and draw it dark on light in any theme: many cameras read no
 * other.
 */
#ifndef FL_REPORT_QR_H
#define FL_REPORT_QR_H

#include <stdbool.h>
#include <stdint.h>

#define FL_QR_QUIET 4 /* ISO/IEC 18004 */
#define FL_QR_MOST 177

typedef struct fl_qr {
    unsigned side; /* modules */
    uint8_t dark[FL_QR_MOST * FL_QR_MOST];
} fl_qr;

bool fl_qr_make(const char *text, fl_qr *qr); /* false: too long for a code, or no memory */
bool fl_qr_is_dark(const fl_qr *qr, unsigned x, unsigned y);
/* Columns from x on that are dark without a gap: to draw whole runs, without hairs between them. */
unsigned fl_qr_run(const fl_qr *qr, unsigned x, unsigned y);

#endif

/* The checkpoint on paper: whoever keeps the paper keeps a signed root, and can show any later change to what
 * came before it (reference on journals, section 9: QR on every report). */
#include "folio.h"

#include "fadeline/report/qr.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

double fl_folio_qr(fl_folio *folio, double left, double top, double module, const char *text)
{
    fl_qr qr;
    if (!fl_qr_make(text, &qr)) return 0;
    cairo_t *c = folio->paper->cairo;
    const double side = (qr.side + 2 * FL_QR_QUIET) * module;
    fl_paper_box(folio->paper, left, top, side, side, 0, FL_SHADE_PAPER);
    cairo_set_source_rgb(c, 0, 0, 0);
    for (unsigned y = 0; y < qr.side; y++)
        for (unsigned x = 0, run; x < qr.side; x += run + 1) {
            run = fl_qr_run(&qr, x, y);
            if (run)
                cairo_rectangle(c, left + (x + FL_QR_QUIET) * module, top + (y + FL_QR_QUIET) * module,
                                run * module, module);
        }
    cairo_fill(c);
    return side;
}

void fl_folio_code(fl_folio *folio, const char *checkpoint, fl_type type, const char *text)
{
    const double module = 1.35, side = 108; /* 69 modules and their quiet zone */
    type.wrap = FL_FOLIO_INNER - side - 12;
    const double high = fl_paper_text_height(folio->paper, type, text);
    const double top = fl_folio_room(folio, fmax(side, high + 4));
    const double drawn = fl_folio_qr(folio, FL_FOLIO_MARGIN - FL_QR_QUIET * module, top, module, checkpoint);
    fl_folio_put(folio, "P", FL_FOLIO_MARGIN + (drawn > 0 ? fmax(drawn, side) : 0) + 4, top + 4 + type.size,
                 type, text);
}

void fl_folio_seal(fl_folio *folio, const char *checkpoint, const char *more)
{
    char origin[300] = "", size[32] = "", root[80] = "", text[900];
    sscanf(checkpoint, "%299[^\n]\n%31[^\n]\n%79[^\n]", origin, size, root);
    fl_folio_heading(folio, 2, "How to check this paper");
    if (!size[0]) {
        fl_folio_say(folio, FL_FOLIO_TEXT, "The log has no signed checkpoint yet.");
        return;
    }
    snprintf(text, sizeof text,
             "The newest signed checkpoint of the log covers %s entries, with the root\n%s\nLog: %s\n\n"
             "The code is that checkpoint. Scan it, keep it as checkpoint.txt, and any later change to these "
             "entries shows:\nfadeline journal verify --against checkpoint.txt%s%s",
             size, root, origin, more ? "\n\n" : "", more ? more : "");
    fl_folio_code(folio, checkpoint, (fl_type){.size = 8, .shade = FL_SHADE_TEXT}, text);
}

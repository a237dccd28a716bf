#include "fadeline/report/qr.h"

#include <qrencode.h>
#include <string.h>

bool fl_qr_make(const char *text, fl_qr *qr)
{
    QRcode *code = QRcode_encodeData((int)strlen(text), (const unsigned char *)text, 0, QR_ECLEVEL_L);
    if (!code) return false;
    qr->side = (unsigned)code->width;
    for (unsigned i = 0; i < qr->side * qr->side; i++) qr->dark[i] = code->data[i] & 1;
    QRcode_free(code);
    return true;
}

bool fl_qr_is_dark(const fl_qr *qr, unsigned x, unsigned y)
{
    return x < qr->side && y < qr->side && qr->dark[y * qr->side + x];
}

unsigned fl_qr_run(const fl_qr *qr, unsigned x, unsigned y)
{
    unsigned count = 0;
    while (fl_qr_is_dark(qr, x + count, y)) count++;
    return count;
}

/* The lasers whose labels we know: a list. */
#include "page.h"

#include "fadeline/config/device.h"
#include "fadeline/config/device_list.h"
#include "fadeline/units/units.h"

#include <stdlib.h>

static const char *driven(const page *p, const fl_device *device)
{
    if (fl_device_is_simulated(device)) return say(p, W_DRIVEN_SIM);
    return say(p, device->link.kind == FL_LINK_KIND_NONE ? W_DRIVEN_HAND : W_DRIVEN_LINK);
}

static void put_row(page *p, const char *id)
{
    html *w = &p->html;
    fl_error error = {0};
    fl_device *device;
    html_put(w, "<tr><th scope=\"row\">");
    if (fl_device_load(id, &device, &error) != FL_OK) { /* one bad file does not hide the others */
        html_put(w, "%s</th><td colspan=\"3\"><span class=\"state bad\">", id);
        page_put_said(p, error.what);
        html_put(w, "</span></td></tr>");
        return;
    }
    html_put(w, "<a href=\"%s\">%s</a></th><td>%s %s</td><td class=\"number\">", page_url(p, "/laser/%s", id),
             id, device->maker, device->model);
    for (size_t i = 0; i < device->heads_count; i++)
        html_put(w, "%s%s", i ? " · " : "", page_number(p, device->heads[i].wavelength.m * 1e9, 0));
    html_put(w, " nm</td><td>%s</td></tr>", driven(p, device));
    fl_device_free(device);
}

void page_lasers(page *p)
{
    char **ids;
    html *w = &p->html;
    const size_t count = fl_device_ids(&ids);
    page_begin(p, say(p, W_LASERS));
    if (count) {
        static const word heads[] = {W_LASER, W_MODEL, W_WAVELENGTHS, W_DRIVEN};
        html_put(w, "<table><thead><tr>");
        for (size_t i = 0; i < 4; i++) html_put(w, "<th scope=\"col\">%s</th>", say(p, heads[i]));
        html_put(w, "</tr></thead><tbody>");
        for (size_t i = 0; i < count; i++) put_row(p, ids[i]);
        html_put(w, "</tbody></table>");
    } else {
        html_put(w, "<p>%s</p>", say(p, W_NO_LASERS));
    }
    for (size_t i = 0; i < count; i++) free(ids[i]);
    free(ids);
    page_end(p);
}

#include "devices_udev.h"

#include "fadeline/base/show.h"
#include "fadeline/base/text.h"
#include "fadeline/config/device.h"
#include "fadeline/config/device_list.h"
#include "fadeline/link/ports.h"
#include "fadeline/report/shown_json.h"

#include <stdlib.h>

/* A modem daemon that greets a new serial line must never greet a laser. */
#define NOBODY_ASKS ", ENV{ID_MM_DEVICE_IGNORE}=\"1\""
#define RULE_MAX 240

typedef struct rules {
    bool json;
    json_t *list;
    size_t files, silent; /* device files, and those that state no USB numbers */
    int result;
} rules;

/* `whose` goes into a comment: what a file says is shown escaped, so that no line of it becomes a rule. */
static void add(rules *r, const fl_usb_seen *it, const char *whose, const char *sure)
{
    char line[RULE_MAX], vid[8], pid[8];
    const fl_port port = {.kind = it->class == FL_USB_SERIAL ? FL_PORT_SERIAL : FL_PORT_USB_BULK,
                          .has_usb = true,
                          .vendor = it->vendor,
                          .product = it->product};
    fl_port_udev_rule(&port, line, sizeof line - sizeof NOBODY_ASKS);
    snprintf(vid, sizeof vid, "%04X", it->vendor), snprintf(pid, sizeof pid, "%04X", it->product);
    if (r->json)
        json_array_append_new(r->list, json_pack("{s:s, s:s, s:s, s:s, s:s+}", "of", whose, "sure", sure,
                                                 "vid", vid, "pid", pid, "rule", line, NOBODY_ASKS));
    else
        printf("# %s, %s\n%s" NOBODY_ASKS "\n", FL_SHOWN(whose), sure, line);
}

static void add_adapters(rules *r)
{
    fl_usb_seen chip = {.class = FL_USB_SERIAL};
    for (size_t n = 0; fl_usb_bare_chip(n, &chip.vendor, &chip.product); n++)
        add(r, &chip, "USB-serial adapter", "a chip; anything may be behind it");
}

static void add_device(rules *r, const fl_device *device)
{
    const fl_device_usb *usb = &device->link.usb;
    if (usb->vendor < 0 || usb->product < 0) {
        r->silent++;
        return;
    }
    char whose[120];
    snprintf(whose, sizeof whose, "%s: %s %s", device->id, device->maker, device->model);
    fl_usb_seen it = {
        .vendor = (uint16_t)usb->vendor, .product = (uint16_t)usb->product, .class = usb->class};
    if (it.class != FL_USB_ANY_CLASS) {
        add(r, &it, whose, fl_sureness_word(device->sure));
        return;
    }
    it.class = FL_USB_SERIAL, add(r, &it, whose, fl_sureness_word(device->sure));
    it.class = FL_USB_VENDOR, add(r, &it, whose, fl_sureness_word(device->sure));
}

static void add_devices(rules *r)
{
    char **ids;
    r->files = fl_device_ids(&ids);
    for (size_t i = 0; i < r->files; i++) {
        fl_device *device;
        fl_error error = {0};
        if (fl_device_load(ids[i], &device, &error) == FL_OK) {
            add_device(r, device);
            fl_device_free(device);
        } else {
            fl_error_print(stderr, &error);
            r->result = fl_status_exit(error.status);
        }
        free(ids[i]);
    }
    free(ids);
}

int devices_udev(const fl_args *args)
{
    rules r = {.json = fl_args_has(args, "json"), .list = json_array()};
    if (!r.json)
        puts("# Written by `fadeline devices udev` from the device files; edit those, not this. The person "
             "who sits at\n"
             "# this machine may use these devices, and no modem daemon speaks to them first.");
    add_adapters(&r);
    add_devices(&r);
    if (r.json) {
        json_t *object = json_pack("{s:O, s:I, s:I}", "rules", r.list, "device_files", (json_int_t)r.files,
                                   "without_usb_numbers", (json_int_t)r.silent);
        fl_shown_json(object, stdout, JSON_INDENT(2)), putchar('\n');
        json_decref(object);
    } else {
        printf("# %zu of %zu device files state no USB numbers.\n", r.silent, r.files);
    }
    json_decref(r.list);
    return r.result;
}

#include "device_probe.h"

#include "device_pages.h"
#include "fadeline/base/show.h"
#include "fadeline/base/text.h"
#include "fadeline/config/device_list.h"
#include "fadeline/link/ports.h"
#include "fadeline/link/probe.h"
#include "fadeline/report/shown_json.h"

#include <stdlib.h>
#include <string.h>

#define FILES_MOST 256
#define RULE_FILE "/etc/udev/rules.d/70-fadeline.rules"

static json_t *identity_json(const char *port, const fl_link_identity *who)
{
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:b}", "port", port, "maker", who->maker, "model", who->model,
                     "identity", who->identity, "firmware", who->version, "simulated", who->simulated);
}

static void print_identity(const char *indent, const char *port, const fl_link_identity *who)
{
    printf("%s%s%s%s%s %s, identity %s, firmware %s\n", indent, who->simulated ? "SIMULATED: " : "", port,
           port[0] ? ": " : "", FL_SHOWN(who->maker), FL_SHOWN(who->model), FL_SHOWN(who->identity),
           FL_SHOWN(who->version));
}

int device_probe_one(const fl_args *args, const char *port)
{
    fl_link_identity who;
    fl_error error = {0};
    if (fl_link_probe(port, &(fl_carrier_options){0}, &who, &error) != FL_OK) return fl_args_failed(&error);
    if (!fl_args_has(args, "json")) return print_identity("", port, &who), 0;
    json_t *object = identity_json(port, &who);
    fl_shown_json(object, stdout, JSON_INDENT(2));
    putchar('\n');
    json_decref(object);
    return 0;
}

/* ---- all of them ---- */

typedef struct probe {
    bool json;
    fl_device *files[FILES_MOST];
    size_t files_count, ports_count, answered, matched;
    json_t *plugged, *answers;
} probe;

/* One port, and what is found out about it. */
typedef struct finding {
    const fl_port *port;
    bool asked, answered;
    fl_link_identity who;
    fl_error error;
    bool matches;
} finding;

static void load_files(probe *p)
{
    char **ids;
    const size_t count = fl_device_ids(&ids);
    for (size_t i = 0; i < count; i++) {
        fl_error error = {0};
        if (p->files_count < FILES_MOST) {
            if (fl_device_load(ids[i], &p->files[p->files_count], &error) == FL_OK)
                p->files_count++;
            else
                fl_error_print(stderr, &error); /* a faulty file matches nothing, and that is said */
        }
        free(ids[i]);
    }
    free(ids);
}

static fl_usb_fit fit_of(const fl_device *device, const fl_port *port)
{
    if (!port->has_usb || device->link.kind == FL_LINK_KIND_NONE) return FL_USB_NOT_STATED;
    const fl_usb_seen seen = {.vendor = port->vendor,
                              .product = port->product,
                              .serial = port->serial,
                              .class = port->kind == FL_PORT_SERIAL     ? FL_USB_SERIAL
                                       : port->kind == FL_PORT_USB_BULK ? FL_USB_VENDOR
                                                                        : FL_USB_TMC};
    return fl_usb_fits(&device->link.usb, &seen);
}

/* Serial adapters are asked, as a person would try them. Other USB devices only when a device file names
 * them, or when they are twins: nobody knows what a stranger makes of six bytes. */
static bool may_ask(const probe *p, const fl_port *port)
{
    if (port->state != FL_PORT_FREE || !port->has_usb) return false;
    if (port->kind == FL_PORT_SERIAL || fl_usb_is_test_identity(port->vendor, port->product)) return true;
    for (size_t i = 0; i < p->files_count; i++)
        if (fit_of(p->files[i], port) == FL_USB_FITS) return true;
    return false;
}

static bool is_greeted(const finding *f, const fl_device *device)
{
    return f->answered && device->link.identity && fl_text_same(f->who.identity, device->link.identity);
}

/* Does this file mean that port? `why` is a sentence when the numbers are the same and yet it does not. */
static bool means(const finding *f, const fl_device *device, const char **by, const char **why)
{
    const fl_usb_fit fit = fit_of(device, f->port);
    *by = fit == FL_USB_FITS ? "its USB numbers" : "the name it gives itself";
    *why = NULL;
    if (fit == FL_USB_FITS && f->answered && device->link.identity && !is_greeted(f, device)) {
        *why = "it gives itself another name than the device file";
        return false;
    }
    if (fit == FL_USB_FITS || is_greeted(f, device)) return true;
    if (fit != FL_USB_NOT_STATED && fit != FL_USB_OTHER_DEVICE) *why = fl_usb_fit_text(fit);
    return false;
}

static json_t *finding_json(const probe *p, const finding *f)
{
    const fl_port *port = f->port;
    char vid[8], pid[8], rule[200];
    json_t *files = json_array();
    for (size_t i = 0; i < p->files_count; i++) {
        const char *by, *why;
        const bool yes = means(f, p->files[i], &by, &why);
        if (yes || why)
            json_array_append_new(files, json_pack("{s:s, s:b, s:s}", "device", p->files[i]->id, "matches",
                                                   yes, yes ? "by" : "why_not", yes ? by : why));
    }
    snprintf(vid, sizeof vid, "%04X", port->vendor), snprintf(pid, sizeof pid, "%04X", port->product);
    json_t *object =
        json_pack("{s:s, s:s, s:s, s:s, s:s?, s:s?, s:s, s:s, s:s, s:s, s:b, s:o}", "port", port->path,
                  "kind", fl_port_kind_name(port->kind), "state", fl_port_state_word(port->state),
                  "state_text", fl_port_state_text(port->state), "vid", port->has_usb ? vid : NULL, "pid",
                  port->has_usb ? pid : NULL, "serial", port->serial, "maker", port->maker, "product",
                  port->product_name, "driver", port->driver, "asked", f->asked, "files", files);
    json_object_set_new(object, "answer", f->answered ? identity_json(port->path, &f->who) : json_null());
    json_object_set_new(object, "udev_rule",
                        port->state == FL_PORT_DENIED
                            ? json_string(fl_port_udev_rule(port, rule, sizeof rule))
                            : json_null());
    return object;
}

static void print_state(const fl_port *port)
{
    char rule[200];
    if (port->state == FL_PORT_FREE) return;
    printf("    %s%s%s%s\n", fl_port_state_text(port->state), port->driver[0] ? ": " : "", port->driver,
           port->state == FL_PORT_NO_NODE ? ": is udev running?" : "");
    if (port->state != FL_PORT_DENIED) return;
    printf("    write this into " RULE_FILE ", then plug it in again:\n      %s\n",
           fl_port_udev_rule(port, rule, sizeof rule));
}

static void print_finding(const probe *p, const finding *f)
{
    const fl_port *port = f->port;
    printf("%s: ", port->path);
    if (port->has_usb) printf("%04X:%04X ", port->vendor, port->product);
    printf("%s%s%s%s%s%s\n", port->maker, port->maker[0] ? " " : "", port->product_name,
           port->serial[0] ? ", serial number " : "", port->serial,
           port->kind == FL_PORT_USB_TMC ? ", USBTMC" : "");
    print_state(port);
    if (f->answered) print_identity("    ", "", &f->who);
    if (f->asked && !f->answered) printf("    %s\n", f->error.what);
    for (size_t i = 0; i < p->files_count; i++) {
        const char *by, *why;
        if (means(f, p->files[i], &by, &why))
            printf("    is %s, by %s\n", p->files[i]->id, by);
        else if (why)
            printf("    is not %s: %s\n", p->files[i]->id, why);
    }
    if (!f->matches)
        printf("    %s\n",
               port->has_usb && fl_usb_is_bare_chip(port->vendor, port->product)
                   ? "matches no device file; a bare USB-serial chip says nothing about what is behind it"
                   : "matches no device file");
}

static void look_at(probe *p, const fl_port *port)
{
    finding f = {.port = port, .asked = may_ask(p, port)};
    f.answered = f.asked && fl_link_probe(port->path, &(fl_carrier_options){0}, &f.who, &f.error) == FL_OK;
    for (size_t i = 0; i < p->files_count; i++) {
        const char *by, *why;
        f.matches |= means(&f, p->files[i], &by, &why);
    }
    p->answered += f.answered;
    p->matched += f.matches;
    if (f.answered) json_array_append_new(p->answers, identity_json(port->path, &f.who));
    if (p->json)
        json_array_append_new(p->plugged, finding_json(p, &f));
    else
        print_finding(p, &f);
}

int device_probe_all(const fl_args *args)
{
    static probe p;
    static fl_port ports[FL_PORTS_MAX];
    p = (probe){.json = fl_args_has(args, "json"), .plugged = json_array(), .answers = json_array()};
    load_files(&p);
    p.ports_count = fl_ports_list(ports, FL_PORTS_MAX);
    for (size_t i = 0; i < p.ports_count; i++) look_at(&p, &ports[i]);
    for (size_t i = 0; i < p.files_count; i++) fl_device_free(p.files[i]);
    json_t *object = json_pack("{s:I, s:o, s:o}", "ports", (json_int_t)p.ports_count, "answers", p.answers,
                               "plugged", p.plugged);
    if (p.json)
        fl_shown_json(object, stdout, JSON_INDENT(2)), putchar('\n');
    else if (!p.ports_count)
        puts("nothing is plugged in that could be a laser or a meter; built-in ports are asked by name:\n"
             "  fadeline devices probe /dev/ttyS0");
    else if (!p.answered)
        printf("nobody answers at %zu ports\n", p.ports_count);
    json_decref(object);
    return p.answered || p.matched ? 0 : fl_status_exit(FL_E_DEVICE);
}

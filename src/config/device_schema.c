/* The tables of device/1 and the rules between their values. */
#include "device_tables.h"
#include "fadeline/base/assert.h"
#include "fadeline/base/text.h"
#include "fadeline/config/device.h"

#include <math.h>
#include <string.h>

/* No spot of a laser that we know is smaller than 1 mm; a tenth of one that exists is a slip. */
#define SPOT_LEAST_MM 0.9

/* clang-format off */
const fl_yaml_choice fl_colour_choices[] = {
    { "black", FL_COLOUR_BLACK, NULL }, { "brown", FL_COLOUR_BROWN, NULL }, { "blue", FL_COLOUR_BLUE, NULL },
    { "sky-blue", FL_COLOUR_SKY_BLUE, NULL }, { "green", FL_COLOUR_GREEN, NULL }, { "purple", FL_COLOUR_PURPLE, NULL },
    { "red", FL_COLOUR_RED, NULL }, { "orange", FL_COLOUR_ORANGE, NULL }, { "yellow", FL_COLOUR_YELLOW, NULL },
    { "tan", FL_COLOUR_TAN, NULL }, { "grey", FL_COLOUR_GREY, NULL }, { "pink", FL_COLOUR_PINK, NULL },
    { "white", FL_COLOUR_WHITE, NULL }, { NULL, 0, NULL },
};
const fl_yaml_choice fl_skin_type_choices[] = {
    { "I", 1, NULL }, { "II", 2, NULL }, { "III", 3, NULL }, { "IV", 4, NULL }, { "V", 5, NULL }, { "VI", 6, NULL },
    { NULL, 0, NULL },
};
const fl_yaml_choice fl_sureness_choices[] = {
    { "label", FL_SURE_LABEL, "read off the label or the manual" },
    { "source-seen", FL_SURE_SOURCE_SEEN, "read in a public source" },
    { "computed", FL_SURE_COMPUTED, "worked out from numbers that were seen" },
    { "memory", FL_SURE_MEMORY, "general knowledge, not checked" },
    { "memory-weak", FL_SURE_MEMORY_WEAK, "may well be wrong" },
    { "unknown", FL_SURE_UNKNOWN, "nobody has seen it" },
    { NULL, 0, NULL },
};
static const fl_yaml_choice shapes[] = {
    { "top-hat", FL_DEVICE_TOP_HAT, NULL }, { "gaussian", FL_DEVICE_GAUSSIAN, NULL }, { NULL, 0, NULL },
};
static const fl_yaml_choice link_kinds[] = {
    { "serial", FL_LINK_KIND_SERIAL, NULL }, { "usb", FL_LINK_KIND_USB, NULL },
    { "simulated", FL_LINK_KIND_SIMULATED, NULL }, { "none", FL_LINK_KIND_NONE, NULL }, { NULL, 0, NULL },
};

static const fl_yaml_field source_fields[] = {
    { "keys",   FL_YAML_TEXTS(fl_fact_source, keys), FL_YAML_REQUIRED,
      .help = "keys of this head that were read there" },
    { "sure",   FL_YAML_CHOICE(fl_fact_source, sure, fl_sureness_choices), FL_YAML_REQUIRED,
      .help = "how sure they are" },
    { "source", FL_YAML_TEXT(fl_fact_source, source), FL_YAML_REQUIRED,
      .help = "what was read: document, page, who and when" },
    { .key = NULL },
};
static const fl_yaml_table source_table = { "source", sizeof(fl_fact_source), source_fields, NULL,
    "Where numbers of this head come from." };

static const fl_yaml_field cap_fields[] = {
    { "spot_mm", FL_YAML_NUMBER(fl_spot_cap, spot, SPOT_LEAST_MM, 20), FL_YAML_REQUIRED, .help = "diameter at the skin" },
    { "fluence_max_J_cm2", FL_YAML_NUMBER(fl_spot_cap, fluence_max, 0.01, 100), FL_YAML_REQUIRED,
      .help = "as printed" },
    { .key = NULL },
};
static const fl_yaml_table cap_table = { "spot cap", sizeof(fl_spot_cap), cap_fields, NULL,
    "Label caps by spot; the energy limit over the area must be able to reach each." };

static const fl_yaml_field head_fields[] = {
    { "id", FL_YAML_ID(fl_device_head, id), FL_YAML_REQUIRED, .help = "short name of the head" },
    { "medium", FL_YAML_TEXT(fl_device_head, medium), .help = "what makes the light" },
    { "wavelength_nm", FL_YAML_NUMBER(fl_device_head, wavelength, 400, 1400), FL_YAML_REQUIRED,
      .help = "of the treatment beam" },
    { "pulse_widths_ps", FL_YAML_NUMBERS(fl_device_head, pulses, 50, 1000000000), .items_max = 8,
      .help = "lengths a person can choose, rising; absent: unknown" },
    { "beam_shape", FL_YAML_CHOICE(fl_device_head, shape, shapes),
      .help = "gaussian: spots are 1/e2 diameters; absent: not stated, and read as gaussian where it matters" },
    { "energy_max_mJ", FL_YAML_NUMBER(fl_device_head, energy_max, 0.1, 5000), FL_YAML_REQUIRED, .may_be_unknown = true,
      .help = "of one pulse at the skin" },
    { "fluence_max_J_cm2", FL_YAML_NUMBER(fl_device_head, fluence_max, 0.01, 100),
      .help = "label cap at any spot; energy over area may bind first, and then it wins" },
    { "fluence_max_by_spot", FL_YAML_MAPS(fl_device_head, spot_caps, cap_table), .items_max = 32,
      .help = "label caps by spot" },
    { "rate_max_Hz", FL_YAML_NUMBER(fl_device_head, rate_max, 0.1, 100), FL_YAML_REQUIRED, .may_be_unknown = true,
      .help = "pulses a second" },
    { "spots_mm", FL_YAML_NUMBERS(fl_device_head, spots, SPOT_LEAST_MM, 20), .items_max = 32,
      .help = "diameters at the skin, rising; absent: unknown" },
    { "spot_sensed", FL_YAML_YES_NO(fl_device_head, spot_sensed),
      .help = "does the laser read its own spot ring? no: the operator reads it out" },
    { "tattoo_use", FL_YAML_YES_NO(fl_device_head, tattoo_use), .help = "no: cleared for other things only" },
    { "skin_types", FL_YAML_SET(fl_device_head, skin_types, fl_skin_type_choices),
      .help = "types of the clearance; absent: it names none" },
    { "tattoo_colours", FL_YAML_SET(fl_device_head, colours, fl_colour_choices),
      .help = "ink colours of the clearance; absent: it names none" },
    { "tattoo_colours_complete", FL_YAML_YES_NO(fl_device_head, colours_complete), .otherwise = "yes",
      .help = "no: the clearance uses words such as `dark inks`, so another colour is not stated" },
    { "clearance", FL_YAML_TEXT(fl_device_head, clearance), .help = "its own words" },
    { "clearance_id", FL_YAML_TEXT(fl_device_head, clearance_id), .help = "file number" },
    { "note", FL_YAML_TEXT(fl_device_head, note), .help = "for people" },
    { "sources", FL_YAML_MAPS(fl_device_head, sources, source_table),
      .help = "for numbers that differ from the file's own `sure` and `source`" },
    { .key = NULL },
};
static const fl_yaml_table head_table = { "head", sizeof(fl_device_head), head_fields, NULL,
    "One wavelength with its limits. Nothing here is a treatment suggestion: limits only." };

static const fl_yaml_choice usb_classes[] = {
    { "serial", FL_USB_SERIAL, "a serial port appears (CDC-ACM or an adapter)" },
    { "vendor", FL_USB_VENDOR, "vendor class, bulk: one frame a transfer" },
    { "usbtmc", FL_USB_TMC, "test and measurement class" },
    { NULL, 0, NULL },
};
static const fl_yaml_field usb_fields[] = {
    { "vid", FL_YAML_ID(fl_device_usb, vendor_text), .help = "vendor number, four hexadecimal digits" },
    { "pid", FL_YAML_ID(fl_device_usb, product_text), .help = "product number, four hexadecimal digits" },
    { "serial", FL_YAML_TEXT(fl_device_usb, serial),
      .help = "serial number of the device or its adapter; a bare USB-serial chip is never matched without" },
    { "class", FL_YAML_CHOICE(fl_device_usb, class, usb_classes), .help = "absent: any" },
    { .key = NULL },
};
static const fl_yaml_table usb_table = { "usb", sizeof(fl_device_usb), usb_fields, NULL,
    "How `fadeline devices probe` tells it from other things that are plugged in." };

static const fl_yaml_field link_fields[] = {
    { "kind", FL_YAML_CHOICE(fl_device_link, kind, link_kinds), FL_YAML_REQUIRED,
      .help = "none: no protocol is known, the laser is set by hand (manual mode)" },
    { "dialect", FL_YAML_ID(fl_device_link, dialect), .help = "what it speaks: gl1, or a file in devices/dialects" },
    { "baud", FL_YAML_WHOLE(fl_device_link, baud, 9600, 4000000), .help = "of a serial line" },
    { "identity", FL_YAML_ID(fl_device_link, identity),
      .help = "the name the device gives itself; another device is only watched" },
    { "firmware", FL_YAML_TEXT(fl_device_link, firmware), .help = "the version we know; another is only watched" },
    { "capabilities", FL_YAML_ID(fl_device_link, capabilities_text),
      .help = "GL1 capability byte, two hexadecimal digits" },
    { "watchdog_ms", FL_YAML_WHOLE(fl_device_link, watchdog_ms, 20, 1000),
      .help = "silence after which the device shuts" },
    { "grant_age_ms", FL_YAML_WHOLE(fl_device_link, grant_age_ms, 5, 200),
      .help = "how old a status a grant may answer" },
    { "warn_ms", FL_YAML_WHOLE(fl_device_link, warn_ms, 2000, 10000), .help = "tone and indicator before READY" },
    { "usb", FL_YAML_MAP(fl_device_link, usb, usb_table), .help = "its USB numbers" },
    { .key = NULL },
};
static const fl_yaml_table link_table = { "link", sizeof(fl_device_link), link_fields, NULL, "How we speak with it." };

static const fl_yaml_field gate_fields[] = {
    { "identity", FL_YAML_ID(fl_device_gate, identity), FL_YAML_REQUIRED, .help = "the name the gate gives itself" },
    { "firmware", FL_YAML_TEXT(fl_device_gate, firmware), FL_YAML_REQUIRED, .help = "the version we know" },
    { "capabilities", FL_YAML_ID(fl_device_gate, capabilities_text), FL_YAML_REQUIRED,
      .help = "GL1 capability byte, two hexadecimal digits" },
    { "baud", FL_YAML_WHOLE(fl_device_gate, baud, 9600, 4000000), .help = "of its serial line" },
    { "watchdog_ms", FL_YAML_WHOLE(fl_device_gate, watchdog_ms, 20, 1000), .help = "silence after which it shuts" },
    { "grant_age_ms", FL_YAML_WHOLE(fl_device_gate, grant_age_ms, 5, 200), .help = "how old a status a grant may answer" },
    { "warn_ms", FL_YAML_WHOLE(fl_device_gate, warn_ms, 2000, 10000), .help = "tone and indicator before READY" },
    { .key = NULL },
};
static const fl_yaml_table gate_table = { "gate", sizeof(fl_device_gate), gate_fields, NULL,
    "A GL1 device in the external trigger line of a laser that runs by itself." };

static const fl_yaml_field calibration_fields[] = {
    { "meter_tolerance_percent", FL_YAML_NUMBER(fl_device_calibration, meter_tolerance_percent, 0.1, 20), .otherwise = "5",
      .help = "error of the meter used for the check" },
    { "energy_warn_percent", FL_YAML_NUMBER(fl_device_calibration, energy_warn_percent, 1, 20), .otherwise = "10",
      .help = "measured against set: beyond it we warn" },
    { "energy_lock_percent", FL_YAML_NUMBER(fl_device_calibration, energy_lock_percent, 1, 20), .otherwise = "20",
      .help = "beyond it the head is locked for treatment; 20 is the rule of 21 CFR 1040.11" },
    { "due_every_days", FL_YAML_WHOLE(fl_device_calibration, due_every_days, 1, 7), .otherwise = "7",
      .help = "after so many days without a check READY is refused; a week at the most" },
    { .key = NULL },
};
static const fl_yaml_table calibration_table = { "calibration", sizeof(fl_device_calibration), calibration_fields, NULL,
    "The energy check." };

static const fl_yaml_field device_fields[] = {
    { "id", FL_YAML_ID(fl_device, id), FL_YAML_REQUIRED, .help = "short name; the file is devices/<id>.yaml" },
    { "maker", FL_YAML_TEXT(fl_device, maker), FL_YAML_REQUIRED, .help = "who makes it" },
    { "model", FL_YAML_TEXT(fl_device, model), FL_YAML_REQUIRED, .help = "what it is called" },
    { "year", FL_YAML_WHOLE(fl_device, year, 1980, 2100), .help = "of the model's first clearance" },
    { "invented", FL_YAML_YES_NO(fl_device, invented), .otherwise = "no", .help = "yes: nobody sells it" },
    { "source", FL_YAML_TEXT(fl_device, source), FL_YAML_REQUIRED,
      .help = "label or document, pages, who read it and when" },
    { "sure", FL_YAML_CHOICE(fl_device, sure, fl_sureness_choices),
      .help = "of every number no head's `sources` names" },
    { "note", FL_YAML_TEXT(fl_device, note), .help = "for people" },
    { "link", FL_YAML_MAP(fl_device, link, link_table), FL_YAML_REQUIRED, .help = "how we speak with it" },
    { "gate", FL_YAML_MAP(fl_device, gate, gate_table), .help = "when the laser runs by itself and emits through a gate" },
    { "heads", FL_YAML_MAPS(fl_device, heads, head_table), FL_YAML_REQUIRED, .items_max = 8,
      .help = "one per wavelength" },
    { "calibration", FL_YAML_MAP(fl_device, calibration, calibration_table), .help = "the energy check" },
    { .key = NULL },
};
/* clang-format on */

static const char *const fact_keys[FL_HEAD_FACTS] = {
#define X(name, key) key,
    FL_HEAD_FACT_LIST(X)
#undef X
};
const char *fl_head_fact_key(fl_head_fact fact)
{
    return fact < FL_HEAD_FACTS ? fact_keys[fact] : "?";
}

fl_status fl_head_fact_find(const char *key, fl_head_fact *fact, fl_error *error)
{
    for (fl_head_fact f = 0; f < FL_HEAD_FACTS; f++)
        if (fl_text_same(fact_keys[f], key)) return *fact = f, FL_OK;
    fl_error_set(error, FL_E_NO, "a head has no fact '%s'", key);
    const char *near = fl_text_nearest(key, fact_keys, FL_HEAD_FACTS);
    if (near)
        fl_error_hint(error, "did you mean '%s'?", near);
    else
        fl_error_hint(error, "`fadeline check --reference device` lists the keys");
    return FL_E_NO;
}

static bool is_stated(const fl_device_head *head, fl_head_fact fact)
{
    switch (fact) {
    case FL_FACT_WAVELENGTH: return true;
    case FL_FACT_PULSES: return head->pulses_count > 0;
    case FL_FACT_SHAPE: return head->shape != FL_DEVICE_SHAPE_UNSTATED;
    case FL_FACT_ENERGY_MAX: return !isnan(head->energy_max.J);
    case FL_FACT_FLUENCE_MAX: return !isnan(head->fluence_max.J_m2);
    case FL_FACT_SPOT_CAPS: return head->spot_caps_count > 0;
    case FL_FACT_RATE_MAX: return !isnan(head->rate_max.Hz);
    case FL_FACT_SPOTS: return head->spots_count > 0;
    case FL_FACT_SKIN_TYPES: return head->skin_types != 0;
    case FL_FACT_COLOURS: return head->colours != 0;
    case FL_HEAD_FACTS: break;
    }
    return false;
}

/* ---- rules: every number has an owner ---- */

struct at_head {
    const fl_yaml_place *place;
    size_t index;
};

static const char *below(const struct at_head *at, const char *path, char room[120])
{
    snprintf(room, 120, "heads[%zu].%s", at->index, path);
    return room;
}

static void take_source(const struct at_head *at, fl_device_head *head, size_t row, size_t column)
{
    const fl_fact_source *source = &head->sources[row];
    char path[120], room[60], hint[120];
    snprintf(room, sizeof room, "sources[%zu].keys[%zu]", row, column);
    fl_head_fact fact;
    fl_error error;
    if (fl_head_fact_find(source->keys[column], &fact, &error) != FL_OK) {
        fl_yaml_fault(at->place, below(at, room, path), error.hint, "%s", error.what);
    } else if (head->facts[fact].sureness) {
        fl_yaml_fault(at->place, below(at, room, path), "name each key in one source",
                      "'%s' has a source already", fact_keys[fact]);
    } else if (is_stated(head, fact) != (source->sure != FL_SURE_UNKNOWN)) {
        snprintf(hint, sizeof hint,
                 is_stated(head, fact) ? "say how sure it is, or delete the value of '%s'"
                                       : "enter '%s' from the label, or say `sure: unknown`",
                 fact_keys[fact]);
        fl_yaml_fault(at->place, below(at, room, path), hint, "'%s' %s", fact_keys[fact],
                      is_stated(head, fact) ? "has a value, yet is said to be unknown"
                                            : "has no value to be sure of");
    } else {
        head->facts[fact] = (fl_provenance){
            .sureness = source->sure, .source = source->source, .stated = is_stated(head, fact)};
    }
}

static void settle_facts(const struct at_head *at, const fl_device *device, fl_device_head *head)
{
    for (size_t row = 0; row < head->sources_count; row++)
        for (size_t column = 0; column < head->sources[row].keys_count; column++)
            take_source(at, head, row, column);
    for (fl_head_fact fact = 0; fact < FL_HEAD_FACTS; fact++) {
        fl_provenance *own = &head->facts[fact];
        char path[120];
        if (own->sureness) continue;
        *own = (fl_provenance){
            .sureness = FL_SURE_UNKNOWN, .source = "not stated", .stated = is_stated(head, fact)};
        if (!own->stated) continue;
        own->sureness = device->sure;
        own->source = device->source;
        if (!device->sure || device->sure == FL_SURE_UNKNOWN)
            fl_yaml_fault(at->place, below(at, fact_keys[fact], path),
                          "name it in a row of `sources`, with `sure` and `source`",
                          "nobody says how sure '%s' is", fact_keys[fact]);
    }
}

/* ---- rules: numbers that agree ---- */

static void check_rising(const struct at_head *at, const double *values, size_t count, double step,
                         const char *key)
{
    for (size_t i = 1; i < count; i++) {
        char item[60], path[120];
        if (values[i] - values[i - 1] > step) continue;
        snprintf(item, sizeof item, "%s[%zu]", key, i);
        fl_yaml_fault(at->place, below(at, item, path), "smallest first, none twice",
                      "'%s' is not in rising order", key);
    }
}

/* A printed cap above energy over area is a number the laser cannot make: one of the three is wrong. Printed
 * to two decimals, so half of the last one is forgiven. */
static void check_caps(const struct at_head *at, const fl_device_head *head)
{
    for (size_t i = 0; i < head->spot_caps_count; i++) {
        const fl_spot_cap *cap = &head->spot_caps[i];
        char item[60], path[120], hint[160];
        snprintf(item, sizeof item, "fluence_max_by_spot[%zu].%s", i, "spot_mm");
        if (!fl_device_head_has_spot(head, cap->spot))
            fl_yaml_fault(at->place, below(at, item, path), "add the spot to spots_mm, or delete this row",
                          "%g mm is not one of the head's spots", fl_as_mm(cap->spot));
        for (size_t j = 0; j < i; j++)
            if (fl_whole_um(head->spot_caps[j].spot) == fl_whole_um(cap->spot))
                fl_yaml_fault(at->place, below(at, item, path), "one cap a spot", "%g mm stands twice",
                              fl_as_mm(cap->spot));
        if (isnan(head->energy_max.J)) continue;
        const double makes = fl_as_J_cm2(fl_fluence_of(head->energy_max, cap->spot));
        if (fl_as_J_cm2(cap->fluence_max) <= makes + 0.005 + 1e-9) continue;
        snprintf(item, sizeof item, "fluence_max_by_spot[%zu].%s", i, "fluence_max_J_cm2");
        snprintf(hint, sizeof hint, "%.6g mJ over a spot of %g mm is %.2f J/cm2: look at the label again",
                 fl_as_mJ(head->energy_max), fl_as_mm(cap->spot), makes);
        fl_yaml_fault(at->place, below(at, item, path), hint, "the laser cannot make %.2f J/cm2",
                      fl_as_J_cm2(cap->fluence_max));
    }
}

static int capability_byte(const fl_yaml_place *place, const char *key, const char *text)
{
    uint8_t byte = 0;
    if (!text) return -1;
    if (fl_read_hex(text, &byte, 1) == FL_OK) return byte;
    fl_yaml_fault(place, key, "two hexadecimal digits, such as 7F", "'%s' is not a capability byte", text);
    return -1;
}

/* What speaks GL1 grants by itself, and what says nothing cannot be handed to a gate. */
static void check_gate(fl_device *device, const fl_yaml_place *place)
{
    const fl_device_link *link = &device->link;
    device->gate.capabilities = capability_byte(place, "gate.capabilities", device->gate.capabilities_text);
    if (!device->gate.identity) return;
    if (!link->dialect || fl_text_same(link->dialect, "gl1"))
        fl_yaml_fault(place, "gate",
                      link->dialect ? "delete it, or name the dialect of the laser"
                                    : "give `link` a kind and a dialect",
                      link->dialect ? "a laser that speaks gl1 has its gate inside"
                                    : "a gate and no laser behind it");
    const bool simulated = link->kind == FL_LINK_KIND_SIMULATED;
    if (simulated != fl_text_begins(device->gate.identity, "SIM"))
        fl_yaml_fault(place, "gate.identity", simulated ? "begin it with SIM" : "a real laser needs a real gate",
                      simulated ? "a simulated laser behind a gate that does not say so"
                                : "a simulated gate in front of a laser that is not");
    if (link->identity && fl_text_same(link->identity, device->gate.identity))
        fl_yaml_fault(place, "gate.identity", "two devices, two names",
                      "the gate calls itself as the laser does");
}

static int usb_number(const char *text, const char *path, const fl_yaml_place *place)
{
    uint8_t bytes[2];
    if (!text) return -1;
    if (strlen(text) == 4 && fl_read_hex(text, bytes, 2) == FL_OK) return bytes[0] << 8 | bytes[1];
    fl_yaml_fault(place, path, "four hexadecimal digits, such as 1209",
                  "'%s' is no USB number", text);
    return -1;
}

static void check_usb(fl_device_link *link, const fl_yaml_place *place)
{
    fl_device_usb *usb = &link->usb;
    usb->vendor = usb_number(usb->vendor_text, "link.usb.vid", place);
    usb->product = usb_number(usb->product_text, "link.usb.pid", place);
    if (!usb->vendor_text != !usb->product_text)
        fl_yaml_fault(place, usb->vendor_text ? "link.usb.vid" : "link.usb.pid", "give `vid` and `pid`, or neither",
                      "one number of two");
    if (!usb->vendor_text && (usb->serial || usb->class))
        fl_yaml_fault(place, usb->serial ? "link.usb.serial" : "link.usb.class", "add `vid` and `pid`",
                      "without its numbers nothing is matched");
    if (usb->class && (link->kind == FL_LINK_KIND_SERIAL) != (usb->class == FL_USB_SERIAL) &&
        link->kind != FL_LINK_KIND_SIMULATED)
        fl_yaml_fault(place, "link.usb.class", "serial goes with `kind: serial`, vendor and usbtmc with `kind: usb`",
                      "the class does not fit the kind of link");
    if (usb->vendor < 0 || usb->product < 0) return;
    const uint16_t vendor = (uint16_t)usb->vendor, product = (uint16_t)usb->product;
    if (fl_usb_is_bare_chip(vendor, product) && !usb->serial)
        fl_yaml_fault(place, "link.usb.vid", "add the serial number of the adapter",
                      "%s:%s is a bare USB-serial chip: anything may be behind it", usb->vendor_text,
                      usb->product_text);
    if (fl_usb_is_test_identity(vendor, product) && link->kind != FL_LINK_KIND_SIMULATED)
        fl_yaml_fault(place, "link.usb.vid", "use the maker's own numbers",
                      "%s:%s is a test identity, for simulated devices only", usb->vendor_text, usb->product_text);
}

static void check_link(fl_device *device, const fl_yaml_place *place)
{
    fl_device_link *link = &device->link;
    check_gate(device, place);
    link->capabilities = capability_byte(place, "link.capabilities", link->capabilities_text);
    const bool speaks = link->kind != FL_LINK_KIND_NONE;
    if (speaks != (link->dialect != NULL))
        fl_yaml_fault(place, speaks ? "link.kind" : "link.dialect",
                      speaks ? "add `dialect: gl1`, or say `kind: none` for manual mode"
                             : "delete it, or give the kind",
                      speaks ? "a link needs a dialect" : "a device without a link has no dialect");
    check_usb(link, place);
    if (link->kind != FL_LINK_KIND_SIMULATED && link->identity && fl_text_begins(link->identity, "SIM"))
        fl_yaml_fault(place, "link.identity", "its pulses would be in one record and its checks in the other",
                      "a name that begins with SIM is for `kind: simulated`");
    if (link->kind != FL_LINK_KIND_SIMULATED) return;
    if (!link->identity || !fl_text_begins(link->identity, "SIM"))
        fl_yaml_fault(place, link->identity ? "link.identity" : "link.kind", "begin it with SIM",
                      "a simulated device must say so in its identity");
    if (device->invented != FL_YES)
        fl_yaml_fault(place, fl_yaml_given(place, "invented") ? "invented" : "link.kind",
                      "add `invented: yes`", "a simulated device is an invented one");
}

static void device_check(void *object, const fl_yaml_place *place)
{
    fl_device *device = object;
    check_link(device, place);
    if (device->calibration.energy_warn_percent > device->calibration.energy_lock_percent)
        fl_yaml_fault(place, "calibration.energy_warn_percent", "warn first, lock later",
                      "the warning comes after the lock");
    for (size_t i = 0; i < device->heads_count; i++) {
        fl_device_head *head = &device->heads[i];
        const struct at_head at = {place, i};
        char path[120];
        for (size_t j = 0; j < i; j++)
            if (fl_text_same(device->heads[j].id, head->id))
                fl_yaml_fault(place, below(&at, "id", path), "each head has a name of its own",
                              "two heads are called '%s'", head->id);
        const fl_device_head *first = fl_device_head_at(device, head->wavelength);
        if (first != head) /* a session finds a head, and its energy check, by the wavelength */
            fl_yaml_fault(place, below(&at, "wavelength_nm", path), "one head per wavelength",
                          "'%s' has this wavelength already", first->id);
        FL_ASSERT(sizeof *head->spots == sizeof(double) && sizeof *head->pulses == sizeof(double));
        check_rising(&at, head->spots ? &head->spots[0].m : NULL, head->spots_count, 0.5e-6, "spots_mm");
        check_rising(&at, head->pulses ? &head->pulses[0].s : NULL, head->pulses_count, 0.5e-12,
                     "pulse_widths_ps");
        check_caps(&at, head);
        settle_facts(&at, device, head);
    }
}

static const fl_yaml_table device_table = {"device", sizeof(fl_device), device_fields, device_check, NULL};
const fl_yaml_schema fl_device_schema = {"device/1", "a laser: what its label says, number by number",
                                         &device_table};

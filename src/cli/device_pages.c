#include "device_pages.h"

#include "fadeline/base/assert.h"
#include "fadeline/base/place.h"
#include "fadeline/base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- text ---- */

/* "200" is sure; "200?" is from memory and not confirmed; "-" is unknown. */
static void print_fact(const fl_device_head *head, fl_head_fact fact, const char *unit)
{
    char value[300];
    const fl_provenance *own = &head->facts[fact];
    if (!own->stated) {
        printf("  -%s", unit);
        return;
    }
    printf("  %s%s%s%s", fl_head_fact_value(head, fact, value, sizeof value),
           fl_provenance_is_usable(own) ? "" : "?", own->confirmed_by ? "*" : "", unit);
}

static void print_head(const fl_device_head *head)
{
    printf("  %-10s", head->id);
    print_fact(head, FL_FACT_WAVELENGTH, " nm");
    print_fact(head, FL_FACT_PULSES, " ps");
    print_fact(head, FL_FACT_ENERGY_MAX, " mJ");
    print_fact(head, FL_FACT_RATE_MAX, " Hz");
    print_fact(head, FL_FACT_SPOTS, " mm");
    printf("\n             types");
    print_fact(head, FL_FACT_SKIN_TYPES, "");
    printf("   inks");
    print_fact(head, FL_FACT_COLOURS,
               head->facts[FL_FACT_COLOURS].stated && head->colours_complete == FL_NO ? ", others not stated"
                                                                                      : "");
    puts(head->tattoo_use == FL_NO ? "   NOT FOR TATTOOS" : "");
}

void device_print(const fl_device *device)
{
    printf("%s%s: %s %s%s\n", device->id, fl_device_is_simulated(device) ? " (SIMULATED)" : "", device->maker,
           device->model, device->link.kind == FL_LINK_KIND_NONE ? ", set by hand (manual mode)" : "");
    for (size_t i = 0; i < device->heads_count; i++) print_head(&device->heads[i]);
    if (device->confirmed_stale)
        printf("  %zu confirmation%s not honoured: the device file has changed since\n",
               device->confirmed_stale, device->confirmed_stale == 1 ? " is" : "s are");
    if (device->confirmed_unproven)
        printf("  %zu confirmation%s not honoured: no entry of the journal says so; confirm again\n",
               device->confirmed_unproven, device->confirmed_unproven == 1 ? " is" : "s are");
}

/* ---- JSON ---- */

static json_t *text_or_null(const char *text)
{
    return text ? json_string(text) : json_null();
}

static json_t *fact_json(const fl_device_head *head, fl_head_fact fact)
{
    const fl_provenance *own = &head->facts[fact];
    char value[300], day[11];
    json_t *object = json_object();
    json_object_set_new(object, "value",
                        own->stated ? json_string(fl_head_fact_value(head, fact, value, sizeof value))
                                    : json_null());
    json_object_set_new(object, "sure", json_string(fl_sureness_word(own->sureness)));
    json_object_set_new(object, "source", json_string(own->source));
    json_object_set_new(object, "usable", json_boolean(fl_provenance_is_usable(own)));
    json_object_set_new(object, "confirmed_by", text_or_null(own->confirmed_by));
    json_object_set_new(object, "confirmed_document", text_or_null(own->confirmed_document));
    json_object_set_new(object, "confirmed_on",
                        own->confirmed_by ? json_string(fl_date_text(own->confirmed_on, day)) : json_null());
    return object;
}

static json_t *head_json(const fl_device_head *head)
{
    json_t *object = json_object(), *facts = json_object();
    json_object_set_new(object, "id", json_string(head->id));
    for (fl_head_fact fact = 0; fact < FL_HEAD_FACTS; fact++)
        json_object_set_new(facts, fl_head_fact_key(fact), fact_json(head, fact));
    json_object_set_new(object, "tattoo_use",
                        head->tattoo_use ? json_boolean(head->tattoo_use == FL_YES) : json_null());
    json_object_set_new(object, "clearance", text_or_null(head->clearance));
    json_object_set_new(object, "clearance_id", text_or_null(head->clearance_id));
    json_object_set_new(object, "facts", facts);
    return object;
}

json_t *device_json(const fl_device *device)
{
    static const char *const kinds[] = {"unset", "serial", "usb", "simulated", "none"};
    char sha256[2 * FL_SHA256_SIZE + 1];
    json_t *object = json_object(), *heads = json_array();
    for (size_t i = 0; i < device->heads_count; i++)
        json_array_append_new(heads, head_json(&device->heads[i]));
    json_object_set_new(object, "id", json_string(device->id));
    json_object_set_new(object, "maker", json_string(device->maker));
    json_object_set_new(object, "model", json_string(device->model));
    json_object_set_new(object, "simulated", json_boolean(fl_device_is_simulated(device)));
    json_object_set_new(object, "link", json_string(kinds[device->link.kind]));
    json_object_set_new(object, "dialect", text_or_null(device->link.dialect));
    json_object_set_new(object, "file", json_string(fl_yaml_path(device->file)));
    json_object_set_new(object, "sha256", json_string(fl_hex(device->sha256, FL_SHA256_SIZE, sha256)));
    json_object_set_new(object, "confirmations_not_honoured",
                        json_integer((json_int_t)device->confirmed_stale));
    json_object_set_new(object, "confirmations_not_in_journal",
                        json_integer((json_int_t)device->confirmed_unproven));
    json_object_set_new(object, "heads", heads);
    return object;
}

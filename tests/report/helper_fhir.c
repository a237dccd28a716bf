#include "helper_fhir.h"

#include "fadeline/base/date.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* Cardinalities of the published R4 definitions: AuditEvent, Procedure and Device as read on hl7.org (the
 * pages "Dependency Graph" of R4 and R4B); Bundle, Observation, Identifier, Annotation, Coding, and the value
 * sets: from memory of FHIR R4. min 0 and a type: may be missing; every element not named here is refused. */
typedef enum { TEXT, CODE, URI, BOOLEAN, INSTANT, NUMBER, OBJECT } kind;
typedef struct rule {
    const char *type, *element; /* type: of the resource or data type it stands in */
    int min;
    bool many;
    kind is;
    const char *of;    /* OBJECT: its type */
    const char *codes; /* CODE: required binding, space-separated; NULL: any */
} rule;

static const rule rules[] = {
    {"Bundle", "type", 1, false, CODE, NULL,
     "document message transaction transaction-response batch batch-response history searchset collection"},
    {"Bundle", "identifier", 0, false, OBJECT, "Identifier", NULL},
    {"Bundle", "meta", 0, false, OBJECT, "Meta", NULL},
    {"Bundle", "entry", 0, true, OBJECT, "Entry", NULL},
    {"Entry", "fullUrl", 1, false, URI, NULL, NULL}, /* 0..1, but what others refer to needs one */
    {"Entry", "resource", 1, false, OBJECT, "Resource", NULL},
    {"Meta", "tag", 0, true, OBJECT, "Coding", NULL},
    {"Coding", "system", 0, false, URI, NULL, NULL},
    {"Coding", "code", 0, false, TEXT, NULL, NULL},
    {"Coding", "display", 0, false, TEXT, NULL, NULL},
    {"CodeableConcept", "coding", 0, true, OBJECT, "Coding", NULL},
    {"CodeableConcept", "text", 0, false, TEXT, NULL, NULL},
    {"Identifier", "system", 0, false, URI, NULL, NULL},
    {"Identifier", "value", 0, false, TEXT, NULL, NULL},
    {"Reference", "reference", 0, false, TEXT, NULL, NULL},
    {"Reference", "type", 0, false, URI, NULL, NULL},
    {"Reference", "identifier", 0, false, OBJECT, "Identifier", NULL},
    {"Period", "start", 0, false, INSTANT, NULL, NULL},
    {"Period", "end", 0, false, INSTANT, NULL, NULL},
    {"Annotation", "text", 1, false, TEXT, NULL, NULL},
    {"Quantity", "value", 0, false, NUMBER, NULL, NULL},
    {"Quantity", "unit", 0, false, TEXT, NULL, NULL},
    {"Quantity", "system", 0, false, URI, NULL, NULL},
    {"Quantity", "code", 0, false, TEXT, NULL, NULL},

    {"Device", "meta", 0, false, OBJECT, "Meta", NULL},
    {"Device", "identifier", 0, true, OBJECT, "Identifier", NULL},
    {"Device", "status", 0, false, CODE, NULL, "active inactive entered-in-error unknown"},
    {"Device", "serialNumber", 0, false, TEXT, NULL, NULL},
    {"Device", "deviceName", 0, true, OBJECT, "DeviceName", NULL},
    {"DeviceName", "name", 1, false, TEXT, NULL, NULL},
    {"DeviceName", "type", 1, false, CODE, NULL,
     "udi-label-name user-friendly-name patient-reported-name manufacturer-name model-name other"},
    {"Device", "type", 0, false, OBJECT, "CodeableConcept", NULL},

    {"Procedure", "meta", 0, false, OBJECT, "Meta", NULL},
    {"Procedure", "identifier", 0, true, OBJECT, "Identifier", NULL},
    {"Procedure", "status", 1, false, CODE, NULL,
     "preparation in-progress not-done on-hold stopped completed entered-in-error unknown"},
    {"Procedure", "code", 0, false, OBJECT, "CodeableConcept", NULL},
    {"Procedure", "subject", 1, false, OBJECT, "Reference", NULL},
    {"Procedure", "performedPeriod", 0, false, OBJECT, "Period", NULL},
    {"Procedure", "performer", 0, true, OBJECT, "Performer", NULL},
    {"Performer", "actor", 1, false, OBJECT, "Reference", NULL},
    {"Procedure", "usedReference", 0, true, OBJECT, "Reference", NULL},
    {"Procedure", "note", 0, true, OBJECT, "Annotation", NULL},

    {"Observation", "meta", 0, false, OBJECT, "Meta", NULL},
    {"Observation", "status", 1, false, CODE, NULL,
     "registered preliminary final amended corrected cancelled entered-in-error unknown"},
    {"Observation", "code", 1, false, OBJECT, "CodeableConcept", NULL},
    {"Observation", "subject", 0, false, OBJECT, "Reference", NULL},
    {"Observation", "effectiveDateTime", 0, false, INSTANT, NULL, NULL},
    {"Observation", "valueQuantity", 0, false, OBJECT, "Quantity", NULL},
    {"Observation", "interpretation", 0, true, OBJECT, "CodeableConcept", NULL},

    {"AuditEvent", "meta", 0, false, OBJECT, "Meta", NULL},
    {"AuditEvent", "type", 1, false, OBJECT, "Coding", NULL},
    {"AuditEvent", "action", 0, false, CODE, NULL, "C R U D E"},
    {"AuditEvent", "recorded", 1, false, INSTANT, NULL, NULL},
    {"AuditEvent", "outcome", 0, false, CODE, NULL, "0 4 8 12"},
    {"AuditEvent", "agent", 1, true, OBJECT, "Agent", NULL},
    {"Agent", "who", 0, false, OBJECT, "Reference", NULL},
    {"Agent", "name", 0, false, TEXT, NULL, NULL},
    {"Agent", "requestor", 1, false, BOOLEAN, NULL, NULL},
    {"AuditEvent", "source", 1, false, OBJECT, "Source", NULL},
    {"Source", "observer", 1, false, OBJECT, "Reference", NULL},
    {"AuditEvent", "entity", 0, true, OBJECT, "Entity", NULL},
    {"Entity", "what", 0, false, OBJECT, "Reference", NULL},
    {"Entity", "name", 0, false, TEXT, NULL, NULL},
};

typedef struct checking {
    const json_t *bundle;
    char *room;
} checking;

static bool fault(checking *c, const char *type, const char *element, const char *what)
{
    snprintf(c->room, 300, "%s.%s %s", type, element, what);
    return false;
}

static bool is_instant(const char *text)
{
    fl_date day;
    char date[11];
    int hour, minute, second, used = 0;
    snprintf(date, sizeof date, "%s", text);
    return strlen(text) == 20 && fl_date_read(date, &day) == FL_OK &&
           sscanf(text + 10, "T%2d:%2d:%2dZ%n", &hour, &minute, &second, &used) == 3 && used == 10 &&
           hour < 24 && minute < 60 && second < 60;
}

static bool is_uri(const char *text)
{
    return *text && !strpbrk(text, " \t\r\n");
}

static bool is_one_of(const char *codes, const char *code)
{
    const size_t size = strlen(code);
    for (const char *at = codes; size && (at = strstr(at, code)); at += size)
        if ((at == codes || at[-1] == ' ') && (!at[size] || at[size] == ' ')) return true;
    return false;
}

static bool check_object(checking *c, const char *type, const json_t *object);

/* What is referred to is in the bundle. */
static bool is_there(const checking *c, const char *reference)
{
    size_t i;
    json_t *entry;
    json_array_foreach(json_object_get(c->bundle, "entry"), i,
                       entry) if (strcmp(json_string_value(json_object_get(entry, "fullUrl")), reference) ==
                                  0) return true;
    return false;
}

static bool check_value(checking *c, const rule *r, const json_t *value)
{
    const char *text = json_string_value(value);
    switch (r->is) {
    case TEXT: return text && *text ? true : fault(c, r->type, r->element, "is no text");
    case URI: return text && is_uri(text) ? true : fault(c, r->type, r->element, "is no URI");
    case INSTANT: return text && is_instant(text) ? true : fault(c, r->type, r->element, "is no instant");
    case BOOLEAN:
        return json_is_boolean(value) ? true : fault(c, r->type, r->element, "is neither true nor false");
    case NUMBER: return json_is_number(value) ? true : fault(c, r->type, r->element, "is no number");
    case CODE:
        return text && is_one_of(r->codes, text) ? true
                                                 : fault(c, r->type, r->element, "is not of its value set");
    case OBJECT:
        if (!json_is_object(value) || !json_object_size(value))
            return fault(c, r->type, r->element, "is no object");
        return check_object(c, r->of, value);
    }
    return false;
}

static bool check_rule(checking *c, const rule *r, const json_t *object)
{
    const json_t *value = json_object_get(object, r->element);
    size_t i;
    json_t *member;
    if (!value) return r->min ? fault(c, r->type, r->element, "is missing") : true;
    if (!r->many) return check_value(c, r, value);
    if (!json_is_array(value) || !json_array_size(value))
        return fault(c, r->type, r->element, "is no list of one or more");
    json_array_foreach((json_t *)value, i, member) if (!check_value(c, r, member)) return false;
    return true;
}

static bool check_object(checking *c, const char *type, const json_t *object)
{
    const bool resource = strcmp(type, "Resource") == 0;
    const char *key, *said = json_string_value(json_object_get(object, "resourceType"));
    json_t *value;
    if (resource && !said) return fault(c, type, "resourceType", "is missing");
    if (resource) type = said;
    json_object_foreach((json_t *)object, key, value)
    {
        bool known = strcmp(key, "resourceType") == 0;
        for (size_t i = 0; i < sizeof rules / sizeof *rules && !known; i++)
            known = strcmp(rules[i].type, type) == 0 && strcmp(rules[i].element, key) == 0;
        if (!known) return fault(c, type, key, "is not among the elements we know");
    }
    bool any = false;
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        if (strcmp(rules[i].type, type) != 0) continue;
        any = true;
        if (!check_rule(c, &rules[i], object)) return false;
    }
    if (!any) return fault(c, type, "", "is a type we do not know");
    if (strcmp(type, "Reference") == 0) { /* ref: a literal or a logical one, and the literal resolves */
        const char *reference = json_string_value(json_object_get(object, "reference"));
        if (!reference && !json_object_get(object, "identifier"))
            return fault(c, type, "reference", "refers to nothing");
        if (reference && !is_there(c, reference))
            return fault(c, type, "reference", "leads out of the bundle");
    }
    return true;
}

const char *fhir_fault(const json_t *bundle, char room[300])
{
    checking c = {bundle, room};
    room[0] = 0;
    const char *type = json_string_value(json_object_get(bundle, "resourceType"));
    if (!type || strcmp(type, "Bundle") != 0)
        return fault(&c, "Bundle", "resourceType", "is not Bundle"), room;
    if (!check_object(&c, "Bundle", bundle)) return room;
    const json_t *entries = json_object_get(bundle, "entry");
    for (size_t i = 0; i < json_array_size(entries); i++) /* bdl-7 */
        for (size_t k = 0; k < i; k++)
            if (json_equal(json_object_get(json_array_get(entries, i), "fullUrl"),
                           json_object_get(json_array_get(entries, k), "fullUrl")))
                return fault(&c, "Entry", "fullUrl", "stands there twice"), room;
    return room;
}

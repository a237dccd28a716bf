/* The audit as a FHIR R4 Bundle: what was done (Procedure), with what (Device), what it measured
 * (Observation) and who looked, handed out, erased or signed in (AuditEvent). People are identifiers without
 * names; there is no Patient and no Practitioner, because the log knows none. Resources refer to each other
 * by urn:uuid, derived from the log's origin and the entry's index: the same log gives the same bundle. */
#include "audit_words.h"
#include "fadeline/report/audit_table.h"

#include "fadeline/base/digest.h"
#include "fadeline/report/shown_json.h"

#include <math.h>
#include <string.h>

#define NAMESPACE "tag:fadeline.local,2026:"
#define UUID_SIZE 46

typedef struct bundle {
    const fl_audit *audit;
    json_t *entries;
} bundle;

/* "urn:uuid:..." of something in a log. Version 8: ours, from a hash. */
static const char *urn_in(const char *origin, const char *kind, const char *name, char room[UUID_SIZE])
{
    char source[700];
    uint8_t d[FL_SHA256_SIZE];
    snprintf(source, sizeof source, "%s\n%s\n%s", origin, kind, name);
    fl_sha256(source, strlen(source), d);
    d[6] = (uint8_t)((d[6] & 0x0F) | 0x80);
    d[8] = (uint8_t)((d[8] & 0x3F) | 0x80);
    snprintf(room, UUID_SIZE, "urn:uuid:%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x",
             d[0], d[1], d[2], d[3], d[4], d[5], d[6], d[7], d[8], d[9], d[10], d[11], d[12], d[13], d[14],
             d[15]);
    return room;
}

static const char *urn_of(const bundle *b, unsigned log, const char *kind, const char *name,
                          char room[UUID_SIZE])
{
    return urn_in(b->audit->journals[log].origin, kind, name, room);
}

/* By the log that the entry stands in, so that a succession changes no name. */
static const char *urn_at(const bundle *b, unsigned log, const char *kind, uint64_t index,
                          char room[UUID_SIZE])
{
    char number[24];
    const fl_history_log *of = fl_history_of(&b->audit->histories[log], index);
    snprintf(number, sizeof number, "%llu", (unsigned long long)(index - of->first));
    return urn_in(of->origin, kind, number, room);
}

static json_t *resource(const bundle *b, const char *type)
{
    json_t *made = json_pack("{s:s}", "resourceType", type);
    if (b->audit->simulated) /* the code for what is not from life */
        json_object_set_new(made, "meta",
                            json_pack("{s:[{s:s,s:s,s:s}]}", "tag", "system",
                                      "http://terminology.hl7.org/CodeSystem/v3-ActReason", "code", "HTEST",
                                      "display", "SIMULATED: test health data"));
    return made;
}

static void put(bundle *b, const char *urn, json_t *made)
{
    json_array_append_new(b->entries, json_pack("{s:s,s:o}", "fullUrl", urn, "resource", made));
}

static json_t *identifier(const char *kind, const char *value)
{
    char system[80];
    snprintf(system, sizeof system, NAMESPACE "%s", kind);
    return json_pack("{s:s,s:s}", "system", system, "value", value);
}

/* A person or a client: an identifier, and nothing else. */
static json_t *somebody(const char *type, const char *kind, const char *value)
{
    return json_pack("{s:s,s:o}", "type", type, "identifier", identifier(kind, value));
}

static json_t *device_reference(const bundle *b, unsigned log, const char *dev)
{
    char urn[UUID_SIZE];
    return json_pack("{s:s}", "reference", urn_of(b, log, "device", dev, urn));
}

static json_t *instant(fl_utc time)
{
    char room[40];
    return json_string(fl_audit_instant(time, room));
}

/* ---- resources ---- */

static void put_device(bundle *b, unsigned log, const char *dev, const char *site)
{
    char urn[UUID_SIZE], name[FL_DEVICE_ID_MAX + FL_AUDIT_SITE_MAX + 8];
    json_t *made = resource(b, "Device");
    json_object_set_new(made, "identifier", json_pack("[o]", identifier("laser", dev)));
    json_object_set_new(made, "status", json_string("active"));
    json_object_set_new(made, "serialNumber", json_string(dev));
    snprintf(name, sizeof name, "%s%s%s", dev, site[0] ? " at " : "", site);
    json_object_set_new(made, "deviceName",
                        json_pack("[{s:s,s:s}]", "name", name, "type", "user-friendly-name"));
    json_object_set_new(made, "type", json_pack("{s:s}", "text", "medical laser"));
    put(b, urn_of(b, log, "device", dev, urn), made);
}

static bool is_known(const bundle *b, unsigned log, const char *dev)
{
    char urn[UUID_SIZE];
    size_t i;
    json_t *entry;
    urn_of(b, log, "device", dev, urn);
    json_array_foreach(b->entries, i, entry) if (strcmp(json_string_value(json_object_get(entry, "fullUrl")),
                                                        urn) == 0) return true;
    return false;
}

/* Whatever a later resource refers to: a bundle has no loose ends. */
static void put_devices(bundle *b)
{
    const fl_audit *a = b->audit;
    for (size_t i = 0; i < a->total_count; i++)
        if (!is_known(b, a->totals[i].log, a->totals[i].dev))
            put_device(b, a->totals[i].log, a->totals[i].dev, a->totals[i].site);
    for (size_t i = 0; i < a->sections.sessions.count; i++) {
        const fl_audit_session *s = &a->sections.sessions.at[i];
        if (!is_known(b, s->log, s->dev)) put_device(b, s->log, s->dev, s->site);
    }
    for (size_t i = 0; i < a->sections.energy.count; i++) {
        const fl_audit_energy *e = &a->sections.energy.at[i];
        if (!is_known(b, e->log, e->dev)) put_device(b, e->log, e->dev, e->site);
    }
}

static void put_procedure(bundle *b, const fl_audit_session *s)
{
    char urn[UUID_SIZE], sid[24], note[120];
    const bool light = s->treatment + s->test > 0;
    json_t *made = resource(b, "Procedure"), *period = json_object();
    snprintf(sid, sizeof sid, "%llu", (unsigned long long)s->sid);
    json_object_set_new(made, "identifier", json_pack("[o]", identifier("session", sid)));
    json_object_set_new(made, "status",
                        json_string(!s->closed ? "unknown"
                                    : light    ? "completed"
                                               : "not-done"));
    json_object_set_new(made, "code",
                        json_pack("{s:s}", "text", s->proc[0] ? s->proc : "laser fading, not said of what"));
    json_object_set_new(made, "subject", somebody("Patient", "client", s->pat[0] ? s->pat : "-"));
    json_object_set_new(period, "start", instant(s->at));
    if (s->ended.us) json_object_set_new(period, "end", instant(s->ended));
    json_object_set_new(made, "performedPeriod", period);
    if (s->who[0])
        json_object_set_new(made, "performer",
                            json_pack("[{s:o}]", "actor", somebody("Practitioner", "person", s->who)));
    json_object_set_new(made, "usedReference", json_pack("[o]", device_reference(b, s->log, s->dev)));
    snprintf(note, sizeof note, "pulses: treatment %llu, test %llu, check %llu",
             (unsigned long long)s->treatment, (unsigned long long)s->test, (unsigned long long)s->check);
    json_object_set_new(made, "note", json_pack("[{s:s}]", "text", note));
    put(b, urn_at(b, s->log, "session", s->index, urn), made);
}

static void put_observation(bundle *b, const fl_audit_energy *e)
{
    char urn[UUID_SIZE];
    json_t *made = resource(b, "Observation");
    json_object_set_new(made, "status",
                        json_string(strcmp(e->verdict, "begun") == 0 ? "preliminary" : "final"));
    json_object_set_new(made, "code", json_pack("{s:s}", "text", "laser pulse energy, mean of a check"));
    json_object_set_new(made, "subject", device_reference(b, e->log, e->dev));
    json_object_set_new(made, "effectiveDateTime", instant(e->at));
    if (e->mean_uJ)
        json_object_set_new(made, "valueQuantity",
                            json_pack("{s:f,s:s,s:s,s:s}", "value", (double)e->mean_uJ / 1e3, "unit", "mJ",
                                      "system", "http://unitsofmeasure.org", "code", "mJ"));
    json_object_set_new(made, "interpretation", json_pack("[{s:s}]", "text", e->verdict));
    put(b, urn_at(b, e->log, "check", e->index, urn), made);
}

typedef struct event {
    unsigned log;
    uint64_t index;
    fl_utc at;
    const char *kind, *who, *pat, *what;
} event;

/* DICOM's codes for audit messages where there is one, the record lifecycle's for the end of a record. */
static json_t *type_of(const char *kind)
{
    static const struct {
        const char *kind, *system, *code, *display;
    } all[] = {
        {"look", "http://dicom.nema.org/resources/ontology/DCM", "110110", "Patient Record"},
        {"export", "http://dicom.nema.org/resources/ontology/DCM", "110106", "Export"},
        {"print", "http://dicom.nema.org/resources/ontology/DCM", "110106", "Export"},
        {"erase", "http://terminology.hl7.org/CodeSystem/iso-21089-lifecycle", "destroy",
         "Destroy/Delete Record Lifecycle Event"},
        {"auth.ok", "http://dicom.nema.org/resources/ontology/DCM", "110114", "User Authentication"},
        {"auth.fail", "http://dicom.nema.org/resources/ontology/DCM", "110114", "User Authentication"},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (strcmp(all[i].kind, kind) == 0)
            return json_pack("{s:s,s:s,s:s}", "system", all[i].system, "code", all[i].code, "display",
                             all[i].display);
    return json_pack("{s:s,s:s}", "system", NAMESPACE "kind", "code", kind);
}

static void put_event(bundle *b, const event *e)
{
    char urn[UUID_SIZE];
    json_t *made = resource(b, "AuditEvent"), *agent = json_object();
    const bool failed = strcmp(e->kind, "auth.fail") == 0;
    json_object_set_new(made, "type", type_of(e->kind));
    json_object_set_new(made, "action",
                        json_string(strcmp(e->kind, "erase") == 0      ? "D"
                                    : strncmp(e->kind, "auth", 4) == 0 ? "E"
                                                                       : "R"));
    json_object_set_new(made, "recorded", instant(e->at));
    json_object_set_new(made, "outcome", json_string(failed ? "4" : "0"));
    if (e->who[0])
        json_object_set_new(agent, "who", somebody("Practitioner", "person", e->who));
    else
        json_object_set_new(agent, "name", json_string("not recorded"));
    json_object_set_new(agent, "requestor", json_true());
    json_object_set_new(made, "agent", json_pack("[o]", agent));
    json_object_set_new(
        made, "source",
        json_pack("{s:{s:s,s:o}}", "observer", "type", "Device", "identifier",
                  identifier("log", fl_history_of(&b->audit->histories[e->log], e->index)->origin)));
    if (e->pat[0] || e->what[0]) {
        json_t *entity = json_object();
        if (e->pat[0]) json_object_set_new(entity, "what", somebody("Patient", "client", e->pat));
        if (e->what[0]) json_object_set_new(entity, "name", json_string(e->what));
        json_object_set_new(made, "entity", json_pack("[o]", entity));
    }
    put(b, urn_at(b, e->log, "entry", e->index, urn), made);
}

fl_status fl_audit_fhir(const fl_audit *audit, FILE *out)
{
    const fl_audit_sections *s = &audit->sections;
    bundle b = {audit, json_array()};
    put_devices(&b);
    for (size_t i = 0; i < s->sessions.count; i++)
        if (!s->sessions.at[i].calibration) put_procedure(&b, &s->sessions.at[i]);
    for (size_t i = 0; i < s->energy.count; i++) put_observation(&b, &s->energy.at[i]);
    for (size_t i = 0; i < s->looks.count; i++) {
        const fl_audit_look *l = &s->looks.at[i];
        put_event(&b, &(event){l->log, l->index, l->at, "look", l->who, l->pat, l->what});
    }
    for (size_t i = 0; i < s->acts.count; i++) {
        const fl_audit_act *a = &s->acts.at[i];
        put_event(&b, &(event){a->log, a->index, a->at, fl_kind_text(a->kind), a->who, a->pat, a->what});
    }
    json_t *object = resource(&b, "Bundle");
    json_object_set_new(object, "type", json_string("collection"));
    json_object_set_new(object, "identifier",
                        identifier("log", audit->journal_count ? audit->journals[0].origin : "-"));
    if (json_array_size(b.entries)) /* an empty list is no FHIR */
        json_object_set_new(object, "entry", b.entries);
    else
        json_decref(b.entries);
    const bool written = fl_shown_json(object, out, JSON_INDENT(1) | JSON_REAL_PRECISION(9)) == 0 &&
                         fputc('\n', out) != EOF && fflush(out) == 0;
    json_decref(object);
    return written ? FL_OK : FL_E_IO;
}

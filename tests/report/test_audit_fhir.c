/* labels: unit   timeout: 120 */
/* The FHIR bundle holds to the element rules, says no name, and the checker that says so finds what is
 * missing. */
#include "check.h"
#include "helper_books.h"
#include "helper_fhir.h"

#include "fadeline/report/audit_export.h"

#include <string.h>

static json_t *bundle_of(books *b, const char *site)
{
    fl_audit *audit = books_audit(b, "2026-05-01", "2026-05-31", site);
    char *text = books_text(audit, fl_audit_fhir), *again = books_text(audit, fl_audit_fhir);
    CHECK(strcmp(text, again) == 0, "the same audit is the same bundle");
    json_t *bundle = json_loads(text, 0, NULL);
    CHECK(bundle != NULL, "no JSON: %.200s", text);
    free(text);
    free(again);
    fl_audit_free(audit);
    return bundle;
}

static void write_books(books *b)
{
    books_open(b, true);
    books_of_may(b);
    books_at(b, "2026-05-29", 8, 0);
    books_put(b, FL_KIND_AUTH_OK, NULL, NULL, "who=op:17");
    books_put(b, FL_KIND_AUTH_FAIL, NULL, NULL, "who=op:18|why=wrong-pin");
    books_put(b, FL_KIND_LOOK, NULL, NULL, "pat=p:5d1f|what=photos|who=op:18");
    books_put(b, FL_KIND_EXPORT, NULL, NULL, "what=tiles");
    books_put(b, FL_KIND_ERASE, NULL, NULL, "what=identity|pat=p:5d1f|who=op:1|due=2026-05-01|why=retention");
    books_put(b, FL_KIND_CHECK, "A", "SIM-A",
              "pulses#0|head=H1|wl_nm#1064|n#5|set_uJ#200000|mean_uJ#190200|pass#1|verdict=pass|who=op:17");
    books_put(b, FL_KIND_SESSION_OPEN, "A", "SIM-A", "sid#900|ctr#1231042|who=op:17|pat=p:1|plan=-");
}

static size_t count_of(const json_t *bundle, const char *type)
{
    size_t i, count = 0;
    json_t *entry;
    json_array_foreach(json_object_get(bundle, "entry"), i, entry) count +=
        strcmp(json_string_value(json_object_get(json_object_get(entry, "resource"), "resourceType")),
               type) == 0;
    return count;
}

static void the_bundle_holds_to_the_rules(void)
{
    books b;
    char room[300];
    write_books(&b);
    json_t *bundle = bundle_of(&b, NULL);
    CHECK(!*fhir_fault(bundle, room), "%s", room);
    CHECK(count_of(bundle, "Device") == 5 && count_of(bundle, "Procedure") == 13 &&
              count_of(bundle, "AuditEvent") == 5 && count_of(bundle, "Observation") == 1,
          "%zu devices, %zu procedures, %zu events, %zu observations", count_of(bundle, "Device"),
          count_of(bundle, "Procedure"), count_of(bundle, "AuditEvent"), count_of(bundle, "Observation"));
    char *text = json_dumps(bundle, 0);
    CHECK(!strstr(text, "\"Patient\", \"id\"") && !strstr(text, "\"display\": \"p:"), "no names");
    CHECK(strstr(text, "HTEST") && strstr(text, "\"status\": \"unknown\""),
          "test data; a session never closed");
    free(text);
    json_decref(bundle);
    bundle = bundle_of(&b, "nowhere"); /* nothing in it: no entry at all */
    CHECK(!*fhir_fault(bundle, room) && !json_object_get(bundle, "entry"), "%s", room);
    json_decref(bundle);
    books_remove(&b);
}

/* Every required element of every resource, taken away; then values that are none. */
static void the_checker_finds_what_is_missing(void)
{
    static const struct {
        const char *type, *path;
    } required[] = {
        {"Procedure", "status"},           {"Procedure", "subject"},      {"AuditEvent", "type"},
        {"AuditEvent", "recorded"},        {"AuditEvent", "agent"},       {"AuditEvent", "source"},
        {"Observation", "status"},         {"Observation", "code"},       {"AuditEvent", "agent/requestor"},
        {"AuditEvent", "source/observer"}, {"Device", "deviceName/name"}, {"Device", "deviceName/type"},
        {"Procedure", "performer/actor"},  {"Procedure", "note/text"},    {"Procedure", "resourceType"}};
    books b;
    char room[300];
    unsigned attacks = 0;
    write_books(&b);
    json_t *good = bundle_of(&b, NULL);
    for (size_t r = 0; r < sizeof required / sizeof *required; r++) {
        for (size_t i = 0; i < json_array_size(json_object_get(good, "entry")); i++) {
            json_t *bad = json_deep_copy(good);
            json_t *at = json_object_get(json_array_get(json_object_get(bad, "entry"), i), "resource");
            char path[64], *rest = path, *step;
            snprintf(path, sizeof path, "%s", required[r].path);
            if (strcmp(json_string_value(json_object_get(at, "resourceType")), required[r].type) == 0) {
                while ((step = strsep(&rest, "/")) && rest) {
                    at = json_object_get(at, step);
                    if (json_is_array(at)) at = json_array_get(at, 0);
                }
                CHECK(json_object_del(at, step) == 0, "%s.%s was not there", required[r].type,
                      required[r].path);
                CHECK(*fhir_fault(bad, room), "%s without %s passes", required[r].type, required[r].path);
                attacks++;
            }
            json_decref(bad);
        }
    }
    CHECK(attacks > 100, "%u attacks", attacks);
    static const struct {
        const char *element;
        const char *value;
    } wrong[] = {{"status", "done"},
                 {"status", "complete"},
                 {"recorded", "2026-05-29 08:00:00"},
                 {"recorded", "2026-02-30T08:00:00Z"},
                 {"outcome", "1"},
                 {"action", "RE"},
                 {"birthDate", "1980-01-01"}};
    for (size_t w = 0; w < sizeof wrong / sizeof *wrong; w++) {
        json_t *bad = json_deep_copy(good), *entry;
        size_t i;
        json_array_foreach(json_object_get(bad, "entry"), i, entry) json_object_set_new(
            json_object_get(entry, "resource"), wrong[w].element, json_string(wrong[w].value));
        CHECK(*fhir_fault(bad, room), "%s %s passes", wrong[w].element, wrong[w].value);
        json_decref(bad);
    }
    json_t *bad = json_deep_copy(good), *entries = json_object_get(bad, "entry");
    json_array_remove(entries, 0); /* a laser that others refer to */
    CHECK(strstr(fhir_fault(bad, room), "leads out of the bundle") != NULL, "%s", room);
    json_decref(bad);
    bad = json_deep_copy(good);
    json_array_append(json_object_get(bad, "entry"), json_array_get(json_object_get(bad, "entry"), 3));
    CHECK(strstr(fhir_fault(bad, room), "twice") != NULL, "%s", room);
    json_decref(bad);
    bad = json_deep_copy(good);
    json_object_del(bad, "type");
    CHECK(strstr(fhir_fault(bad, room), "Bundle.type is missing") != NULL, "%s", room);
    json_decref(bad);
    json_decref(good);
    books_remove(&b);
}

FL_TESTS("report/audit_fhir", TEST(the_bundle_holds_to_the_rules), TEST(the_checker_finds_what_is_missing))

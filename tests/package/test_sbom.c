/* labels: unit package   timeout: 60   needs: fl_sbom */
/* The bill of materials is SPDX 2.3 by its structure, tells the truth about the files, and names what the
 * programs are linked with. The checker is shown to be one: each of a list of spoilt copies must be refused.
 */
#include "check.h"

#include "fadeline/base/digest.h"
#include "fadeline/base/place.h"
#include "fadeline/base/text.h"

#include <jansson.h>
#include <regex.h>
#include <stdarg.h>

#define PAGE FL_BUILD_DIR "/package/fadeline.spdx.json"
#define MOST_IDS 4000

typedef struct ids {
    const char *list[MOST_IDS];
    size_t count;
} ids;

static char fault[400];

static FL_PRINTF(1, 2) bool wrong(const char *format, ...)
{
    va_list list;
    va_start(list, format);
    vsnprintf(fault, sizeof fault, format, list);
    va_end(list);
    return false;
}

static bool fits(const char *text, const char *pattern)
{
    regex_t regex;
    if (!text || regcomp(&regex, pattern, REG_EXTENDED | REG_NOSUB) != 0) return false;
    const bool yes = regexec(&regex, text, 0, NULL, 0) == 0;
    regfree(&regex);
    return yes;
}

static const char *text_of(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

static bool knows(const ids *known, const char *id)
{
    for (size_t i = 0; id && i < known->count; i++)
        if (strcmp(known->list[i], id) == 0) return true;
    return false;
}

/* Section 3.2 of annex D: letters, digits, point and minus; once in a document. */
static bool take_id(ids *known, const json_t *object)
{
    const char *id = text_of(object, "SPDXID");
    if (!fits(id, "^SPDXRef-[A-Za-z0-9.-]+$")) return wrong("'%s' is no SPDXID", id ? id : "nothing");
    if (knows(known, id)) return wrong("%s stands twice", id);
    if (known->count < MOST_IDS) known->list[known->count++] = id;
    return true;
}

static bool licence_is_fine(const json_t *object, const char *key)
{
    static const char *const known[] = {"NOASSERTION",
                                        "NONE",
                                        "GPL-2.0-only",
                                        "GPL-2.0-or-later",
                                        "GPL-3.0-only",
                                        "GPL-3.0-or-later",
                                        "LGPL-2.0-only",
                                        "LGPL-2.0-or-later",
                                        "LGPL-2.1-only",
                                        "LGPL-2.1-or-later",
                                        "LGPL-3.0-only",
                                        "LGPL-3.0-or-later",
                                        "AGPL-3.0-or-later",
                                        "MIT",
                                        "BSD-2-Clause",
                                        "BSD-3-Clause",
                                        "Apache-2.0",
                                        "PostgreSQL",
                                        "Zlib",
                                        "CC0-1.0"};
    const char *word = text_of(object, key);
    for (size_t i = 0; word && i < sizeof known / sizeof *known; i++)
        if (strcmp(known[i], word) == 0) return true;
    return wrong("'%s' is no licence of the SPDX list", word ? word : "nothing");
}

static bool head_is_fine(const json_t *page)
{
    if (!fits(text_of(page, "spdxVersion"), "^SPDX-2\\.3$")) return wrong("%s", "spdxVersion");
    if (!fits(text_of(page, "dataLicense"), "^CC0-1\\.0$")) return wrong("%s", "dataLicense");
    if (!fits(text_of(page, "SPDXID"), "^SPDXRef-DOCUMENT$")) return wrong("%s", "SPDXID of the document");
    if (!fits(text_of(page, "name"), ".")) return wrong("%s", "name");
    if (!fits(text_of(page, "documentNamespace"), "^https?://[^# ]+$"))
        return wrong("%s", "documentNamespace");
    const json_t *made = json_object_get(page, "creationInfo");
    if (!fits(text_of(made, "created"), "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$"))
        return wrong("%s", "created");
    const json_t *creators = json_object_get(made, "creators");
    if (!json_array_size(creators)) return wrong("%s", "creators");
    if (!fits(json_string_value(json_array_get(creators, 0)), "^(Tool|Organization|Person): .+"))
        return wrong("%s", "creators[0]");
    return true;
}

static bool package_is_fine(ids *known, const json_t *package)
{
    if (!take_id(known, package)) return false;
    if (!fits(text_of(package, "name"), ".")) return wrong("%s has no name", text_of(package, "SPDXID"));
    if (!fits(text_of(package, "versionInfo"), "^[0-9]"))
        return wrong("%s has no version", text_of(package, "name"));
    if (!text_of(package, "downloadLocation") || !text_of(package, "copyrightText"))
        return wrong("%s lacks downloadLocation or copyrightText", text_of(package, "name"));
    if (!licence_is_fine(package, "licenseConcluded") || !licence_is_fine(package, "licenseDeclared"))
        return false;
    const json_t *code = json_object_get(package, "packageVerificationCode");
    const bool analysed = !json_is_false(json_object_get(package, "filesAnalyzed"));
    if (analysed != fits(text_of(code, "packageVerificationCodeValue"), "^[0-9a-f]{40}$"))
        return wrong("%s: a verification code if and only if files were analysed", text_of(package, "name"));
    size_t i;
    json_t *outside;
    json_array_foreach(
        json_object_get(package, "externalRefs"), i,
        outside) if (!fits(text_of(outside, "referenceLocator"),
                           "^pkg:deb/debian/[a-z0-9%.B+-]+@[^ "
                           ":]+\\?arch=[a-z0-9]+$")) return wrong("'%s' is no package URL",
                                                                  text_of(outside, "referenceLocator"));
    return true;
}

/* The file is there, and its SHA-256 is the one that is said. */
static bool file_is_fine(ids *known, const json_t *file)
{
    char path[FL_PLACE_MAX], *bytes, hex[2 * FL_SHA256_SIZE + 1];
    uint8_t digest[FL_SHA256_SIZE];
    size_t size, i;
    json_t *sum;
    bool sha1 = false, sha256 = false;
    const char *name = text_of(file, "fileName");
    if (!take_id(known, file)) return false;
    if (!fits(name, "^\\./[^/]")) return wrong("'%s' is no relative name", name ? name : "nothing");
    snprintf(path, sizeof path, "%s/%s", FL_SOURCE_DIR, name + 2);
    if (fl_place_read(path, 4 << 20, &bytes, &size, NULL) != FL_OK) return wrong("%s is not there", name);
    fl_sha256(bytes, size, digest);
    free(bytes);
    fl_hex(digest, sizeof digest, hex);
    json_array_foreach(json_object_get(file, "checksums"), i, sum)
    {
        const char *value = text_of(sum, "checksumValue");
        sha1 |= fl_text_same(text_of(sum, "algorithm"), "SHA1") && fits(value, "^[0-9a-f]{40}$");
        sha256 |= fl_text_same(text_of(sum, "algorithm"), "SHA256") && fl_text_same(value, hex);
    }
    if (!sha1) return wrong("%s has no SHA-1, which SPDX 2.3 demands", name);
    return sha256 || wrong("%s has another SHA-256", name);
}

static bool relations_are_fine(const ids *known, const json_t *page)
{
    size_t i, contained = 0, described = 0;
    json_t *relation;
    json_array_foreach(json_object_get(page, "relationships"), i, relation)
    {
        const char *from = text_of(relation, "spdxElementId"), *to = text_of(relation, "relatedSpdxElement"),
                   *how = text_of(relation, "relationshipType");
        if (!knows(known, from)) return wrong("nothing is called %s", from ? from : "so");
        if (!knows(known, to)) return wrong("nothing is called %s", to ? to : "so");
        if (!fits(how, "^(DESCRIBES|CONTAINS|DYNAMIC_LINK|BUILD_TOOL_OF)$"))
            return wrong("'%s' is no relation", how);
        contained += how[0] == 'C', described += strcmp(how, "DESCRIBES") == 0;
    }
    if (contained != json_array_size(json_object_get(page, "files")))
        return wrong("%s", "a file is in no package");
    return described == 1 || wrong("%s", "the document describes not one package");
}

static bool is_fine(const json_t *page)
{
    static ids known;
    size_t i;
    json_t *it;
    known.count = 0;
    fault[0] = 0;
    if (!head_is_fine(page) || !take_id(&known, page)) return false;
    json_array_foreach(json_object_get(page, "packages"), i,
                       it) if (!package_is_fine(&known, it)) return false;
    json_array_foreach(json_object_get(page, "files"), i, it) if (!file_is_fine(&known, it)) return false;
    return relations_are_fine(&known, page);
}

static json_t *load(void)
{
    json_error_t error;
    json_t *page = json_load_file(PAGE, JSON_REJECT_DUPLICATES, &error);
    CHECK(page, "%s:%d: %s", PAGE, error.line, error.text);
    return page;
}

static bool names(const json_t *page, const char *package)
{
    size_t i;
    json_t *it;
    json_array_foreach(json_object_get(page, "packages"), i,
                       it) if (fl_text_same(text_of(it, "name"), package)) return true;
    return false;
}

static void the_bill_is_spdx_and_true(void)
{
    json_t *page = load();
    CHECK(is_fine(page), "%s", fault);
    static const char *const linked[] = {"libc6",     "libsqlite3-0", "libssl3",
                                         "libcairo2", "libpq5",       "libserialport0"};
    for (size_t i = 0; i < sizeof linked / sizeof *linked; i++)
        CHECK(names(page, linked[i]), "%s", linked[i]);
    CHECK(json_array_size(json_object_get(page, "files")) > 500, "our sources");
    json_decref(page);
}

/* What is done to a copy; `path` is walked through objects by key and through arrays by number. */
static const struct spoilt {
    const char *what, *path[5];
    const char *value; /* NULL: taken away */
} spoils[] = {
    {"another version of SPDX", {"spdxVersion"}, "SPDX-3.0"},
    {"no data licence", {"dataLicense"}, NULL},
    {"a name space with a fragment", {"documentNamespace"}, "https://example.org/a#b"},
    {"a date with a time zone", {"creationInfo", "created"}, "2026-11-27T21:00:00+01:00"},
    {"nobody made it", {"creationInfo", "creators"}, NULL},
    {"a package without a version", {"packages", "1", "versionInfo"}, NULL},
    {"a licence nobody knows", {"packages", "1", "licenseDeclared"}, "GPL"},
    {"an identifier with a plus", {"packages", "1", "SPDXID"}, "SPDXRef-Package-c++"},
    {"an identifier twice", {"packages", "1", "SPDXID"}, "SPDXRef-Package-fadeline"},
    {"files analysed without a code", {"packages", "0", "packageVerificationCode"}, NULL},
    {"a package URL with a colon",
     {"packages", "1", "externalRefs", "0", "referenceLocator"},
     "pkg:deb/debian/a@1:2?arch=amd64"},
    {"a file that is not there", {"files", "3", "fileName"}, "./src/nobody.c"},
    {"a file named from the root", {"files", "3", "fileName"}, "/etc/passwd"},
    {"a wrong SHA-256", {"files", "3", "checksums", "1", "checksumValue"}, "00"},
    {"no SHA-1", {"files", "3", "checksums", "0", "algorithm"}, "MD5"},
    {"a file is taken out", {"files", "3"}, NULL},
    {"a relation into nowhere", {"relationships", "3", "relatedSpdxElement"}, "SPDXRef-File-0"},
    {"a relation nobody knows", {"relationships", "3", "relationshipType"}, "CONTAINED"},
    {"nothing is described", {"relationships"}, NULL},
};

static void spoil(json_t *page, const struct spoilt *s)
{
    json_t *at = page;
    size_t n = 0;
    while (n < 4 && s->path[n + 1]) {
        at = json_is_array(at) ? json_array_get(at, (size_t)atoi(s->path[n]))
                               : json_object_get(at, s->path[n]);
        n++;
    }
    const char *key = s->path[n];
    if (json_is_array(at))
        json_array_remove(at, (size_t)atoi(key));
    else if (s->value)
        json_object_set_new(at, key, json_string(s->value));
    else
        json_object_del(at, key);
}

static void every_spoilt_copy_is_refused(void)
{
    json_t *page = load();
    for (size_t i = 0; i < sizeof spoils / sizeof *spoils; i++) {
        json_t *copy = json_deep_copy(page);
        spoil(copy, &spoils[i]);
        CHECK(!json_equal(copy, page), "%s: the copy is spoilt", spoils[i].what);
        CHECK(!is_fine(copy) && fault[0], "%s was not found", spoils[i].what);
        json_decref(copy);
    }
    json_decref(page);
}

FL_TESTS("package/sbom", TEST(the_bill_is_spdx_and_true), TEST(every_spoilt_copy_is_refused))

/* What a browser, or somebody who pretends to be one, sends to the console: queries, forms, pictures,
 * cookies, addresses, heads; and what the console writes of a text that came that way.
 *
 * The first byte chooses which reader the rest is for. What must hold: a form that is read is read alike by a
 * second reader, a machine that goes byte by byte, and refused alike; written again by %XX it reads the same;
 * of several parts each is found again in the bytes, ends before the next boundary, and written again reads
 * the same, whatever boundary was said (a first line that begins with ! is the type); files are counted, the
 * empty ones too, and each is made small or refused, and says nothing but the picture then; an address that
 * is taken has no part that is empty, "." or "..", no byte that divides or escapes; a head that passes names
 * our host, our origin when it is a form, one length; and no text gets out of an element or an attribute.
 */
#include "fuzz.h"

#include "fields.h"
#include "gate.h"
#include "html.h"
#include "small.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define MOST 2048

static fields one, two; /* static: a check may leave by longjmp */
static html page;

/* ---- a second reader: what a form may be, byte by byte ---- */

typedef struct plain { /* names and values, one after the other, each with a 0 */
    char bytes[3 * MOST];
    size_t size, pairs;
    bool good;
} plain;

static int digit(uint8_t c)
{
    const char *all = "0123456789abcdef", *at = c ? strchr(all, c | 32) : NULL;
    return !at || (c < '0') || (c > '9' && c < 'A') ? -1 : (int)(at - all);
}

/* Codepoint by codepoint, from the table of RFC 3629 section 4 rather than by shifts. */
static bool text_is_good(const uint8_t *at, size_t size)
{
    static const struct {
        uint8_t from, to, low, high, more;
    } rows[] = {{0x00, 0x7f, 0, 0, 0},       {0xc2, 0xdf, 0x80, 0xbf, 1}, {0xe0, 0xe0, 0xa0, 0xbf, 2},
                {0xe1, 0xec, 0x80, 0xbf, 2}, {0xed, 0xed, 0x80, 0x9f, 2}, {0xee, 0xef, 0x80, 0xbf, 2},
                {0xf0, 0xf0, 0x90, 0xbf, 3}, {0xf1, 0xf3, 0x80, 0xbf, 3}, {0xf4, 0xf4, 0x80, 0x8f, 3}};
    while (size) {
        size_t r = 0;
        while (r < 9 && !(at[0] >= rows[r].from && at[0] <= rows[r].to)) r++;
        if (r == 9 || size <= rows[r].more) return false;
        if (!r && (at[0] == 0x7f || (at[0] < 32 && !memchr("\t\n\r", at[0], 3)))) return false;
        for (int i = 1; i <= rows[r].more; i++)
            if (at[i] < (i == 1 ? rows[r].low : 0x80) || at[i] > (i == 1 ? rows[r].high : 0xbf)) return false;
        at += rows[r].more + 1;
        size -= rows[r].more + 1u;
    }
    return true;
}

static void read_again(const uint8_t *bytes, size_t size, plain *p)
{
    size_t name = 0, start = 0;
    bool in_name = true;
    p->size = p->pairs = 0;
    p->good = true;
    for (size_t i = 0; i < size && p->good; i++) {
        uint8_t c = bytes[i];
        const bool last = i + 1 == size || bytes[i + 1] == '&';
        if (in_name && c == '=') {
            p->good = name >= 1 && name <= 32;
            in_name = false;
            p->bytes[p->size++] = 0;
            start = p->size;
        } else if (in_name) {
            p->good = c && strchr("abcdefghijklmnopqrstuvwxyz0123456789-_", c);
            p->bytes[p->size++] = (char)c;
            name++;
        } else {
            if (c == '%') {
                const int high = i + 2 < size ? digit(bytes[i + 1]) : -1,
                          low = i + 2 < size ? digit(bytes[i + 2]) : -1;
                p->good = high >= 0 && low >= 0 && high + low > 0;
                c = (uint8_t)(high * 16 + low);
                i += 2;
            } else if (c == '+') {
                c = ' ';
            } else {
                p->good = c != 0;
            }
            p->bytes[p->size++] = (char)c;
        }
        if (!p->good || !(last || i + 1 >= size || bytes[i + 1] == '&')) continue;
        if (i + 1 < size && bytes[i + 1] != '&') continue;
        p->good = !in_name && text_is_good((uint8_t *)p->bytes + start, p->size - start) &&
                  ++p->pairs <= FIELDS_MOST;
        p->bytes[p->size++] = 0;
        i++; /* the & */
        in_name = true;
        name = 0;
        if (i + 1 < size && bytes[i + 1] == '&') p->good = false;
    }
    if (size && bytes[0] == '&') p->good = false;
}

/* ---- forms ---- */

static bool read_form(fields *f, const char *bytes, size_t size)
{
    if (!fields_read_form(f, bytes, size)) return false;
    for (size_t i = 0; i < f->count; i++) {
        field *given = &f->list[i];
        char *value = (char *)given->value;
        if (fuzz_bad == 1) fields_unescape(value, &given->size, true); /* twice */
        if (fuzz_bad == 2 && given->size > 3) value[given->size = 3] = 0;
    }
    return true;
}

static size_t write_form(const fields *f, char *room)
{
    size_t used = 0;
    for (size_t i = 0; i < f->count; i++) {
        used += (size_t)sprintf(room + used, "%s%s=", i ? "&" : "", f->list[i].name);
        for (size_t n = 0; n < f->list[i].size; n++)
            used += (size_t)sprintf(room + used, "%%%02x", (uint8_t)f->list[i].value[n]);
    }
    return used;
}

static void same(const fields *a, const fields *b)
{
    FUZZ_MUST(a->count == b->count, "%zu fields, written again %zu", a->count, b->count);
    for (size_t i = 0; i < a->count; i++)
        FUZZ_MUST(!strcmp(a->list[i].name, b->list[i].name) && a->list[i].size == b->list[i].size &&
                      !memcmp(a->list[i].value, b->list[i].value, a->list[i].size) &&
                      a->list[i].file == b->list[i].file,
                  "field %zu is another when written again", i);
}

static void run_form(const uint8_t *bytes, size_t size)
{
    static plain p;
    static char again[4 * MOST + 64 * FIELDS_MOST];
    read_again(bytes, size, &p);
    const bool taken = read_form(&one, (const char *)bytes, size);
    FUZZ_MUST(taken == p.good, "%s, and by the second reader %s", taken ? "read" : "refused",
              p.good ? "read" : "refused");
    if (!taken) {
        FUZZ_MUST(!one.room && !one.list && !one.count, "refused, but something is left of it");
        return;
    }
    FUZZ_MUST(one.count == p.pairs, "%zu fields, and by the second reader %zu", one.count, p.pairs);
    const char *at = p.bytes;
    for (size_t i = 0; i < one.count; i++) {
        FUZZ_MUST(!strcmp(one.list[i].name, at), "name '%s', and '%s'", one.list[i].name, at);
        at += strlen(at) + 1;
        FUZZ_MUST(!strcmp(one.list[i].value, at) && strlen(at) == one.list[i].size, "value '%s', and '%s'",
                  one.list[i].value, at);
        at += strlen(at) + 1;
    }
    const size_t length = write_form(&one, again);
    FUZZ_MUST(fields_read_form(&two, again, length), "not read when written again");
    same(&one, &two);
}

/* ---- several parts ---- */

#define TYPE "multipart/form-data; boundary=b"

/* A picture out of whatever it was: small enough, whole, and without a word of the camera. */
static void check_picture(const field *f)
{
    small_picture made;
    if (small_make(f->value, f->size, 64, &made, NULL) != FL_OK) {
        FUZZ_MUST(!made.jpeg, "refused, but something is left of it");
        return;
    }
    const bool good = made.width >= 1 && made.width <= 64 && made.height >= 1 && made.height <= 64 &&
                      made.size > 4 && !memcmp(made.jpeg, "\xff\xd8", 2) &&
                      !memcmp(made.jpeg + made.size - 2, "\xff\xd9", 2) &&
                      !memmem(made.jpeg, made.size, "Exif", 4);
    small_free(&made);
    FUZZ_MUST(good, "a picture that is none");
}

static void check_files(const fields *f)
{
    size_t count = 0;
    for (size_t i = 0; i < f->count; i++) {
        if (!f->list[i].file) continue;
        count += fuzz_bad != 7 || f->list[i].size; /* what is empty is not counted */
        const field *first = fields_file(f, f->list[i].name);
        FUZZ_MUST(!f->list[i].size || first, "a file that is not found");
        FUZZ_MUST(!first || (first->file && first->size), "a file that nobody chose");
        FUZZ_MUST(!first || fields_get(f, f->list[i].name) != first->value, "a file is read as a text");
        check_picture(&f->list[i]);
    }
    FUZZ_MUST(count == fields_files(f), "%zu files, and %zu", count, fields_files(f));
}

/* "!type" and a line end before the body: a boundary of their own. */
static void run_type(const char *bytes, size_t size)
{
    static char type[MOST + 1];
    const char *end = memchr(bytes, '\n', size);
    const size_t length = end ? (size_t)(end - bytes) : size;
    memcpy(type, bytes, length);
    type[length] = 0;
    if (!end || !fields_read_multipart(&one, type, end + 1, size - length - 1)) return;
    const char *said = strchr(type, '=');
    FUZZ_MUST(said && strlen(said + 1) >= 1 && strlen(said + 1) <= 70 && !strpbrk(said + 1, " \t;\"\r"),
              "a boundary that is none: %s", type);
    FUZZ_MUST(memmem(end + 1, size - length - 1, said + 1, strlen(said + 1)), "a boundary that nobody sent");
    check_files(&one);
}

static bool read_parts(fields *f, const char *bytes, size_t size)
{
    if (!fields_read_multipart(f, TYPE, bytes, size)) return false;
    if (fuzz_bad == 3 && f->count > 1)
        f->list[0].size = (size_t)(f->list[1].value - f->list[0].value); /* into the next */
    return true;
}

static void run_parts(const uint8_t *bytes, size_t size)
{
    static char again[2 * MOST + 128 * FIELDS_MOST];
    if (size && bytes[0] == '!') {
        run_type((const char *)bytes + 1, size - 1);
        return;
    }
    if (!read_parts(&one, (const char *)bytes, size)) {
        FUZZ_MUST(!one.room && !one.list, "refused, but something is left of it");
        return;
    }
    check_files(&one);
    size_t used = 0;
    for (size_t i = 0; i < one.count; i++) {
        const field *f = &one.list[i];
        FUZZ_MUST(f->name >= one.room && f->value + f->size <= one.room + size + 2,
                  "a field is not in the bytes");
        FUZZ_MUST(f->value[f->size] == 0, "a value has no end");
        FUZZ_MUST(!memmem(f->value, f->size, "\r\n--b", 5), "a boundary is inside a value");
        FUZZ_MUST(f->file || text_is_good((const uint8_t *)f->value, f->size), "a text is none");
        FUZZ_MUST(memmem(bytes, size, f->value, f->size) || !f->size, "a value that nobody sent");
        used += (size_t)sprintf(again + used, "--b\r\nContent-Disposition: form-data; name=\"%s\"%s\r\n\r\n",
                                f->name, f->file ? "; filename=\"f\"" : "");
        memcpy(again + used, f->value, f->size);
        used += f->size;
        used += (size_t)sprintf(again + used, "\r\n");
    }
    used += (size_t)sprintf(again + used, "--b--\r\n");
    FUZZ_MUST(fields_read_multipart(&two, TYPE, again, used), "not read when written again");
    same(&one, &two);
}

/* ---- addresses and cookies ---- */

static void run_path(const uint8_t *bytes, size_t size)
{
    char path[GATE_TARGET_MOST + 1];
    static char target[MOST + 1]; /* the server's is terminated too */
    const char *query;
    memcpy(target, bytes, size);
    target[size] = 0;
    memset(path, 'x', sizeof path);
    bool taken = gate_path(target, size, path, &query);
    if (fuzz_bad == 4 && size && target[0] == '/' && !memchr(target, '%', size) && !memchr(target, 0, size)) {
        taken = true; /* as it stands */
        memcpy(path, target, size);
        path[size] = 0;
        query = "";
    }
    if (!taken) return;
    FUZZ_MUST(path[0] == '/', "does not begin at the root");
    FUZZ_MUST(*query == 0 || (query > target && query <= target + size && query[-1] == '?'),
              "a query from nowhere");
    FUZZ_MUST(strlen(path) <= size, "longer than it came");
    FUZZ_MUST(!strpbrk(path, "%\\"), "an escape is left");
    for (const char *at = path; *at && path[1]; at += strcspn(at + 1, "/") + 1) {
        const size_t part = strcspn(at + 1, "/");
        FUZZ_MUST(part && !(part == 1 && at[1] == '.') && !(part == 2 && at[1] == '.' && at[2] == '.'),
                  "a way up: %s", path);
        for (size_t i = 1; i <= part; i++)
            FUZZ_MUST((uint8_t)at[i] >= 32 && at[i] != 127, "a control character");
    }
}

static void run_cookie(const uint8_t *bytes, size_t size)
{
    static char header[MOST + 1], spelled[MOST + 80];
    char value[65];
    memcpy(header, bytes, size);
    header[size] = 0;
    memset(value, 'y', sizeof value);
    const int found = fields_cookie(header, "fadeline-8020", value, sizeof value);
    FUZZ_MUST(found >= 0 && found <= 2, "%d", found);
    if (found != 1) return;
    FUZZ_MUST(strlen(value) < sizeof value && !strchr(value, ';'), "a value beyond its end");
    snprintf(spelled, sizeof spelled, "fadeline-8020=%s", value);
    FUZZ_MUST(strstr(header, spelled), "a cookie that nobody sent");
}

/* ---- heads ---- */

static void run_head(const uint8_t *bytes, size_t size)
{
    static const char *const hosts[] = {"127.0.0.1:8020", "localhost:8020"};
    static const gate_rules rules = {.hosts = hosts, .host_count = 2, .scheme = "http"};
    static char text[MOST + 1];
    static gate_header lines[GATE_HEADERS_MOST + 4];
    gate_head head = {.method = "POST", .version = "HTTP/1.1", .headers = lines};
    gate_answer answer;
    memcpy(text, bytes, size);
    text[size] = 0;
    char *rest = text, *line = strsep(&rest, "\n");
    head.target = line;
    head.target_size = strlen(line);
    while ((line = strsep(&rest, "\n")) && head.header_count < GATE_HEADERS_MOST + 4) {
        char *colon = strchr(line, ':');
        if (!colon) break;
        *colon = 0;
        lines[head.header_count++] = (gate_header){line, colon + 1};
    }
    bool passes = gate_passes(&rules, &head, &answer);
    if (fuzz_bad == 5 && !passes && answer.status == 403) passes = true;
    if (!passes) {
        FUZZ_MUST(answer.status >= 400 && answer.status < 600 && answer.why, "refused without a word: %d",
                  answer.status);
        return;
    }
    const char *host = NULL, *origin = NULL, *length = NULL;
    size_t count[3] = {0};
    for (size_t i = 0; i < head.header_count; i++) {
        if (!strcasecmp(lines[i].name, "host")) host = lines[i].value, count[0]++;
        if (!strcasecmp(lines[i].name, "origin")) origin = lines[i].value, count[1]++;
        if (!strcasecmp(lines[i].name, "content-length")) length = lines[i].value, count[2]++;
        FUZZ_MUST(strcasecmp(lines[i].name, "transfer-encoding"), "a coded body");
        FUZZ_MUST(strcasecmp(lines[i].name, "sec-fetch-site") || !strcmp(lines[i].value, "same-origin"),
                  "another site");
    }
    FUZZ_MUST(count[0] == 1 && count[1] == 1 && count[2] == 1, "a line that is not there once");
    FUZZ_MUST(!strcasecmp(host, hosts[0]) || !strcasecmp(host, hosts[1]), "host %s", host);
    FUZZ_MUST(!strncmp(origin, "http://", 7) && !strcasecmp(origin + 7, host), "origin %s", origin);
    FUZZ_MUST(strspn(length, "0123456789") == strlen(length) && strtoull(length, NULL, 10) == answer.length &&
                  answer.length <= GATE_PHOTO_MOST,
              "length %s", length);
}

/* ---- what is written ---- */

static void run_text(const uint8_t *bytes, size_t size)
{
    static char text[MOST + 1], back[MOST + 1];
    static const struct {
        const char *escape;
        char c;
    } rows[] = {{"&amp;", '&'},  {"&lt;", '<'},   {"&gt;", '>'},
                {"&quot;", '"'}, {"&#39;", '\''}, {"\xef\xbf\xbd", 1}};
    memcpy(text, bytes, size);
    text[size] = 0;
    html_put(&page, "%s", text);
    if (fuzz_bad == 6)
        for (size_t i = 0; i < page.size; i++)
            if (page.size - i > 4 && !memcmp(page.bytes + i, "&#39;", 5)) page.bytes[i] = '\'';
    size_t used = 0;
    for (size_t i = 0; i < page.size; used++) {
        FUZZ_MUST(!memchr("<>\"'", page.bytes[i], 4), "a '%c' gets out", page.bytes[i]);
        FUZZ_MUST((uint8_t)page.bytes[i] >= 32 || page.bytes[i] == '\n' || page.bytes[i] == '\t',
                  "a control character");
        size_t r = 0;
        while (r < 6 && (page.size - i < strlen(rows[r].escape) ||
                         memcmp(page.bytes + i, rows[r].escape, strlen(rows[r].escape))))
            r++;
        FUZZ_MUST(r < 6 || page.bytes[i] != '&', "an escape that is none");
        back[used] = r < 6 ? rows[r].c : page.bytes[i];
        i += r < 6 ? strlen(rows[r].escape) : 1;
        const bool control =
            text[used] && ((uint8_t)text[used] < 32 || text[used] == 127) && !strchr("\n\t", text[used]);
        if (r == 5 && !control) { /* the text itself had it */
            FUZZ_MUST(!memcmp(text + used, rows[5].escape, 3), "a text became another");
            used += 2;
            continue;
        }
        FUZZ_MUST(control ? r == 5 : back[used] == text[used], "a text became another");
    }
    FUZZ_MUST(used == strlen(text), "a text was cut");
}

static void run(const uint8_t *data, size_t size)
{
    static void (*const readers[])(const uint8_t *, size_t) = {run_form,   run_parts, run_path,
                                                               run_cookie, run_head,  run_text};
    if (!size || size > MOST) return;
    fields_fini(&one); /* of a run that a check left */
    fields_fini(&two);
    html_fini(&page);
    readers[data[0] % 6](data + 1, size - 1);
    fields_fini(&one);
    fields_fini(&two);
    html_fini(&page);
}

static const char *const bad_words[] = {"a form is decoded twice",      "a value is cut",
                                        "a part reaches into the next", "a way up is taken as it stands",
                                        "another site's form passes",   "an apostrophe gets out",
                                        "an empty file is not counted"};
const fuzz_target fuzz_form = {"form", run, 7, bad_words};

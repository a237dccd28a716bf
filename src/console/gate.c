#include "gate.h"

#include "fields.h"

#include <string.h>
#include <strings.h>

static bool refuse(gate_answer *answer, int status, const char *why)
{
    answer->status = status;
    answer->why = why;
    return false;
}

const char *gate_header_of(const gate_head *head, const char *name, size_t *count)
{
    const char *value = NULL;
    *count = 0;
    for (size_t i = 0; i < head->header_count; i++)
        if (strcasecmp(head->headers[i].name, name) == 0) {
            value = head->headers[i].value;
            ++*count;
        }
    return *count == 1 ? value : NULL;
}

static bool is_one_of(const char *value, const char *const *list)
{
    for (; *list; list++)
        if (strcmp(value, *list) == 0) return true;
    return false;
}

/* ---- the address ---- */

/* A part of a path that was escaped may hold any text, but never what divides paths, nor another escape: then
 * what two readers see could differ. */
static bool part_is_plain(const char *part)
{
    if (!*part || strcmp(part, ".") == 0 || strcmp(part, "..") == 0) return false;
    for (const char *c = part; *c; c++)
        if ((unsigned char)*c < 0x20 || *c == 0x7f || *c == '/' || *c == '\\' || *c == '%') return false;
    return fields_is_utf8(part, strlen(part));
}

bool gate_path(const char *target, size_t size, char *path, const char **query)
{
    if (!size || size > GATE_TARGET_MOST || target[0] != '/') return false;
    for (size_t i = 0; i < size; i++)
        if ((unsigned char)target[i] <= 0x20 || (unsigned char)target[i] >= 0x7f || target[i] == '#')
            return false;
    const char *mark = memchr(target, '?', size);
    const size_t path_size = mark ? (size_t)(mark - target) : size;
    *query = mark ? mark + 1 : "";
    char *out = path;
    for (size_t at = 0; at < path_size;) {
        const char *slash = memchr(target + at + 1, '/', path_size - at - 1);
        size_t part = slash ? (size_t)(slash - target) - at - 1 : path_size - at - 1;
        *out++ = '/';
        memcpy(out, target + at + 1, part);
        at += part + 1;
        if (!fields_unescape(out, &part, false)) return false;
        if (!part_is_plain(out) && path_size > 1) return false;
        out += part;
    }
    *out = 0;
    return true;
}

/* ---- the head, question by question ---- */

static bool method_is_known(const gate_head *head, gate_answer *answer)
{
    answer->post = strcmp(head->method, "POST") == 0;
    answer->head = strcmp(head->method, "HEAD") == 0;
    if (!answer->post && !answer->head && strcmp(head->method, "GET") != 0)
        return refuse(answer, 405, "only GET, HEAD and POST are answered here");
    if (strcmp(head->version, "HTTP/1.1") != 0 && strcmp(head->version, "HTTP/1.0") != 0)
        return refuse(answer, 505, "HTTP/1.1 is spoken here");
    return true;
}

/* RFC 9110: a name is a token, a value has no control characters; what is otherwise was not written by a
 * browser. */
static bool lines_are_plain(const gate_head *head, gate_answer *answer)
{
    for (size_t i = 0; i < head->header_count; i++) {
        const char *name = head->headers[i].name;
        if (!*name ||
            name[strspn(name,
                        "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")])
            return refuse(answer, 400, "a header line has no plain name");
        for (const char *c = head->headers[i].value; *c; c++)
            if (((unsigned char)*c < 0x20 && *c != '\t') || *c == 0x7f)
                return refuse(answer, 400, "a header line has control characters");
    }
    return true;
}

static bool head_is_small(const gate_head *head, gate_answer *answer)
{
    size_t size = 0;
    for (size_t i = 0; i < head->header_count; i++)
        size += strlen(head->headers[i].name) + strlen(head->headers[i].value) + 4;
    if (head->header_count > GATE_HEADERS_MOST || size > GATE_HEAD_MOST)
        return refuse(answer, 431, "too many or too long header lines");
    if (head->target_size > GATE_TARGET_MOST) return refuse(answer, 414, "the address is too long");
    return true;
}

static bool host_is_ours(const gate_rules *rules, const gate_head *head, gate_answer *answer)
{
    size_t count;
    const char *host = gate_header_of(head, "host", &count);
    if (!host) return refuse(answer, 400, "say one Host");
    for (size_t i = 0; i < rules->host_count; i++)
        if (strcasecmp(host, rules->hosts[i]) == 0) return true;
    return refuse(answer, 421, "this console has another address: open the one it printed when it started");
}

static bool address_is_plain(const gate_head *head, gate_answer *answer)
{
    char path[GATE_TARGET_MOST + 1];
    const char *query;
    if (!gate_path(head->target, head->target_size, path, &query))
        return refuse(answer, 400, "this address is written in a way that is not read here");
    return true;
}

/* Which of our hosts the request names decides which origin is ours: a page of 127.0.0.1 is not one of
 * localhost. */
static bool origin_is_ours(const gate_rules *rules, const gate_head *head)
{
    size_t count;
    const char *origin = gate_header_of(head, "origin", &count);
    const char *host = gate_header_of(head, "host", &count);
    const size_t scheme = strlen(rules->scheme);
    return origin && host && strncmp(origin, rules->scheme, scheme) == 0 &&
           strncmp(origin + scheme, "://", 3) == 0 && strcasecmp(origin + scheme + 3, host) == 0;
}

/* Fetch metadata (W3C): old browsers send none, then Origin and the cookie's SameSite are what is left. */
static bool site_is_ours(const gate_rules *rules, const gate_head *head, gate_answer *answer)
{
    static const char *const dests[] = {"document", "style", "script", "image",
                                        "font",     "audio", "empty",  NULL};
    size_t sites, dest_count, origins;
    const char *site = gate_header_of(head, "sec-fetch-site", &sites);
    const char *dest = gate_header_of(head, "sec-fetch-dest", &dest_count);
    gate_header_of(head, "origin", &origins);
    if (sites > 1 || dest_count > 1 || origins > 1)
        return refuse(answer, 400, "a header line came twice that may come once");
    if (origins && !origin_is_ours(rules, head)) return refuse(answer, 403, "another site asked for this");
    if (answer->post && !origins) return refuse(answer, 403, "a form must say its Origin");
    if (site && strcmp(site, "same-origin") != 0 && (answer->post || strcmp(site, "none") != 0))
        return refuse(answer, 403, "another site asked for this: open the console in a tab of its own");
    if (dest && !is_one_of(dest, dests)) return refuse(answer, 403, "this is not shown inside other pages");
    return true;
}

static bool read_length(const char *text, uint64_t *length)
{
    uint64_t value = 0;
    if (!*text || strlen(text) > 12) return false;
    for (; *text; text++) {
        if (*text < '0' || *text > '9') return false;
        value = value * 10 + (uint64_t)(*text - '0');
    }
    *length = value;
    return true;
}

static bool length_is_stated(const gate_head *head, gate_answer *answer)
{
    size_t count, coded;
    const char *length = gate_header_of(head, "content-length", &count);
    gate_header_of(head, "transfer-encoding", &coded);
    if (count > 1 || (count && coded)) return refuse(answer, 400, "two lengths are stated");
    if (coded) return refuse(answer, 411, "say the length beforehand: no transfer coding is read here");
    if (count && !read_length(length, &answer->length)) return refuse(answer, 400, "the length is no number");
    if (!answer->post && answer->length) return refuse(answer, 400, "this method has no body");
    if (answer->post && !count) return refuse(answer, 411, "say the length of the form");
    return true;
}

static bool body_is_a_form(const gate_head *head, gate_answer *answer)
{
    static const char form[] = "application/x-www-form-urlencoded",
                      parts[] = "multipart/form-data; boundary=";
    size_t count, coded;
    const char *type = gate_header_of(head, "content-type", &count);
    gate_header_of(head, "content-encoding", &coded);
    if (!answer->post) return true;
    if (coded) return refuse(answer, 415, "no content coding is read here");
    if (count > 1) return refuse(answer, 400, "a header line came twice that may come once");
    answer->multipart = type && strncasecmp(type, parts, sizeof parts - 1) == 0;
    const bool plain = type && strncasecmp(type, form, sizeof form - 1) == 0 &&
                       (!type[sizeof form - 1] || strcasecmp(type + sizeof form - 1, ";charset=utf-8") == 0 ||
                        strcasecmp(type + sizeof form - 1, "; charset=utf-8") == 0);
    if (!plain && !answer->multipart) return refuse(answer, 415, "only forms are read here");
    if (answer->length > (answer->multipart ? GATE_PHOTO_MOST : GATE_BODY_MOST))
        return refuse(answer, 413, "the form is too large");
    return true;
}

static bool cookie_is_small(const gate_head *head, gate_answer *answer)
{
    size_t count;
    const char *cookie = gate_header_of(head, "cookie", &count);
    if (count > 1) return refuse(answer, 400, "a header line came twice that may come once");
    if (cookie && strlen(cookie) > GATE_COOKIE_MOST) return refuse(answer, 431, "the cookies are too long");
    return true;
}

bool gate_passes(const gate_rules *rules, const gate_head *head, gate_answer *answer)
{
    *answer = (gate_answer){0};
    return method_is_known(head, answer) && head_is_small(head, answer) && lines_are_plain(head, answer) &&
           host_is_ours(rules, head, answer) && address_is_plain(head, answer) &&
           site_is_ours(rules, head, answer) && length_is_stated(head, answer) &&
           body_is_a_form(head, answer) && cookie_is_small(head, answer);
}

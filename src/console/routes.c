#include "routes.h"

#include <string.h>

static const route routes[] = {
#define X(method, path, who, how, nav, handler) {ROUTE_##method, path, who, how, W_##nav, handler},
    ROUTE_LIST(X)
#undef X
};

const route *routes_at(size_t n)
{
    return n < sizeof routes / sizeof *routes ? &routes[n] : NULL;
}

/* Part by part; where the row says :name, the part's place is remembered. */
static bool fits(const char *pattern, const char *path, size_t at[ROUTE_PARTS], size_t *count)
{
    size_t from = 0;
    *count = 0;
    while (pattern[0] && path[from]) {
        const size_t want = strcspn(pattern + 1, "/") + 1, got = strcspn(path + from + 1, "/") + 1;
        if (pattern[1] == ':') {
            if (*count == ROUTE_PARTS || got < 2) return false;
            at[(*count)++] = from + 1;
        } else if (want != got || memcmp(pattern, path + from, got) != 0) {
            return false;
        }
        pattern += want;
        from += got;
    }
    return !pattern[0] && !path[from];
}

const route *routes_find(route_method method, char *path, const char *parts[ROUTE_PARTS], bool *other)
{
    size_t at[ROUTE_PARTS], count;
    *other = false;
    for (size_t i = 0; i < sizeof routes / sizeof *routes; i++) {
        if (!fits(routes[i].path, path, at, &count)) continue;
        if (routes[i].method != method) {
            *other = true;
            continue;
        }
        for (size_t n = count; n-- > 0;) { /* from the last: each ends where the next begins, or at its slash */
            parts[n] = path + at[n];
            path[at[n] + strcspn(parts[n], "/")] = 0;
            path[at[n] - 1] = 0;
        }
        return &routes[i];
    }
    return NULL;
}

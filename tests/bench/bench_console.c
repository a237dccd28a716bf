/* bench_console [N]: the first page of the console, with all it needs, as a browser fetches it on loopback:
 * bytes, and milliseconds beside a bare libmicrohttpd that says hello, in the same process, in turns. One
 * line a request, so that a connection costs both the same. Medians of N (200). */
#include "helper_console.h"

#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define MOST 2000

static double now_ms(void)
{
    return (double)fl_clock_system()->now(NULL).us / 1e3;
}

static double used_ms(void)
{
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1e3 +
           (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e3;
}

static enum MHD_Result hello(void *self, struct MHD_Connection *connection, const char *url,
                             const char *method, const char *version, const char *upload, size_t *size,
                             void **context)
{
    static char text[] = "hello";
    (void)self, (void)url, (void)method, (void)version, (void)upload, (void)size;
    if (!*context) return *context = text, MHD_YES;
    struct MHD_Response *response =
        MHD_create_response_from_buffer(sizeof text - 1, text, MHD_RESPMEM_PERSISTENT);
    const enum MHD_Result result = MHD_queue_response(connection, 200, response);
    MHD_destroy_response(response);
    return result;
}

/* ---- figures ---- */

typedef struct figure {
    const char *what;
    double wall[MOST], used[MOST];
    size_t bytes, count;
} figure;

static int rising(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double at(double *values, size_t count, double share)
{
    qsort(values, count, sizeof *values, rising);
    return values[(size_t)((double)(count - 1) * share)];
}

static size_t fetch(http_browser *b, const char *path)
{
    const http_answer a = http_get(b, path);
    if (a.status != 200) fprintf(stderr, "bench_console: %s: %d\n", path, a.status), exit(1);
    return strlen(a.head) + a.body_size;
}

static void measure(figure *f, http_browser *b, const char *const *paths)
{
    const double wall = now_ms(), used = used_ms();
    f->bytes = 0;
    for (; *paths; paths++) f->bytes += fetch(b, *paths);
    f->wall[f->count] = now_ms() - wall;
    f->used[f->count++] = used_ms() - used;
}

int main(int argc, char **argv)
{
    static figure bare = {.what = "bare hello"}, first = {.what = "first page, css, js, icon"},
                  page = {.what = "first page alone"}, home = {.what = "home, signed in"},
                  picture = {.what = "a laser, with its picture"};
    static const char *const hello_path[] = {"/", NULL}, *const laser[] = {"/laser/example-pico", NULL};
    static const char *const all[] = {"/", "/assets/console.css", "/assets/console.js", "/assets/icon.svg",
                                      NULL};
    const size_t count = argc > 1 ? strtoul(argv[1], NULL, 10) : 200;
    fl_console *c = console_start();
    struct MHD_Daemon *daemon =
        MHD_start_daemon(MHD_USE_THREAD_PER_CONNECTION | MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_POLL, 0,
                         NULL, NULL, hello, NULL, MHD_OPTION_END);
    char url[64];
    http_browser stranger, signed_in, other;
    snprintf(url, sizeof url, "http://127.0.0.1:%u/",
             (unsigned)MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT)->port);
    http_browser_at(&other, url);
    http_browser_at(&stranger, fl_console_url(c));
    http_browser_at(&signed_in, fl_console_url(c));
    if (!http_sign_in(&signed_in, "own:1", PIN_OWNER)) return 1;
    figure *const figures[] = {&bare, &page, &first, &home, &picture};
    for (size_t i = 0; i < count && i < MOST; i++) {
        measure(&bare, &other, hello_path);
        measure(&page, &stranger, hello_path);
        measure(&first, &stranger, all);
        measure(&home, &signed_in, hello_path);
        measure(&picture, &signed_in, laser);
    }
    printf("%-28s %8s %10s %10s %12s %8s\n", "medians", "bytes", "ms", "p99 ms", "processor ms", "ratio");
    const double unit = at(bare.wall, bare.count, 0.5);
    for (size_t i = 0; i < sizeof figures / sizeof *figures; i++) {
        figure *f = figures[i];
        const double wall = at(f->wall, f->count, 0.5);
        printf("%-28s %8zu %10.3f %10.3f %12.3f %8.1f\n", f->what, f->bytes, wall,
               at(f->wall, f->count, 0.99), at(f->used, f->count, 0.5), wall / unit);
    }
    MHD_stop_daemon(daemon);
    console_stop(c);
    return 0;
}

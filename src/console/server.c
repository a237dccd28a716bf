#include "server.h"

#include "answer.h"
#include "live.h"
#include "watch.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CONNECTIONS 128
#define CONNECTION_MEMORY (32 * 1024) /* head and what waits to be sent; our own limits are below it */
#define HEADERS (GATE_HEADERS_MOST + 1)
#define COMING_MOST 8 /* pictures read at a time, of 8 MB each, twice while they are taken apart */

typedef struct exchange {  /* one request and its answer */
    char *target;          /* as it came */
    const char *target_at; /* where the library had it */
    bool begun, comes;     /* comes: one of fl_console.coming */
    gate_header headers[HEADERS];
    gate_head head;
    gate_answer gate;
    char *body;
    size_t body_size;
    uint64_t halts; /* when the head was here: a body that is held back does not make an order newer */
} exchange;

/* ---- answers ---- */

static void add(struct MHD_Response *response, const char *name, const char *value)
{
    MHD_add_response_header(response, name, value);
}

/* What every answer of ours says, refusals too. Referrer-Policy same-origin and not no-referrer: with that
 * one browsers send `Origin: null` with our own forms, and the gate could not tell them from a stranger's. */
static void add_guards(struct MHD_Response *response)
{
    add(response, "Content-Security-Policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "form-action 'self'; frame-ancestors 'none'; base-uri 'none'");
    add(response, "X-Content-Type-Options", "nosniff");
    add(response, "Referrer-Policy", "same-origin");
    add(response, "Cross-Origin-Opener-Policy", "same-origin");
    add(response, "Cross-Origin-Resource-Policy", "same-origin");
    add(response, "X-Frame-Options", "DENY");
    add(response, "Permissions-Policy", "camera=(), geolocation=(), microphone=()");
}

static enum MHD_Result send_plain(struct MHD_Connection *connection, const gate_answer *no)
{
    char text[400];
    const int size = snprintf(text, sizeof text, "%s\n", no->why);
    struct MHD_Response *response =
        MHD_create_response_from_buffer((size_t)size, text, MHD_RESPMEM_MUST_COPY);
    if (!response) return MHD_NO;
    add_guards(response);
    add(response, "Content-Type", "text/plain; charset=utf-8");
    add(response, "Cache-Control", "no-store");
    add(response, "Connection", "close"); /* what follows on this line is not to be trusted either */
    if (no->status == 405) add(response, "Allow", "GET, HEAD, POST");
    const enum MHD_Result result = MHD_queue_response(connection, (unsigned)no->status, response);
    MHD_destroy_response(response);
    return result;
}

static void add_cookies(const door *d, const page *p, struct MHD_Response *response)
{
    char line[200];
    const visitor *v = p->visitor;
    if (v->fresh) {
        snprintf(line, sizeof line, "%s=%s; Path=/; SameSite=Strict; HttpOnly%s", d->cookie, v->cookie,
                 d->marks);
        add(response, "Set-Cookie", line);
    }
    for (size_t n = 0; n < sizeof p->cookies / sizeof *p->cookies && p->cookies[n]; n++)
        add(response, "Set-Cookie", p->cookies[n]);
}

static ssize_t read_stream(void *self, uint64_t position, char *bytes, size_t room)
{
    page *p = self;
    (void)position;
    if (page_is_stopping(p)) return MHD_CONTENT_READER_END_OF_STREAM;
    const ssize_t got = p->stream(p->stream_self, bytes, room);
    return got < 0 ? MHD_CONTENT_READER_END_OF_STREAM : got;
}

/* The stream outlives the request's page: its three pointers are kept. */
static void free_stream(void *self)
{
    page *p = self;
    if (p->stream_free) p->stream_free(p->stream_self);
    free(p);
}

static struct MHD_Response *stream_response(const page *p)
{
    page *kept = calloc(1, sizeof *kept);
    if (!kept) return NULL;
    *kept = (page){.console = p->console,
                   .stream = p->stream,
                   .stream_self = p->stream_self,
                   .stream_free = p->stream_free};
    struct MHD_Response *response =
        MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 4096, read_stream, kept, free_stream);
    if (!response) free(kept);
    return response;
}

static struct MHD_Response *page_response(page *p)
{
    if (p->stream) return stream_response(p);
    if (p->html.failed) {
        const char *sorry = say(p, W_NO_MEMORY);
        p->status = 500;
        return MHD_create_response_from_buffer(strlen(sorry), (void *)sorry, MHD_RESPMEM_MUST_COPY);
    }
    struct MHD_Response *response =
        MHD_create_response_from_buffer(p->html.size, p->html.bytes, MHD_RESPMEM_MUST_FREE);
    if (response) p->html = (html){0};
    return response;
}

static enum MHD_Result send_page(const door *d, struct MHD_Connection *connection, page *p)
{
    char line[300];
    const bool stream = p->stream != NULL;
    struct MHD_Response *response = page_response(p);
    if (!response) {
        if (p->stream_free) p->stream_free(p->stream_self);
        return MHD_NO;
    }
    add_guards(response);
    add(response, "Content-Type", p->type);
    add(response, "Cache-Control", p->etag ? "no-cache" : "no-store");
    if (p->etag) add(response, "ETag", p->etag);
    if (p->location) add(response, "Location", p->location);
    if (p->download) {
        snprintf(line, sizeof line, "attachment; filename=\"%.200s\"", p->download);
        add(response, "Content-Disposition", line);
    }
    if (p->act_token[0]) add(response, "Fadeline-Token", p->act_token);
    add_cookies(d, p, response);
    if (stream) MHD_set_connection_option(connection, MHD_CONNECTION_OPTION_TIMEOUT, 0u);
    const enum MHD_Result result = MHD_queue_response(connection, (unsigned)p->status, response);
    MHD_destroy_response(response);
    return result;
}

/* ---- requests ---- */

static watched *watched_of(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info ? info->socket_context : NULL;
}

static enum MHD_Result take_header(void *self, enum MHD_ValueKind kind, const char *name, const char *value)
{
    exchange *e = self;
    (void)kind;
    if (e->head.header_count == HEADERS) return MHD_NO; /* one too many is enough to know */
    e->headers[e->head.header_count++] = (gate_header){name, value ? value : ""};
    return MHD_YES;
}

/* libmicrohttpd before 1.0 takes a 0 byte in the address for its end. Its version string stands right behind
 * the address in the same buffer: when it does not, something was there. Later ones refuse by themselves. */
static bool target_is_cut(const exchange *e, const char *version)
{
#if MHD_VERSION < 0x01000000
    return e->target_at + e->head.target_size + 1 != version;
#else
    (void)e;
    (void)version;
    return false;
#endif
}

static bool let_in(door *d, struct MHD_Connection *connection, exchange *e, const char *method,
                   const char *version)
{
    e->halts = live_halts(d->console->live);
    e->head = (gate_head){.method = method,
                          .version = version,
                          .target = e->target,
                          .target_size = strlen(e->target),
                          .headers = e->headers};
    MHD_get_connection_values(connection, MHD_HEADER_KIND, take_header, e);
    if (target_is_cut(e, version)) {
        e->gate = (gate_answer){.status = 400, .why = "there is a 0 byte in this address"};
        return false;
    }
    if (!gate_passes(&d->rules, &e->head, &e->gate)) return false;
    const asked a = {.head = &e->head, .gate = &e->gate};
    e->gate.status = answer_early(d, &a, &e->gate.why);
    if (e->gate.status) return false;
    if (e->gate.multipart) {
        e->comes = true;
        if (atomic_fetch_add(&d->console->coming, 1) >= COMING_MOST) {
            e->gate.status = 503;
            e->gate.why = "several pictures are coming in already: send it again in a moment";
            return false;
        }
    }
    if (e->gate.length && !(e->body = malloc(e->gate.length))) {
        e->gate.status = 503;
        e->gate.why = "no memory for this form";
    }
    return !e->gate.status;
}

static enum MHD_Result finish(door *d, struct MHD_Connection *connection, exchange *e)
{
    const asked a = {.head = &e->head,
                     .gate = &e->gate,
                     .body = e->body ? e->body : "",
                     .body_size = e->body_size,
                     .halts = e->halts};
    request r = {0};
    visitor v = {0};
    page p;
    answer_make(d, &a, &r, &v, &p);
    watch_phase_is(d->console->watch, watched_of(connection), p.stream ? WATCH_STREAM : WATCH_ANSWER);
    const enum MHD_Result result = send_page(d, connection, &p);
    page_fini(&p);
    fields_fini(&r.query);
    fields_fini(&r.form);
    return result;
}

static enum MHD_Result on_request(void *self, struct MHD_Connection *connection, const char *url,
                                  const char *method, const char *version, const char *upload, size_t *size,
                                  void **context)
{
    door *d = self;
    exchange *e = *context;
    (void)url; /* decoded by the library's rules; ours are gate_path's */
    if (!e || !e->target) return MHD_NO;
    if (!e->begun) {
        e->begun = true;
        if (!let_in(d, connection, e, method, version)) {
            watch_phase_is(d->console->watch, watched_of(connection), WATCH_ANSWER);
            return send_plain(connection, &e->gate);
        }
        watch_phase_is(d->console->watch, watched_of(connection),
                       e->gate.multipart ? WATCH_PHOTO : WATCH_FORM);
        return MHD_YES;
    }
    if (*size) {
        if (*size > e->gate.length - e->body_size) return MHD_NO;
        memcpy(e->body + e->body_size, upload, *size);
        e->body_size += *size;
        *size = 0;
        return MHD_YES;
    }
    return finish(d, connection, e);
}

static void *on_target(void *self, const char *target, struct MHD_Connection *connection)
{
    (void)self;
    (void)connection;
    exchange *e = calloc(1, sizeof *e);
    if (e) {
        e->target = strdup(target);
        e->target_at = target;
    }
    return e;
}

static void on_completed(void *self, struct MHD_Connection *connection, void **context,
                         enum MHD_RequestTerminationCode why)
{
    const door *d = self;
    exchange *e = *context;
    (void)why;
    watch_phase_is(d->console->watch, watched_of(connection), WATCH_HEAD);
    if (!e) return;
    if (e->comes) atomic_fetch_sub(&d->console->coming, 1);
    if (e->body) explicit_bzero(e->body, e->body_size); /* a PIN may be in it */
    free(e->body);
    free(e->target);
    free(e);
    *context = NULL;
}

static void on_connection(void *self, struct MHD_Connection *connection, void **context,
                          enum MHD_ConnectionNotificationCode what)
{
    const door *d = self;
    if (what == MHD_CONNECTION_NOTIFY_CLOSED) {
        watch_end(d->console->watch, *context);
        *context = NULL;
        return;
    }
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    *context = info ? watch_begin(d->console->watch, d, info->connect_fd) : NULL;
}

/* ---- the socket ---- */

static int listen_at(const char *address, uint16_t *port, fl_error *error)
{
    const int yes = 1;
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(*port)};
    socklen_t size = sizeof at;
    if (inet_pton(AF_INET, address, &at.sin_addr) != 1) {
        fl_error_set(error, FL_E_USAGE, "'%s' is no address such as 192.168.1.20", address);
        return -1;
    }
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0) setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (fd >= 0 && bind(fd, (struct sockaddr *)&at, sizeof at) == 0 && listen(fd, CONNECTIONS) == 0 &&
        getsockname(fd, (struct sockaddr *)&at, &size) == 0) {
        *port = ntohs(at.sin_port);
        return fd;
    }
    fl_error_set(error, errno == EADDRINUSE ? FL_E_BUSY : FL_E_IO, "cannot listen on %s port %u: %s", address,
                 (unsigned)*port, strerror(errno));
    if (errno == EADDRINUSE) fl_error_hint(error, "a console is running already? another: --port N");
    if (fd >= 0) close(fd);
    return -1;
}

static void add_host(door *d, const char *name, uint16_t port)
{
    if (d->rules.host_count == CONSOLE_HOSTS) return;
    char *room = d->host_room[d->rules.host_count];
    if (d->far && port == 443) /* a browser leaves it out */
        snprintf(room, sizeof d->host_room[0], "%s", name);
    else
        snprintf(room, sizeof d->host_room[0], "%s:%u", name, (unsigned)port);
    d->hosts[d->rules.host_count++] = room;
}

static void name_hosts(door *d, const char *address, uint16_t port, const char *const *names)
{
    d->rules = (gate_rules){.hosts = d->hosts, .scheme = d->far ? "https" : "http"};
    for (; names && *names; names++) add_host(d, *names, port);
    add_host(d, address, port);
    if (!d->far) add_host(d, "localhost", port);
    snprintf(d->url, sizeof d->url, "%s://%s/", d->rules.scheme, d->hosts[0]);
    /* __Host-: only over TLS, only this host, and no other name of the domain can set it. */
    snprintf(d->cookie, sizeof d->cookie, "%sfadeline-%u", d->far ? "__Host-" : "", (unsigned)port);
    snprintf(d->tablet, sizeof d->tablet, "__Host-fadeline-tablet-%u", (unsigned)port);
    snprintf(d->marks, sizeof d->marks, "%s", d->far ? "; Secure" : "");
}

#define TLS_PRIORITIES "SECURE128:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2"

static struct MHD_Daemon *start(door *d, int fd)
{
    const unsigned flags = MHD_USE_THREAD_PER_CONNECTION | MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_POLL;
    struct MHD_OptionItem tls[] = {{MHD_OPTION_HTTPS_MEM_CERT, 0, d->certificate},
                                   {MHD_OPTION_HTTPS_MEM_KEY, 0, d->key},
                                   {MHD_OPTION_HTTPS_PRIORITIES, 0, (void *)TLS_PRIORITIES},
                                   {MHD_OPTION_END, 0, NULL}};
    return MHD_start_daemon(flags | (d->far ? MHD_USE_TLS : 0), 0, NULL, NULL, on_request, d,
                            MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS,
                            MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY,
                            MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)(WATCH_ANSWER_MS / 1000),
                            MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_URI_LOG_CALLBACK, on_target, d,
                            MHD_OPTION_NOTIFY_COMPLETED, on_completed, d, MHD_OPTION_NOTIFY_CONNECTION,
                            on_connection, d, MHD_OPTION_ARRAY, d->far ? tls : tls + 3, MHD_OPTION_END);
}

fl_status server_open(door *d, const char *address, uint16_t port, const char *const *names, fl_error *error)
{
    const int fd = listen_at(address, &port, error);
    if (fd < 0) return error ? error->status : FL_E_IO;
    name_hosts(d, address, port, names);
    d->daemon = start(d, fd);
    if (d->daemon) return FL_OK;
    close(fd);
    if (!d->far) return fl_error_set(error, FL_E_IO, "the web server did not start");
    fl_error_set(error, FL_E_FILE, "the certificate and the key cannot be used together");
    return fl_error_hint(error, "both as PEM, the key without a password, and of this certificate"),
           FL_E_FILE;
}

void server_close(door *d)
{
    if (!d->daemon) return;
    watch_cut_streams(d->console->watch);
    MHD_stop_daemon(d->daemon); /* pages under way are finished; its threads are joined */
    d->daemon = NULL;
}

#include "faces.h"

#include "fadeline/base/assert.h"
#include "fadeline/base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define COST_US (1000000 / FACES_RATE)
#define CREDIT_US (FACES_BURST * COST_US)
#define ACCEPTS_AT_ONCE (2 * FACES_MOST)

typedef struct face {
    int socket; /* -1: free */
    unsigned id;
    int64_t number; /* of its last order */
    fl_instant heard;
    int64_t credit_us; /* of the place, not of who sits in it; an order costs COST_US */
    bool flooding;     /* only STANDBY is still taken from what it sent */
    bool shut;         /* after a flood */
    size_t in_size, out_size;
    char in[FACES_IN], out[FACES_OUT];
} face;

struct fl_faces {
    int listener;
    unsigned next_id, next_face;
    fl_instant now; /* of the last poll */
    char path[108];
    face list[FACES_MOST];
};

static const struct {
    const char *word;
    fl_face_do what;
    const char *text_key, *value_key;
} words[] = {
    {"sign-in", FL_DO_SIGN_IN, NULL, NULL},
    {"sign-out", FL_DO_SIGN_OUT, NULL, NULL},
    {"reconcile", FL_DO_RECONCILE, "reason", NULL},
    {"service", FL_DO_SERVICE, NULL, NULL},
    {"second", FL_DO_SECOND, NULL, NULL},
    {"date", FL_DO_DATE, "date", NULL},
    {"eyewear", FL_DO_EYEWEAR, "code", "wl_nm"},
    {"zone", FL_DO_ZONE, "zone", NULL},
    {"spots", FL_DO_SPOTS, NULL, "spot"},
    {"arm", FL_DO_ARM, NULL, NULL},
    {"standby", FL_DO_STANDBY, NULL, NULL},
    {"reset", FL_DO_RESET, NULL, "fault"},
    {"endpoint", FL_DO_ENDPOINT, "seen", NULL},
    {"note", FL_DO_NOTE, "said", NULL},
    {"near-miss", FL_DO_NEAR_MISS, "what", NULL},
    {"end", FL_DO_END, NULL, NULL},
    {"here", FL_DO_HERE, NULL, NULL},
};

/* Nobody is there and nobody was. */
static void forget(fl_faces *faces)
{
    faces->next_id = faces->next_face = 0;
    faces->now = (fl_instant){0};
    for (int i = 0; i < FACES_MOST; i++) {
        memset(&faces->list[i], 0, offsetof(face, in));
        faces->list[i].socket = -1;
        faces->list[i].credit_us = CREDIT_US;
    }
}

fl_status fl_faces_open(const char *path, fl_faces **faces, fl_error *error)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (snprintf(address.sun_path, sizeof address.sun_path, "%s", path) >= (int)sizeof address.sun_path)
        return fl_error_set(error, FL_E_USAGE, "the socket's name is longer than 107 bytes");
    fl_faces *made = malloc(sizeof *made);
    if (!made) return fl_error_set(error, FL_E_MEMORY, "no memory for the faces");
    explicit_bzero(made, sizeof *made); /* touches every page, as in the writer */
    forget(made);
    memcpy(made->path, address.sun_path, sizeof made->path);
    unlink(path);
    made->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    const mode_t mask = umask(0177); /* only the user who started it may give orders */
    const bool bound =
        made->listener >= 0 && bind(made->listener, (struct sockaddr *)&address, sizeof address) == 0;
    umask(mask);
    if (!bound || listen(made->listener, FACES_MOST) != 0) {
        const int why = errno;
        if (made->listener >= 0) close(made->listener);
        free(made);
        return fl_error_set(error, FL_E_IO, "cannot listen on %s: %s", path, strerror(why));
    }
    *faces = made;
    return FL_OK;
}

static void cut_off(face *f)
{
    close(f->socket);
    f->socket = -1;
}

static void write_out(face *f)
{
    while (f->socket >= 0 && f->out_size) {
        const ssize_t put = send(f->socket, f->out, f->out_size, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (put < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return;
        if (put <= 0) return cut_off(f);
        f->out_size -= (size_t)put;
        memmove(f->out, f->out + put, f->out_size);
    }
}

void fl_faces_restart(fl_faces *faces)
{
    for (int i = 0; i < FACES_MOST; i++)
        if (faces->list[i].socket >= 0) cut_off(&faces->list[i]);
    forget(faces);
}

void fl_faces_close(fl_faces *faces)
{
    if (!faces) return;
    for (int i = 0; i < FACES_MOST; i++) {
        write_out(&faces->list[i]);
        if (faces->list[i].socket >= 0) cut_off(&faces->list[i]);
    }
    close(faces->listener);
    unlink(faces->path);
    free(faces);
}

unsigned fl_faces_pollfds(const fl_faces *faces, struct pollfd *fds)
{
    unsigned n = 0;
    fds[n++] = (struct pollfd){.fd = faces->listener, .events = POLLIN};
    for (int i = 0; i < FACES_MOST; i++) {
        const face *f = &faces->list[i];
        if (f->socket >= 0)
            fds[n++] =
                (struct pollfd){.fd = f->socket, .events = (short)(POLLIN | (f->out_size ? POLLOUT : 0))};
    }
    return n;
}

static void accept_new(fl_faces *faces, fl_instant now)
{
    for (int n = 0; n < ACCEPTS_AT_ONCE; n++) { /* who dials faster than that waits for the next turn */
        const int socket = accept4(faces->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (socket < 0) return;
        int i = 0;
        while (i < FACES_MOST && (faces->list[i].socket >= 0 || faces->list[i].shut)) i++;
        if (i == FACES_MOST) {
            close(socket);
            continue;
        }
        face *f = &faces->list[i];
        f->socket = socket;
        f->id = ++faces->next_id;
        f->number = 0;
        f->flooding = false;
        f->in_size = f->out_size = 0;
        f->heard = now;
    }
}

static void read_in(face *f, fl_instant now)
{
    const size_t room = sizeof f->in - f->in_size;
    const ssize_t got = room ? recv(f->socket, f->in + f->in_size, room, MSG_DONTWAIT) : -1;
    if (got < 0 && (!room || errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) return;
    if (got <= 0) return cut_off(f);
    f->in_size += (size_t)got;
    f->heard = now;
}

static void refill(fl_faces *faces, fl_instant now)
{
    const int64_t passed_us = fl_since(now, faces->now).us;
    faces->now = now;
    for (int i = 0; i < FACES_MOST; i++) {
        face *f = &faces->list[i];
        f->credit_us = passed_us < CREDIT_US - f->credit_us ? f->credit_us + passed_us : CREDIT_US;
        if (f->credit_us >= CREDIT_US / 2) f->shut = false;
    }
}

void fl_faces_poll(fl_faces *faces, fl_instant now)
{
    refill(faces, now);
    accept_new(faces, now);
    for (int i = 0; i < FACES_MOST; i++) {
        if (faces->list[i].socket >= 0) read_in(&faces->list[i], now);
        write_out(&faces->list[i]);
    }
}

/* Takes the next line off the face's buffer; false when there is none. The bytes are valid until the next
 * read. */
static bool take_line(face *f, char line[FL_FACE_LINE_MAX], size_t *size)
{
    const char *end = memchr(f->in, '\n', f->in_size);
    const size_t length = end ? (size_t)(end - f->in) : f->in_size;
    if (length >= FL_FACE_LINE_MAX) return cut_off(f), false;
    if (!end) return false;
    memcpy(line, f->in, length);
    *size = length;
    f->in_size -= length + 1;
    memmove(f->in, end + 1, f->in_size);
    return true;
}

static void text_of(const fl_record *record, const char *key, char room[FACES_TEXT])
{
    if (!key || fl_record_text(record, key, room, FACES_TEXT) != FL_OK) room[0] = 0;
}

/* It goes into the journal beside what was ordered, so nothing else than a short name is taken; no order
 * fails for it. */
static void screen_of(const fl_record *record, char room[FACES_SCREEN])
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyz0123456789-";
    if (fl_record_text(record, "screen", room, FACES_SCREEN) != FL_OK || room[strspn(room, plain)])
        room[0] = 0;
}

static bool understand(const fl_record *record, fl_face_order *order)
{
    char word[FACES_TEXT];
    if (fl_record_text(record, "do", word, sizeof word) != FL_OK) return false;
    if (fl_record_int(record, "order", &order->number) != FL_OK) return false;
    order->what = FL_DO_UNKNOWN;
    order->value = -1;
    order->text[0] = 0;
    text_of(record, "who", order->who);
    text_of(record, "pin", order->pin);
    text_of(record, "about", order->about);
    screen_of(record, order->screen);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strcmp(word, words[i].word) != 0) continue;
        order->what = words[i].what;
        text_of(record, words[i].text_key, order->text);
        if (words[i].value_key && fl_record_int(record, words[i].value_key, &order->value) != FL_OK)
            order->value = -1;
    }
    return true;
}

/* What a flooding face has sent already is thrown away, up to the next STANDBY; then the face is cut off. */
static bool take_standby(face *f, fl_face_order *order)
{
    char line[FL_FACE_LINE_MAX];
    size_t size;
    fl_record record;
    while (f->socket >= 0 && take_line(f, line, &size)) {
        if (fl_record_read(line, size, &record) != FL_OK || !understand(&record, order)) break;
        order->face = f->id;
        if (order->what != FL_DO_STANDBY || order->number <= f->number) continue;
        f->number = order->number;
        return true;
    }
    if (f->socket >= 0) cut_off(f);
    return false;
}

/* False when there is no credit left; the order becomes the flood's own record then. */
static bool pay(face *f, fl_face_order *order)
{
    if (order->what == FL_DO_STANDBY && order->number > f->number) return true;
    if (f->credit_us >= COST_US) {
        f->credit_us -= COST_US;
        return true;
    }
    f->flooding = f->shut = true;
    *order = (fl_face_order){.what = FL_DO_FLOOD, .face = f->id, .value = -1};
    return false;
}

bool fl_faces_order(fl_faces *faces, fl_face_order *order)
{
    char line[FL_FACE_LINE_MAX];
    size_t size;
    fl_record record;
    for (int idle = 0;
         idle < FACES_MOST;) { /* in turn, so that a flood from one does not starve the others */
        face *f = &faces->list[faces->next_face++ % FACES_MOST];
        if (f->socket >= 0 && f->flooding && take_standby(f, order)) return true;
        if (f->socket < 0 || !take_line(f, line, &size)) {
            idle++;
            continue;
        }
        if (fl_record_read(line, size, &record) != FL_OK || !understand(&record, order)) {
            cut_off(f);
            idle++;
            continue;
        }
        order->face = f->id;
        if (!pay(f, order)) return true;
        if (order->number <= f->number) { /* old or repeated: it reads as no order at all */
            fl_faces_answer(faces, order, FL_E_NO, "order-repeated", "this order number was used before", "",
                            0);
            idle = 0; /* what stands behind it may be a STANDBY; pay() ends this */
            continue;
        }
        f->number = order->number;
        return true;
    }
    return false;
}

static void queue(face *f, const char *bytes, size_t size, bool may_be_lost)
{
    if (f->socket < 0) return;
    if (may_be_lost && f->out_size + size > sizeof f->out / 2) return;
    if (f->out_size + size + 1 > sizeof f->out) return cut_off(f);
    memcpy(f->out + f->out_size, bytes, size);
    f->out[f->out_size + size] = '\n';
    f->out_size += size + 1;
    write_out(f);
}

/* What cannot be encoded is our mistake: every text that comes from outside was asked fl_entry_takes first.
 */
static size_t encode(const fl_entry *line, char bytes[FL_FACE_LINE_MAX])
{
    size_t size = 0;
    FL_ASSERT(fl_entry_encode(line, bytes, FL_FACE_LINE_MAX - 1, &size) == FL_OK);
    return size;
}

void fl_faces_tell(fl_faces *faces, const fl_entry *line, bool may_be_lost)
{
    char bytes[FL_FACE_LINE_MAX];
    const size_t size = encode(line, bytes);
    for (int i = 0; i < FACES_MOST; i++) queue(&faces->list[i], bytes, size, may_be_lost);
}

void fl_faces_tell_one(fl_faces *faces, unsigned id, const fl_entry *line)
{
    char bytes[FL_FACE_LINE_MAX];
    const size_t size = encode(line, bytes);
    for (int i = 0; i < FACES_MOST; i++)
        if (faces->list[i].id == id) queue(&faces->list[i], bytes, size, false);
}

unsigned fl_faces_newest(const fl_faces *faces)
{
    return faces->next_id;
}

void fl_faces_answer(fl_faces *faces, const fl_face_order *order, fl_status status, const char *code,
                     const char *text, const char *hint, fl_reasons reasons)
{
    char sentences[FL_REASON_COUNT][FACES_TEXT], bytes[FL_FACE_LINE_MAX];
    const char *list[FL_REASON_COUNT];
    size_t count = 0;
    for (int i = 0; i < FL_REASON_COUNT && count < 16; i++) {
        if (!(reasons & fl_reason_bit((fl_reason)i))) continue;
        snprintf(sentences[count], FACES_TEXT, "%s: %s", fl_reason_rows[i].code, fl_reason_rows[i].text);
        list[count] = sentences[count];
        count++;
    }
    fl_entry line;
    fl_entry_begin_inner(&line);
    fl_entry_text(&line, "type", "answer");
    fl_entry_int(&line, "order", order->number);
    fl_entry_int(&line, "ok", status == FL_OK);
    fl_entry_text(&line, "code", code);
    fl_entry_text(&line, "text", text);
    fl_entry_text(&line, "hint", hint);
    if (count) fl_entry_texts(&line, "reasons", list, count);
    const size_t size = encode(&line, bytes);
    for (int i = 0; i < FACES_MOST; i++)
        if (faces->list[i].id == order->face) queue(&faces->list[i], bytes, size, false);
}

unsigned fl_faces_count(const fl_faces *faces)
{
    unsigned n = 0;
    for (int i = 0; i < FACES_MOST; i++) n += faces->list[i].socket >= 0;
    return n;
}

static const face *find(const fl_faces *faces, unsigned id)
{
    for (int i = 0; i < FACES_MOST; i++)
        if (faces->list[i].id == id && faces->list[i].socket >= 0) return &faces->list[i];
    return NULL;
}

bool fl_faces_is_here(const fl_faces *faces, unsigned id)
{
    return find(faces, id) != NULL;
}

fl_instant fl_faces_heard(const fl_faces *faces, unsigned id)
{
    const face *f = find(faces, id);
    return f ? f->heard : (fl_instant){INT64_MIN / 2};
}

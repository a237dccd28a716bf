/* The order socket: what faces say, in pieces of any size, to the whole of src/session/faces.c.
 *
 * The socket is an array: recv, send, accept4 and their kin are wrapped by the linker, so there is no system
 * call and every piece is as long as the input says. Each byte of the input is one operation, some with
 * operands: connect, say, hang up, go deaf, let time pass, take orders, tell.
 *
 * What must hold, kept here a second time from the bytes that were said: an order that is obeyed stands in
 * them, canonical (by jansson, another reader), under a number above every earlier one, with its words as
 * said; nothing after a line that is not canonical; at most the stated rate; when no order is left, no
 * STANDBY is left either; only whole canonical lines go out, and no answer or event is lost on the way to a
 * face that is still there; no read or write beyond the stated queues.
 */
#include "fuzz.h"

#include "faces.h"

#include "fadeline/base/text.h"

#include <ctype.h>
#include <errno.h>
#include <jansson.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define MOST 1024
#define SAYS (24 * 1024)
#define PEERS 7
#define LISTENER 1000000
#define PATH "/nowhere/faces"
#define COST_US (1000000 / FACES_RATE)

typedef struct peer { /* the far end of one connection */
    bool accepted, closed, deaf, gone, flooded;
    unsigned id; /* as faces.c counts those it let in; 0: not yet */
    char said[SAYS];
    size_t size, heard, judged; /* said, handed over, and looked at by us */
    int64_t next, number;       /* of the next order it gives; of the last one obeyed */
    int64_t credit_us;
    char line[FL_FACE_LINE_MAX]; /* what it is being told */
    size_t line_size;
    unsigned owed, got; /* answers and events */
} peer;

static struct {
    peer peers[PEERS];
    unsigned count, waiting, ids, lines;
    size_t in_piece, out_piece;
    int64_t now_us;
} w;
static fl_faces *faces; /* of the last run, when a check left it by longjmp */

/* ---- the socket ---- */

int __real_close(int fd);
int __real_unlink(const char *path);
int __real_socket(int domain, int type, int protocol);
int __real_bind(int fd, const struct sockaddr *address, socklen_t size);
int __real_listen(int fd, int backlog);
ssize_t __real_recv(int fd, void *room, size_t size, int flags);
ssize_t __real_send(int fd, const void *bytes, size_t size, int flags);
int __real_accept4(int fd, struct sockaddr *address, socklen_t *size, int flags);
int __wrap_close(int fd);
int __wrap_unlink(const char *path);
int __wrap_socket(int domain, int type, int protocol);
int __wrap_bind(int fd, const struct sockaddr *address, socklen_t size);
int __wrap_listen(int fd, int backlog);
ssize_t __wrap_recv(int fd, void *room, size_t size, int flags);
ssize_t __wrap_send(int fd, const void *bytes, size_t size, int flags);
int __wrap_accept4(int fd, struct sockaddr *address, socklen_t *size, int flags);

static bool opening; /* fl_faces_open is at work: its socket is ours */

static peer *peer_of(int fd)
{
    return fd > LISTENER ? &w.peers[fd - LISTENER - 1] : NULL;
}

int __wrap_socket(int domain, int type, int protocol)
{
    return opening ? LISTENER : __real_socket(domain, type, protocol);
}

int __wrap_bind(int fd, const struct sockaddr *address, socklen_t size)
{
    return fd == LISTENER ? 0 : __real_bind(fd, address, size);
}

int __wrap_listen(int fd, int backlog)
{
    return fd == LISTENER ? 0 : __real_listen(fd, backlog);
}

int __wrap_unlink(const char *path)
{
    return strcmp(path, PATH) == 0 ? 0 : __real_unlink(path);
}

int __wrap_close(int fd)
{
    if (fd < LISTENER) return __real_close(fd);
    peer *p = peer_of(fd);
    if (p) {
        FUZZ_MUST(p->accepted && !p->closed, "closed twice");
        p->closed = true;
    }
    return 0;
}

int __wrap_accept4(int fd, struct sockaddr *address, socklen_t *size, int flags)
{
    if (fd != LISTENER) return __real_accept4(fd, address, size, flags);
    if (w.waiting == w.count) {
        errno = EAGAIN;
        return -1;
    }
    w.peers[w.waiting].accepted = true;
    return LISTENER + 1 + (int)w.waiting++;
}

ssize_t __wrap_recv(int fd, void *room, size_t size, int flags)
{
    peer *p = peer_of(fd);
    if (!p) return __real_recv(fd, room, size, flags);
    FUZZ_MUST(p->accepted && !p->closed && size && size <= FACES_IN, "a read of %zu bytes", size);
    if (!p->id) p->id = ++w.ids; /* who is let in is read at once; who is not is closed unread */
    size_t take = p->size - p->heard;
    if (!take) {
        errno = EAGAIN;
        return p->gone ? 0 : -1;
    }
    take = take < size ? take : size;
    take = take < w.in_piece ? take : w.in_piece;
    memcpy(room, p->said + p->heard, take);
    for (size_t i = 0; fuzz_bad == 3 && i < take; i++)
        ((char *)room)[i] = (char)tolower(((unsigned char *)room)[i]);
    p->heard += take;
    return (ssize_t)take;
}

/* Every line is looked at, one in eight is read: reading costs more than all the rest. */
static void told(peer *p)
{
    static const char code[] = "\"code\":\"fuzz\"";
    fl_record record;
    FUZZ_MUST(p->line_size > 2 && p->line[0] == '{' && p->line[p->line_size - 1] == '}', "told half a line");
    FUZZ_MUST(w.lines++ % 8 || fl_record_read(p->line, p->line_size, &record) == FL_OK,
              "told what is not canonical: %.*s", (int)p->line_size, p->line);
    if (memmem(p->line, p->line_size, code, sizeof code - 1)) p->got++;
}

ssize_t __wrap_send(int fd, const void *bytes, size_t size, int flags)
{
    peer *p = peer_of(fd);
    if (!p) return __real_send(fd, bytes, size, flags);
    FUZZ_MUST(p->accepted && !p->closed && size && size <= FACES_OUT, "a write of %zu bytes", size);
    if (p->gone) {
        errno = EPIPE;
        return -1;
    }
    if (p->deaf) {
        errno = EAGAIN;
        return -1;
    }
    const size_t take = size < w.out_piece ? size : w.out_piece;
    for (const char *at = bytes, *end = at + take; at < end;) {
        const char *feed = memchr(at, '\n', (size_t)(end - at));
        const size_t part = (size_t)((feed ? feed : end) - at);
        FUZZ_MUST(p->line_size + part <= sizeof p->line, "told a line that is too long");
        memcpy(p->line + p->line_size, at, part);
        p->line_size += part;
        at += part + 1;
        if (!feed) break;
        told(p);
        p->line_size = 0;
    }
    return (ssize_t)take;
}

/* ---- what was said ---- */

static const char *const words[] = {"sign-in", "sign-out", "reconcile", "service", "eyewear",  "zone",
                                    "spots",   "arm",      "standby",   "reset",   "endpoint", "end",
                                    "here",    "dance",    "second",    "date"};
#define WORDS (sizeof words / sizeof *words)
static const fl_face_do does[WORDS] = {FL_DO_SIGN_IN, FL_DO_SIGN_OUT, FL_DO_RECONCILE, FL_DO_SERVICE,
                                       FL_DO_EYEWEAR, FL_DO_ZONE,     FL_DO_SPOTS,     FL_DO_ARM,
                                       FL_DO_STANDBY, FL_DO_RESET,    FL_DO_ENDPOINT,  FL_DO_END,
                                       FL_DO_HERE,    FL_DO_UNKNOWN,  FL_DO_SECOND,    FL_DO_DATE};

typedef struct meaning {
    bool order; /* the one spelling of an order */
    int64_t number, value;
    fl_face_do what;
    char who[FACES_TEXT];
} meaning;
static const meaning nothing;

static json_t *root; /* static: a check may leave by longjmp */

static void find_words(meaning *m)
{
    const json_t *who = json_object_get(root, "who");
    const char *text = json_string_value(who);
    if (text && json_string_length(who) == strlen(text) && strlen(text) < FACES_TEXT) strcpy(m->who, text);
    static const struct {
        fl_face_do what;
        const char *key;
    } numbers[] = {{FL_DO_EYEWEAR, "wl_nm"}, {FL_DO_SPOTS, "spot"}, {FL_DO_RESET, "fault"}};
    m->value = -1;
    for (int i = 0; i < 3; i++) {
        const json_t *given = json_object_get(root, numbers[i].key);
        if (m->what == numbers[i].what && json_is_integer(given)) m->value = json_integer_value(given);
    }
}

/* One line as another reader understands it. */
static void read_again(const char *line, size_t size, meaning *m)
{
    *m = nothing;
    json_decref(root);
    root = json_loadb(line, size, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, NULL);
    if (!json_is_object(root)) return;
    if (!memchr(line, '\\', size)) { /* the two spell what must be escaped differently */
        static char again[FL_FACE_LINE_MAX];
        const size_t length = json_dumpb(root, again, sizeof again, JSON_COMPACT | JSON_SORT_KEYS);
        if (length != size || memcmp(again, line, size) != 0) return;
    }
    const json_t *order = json_object_get(root, "order");
    const char *word = json_string_value(json_object_get(root, "do"));
    if (!json_is_integer(order) || !word) return;
    m->order = true;
    m->number = json_integer_value(order);
    m->what = FL_DO_UNKNOWN;
    for (size_t i = 0; i < WORDS; i++)
        if (strcmp(words[i], word) == 0) m->what = does[i];
    find_words(m);
}

/* The same, but the same line is read once: inputs say the same orders again and again, and that other
 * reader costs more than all the rest. */
static const meaning *understand(const char *line, size_t size)
{
    static struct known {
        size_t size;
        char line[240];
        meaning means;
    } all[4096];
    static meaning long_one;
    if (!size || size > sizeof all[0].line) return read_again(line, size, &long_one), &long_one;
    uint32_t hash = (uint32_t)size;
    for (size_t i = 0; i < size; i++) hash = hash * 31 + (uint8_t)line[i];
    struct known *known = &all[(hash ^ hash >> 15) % (sizeof all / sizeof *all)];
    if (known->size == size && memcmp(known->line, line, size) == 0) return &known->means;
    memcpy(known->line, line, size);
    known->size = size;
    read_again(line, size, &known->means);
    return &known->means;
}

static bool next_line(const peer *p, size_t at, size_t *size)
{
    const char *end = memchr(p->said + at, '\n', p->heard - at);
    if (end) *size = (size_t)(end - (p->said + at));
    return end != NULL;
}

static void words_are_those_said(const fl_face_order *order, const meaning *said)
{
    FUZZ_MUST(strcmp(order->who, said->who) == 0, "who: '%s', said '%s'", order->who, said->who);
    FUZZ_MUST(order->value == said->value, "a value of %lld, said %lld", (long long)order->value,
              (long long)said->value);
}

static void judge(const fl_face_order *order)
{
    peer *p = NULL;
    for (unsigned i = 0; i < w.count; i++)
        if (w.peers[i].id == order->face && order->face) p = &w.peers[i];
    FUZZ_MUST(p && !p->closed, "an order from nobody");
    if (order->what == FL_DO_FLOOD) {
        size_t lines = 0, size;
        for (unsigned i = 0; i < w.count; i++) /* credit is of the place: others may have sat there */
            for (size_t at = 0; next_line(&w.peers[i], at, &size); at += size + 1) lines++;
        FUZZ_MUST(!p->flooded && lines > FACES_BURST, "%zu lines are called a flood", lines);
        p->flooded = true;
        return;
    }
    FUZZ_MUST(order->number > p->number, "an old number is obeyed: %lld", (long long)order->number);
    const meaning *said;
    for (;;) {
        size_t size;
        FUZZ_MUST(next_line(p, p->judged, &size), "an order that nobody gave");
        const char *line = p->said + p->judged;
        p->judged += size + 1;
        said = size < FL_FACE_LINE_MAX ? understand(line, size) : &nothing;
        FUZZ_MUST(said->order, "obeyed something behind %.*s", (int)size, line);
        if (said->number == order->number && said->what == order->what) break;
        const bool standby = said->what == FL_DO_STANDBY;
        FUZZ_MUST(said->number <= p->number || (p->flooded && !standby), "order %lld was passed over",
                  (long long)said->number);
    }
    p->number = order->number;
    words_are_those_said(order, said);
    if (order->what == FL_DO_STANDBY) return;
    FUZZ_MUST(!p->flooded, "obeyed after a flood");
    FUZZ_MUST(p->credit_us >= COST_US, "more orders than the stated rate");
    p->credit_us -= COST_US;
}

/* Nothing is left to take: then no STANDBY is left. */
static void no_standby_is_held_back(void)
{
    for (unsigned i = 0; i < w.count; i++) {
        const peer *p = &w.peers[i];
        size_t size;
        const int64_t newest = p->number;
        if (!p->id || p->closed) continue;
        for (size_t at = p->judged; next_line(p, at, &size); at += size + 1) {
            const meaning *said = size < FL_FACE_LINE_MAX ? understand(p->said + at, size) : &nothing;
            if (!said->order) break;
            FUZZ_MUST(said->what != FL_DO_STANDBY || said->number <= newest, "a STANDBY is held back");
        }
    }
}

/* ---- operations ---- */

static void say(peer *p, const void *bytes, size_t size)
{
    if (size > SAYS - p->size) return;
    memcpy(p->said + p->size, bytes, size);
    p->size += size;
}

static void say_order(peer *p, unsigned which, int64_t number, unsigned extra)
{
    static const char *const before[2] = {"{", "{\"code\":\"755 OD7 M LB9\","};
    static const char *const after[8] = {
        "",
        ",\"wl_nm\":755",
        ",\"pin\":\"493027\",\"who\":\"op:17\"",
        ",\"spot\":3",
        ",\"zone\":\"F-L\"",
        ",\"seen\":\"frost\"",
        ",\"pin\":\"8\",\"reason\":\"counted by hand\",\"who\":\"op:9\"",
        ",\"who\":"
        "\"0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123"
        "456789012345678901234567890123456789\"",
    };
    char line[400];
    fl_text text = fl_text_in(line, sizeof line); /* printf would be a third of the run */
    fl_text_add_word(&text, before[extra & 1]);
    fl_text_add_word(&text, "\"do\":\"");
    fl_text_add_word(&text, words[which % WORDS]);
    fl_text_add_word(&text, which % WORDS == 9 && extra & 8 ? "\",\"fault\":3,\"order\":" : "\",\"order\":");
    fl_text_add_u64(&text, (uint64_t)number);
    fl_text_add_word(&text, after[extra >> 4 & 7]);
    fl_text_add_word(&text, "}\n");
    say(p, line, text.length);
    if (number >= p->next) p->next = number + 1;
}

static void take(bool all)
{
    fl_face_order order;
    for (int n = 0; fl_faces_order(faces, &order); n++) {
        FUZZ_MUST(n < 10000, "orders without end");
        if (fuzz_bad == 2 && order.what == FL_DO_STANDBY) continue;
        judge(&order);
        if (fuzz_bad == 1 && order.what == FL_DO_ARM) judge(&order);
        const bool answered =
            order.what == FL_DO_ARM || order.number % 4 == 0; /* each one would cost half the run */
        if (answered)
            fl_faces_answer(faces, &order, order.what == FL_DO_ARM ? FL_E_NO : FL_OK, "fuzz", "taken", "",
                            order.what == FL_DO_ARM ? 1 : 0);
        for (unsigned i = 0; i < w.count && answered; i++) w.peers[i].owed += w.peers[i].id == order.face;
        if (!all) return;
    }
    no_standby_is_held_back();
}

static void tell(bool may_be_lost, unsigned size)
{
    static char filler[FL_ENTRY_TEXT_MAX];
    if (!filler[0]) memset(filler, 'f', sizeof filler);
    filler[4 * size % sizeof filler] = 0;
    fl_entry line;
    fl_entry_begin_inner(&line);
    fl_entry_text(&line, "type", may_be_lost ? "status" : "event");
    fl_entry_text(&line, "code", may_be_lost ? "status" : "fuzz");
    fl_entry_text(&line, "text", filler);
    fl_faces_tell(faces, &line, may_be_lost);
    for (unsigned i = 0; i < w.count && !may_be_lost; i++)
        w.peers[i].owed += w.peers[i].id && !w.peers[i].closed;
    filler[4 * size % sizeof filler] = 'f';
}

static void poll_at(int64_t us)
{
    w.now_us += us;
    for (unsigned i = 0; i < w.count; i++) {
        int64_t *credit = &w.peers[i].credit_us;
        *credit = *credit + us < FACES_BURST * COST_US ? *credit + us : FACES_BURST * COST_US;
    }
    fl_faces_poll(faces, (fl_instant){fuzz_bad == 4 ? 10 * w.now_us : w.now_us});
}

static void connect_one(void)
{
    if (w.count == PEERS) return;
    peer *p = &w.peers[w.count++];
    memset(p, 0, offsetof(peer, said));
    memset(&p->size, 0, offsetof(peer, line) - offsetof(peer, size));
    p->line_size = p->owed = p->got = 0;
    p->next = 1;
    p->credit_us = FACES_BURST * COST_US;
}

static void operate(uint8_t operation, fuzz_bytes *bytes)
{
    static const int64_t times_us[8] = {0, 1000, 10000, 50000, 49999, 500000, 1000000, 3000000};
    static const char *const pieces[] = {
        "{",
        "}",
        "\n",
        ",",
        "\"",
        ":",
        "{\"do\":\"arm\",\"order\":",
        "{\"do\":\"standby\",\"order\":",
        "9007199254740991",
        "-1",
        "1.0",
        "null",
        "[\"a\"]",
        "{\"a\":1}",
        " ",
        "\\u0000",
        "\\\"",
        "\xc3\xa9",
        "e\xcc\x81",
        "\xff",
        ",\"who\":\"",
        "{\"order\":1,\"do\":\"arm\"}\n",
        "{\"do\": \"arm\",\"order\":1}\n",
        "{\"do\":\"ARM\",\"order\":77}\n",
    };
    peer *p = &w.peers[operation >> 4 & 3 ? (operation >> 4) % (w.count ? w.count : 1) : 0];
    if (!w.count) connect_one();
    switch (operation & 15) {
    case 0: connect_one(); break;
    case 1: {
        size_t size = fuzz_byte(bytes);
        const size_t left = (size_t)(bytes->end - bytes->at);
        size = size < left ? size : left;
        say(p, bytes->at, size);
        bytes->at += size;
        break;
    }
    case 2: {
        const unsigned which = fuzz_byte(bytes), extra = fuzz_byte(bytes);
        say_order(p, which, p->next, extra);
        break;
    }
    case 3: {
        const uint8_t how = fuzz_byte(bytes);
        const unsigned most = how >> 2, few = most < 60 ? most % 8 : most; /* floods, but not at each turn */
        for (unsigned n = few; n; n--) say_order(p, how & 1 ? 12 : 7, p->next - (how & 2 ? 1 : 0), 0);
        break;
    }
    case 4: say(p, "\n", 1); break;
    case 5: poll_at(times_us[fuzz_byte(bytes) % 8]); break;
    case 6: take(true); break;
    case 7: take(false); break;
    case 8: p->deaf = !p->deaf; break;
    case 9: p->gone = true; break;
    case 10: w.in_piece = 1 + (size_t)fuzz_byte(bytes) * 16; break;
    case 11: w.out_piece = 1 + (size_t)fuzz_byte(bytes) * 64; break;
    case 12: tell(true, fuzz_byte(bytes)); break;
    case 13: tell(false, fuzz_byte(bytes)); break;
    case 14: {
        const char *piece = pieces[fuzz_byte(bytes) % (sizeof pieces / sizeof *pieces)];
        say(p, piece, strlen(piece));
        break;
    }
    case 15: say_order(p, 8, p->next, 0); break;
    }
}

/* Everybody listens again: then all that was owed has come, to those who are still there. */
static void drain(void)
{
    w.in_piece = w.out_piece = SAYS;
    for (unsigned i = 0; i < w.count; i++) w.peers[i].deaf = false;
    for (int round = 0; round < 3; round++) {
        poll_at(10000);
        take(true);
    }
    poll_at(0);
    for (unsigned i = 0; i < w.count; i++) {
        const peer *p = &w.peers[i];
        FUZZ_MUST(!p->id || p->closed || p->got == p->owed, "told %u of %u", p->got, p->owed);
    }
}

static void run(const uint8_t *data, size_t size)
{
    if (size > MOST) return;
    if (faces) { /* the world of its sockets is still there */
        for (unsigned i = 0; i < w.count; i++) w.peers[i].deaf = true;
        fl_faces_restart(faces);
    }
    w.count = w.waiting = w.ids = w.lines = 0;
    w.in_piece = w.out_piece = SAYS;
    w.now_us = 0;
    if (!faces) {
        opening = true;
        const fl_status status = fl_faces_open(PATH, &faces, NULL);
        opening = false;
        FUZZ_MUST(status == FL_OK, "not opened");
    }
    fuzz_bytes bytes = {data, data + size};
    while (bytes.at < bytes.end) operate(fuzz_byte(&bytes), &bytes);
    drain();
    for (unsigned i = 0; i < w.count; i++) w.peers[i].deaf = true;
    if (size > 64) { /* opening and closing costs as much as hundred orders */
        fl_faces_close(faces);
        faces = NULL;
    } else {
        fl_faces_restart(faces);
    }
    for (unsigned i = 0; i < w.count; i++) FUZZ_MUST(!w.peers[i].accepted || w.peers[i].closed, "left open");
}

static const char *const bad_words[] = {"an order is obeyed twice", "a STANDBY is passed over",
                                        "capitals are read as small letters",
                                        "time passes ten times as fast"};
const fuzz_target fuzz_faces = {"faces", run, 4, bad_words};

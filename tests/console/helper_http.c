#include "helper_http.h"

#include "check.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#define BODY_MOST (1 << 20)
#define PATIENCE_MS 15000

int http_connect(const char *url)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    const char *colon = strrchr(url, ':');
    at.sin_port = htons((uint16_t)atoi(colon + 1));
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const struct timeval patience = {.tv_sec = PATIENCE_MS / 1000};
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    if (fd >= 0 && connect(fd, (struct sockaddr *)&at, sizeof at) == 0) return fd;
    if (fd >= 0) close(fd);
    return -1;
}

static bool send_all(int fd, const char *bytes, size_t size)
{
    while (size) {
        const ssize_t sent = send(fd, bytes, size, MSG_NOSIGNAL);
        if (sent <= 0) return false; /* refused half way: the answer is there already */
        bytes += sent;
        size -= (size_t)sent;
    }
    return true;
}

bool http_header(const http_answer *a, const char *name, char *value, size_t size)
{
    char mark[80];
    snprintf(mark, sizeof mark, "\r\n%s: ", name);
    const char *at = strcasestr(a->head, mark);
    if (!at) return false;
    at += strlen(mark);
    snprintf(value, size, "%.*s", (int)strcspn(at, "\r"), at);
    return true;
}

http_answer http_read(int fd, bool head_only)
{
    static _Thread_local char room[BODY_MOST];
    http_answer a = {0};
    size_t got = 0, head = 0, want = (size_t)-1;
    while (got < sizeof room - 1 && (!head || got - head < want)) {
        const ssize_t part =
            recv(fd, room + got, head ? sizeof room - 1 - got : 1, 0); /* not into the next answer */
        if (part <= 0) break;
        got += (size_t)part;
        room[got] = 0;
        char length[24];
        if (head || got < 4 || memcmp(room + got - 4, "\r\n\r\n", 4) != 0) continue;
        head = got;
        snprintf(a.head, sizeof a.head, "%.8000s", room);
        if (sscanf(room, "HTTP/1.%*d %d", &a.status) != 1) break;
        if (http_header(&a, "Content-Length", length, sizeof length)) want = strtoul(length, NULL, 10);
        if (strstr(a.head, "text/event-stream")) break; /* goes on for ever */
        if (head_only || a.status == 304 || a.status == 204) want = 0;
        if (want != (size_t)-1 && head + want >= sizeof room) break;
        while (want != (size_t)-1 && got - head < want) {
            const ssize_t more = recv(fd, room + got, want - (got - head), 0);
            if (more <= 0) break;
            got += (size_t)more;
        }
        if (want != (size_t)-1) break;
    }
    room[got] = 0;
    a.body = room + head;
    a.body_size = got - head;
    return a;
}

http_answer http_ask_on(int fd, const char *bytes, size_t size)
{
    if (!size) size = strlen(bytes);
    send_all(fd, bytes, size);
    return http_read(fd, strncmp(bytes, "HEAD", 4) == 0);
}

http_answer http_ask(const char *url, const char *bytes, size_t size)
{
    const int fd = http_connect(url);
    if (fd < 0) return (http_answer){.body = ""};
    const http_answer a = http_ask_on(fd, bytes, size);
    close(fd);
    return a;
}

/* ---- a browser ---- */

void http_browser_at(http_browser *b, const char *url)
{
    *b = (http_browser){0};
    snprintf(b->url, sizeof b->url, "%s", url);
    snprintf(b->host, sizeof b->host, "%.*s", (int)strcspn(url + 7, "/"), url + 7);
}

static void keep(http_browser *b, const http_answer *a)
{
    static const char mark[] = "name=\"token\" value=\"", meta[] = "<meta name=\"token\" content=\"";
    char line[200];
    if (http_header(a, "Set-Cookie", line, sizeof line) && strncmp(line, "fadeline-", 9) == 0 &&
        line[9] >= '0' && line[9] <= '9')
        snprintf(b->cookie, sizeof b->cookie, "%.*s", (int)strcspn(line, ";"), line);
    const char *at = strstr(a->body, meta);
    if (at)
        snprintf(b->token, sizeof b->token, "%.*s", (int)strcspn(at + sizeof meta - 1, "\""),
                 at + sizeof meta - 1);
    for (at = a->body; (at = strstr(at, mark)); at += sizeof mark - 1)
        if (strncmp(at + sizeof mark - 1, "0000000000000000", 16) != 0)
            snprintf(b->act, sizeof b->act, "%.48s", at + sizeof mark - 1);
}

http_answer http_get(http_browser *b, const char *path)
{
    char text[1024];
    snprintf(text, sizeof text,
             "GET %s HTTP/1.1\r\nHost: %s\r\nCookie: %s\r\nSec-Fetch-Site: same-origin\r\n\r\n", path,
             b->host, b->cookie);
    const http_answer a = http_ask(b->url, text, 0);
    keep(b, &a);
    return a;
}

http_answer http_post(http_browser *b, const char *path, const char *form, bool act)
{
    static _Thread_local char text[280000]; /* more than the gate takes of a form */
    const char *token = act ? b->act : b->token;
    snprintf(
        text, sizeof text,
        "POST %s HTTP/1.1\r\nHost: %s\r\nCookie: %s\r\nOrigin: http://%s\r\nSec-Fetch-Site: same-origin\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %zu\r\n\r\ntoken=%s&%s",
        path, b->host, b->cookie, b->host, strlen("token=&") + strlen(token) + strlen(form), token, form);
    const http_answer a = http_ask(b->url, text, 0);
    keep(b, &a);
    return a;
}

bool http_sign_in(http_browser *b, const char *who, const char *pin)
{
    char form[200];
    http_get(b, "/sign-in");
    snprintf(form, sizeof form, "who=%s&pin=%s&to=/", who, pin);
    return http_post(b, "/sign-in", form, false).status == 303;
}

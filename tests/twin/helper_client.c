#include "helper_client.h"

#include "gl1_frame.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define IDENTITY "SIM-00042"

void client_init(client *c, void *self, void (*put)(void *self, const char *bytes, size_t length),
                 void (*pump)(void *self), unsigned patience)
{
    *c = (client){.self = self, .put = put, .pump = pump, .patience = patience, .number = 0x1000};
}

void client_take(client *c, const char *bytes, size_t length)
{
    if (length > sizeof c->in - c->in_length) length = sizeof c->in - c->in_length;
    memcpy(c->in + c->in_length, bytes, length);
    c->in_length += length;
}

/* The next whole line, without its end. */
static bool next_line(client *c, char line[1024])
{
    const char *end = memchr(c->in, '\n', c->in_length);
    if (!end) return false;
    const size_t length = (size_t)(end - c->in);
    snprintf(line, 1024, "%.*s", (int)length, c->in);
    memmove(c->in, end + 1, c->in_length - length - 1);
    c->in_length -= length + 1;
    c->lines++;
    return true;
}

const char *client_line(client *c, const char *text)
{
    char line[1024];
    c->in_length = 0;
    c->body[0] = 0;
    c->put(c->self, text, strlen(text));
    c->put(c->self, "\n", 1);
    for (unsigned i = 0; i < c->patience && !c->body[0]; i++) {
        c->pump(c->self);
        if (next_line(c, line)) snprintf(c->body, sizeof c->body, "%.255s", line);
    }
    return c->body;
}

static bool is_answer(client *c, char *line, uint32_t session)
{
    gl1_frame frame;
    if (!gl1_frame_read(line, strlen(line), '<', IDENTITY, &frame)) return false;
    if (frame.session != session || frame.number != c->number) return false;
    snprintf(c->body, sizeof c->body, "%.255s", frame.body);
    return true;
}

static const char *ask(client *c, uint32_t session, const char *body)
{
    char frame[GL1_LINE_MAX + 2], line[1024];
    c->body[0] = 0;
    c->number++;
    const size_t length = gl1_frame_write(frame, '>', IDENTITY, session, c->number, body);
    c->put(c->self, frame, length);
    for (unsigned i = 0; i <= c->patience && !c->body[0]; i++) {
        if (i) c->pump(c->self);
        while (!c->body[0] && next_line(c, line))
            if (!is_answer(c, line, session)) c->strange++;
    }
    return c->body;
}

const char *client_ask(client *c, const char *body)
{
    return ask(c, c->session, body);
}

uint64_t client_value(const client *c, const char *key, int base)
{
    char with[20];
    snprintf(with, sizeof with, " %s=", key);
    const char *at = strstr(c->body, with);
    return at ? strtoull(at + strlen(with), NULL, base) : UINT64_MAX;
}

bool client_hello(client *c)
{
    if (strncmp(ask(c, 0, "HELLO v=1 hn=13579BDF"), "HELLO ", 6) != 0) return false;
    c->session = 0x13579BDFu ^ (uint32_t)client_value(c, "dn", 16);
    return true;
}

bool client_commit(client *c, const char *settings)
{
    char body[200];
    snprintf(body, sizeof body, "SET %s", settings);
    client_ask(c, body);
    snprintf(body, sizeof body, "COMMIT ep=%08X dg=%08X ph=" CLIENT_PLAN, (unsigned)client_value(c, "ep", 16),
             (unsigned)client_value(c, "dg", 16));
    return strncmp(client_ask(c, body), "STAT ", 5) == 0;
}

bool client_arm(client *c)
{
    char body[60];
    client_ask(c, "ARM?");
    snprintf(body, sizeof body, "ARM ch=%08X ep=%08X", (unsigned)client_value(c, "ch", 16),
             (unsigned)client_value(c, "ep", 16));
    return strncmp(client_ask(c, body), "STAT st=2", 9) == 0;
}

bool client_poll_until(client *c, const char *wanted, bool open, unsigned polls)
{
    while (polls--) {
        client_ask(c, open ? "POLL sh=1" : "POLL sh=0");
        if (!c->body[0]) return false;
        if (strstr(c->body, wanted)) return true;
        for (int i = 0; i < 10; i++) c->pump(c->self);
    }
    return false;
}

const char *client_grant(client *c, unsigned en_uJ, unsigned sp_um)
{
    char body[256];
    const unsigned long long k = client_value(c, "k", 16), g = client_value(c, "g", 16);
    c->grant = (c->grant > g ? c->grant : g) + 1;
    snprintf(body, sizeof body, "GRANT g=%016llX f=%08X ep=%08X k=%016llX en=%u sp=%u pu=T ph=" CLIENT_PLAN,
             (unsigned long long)c->grant, (unsigned)c->number, (unsigned)client_value(c, "ep", 16), k, en_uJ,
             sp_um);
    return client_ask(c, body);
}

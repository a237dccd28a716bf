/* Client: a small host for tests, over anything that takes bytes and gives bytes. One question at a time;
 * time passes in `pump`, which is a simulated millisecond for the twin in this process and a short wait for
 * one in another.
 */
#ifndef TESTS_TWIN_CLIENT_H
#define TESTS_TWIN_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CLIENT_PLAN "00112233445566778899AABBCCDDEEFF"

typedef struct client {
    void *self;
    void (*put)(void *self, const char *bytes, size_t length);
    void (*pump)(void *self); /* lets time pass and gives what arrived to client_take */
    unsigned patience;        /* pumps to wait for an answer */

    uint32_t session, number;
    uint64_t grant; /* last used */
    char in[4096];
    size_t in_length;
    char body[256];          /* of the last answer; "" when none came */
    unsigned lines, strange; /* lines that came, and those that were no good answer */
} client;

void client_init(client *c, void *self, void (*put)(void *self, const char *bytes, size_t length),
                 void (*pump)(void *self), unsigned patience);
void client_take(client *c, const char *bytes, size_t length);
const char *client_ask(client *c, const char *body);
const char *client_line(client *c, const char *text); /* without a frame: `*IDN?` */
uint64_t client_value(const client *c, const char *key, int base);

bool client_hello(client *c);
bool client_commit(client *c, const char *settings); /* "EN=200000 RR=10000 SP=4000 WL=1064" */
bool client_arm(client *c);
/* POLLs until the answer contains `wanted`, at most so many times, and while there is an answer. */
bool client_poll_until(client *c, const char *wanted, bool open, unsigned polls);
/* Asks for one pulse on the last STAT, for what was committed. */
const char *client_grant(client *c, unsigned en_uJ, unsigned sp_um);

#endif

/* A chain: a log in memory, with its key, that can be cloned and grown apart; and a hub for it. */
#ifndef FL_TESTS_HUB_HELPER_CHAIN_H
#define FL_TESTS_HUB_HELPER_CHAIN_H

#include "fadeline/hub/push.h"

#define CHAIN_ORIGIN "SIMULATED/log.example/clinic-7/console-2"

typedef struct chain {
    fl_signer signer;
    char vkey[FL_VKEY_TEXT_MAX];
    char **entries;
    size_t count, room;
    int64_t mono_us;
} chain;

/* Entry 0, the opening, is in it. */
void chain_init(chain *c, const char *origin, uint8_t seed);
void chain_add(chain *c, size_t count, int64_t mark); /* mark: what makes clones differ */
void chain_put(chain *c, const char *bytes);          /* any bytes */
void chain_replace(chain *c, size_t index, int64_t mark);
void chain_cut(chain *c, size_t count); /* back to so many */
void chain_copy(const chain *from, chain *to);
void chain_fini(chain *c);
void chain_sign(const chain *c, size_t size, char note[FL_CHECKPOINT_MAX]);
/* Signed over all of it. Points into the chain. */
fl_push_source chain_source(chain *c);

typedef struct test_hub {
    char database[16], uri[256], owner_uri[256];
    fl_signer witness;
    fl_hub *hub;      /* as login `service` */
    fl_hub *by_owner; /* as its owner */
} test_hub;
/* A hub in a new database, made by `owner`, with the chain's log enrolled for site S7. NULL: nothing
 * enrolled. */
void test_hub_make(test_hub *h, const chain *c);
void test_hub_close(test_hub *h);
/* As the service with the witness's key. */
fl_status test_push(test_hub *h, chain *c, fl_push_report *report, fl_error *error);
uint64_t test_rows(const test_hub *h, const char *origin);                /* entries of the log */
uint64_t test_inbox(const test_hub *h, const char *origin, uint64_t end); /* entries there, of so many */
/* What an honest console of this history would offer to a hub that stands at `old`; free(offer->names). */
void test_offer(chain *c, uint64_t old, fl_offer *offer);
/* Entries first ... end - 1 put there by hand as a parcel, with any login. named: by which it goes; NULL: its
 * own. Returns the SQLSTATE. */
const char *test_parcel(const test_hub *h, const char *login, const chain *c, uint64_t first, uint64_t end,
                        const fl_hash *named);
void test_forget(const test_hub *h, const char *origin); /* the log as if just enrolled */

const fl_clock *test_clock(void); /* stands still at 1767225660 s */

#endif

/* Routes: every address of the console, who may open it, and who answers. One row an address.
 *
 *   who    role bits; ANYONE needs no sign-in
 *   how    LOOK  shows; a certificate that has ended is enough, and nothing changes
 *          SET   changes this screen only; the page's set token
 *          ACT   does something that stays; a certificate that is good, and a token that works once
 *          HALT  stands down; no token and no sign-in, but our own Origin: stopping is never made hard. Who
 *                asks is not even looked up (p->visitor is nobody), so that it waits for nothing
 *   and    TOLD  or'ed: a script asks, not a person: 401 instead of the sign-in page, and it is no touch
 *          PHOTO or'ed: multipart/form-data is taken, up to 8 MB
 *          GLASS or'ed: also shown while the screen is locked, to who signed in there last
 *          NEAR  or'ed: only at this machine
 *          FAR   or'ed: only from another device, over TLS
 *          ASIDE or'ed: on the first page, not in the menu: what is not opened every day
 * From another device ACT rows answer a paired tablet only; HALT rows answer everybody.
 *
 *   nav    word of the menu, W_NONE: not in it
 *
 * A handler is never called for a request that the gate, the row's roles or the token did not let through.
 * GET handlers answer HEAD too, and change nothing. `:name` in a path is one part of it; page_part(p, 0) is
 * the first.
 */
#ifndef FL_CONSOLE_ROUTES_H
#define FL_CONSOLE_ROUTES_H

#include "words.h"

#include "fadeline/session/people.h"

#include <stdbool.h>

#define MAY(role) (1u << FL_ROLE_##role)
#define ANYONE 0u
#define STAFF (MAY(OPERATOR) | MAY(SUPERVISOR) | MAY(SERVICE) | MAY(AUDITOR) | MAY(OWNER))
/* The acts of `fadeline`: who may look at a record (LOOK_AT), and who answers for a site. */
#define RECORDS (MAY(OPERATOR) | MAY(SUPERVISOR) | MAY(AUDITOR) | MAY(OWNER))
#define OVERSIGHT (MAY(SUPERVISOR) | MAY(AUDITOR) | MAY(OWNER))

#define REGISTRARS (MAY(OPERATOR) | MAY(SUPERVISOR) | MAY(OWNER)) /* ADD and SHOW: who keeps names */
#define PLANNERS (MAY(OPERATOR) | MAY(SUPERVISOR)) /* who prepares a session */

#define ROUTE_LOOK 1u
#define ROUTE_SET 2u
#define ROUTE_ACT 4u
#define ROUTE_HALT 8u
#define ROUTE_TOLD 16u
#define ROUTE_PHOTO 32u
#define ROUTE_GLASS 64u
#define ROUTE_NEAR 128u
#define ROUTE_FAR 256u
#define ROUTE_ASIDE 512u
#define ROUTE_PARTS 4 /* :names in one path */

/* clang-format off */
/*    method  path            who                                      how                      nav        handler */
#define ROUTE_LIST(X) \
    X(GET,    "/",            ANYONE,                                  ROUTE_LOOK,              HOME,      page_home) \
    X(GET,    "/sign-in",     ANYONE,                                  ROUTE_LOOK,              NONE,      page_sign_in) \
    X(POST,   "/sign-in",     ANYONE,                                  ROUTE_SET,               NONE,      page_sign_in_post) \
    X(POST,   "/sign-out",    ANYONE,                                  ROUTE_SET,               NONE,      page_sign_out_post) \
    X(POST,   "/screen",      ANYONE,                                  ROUTE_SET,               NONE,      page_screen_post) \
    X(POST,   "/touch",       ANYONE,                                  ROUTE_SET,               NONE,      page_touch_post) \
    X(GET,    "/lasers",      STAFF,                                   ROUTE_LOOK | ROUTE_ASIDE, LASERS,   page_lasers) \
    X(GET,    "/laser/:id",   STAFF,                                   ROUTE_LOOK,              NONE,      page_laser) \
    X(GET,    "/people",      MAY(SUPERVISOR) | MAY(AUDITOR) | MAY(OWNER), ROUTE_LOOK | ROUTE_ASIDE, PEOPLE,    page_people) \
    X(GET,    "/service",     MAY(SERVICE) | MAY(OWNER),               ROUTE_LOOK | ROUTE_ASIDE, SERVICE,  page_service) \
    X(POST,   "/service",     MAY(SERVICE) | MAY(OWNER),               ROUTE_ACT,               NONE,      page_service_post) \
    X(GET,    "/tablet",      MAY(OWNER) | MAY(SUPERVISOR),            ROUTE_LOOK | ROUTE_NEAR | ROUTE_ASIDE, TABLET,    page_tablet) \
    X(POST,   "/tablet",      MAY(OWNER) | MAY(SUPERVISOR),            ROUTE_ACT | ROUTE_NEAR,  NONE,      page_tablet_post) \
    X(POST,   "/tablet/forget", MAY(OWNER) | MAY(SUPERVISOR),          ROUTE_ACT | ROUTE_NEAR,  NONE,      page_tablet_forget_post) \
    X(GET,    "/pair",        ANYONE,                                  ROUTE_LOOK | ROUTE_FAR,  NONE,      page_pair) \
    X(POST,   "/pair",        ANYONE,                                  ROUTE_SET | ROUTE_FAR,   NONE,      page_pair_post) \
    /* clients, cases, plans */ \
    X(GET,    "/clients",     STAFF,                                   ROUTE_LOOK,              CLIENTS,   page_clients) \
    X(POST,   "/client",      RECORDS,                                 ROUTE_SET,               NONE,      page_client_post) \
    X(GET,    "/client/:code", RECORDS,                                ROUTE_LOOK,              NONE,      page_client) \
    X(GET,    "/client/:code/progress", RECORDS,                       ROUTE_LOOK,              NONE,      page_progress) \
    X(GET,    "/tests/:name", STAFF,                                   ROUTE_LOOK,              NONE,      page_test_spots) \
    X(POST,   "/tests",       PLANNERS,                                ROUTE_ACT,               NONE,      page_test_spots_post) \
    X(POST,   "/tests/look",  PLANNERS,                                ROUTE_ACT | ROUTE_PHOTO, NONE,      page_test_spots_look_post) \
    X(POST,   "/tests/read",  PLANNERS,                                ROUTE_ACT | ROUTE_PHOTO, NONE,      page_test_spots_read_post) \
    X(GET,    "/case",        PLANNERS,                                ROUTE_LOOK,              NONE,      page_case_new) \
    X(GET,    "/case/:name",  PLANNERS,                                ROUTE_LOOK,              NONE,      page_case) \
    X(POST,   "/case",        PLANNERS,                                ROUTE_ACT,               NONE,      page_case_post) \
    X(POST,   "/case/shape",  PLANNERS,                                ROUTE_SET | ROUTE_TOLD,  NONE,      page_case_shape_post) \
    X(GET,    "/plans",       STAFF,                                   ROUTE_LOOK,              PLANS,     page_plans) \
    X(POST,   "/plans",       PLANNERS,                                ROUTE_ACT,               NONE,      page_plans_post) \
    X(GET,    "/plans/work/:n", STAFF,                                 ROUTE_LOOK,              NONE,      page_plans_work) \
    X(POST,   "/plans/cancel", PLANNERS,                               ROUTE_SET,               NONE,      page_plans_cancel_post) \
    X(GET,    "/plan/:id",    STAFF,                                   ROUTE_LOOK,              NONE,      page_plan) \
    X(GET,    "/plan/:id/file/:name", STAFF,                           ROUTE_LOOK,              NONE,      page_plan_file) \
    X(GET,    "/plan/:id/refusal.pdf", STAFF,                          ROUTE_LOOK,              NONE,      page_plan_refusal) \
    /* owner's pages */ \
    X(GET,    "/month",       OVERSIGHT,                               ROUTE_LOOK,              OW_MONTH,  page_month_now) \
    X(GET,    "/month/:month", OVERSIGHT,                              ROUTE_LOOK,              NONE,      page_month) \
    X(GET,    "/day/:day",    OVERSIGHT,                               ROUTE_LOOK,              NONE,      page_day) \
    X(GET,    "/follow-ups",  RECORDS,                                 ROUTE_LOOK,              OW_FOLLOW_UPS, page_follow_ups) \
    X(GET,    "/record/:sid", RECORDS,                                 ROUTE_LOOK,              NONE,      page_record) \
    X(GET,    "/record/:sid/paper", RECORDS,                           ROUTE_LOOK,              NONE,      page_record_paper) \
    X(POST,   "/record",      RECORDS,                                 ROUTE_SET,               NONE,      page_record_post) \
    X(GET,    "/entry/:index", RECORDS,                                ROUTE_LOOK,              NONE,      page_entry) \
    X(GET,    "/entry/:index/proof", RECORDS,                          ROUTE_LOOK,              NONE,      page_entry_proof) \
    X(GET,    "/entry/:log/:index", RECORDS,                           ROUTE_LOOK,              NONE,      page_entry_older) \
    X(GET,    "/verify",      OVERSIGHT,                               ROUTE_LOOK,              OW_VERIFY, page_verify) \
    X(POST,   "/verify",      OVERSIGHT,                               ROUTE_SET,               NONE,      page_verify_post) \
    X(GET,    "/verify/:file", OVERSIGHT,                            ROUTE_LOOK,              NONE,      page_verify_file) \
    X(GET,    "/exports/:month", OVERSIGHT,                            ROUTE_LOOK,              NONE,      page_exports) \
    X(POST,   "/exports",     MAY(AUDITOR) | MAY(OWNER),               ROUTE_ACT,               NONE,      page_exports_post) \
    X(POST,   "/inspector",   MAY(AUDITOR) | MAY(OWNER),               ROUTE_ACT,               NONE,      page_inspector_post) \
    /* all clinics, from the hub */ \
    X(GET,    "/clinics",     MAY(AUDITOR) | MAY(OWNER),               ROUTE_LOOK | ROUTE_ASIDE, ROLL_UP,   page_roll_up_now) \
    X(GET,    "/clinics/:month", MAY(AUDITOR) | MAY(OWNER),            ROUTE_LOOK,              NONE,      page_roll_up) \
    X(POST,   "/clinics",     MAY(AUDITOR) | MAY(OWNER),               ROUTE_SET,               NONE,      page_roll_up_post) \
    /* the live session */ \
    X(GET,    "/session",     STAFF,                                   ROUTE_LOOK | ROUTE_GLASS, SESSION,  page_session) \
    X(GET,    "/live",        STAFF,                                   ROUTE_LOOK | ROUTE_TOLD | ROUTE_GLASS, NONE, page_live) \
    X(POST,   "/session/standby", ANYONE,                              ROUTE_HALT,              NONE,      page_standby_post) \
    X(POST,   "/session/here", MAY(OPERATOR),                          ROUTE_SET | ROUTE_TOLD | ROUTE_GLASS, NONE, page_here_post) \
    X(POST,   "/session/hold", MAY(OPERATOR),                          ROUTE_SET | ROUTE_TOLD,  NONE,      page_hold_post) \
    X(POST,   "/session/order", MAY(OPERATOR),                         ROUTE_ACT,               NONE,      page_order_post) \
    X(POST,   "/session/start", MAY(OPERATOR),                         ROUTE_ACT,               NONE,      page_start_post) \
    X(GET,    "/session/finish", RECORDS,                              ROUTE_LOOK,              NONE,      page_finish) \
    X(GET,    "/session/:sid/client.pdf", RECORDS,                     ROUTE_LOOK,              NONE,      page_finish_sheet) \
    X(GET,    "/session/:sid/next.ics", RECORDS,                       ROUTE_LOOK,              NONE,      page_finish_next) \
    /* by hand */ \
    X(GET,    "/by-hand",     STAFF,                                   ROUTE_LOOK | ROUTE_GLASS, NONE,      page_by_hand) \
    X(GET,    "/by-hand/seen", STAFF,                                  ROUTE_LOOK | ROUTE_TOLD | ROUTE_GLASS, NONE, page_by_hand_seen) \
    X(POST,   "/by-hand/start", MAY(OPERATOR),                         ROUTE_ACT,               NONE,      page_by_hand_start_post) \
    X(POST,   "/by-hand/order", MAY(OPERATOR),                         ROUTE_ACT,               NONE,      page_by_hand_order_post) \
    X(POST,   "/by-hand/photo", MAY(OPERATOR),                         ROUTE_ACT | ROUTE_PHOTO, NONE,      page_by_hand_photo_post) \
    /* photos of clients */ \
    X(GET,    "/photos/:code", RECORDS,                                ROUTE_LOOK,              NONE,      page_photos) \
    X(POST,   "/photos",      RECORDS,                                 ROUTE_SET,               NONE,      page_photos_post) \
    X(POST,   "/photos/open", RECORDS,                                 ROUTE_SET,               NONE,      page_photos_open_post) \
    X(POST,   "/photos/take", PLANNERS,                                ROUTE_ACT | ROUTE_PHOTO, NONE,      page_photos_take_post) \
    X(POST,   "/photos/consent", PLANNERS,                             ROUTE_ACT,               NONE,      page_photos_consent_post) \
    X(GET,    "/photos/:code/one/:photo", RECORDS,                     ROUTE_LOOK,              NONE,      page_photo_one) \
    X(GET,    "/photos/:code/two/:photo/:other", RECORDS,              ROUTE_LOOK,              NONE,      page_photo_two) \
    X(GET,    "/photos/:code/small/:photo", RECORDS,                   ROUTE_LOOK,              NONE,      page_photo_small) \
    X(GET,    "/photos/:code/large/:photo", RECORDS,                   ROUTE_LOOK,              NONE,      page_photo_large) \
    /* who a client is */ \
    X(GET,    "/identity",    REGISTRARS,                              ROUTE_LOOK,              NONE,      page_identity_new) \
    X(GET,    "/identity/:code", REGISTRARS,                           ROUTE_LOOK,              NONE,      page_identity) \
    X(POST,   "/identity",    REGISTRARS,                              ROUTE_SET,               NONE,      page_identity_post) \
    X(POST,   "/identity/add", REGISTRARS,                             ROUTE_ACT,               NONE,      page_identity_add_post) \
    X(POST,   "/identity/change", REGISTRARS,                          ROUTE_ACT,               NONE,      page_identity_change_post) \
    X(POST,   "/identity/erase", MAY(OWNER),                           ROUTE_ACT,               NONE,      page_identity_erase_post) \
    /* the end of the list */
/* clang-format on */

struct page;
typedef void route_handler(struct page *p);

#define X(method, path, who, how, nav, handler) route_handler handler;
ROUTE_LIST(X)
#undef X

typedef enum route_method { ROUTE_GET, ROUTE_POST } route_method;

typedef struct route {
    route_method method;
    const char *path;
    unsigned who, how;
    word nav;
    route_handler *handler;
} route;

const route *routes_at(size_t n); /* NULL past the end */
/* The row for this path (decoded, changed: its parts are cut out). NULL: *other says whether another method
 * has it. */
const route *routes_find(route_method method, char *path, const char *parts[ROUTE_PARTS], bool *other);

#endif

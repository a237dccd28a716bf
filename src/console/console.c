#include "by_hand.h"
#include "checking.h"
#include "core.h"
#include "live.h"
#include "owner.h"
#include "plan_work.h"
#include "roll_up.h"
#include "server.h"
#include "watch.h"

#include "fadeline/base/text.h"
#include "fadeline/journal/journal.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static fl_status prepare(fl_console *c, const fl_console_options *options, fl_error *error)
{
    c->simulated = options->simulated;
    c->days_ahead = options->days_ahead;
    c->clock = fl_clock_ahead(&c->days_ahead);
    c->near.console = c->far.console = c;
    c->far.far = true;
    pthread_mutex_init(&c->book, NULL);
    pthread_mutex_init(&c->roster_lock, NULL);
    pthread_mutex_init(&c->cases, NULL);
    pthread_mutex_init(&c->pictures, NULL);
    pthread_mutex_init(&c->hand_books.lock, NULL);
    fl_status status = fl_place_home(c->home, error);
    if (status == FL_OK) status = fl_journal_place(c->simulated, c->journal, error);
    if (status != FL_OK) return status;
    c->visitors = visitors_new(&c->clock);
    c->tablets = tablets_new(&c->clock);
    c->watch = c->visitors && c->tablets ? watch_new() : NULL;
    c->live = c->watch ? live_new(c->simulated) : NULL;
    c->hand = c->live ? by_hand_new() : NULL;
    c->shelf = owner_shelf_new();
    c->checking = checking_new(&c->clock);
    c->plans = plan_work_new(c->home);
    c->roll_up = roll_up_new(options->hub, &c->clock);
    return c->live && c->hand && c->shelf && c->checking && c->plans && c->roll_up
               ? FL_OK
               : fl_error_set(error, FL_E_MEMORY, "no memory or no thread for the console");
}

/* ---- for other devices ---- */

#define PEM_MOST ((size_t)256 << 10)

static fl_status read_pem(const char *path, bool secret, char **bytes, fl_error *error)
{
    struct stat info;
    size_t size;
    if (secret && stat(path, &info) == 0 && info.st_mode & (S_IRWXG | S_IRWXO)) {
        fl_error_set(error, FL_E_FILE, "others can read this key");
        fl_error_at(error, path, 0, 0);
        return fl_error_hint(error, "chmod 600 %s", path), FL_E_FILE;
    }
    return fl_place_read(path, PEM_MOST, bytes, &size, error);
}

static fl_status open_far(fl_console *c, const fl_console_options *options, fl_error *error)
{
    char address[64];
    uint64_t port = FL_CONSOLE_FAR_PORT;
    if (!options->listen && !options->certificate && !options->key) return FL_OK;
    if (!options->listen || !options->certificate || !options->key) {
        fl_error_set(error, FL_E_USAGE,
                     "listening for other devices wants an address, a certificate and its key");
        return fl_error_hint(error, "--listen 192.168.1.20 --cert console.pem --key console.key"), FL_E_USAGE;
    }
    const char *colon = strchr(options->listen, ':');
    const size_t size = colon ? (size_t)(colon - options->listen) : strlen(options->listen);
    if (size >= sizeof address || (colon && (fl_read_u64(colon + 1, &port) != FL_OK || port > 65535)))
        return fl_error_set(error, FL_E_USAGE, "'%s' is no address such as 192.168.1.20:8443",
                            options->listen);
    memcpy(address, options->listen, size);
    address[size] = 0;
    fl_status status = read_pem(options->certificate, false, &c->far.certificate, error);
    if (status == FL_OK) status = read_pem(options->key, true, &c->far.key, error);
    if (status == FL_OK) status = server_open(&c->far, address, (uint16_t)port, options->names, error);
    return status;
}

static void wipe(char *secret)
{
    if (secret) explicit_bzero(secret, strlen(secret));
    free(secret);
}

/* ---- together ---- */

fl_status fl_console_open(const fl_console_options *options, fl_console **console, fl_error *error)
{
    fl_console *c = calloc(1, sizeof *c);
    if (!c) return fl_error_set(error, FL_E_MEMORY, "no memory for the console");
    fl_status status = prepare(c, options, error);
    if (status == FL_OK) status = server_open(&c->near, "127.0.0.1", options->port, NULL, error);
    if (status == FL_OK) status = open_far(c, options, error);
    if (status == FL_OK)
        *console = c;
    else
        fl_console_close(c);
    return status;
}

const char *fl_console_url(const fl_console *console)
{
    return console->near.url;
}

const char *fl_console_far_url(const fl_console *console)
{
    return console->far.daemon ? console->far.url : NULL;
}

void fl_console_close(fl_console *console)
{
    if (!console) return;
    atomic_store(&console->stopping, true);
    server_close(&console->far);
    server_close(&console->near);
    plan_work_free(console->plans);
    roll_up_free(console->roll_up);
    live_free(console->live);
    by_hand_free(console->hand);
    watch_free(console->watch);
    checking_free(console->checking);
    owner_shelf_free(console->shelf);
    visitors_free(console->visitors);
    tablets_free(console->tablets);
    free(console->far.certificate);
    wipe(console->far.key);
    pthread_mutex_destroy(&console->book);
    pthread_mutex_destroy(&console->roster_lock);
    pthread_mutex_destroy(&console->cases);
    pthread_mutex_destroy(&console->pictures);
    pthread_mutex_destroy(&console->hand_books.lock);
    fl_roster_fini(&console->roster);
    free(console);
}

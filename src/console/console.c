#include "checking.h"
#include "core.h"
#include "live.h"
#include "owner.h"
#include "plan_work.h"
#include "server.h"
#include "watch.h"

#include "fadeline/journal/journal.h"

#include <stdlib.h>

static fl_status prepare(fl_console *c, const fl_console_options *options, fl_error *error)
{
    c->simulated = options->simulated;
    c->days_ahead = options->days_ahead;
    c->clock = fl_clock_ahead(&c->days_ahead);
    c->near.console = c;
    pthread_mutex_init(&c->book, NULL);
    pthread_mutex_init(&c->roster_lock, NULL);
    fl_status status = fl_place_home(c->home, error);
    if (status == FL_OK) status = fl_journal_place(c->simulated, c->journal, error);
    if (status != FL_OK) return status;
    c->visitors = visitors_new(&c->clock);
    c->watch = c->visitors ? watch_new() : NULL;
    c->live = c->watch ? live_new(c->simulated) : NULL;
    c->shelf = owner_shelf_new();
    c->checking = checking_new(&c->clock);
    c->plans = plan_work_new(c->home);
    return c->live && c->shelf && c->checking && c->plans
               ? FL_OK
               : fl_error_set(error, FL_E_MEMORY, "no memory or no thread for the console");
}

fl_status fl_console_open(const fl_console_options *options, fl_console **console, fl_error *error)
{
    fl_console *c = calloc(1, sizeof *c);
    if (!c) return fl_error_set(error, FL_E_MEMORY, "no memory for the console");
    fl_status status = prepare(c, options, error);
    if (status == FL_OK) status = server_open(&c->near, "127.0.0.1", options->port, error);
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

void fl_console_close(fl_console *console)
{
    if (!console) return;
    atomic_store(&console->stopping, true);
    server_close(&console->near);
    plan_work_free(console->plans);
    live_free(console->live);
    watch_free(console->watch);
    checking_free(console->checking);
    owner_shelf_free(console->shelf);
    visitors_free(console->visitors);
    pthread_mutex_destroy(&console->book);
    pthread_mutex_destroy(&console->roster_lock);
    fl_roster_fini(&console->roster);
    free(console);
}

/* Audits that are kept, and how days and numbers of an audit are written. */
#include "owner.h"

#include "core.h"

#include "fadeline/base/text.h"
#include "fadeline/report/audit_identity.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* ---- the shelf ---- */

#define SHELF_MOST 6

typedef struct stamp { /* of the files of journal and clients: another one, another audit */
    struct {
        ino_t number;
        off_t size;
        struct timespec changed;
    } file[4];
} stamp;

typedef struct kept {
    struct kept *next;
    unsigned users;
    bool off_shelf; /* free it with its last user */
    stamp when;
    fl_date from, to;
    char site[FL_AUDIT_SITE_MAX + 1];
    fl_audit *audit;
} kept;

struct owner_shelf {
    pthread_mutex_t lock;
    kept *first; /* newest first */
};

struct owner_shelf *owner_shelf_new(void)
{
    struct owner_shelf *shelf = calloc(1, sizeof *shelf);
    if (shelf) pthread_mutex_init(&shelf->lock, NULL);
    return shelf;
}

static void free_kept(kept *k)
{
    fl_audit_free(k->audit);
    free(k);
}

void owner_shelf_free(struct owner_shelf *shelf)
{
    if (!shelf) return;
    while (shelf->first) {
        kept *next = shelf->first->next;
        free_kept(shelf->first);
        shelf->first = next;
    }
    pthread_mutex_destroy(&shelf->lock);
    free(shelf);
}

static void note_file(stamp *s, size_t n, const char *path, const char *end)
{
    char full[FL_PLACE_MAX + 20];
    struct stat found;
    snprintf(full, sizeof full, "%s%s", path, end);
    if (stat(full, &found) != 0) return;
    s->file[n].number = found.st_ino;
    s->file[n].size = found.st_size;
    s->file[n].changed = found.st_mtim;
}

static stamp stamp_of(const fl_console *c)
{
    char clients[FL_PLACE_MAX];
    stamp s;
    memset(&s, 0, sizeof s); /* compared as bytes */
    note_file(&s, 0, c->journal, "/journal.db");
    note_file(&s, 1, c->journal, "/journal.db-wal");
    if (fl_clients_place(c->simulated, clients, NULL) != FL_OK) return s;
    note_file(&s, 2, clients, "");
    note_file(&s, 3, clients, "-wal");
    return s;
}

static bool fits(const kept *k, const stamp *now, fl_date from, fl_date to, const char *site)
{
    return memcmp(&k->when, now, sizeof *now) == 0 && fl_date_compare(k->from, from) == 0 &&
           fl_date_compare(k->to, to) == 0 && strcmp(k->site, site) == 0;
}

static kept *find_kept(struct owner_shelf *shelf, const stamp *now, fl_date from, fl_date to,
                       const char *site)
{
    pthread_mutex_lock(&shelf->lock);
    kept *k = shelf->first;
    while (k && !fits(k, now, from, to, site)) k = k->next;
    if (k) k->users++;
    pthread_mutex_unlock(&shelf->lock);
    return k;
}

static void put_kept(struct owner_shelf *shelf, kept *k)
{
    pthread_mutex_lock(&shelf->lock);
    k->next = shelf->first;
    shelf->first = k;
    k->users = 1;
    size_t count = 1;
    for (kept **at = &k->next; *at;) {
        kept *old = *at;
        if (++count <= SHELF_MOST && memcmp(&old->when, &k->when, sizeof k->when) == 0) {
            at = &old->next;
            continue;
        }
        *at = old->next;
        count--;
        old->off_shelf = true;
        if (!old->users) free_kept(old);
    }
    pthread_mutex_unlock(&shelf->lock);
}

void owner_close(page *p, owner_audit *o)
{
    struct owner_shelf *shelf = p->console->shelf;
    kept *k = o->kept;
    if (!k) return;
    pthread_mutex_lock(&shelf->lock);
    const bool last = !--k->users && k->off_shelf;
    pthread_mutex_unlock(&shelf->lock);
    if (last) free_kept(k);
    *o = (owner_audit){0};
}

/* Of a damaged journal nothing is said of identities: who was registered may be what is missing. */
static fl_status look_for_identities(const page *p, fl_journal *journal, fl_audit *audit, fl_error *error)
{
    char path[FL_PLACE_MAX];
    fl_clients *clients = NULL;
    if (audit->journals[0].damaged || fl_history_missing(&audit->histories[0])) {
        fl_audit_identities_unlooked(audit, "the journal is not whole");
        return FL_OK;
    }
    fl_status status = fl_clients_place(p->console->simulated, path, error);
    if (status == FL_OK && fl_place_exists(path) &&
        fl_clients_open(path, p->console->simulated, &clients, error) != FL_OK) {
        fl_audit_identities_unlooked(audit, "clients.db cannot be opened");
        *error = (fl_error){0};
        return FL_OK;
    }
    if (status == FL_OK) status = fl_audit_identities(audit, journal, clients, error);
    fl_clients_close(clients);
    return status;
}

static kept *make_kept(page *p, const stamp *now, fl_date from, fl_date to, const char *site, fl_error *error)
{
    const fl_audit_options options = {.from = from, .to = to, .site = *site ? site : NULL, .good_part = true};
    kept *k = calloc(1, sizeof *k);
    fl_journal *journal = NULL;
    fl_status status = k ? book_look(p, &journal, error) : fl_error_set(error, FL_E_MEMORY, "no memory");
    if (status == FL_OK) status = fl_audit_new(journal, &options, &k->audit, error);
    if (status == FL_OK) status = look_for_identities(p, journal, k->audit, error);
    fl_journal_close(journal);
    if (status != FL_OK) {
        if (k) fl_audit_free(k->audit);
        free(k);
        return NULL;
    }
    k->when = *now;
    k->from = from, k->to = to;
    snprintf(k->site, sizeof k->site, "%s", site);
    return k;
}

bool owner_open(page *p, fl_date from, fl_date to, const char *site, owner_audit *o)
{
    struct owner_shelf *shelf = p->console->shelf;
    fl_error error = {0};
    *o = (owner_audit){0};
    if (!book_exists(p)) return page_refuse(p, 404, say(p, W_JOURNAL_NEW), NULL), false;
    const stamp now = stamp_of(p->console); /* before reading: what changes meanwhile is read again */
    kept *k = find_kept(shelf, &now, from, to, site ? site : "");
    if (!k) {
        k = make_kept(p, &now, from, to, site ? site : "", &error);
        if (k) put_kept(shelf, k);
    }
    if (!k && error.status == FL_E_DAMAGED)
        return page_refuse_error(p, 500, &error, say(p, W_OW_DAMAGE_ALL)), false;
    if (!k) return page_failed(p, &error), false;
    *o = (owner_audit){k->audit, &k->audit->journals[0], k};
    return true;
}

void owner_damage(page *p, const fl_verify_report *log)
{
    if (!log->damaged) return;
    html *w = &p->html;
    html_put(w, "<div class=\"no\" role=\"alert\"><p><strong>%s</strong> ", say(p, W_OW_DAMAGED));
    page_put_said(p, log->what);
    html_put(w, "</p><p>%s %s</p><p><a href=\"/verify\">%s</a></p></div>",
             page_fill(p, W_OW_DAMAGE_GOOD, page_count(p, fl_verify_good(log))), say(p, W_OW_DAMAGE_REST),
             say(p, W_OW_VERIFY));
}

/* ---- days ---- */

bool owner_read_month(const char *text, fl_date *first, fl_date *last)
{
    char day[12];
    if (strlen(text) != 7 || snprintf(day, sizeof day, "%s-01", text) != 10 ||
        fl_date_read(day, first) != FL_OK)
        return false;
    *last = fl_date_add_days(fl_date_add_months(*first, 1), -1);
    return true;
}

const char *owner_month(page *p, fl_date day)
{
    char text[11];
    return page_format(p, "%.7s", fl_date_text(day, text));
}

const char *owner_clock(page *p, fl_utc time)
{
    const int64_t us_a_day = 86400000000, in_day = (time.us % us_a_day + us_a_day) % us_a_day;
    return page_format(p, p->language == FRENCH ? "%d h %02d min %02d s" : "%02d:%02d:%02d",
                       (int)(in_day / 3600000000), (int)(in_day / 60000000 % 60),
                       (int)(in_day / 1000000 % 60));
}

const char *owner_time(page *p, fl_utc time)
{
    char day[11];
    if (!time.us) return page_number(p, 0.0 / 0.0, 0);
    return page_format(p, "%s %s", fl_date_text(fl_date_of(time), day), owner_clock(p, time));
}

const char *owner_entry_url(page *p, size_t log, size_t logs, uint64_t own)
{
    const char *digits = page_format(p, "%llu", (unsigned long long)own);
    return log == logs ? page_url(p, "/entry/%s", digits)
                       : page_url(p, "/entry/%s/%s", page_format(p, "%zu", log), digits);
}

/* ---- numbers ---- */

static uint64_t size_of(int64_t value)
{
    return value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
}

const char *owner_count(page *p, int64_t value)
{
    return page_format(p, "%s%s", value < 0 ? "\xe2\x88\x92" : "", page_count(p, size_of(value)));
}

const char *owner_signed(page *p, int64_t value)
{
    return page_format(p, "%s%s", value > 0 ? "+" : "", owner_count(p, value));
}

const char *owner_fill(page *p, word w, const char *first, const char *second, const char *third)
{
    const char *values[] = {first, second, third}, *at = say(p, w);
    char room[600];
    fl_text text = fl_text_in(room, sizeof room);
    for (size_t n = 0; *at;) {
        const char *mark = strstr(at, "%s");
        fl_text_add_bytes(&text, at, mark ? (size_t)(mark - at) : strlen(at));
        if (!mark) break;
        fl_text_add(&text, "%s", n < 3 && values[n] ? values[n] : "");
        n++;
        at = mark + 2;
    }
    return page_format(p, "%s", room);
}

#include "journal_succeed.h"

#include "fadeline/clients/names.h"

#include "act.h"
#include "ask.h"

#include "fadeline/base/place.h"
#include "fadeline/base/text.h"
#include "fadeline/journal/succeed.h"
#include "fadeline/report/shown_json.h"

#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TRIES_FILE "succession-tries"
#define TRIES_MOST 200 /* lines; with more nobody signs before the owner has looked */

typedef struct succeeding {
    const fl_args *args;
    bool simulated;
    char home[FL_PLACE_MAX], journal[FL_PLACE_MAX], tries_path[FL_PLACE_MAX];
    const char *who, *why, *text;
    fl_seen seen[FL_SUCCEED_SEEN_MOST];
    size_t seen_count;
    fl_people_tries tries;
    fl_entry then[TRIES_MOST + 1]; /* wrong PINs and the right one, for the new log */
    size_t then_count;
    fl_succession_done done;
} succeeding;

/* ---- wrong PINs: the old log may not be able to take them, and they must not be free ---- */

static void recall(succeeding *s, const char *who, int64_t utc_us)
{
    static fl_entry entry;
    static char bytes[FL_ENTRY_MAX];
    size_t size;
    fl_record record;
    fl_entry_begin(&entry, FL_KIND_AUTH_FAIL);
    fl_entry_text(&entry, "who", who);
    fl_entry_text(&entry, "why", fl_people_answer_code(FL_PEOPLE_UNKNOWN));
    fl_entry_int(&entry, "utc_us", utc_us);
    if (fl_entry_encode(&entry, bytes, sizeof bytes, &size) == FL_OK &&
        fl_record_read(bytes, size, &record) == FL_OK)
        fl_people_recall(&record, &s->tries);
}

static void carry_try(succeeding *s, const char *who, int64_t utc_us)
{
    fl_entry *entry = &s->then[s->then_count++];
    fl_entry_begin(entry, FL_KIND_AUTH_FAIL);
    fl_entry_text(entry, "who", who);
    fl_entry_text(entry, "why", fl_people_answer_code(FL_PEOPLE_UNKNOWN));
    fl_entry_int(entry, "at_us", utc_us);
}

/* "<utc_us> <who>" a line. A line that is none counts as a try of nobody's. */
static fl_status read_tries_file(succeeding *s, fl_error *error)
{
    char *content, *line, *rest;
    size_t size;
    if (!fl_place_exists(s->tries_path)) return FL_OK;
    fl_status status = fl_place_read(s->tries_path, 1 << 16, &content, &size, error);
    if (status != FL_OK) return status;
    for (line = strtok_r(content, "\n", &rest); line && s->then_count < TRIES_MOST;
         line = strtok_r(NULL, "\n", &rest)) {
        char who[64] = "?";
        long long utc_us = fl_clock_system()->utc(NULL).us;
        if (sscanf(line, "%lld %63s", &utc_us, who) != 2 || !fl_entry_takes(who))
            snprintf(who, sizeof who, "?");
        recall(s, who, utc_us);
        carry_try(s, who, utc_us);
    }
    if (line) {
        status = fl_error_set(error, FL_E_NO, "too many wrong PINs were typed at a succession");
        fl_error_hint(error, "look who it was (%s), then remove that file", s->tries_path);
    }
    free(content);
    return status;
}

static fl_status keep_try(const succeeding *s, const char *who, fl_error *error)
{
    FILE *file = fopen(s->tries_path, "ae");
    const bool kept = file &&
                      fprintf(file, "%lld %s\n", (long long)fl_clock_system()->utc(NULL).us, who) > 0 &&
                      fflush(file) == 0 && fsync(fileno(file)) == 0;
    if (file) fclose(file);
    return kept ? FL_OK
                : fl_error_set(error, FL_E_IO, "a wrong PIN could not be written down: %s", s->tries_path);
}

static fl_status read_journal(succeeding *s, fl_error *error)
{
    fl_journal *journal;
    const fl_journal_options read = {.mode = FL_JOURNAL_READ};
    fl_status status = fl_journal_open(s->journal, &read, &journal, error);
    if (status != FL_OK) return status;
    for (uint64_t i = 0; i < fl_journal_length(journal) && status == FL_OK; i++) {
        fl_record record;
        status = fl_journal_past(journal, i, &record);
        if (status == FL_OK)
            fl_people_recall(&record, &s->tries);
        else
            fl_error_set(error, status, "entry %llu cannot be read; fadeline journal verify",
                         (unsigned long long)i);
    }
    fl_journal_close(journal);
    return status == FL_OK ? read_tries_file(s, error) : status;
}

/* ---- the owner ---- */

static fl_status refuse(const fl_people *people, const char *who, fl_people_answer answer, fl_date today,
                        fl_error *error)
{
    char whom[120];
    fl_error_set(error, FL_E_NO, "%s", fl_people_answer_text(answer));
    if (answer == FL_PEOPLE_ROLE)
        fl_error_set(error, FL_E_NO, "%s may not end a journal: only an owner may", who);
    fl_error_code(error, fl_people_answer_code(answer));
    fl_people_whom(people, ROLE(OWNER), today, whom, sizeof whom);
    if (*whom) fl_error_hint(error, "ask %s", whom);
    return FL_E_NO;
}

static fl_status sign(succeeding *s, fl_error *error)
{
    char pin[FL_PIN_MOST + 2];
    fl_people *people = NULL;
    fl_people_guard guard = {.until = {0}};
    fl_person person;
    const fl_clock *clock = fl_clock_system();
    const fl_date today = fl_date_of(clock->utc(clock->self));
    fl_status status = fl_people_load(s->home, &people, error);
    if (status != FL_OK) return status;
    fl_people_resume(&guard, &s->tries, clock->utc(clock->self), clock->now(clock->self));
    fl_people_answer answer = FL_PEOPLE_UNKNOWN;
    if (ask_pin(pin))
        answer =
            fl_people_check_any(people, &guard, clock->now(clock->self), s->who, pin, ROLE(OWNER), today);
    explicit_bzero(pin, sizeof pin);
    const char *who = fl_people_find(people, s->who, &person) ? s->who : "?"; /* anybody's name, else */
    if (answer == FL_PEOPLE_UNKNOWN) status = keep_try(s, who, error);
    if (status == FL_OK && answer != FL_PEOPLE_YES) status = refuse(people, who, answer, today, error);
    fl_people_free(people);
    if (status != FL_OK) return status;
    fl_entry_begin(&s->then[s->then_count], FL_KIND_AUTH_OK);
    fl_entry_text(&s->then[s->then_count++], "who", s->who);
    return FL_OK;
}

/* ---- what was said ---- */

/* "SIM-0007:5123:<64 hex digits>", as a refused session shows it. */
static bool read_seen(const char *text, fl_seen *seen)
{
    char number[24];
    const char *root = strrchr(text, ':'), *at = root;
    while (at && at > text && at[-1] != ':') at--;
    if (!root || at <= text + 1 || root - at <= 0 || root - at >= (int)sizeof number) return false;
    const size_t size = (size_t)(at - 1 - text);
    if (size > FL_DEVICE_ID_MAX) return false;
    memcpy(seen->dev, text, size);
    seen->dev[size] = 0;
    snprintf(number, sizeof number, "%.*s", (int)(root - at), at);
    return fl_entry_takes(seen->dev) && fl_read_u64(number, &seen->size) == FL_OK &&
           strlen(root + 1) == 2 * FL_SHA256_SIZE &&
           fl_read_hex(root + 1, seen->root.byte, FL_SHA256_SIZE) == FL_OK;
}

static fl_status take_words(succeeding *s, fl_error *error)
{
    size_t at = 0;
    s->who = fl_args_value(s->args, "who");
    s->why = fl_args_value(s->args, "why");
    s->text = fl_args_value(s->args, "text");
    if (!s->who) return fl_error_set(error, FL_E_USAGE, "which owner does this? --who WHO");
    if (!fl_succession_is_reason(s->why))
        return fl_error_set(error, FL_E_USAGE, "--why is one of copy, restored, key-lost, key-stolen");
    if (s->text && (!fl_entry_takes(s->text) || strlen(s->text) > 400))
        return fl_error_set(error, FL_E_USAGE, "--text wants a sentence of plain text, at most 400 bytes");
    if (fl_clients_named_here(false, "--text", s->text, NULL, error) != FL_OK) return FL_E_NO;
    for (const char *one; (one = fl_args_each(s->args, "seen", &at));) {
        if (s->seen_count == FL_SUCCEED_SEEN_MOST)
            return fl_error_set(error, FL_E_USAGE, "at most %d lasers", FL_SUCCEED_SEEN_MOST);
        if (!read_seen(one, &s->seen[s->seen_count++]))
            return fl_error_set(error, FL_E_USAGE,
                                "--seen wants LASER:NUMBER:ROOT as the refused session shows it");
    }
    fl_status status = fl_place_home(s->home, error);
    if (status == FL_OK) status = fl_journal_place(s->simulated, s->journal, error);
    if (status == FL_OK &&
        snprintf(s->tries_path, sizeof s->tries_path, "%s/%s", s->home, TRIES_FILE) >= FL_PLACE_MAX)
        status = fl_error_set(error, FL_E_IO, "path too long");
    return status;
}

static int print_done(const succeeding *s)
{
    char root[2 * FL_SHA256_SIZE + 1];
    const fl_succession_done *d = &s->done;
    fl_hex(d->root.byte, sizeof d->root.byte, root);
    if (fl_args_has(s->args, "json")) {
        json_t *object = json_pack("{s:s, s:s, s:s, s:I, s:I, s:s, s:s, s:b}", "origin", d->origin, "key",
                                   d->vkey, "origin_before", d->old_origin, "entries_before",
                                   (json_int_t)d->size, "entries_in_history", (json_int_t)d->before,
                                   "root_before_sha256", root, "kept", d->kept, "simulated", s->simulated);
        fl_shown_json(object, stdout, JSON_INDENT(2) | JSON_SORT_KEYS);
        putchar('\n');
        json_decref(object);
        return 0;
    }
    printf("%sjournal succeeded: what it holds is not forgotten, and nothing is written into the old one\n",
           s->simulated ? "SIMULATED " : "");
    if (s->seen_count)
        puts("  A laser has seen more than this log holds. What lies between is UNKNOWN: pulses, zones and "
             "checks of\n"
             "  that time count for nobody. Look it up on paper or at the hub, and check the laser's energy "
             "first.");
    printf("  before  %s\n          %llu entries, root %s\n          kept in %s\n", d->old_origin,
           (unsigned long long)d->size, root, d->kept);
    printf("  now     %s\n          key %s\n", d->origin, d->vkey);
    puts("  The hub knows the old log; tell its keeper the new key before the next push.");
    return 0;
}

int journal_succeed(const fl_args *args)
{
    fl_error error = {0};
    succeeding *s = calloc(1, sizeof *s);
    if (!s) return fl_status_exit(FL_E_MEMORY);
    s->args = args;
    s->simulated = fl_args_has(args, "simulated");
    fl_status status =
        fl_args_has(args, "journal")
            ? fl_error_set(&error, FL_E_USAGE, "only this installation's own journals have successors")
            : take_words(s, &error);
    if (status == FL_OK) status = read_journal(s, &error);
    if (status == FL_OK) status = sign(s, &error);
    const fl_journal_options options = {.simulated = s->simulated};
    const fl_succession wish = {.who = s->who,
                                .why = s->why,
                                .text = s->text,
                                .origin = fl_args_value(args, "origin"),
                                .seen = s->seen,
                                .seen_count = s->seen_count,
                                .then = s->then,
                                .then_count = s->then_count};
    if (status == FL_OK) status = fl_journal_succeed(s->journal, &options, &wish, &s->done, &error);
    if (status == FL_OK) unlink(s->tries_path); /* they are in the new log */
    const int code = status == FL_OK ? print_done(s) : fl_args_failed(&error);
    free(s);
    return code;
}

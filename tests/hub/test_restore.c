/* labels: unit fault   timeout: 240 */
/* A console's journal comes back from the hub: yesterday's file, fallen bits, hubs that lie, forks, kills. */
#include "check.h"

#include "helper_chain.h"
#include "helper_log.h"
#include "helper_server.h"

#include "fadeline/base/text.h"
#include "fadeline/hub/fetch.h"
#include "fadeline/hub/verify.h"

#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct scene {
    test_hub h;
    helper_clock clock;
    char parent[FL_PLACE_MAX], place[FL_PLACE_MAX], yesterday[FL_PLACE_MAX];
    uint64_t old_size, size; /* of yesterday's file, and at the hub */
} scene;

static fl_error error;
static fl_push_report report;
static fl_heal_done done;

static fl_status push(scene *s)
{
    fl_journal *journal;
    fl_push_source source;
    const fl_journal_options look = {.mode = FL_JOURNAL_READ};
    const fl_push_options options = {.witness = &s->h.witness, .clock = test_clock()};
    error = (fl_error){0};
    fl_status status = fl_journal_open(s->place, &look, &journal, &error);
    if (status != FL_OK) return status;
    status = fl_push_from(journal, &source, &error);
    if (status == FL_OK) status = fl_hub_push(s->h.hub, &source, &options, &report, &error);
    s->size = fl_journal_size(journal);
    fl_journal_close(journal);
    return status;
}

static uint64_t write_session(scene *s, uint64_t sid, unsigned pulses)
{
    fl_journal *journal = helper_open(s->place, &s->clock, sid == 1 ? FL_JOURNAL_CREATE : FL_JOURNAL_WRITE);
    CHECK(helper_session(journal, &s->clock, sid, 1000 * sid, 41000 + 100 * sid, pulses) == FL_OK,
          "a session");
    fl_journal_close(journal);
    fl_verify_report *whole = calloc(1, sizeof *whole);
    CHECK(fl_verify(s->place, NULL, whole, &error) == FL_OK, "%s", error.what);
    const uint64_t size = whole->entries;
    free(whole);
    return size;
}

/* Two days at the hub; `place` is today's, `yesterday` the file of the evening before. */
static void begin(scene *s)
{
    fl_journal *journal;
    *s = (scene){0};
    helper_clock_init(&s->clock);
    helper_directory(s->parent);
    snprintf(s->place, sizeof s->place, "%.900s/journal", s->parent);
    snprintf(s->yesterday, sizeof s->yesterday, "%.900s/yesterday", s->parent);
    s->old_size = write_session(s, 1, 40);
    helper_copy(s->place, s->yesterday);
    const fl_journal_options look = {.mode = FL_JOURNAL_READ};
    test_hub_make(&s->h, NULL);
    CHECK(fl_journal_open(s->place, &look, &journal, &error) == FL_OK, "%s", error.what);
    CHECK(fl_hub_enrol(s->h.by_owner, CHAIN_ORIGIN, fl_journal_vkey(journal), "S7", NULL, &error) == FL_OK,
          "%s", error.what);
    fl_journal_close(journal);
    CHECK(push(s) == FL_OK, "%s", error.what);
    write_session(s, 2, 60);
    CHECK(push(s) == FL_OK, "%s", error.what);
}

static void end(scene *s)
{
    char line[FL_PLACE_MAX + 16];
    snprintf(line, sizeof line, "rm -rf %s", s->parent);
    CHECK(system(line) == 0, "clean up");
    test_hub_close(&s->h);
}

static void bring_back_yesterday(scene *s)
{
    char line[4 * FL_PLACE_MAX];
    snprintf(line, sizeof line, "rm -f %s/journal.db* && cp -p %s/journal.db %s/", s->place, s->yesterday,
             s->place);
    CHECK(system(line) == 0, "yesterday's file");
}

/* How a copy may lie. */
typedef struct liar {
    fl_heal_source honest;
    uint64_t index;
    int how; /* 0 honest, 1 a byte, 2 missing, 3 the entry before, 4 gone, 5 another one only the second time
              */
    unsigned asked;
    char room[FL_ENTRY_READ_MAX];
} liar;

static fl_status lie(void *self, uint64_t index, const void **bytes, size_t *size)
{
    liar *l = self;
    if (index == l->index) l->asked++;
    const bool now = index == l->index && (l->how != 5 || l->asked > 1);
    if (now && l->how == 2) return FL_E_NO;
    if (now && l->how == 4) return FL_E_GONE;
    const fl_status status =
        l->honest.read(l->honest.self, now && l->how == 3 ? index - 1 : index, bytes, size);
    if (status != FL_OK || !now || (l->how != 1 && l->how != 5)) return status;
    memcpy(l->room, *bytes, *size);
    l->room[*size / 2] ^= 1;
    *bytes = l->room;
    return FL_OK;
}

static void (*on_step)(void *self, const char *name);
static void *step_self;

static fl_status heal_from(scene *s, liar *l)
{
    fl_hub_fetch *fetch;
    static fl_entry signed_in;
    error = (fl_error){0};
    fl_status status = fl_hub_fetch_new(s->h.hub, CHAIN_ORIGIN, &fetch, &error);
    if (status != FL_OK) return status;
    fl_entry_begin(&signed_in, FL_KIND_AUTH_OK);
    fl_entry_text(&signed_in, "who", "own:1");
    const fl_heal_wish wish = {.simulated = true,
                               .who = "own:1",
                               .from = "SIMULATED/hub.example/witness-1",
                               .then = &signed_in,
                               .then_count = 1,
                               .step = on_step,
                               .self = step_self};
    fl_heal_source source = fl_hub_fetch_source(fetch);
    if (l) {
        l->honest = source;
        source.read = lie;
        source.self = l;
    }
    status = fl_journal_heal(s->place, &source, &wish, &done, &error);
    fl_hub_fetch_free(fetch);
    return status;
}

static bool same_at_hub(scene *s, uint64_t *other)
{
    fl_hub_head head;
    fl_hub_reader *reader;
    fl_journal *journal;
    const fl_journal_options look = {.mode = FL_JOURNAL_READ};
    bool same = fl_hub_find(s->h.hub, CHAIN_ORIGIN, &head, &error) == FL_OK &&
                fl_hub_reader_new(s->h.hub, &head, &reader) == FL_OK;
    if (!same) return false;
    same = fl_journal_open(s->place, &look, &journal, &error) == FL_OK;
    for (*other = 0; same && *other < head.tree.size; ++*other) {
        const char *mine;
        const void *theirs;
        size_t my_size, their_size;
        if (fl_journal_read(journal, *other, &mine, &my_size) != FL_OK ||
            fl_hub_reader_bytes(reader, *other, &theirs, &their_size) != FL_OK || my_size != their_size ||
            memcmp(mine, theirs, my_size) != 0)
            break;
    }
    if (same) fl_journal_close(journal);
    fl_hub_reader_free(reader);
    return same && *other == head.tree.size;
}

/* Whole, the hub's to the byte, says what was done, goes on, and the hub takes what comes. */
static void expect_healed(scene *s, const char *what)
{
    uint64_t other;
    char path[FL_PLACE_MAX + 16];
    fl_verify_report *whole = calloc(1, sizeof *whole);
    CHECK(fl_verify(s->place, NULL, whole, &error) == FL_OK, "%s: %s", what, error.what);
    CHECK(same_at_hub(s, &other), "%s: entry %llu", what, (unsigned long long)other);
    fl_journal *journal;
    fl_record record;
    bool said = false;
    const fl_journal_options look = {.mode = FL_JOURNAL_READ};
    CHECK(fl_journal_open(s->place, &look, &journal, &error) == FL_OK, "%s", error.what);
    for (uint64_t i = 0; i < fl_journal_size(journal); i++)
        said |= fl_journal_record(journal, i, &record) == FL_OK &&
                fl_record_kind(&record) == FL_KIND_CONFIG_CHANGE &&
                fl_record_text_is(&record, "what", "healed") && fl_record_text_is(&record, "who", "own:1");
    fl_journal_close(journal);
    CHECK(said, "%s: written down", what);
    if (done.aside[0]) {
        snprintf(path, sizeof path, "%s/install.key", done.aside);
        CHECK(access(path, F_OK) != 0, "%s: the old one has no key", what);
        snprintf(path, sizeof path, "%s/journal.db", done.aside);
        CHECK(access(path, F_OK) == 0, "%s: the old one is kept", what);
    }
    CHECK(push(s) == FL_OK && report.judgement == FL_JUDGE_ACCEPT && !report.frozen, "%s: %s", what,
          error.what);
    write_session(s, 7, 3);
    CHECK(push(s) == FL_OK && report.judgement == FL_JUDGE_ACCEPT, "%s, later: %s", what, error.what);
    free(whole);
}

static void yesterdays_file(void)
{
    scene s;
    begin(&s);
    CHECK(heal_from(&s, NULL) == FL_OK && done.nothing && done.size == s.size, "nothing to do: %s",
          error.what);
    CHECK(!done.aside[0], "nothing was moved");
    bring_back_yesterday(&s);
    CHECK(push(&s) == FL_E_NO && report.judgement == FL_JUDGE_ROLLBACK, "the hub says so: %s", error.what);
    CHECK(strstr(error.hint, "hub restore"), "%s", error.hint);
    fl_hub_head head;
    CHECK(fl_hub_find(s.h.hub, CHAIN_ORIGIN, &head, &error) == FL_OK, "%s", error.what);
    CHECK(heal_from(&s, NULL) == FL_OK && done.kept == s.old_size &&
              done.appended == head.tree.size - s.old_size && !done.replaced && !done.beyond,
          "%llu kept, %llu appended: %s", (unsigned long long)done.kept, (unsigned long long)done.appended,
          error.what);
    expect_healed(&s, "yesterday's file");
    end(&s);
}

/* One more session is here that the hub has not; in the middle bits fell. */
static void fallen_bits(void)
{
    static const struct {
        const char *sql;
        uint64_t replaced, first;
    } rows[] = {
        {"UPDATE entry SET data=CAST(replace(CAST(data AS TEXT),'1','2') AS BLOB) WHERE idx=30", 1, 30},
        {"UPDATE entry SET leaf=zeroblob(32) WHERE idx=31", 1, 31},
        {"UPDATE entry SET data=zeroblob(90), leaf=zeroblob(32) WHERE idx BETWEEN 40 AND 44", 5, 40},
        {"DELETE FROM entry WHERE idx IN (1, 60, 61)", 3, 1},
        {"UPDATE entry SET data=CAST(data||' ' AS BLOB) WHERE idx=0", 1, 0},
        {"UPDATE head SET range=zeroblob(32)", 0, 0},
        {"UPDATE checkpoint SET note=replace(note,'A','B') WHERE size>50; UPDATE entry SET leaf=zeroblob(32) "
         "WHERE "
         "idx=70",
         1, 70},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        scene s;
        begin(&s);
        write_session(&s, 3, 10);
        helper_tamper(s.place, rows[i].sql);
        const fl_status status = heal_from(&s, NULL);
        if (!rows[i].replaced) { /* the entries hold: verify names what does not, and there is nothing to heal
                                    from */
            CHECK(status == FL_OK && done.nothing, "%s: %s", rows[i].sql, error.what);
            end(&s);
            continue;
        }
        CHECK(status == FL_OK && done.replaced == rows[i].replaced && done.first_replaced == rows[i].first &&
                  done.beyond > 20 && !done.appended,
              "%s: %llu replaced, first %llu, %llu beyond: %s", rows[i].sql,
              (unsigned long long)done.replaced, (unsigned long long)done.first_replaced,
              (unsigned long long)done.beyond, error.what);
        if (status == FL_OK) expect_healed(&s, rows[i].sql);
        end(&s);
    }
    /* The file is no database any more: what the hub has comes back, and it is said that more may be gone. */
    scene s;
    char line[FL_PLACE_MAX + 64];
    begin(&s);
    snprintf(line, sizeof line, "head -c 5000 /dev/zero > %s/journal.db", s.place);
    CHECK(system(line) == 0, "zeros");
    CHECK(heal_from(&s, NULL) == FL_OK && done.unreadable && done.appended == s.size, "%s", error.what);
    expect_healed(&s, "zeros");
    end(&s);
}

/* Refused, with nothing changed: the same file, byte for byte, and nothing beside it. */
static void expect_refused(scene *s, liar *l, fl_status want, const char *says, const char *what)
{
    char path[FL_PLACE_MAX + 16], line[FL_PLACE_MAX + 64];
    size_t before, after;
    snprintf(path, sizeof path, "%s/journal.db", s->place);
    char *was = helper_file(path, &before);
    const fl_status status = heal_from(s, l);
    CHECK(status == want && strstr(error.what, says) && !done.aside[0], "%s: %s: %s", what,
          fl_status_name(status), error.what);
    char *is = helper_file(path, &after);
    CHECK(before == after && memcmp(was, is, before) == 0, "%s: the file is as it was", what);
    snprintf(line, sizeof line, "ls -d %s.* 2>/dev/null | grep -q .", s->place);
    CHECK(system(line) != 0, "%s: nothing lies beside it", what);
    free(was);
    free(is);
}

static void a_hub_that_lies(void)
{
    static const char *const says[] = {
        "", "other entries", "does not give", "other entries", "does not give", "another time"};
    for (int how = 1; how <= 5; how++) {
        scene s;
        static liar l;
        begin(&s);
        bring_back_yesterday(&s);
        l = (liar){.index = s.old_size + 20, .how = how};
        expect_refused(&s, &l, how == 4 ? FL_E_GONE : FL_E_NO, says[how], "a lie about what is missing here");
        l = (liar){.index = 10, .how = how};
        if (how < 5)
            expect_refused(&s, &l, how == 4 ? FL_E_GONE : FL_E_NO, says[how], "a lie about what is here");
        l = (liar){.how = 0};
        CHECK(heal_from(&s, &l) == FL_OK, "and the truth is taken: %s", error.what);
        end(&s);
    }
    /* Checkpoints that this key never signed, or over another size. */
    static const char *const edits[] = {
        "UPDATE fadeline.cosig SET note = replace(note, 'A', 'B')",
        "UPDATE fadeline.cosig SET size = size + 1 WHERE size < (SELECT max(size) FROM fadeline.cosig)",
        "UPDATE fadeline.cosig SET note = 'x'"};
    for (size_t i = 0; i < sizeof edits / sizeof *edits; i++) {
        scene s;
        begin(&s);
        bring_back_yesterday(&s);
        helper_sql(s.h.database, "%s", edits[i]);
        expect_refused(&s, NULL, FL_E_NO, "not signed", edits[i]);
        end(&s);
    }
}

static void what_is_never_healed(void)
{
    scene s;
    /* Yesterday's file was opened and written on: another history. */
    begin(&s);
    bring_back_yesterday(&s);
    helper_clock_add(&s.clock, 5000000);
    fl_journal_close(helper_open(s.place, &s.clock, FL_JOURNAL_WRITE));
    expect_refused(&s, NULL, FL_E_REFUSED, "FORK", "written on");
    CHECK(done.other == s.old_size, "entry %llu", (unsigned long long)done.other);
    end(&s);
    /* An entry replaced together with its hash, by somebody. */
    begin(&s);
    helper_tamper(s.place,
                  "UPDATE entry SET (data, leaf) = (SELECT data, leaf FROM entry WHERE idx=20) WHERE idx=21");
    expect_refused(&s, NULL, FL_E_REFUSED, "FORK", "replaced with its hash");
    CHECK(done.other == 21, "entry %llu", (unsigned long long)done.other);
    end(&s);
    /* Bits fell in what the hub has not, or its end is gone and was signed. */
    static const char *const edits[] = {
        "UPDATE entry SET leaf=zeroblob(32) WHERE idx=(SELECT max(idx)-4 FROM entry)",
        "DELETE FROM entry WHERE idx>(SELECT max(idx)-4 FROM entry)"};
    static const char *const says[] = {"does not hold, and the copy ends", "were signed here"};
    for (int i = 0; i < 2; i++) {
        begin(&s);
        write_session(&s, 3, 10);
        helper_tamper(s.place, edits[i]);
        expect_refused(&s, NULL, FL_E_DAMAGED, says[i], edits[i]);
        end(&s);
    }
    /* Somebody is writing. */
    begin(&s);
    fl_journal *open = helper_open(s.place, &s.clock, FL_JOURNAL_WRITE);
    CHECK(heal_from(&s, NULL) == FL_E_BUSY, "%s", error.what);
    fl_journal_close(open);
    end(&s);
}

static void die_at(void *self, const char *name)
{
    if (strcmp(self, name) == 0) _exit(9);
}

/* At every step the process dies: the journal in the place is the old one or the healed one, and whole. */
static void killed_in_the_middle(void)
{
    static const char *const steps[] = {"prove", "make", "put", "verify", "exchange", "aside"};
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        scene s;
        begin(&s);
        bring_back_yesterday(&s);
        fflush(NULL);
        const pid_t child = fork();
        if (child == 0) {
            char name[16], uri[256];
            on_step = die_at;
            snprintf(name, sizeof name, "%s", steps[i]);
            step_self = name;
            if (fl_hub_open(helper_uri(s.h.database, "service", uri), 0, &s.h.hub, &error) != FL_OK) _exit(8);
            _exit(heal_from(&s, NULL) == FL_OK ? 0 : 7);
        }
        int how;
        CHECK(waitpid(child, &how, 0) == child && WIFEXITED(how) && WEXITSTATUS(how) == 9, "died at %s: %d",
              steps[i], how);
        fl_verify_report *whole = calloc(1, sizeof *whole);
        CHECK(fl_verify(s.place, NULL, whole, &error) == FL_OK, "%s: %s", steps[i], error.what);
        const bool healed = whole->entries > s.old_size;
        CHECK(healed == (strcmp(steps[i], "aside") == 0), "%s: %llu entries", steps[i],
              (unsigned long long)whole->entries);
        free(whole);
        CHECK(heal_from(&s, NULL) == FL_OK && done.nothing == healed, "%s: again: %s", steps[i], error.what);
        char line[3 * FL_PLACE_MAX];
        snprintf(line, sizeof line, "test ! -e %s.healing && ls -d %s.before-* >/dev/null", s.place, s.place);
        CHECK(system(line) == 0, "%s: the old one is kept under its name", steps[i]);
        expect_healed(&s, steps[i]);
        end(&s);
    }
}

FL_TESTS("hub/restore", TEST(yesterdays_file), TEST(fallen_bits), TEST(a_hub_that_lies),
         TEST(what_is_never_healed), TEST(killed_in_the_middle))

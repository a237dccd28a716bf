/* labels: unit */
/* What is read out of a journal: follow-ups, money, looks, and how long to keep. */
#include "check.h"
#include "helper_world.h"

#include "fadeline/clients/care.h"
#include "fadeline/clients/follow_up.h"
#include "fadeline/clients/look.h"
#include "fadeline/clients/money.h"

static world w;
static uint64_t counter = 1000, gid;

static const char *text(uint64_t n)
{
    static char rooms[8][24];
    static unsigned next;
    char *room = rooms[next++ % 8];
    snprintf(room, sizeof rooms[0], "%llu", (unsigned long long)n);
    return room;
}

/* A session of so many pulses on this laser; `close` false: interrupted. */
static void session(uint64_t sid, const char *pat, unsigned pulses, bool closed)
{
    world_write(&w, FL_KIND_SESSION_OPEN, "sid", text(sid), "dev", "=SIM-0007", "ctr", text(counter), "who",
                "=op:17", "pat", pat, "plan", "=p", NULL);
    for (unsigned i = 0; i < pulses; i++) {
        world_write(&w, FL_KIND_GRANT, "gid", text(++gid), "ctr", text(counter), "plan", "=p", "sid",
                    text(sid), "zone", "=F-L", "pu", "=T", "energy_uJ", "200000", "spot_um", "4000", "wl_nm",
                    "755", "dev", "=SIM-0007", "who", "=op:17", NULL);
        world_write(&w, FL_KIND_PULSE, "gid", text(gid), "ctr", text(++counter), "meas_uJ", "199000", "sid",
                    text(sid), "dev", "=SIM-0007", NULL);
    }
    if (closed)
        world_write(&w, FL_KIND_SESSION_CLOSE, "sid", text(sid), "dev", "=SIM-0007", "pulses", text(pulses),
                    NULL);
}

static void begin(void)
{
    world_make(&w);
    world_open(&w);
    counter = 1000, gid = 0;
}

#define READ_ALL(take, book)                                                                                 \
    for (uint64_t read_i = 0; read_i < fl_journal_size(w.journal); read_i++) {                               \
        fl_record read_r;                                                                                    \
        CHECK(fl_journal_record(w.journal, read_i, &read_r) == FL_OK, "entry");                              \
        CHECK(take(book, &read_r, read_i) == FL_OK, "take");                                                 \
    }

/* Owner's story 12: a blister at 24 h linked to its session; 24 h, 7 d, 6 wk; overdue shown. */
static void a_blister_at_24_hours(void)
{
    fl_follow_book book = {0};
    fl_follow_up *rows;
    size_t count;
    begin();
    world_day(&w, 2026, 5, 4, 10);
    session(1, "=C-0001", 3, true);
    session(2, "=", 2, true);       /* a check: nobody is asked */
    session(3, "=C-0002", 0, true); /* refused before the first pulse */
    world_day(&w, 2026, 5, 5, 11);
    world_write(&w, FL_KIND_EVENT, "pat", "=C-0001", "what", "=blister", "who", "=op:17", "sid", "1",
                "after_h", "24", "grade", "2", NULL);
    world_write(&w, FL_KIND_FOLLOW_UP, "sid", "1", "task", "=24h", "who", "=op:17", "result", "=blister seen",
                NULL);
    world_day(&w, 2026, 5, 6, 10);
    session(4, "=C-0002", 1, false); /* interrupted: its client is asked all the same */
    READ_ALL(fl_follow_take, &book);
    CHECK(fl_follow_ups(&book, (fl_date){2026, 5, 13}, &rows, &count) == FL_OK && count == 6, "%zu rows",
          count);
    static const struct {
        uint64_t sid;
        fl_follow_state state;
        const char *due;
        size_t events;
    } want[] = {{1, FL_FOLLOW_DONE, "2026-05-05", 1},    {1, FL_FOLLOW_OVERDUE, "2026-05-11", 1},
                {1, FL_FOLLOW_WAITING, "2026-06-15", 1}, {4, FL_FOLLOW_OVERDUE, "2026-05-07", 0},
                {4, FL_FOLLOW_DUE, "2026-05-13", 0},     {4, FL_FOLLOW_WAITING, "2026-06-17", 0}};
    for (size_t i = 0; i < count && i < 6; i++) {
        char due[11];
        CHECK(rows[i].visit->sid == want[i].sid && rows[i].state == want[i].state,
              "row %zu: session %llu, %d", i, (unsigned long long)rows[i].visit->sid, rows[i].state);
        CHECK_TEXT(fl_date_text(rows[i].due, due), want[i].due, "due");
        CHECK(rows[i].event_count == want[i].events, "row %zu: %zu events", i, rows[i].event_count);
        if (rows[i].event_count)
            CHECK(strcmp(rows[i].events->what, "blister") == 0 && rows[i].events->after_h == 24,
                  "the blister");
    }
    if (count) CHECK(rows[0].done && strcmp(rows[0].done->result, "blister seen") == 0, "result");
    free(rows);
    fl_follow_fini(&book);
    world_remove(&w);
}

static void invoice(const char *no, const char *pat, const char *cents, const char *day, const char *sid)
{
    world_write(&w, FL_KIND_INVOICE, "no", no, "pat", pat, "cents", cents, "cur", "=CAD", "day", day, "who",
                "=own:1", sid ? "sid" : NULL, sid, NULL);
}

/* Owner's story 11, and the ways an invoice can be wrong. */
static void money_on_one_list(void)
{
    fl_money_book book = {0};
    fl_money_row *rows;
    size_t count;
    begin();
    world_day(&w, 2026, 5, 4, 10);
    session(1, "=C-0001", 3, true);
    session(2, "=C-0002", 3, true);
    world_day(&w, 2026, 5, 5, 2); /* an evening in Ottawa */
    session(3, "=C-0003", 1, true);
    session(4, "=C-0004", 0, true);
    session(5, "=", 5, true);
    world_day(&w, 2026, 6, 1, 2);
    session(6, "=C-0005", 1, true);
    invoice("=2026-001", "=C-0001", "12000", "=2026-05-04", "1");
    invoice("=2026-002", "=C-0003", "12000", "=2026-05-04", NULL); /* the day before, in UTC */
    invoice("=2026-003", "=C-0004", "5000", "=2026-05-05", "4");
    invoice("=2026-004", "=C-0001", "12000", "=2026-05-04", "1");
    invoice("=2026-005", "=C-0001", "12000", "=2026-05-04", NULL);
    invoice("=2026-006", "=C-0001", "12000", "=2026-05-06", "3");
    invoice("=2026-002", "=C-0005", "12000", "=2026-05-31", NULL); /* a number again */
    READ_ALL(fl_money_take, &book);
    CHECK(fl_money_match(&book, (fl_date){2026, 5, 1}, (fl_date){2026, 5, 31}, &rows, &count) == FL_OK,
          "match");
    static const struct {
        const char *no;
        fl_money_finding finding;
        uint64_t sid;
    } want[] = {{"-", FL_MONEY_NO_INVOICE, 2},       {"2026-001", FL_MONEY_MATCHED, 1},
                {"2026-002", FL_MONEY_MATCHED, 3},   {"2026-004", FL_MONEY_TWICE, 1},
                {"2026-005", FL_MONEY_NO_PULSES, 0}, {"2026-003", FL_MONEY_NO_PULSES, 4},
                {"2026-006", FL_MONEY_OTHER, 3},     {"2026-002", FL_MONEY_TWICE, 6}};
    CHECK(count == 8, "%zu rows", count);
    for (size_t i = 0; i < count && i < 8; i++) {
        const char *no = rows[i].invoice ? rows[i].invoice->no : "-";
        const uint64_t sid = rows[i].visit ? rows[i].visit->sid : 0;
        CHECK(strcmp(no, want[i].no) == 0 && rows[i].finding == want[i].finding && sid == want[i].sid,
              "row %zu: %s, %s, session %llu", i, no, fl_money_word(rows[i].finding),
              (unsigned long long)sid);
    }
    free(rows);
    CHECK(fl_money_match(&book, (fl_date){2026, 6, 1}, (fl_date){2026, 6, 30}, &rows, &count) == FL_OK &&
              !count,
          "the invoice of the last of May makes no stray in June");
    free(rows);
    fl_money_fini(&book);
    world_remove(&w);
}

static void cents_are_exact(void)
{
    static const struct {
        const char *text;
        int64_t cents; /* -1: refused */
    } rows[] = {{"120", 12000},       {"120.5", 12050}, {"120.05", 12005},
                {"0.01", 1},          {"0", 0},         {"120,00", -1},
                {"-1", -1},           {"+1", -1},       {"1.234", -1},
                {".5", -1},           {"1.", -1},       {"", -1},
                {"1e3", -1},          {" 1", -1},       {"1 ", -1},
                {"19.99", 1999},      {"1.15", 115},    {"999999999999", 99999999999900},
                {"1000000000000", -1}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int64_t cents = -1;
        CHECK((fl_cents_read(rows[i].text, &cents) == FL_OK) == (rows[i].cents >= 0) &&
                  cents == rows[i].cents,
              "'%s': %lld", rows[i].text, (long long)cents);
    }
    CHECK(fl_currency_is("CAD") && !fl_currency_is("cad") && !fl_currency_is("CA") && !fl_currency_is("CADS"),
          "CAD");
}

/* Owner's stories 10 and 13: what counts as the last entry, a hold, a rule, and who looked. */
static void care_and_looks(void)
{
    fl_care_book book = {0};
    begin();
    world_day(&w, 2026, 3, 14, 9);
    world_add(&w, "C-0007", "{\"name\":\"A\"}");
    world_day(&w, 2026, 3, 15, 9);
    session(1, "=C-0007", 2, true);
    world_day(&w, 2026, 8, 1, 9);
    world_write(&w, FL_KIND_LOOK, "pat", "=C-0007", "what", "=photos", "who", "=op:17", NULL);
    world_write(&w, FL_KIND_LOOK, "pat", "=C-0009", "what", "=photos", "who", "=op:18", NULL);
    world_write(&w, FL_KIND_CONFIG_CHANGE, "what", "=hold", "pat", "=C-0007", "on", "1", "who", "=own:1",
                NULL);
    READ_ALL(fl_care_take, &book);
    const fl_care *care = fl_care_find(&book, "C-0007");
    char day[11], code[FL_CLIENT_CODE_MAX];
    CHECK(care && care->registered && care->hold && !care->erased && care->sessions == 1, "C-0007");
    if (care)
        CHECK_TEXT(fl_date_text(care->last, day), "2026-03-15", "looking does not begin the years anew");
    CHECK_TEXT(fl_care_rule(&book)->id, "ten-years", "rule");
    CHECK(fl_care_next_code(&book, code) == FL_OK, "next");
    CHECK_TEXT(code, "C-0010", "one more than any code the journal ever named");
    CHECK(fl_care_of_session(&book, 1) == care && !fl_care_of_session(&book, 9), "by session");
    fl_care_fini(&book);
    world_write(&w, FL_KIND_CONFIG_CHANGE, "what", "=hold", "pat", "=C-0007", "on", "0", "who", "=own:1",
                NULL);
    world_write(&w, FL_KIND_CONFIG_CHANGE, "what", "=retention", "rule", "=fifteen-years", "who", "=own:1",
                NULL);
    world_write(&w, FL_KIND_ERASE, "what", "=identity", "pat", "=C-0007", "who", "=own:1", NULL);
    READ_ALL(fl_care_take, &book);
    care = fl_care_find(&book, "C-0007");
    CHECK(care && !care->hold && care->erased, "hold lifted, erased");
    CHECK_TEXT(fl_care_rule(&book)->id, "fifteen-years", "rule");
    fl_care_fini(&book);
    unsigned looks = 0;
    for (uint64_t i = 0; i < fl_journal_size(w.journal); i++) {
        fl_record r;
        fl_look look;
        if (fl_journal_record(w.journal, i, &r) != FL_OK || !fl_look_of(&r, i, "C-0007", &look)) continue;
        CHECK_TEXT(look.who, looks ? "own:1" : "op:17", "who");
        looks++;
    }
    CHECK(looks == 2, "%u looks", looks);
    world_remove(&w);
}

/* Codes by the thousand: the index by hash finds each, and only those. */
static void many_codes(void)
{
    fl_care_book book = {0};
    static char bytes[5000][160];
    for (unsigned n = 0; n < 5000; n++) {
        fl_record r;
        const int size =
            snprintf(bytes[n], sizeof bytes[n],
                     "{\"boot\":1,\"clk\":0,\"cmt\":\"00\",\"k\":\"client\",\"mono_us\":0,\"pat\":\"C-%04u\","
                     "\"utc_us\":1767225600000000,\"v\":1,\"who\":\"op:17\"}",
                     n * 7 % 5000);
        CHECK(fl_record_read(bytes[n], (size_t)size, &r) == FL_OK && fl_care_take(&book, &r, n) == FL_OK,
              "%u", n);
    }
    CHECK(book.count == 5000, "%zu clients", book.count);
    for (unsigned n = 0; n < 6000; n++) {
        char code[16];
        snprintf(code, sizeof code, "C-%04u", n);
        const fl_care *care = fl_care_find(&book, code);
        CHECK(n < 5000 ? care && strcmp(care->code, code) == 0 : !care, "%s", code);
    }
    fl_care_fini(&book);
}

FL_TESTS("clients/books", TEST(a_blister_at_24_hours), TEST(money_on_one_list), TEST(cents_are_exact),
         TEST(care_and_looks), TEST(many_codes))

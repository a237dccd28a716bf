/* labels: unit   timeout: 300 */
/* The record of one session: what the journal holds and nothing else, the same on paper and as JSON. */
#include "check.h"

#include "helper_folder.h"
#include "helper_pdf.h"
#include "helper_plans.h"
#include "helper_story.h"

#include "fadeline/base/place.h"
#include "fadeline/base/text.h"
#include "fadeline/journal/tree.h"
#include "fadeline/report/session_record.h"

#define DEV "SIM-00042"

static const char *path_of(const char *name)
{
    if (!folder()[0]) {
        folder_fresh("session-record");
        CHECK(fl_place_make(folder(), NULL) == FL_OK, "no folder");
        atexit(folder_clean);
    }
    return folder_path(name);
}

/* Two test spots, a zone in two intervals with an emergency stop between them, one pulse nobody could
 * confirm. */
static void tell_granted(books *b, const char *plan)
{
    books_at(b, "2026-05-04", 17, 20);
    tell(b, "boot|version=0.1.0-test");
    tell(b, "check|dev=" DEV
            "|site=Montréal A|pulses=5|ctr=5|set_uJ=200000|mean_uJ=190200|pass=1|verdict=pass|who=op:17|n=5");
    tell(b, "plan.load|plan=%s|plan_id=P-0123456789abcdef", plan);
    tell(b, "consent|pat=C-0001|what=treatment|version=2026-02|cmt=9f2c|who=op:17");
    tell(b, "consent|pat=C-0002|what=treatment|version=1999-01|who=op:17");
    tell(b,
         "session.open|dev=" DEV
         "|site=Montréal A|sid=7|ctr=5|who=op:17|pat=C-0001|plan=%s|not_before=2026-06-15|proc=smp-scalp",
         plan);
    tell(b, "confirm.eyewear|dev=" DEV "|sid=7|who=op:17|marks=OD7 M LB9|wl_nm=1064");
    tell(b, "confirm.zone|dev=" DEV "|sid=7|who=op:17|zone=T1");
    tell_pulses(b, DEV, 7, "T1", "S", 5, 2, 188500, 8);
    tell(b, "drop|dev=" DEV "|sid=7|cause=limit-reached|held=7");
    tell(b, "note|dev=" DEV "|sid=7|who=op:17|text=endpoint|seen=frost|zone=T1|pu=S");
    tell_pulses(b, DEV, 7, "F-L", "T", 7, 40, 188500, 8);
    tell(b, "estop|dev=" DEV "|sid=7|cause=estop-pressed");
    tell(b, "near-miss|dev=" DEV "|sid=7|ctr=47|what=wrong spot|who=op:17");
    tell(b, "override|dev=" DEV
            "|sid=7|who=op:17|reason=soft-stop|zone=F-L|pulses=392|text=a gap at the parting");
    tell_pulses(b, DEV, 7, "F-L", "T", 47, 21, 160000, 5);
    b->gid++;
    tell(b,
         "grant|dev=" DEV
         "|gid=%llu|ctr=68|plan=%s|sid=7|zone=F-L|pu=T|energy_uJ=160000|spot_um=4000|wl_nm=1064|who=op:17",
         (unsigned long long)b->gid, plan);
    tell(b, "pulse.unknown|dev=" DEV "|gid=%llu|ctr=68|sid=7", (unsigned long long)b->gid);
    tell(b, "recon|dev=" DEV "|ctr_was=68|ctr_now=69|delivered=1|by=op:17|sid=7|gid=%llu",
         (unsigned long long)b->gid);
    tell(b, "note|dev=" DEV "|sid=7|who=op:17|text=endpoint|seen=weak|zone=F-L|pu=T");
    tell(b, "note|dev=" DEV "|sid=7|who=op:17|text=pain|score=4");
    tell(b, "note|dev=" DEV "|sid=7|who=op:17|text=cooling|seen=cold air, five minutes");
    tell(b, "photo|pat=C-0001|what=after|sha256=77aa|sid=7|zone=F-L|who=op:17");
    tell(b, "session.close|dev=" DEV "|sid=7|pulses=64|ctr=69");
    tell(b, "session.open|dev=" DEV "|sid=8|ctr=69|who=op:17|pat=C-0002|plan=%s", plan);
    tell_pulses(b, DEV, 8, "F-R", "T", 69, 3, 188500, 8);
    tell(b, "session.close|dev=" DEV "|sid=8|pulses=3|ctr=72");
    tell(b, "event|pat=C-0001|what=blister|sid=7|after_h=24|grade=1|text=two small ones, Élodie's word: "
            "gênant|who=op:9");
    tell(b, "follow-up|sid=7|task=24h|result=seen|who=op:9");
    tell(b, "correction|index=9|text=the endpoint was weak|who=op:17");
}

static void tell_by_hand(books *b)
{
    books_at(b, "2026-05-06", 9, 0);
    tell(b, "session.open|dev=" DEV "|sid=9|ctr=72|man=1|who=op:17|pat=C-0003|plan=-");
    tell(b, "confirm.zone|dev=" DEV
            "|sid=9|man=1|who=op:17|zone=F-R|ctr=72|pu=T|wl_nm=1064|spot_um=4000|energy_uJ=188500|"
            "rate_mHz=10000|pulse_ps=450|planned=356|soft=392|hard=428|plan=-");
    tell(b,
         "pulses.counted|dev=" DEV
         "|sid=9|man=1|zone=F-R|pu=T|plan=-|ctr_was=72|ctr_now=470|pulses=398|planned=356|over=1|who=op:17");
    tell(b, "override|dev=" DEV "|sid=9|who=op:17|reason=over-plan|text=the foot was slow");
    tell(b, "session.close|dev=" DEV "|sid=9|man=1|pulses=398|ctr=470");
}

static fl_session_record *record_of(books *b, uint64_t sid, const fl_plan *plan)
{
    fl_error error = {.what = ""};
    const fl_session_options options = {.sid = sid, .plan = plan, .utc_offset_min = -240};
    fl_session_record *record = NULL;
    CHECK(fl_session_record_new(b->journal, &options, &record, &error) == FL_OK, "%s", error.what);
    if (!record) exit(1);
    return record;
}

static char *json_of(const fl_session_record *record)
{
    char *bytes = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&bytes, &size);
    CHECK(fl_session_record_json(record, out) == FL_OK, "no JSON");
    fclose(out);
    return bytes;
}

static char *raw_text(const char *name)
{
    return pdf_tool("pdftotext -raw -enc UTF-8 '%s' -", path_of(name));
}

static char *paper_of(const fl_session_record *record, const char *name)
{
    fl_error error = {.what = ""};
    CHECK(fl_session_record_pdf(record, path_of(name), &error) == FL_OK, "%s", error.what);
    return raw_text(name);
}

static void intervals_are_runs_of_one_setting(void)
{
    books b;
    books_open(&b, true);
    tell_granted(&b, "-");
    fl_session_record *r = record_of(&b, 7, NULL);
    CHECK(r->interval_count == 3 && r->zone_count == 2, "%zu intervals, %zu zones", r->interval_count,
          r->zone_count);
    static const struct {
        const char *zone, *endpoint, *ended_by;
        char purpose;
        uint64_t pulses, measured, was, now;
        double mean_uJ, fluence;
    } rows[] = {{"T1", "frost", "limit-reached", 'S', 2, 2, 5, 7, 186000, 1.50},
                {"F-L", "", "estop-pressed", 'T', 40, 40, 7, 47, 188300, 1.50},
                {"F-L", "weak", "end of the session", 'T', 22, 21, 47, 68, 160000, 1.27}};
    for (size_t i = 0; i < 3 && i < r->interval_count; i++) {
        const fl_session_interval *v = &r->intervals[i];
        CHECK_TEXT(v->zone, rows[i].zone, "zone");
        CHECK_TEXT(v->endpoint, rows[i].endpoint, rows[i].zone);
        CHECK_TEXT(v->ended_by, rows[i].ended_by, rows[i].zone);
        CHECK(v->purpose == rows[i].purpose && v->pulses == rows[i].pulses &&
                  v->measured == rows[i].measured && v->ctr_was == rows[i].was && v->ctr_now == rows[i].now &&
                  !v->unknown,
              "interval %zu: %llu pulses", i, (unsigned long long)v->pulses);
        CHECK_NEAR(v->mean_uJ, rows[i].mean_uJ, 150, "mean");
        CHECK_NEAR(fl_session_fluence(v), rows[i].fluence, 0.005, "fluence");
    }
    CHECK_NEAR(r->intervals[1].rate_Hz, 8, 0.05, "rate");
    CHECK_NEAR(r->intervals[1].sd_uJ, 2009, 60, "spread");
    CHECK(fl_session_pulses(r, 0) == 64 && fl_session_pulses(r, 'S') == 2, "the sum");
    CHECK_TEXT(r->version, "0.1.0-test", "software");
    CHECK(strstr(r->check, "200.0 mJ, mean 190.2 mJ of 5, pass"), "%s", r->check);
    fl_session_record_free(r);
    books_remove(&b);
}

static void what_belongs_to_it_is_found_and_nothing_else(void)
{
    books b;
    books_open(&b, true);
    tell_granted(&b, "-");
    fl_session_record *r = record_of(&b, 7, NULL);
    int found[FL_SESSION_NOTE + 1] = {0};
    for (size_t i = 0; i < r->remark_count; i++) {
        found[r->remarks[i].about]++;
        CHECK(!strstr(r->remarks[i].text, "1999"), "another client's consent");
    }
    CHECK(found[FL_SESSION_CONSENT] == 1 && found[FL_SESSION_EYEWEAR] == 1 &&
              found[FL_SESSION_RESPONSE] == 4 && found[FL_SESSION_STOP] == 4 &&
              found[FL_SESSION_OVERRIDE] == 1 && found[FL_SESSION_NEAR_MISS] == 1 &&
              found[FL_SESSION_EVENT] == 1 && found[FL_SESSION_PHOTO] == 1 &&
              found[FL_SESSION_FOLLOW_UP] == 1 && found[FL_SESSION_CORRECTION] == 1,
          "consent %d eyewear %d response %d stop %d override %d near %d event %d photo %d follow %d corr %d",
          found[8], found[1], found[2], found[3], found[4], found[5], found[6], found[7], found[9],
          found[10]);
    /* the hashes of the foot, made again from the entries */
    const char *bytes;
    size_t size;
    CHECK(fl_journal_read(b.journal, r->last_index, &bytes, &size) == FL_OK, "entry");
    CHECK(memmem(bytes, size, "session.close", 13) && memmem(bytes, size, "\"sid\":7", 7),
          "the last entry is the close");
    const fl_hash leaf = fl_tree_leaf(bytes, size);
    CHECK(memcmp(&leaf, &r->entry_hash, sizeof leaf) == 0, "its hash");
    fl_session_record_free(r);
    books_remove(&b);
}

static void every_number_stands_on_paper(void)
{
    books b;
    books_open(&b, true);
    tell_granted(&b, "-");
    tell_by_hand(&b);
    for (uint64_t sid = 7; sid <= 9; sid += 2) {
        fl_session_record *r = record_of(&b, sid, NULL);
        char *json = json_of(r), *text = paper_of(r, "numbers.pdf");
        CHECK(numbers_missing(json, text) == 0, "session %llu", (unsigned long long)sid);
        for (size_t i = 0; i < r->remark_count; i++) {
            char *squeezed = pdf_squeeze(strdup(text));
            CHECK(!r->remarks[i].text[0] || strlen(r->remarks[i].text) > 60 ||
                      strstr(squeezed, r->remarks[i].text),
                  "not on paper: %s", r->remarks[i].text);
            free(squeezed);
        }
        CHECK(strstr(text, "SIMULATED") && strstr(text, FL_VERSION), "stamp and version");
        char hex[2 * FL_SHA256_SIZE + 1];
        CHECK(strstr(text, fl_hex(r->entry_hash.byte, FL_SHA256_SIZE, hex)), "entry hash");
        CHECK(strstr(text, fl_hex(r->previous_hash.byte, FL_SHA256_SIZE, hex)), "previous hash");
        /* the comparison itself: a figure that differs by one is missed */
        const char *key = strstr(json, "\"delivered\": "), *rest = key ? strchr(key, '\n') : NULL;
        char *changed = NULL;
        CHECK(rest && asprintf(&changed, "%.*s\"delivered\": 987654,%s", (int)(key - json), json, rest) > 0,
              "%s", json);
        CHECK(changed && numbers_missing(changed, text) == 1, "a changed figure was not seen");
        free(changed);
        long fewest;
        CHECK(pdf_dark_at_edge(path_of("numbers.pdf"), 20, &fewest) == 0 && fewest > 1000,
              "edge, or an empty page");
        CHECK(pdf_pages(path_of("numbers.pdf")) <= 2, "%d pages", pdf_pages(path_of("numbers.pdf")));
        free(text), free(json);
        fl_session_record_free(r);
    }
    books_remove(&b);
}

static void by_hand_it_is_zone_by_zone(void)
{
    books b;
    books_open(&b, true);
    tell_granted(&b, "-");
    tell_by_hand(&b);
    fl_session_record *r = record_of(&b, 9, NULL);
    CHECK(r->by_hand && r->interval_count == 1 && fl_session_pulses(r, 0) == 398, "one zone");
    CHECK(r->zones[0].has_planned && r->zones[0].planned == 356 && r->zones[0].delivered == 398,
          "planned, delivered");
    CHECK_TEXT(r->intervals[0].ended_by, "counted; beyond the soft stop", "end");
    char *text = pdf_squeeze(paper_of(r, "hand.pdf"));
    CHECK(strstr(text, "398 pulses are recorded and the laser's counter moved by 398: they agree."),
          "verdict");
    CHECK(strstr(text, "by hand") && strstr(text, "10.0 set") && strstr(text, "+42"), "its words");
    free(text);
    fl_session_record_free(r);
    books_remove(&b);
}

/* Nothing is taken from what was planned, and nothing is left blank. */
static void what_was_never_recorded_is_said(void)
{
    books b;
    books_open(&b, false);
    books_at(&b, "2026-05-06", 9, 0);
    tell(&b, "session.open|dev=L-1|sid=1|ctr=10|who=op:17|pat=C-0009|plan=-");
    tell_pulses(&b, "L-1", 1, "OCC", "T", 10, 1, 188500, 8);
    fl_session_record *r = record_of(&b, 1, NULL);
    char *text = pdf_squeeze(paper_of(r, "open.pdf"));
    CHECK(strstr(text, "Not closed: 1 pulses are recorded") && strstr(text, "Pain not recorded") &&
              strstr(text, "Consent not recorded") && strstr(text, "End not recorded") &&
              strstr(text, "Next session not before not recorded"),
          "%.900s", text);
    CHECK(!strstr(text, "SIMULATED"), "a real log is not simulated");
    free(text);
    fl_session_record_free(r);
    fl_session_record *none = NULL;
    fl_error error = {.what = ""};
    CHECK(fl_session_record_new(b.journal, &(fl_session_options){.sid = 2}, &none, &error) == FL_E_NO &&
              !none && error.hint[0],
          "a session that is not there");
    books_remove(&b);
}

static void only_its_own_plan_is_taken(void)
{
    made m = made_of("case-1", NULL);
    fl_plan_seal(m.plan);
    char hex[2 * FL_SHA256_SIZE + 1];
    books b;
    books_open(&b, true);
    tell_granted(&b, fl_hex(m.plan->sha256, FL_SHA256_SIZE, hex));
    fl_session_record *r = record_of(&b, 7, m.plan);
    char *json = json_of(r), *text = paper_of(r, "planned.pdf");
    CHECK(numbers_missing(json, text) == 0, "with a plan");
    char *squeezed = pdf_squeeze(text);
    CHECK(strstr(squeezed, "full removal as far as safe") && strstr(squeezed, "1 to 4, most likely 2") &&
              strstr(squeezed, "62 of 356") && strstr(squeezed, "ITA 45.9°"),
          "the plan's part");
    fl_session_record_free(r);
    free(json), free(text);
    fl_plan_say(m.plan, FL_RANK_INFO, "other", "Another plan.");
    fl_plan_seal(m.plan);
    fl_error error = {.what = ""};
    CHECK(fl_session_record_new(b.journal, &(fl_session_options){.sid = 7, .plan = m.plan}, &r, &error) ==
                  FL_E_FILE &&
              !r,
          "another plan was taken");
    books_remove(&b);
    made_forget(&m);
}

FL_TESTS("report/session_record", TEST(intervals_are_runs_of_one_setting),
         TEST(what_belongs_to_it_is_found_and_nothing_else), TEST(every_number_stands_on_paper),
         TEST(by_hand_it_is_zone_by_zone), TEST(what_was_never_recorded_is_said),
         TEST(only_its_own_plan_is_taken))

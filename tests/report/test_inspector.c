/* labels: unit   timeout: 200   needs: fadeline */
/* Story 8.7: one laser, a quarter, one act; codes and no names; the print stands in the journal with its
 * hash. */
#include "check.h"

#include "helper_folder.h"
#include "helper_pdf.h"
#include "helper_story.h"

#include "fadeline/base/digest.h"
#include "fadeline/base/place.h"
#include "fadeline/base/text.h"
#include "fadeline/report/inspector.h"

#include <jansson.h>
#include <sys/wait.h>

#define DEV "SIM-0007"

static const char *path_of(const char *name)
{
    if (!folder()[0]) {
        folder_fresh("inspector");
        CHECK(fl_place_make(folder(), NULL) == FL_OK, "no folder");
        if (!getenv("FL_KEEP")) atexit(folder_clean);
    }
    return folder_path(name);
}

static void tell_quarter(books *b)
{
    books_at(b, "2026-05-10", 8, 0);
    tell(b, "role.change|who=op:17|role=operator|by=op:1|until=2026-08-01");
    tell(b, "role.change|who=op:9|role=supervisor|by=op:1|until=2027-01-31");
    tell(b, "role.change|who=op:5|role=operator|by=op:1|until=2027-01-31");
    tell(b, "limits.change|what=rules example-2026-02|who=op:9");
    tell(b, "config.change|what=hold|pat=p:0777|on=1|who=op:9");
    tell(b, "role.change|who=op:17|role=auditor|by=op:1|until=2027-03-31");
    tell(b, "counter|dev=" DEV "|site=A|ctr=1000");
    books_at(b, "2026-05-20", 9,
             0); /* before the period: its session is not in the register, its laser is known */
    tell(b, "session.open|dev=" DEV "|site=A|sid=1|ctr=1000|who=op:17|pat=p:0001|plan=-|proc=smp-scalp");
    tell_pulses(b, DEV, 1, "F-L", "T", 1000, 3, 188500, 8);
    tell(b, "session.close|dev=" DEV "|sid=1|pulses=3|ctr=1003");
    books_at(b, "2026-06-03", 10, 15);
    tell(b, "profile.import|profile=example-pico|sha256=ba8dc9622ce76861|who=op:9");
    tell(b, "session.open|dev=" DEV "|site=A|sid=2|ctr=1003|who=op:17|pat=p:0002|plan=-|proc=smp-scalp");
    tell(b, "confirm.eyewear|dev=" DEV "|sid=2|who=op:17|marks=OD7 M LB9|wl_nm=1064");
    tell_pulses(b, DEV, 2, "F-L", "T", 1003, 12, 188500, 8);
    tell_pulses(b, DEV, 2, "F-R", "T", 1015, 5, 150000, 8);
    tell(b, "near-miss|dev=" DEV "|sid=2|ctr=1020|what=eyewear|who=op:17");
    tell(b, "session.close|dev=" DEV "|sid=2|pulses=17|ctr=1020");
    tell(b, "event|pat=p:0002|what=blister|sid=2|after_h=24|grade=1|text=two small ones|who=op:9");
    books_at(b, "2026-06-04", 10, 15);
    tell(b, "session.open|dev=SIM-0008|site=A|sid=3|ctr=50|who=op:17|pat=p:0777|plan=-"); /* another laser */
    tell_pulses(b, "SIM-0008", 3, "F-L", "T", 50, 2, 188500, 8);
    tell(b, "session.close|dev=SIM-0008|sid=3|pulses=2|ctr=52");
    tell(b, "event|pat=p:0777|what=burn|sid=3|who=op:9");
    books_at(b, "2026-07-11", 8, 0);
    tell(b, "service|dev=" DEV "|site=A|old=1020|new=0|who=op:9|doc=S-2026-17|what=head replaced|next=40000");
    tell(b, "role.change|who=op:5|role=none|by=op:1");
    books_at(b, "2026-08-20", 11, 0);
    tell(b, "session.open|dev=" DEV "|site=A|sid=4|ctr=0|man=1|who=op:9|pat=p:0003|plan=-|proc=scar");
    tell(b, "confirm.eyewear|dev=" DEV "|sid=4|who=op:9|marks=OD7 M LB9|wl_nm=1064");
    tell(b, "confirm.zone|dev=" DEV
            "|sid=4|man=1|who=op:9|zone=SCAR-1|ctr=0|pu=T|wl_nm=1064|spot_um=3000|energy_uJ=90000|plan=-");
    tell(b, "pulses.counted|dev=" DEV
            "|sid=4|man=1|zone=SCAR-1|pu=T|plan=-|ctr_was=0|ctr_now=140|pulses=140|who=op:9");
    tell(b, "session.close|dev=" DEV "|sid=4|man=1|pulses=140|ctr=140");
    books_at(b, "2026-09-02", 11, 0); /* after it */
    tell(b, "session.open|dev=" DEV "|site=A|sid=5|ctr=140|man=1|who=op:9|pat=p:0999|plan=-");
    tell(b, "session.close|dev=" DEV "|sid=5|pulses=7|ctr=147");
}

static fl_status pack_of(books *b, const char *device, fl_inspector **pack, fl_error *error)
{
    fl_audit_options o = {.device = device};
    fl_journal *journal = NULL;
    const fl_journal_options read = {.mode = FL_JOURNAL_READ};
    books_close(b);
    CHECK(fl_date_read("2026-06-01", &o.from) == FL_OK && fl_date_read("2026-08-31", &o.to) == FL_OK, "days");
    CHECK(fl_journal_open(b->directory, &read, &journal, error) == FL_OK, "%s", error->what);
    const fl_status status = fl_inspector_new(journal, &o, pack, error);
    fl_journal_close(journal);
    return status;
}

static void the_pack_of_a_quarter(void)
{
    books b;
    fl_error error = {.what = ""};
    char *bytes = NULL, *json = NULL;
    size_t size = 0, json_size = 0;
    books_open(&b, true);
    tell_quarter(&b);
    fl_inspector *pack = NULL;
    CHECK(pack_of(&b, DEV, &pack, &error) == FL_OK, "%s", error.what);
    if (!pack) exit(1);
    CHECK(fl_inspector_sessions(pack) == 2, "%zu sessions", fl_inspector_sessions(pack));
    CHECK(fl_inspector_pdf(pack, &bytes, &size, &error) == FL_OK, "%s", error.what);
    CHECK(fl_place_write(path_of("pack.pdf"), bytes, size, 0600, NULL) == FL_OK, "not written");
    free(bytes);
    FILE *out = open_memstream(&json, &json_size);
    CHECK(fl_inspector_json(pack, out) == FL_OK, "no JSON");
    fclose(out);
    char *raw = pdf_tool("pdftotext -raw -enc UTF-8 '%s' -", path_of("pack.pdf"));
    CHECK(numbers_missing(json, raw) == 0, "figures are missing");
    char *text = pdf_squeeze(raw);
    static const char *const there[] = {"p:0002",
                                        "p:0003",
                                        "1064 nm, 4 mm, 1.50 J/cm²",
                                        "1064 nm, 4 mm, 1.19 J/cm²",
                                        "counter before 1020, after 0; paper S-2026-17",
                                        "next due at 40000",
                                        "OD7 M LB9",
                                        "blister; two small ones",
                                        "op:17 operator 2026-08-01 ENDED",
                                        "op:5 operator 2027-01-31 taken away on 2026-07-11",
                                        "rules example-2026-02",
                                        "example-pico, sha256 ba8dc9622ce76861",
                                        "SIMULATED",
                                        "fadeline journal verify --simulated",
                                        "Verification"};
    for (size_t i = 0; i < sizeof there / sizeof *there; i++)
        CHECK(strstr(text, there[i]), "no '%s' in %s", there[i], text);
    static const char *const not_there[] = {"p:0777", "p:0999", "p:0001", "SIM-0008", "burn"};
    for (size_t i = 0; i < sizeof not_there / sizeof *not_there; i++)
        CHECK(!strstr(text, not_there[i]), "'%s' is not of this laser and quarter", not_there[i]);
    /* the index tells the page each part begins on */
    const int pages = pdf_pages(path_of("pack.pdf"));
    static const char *const parts[] = {"Register: counters per day", "Incidents", "Verification"};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        const char *line = strstr(text, parts[i]);
        const int page = line ? atoi(line + strlen(parts[i])) : 0;
        CHECK(page >= 2 && page <= pages, "'%s' on page %d", parts[i], page);
        char *one =
            pdf_squeeze(pdf_tool("pdftotext -raw -f %d -l %d '%s' -", page, page, path_of("pack.pdf")));
        CHECK(strstr(one, parts[i]), "page %d has no '%s'", page, parts[i]);
        free(one);
    }
    long fewest;
    CHECK(pdf_dark_at_edge(path_of("pack.pdf"), 20, &fewest) == 0 && fewest > 800, "edge, or an empty page");
    free(raw), free(json);
    fl_inspector_free(pack);
    books_remove(&b);
}

static void another_laser_has_no_pack(void)
{
    books b;
    fl_error error = {.what = ""};
    books_open(&b, true);
    tell_quarter(&b);
    fl_inspector *pack = NULL;
    CHECK(pack_of(&b, "SIM-9999", &pack, &error) == FL_E_NO && !pack && error.hint[0], "%s", error.what);
    books_remove(&b);
}

static int run(const char *command, char *said, size_t size)
{
    FILE *pipe = popen(command, "r");
    const size_t got = fread(said, 1, size - 1, pipe);
    said[got] = 0;
    return WEXITSTATUS(pclose(pipe));
}

/* The command: the print is an entry with the hash of the very file, and the log still verifies. */
static void the_act_is_journalled(void)
{
    books b;
    char command[1200], said[4000], hex[2 * FL_SHA256_SIZE + 1], *bytes = NULL;
    uint8_t digest[FL_SHA256_SIZE];
    size_t size = 0;
    books_open(&b, true);
    tell_quarter(&b);
    const uint64_t before = fl_journal_size(b.journal);
    books_close(&b);
    snprintf(command, sizeof command,
             FL_BUILD_DIR "/fadeline paper inspector --from 2026-06-01 --to 2026-08-31 --device " DEV
                          " --journal %s --out %s 2>&1",
             b.directory, path_of("act.pdf"));
    CHECK(run(command, said, sizeof said) == 0, "%.900s", said);
    CHECK(strstr(said, "SIMULATED inspector's pack of " DEV ": 2 sessions"), "%.900s", said);
    CHECK(fl_place_read(path_of("act.pdf"), 1 << 24, &bytes, &size, NULL) == FL_OK, "no file");
    fl_sha256(bytes, size, digest);
    free(bytes);
    snprintf(command, sizeof command,
             FL_BUILD_DIR "/fadeline journal show --kind print --json --journal %s 2>&1", b.directory);
    CHECK(run(command, said, sizeof said) == 0 && strstr(said, fl_hex(digest, sizeof digest, hex)), "%.900s",
          said);
    char entries[40];
    snprintf(entries, sizeof entries, "\"entries\":%llu",
             (unsigned long long)before + 1); /* and the shutdown */
    CHECK(strstr(said, entries) && strstr(said, "inspector " DEV " 2026-06-01 2026-08-31"), "%.900s", said);
    snprintf(command, sizeof command, FL_BUILD_DIR "/fadeline journal verify --journal %s 2>&1", b.directory);
    CHECK(run(command, said, sizeof said) == 0, "%.900s", said);
    books_remove(&b);
}

FL_TESTS("report/inspector", TEST(the_pack_of_a_quarter), TEST(another_laser_has_no_pack),
         TEST(the_act_is_journalled))

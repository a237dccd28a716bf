/* labels: unit   timeout: 300 */
/* What a client takes home: one page, no setting, no promise, whole in both languages; and a calendar that
 * tells nobody what for. */
#include "check.h"

#include "client_words.h"
#include "helper_folder.h"
#include "helper_pdf.h"
#include "helper_plans.h"
#include "helper_story.h"
#include "../french/reasons.h"

#include "fadeline/base/place.h"
#include "fadeline/base/text.h"

#include <ctype.h>
#include <glob.h>
#include <jansson.h>

static const char *path_of(const char *name)
{
    if (!folder()[0]) {
        folder_fresh("client-papers");
        CHECK(fl_place_make(folder(), NULL) == FL_OK, "no folder");
        atexit(folder_clean);
    }
    return folder_path(name);
}

/* ---- every code has its French ---- */

static unsigned missing;
static void want(const char *code, const char *where)
{
    if (!code || fl_reason_words_of(code)) return;
    fprintf(stderr, "no French for '%s' of %s\n", code, where);
    missing++;
}

static void want_wavelengths(const fl_wavelength_rule *rules, size_t count, const char *where)
{
    for (size_t i = 0; i < count; i++) want(rules[i].code, where);
}

static void every_code_of_the_rules_has_its_french(void)
{
    fl_rulebook *book = NULL;
    CHECK(fl_rulebook_load(NULL, NULL, &book, NULL) == FL_OK, "no rules");
    missing = 0;
    for (size_t i = 0; i < book->rules->screening_count; i++) want(book->rules->screening[i].id, "screening");
    for (size_t i = 0; i < book->rules->features_count; i++) want(book->rules->features[i].id, "features");
    for (size_t i = 0; i < book->rules->regions_count; i++) want(book->rules->regions[i].code, "regions");
    want_wavelengths(book->rules->wavelengths, book->rules->wavelengths_count, "clinic.yaml");
    for (size_t i = 0; i < book->procedures->list_count; i++) {
        const fl_procedure *p = &book->procedures->list[i];
        want_wavelengths(p->wavelengths, p->wavelengths_count, p->id);
        for (size_t k = 0; k < p->notes_count; k++) want(p->notes[k].code, p->id);
        CHECK(strcmp(fl_client_procedure(FL_LANG_FR, p->id), p->id) != 0, "no French name of %s", p->id);
    }
    CHECK(!missing, "%u codes of the rules have none", missing);
    fl_rulebook_free(book);
    want("no-such-code", "the test itself");
    CHECK(missing == 1, "the test sees nothing");
}

/* Codes in the sources: the first words-with-hyphens literals after a call that gives a reason. */
static unsigned scan(const char *text, const char *call, const char *where)
{
    unsigned found = 0;
    for (const char *at = text; (at = strstr(at, call)); at++) {
        const char *end = strpbrk(at, ";{");
        for (const char *quote = strchr(at, '"'); quote && quote < end && quote < at + 160;
             quote = strchr(quote + 1, '"')) {
            char code[64];
            size_t length = strspn(quote + 1, "abcdefghijklmnopqrstuvwxyz0123456789-");
            if (length < 3 || length >= sizeof code || quote[1 + length] != '"') break;
            memcpy(code, quote + 1, length), code[length] = 0;
            want(code, where);
            found++;
            quote += length + 1;
            if (strncmp(quote + 1, " : \"", 4) != 0) break; /* one or the other */
        }
    }
    return found;
}

static void every_code_of_the_sources_has_its_french(void)
{
    static const char *const calls[] = {"fl_plan_say(", "say(s, ", "bar(ws, s, "};
    glob_t files = {0};
    unsigned found = 0;
    missing = 0;
    CHECK(glob(FL_SOURCE_DIR "/src/course/*.c", 0, NULL, &files) == 0, "no sources");
    CHECK(glob(FL_SOURCE_DIR "/src/planner/*.c", GLOB_APPEND, NULL, &files) == 0, "no sources");
    for (size_t i = 0; i < files.gl_pathc; i++) {
        char *bytes = NULL;
        size_t size;
        CHECK(fl_place_read(files.gl_pathv[i], 1 << 20, &bytes, &size, NULL) == FL_OK, "%s",
              files.gl_pathv[i]);
        for (size_t k = 0; k < sizeof calls / sizeof *calls; k++)
            found += scan(bytes, calls[k], files.gl_pathv[i]);
        free(bytes);
    }
    globfree(&files);
    CHECK(found > 50, "only %u codes were found", found);
    CHECK(!missing, "%u codes of the sources have none", missing);
}

/* ---- words ---- */

static const char *const promises[] = {"erase",    "guarantee", "painless",     "one session",      "effac",
                                       "garanti",  "indolore",  "sans douleur", "une seule séance", "power",
                                       "puissance"};

static void lower(char *text)
{
    for (; *text; text++) *text = (char)tolower((unsigned char)*text);
}

static void check_words(const char *of, char *text, bool settings)
{
    char *small = strdup(text);
    lower(small);
    for (size_t i = 0; i < sizeof promises / sizeof *promises; i++)
        CHECK(!strstr(small, promises[i]), "%s: '%s'", of, promises[i]);
    free(small);
    static const char *const units[] = {"J/cm", " mJ", " nm", " Hz", " ps", " mW"};
    for (size_t i = 0; settings && i < sizeof units / sizeof *units; i++)
        CHECK(!strstr(text, units[i]), "%s: a setting in %s", of, units[i]);
}

static void french_promises_nothing_and_tells_no_setting(void)
{
    static const char *const codes[] = {
#define X(code, text, change, whom) text, change,
        FL_REASONS_FR(X)
#undef X
    };
    size_t said = 0;
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        if (!codes[i]) continue;
        char *copy = strdup(codes[i]);
        check_words(copy, copy, true);
        CHECK(!strstr(copy, " ;") && strlen(copy) > 8, "%s", copy);
        free(copy);
        said++;
    }
    CHECK(said > 200, "%zu sentences", said);
}

/* ---- client sheet ---- */

static char *text_of(const char *name)
{
    char *text = pdf_tool("pdftotext -raw -enc UTF-8 '%s' -", path_of(name));
    return pdf_squeeze(text);
}

static void a_client_sheet_is_one_page_in_both_languages(void)
{
    static const struct {
        const char *name, *variant, *en, *fr;
    } rows[] = {{"case-1", NULL, "1 to 4 sessions, most likely 2", "de 1 à 4 séances, le plus souvent 2"},
                {"case-4", NULL, "test spots", "essais ponctuels"},
                {"case-7", NULL, "beard", "barbe"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        made m = made_of(rows[i].name, rows[i].variant);
        for (fl_lang lang = FL_LANG_EN; lang <= FL_LANG_FR; lang++) {
            fl_error error = {.what = ""};
            const fl_client_paper paper = {.lang = lang, .plan = m.plan, .simulated = true};
            CHECK(fl_client_sheet_pdf(&paper, path_of("sheet.pdf"), &error) == FL_OK, "%s: %s", rows[i].name,
                  error.what);
            CHECK(pdf_pages(path_of("sheet.pdf")) == 1, "%s: more than a page", rows[i].name);
            char *text = text_of("sheet.pdf");
            CHECK(strstr(text, lang ? rows[i].fr : rows[i].en), "%s: %s", rows[i].name, text);
            CHECK(strstr(text, "SIMULATED") && strstr(text, lang ? "Appelez" : "Call:"), "%s: stamp, call",
                  rows[i].name);
            CHECK(strstr(text, lang ? "Rien n'a encore été fait" : "Nothing has been done yet"), "%s",
                  rows[i].name);
            check_words(rows[i].name, text, true);
            free(text);
            CHECK(fl_refusal_sheet_pdf(&paper, path_of("no.pdf"), &error) == FL_E_NO && error.hint[0],
                  "%s: a plan is no refusal", rows[i].name);
            long fewest;
            CHECK(pdf_dark_at_edge(path_of("sheet.pdf"), 20, &fewest) == 0 && fewest > 3000, "%s",
                  rows[i].name);
        }
        made_forget(&m);
    }
}

static void after_a_session_it_says_what_was_done(void)
{
    books b;
    books_open(&b, false);
    books_at(&b, "2026-05-04", 22, 29);
    tell(&b,
         "session.open|dev=L-1|sid=3|ctr=0|who=op:17|pat=C-0001|plan=-|not_before=2026-06-01|proc=smp-scalp");
    tell_pulses(&b, "L-1", 3, "T1", "S", 0, 2, 188500, 8);
    tell_pulses(&b, "L-1", 3, "T-R", "T", 2, 9, 188500, 8);
    books_at(&b, "2026-05-04", 22, 59);
    tell(&b, "session.close|dev=L-1|sid=3|pulses=11|ctr=11");
    fl_session_record *record = NULL;
    CHECK(fl_session_record_new(b.journal, &(fl_session_options){.sid = 3, .utc_offset_min = -240}, &record,
                                NULL) == FL_OK,
          "no record");
    const fl_client_paper paper = {
        .lang = FL_LANG_FR, .record = record, .call = "Clinique Été, 514 555-0100"};
    CHECK(fl_client_sheet_pdf(&paper, path_of("done.pdf"), NULL) == FL_OK, "no sheet");
    char *text = text_of("done.pdf");
    CHECK(strstr(text, "tempe droite") && strstr(text, "Essais ponctuels faits : 1") &&
              strstr(text, "De 18 h 29 à 18 h 59") && strstr(text, "lundi 1er juin 2026 (2026-06-01)") &&
              strstr(text, "Clinique Été, 514 555-0100") && strstr(text, "lundi 4 mai 2026"),
          "%s", text);
    CHECK(!strstr(text, "SIMULATED"), "a real log");
    check_words("done", text, true);
    free(text);
    CHECK(pdf_pages(path_of("done.pdf")) == 1, "more than a page");
    fl_session_record_free(record);
    books_remove(&b);
}

/* ---- refusal ---- */

static void a_refusal_says_why_and_from_when(void)
{
    static const struct {
        const char *name, *variant, *date, *fr, *en, *whom_fr;
    } rows[] = {
        {"case-1", "v1", "2026-08-10", "isotrétinoïne", "isotretinoin", "Personne en particulier"},
        {"case-2", NULL, "2026-05-15", "La peau bronzée absorbe la lumière destinée à l'encre.",
         "Tanned skin takes the light meant for ink.", "Personne en particulier"},
        {"case-5", NULL, "-", "La date souhaitée est trop proche", "Wanted by 2026-05-25", "votre médecin"},
        {"case-6", NULL, "-", "un réglage plus bas n'y change rien", "lower settings do not change that",
         "un ophtalmologiste ou un médecin autorisé"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        made m = made_of(rows[i].name, rows[i].variant);
        for (fl_lang lang = FL_LANG_EN; lang <= FL_LANG_FR; lang++) {
            fl_error error = {.what = ""};
            const fl_client_paper paper = {.lang = lang, .plan = m.plan, .simulated = true};
            CHECK(fl_refusal_sheet_pdf(&paper, path_of("refusal.pdf"), &error) == FL_OK, "%s: %s",
                  rows[i].name, error.what);
            char *text = text_of("refusal.pdf");
            CHECK(strstr(text, lang ? rows[i].fr : rows[i].en), "%s: why? %s", rows[i].name, text);
            CHECK(rows[i].date[0] == '-' || strstr(text, rows[i].date), "%s: when?", rows[i].name);
            CHECK(rows[i].date[0] != '-' || strstr(text, lang ? "Aucune date" : "No date can be given"),
                  "%s: when?", rows[i].name);
            CHECK(!lang || strstr(text, rows[i].whom_fr), "%s: whom?", rows[i].name);
            CHECK(pdf_pages(path_of("refusal.pdf")) == 1, "%s: more than a page", rows[i].name);
            check_words(rows[i].name, text, true);
            free(text);
            CHECK(fl_client_sheet_pdf(&paper, path_of("x.pdf"), &error) == FL_E_NO && error.hint[0], "%s",
                  rows[i].name);
            char *bytes = NULL;
            size_t size = 0;
            FILE *out = open_memstream(&bytes, &size);
            CHECK(fl_refusal_json(&paper, out) == FL_OK, "no JSON");
            fclose(out);
            json_t *root = json_loads(bytes, 0, NULL);
            CHECK(root && json_array_size(json_object_get(root, "why_not")) >= 1, "%s: %s", rows[i].name,
                  bytes);
            json_decref(root);
            free(bytes);
        }
        made_forget(&m);
    }
}

/* A clinic's own rule has no French here: its words stand as they are, and it is said that they do. */
static void a_clinics_own_reason_is_not_lost(void)
{
    made m = made_of("case-2", NULL);
    fl_plan_reason *own = fl_plan_say(m.plan, FL_RANK_DEFER, "house-rule-7", "Our house rule seven.");
    snprintf(own->change, sizeof own->change, "Ask us.");
    const fl_client_paper paper = {.lang = FL_LANG_FR, .plan = m.plan};
    CHECK(fl_refusal_sheet_pdf(&paper, path_of("own.pdf"), NULL) == FL_OK, "no sheet");
    char *text = text_of("own.pdf");
    CHECK(strstr(text, "Our house rule seven.") && strstr(text, "Ask us.") &&
              strstr(text, "texte de la clinique"),
          "%s", text);
    free(text);
    made_forget(&m);
}

/* ---- calendar ---- */

static void a_calendar_names_no_treatment(void)
{
    made m = made_of("case-1", NULL);
    fl_plan_seal(m.plan);
    for (fl_lang lang = FL_LANG_EN; lang <= FL_LANG_FR; lang++) {
        const fl_client_paper paper = {.lang = lang,
                                       .plan = m.plan,
                                       .call = "a long name, with a comma; and a number that makes the line "
                                               "longer than it may be, 514 555-0100"};
        char *bytes = NULL;
        size_t size = 0;
        CHECK(fl_calendar_write(&paper, path_of("next.ics"), NULL) == FL_OK, "no file");
        CHECK(fl_place_read(path_of("next.ics"), 1 << 16, &bytes, &size, NULL) == FL_OK, "not there");
        CHECK(strstr(bytes, "DTSTART;VALUE=DATE:20260615\r\n") &&
                  strstr(bytes, "DTEND;VALUE=DATE:20260616\r\n"),
              "%s", bytes);
        CHECK(strncmp(bytes, "BEGIN:VCALENDAR\r\n", 17) == 0 &&
                  strstr(bytes, "END:VEVENT\r\nEND:VCALENDAR\r\n"),
              "%s", bytes);
        for (const char *line = bytes; *line;) {
            const char *end = strstr(line, "\r\n");
            CHECK(end && end - line <= 75, "a line of %ld bytes", end ? (long)(end - line) : -1L);
            if (!end) break;
            line = end + 2;
        }
        lower(bytes);
        static const char *const words[] = {"laser", "tattoo", "micro",   "smp",    "skin",  "peau",  "treat",
                                            "trait", "c-0001", "session", "séance", "scalp", "capill"};
        for (size_t i = 0; i < sizeof words / sizeof *words; i++)
            CHECK(!strstr(bytes, words[i]), "it says '%s': %s", words[i], bytes);
        free(bytes);
    }
    fl_client_paper none = {.plan = m.plan};
    m.plan->next_not_before = (fl_date){0};
    CHECK(fl_calendar_write(&none, path_of("none.ics"), NULL) == FL_E_NO, "a date from nowhere");
    made_forget(&m);
}

FL_TESTS("report/client_papers", TEST(every_code_of_the_rules_has_its_french),
         TEST(every_code_of_the_sources_has_its_french), TEST(french_promises_nothing_and_tells_no_setting),
         TEST(a_client_sheet_is_one_page_in_both_languages), TEST(after_a_session_it_says_what_was_done),
         TEST(a_refusal_says_why_and_from_when), TEST(a_clinics_own_reason_is_not_lost),
         TEST(a_calendar_names_no_treatment))

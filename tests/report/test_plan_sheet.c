/* labels: unit   timeout: 300 */
/* One page a plan: whole in every kind of file, says what the plan says, and of a no nothing that could be
 * set. */
#include "check.h"

#include "helper_folder.h"
#include "helper_plans.h"

#include "fadeline/base/place.h"
#include "fadeline/report/plan_sheet.h"

#include <cairo.h>
#include <sys/stat.h>
#include <unistd.h>

/* One for the whole run, whichever tests are picked. */
static const char *path_of(const char *name)
{
    if (!folder()[0]) {
        folder_fresh("plan-sheet");
        CHECK(fl_place_make(folder(), NULL) == FL_OK, "no folder");
        atexit(folder_clean);
    }
    return folder_path(name);
}

static fl_plan_sheet sheet_of(const made *m)
{
    return (fl_plan_sheet){m->plan, &m->physics, true, m->c->title, "Example Instruments Pico 2"};
}

static char *written(const fl_plan_sheet *sheet, const char *name, size_t *size)
{
    fl_error error = {.what = ""};
    char *bytes = NULL;
    CHECK(fl_plan_sheet_write(sheet, path_of(name), &error) == FL_OK, "%s: %s", name, error.what);
    CHECK(fl_place_read(path_of(name), 1 << 25, &bytes, size, NULL) == FL_OK, "%s: not there", name);
    return bytes;
}

/* What stands on the page, as an SVG carries it for readers of screens. The caller frees. */
static char *words_of(const fl_plan_sheet *sheet)
{
    size_t size = 0;
    char *svg = written(sheet, "sheet.svg", &size);
    CHECK(svg && strncmp(svg, "<?xml", 5) == 0 && strstr(svg, "</svg>"), "no whole SVG");
    char *from = svg ? strstr(svg, "<desc>") : NULL, *to = from ? strstr(from, "</desc>") : NULL;
    CHECK(to != NULL, "an SVG without words");
    char *words = to ? strndup(from, (size_t)(to - from)) : strdup("");
    free(svg);
    return words;
}

static bool is_png_of(const char *bytes, size_t size, int width, int height)
{
    const unsigned char *b = (const unsigned char *)bytes;
    return size > 24 && memcmp(b, "\x89PNG", 4) == 0 &&
           (b[16] << 24 | b[17] << 16 | b[18] << 8 | b[19]) == width &&
           (b[20] << 24 | b[21] << 16 | b[22] << 8 | b[23]) == height;
}

static int count_of(const char *bytes, size_t size, const char *what)
{
    int count = 0;
    for (const char *at = bytes; (at = memmem(at, size - (size_t)(at - bytes), what, strlen(what))); at++)
        count++;
    return count;
}

static bool ends_with(const char *text, const char *end)
{
    const size_t length = strlen(text), wanted = strlen(end);
    return length >= wanted && strcmp(text + length - wanted, end) == 0;
}

/* Nothing but the watermark comes near the edge of the paper. */
static void check_edges(const char *of)
{
    cairo_surface_t *page = cairo_image_surface_create_from_png(path_of("sheet.png"));
    const int width = cairo_image_surface_get_width(page), height = cairo_image_surface_get_height(page),
              stride = cairo_image_surface_get_stride(page);
    const unsigned char *data = cairo_image_surface_get_data(page);
    long dark = 0, ink = 0;
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++) {
            const bool edge =
                x < width * 0.07 || x > width * 0.93 || y < height * 0.035 || y > height * 0.975;
            const unsigned char *p = data + (size_t)y * (size_t)stride + 4 * (size_t)x;
            dark += edge && (p[0] < 225 || p[1] < 225 || p[2] < 225);
            ink += p[1] < 128;
        }
    CHECK(dark == 0, "%s: %ld pixels run into the margin", of, dark);
    CHECK(ink > 20000, "%s: an empty page", of);
    cairo_surface_destroy(page);
}

static void every_case_makes_a_page_of_each_kind(void)
{
    static const struct {
        const char *name, *variant;
    } rows[] = {{"case-1", NULL},   {"case-2", NULL},   {"case-3", NULL}, {"case-4", NULL},
                {"case-5", NULL},   {"case-6", NULL},   {"case-7", NULL}, {"case-8", NULL},
                {"case-4", "read"}, {"hairline", NULL}, {"case-1", "v1"}};
    int yes = 0, no = 0;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        made m = made_of(rows[i].name, rows[i].variant);
        const fl_plan_sheet sheet = sheet_of(&m);
        size_t size = 0;
        char *words = words_of(&sheet), *bytes;
        CHECK(strstr(words, m.plan->plan_id) && strstr(words, fl_plan_verdict_line(m.plan->verdict)) &&
                  strstr(words, m.plan->device) && strstr(words, FL_VERSION),
              "%s: who made which plan with what", rows[i].name);
        CHECK(ends_with(words, "\nSIMULATED") && strstr(words, "SIMULATED LASER"), "%s: not marked",
              rows[i].name);
        CHECK(strstr(words, "Fadeline is not a certified medical device."), "%s: no foot", rows[i].name);
        for (size_t k = 0; k < m.plan->zone_count; k++) {
            char line[80];
            snprintf(line, sizeof line, "\n%s\n", m.plan->zones[k].id);
            CHECK(strstr(words, line), "%s: no zone %s", rows[i].name, m.plan->zones[k].id);
            CHECK(!m.plan->zones[k].locked || strstr(words, "LOCKED"), "%s: not locked", rows[i].name);
        }
        const bool allows = fl_plan_tests(m.plan) || fl_plan_treats_zones(m.plan);
        yes += allows, no += !allows;
        if (allows)
            CHECK(strstr(words, "J/cm²") && strstr(words, "good: both above 1") &&
                      strstr(words, "at the basal layer") &&
                      strstr(words, m.plan->settings[m.plan->chosen].ink_inputs[0].input),
                  "%s: a panel is missing", rows[i].name);
        free(words);

        bytes = written(&sheet, "sheet.png", &size);
        CHECK(is_png_of(bytes, size, 1785, 2526), "%s: another size", rows[i].name);
        free(bytes);
        check_edges(rows[i].name);

        bytes = written(&sheet, "sheet.pdf", &size);
        CHECK(size > 8 && memcmp(bytes, "%PDF-1.", 7) == 0 && memmem(bytes, size, "%%EOF", 5), "%s: no PDF",
              rows[i].name);
        CHECK(count_of(bytes, size, "/Type /Page %") == 1 && count_of(bytes, size, "/Count 1") == 1,
              "%s: %d pages", rows[i].name, count_of(bytes, size, "/Type /Page %"));
        free(bytes);
        struct stat info;
        CHECK(stat(path_of("sheet.pdf"), &info) == 0 && (info.st_mode & 0777) == 0600, "%s: open to all",
              rows[i].name);
        made_forget(&m);
    }
    CHECK(yes >= 5 && no >= 4, "%d plans and %d refusals: the test looks at one kind only", yes, no);
}

/* Neither what was planned before it was refused, nor what physics found. */
static void a_no_leaves_no_number_to_set(void)
{
    static const struct {
        const char *name, *variant;
    } rows[] = {{"case-1", "v1"}, {"case-2", NULL}, {"case-5", NULL}, {"case-6", NULL}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        made m = made_of(rows[i].name, rows[i].variant);
        const fl_plan_sheet sheet = sheet_of(&m);
        char *words = words_of(&sheet);
        CHECK(!strstr(words, "J/cm") && !strstr(words, " mJ") && !strstr(words, " Hz") &&
                  !strstr(words, " mm"),
              "%s: a unit of a setting", rows[i].name);
        CHECK(!strstr(words, "pulses a pass") && !strstr(words, "chance of"), "%s: a count", rows[i].name);
        for (size_t k = 0; k < m.plan->zone_count; k++) {
            char line[40];
            snprintf(line, sizeof line, "\n%d\n", m.plan->zones[k].pulses);
            CHECK(!strstr(words, line), "%s: the pulses of %s", rows[i].name, m.plan->zones[k].id);
        }
        CHECK(strstr(words, m.plan->reasons[0].text), "%s: why not?", rows[i].name);
        free(words);
        made_forget(&m);
    }
}

static made scalp;
static void forget_scalp(void)
{
    made_forget(&scalp);
}
static fl_plan_sheet whole_scalp(void)
{
    if (!scalp.plan) {
        scalp = made_of("case-1", NULL);
        atexit(forget_scalp);
    }
    return sheet_of(&scalp);
}

static void a_real_laser_is_not_called_simulated(void)
{
    fl_plan_sheet sheet = whole_scalp();
    sheet.simulated = false;
    char *words = words_of(&sheet);
    CHECK(!strstr(words, "SIMULATED"), "marked");
    CHECK(strstr(words, "4,633 pulses a pass") && strstr(words, "\nMID\n980\n") &&
              strstr(words, "1 to 4 sessions"),
          "the numbers of story 1");
    free(words);
}

/* The file of a plan holds all but the curve. */
static void a_plan_read_from_its_file_is_enough(void)
{
    fl_plan_sheet sheet = whole_scalp();
    char *json = fl_plan_json(sheet.plan), *with = words_of(&sheet);
    fl_plan *back = fl_plan_new();
    CHECK(fl_plan_read_text(json, strlen(json), back, NULL) == FL_OK, "not read");
    sheet.plan = back, sheet.physics = NULL;
    char *without = words_of(&sheet);
    const char *const both[] = {"at the basal layer", "at the ink", "amount of ink", "good: both above 1",
                                "P-R"};
    for (size_t i = 0; i < sizeof both / sizeof *both; i++)
        CHECK(strstr(with, both[i]) && strstr(without, both[i]), "%s", both[i]);
    CHECK(strstr(with, "epidermis") && !strstr(without, "epidermis"), "layers that nobody knows");
    free(json), free(with), free(without);
    fl_plan_free(back);
}

/* As full as a plan can be, with the longest words it can hold: nothing leaves the page, and what has no room
 * is said to be left out. */
static void a_plan_as_full_as_can_be_stays_on_the_page(void)
{
    fl_plan_sheet sheet = whole_scalp();
    fl_plan *full = fl_plan_new();
    static char longest[FL_PLAN_LINE - 24];
    for (size_t i = 0; i < sizeof longest - 1; i++) longest[i] = i % 9 ? 'w' : ' ';
    for (int verdict = FL_VERDICT_PLAN; verdict <= FL_VERDICT_REFUSE; verdict++) {
        *full = *sheet.plan;
        full->verdict = (fl_plan_verdict)verdict;
        for (; full->zone_count < FL_PLAN_ZONES; full->zone_count++) {
            fl_plan_zone *z = &full->zones[full->zone_count];
            *z = full->zones[0];
            snprintf(z->id, sizeof z->id, "A-ZONE-WITH-A-VERY-LONG-NAME-OF-ITS-OWN-%zu", full->zone_count);
            z->locked = full->zone_count % 2, z->pulses = 1000000, z->area = fl_cm2(9999);
            snprintf(z->reason, sizeof z->reason, "%zu%s", full->zone_count, longest);
        }
        for (size_t k = full->setting_count; k < FL_PLAN_SETTINGS; k++) {
            full->settings[k] = full->settings[k % full->setting_count];
            full->settings[k].wavelength = fl_nm(400 + 30.0 * (double)k);
            full->settings[k].spot = fl_mm(20);
        }
        full->setting_count = FL_PLAN_SETTINGS;
        for (; full->test_spots.grid_count < FL_PLAN_GRID; full->test_spots.grid_count++) {
            fl_plan_spot *spot = &full->test_spots.grid[full->test_spots.grid_count];
            *spot = full->test_spots.grid[0];
            spot->setting = (int)full->test_spots.grid_count;
            spot->wavelength = full->settings[spot->setting].wavelength, spot->fluence = fl_J_cm2(99.99);
            memcpy(spot->zone, full->zones[FL_PLAN_ZONES - 1 - spot->setting].id, sizeof spot->zone);
        }
        while (full->reason_count < FL_PLAN_REASONS)
            fl_plan_say(full, FL_RANK_REFUSE - full->reason_count % 4, "x", "%s", longest);
        for (size_t k = 0; k < full->reason_count; k++)
            snprintf(full->reasons[k].change, FL_PLAN_LINE, "%s", longest);
        sheet.plan = full, sheet.work = longest, sheet.device = longest;
        size_t size = 0;
        char *words = words_of(&sheet);
        free(written(&sheet, "sheet.png", &size));
        check_edges(fl_plan_verdict_word(full->verdict));
        CHECK(strstr(words, "more in the plan"), "%s: something is left out in silence",
              fl_plan_verdict_word(full->verdict));
        free(words);
        sheet.plan = scalp.plan;
    }
    fl_plan_free(full);
}

static void a_plan_of_nothing_is_drawn(void)
{
    fl_plan_sheet sheet = {.plan = fl_plan_new()};
    char *words = words_of(&sheet);
    CHECK(strstr(words, "NO PLAN") && strstr(words, "No pulse may be given today."), "an empty plan");
    free(words);
    fl_plan_free((fl_plan *)sheet.plan);
}

static void a_case_writes_only_text(void)
{
    fl_plan_sheet sheet = whole_scalp();
    sheet.work = "<b>5 & 6</b>\x01";
    char *words = words_of(&sheet);
    CHECK(strstr(words, "&lt;b&gt;5 &amp; 6&lt;/b&gt;"), "not escaped");
    free(words);
}

/* An SVG counts its symbols on through the life of a process; a second process writes the same bytes again.
 */
static void same_plan_same_bytes(void)
{
    const fl_plan_sheet sheet = whole_scalp();
    static const char *const names[] = {"sheet.pdf", "sheet.png"};
    for (size_t i = 0; i < 2; i++) {
        size_t a = 0, b = 0;
        char *first = written(&sheet, names[i], &a), *second = written(&sheet, names[i], &b);
        CHECK(a == b && first && second && memcmp(first, second, a) == 0, "%s differs", names[i]);
        free(first), free(second);
    }
}

static void what_cannot_be_written_is_said(void)
{
    const fl_plan_sheet sheet = whole_scalp();
    fl_error error = {.what = ""};
    static const char *const endings[] = {"plan.jpg",  "plan",        ".pdf",
                                          "plan.pdf/", "plan.pdf.gz", "a.png/plan"};
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
        CHECK(fl_plan_sheet_write(&sheet, endings[i], &error) == FL_E_USAGE &&
                  strstr(error.what, ".svg, .png or .pdf") && error.hint[0],
              "%s: '%s'", endings[i], error.what);
    CHECK(fl_plan_sheet_write(&sheet, "/proc/no-such-place/plan.pdf", &error) == FL_E_IO && error.file[0],
          "'%s'", error.what);
    char path[FL_PLACE_MAX];
    static const struct {
        const char *to, *what;
    } links[] = {{"/dev/full", "a symbolic link"}, {"/dev/null", "a symbolic link"}};
    for (size_t i = 0; i < sizeof links / sizeof *links; i++) {
        snprintf(path, sizeof path, "%s", path_of("link.pdf"));
        CHECK(symlink(links[i].to, path) == 0, "no link");
        CHECK(fl_plan_sheet_write(&sheet, path, &error) == FL_E_IO && strstr(error.what, links[i].what),
              "'%s'", error.what);
        struct stat info;
        CHECK(lstat(path, &info) == 0 && S_ISLNK(info.st_mode), "the link was replaced");
        unlink(path);
    }
    snprintf(path, sizeof path, "%s", path_of("pipe.png"));
    CHECK(mkfifo(path, 0600) == 0, "no pipe");
    CHECK(fl_plan_sheet_write(&sheet, path, &error) == FL_E_IO && strstr(error.what, "a device or a pipe"),
          "'%s'", error.what);
    unlink(path);
}

FL_TESTS("report/plan_sheet", TEST(every_case_makes_a_page_of_each_kind), TEST(a_no_leaves_no_number_to_set),
         TEST(a_real_laser_is_not_called_simulated), TEST(a_plan_read_from_its_file_is_enough),
         TEST(a_plan_as_full_as_can_be_stays_on_the_page), TEST(a_plan_of_nothing_is_drawn),
         TEST(a_case_writes_only_text), TEST(same_plan_same_bytes), TEST(what_cannot_be_written_is_said))

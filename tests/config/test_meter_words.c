/* labels: unit fault   timeout: 120 */
/* The dialect files of energy meters: each is refused when a line that matters is taken out of it, and no
 * damaged answer is read as a number that does not stand in it. */
#include "check.h"

#include "fadeline/base/place.h"
#include "fadeline/base/random.h"
#include "fadeline/config/dialect.h"

#include <ctype.h>
#include <unistd.h>

static const char *const files[] = {"ophir", "gentec-eo", "energymax", "thorlabs-pm100"};
#define FILES (sizeof files / sizeof *files)

static void every_file_is_good(void)
{
    for (size_t i = 0; i < FILES; i++) {
        fl_dialect *d = NULL;
        fl_error error = {0};
        CHECK(fl_dialect_load(files[i], &d, &error) == FL_OK, "%s:%u: %s", files[i], error.line, error.what);
        CHECK(d && d->serves == FL_SERVES_METER && !fl_dialect_is_whole(d), "%s is taken for a laser",
              files[i]);
        fl_dialect_free(d);
    }
}

/* ---- seeded faults ---- */

static const struct seed {
    const char *file, *from, *to, *what; /* what: part of the complaint */
} seeds[] = {
    {"ophir", "  fresh: fresh\n", "", "nothing tells a new reading"},
    {"ophir", "  unit_is: J\n", "", "cannot do this"},
    {"ophir", "  unit: unit\n", "", "has no 'unit'"},
    {"ophir", "  range_read: range\n", "", "has no 'range_read'"},
    {"ophir", "  range_is: index\n", "", "has no 'range_is'"},
    {"ophir", "  wavelength_read: wavelength\n", "", "what is set is read back"},
    {"ophir", "  wavelength_read: wavelength\n", "  wavelength_read: range\n", "is read back by"},
    {"ophir", "check: range,", "", "is not read back"},
    {"ophir", "{-} {-} {} {*}", "{-}{-} {} {*}", "not a template"},
    {"ophir", "{-} {-} {} {*}", "{-} {} {}", "not a template"},
    {"ophir", "value: number, pick: yes", "value: text, pick: yes", "nothing to pick from"},
    {"ophir", "1064 NONE 10.6\\r\\n', value: 1064", "1064 NONE 10.6\\r\\n', value: 532", "this is read as"},
    {"ophir", "over: OVER", "note: over", "not understood"},
    {"gentec-eo", "  trigger: 2\n", "", "half a trigger"},
    {"gentec-eo", "  proof_is: \"0\"\n", "", "half a proof"},
    {"gentec-eo", "after: \":\", value: text", "after: \": \", value: text", "one character"},
    {"gentec-eo", "send_width: 5", "send_width: 4", "this is not what"},
    {"energymax", "{},{-},{flag},{sequence}", "{},{-},{flag},{*}", "nothing tells a new reading"},
    {"energymax", "{},{-},{flag},{sequence}", "{},{-},{-},{sequence}", "has one of them"},
    {"energymax", "  closing: OK\n", "", "not understood"},
    {"energymax", "  proof: items\n", "", "half a proof"},
    {"thorlabs-pm100", "  arm: start\n", "  arm: fresh\n", "cannot do this"},
    {"thorlabs-pm100", "  unit_is: ENER\n", "", "cannot do this"},
};

static char *with(const char *text, const char *from, const char *to)
{
    const char *at = strstr(text, from);
    if (!at) return NULL;
    char *made = malloc(strlen(text) + strlen(to) + 1);
    if (!made) abort();
    sprintf(made, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
    return made;
}

static void a_file_without_what_matters_is_refused(void)
{
    char path[60], complaint[160];
    snprintf(path, sizeof path, "/tmp/fl-meter-%ld.yaml", (long)getpid());
    for (size_t i = 0; i < sizeof seeds / sizeof *seeds; i++) {
        char whole[200], *text;
        size_t size;
        snprintf(whole, sizeof whole, FL_SOURCE_DIR "/devices/dialects/%s.yaml", seeds[i].file);
        if (fl_place_read(whole, 100000, &text, &size, NULL) != FL_OK) abort();
        char *made = with(text, seeds[i].from, seeds[i].to);
        CHECK(made, "%s no longer holds '%s'", seeds[i].file, seeds[i].from);
        FILE *file = fopen(path, "w");
        if (!file) abort();
        if (made) fputs(made, file);
        fclose(file);
        fl_faults *faults = fl_faults_new();
        fl_yaml *yaml = NULL;
        CHECK(fl_yaml_load(path, &fl_dialect_schema, faults, &yaml) == FL_E_FILE, "seed %zu, %s: accepted", i,
              seeds[i].to);
        bool said = false;
        complaint[0] = 0;
        for (size_t k = 0; k < faults->count; k++) {
            said = said || strstr(faults->list[k].what, seeds[i].what);
            if (k == 0) snprintf(complaint, sizeof complaint, "%.150s", faults->list[k].what);
        }
        CHECK(said, "seed %zu: it says '%s'", i, complaint);
        fl_yaml_free(yaml);
        fl_faults_free(faults);
        free(made);
        free(text);
    }
    unlink(path);
}

/* ---- damaged answers ---- */

/* The digits of a number that was read stand in the answer, one after the other: a reader of its own. */
static bool stands_in(const char *text, const char *bytes, size_t size)
{
    const size_t length = strlen(text);
    for (size_t i = 0; length && i + length <= size; i++)
        if (memcmp(bytes + i, text, length) == 0) return true;
    return false;
}

static size_t damage(fl_random *random, char *bytes, size_t size, size_t room)
{
    const int edits = 1 + (int)(fl_random_u64(random) % 3);
    for (int e = 0; e < edits && size; e++) {
        const size_t at = fl_random_u64(random) % size;
        switch (fl_random_u64(random) % 4) {
        case 0: bytes[at] = (char)fl_random_u64(random); break;
        case 1: memmove(bytes + at, bytes + at + 1, size - at - 1), size--; break;
        case 2:
            if (size < room) memmove(bytes + at + 1, bytes + at, size - at), size++;
            break;
        default: size = at; break;
        }
    }
    return size;
}

/* Every word of every file, its own answers damaged: no crash, no read beyond the end (the buffer ends
 * there), and a number only when its digits came. How many a file gets: FL_MUTATIONS, 40,000 by itself, a
 * million in the slow run. */
static void a_damaged_answer_is_not_another_number(void)
{
    const char *wanted = getenv("FL_MUTATIONS");
    const unsigned long many = wanted ? strtoul(wanted, NULL, 10) : 40000;
    static const char *const answers[] = {"*1.300E-5\r\n",
                                          "*OVER\r\n",
                                          "*CONTINUOUS 193 12000 4 248 366 532 1064 NONE 10.6\r\n",
                                          "* J\r\n",
                                          "*1\r\n",
                                          "Current Value : 0.1904\r\n",
                                          "1.000E+38\r\n",
                                          "Range: 24\r\n",
                                          "Trigger level: 15.4% (4.6 Watts) of max power: 30 Watts\r\n",
                                          "New Data Available\r\n",
                                          "ACK\r\n",
                                          "1.234E-02,100000,0,17\r\nOK\r\n",
                                          "PULS,PER,FLAG,SEQ\r\nOK\r\n",
                                          "OK\r\n",
                                          "1.90200000E-01\n",
                                          "ENER\n"};
    for (size_t f = 0; f < FILES; f++) {
        fl_dialect *d;
        fl_random random;
        fl_random_init(&random, 17, f);
        if (fl_dialect_load(files[f], &d, NULL) != FL_OK) abort();
        unsigned long numbers = 0, wrong = 0;
        for (unsigned long n = 0; n < many; n++) {
            const fl_word *w = &d->words[fl_random_u64(&random) % d->words_count];
            const char *answer = answers[fl_random_u64(&random) % (sizeof answers / sizeof *answers)];
            if (!w->answer) continue;
            char bytes[200];
            size_t size = strlen(answer);
            memcpy(bytes, answer, size);
            size = damage(&random, bytes, size, sizeof bytes);
            char *exact = malloc(size ? size : 1);
            if (!exact) abort();
            memcpy(exact, bytes, size);
            const fl_reading r = fl_word_read(d, w, "", exact, size, true);
            if (r.kind == FL_READ_VALUE && w->value == FL_VALUE_NUMBER) {
                numbers++;
                if (!isfinite(r.number) || !stands_in(r.text, bytes, size) || r.number >= w->over_from)
                    wrong++;
            }
            if (r.kind == FL_READ_GARBAGE && !r.why) wrong++;
            free(exact);
        }
        CHECK(wrong == 0, "%s: %lu of %lu numbers do not stand in their answers", files[f], wrong, numbers);
        CHECK(numbers > many / 1000, "%s: only %lu of %lu were numbers", files[f], numbers, many);
        fl_dialect_free(d);
    }
}

FL_TESTS("config/meter_words", TEST(every_file_is_good), TEST(a_file_without_what_matters_is_refused),
         TEST(a_damaged_answer_is_not_another_number))

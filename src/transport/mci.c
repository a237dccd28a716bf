/* Reads line by line, as the classic program does, but believes nothing: every line has exactly the words it
 * should, every word is a number in its range. A wrong word does not stop the reading. After a line too many
 * or too few the rest of a run may be misread, and so reading finds its feet at the next run, which begins
 * like no other line does: NAME and A or B.
 */
#include "fadeline/transport/mci.h"

#include "fadeline/base/assert.h"
#include "fadeline/base/text.h"
#include "fadeline/transport/transport.h"

#include <ctype.h>
#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define WORDS_MAX 8

typedef struct word {
    const char *at;
    size_t length;
    unsigned column;
} word;

typedef struct reader {
    const char *name, *at, *end;
    const char *here; /* where the line of the words now held begins */
    unsigned line;    /* of the words now held */
    word words[WORDS_MAX];
    unsigned count;   /* words on the line, those that did not fit included */
    unsigned columns; /* past the last word */
    fl_mci_faults *faults;
    bool lost; /* reading on would only misread */
    bool torn; /* this run has a line too many or too few */
    bool over; /* and we stand at the next one */
} reader;

static fl_error *fault(reader *r, unsigned column, const char *format, ...) FL_PRINTF(3, 4);

/* The complaint, to which a hint may be added. Past the limit they all go into the last one's place: nobody
 * reads the fifty-first. */
static fl_error *fault(reader *r, unsigned column, const char *format, ...)
{
    static const size_t last = FL_MCI_FAULTS - 1;
    if (r->faults->count >= FL_MCI_FAULTS) r->lost = true;
    fl_error *error = &r->faults->fault[r->faults->count < last ? r->faults->count : last];
    if (r->faults->count < FL_MCI_FAULTS) r->faults->count++;
    char what[sizeof error->what];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(what, sizeof what, format, arguments);
    va_end(arguments);
    for (char *c = what; *c; c++) /* quoted from the file: nothing in it may order a terminal about */
        if ((unsigned char)*c >= 0x80) *c = '?';
    fl_error_set(error, FL_E_FILE, "%s", what);
    fl_error_at(error, r->name, r->line, column);
    return error;
}

/* Splits one line into words; false when it has none. */
static bool split(reader *r, const char *line, size_t length)
{
    r->count = 0;
    r->columns = 1;
    for (size_t i = 0; i < length && line[i] != '#';) {
        const unsigned char c = (unsigned char)line[i];
        if (c == ' ' || c == '\t' || (c == '\r' && i + 1 == length)) {
            i++;
            continue;
        }
        const size_t start = i;
        for (; i < length && line[i] != '#' && !isspace((unsigned char)line[i]); i++)
            if ((unsigned char)line[i] < 0x20 || (unsigned char)line[i] == 0x7f) {
                fl_error_hint(fault(r, (unsigned)i + 1, "byte 0x%02x does not belong in a text file",
                                    (unsigned char)line[i]),
                              "is this really a plain-text input file?");
                r->lost = true;
                return false;
            }
        if (i > start) r->columns = (unsigned)i + 1;
        if (i == start)
            i++; /* a vertical tab or form feed: space to C, a fault to no one */
        else if (r->count++ < WORDS_MAX)
            r->words[r->count - 1] = (word){line + start, i - start, (unsigned)start + 1};
    }
    return r->count > 0;
}

/* Next line with words on it. False, with a fault that says what was missing, at the end of the file. */
static bool next_line(reader *r, const char *wanted)
{
    while (r->at < r->end && !r->lost) {
        const char *line = r->at, *stop = memchr(line, '\n', (size_t)(r->end - line));
        r->here = line;
        r->at = stop ? stop + 1 : r->end;
        r->line++;
        if (split(r, line, (size_t)((stop ? stop : r->end) - line))) return true;
    }
    if (r->lost) return false;
    if (wanted) {
        r->line++;
        fl_error_hint(fault(r, 1, "the file ends where %s should be", wanted),
                      "a file holds as many runs as line 2 of it says");
        r->lost = true;
    }
    return false;
}

static bool begins_run(const reader *r)
{
    return r->count == 2 && r->words[1].length == 1 && memchr("AaBb", r->words[1].at[0], 4);
}

static void step_back(reader *r)
{
    r->at = r->here;
    r->line--;
}

/* Next line, which must hold exactly so many words. */
static bool expect(reader *r, unsigned count, const char *wanted)
{
    if (r->over || !next_line(r, wanted)) return false;
    if (r->count == count) return true;
    r->torn = true;
    fl_error *error;
    if (begins_run(r)) {
        error = fault(r, 1, "the next run begins where %s should be", wanted);
        fl_error_hint(error, "a line is missing above");
        r->over = true;
        step_back(r);
        return false;
    }
    if (r->count > count)
        error = fault(r, r->words[count < WORDS_MAX ? count : WORDS_MAX - 1].column,
                      "%u too many: %s belong here", r->count - count, wanted);
    else
        error = fault(r, r->columns, "%u too few: %s belong here", count - r->count, wanted);
    fl_error_hint(error, "comments begin with #");
    return false;
}

/* Past what is left of a torn run. */
static void find_next_run(reader *r)
{
    while (!r->lost && next_line(r, NULL)) {
        if (!begins_run(r)) continue;
        step_back(r);
        return;
    }
}

/* A copy of a word with its end, cut to what a number or a name may need. */
static const char *text_of(const word *w, char room[256])
{
    const size_t length = w->length < 255 ? w->length : 255;
    memcpy(room, w->at, length);
    room[length] = 0;
    return room;
}

/* 1e400: digits and all, but no number a computer has. */
static bool is_beyond_numbers(const char *text)
{
    char *end;
    return strspn(text, "0123456789+-.eE") == strlen(text) && isinf(strtod(text, &end)) && !*end;
}

static bool is_ascii(const char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text >= 0x80) return false;
    return true;
}

static void complain_number(reader *r, const word *w, const char *text, const char *what)
{
    fl_error *error = fault(r, w->column, "'%.60s' is not a number for %s", text, what);
    if (!is_ascii(text))
        fl_error_hint(error, "a letter beyond ASCII is in it: a copied blank or minus sign, perhaps");
    else if (strchr(text, ','))
        fl_error_hint(error, "write a point, not a comma");
    else if (strspn(text, "0123456789+-.dD") == strlen(text) && strpbrk(text, "dD"))
        fl_error_hint(error, "write E before an exponent, not D");
    else
        fl_error_hint(error, "write digits with a point, for example 0.02 or 2E-2");
}

/* Reads word i; the answer stays as it was when the word is faulty. */
static void read_number(reader *r, unsigned i, const char *what, double least, double most, double *value)
{
    char room[256];
    const word *w = &r->words[i];
    const char *text = text_of(w, room);
    double read = INFINITY;
    if (w->length > 60 || (fl_read_double(text, &read) != FL_OK && !is_beyond_numbers(text))) {
        complain_number(r, w, text, what);
        return;
    }
    if (!(read >= least && read <= most)) {
        fl_error_hint(fault(r, w->column, "%s is %s, must be %g to %g", what, text, least, most),
                      "lengths are in cm, coefficients in 1/cm");
        return;
    }
    *value = read;
}

static void read_whole(reader *r, unsigned i, const char *what, uint64_t least, uint64_t most,
                       uint64_t *value)
{
    char room[256];
    const word *w = &r->words[i];
    const char *text = text_of(w, room);
    uint64_t read;
    if (w->length > 60 || fl_read_u64(text, &read) != FL_OK) {
        fl_error_hint(fault(r, w->column, "'%.60s' is not a whole number for %s", text, what),
                      "write all its digits: 1000000, not 1e6 or 1,000,000");
        return;
    }
    if (read < least || read > most) {
        fault(r, w->column, "%s is %s, must be %llu to %llu", what, text, (unsigned long long)least,
              (unsigned long long)most);
        return;
    }
    *value = read;
}

static void read_layer(reader *r, fl_mci_run *run, unsigned i)
{
    if (!expect(r, 5, "n, mua, mus, g and d of a layer")) return;
    double n = 1.0, mua = 0.0, mus = 0.0, g = 0.0, d = 1.0;
    read_number(r, 0, "the refractive index", 1.0, 4.0, &n);
    read_number(r, 1, "mua", 0.0, 1e7, &mua);
    read_number(r, 2, "mus", 0.0, 1e7, &mus);
    read_number(r, 3, "g", -1.0, 1.0, &g);
    read_number(r, 4, "the thickness d", 1e-9, 1e12, &d);
    if (mus > 0.0 && (g > 0.999 || g < -0.999))
        fl_error_hint(
            fault(r, r->words[3].column, "g is %g where light scatters, must be -0.999 to 0.999", g),
            "for a layer that does not scatter write mus 0");
    run->medium.layer[i] = (fl_medium_layer){
        .n = n, .mus = fl_per_cm(mus), .g = g, .thickness = fl_cm(d), .mua = {fl_per_cm(mua)}};
}

static void read_outside(reader *r, const char *what, double *n)
{
    *n = 1.0;
    if (expect(r, 1, what)) read_number(r, 0, what, 1.0, 4.0, n);
}

static void read_grid(reader *r, fl_mci_run *run)
{
    double dz = 1.0, dr = 1.0;
    if (expect(r, 2, "dz and dr")) {
        read_number(r, 0, "dz", 1e-9, 1e9, &dz);
        read_number(r, 1, "dr", 1e-9, 1e9, &dr);
    }
    run->dz = fl_cm(dz), run->dr = fl_cm(dr);
    uint64_t z = 1, radii = 1, angles = 1;
    if (expect(r, 3, "the numbers of cells of z, r and angle")) {
        read_whole(r, 0, "the number of z cells", 1, FL_TRANSPORT_CELLS, &z);
        read_whole(r, 1, "the number of r cells", 1, 1000000, &radii);
        read_whole(r, 2, "the number of angle cells", 1, 1000000, &angles);
    }
    run->z_cells = (unsigned)z, run->r_cells = (unsigned)radii, run->angle_cells = (unsigned)angles;
}

/* First line of a run: NAME and A or B. */
static void read_output(reader *r, fl_mci_run *run)
{
    if (!expect(r, 2, "the output file and A or B")) return;
    char room[256];
    if (r->words[0].length > 255)
        fault(r, r->words[0].column, "the output name has more than 255 characters");
    memcpy(run->output, text_of(&r->words[0], room), sizeof run->output);
    const char format = r->words[1].length == 1 ? (char)toupper((unsigned char)r->words[1].at[0]) : '?';
    if (format != 'A' && format != 'B')
        fl_error_hint(
            fault(r, r->words[1].column, "'%.20s' is not an output format", text_of(&r->words[1], room)),
            "A for text, B for binary; we print to stdout in any case");
    run->format = format;
}

static void read_run(reader *r, fl_mci_run *run)
{
    const size_t before = r->faults->count;
    r->torn = r->over = false;
    read_output(r, run);
    run->line = r->line;
    if (expect(r, 1, "the number of photons"))
        read_whole(r, 0, "the number of photons", 1, 1000000000000, &run->photons);
    read_grid(r, run);
    uint64_t layers = 0;
    if (expect(r, 1, "the number of layers"))
        read_whole(r, 0, "the number of layers", 1, FL_MEDIUM_LAYERS, &layers);
    if (!layers) { /* how many lines follow is anybody's guess */
        r->torn = true;
        return;
    }
    run->medium.layers = (unsigned)layers;
    run->medium.variants = 1;
    read_outside(r, "the refractive index above", &run->medium.n_above);
    for (unsigned i = 0; i < layers && !r->lost; i++) read_layer(r, run, i);
    read_outside(r, "the refractive index below", &run->medium.n_below);
    fl_error error;
    if (!r->lost && r->faults->count == before && fl_medium_check(&run->medium, &error) != FL_OK) {
        fl_error *said = fault(r, 1, "%s", error.what);
        if (error.hint[0]) fl_error_hint(said, "%s", error.hint);
        said->line = run->line;
    }
}

static uint64_t read_header(reader *r)
{
    char room[256];
    if (expect(r, 1, "the file version") && strcmp(text_of(&r->words[0], room), "1.0") != 0) {
        fl_error_hint(fault(r, r->words[0].column, "this is not a version 1.0 file: '%.20s'", room),
                      "the first line of the classic input format is 1.0");
        r->lost = true;
    }
    uint64_t runs = 0;
    if (!r->lost && expect(r, 1, "the number of runs"))
        read_whole(r, 0, "the number of runs", 1, FL_MCI_RUNS, &runs);
    return runs;
}

fl_status fl_mci_read(const char *name, const char *text, size_t size, fl_mci *mci, fl_mci_faults *faults)
{
    FL_ASSERT(name && text && mci && faults);
    faults->count = 0;
    reader r = {.name = name, .at = text, .end = text + size, .faults = faults};
    if (size >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) r.at += 3; /* Notepad's byte order mark */
    const uint64_t count = size <= FL_MCI_BYTES ? read_header(&r) : 0;
    if (size > FL_MCI_BYTES) fault(&r, 0, "the file has %zu bytes, at most %d", size, FL_MCI_BYTES);
    if (!count) return FL_E_FILE;
    fl_mci_run *runs = calloc(count, sizeof *runs);
    if (!runs) return FL_E_MEMORY;
    for (uint64_t i = 0; i < count && !r.lost; i++) {
        read_run(&r, &runs[i]);
        if (r.torn) find_next_run(&r);
    }
    if (!r.lost && next_line(&r, NULL))
        fl_error_hint(fault(&r, r.words[0].column, "more text after the last run"),
                      "line 2 of the file says %llu run%s", (unsigned long long)count, count == 1 ? "" : "s");
    if (faults->count) {
        free(runs);
        return FL_E_FILE;
    }
    *mci = (fl_mci){runs, count};
    return FL_OK;
}

void fl_mci_free(fl_mci *mci)
{
    free(mci->runs);
    *mci = (fl_mci){0};
}

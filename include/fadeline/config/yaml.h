/* YAML: files people edit, typed by a table.
 *
 * libyaml reads the syntax; every value stays text until a C table types it: decimal numbers only, each in
 * its range, every key known, none twice, no anchors, aliases, tags or merge keys. Every complaint has file,
 * line, column and a hint, and all are shown at once. The same table prints the reference page, so the two
 * cannot drift. A file is at most 1 MiB of UTF-8.
 *
 * A complete schema of one's own:
 *
 *     typedef struct zone { const char *id; fl_area area; unsigned skin_types; } zone;
 *     typedef struct room { const char *title; fl_date signed_on; fl_answer shaved; zone *zones; size_t
 * zones_count; fl_length *spots; size_t spots_count; } room;
 *
 *     static const fl_yaml_choice types[] = { { "I", 1, "" }, { "II", 2, "" }, { NULL, 0, "" } };
 *     static const fl_yaml_field zone_fields[] = {
 *         { "id",         FL_YAML_ID(zone, id), FL_YAML_REQUIRED, .help = "short name of the zone" },
 *         { "area_cm2",   FL_YAML_NUMBER(zone, area, 0.1, 1000), FL_YAML_REQUIRED, .help = "as measured" },
 *         { "skin_types", FL_YAML_SET(zone, skin_types, types), .help = "bits 1 << value" },
 *         { .key = NULL },
 *     };
 *     static const fl_yaml_table zone_table = { "zone", sizeof(zone), zone_fields, .check = zone_check };
 *     static const fl_yaml_field room_fields[] = {
 *         { "title",     FL_YAML_TEXT(room, title), FL_YAML_REQUIRED, .help = "for people" },
 *         { "signed_on", FL_YAML_DATE(room, signed_on), .help = "YYYY-MM-DD" },
 *         { "shaved",    FL_YAML_YES_NO(room, shaved), .otherwise = "no", .help = "scalp shaved today" },
 *         { "zones",     FL_YAML_MAPS(room, zones, zone_table), FL_YAML_REQUIRED, .help = "at least one" },
 *         { "spots_mm",  FL_YAML_NUMBERS(room, spots, 0.5, 20), .help = "diameters at the skin" },
 *         { .key = NULL },
 *     };
 *     static const fl_yaml_table room_table = { "room", sizeof(room), room_fields };
 *     const fl_yaml_schema fl_room_schema = { "room/1", "A room", &room_table };   // file says `schema:
 * room/1`
 *
 *     fl_faults *faults = fl_faults_new();
 *     fl_yaml *file;
 *     if (fl_yaml_load("room.yaml", &fl_room_schema, faults, &file) != FL_OK) fl_faults_print(stderr,
 * faults); const room *r = fl_yaml_root(file);                    // belongs to file; fl_yaml_free(file) ends
 * it
 *
 * Types: the member's C type says the quantity, the end of the key says the unit in the file, and the engine
 * converts: `area_cm2` into an fl_area. A key and a member that disagree (`width_cm2` into an fl_length) are
 * our bug and stop the process at the first use of the table. A plain double is kept in the unit of the key.
 *
 * What an absent optional value leaves: `otherwise` (text, typed by the same row), else NaN for numbers, -1
 * for whole numbers, NULL for text, FL_NOT_STATED for yes/no, an unset date, 0 for a choice or a set, an
 * empty list; an absent inner map leaves each of its members so, and its required keys are then not asked
 * for.
 *
 * Not for threads to share while loading; a loaded file is constant.
 */
#ifndef FL_CONFIG_YAML_H
#define FL_CONFIG_YAML_H

#include "fadeline/base/date.h"
#include "fadeline/base/digest.h"
#include "fadeline/base/error.h"
#include "fadeline/units/units.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#define FL_YAML_SIZE_MAX (1u << 20)
#define FL_YAML_DEPTH_MAX 12
#define FL_FAULTS_MAX 200

/* Three-valued: nobody asked is not no. */
typedef enum fl_answer { FL_NOT_STATED, FL_NO, FL_YES } fl_answer;

typedef struct fl_mark {
    unsigned line, column; /* from 1; 0: not known */
} fl_mark;

/* ---- faults: all that is wrong, in the order of the file ---- */

typedef struct fl_fault {
    char file[256];
    fl_mark at;
    char what[300];
    char hint[300];
} fl_fault;

typedef struct fl_faults {
    fl_fault list[FL_FAULTS_MAX]; /* by file as they came, then line, then column */
    size_t count;
    size_t more; /* faults that found no room */
} fl_faults;

fl_faults *fl_faults_new(void); /* never NULL: no memory stops the process */
void fl_faults_free(fl_faults *faults);
/* hint may be NULL. */
void fl_faults_add(fl_faults *faults, const char *file, fl_mark at, const char *hint, const char *format, ...)
    FL_PRINTF(5, 6);
/* "file:line:column: error: what\n  hint: ...\n" each; nothing after. */
void fl_faults_print(FILE *out, const fl_faults *faults);
/* The first fault as an error, "(and 3 more: fadeline check FILE)" added. FL_E_FILE. */
fl_status fl_faults_error(const fl_faults *faults, fl_error *error);

/* ---- tables ---- */

typedef enum fl_yaml_kind {
    FL_YAML_KIND_TEXT = 1, /* 1..400 bytes of printable text */
    FL_YAML_KIND_ID,       /* letters, digits, - _ . : and at most 63 of them */
    FL_YAML_KIND_NUMBER,
    FL_YAML_KIND_WHOLE,
    FL_YAML_KIND_YES_NO,
    FL_YAML_KIND_DATE,
    FL_YAML_KIND_CHOICE,
    FL_YAML_KIND_SET,   /* list of choices as bits 1 << value */
    FL_YAML_KIND_MAP,   /* a struct inside the struct */
    FL_YAML_KIND_TEXTS, /* lists: a pointer `x` and a size_t `x_count` */
    FL_YAML_KIND_NUMBERS,
    FL_YAML_KIND_CHOICES,
    FL_YAML_KIND_MAPS,
} fl_yaml_kind;

typedef enum fl_yaml_quantity { /* of a number's member; the end of the key must agree */
                                FL_YAML_PLAIN,
                                FL_YAML_LENGTH,
                                FL_YAML_WAVELENGTH,
                                FL_YAML_AREA,
                                FL_YAML_PULSE_LENGTH,
                                FL_YAML_ENERGY,
                                FL_YAML_FLUENCE,
                                FL_YAML_RATE,
                                FL_YAML_ATTENUATION,
                                FL_YAML_TEMPERATURE,
                                FL_YAML_WARMING,
                                FL_YAML_ANGLE,
                                FL_YAML_MASS_ABSORPTION,
                                FL_YAML_AREAL_MASS,
} fl_yaml_quantity;

typedef struct fl_yaml_choice {
    const char *word;
    int value; /* not 0 (0: not set); below 32 in a set */
    const char *help;
} fl_yaml_choice; /* a list ends with a NULL word */

typedef enum fl_yaml_need { FL_YAML_OPTIONAL, FL_YAML_REQUIRED } fl_yaml_need;

typedef struct fl_yaml_table fl_yaml_table;

typedef struct fl_yaml_field {
    const char *key;
    fl_yaml_kind kind;
    size_t offset, count_offset, size; /* of the member, of its _count, of the member or list item */
    double least, most;                /* in the unit of the key, both allowed */
    fl_yaml_quantity quantity;
    const fl_yaml_choice *choices;
    const fl_yaml_table *map;
    fl_yaml_need need;
    const char *otherwise; /* typed like a value; NULL: see the head of this file */
    bool may_be_unknown;   /* numbers: the word `unknown` is allowed and reads as NaN */
    size_t items_max;      /* lists; 0: 64 */
    const char *help;      /* for the reference page */
} fl_yaml_field;

/* Given to a check. */
typedef struct fl_yaml_place fl_yaml_place;

struct fl_yaml_table {
    const char *name; /* for messages and the reference page: "head" */
    size_t size;
    const fl_yaml_field *fields; /* ends with a NULL key */
    /* Rules over several members; runs when every value of this map and below it could be typed. Adds faults.
     */
    void (*check)(void *object, const fl_yaml_place *place);
    const char *help;
};

typedef struct fl_yaml_schema {
    const char *name; /* "device/1", the value of the key `schema` */
    const char *title;
    const fl_yaml_table *root;
} fl_yaml_schema;

/* Rows: `{ "key", FL_YAML_NUMBER(type, member, least, most), FL_YAML_REQUIRED, .help = "..." }`. */
#define FL_YAML_MEMBER_(type, member) .offset = offsetof(type, member), .size = sizeof(((type *)0)->member)
#define FL_YAML_LIST_(type, member)                                                                          \
    .offset = offsetof(type, member), .count_offset = offsetof(type, member##_count),                        \
    .size = sizeof(*((type *)0)->member)
/* clang-format off */
#define FL_YAML_QUANTITY_(value)                                                                             \
    _Generic((value), double: FL_YAML_PLAIN, fl_length: FL_YAML_LENGTH, fl_wavelength: FL_YAML_WAVELENGTH,   \
             fl_area: FL_YAML_AREA, fl_pulse_length: FL_YAML_PULSE_LENGTH, fl_energy: FL_YAML_ENERGY,        \
             fl_fluence: FL_YAML_FLUENCE, fl_rate: FL_YAML_RATE, fl_attenuation: FL_YAML_ATTENUATION,        \
             fl_temperature: FL_YAML_TEMPERATURE, fl_warming: FL_YAML_WARMING, fl_angle: FL_YAML_ANGLE,      \
             fl_mass_absorption: FL_YAML_MASS_ABSORPTION, fl_areal_mass: FL_YAML_AREAL_MASS)
/* clang-format on */

/* Each ends with `.map`, so that a bare FL_YAML_REQUIRED after it lands in `need`. */
#define FL_YAML_ONE_(what, type, member) .kind = (what), FL_YAML_MEMBER_(type, member), .map = NULL
#define FL_YAML_WORDS_(what, type, member, words)                                                            \
    .kind = (what), FL_YAML_MEMBER_(type, member), .choices = (words), .map = NULL

#define FL_YAML_TEXT(type, member) FL_YAML_ONE_(FL_YAML_KIND_TEXT, type, member)
#define FL_YAML_ID(type, member) FL_YAML_ONE_(FL_YAML_KIND_ID, type, member)
#define FL_YAML_NUMBER(type, member, lo, hi)                                                                 \
    .kind = FL_YAML_KIND_NUMBER, FL_YAML_MEMBER_(type, member), .least = (lo), .most = (hi),                 \
    .quantity = FL_YAML_QUANTITY_(((type *)0)->member), .map = NULL
#define FL_YAML_WHOLE(type, member, lo, hi) /* an int */                                                     \
    .kind = FL_YAML_KIND_WHOLE, FL_YAML_MEMBER_(type, member), .least = (lo), .most = (hi), .map = NULL
#define FL_YAML_YES_NO(type, member) FL_YAML_ONE_(FL_YAML_KIND_YES_NO, type, member) /* an fl_answer */
#define FL_YAML_DATE(type, member) FL_YAML_ONE_(FL_YAML_KIND_DATE, type, member)
#define FL_YAML_CHOICE(type, member, words)                                                                  \
    FL_YAML_WORDS_(FL_YAML_KIND_CHOICE, type, member, words) /* an enum */
#define FL_YAML_SET(type, member, words)                                                                     \
    FL_YAML_WORDS_(FL_YAML_KIND_SET, type, member, words) /* an unsigned */
#define FL_YAML_MAP(type, member, table)                                                                     \
    .kind = FL_YAML_KIND_MAP, FL_YAML_MEMBER_(type, member), .map = &(table)
#define FL_YAML_TEXTS(type, member) /* const char ** */                                                      \
    .kind = FL_YAML_KIND_TEXTS, FL_YAML_LIST_(type, member), .map = NULL
#define FL_YAML_NUMBERS(type, member, lo, hi)                                                                \
    .kind = FL_YAML_KIND_NUMBERS, FL_YAML_LIST_(type, member), .least = (lo), .most = (hi),                  \
    .quantity = FL_YAML_QUANTITY_(*((type *)0)->member), .map = NULL
#define FL_YAML_CHOICES(type, member, words) /* enum * */                                                    \
    .kind = FL_YAML_KIND_CHOICES, FL_YAML_LIST_(type, member), .choices = (words), .map = NULL
#define FL_YAML_MAPS(type, member, table)                                                                    \
    .kind = FL_YAML_KIND_MAPS, FL_YAML_LIST_(type, member), .map = &(table)

/* ---- in a check ---- */

/* A fault at the value of `key` in this map (at the map itself when key is NULL or absent). "zones[2]" and
 * "zones[2].area_cm2" reach into lists and maps below. hint may be NULL. */
void fl_yaml_fault(const fl_yaml_place *place, const char *key, const char *hint, const char *format, ...)
    FL_PRINTF(4, 5);
/* Where that is, for faults that are found later. */
fl_mark fl_yaml_mark(const fl_yaml_place *place, const char *key);
bool fl_yaml_given(const fl_yaml_place *place, const char *key); /* was it written in the file? */
/* Memory that lives as long as the file, zeroed. */
void *fl_yaml_room(const fl_yaml_place *place, size_t size);

/* ---- loading ---- */

typedef struct fl_yaml fl_yaml; /* one loaded file and all it owns */

/* FL_OK, or FL_E_FILE with at least one fault added; *file is set only on FL_OK. */
FL_MUST_USE fl_status fl_yaml_load(const char *path, const fl_yaml_schema *schema, fl_faults *faults,
                                   fl_yaml **file);
/* The same for whichever of the schemas the file names. */
FL_MUST_USE fl_status fl_yaml_load_any(const char *path, const fl_yaml_schema *const *schemas, size_t count,
                                       fl_faults *faults, fl_yaml **file);
/* From memory; `name` stands in the faults. */
FL_MUST_USE fl_status fl_yaml_read(const char *name, const char *bytes, size_t size,
                                   const fl_yaml_schema *const *schemas, size_t count, fl_faults *faults,
                                   fl_yaml **file);
void fl_yaml_free(fl_yaml *file);

const void *fl_yaml_root(const fl_yaml *file); /* the struct of the schema's root table */
const fl_yaml_schema *fl_yaml_schema_of(const fl_yaml *file);
const uint8_t *fl_yaml_sha256(const fl_yaml *file); /* of the bytes as they were, FL_SHA256_SIZE */
const char *fl_yaml_path(const fl_yaml *file);

/* The reference page of a schema, as text: every key, its type, range, unit, whether it is needed, and help.
 */
void fl_yaml_reference(FILE *out, const fl_yaml_schema *schema);
/* For who writes it another way (src/manual): the tables of a schema, the root first and each behind the one that
 * names it; how many. And what a row takes, in words: "number, 0.1 to 5000 mJ". Returns room. */
#define FL_YAML_TABLES_MOST 32u
size_t fl_yaml_tables(const fl_yaml_schema *schema, const fl_yaml_table *tables[FL_YAML_TABLES_MOST]);
const char *fl_yaml_takes(const fl_yaml_field *field, char *room, size_t size);

#endif

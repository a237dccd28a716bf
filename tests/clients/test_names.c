/* labels: unit */
/* Names in sentences, as people type them; and sentences that name nobody, in a clinic of a thousand clients.
 */
#include "check.h"

#include "helper_world.h"

#include "fadeline/clients/names.h"

static void add(world *w, const char *code, const char *name, const char *contact)
{
    fl_identity who = {.born = {1990, 4, 1}};
    char text[FL_IDENTITY_MAX];
    snprintf(who.name, sizeof who.name, "%s", name), snprintf(who.contact, sizeof who.contact, "%s", contact);
    CHECK(fl_identity_write(&who, text, NULL) == FL_OK, "%s", name);
    world_add(w, code, text);
}

static void every_spelling_is_found(void)
{
    static const struct {
        const char *sentence, *about, *code, *word; /* code NULL: nobody is named */
    } rows[] = {
        {"asked quill, who agreed", NULL, "C-0001", "Quill"},
        {"QUILL agreed", NULL, "C-0001", "Quill"},
        {"zoe called", NULL, "C-0002", "Zoë"},
        {"ZOË called", NULL, "C-0002", "Zoë"},
        {"Zoe\xCC\x88 called", NULL, "C-0002", "Zoë"},                    /* the mark by itself */
        {"\xEF\xBC\xBA\xEF\xBD\x8F\xEF\xBD\x85!", NULL, "C-0002", "Zoë"}, /* wide letters */
        {"zo\xC2\xAD"
         "ë",
         NULL, "C-0002", "Zoë"}, /* a soft hyphen in it */
        {"OSTERGAARD said so", NULL, "C-0003", "Østergaard"},
        {"mr strasse", NULL, "C-0003", "Straße"},
        {"lodz", NULL, "C-0003", "Łódź"},
        {"Ng came late", NULL, "C-0004", "Ng"},
        {"ng.", NULL, "C-0004", "Ng"},
        {"nothing wrong", NULL, NULL, NULL},
        {"asking and going", NULL, NULL, NULL},
        {"李小龙来了", NULL, "C-0005", "李小龙"},
        {"o'brien", NULL, "C-0006", "Brien"},
        {"\xCE\xA0\xCE\x91\xCE\xA0\xCE\x91\xCE\xA3", NULL, "C-0007",
         "παπάς"}, /* Greek capitals, final sigma */
        {"wrote to LEE@example.org", NULL, "C-0008", "lee@example.org"},
        {"brown ink on the left", NULL, NULL, NULL},
        {"Brown ink on the left", "C-0009", "C-0009", "Brown"},
        {"Rose Brown has a blister", NULL, "C-0009", "Brown"},
        {"brown, turning rose", NULL, "C-0009", "Brown"}, /* refused wrongly, on the safe side */
        {"de la zone F-L", NULL, NULL, NULL},
        {"de la Cruz", NULL, "C-0010", "Cruz"},
        {"an itch", NULL, NULL, NULL},
        {"an itch", "C-0011", NULL, NULL},
        {"An Ho itches", NULL, "C-0011", "Ho"},
        {"blister, 3 mm, zone F-L; 24 h", NULL, NULL, NULL},
        {"", NULL, NULL, NULL},
        {"\xFF\xFE quill \xC3", NULL, "C-0001", "Quill"}, /* bytes that are no letters */
    };
    world w;
    world_make(&w), world_open(&w);
    add(&w, "C-0001", "Rosa Quill", "");
    add(&w, "C-0002", "Zoë", "");
    add(&w, "C-0003", "Østergaard-Straße Łódź", "");
    add(&w, "C-0004", "Ng", "");
    add(&w, "C-0005", "李小龙", "");
    add(&w, "C-0006", "Pat O’Brien", "");
    add(&w, "C-0007", "παπάς", "");
    add(&w, "C-0008", "Xu Wei", "lee@example.org");
    add(&w, "C-0009", "Rose Brown", "");
    add(&w, "C-0010", "Juan de la Cruz", "");
    add(&w, "C-0011", "An Ho", "");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        fl_named named = {.code = ""};
        fl_error error = {0};
        const fl_status status =
            fl_clients_named(w.clients, "it", rows[i].sentence, rows[i].about, &named, &error);
        CHECK(status == (rows[i].code ? FL_E_NO : FL_OK), "'%s': %s", rows[i].sentence, error.what);
        if (!rows[i].code) continue;
        CHECK_TEXT(named.code, rows[i].code, rows[i].sentence);
        CHECK_TEXT(named.word, rows[i].word, rows[i].sentence);
        CHECK(strstr(error.hint, rows[i].code) && strstr(error.what, "journal keeps for ever"), "%s",
              error.what);
    }
    world_close(&w), world_remove(&w);
}

/* A name that was changed was in the records of its time, and who nobody can erase any more is not asked for.
 */
static void old_names_count_and_erased_ones_are_gone(void)
{
    world w;
    fl_named named;
    fl_error error = {0};
    world_make(&w), world_open(&w);
    add(&w, "C-0001", "Ada Finch", ""), add(&w, "C-0001", "Ada Heron", "");
    CHECK(fl_clients_named(w.clients, "it", "Finch", NULL, &named, &error) == FL_E_NO, "the old name");
    CHECK(fl_clients_named(w.clients, "it", "Heron", NULL, &named, &error) == FL_E_NO, "the new one");
    CHECK(fl_clients_erase(w.clients, "C-0001", &error) == FL_OK, "%s", error.what);
    CHECK(fl_clients_named(w.clients, "it", "Finch and Heron", NULL, &named, &error) == FL_OK, "erased");
    CHECK(fl_clients_named(NULL, "it", "Finch", NULL, &named, &error) == FL_OK, "no clients at all");
    world_close(&w), world_remove(&w);
}

FL_TESTS("clients/names", TEST(every_spelling_is_found), TEST(old_names_count_and_erased_ones_are_gone))

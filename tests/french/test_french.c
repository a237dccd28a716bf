/* labels: unit */
/* The catalogue of English sentences and their French: that a pair is sound, that a sentence made from its
 * format is found again with its values, and that what is not ours is left alone. */
#include "check.h"

#include "fadeline/french/french.h"
#include "match.h"
#include "typeset.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static void says(const char *english, const char *french)
{
    char room[FL_FRENCH];
    const bool known = fl_french(english, room, sizeof room);
    if (!french)
        CHECK(!known && !room[0], "'%.400s' became '%.400s'", english, room);
    else
        CHECK(known && strcmp(room, french) == 0, "'%.300s'\n  gave '%.300s'\n  want '%.300s'", english, room,
              french);
}

#define N "\xe2\x80\xaf"
#define F "\xc2\xa0"

static void values_go_over(void)
{
    says("a pulse had 199.8 mJ, 210.0 mJ were asked",
         "une impulsion a eu 199,8" N "mJ, on en demandait 210,0" N "mJ");
    says("Handpiece 3 mm, plan 4 mm: fluence would be 1.78 times",
         "Pièce à main 3" N "mm, plan 4" N "mm" F ": la fluence serait multipliée par 1,78");
    says("the laser counts 26732 pulses, the journal 26731 and one more that may have been",
         "le laser compte 26" N "732 impulsions, le registre 26" N "731 et une de plus qui a pu être faite");
    says("the laser counts 1 pulses, the journal 0", "le laser compte 1 impulsion, le registre 0");
    says("F-L: 12 of 20 pulses", "F-L" F ": 12 impulsions sur 20");
    says("move once: the emergency stop the footswitch",
         "à faire bouger une fois" F ": l'arrêt d'urgence la pédale");
    says("the room door is open", "la porte de la salle est ouverte");
    says("The room door is open.", "La porte de la salle est ouverte.");
    says("An emergency stop channel is open. Also: the room door is open; a protective cover is open; and 3 "
         "more. 12 pulses are certain, and no other is possible.",
         "Un circuit de l'arrêt d'urgence est ouvert. Et aussi" F
         ": la porte de la salle est ouverte; un capot de protection est ouvert; et encore 3. 12 impulsions "
         "sont certaines, et aucune autre n'est possible.");
    says("755 nm is not used: Melanin takes 3.3 times as much of 755 nm as of 1064 nm; darker or tanned skin "
         "is not given it.",
         "755" N "nm ne sert pas" F ": la mélanine absorbe 3,3 fois plus à 755" N "nm qu'à 1064" N
         "nm; une peau plus foncée ou bronzée n'en reçoit pas.");
    says("Tanned skin takes the light meant for ink. Counted from 2026-04-17.",
         "La peau bronzée absorbe la lumière destinée à l'encre. Compté depuis le 2026-04-17.");
    says("A pulse near the lips can wake cold sores. Reported: twice a year.",
         "Une impulsion près des lèvres peut réveiller des boutons de fièvre. Signalé" F ": twice a year.");
    says("A retinoid or acid on the site thins the surface of the skin. Reported: retinol every evening. "
         "Counted from 2026-05-04.",
         "Un rétinoïde ou un acide sur la zone amincit la surface de la peau. Signalé" F
         ": retinol every evening. Compté depuis le 2026-05-04.");
    says("The skin types do not agree (form V-VI, colour IV): planned with the darkest, VI.",
         "Les types de peau ne concordent pas (formulaire V-VI, couleur IV)" F
         ": planifié avec le plus foncé, VI.");
}

/* A comma is a decimal point to who reads French: none of ours may be left in a count, wherever it stands. */
static void no_count_keeps_its_comma(void)
{
    says("whole period: 1,590 pulses unexplained, tolerance 1,133.",
         "toute la période" F ": 1" N "590 impulsions inexpliquées, tolérance 1" N "133.");
    says("counter mismatch found at 18:30: the laser showed 26,732, the records held 26,733 (1,590).",
         "écart de compteur trouvé à 18" F "h" F "30" F ": le laser montrait 26" N
         "732, le registre tenait 26" N "733 (1" N "590).");
}

static void what_is_not_known_is_left_alone(void)
{
    static const char *const others[] = {"",
                                         " ",
                                         ".",
                                         "the",
                                         "the room door is open and more",
                                         "the room door is ajar",
                                         "a pulse had many mJ, 210.0 mJ were asked",
                                         "755 nm is not used: the clinic does not like it.",
                                         "The room door is open. It rains.",
                                         "no pulse: somebody said so",
                                         "the laser counts 12 pulses, the journal 12 and some more",
                                         "%s",
                                         "the zone is locked: by hand of a person"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) says(others[i], NULL);
    char room[8];
    CHECK(!fl_french("the room door is open", room, sizeof room) && !room[0], "no room, and half a sentence");
    char long_one[FL_FRENCH + 10];
    memset(long_one, 'a', sizeof long_one);
    long_one[sizeof long_one - 1] = 0;
    says(long_one, NULL);
}

/* ---- every pair ---- */

/* The English of a pair with a value in each hole. */
static void sample(const char *format, const char *text, char *room)
{
    const char *begin = room;
    for (const char *c = format; *c;) {
        if (*c != '%') {
            *room++ = *c++;
            continue;
        }
        c++;
        while (strchr("-+ 0123456789.*lzhj#", *c)) c++;
        const char *value = *c == '%'   ? "%"
                            : *c == 's' ? (room > begin && isalnum((unsigned char)room[-1]) ? "s" : text)
                            : *c == 'c' ? "M"
                            : strchr("fg", *c) ? "1.5"
                                               : "12";
        room += sprintf(room, "%s", value);
        c++;
    }
    *room = 0;
}

static void check_holes(const fl_french_pair *pair)
{
    unsigned numbers, used = 0;
    const size_t count = match_holes(pair->english, &numbers);
    CHECK(count <= MATCH_HOLES, "%s: more values than there is room for", pair->english);
    for (const char *c = strchr(pair->french, '{'); c; c = strchr(c + 1, '{')) {
        const unsigned n = (unsigned)(c[1] - '1');
        CHECK(n < count && strchr("}!?", c[2]), "%s: hole %.3s", pair->english, c);
        if (c[2] == '?') CHECK(strchr(c, '|') && strchr(c, '}') > strchr(c, '|'), "%s: %s", pair->english, c);
        if (c[2] == '?')
            CHECK(numbers & 1u << n || strstr(pair->english, "spot%s"), "%s: not by a number", pair->english);
        used |= c[2] == '?' ? 0 : 1u << n;
    }
    CHECK((used & numbers) == numbers, "%s: a number is lost in French", pair->english);
}

static void every_pair_is_sound(void)
{
    static const char *const never[] = {"effac",   "garanti", "sans douleur", "indolore",
                                        "patient", " ;",      "  ",           "détatouage total"};
    size_t count = 0;
    for (const fl_french_pair *p; (p = fl_french_pair_at(count)); count++) {
        char english[FL_FRENCH], room[FL_FRENCH];
        for (size_t k = 0; k < count; k++)
            CHECK(strcmp(fl_french_pair_at(k)->english, p->english) != 0, "twice: %s", p->english);
        for (size_t k = 0; k < sizeof never / sizeof *never; k++)
            CHECK(!strstr(p->french, never[k]), "%s: '%s'", p->french, never[k]);
        if (p->french[0] != '=') check_holes(p);
        if (strchr(p->english, '%') && p->english[0] != '%')
            CHECK((p->english[strlen(p->english) - 1] == '.') == (p->french[strlen(p->french) - 1] == '.'),
                  "full stop: %s", p->english);
        sample(p->english, "is", english); /* where only an ending of English fits */
        bool found = fl_french(english, room, sizeof room);
        sample(p->english, "F-L", english);
        found |= fl_french(english, room, sizeof room);
        CHECK(found, "not found again: %.900s", english);
        CHECK(!strchr(room, '{') && (!strchr(p->english, '%') || !strstr(room, "1.5")), "%.400s: %.400s",
              english, room);
    }
    printf("# %zu pairs\n", count);
    CHECK(count > 400, "%zu pairs", count);
}

/* A hostile sentence costs milliseconds, not minutes: the search is counted. */
static void no_sentence_takes_long(void)
{
    char text[FL_FRENCH], room[FL_FRENCH];
    size_t n = 0;
    while (n + 12 < sizeof text) n += (size_t)sprintf(text + n, "F-L, a: b. ");
    const clock_t begin = clock();
    for (int i = 0; i < 20; i++) (void)fl_french(text, room, sizeof room);
    const double seconds = (double)(clock() - begin) / CLOCKS_PER_SEC;
    printf("# the worst we know: %.1f ms\n", 50 * seconds);
    CHECK(seconds < 20, "%.1f s for twenty", seconds);
}

static void numbers_and_times(void)
{
    static const struct {
        const char *english, *french;
    } rows[] = {{"1.59", "1,59"},
                {"26732", "26" N "732"},
                {"1064", "1064"},
                {"26,732", "26" N "732"},
                {"1,148", "1" N "148"},
                {"-1,204,310", "\xe2\x88\x92"
                               "1" N "204" N "310"},
                {"1,2", "1,2"},
                {",123", ",123"},
                {"-4.9", "\xe2\x88\x92"
                         "4,9"},
                {"+122", "+122"},
                {"18:30", "18" F "h" F "30"},
                {"09:30:00", "9" F "h" F "30"},
                {"09:30:15", "9" F "h" F "30" F "min" F "15" F "s"},
                {"2026-05-04", "2026-05-04"},
                {"v1.2.3", "v1.2.3"},
                {"1.2.3", "1.2.3"},
                {"1.", "1."},
                {"", ""},
                {"0012345", "0012345"},
                {"1e+06", "1e+06"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char room[64];
        fl_text text = fl_text_in(room, sizeof room);
        typeset_word(&text, rows[i].english, strlen(rows[i].english));
        CHECK(strcmp(room, rows[i].french) == 0, "%s: %s", rows[i].english, room);
    }
}

FL_TESTS("french", TEST(values_go_over), TEST(no_count_keeps_its_comma),
         TEST(what_is_not_known_is_left_alone), TEST(every_pair_is_sound), TEST(no_sentence_takes_long),
         TEST(numbers_and_times))

#include "client_words.h"

#include "fadeline/course/fade.h"

#include <stdio.h>
#include <string.h>

const char *fl_reason_why(fl_lang lang, const fl_plan_reason *reason, bool *as_written)
{
    const fl_reason_words *words = lang == FL_LANG_FR ? fl_reason_words_of(reason->code) : NULL;
    if (as_written) *as_written = lang == FL_LANG_FR && !words;
    return words ? words->text : reason->text;
}

const char *fl_reason_change(fl_lang lang, const fl_plan_reason *reason)
{
    const fl_reason_words *words = lang == FL_LANG_FR ? fl_reason_words_of(reason->code) : NULL;
    return words ? (words->change ? words->change : "") : reason->change;
}

const char *fl_client_whom(fl_lang lang, fl_whom whom)
{
    static const char *const words[FL_WHOM_COUNT][2] = {
        {"", ""},
        {"your physician", "votre médecin"},
        {"a dermatologist", "un dermatologue"},
        {"an ophthalmologist or an authorised physician", "un ophtalmologiste ou un médecin autorisé"},
        {"the surgeon who did the transplant", "le chirurgien qui a fait la greffe"}};
    return words[whom][lang];
}

const char *fl_client_day(fl_lang lang, fl_date date, char room[64])
{
    static const char *const days[2][7] = {
        {"Thursday", "Friday", "Saturday", "Sunday", "Monday", "Tuesday", "Wednesday"}, /* 1970-01-01 */
        {"jeudi", "vendredi", "samedi", "dimanche", "lundi", "mardi", "mercredi"}};
    static const char *const months[2][12] = {{"January", "February", "March", "April", "May", "June", "July",
                                               "August", "September", "October", "November", "December"},
                                              {"janvier", "février", "mars", "avril", "mai", "juin",
                                               "juillet", "août", "septembre", "octobre", "novembre",
                                               "décembre"}};
    if (!fl_date_is_set(date)) return strcpy(room, "-");
    const int of_week = (fl_date_days(date) % 7 + 7) % 7;
    const bool first = date.day == 1 && lang == FL_LANG_FR;
    snprintf(room, 64, "%s %d%s %s %d", days[lang][of_week], date.day, first ? "er" : "",
             months[lang][date.month - 1], date.year);
    return room;
}

const char *fl_client_hour(fl_lang lang, int64_t local_us, char room[16])
{
    const int64_t us_a_day = 86400000000, in_day = (local_us % us_a_day + us_a_day) % us_a_day;
    const int hour = (int)(in_day / 3600000000), minute = (int)(in_day / 60000000 % 60);
    if (lang == FL_LANG_FR)
        snprintf(room, 16, "%d h %02d", hour, minute);
    else
        snprintf(room, 16, "%02d:%02d", hour, minute);
    return room;
}

const char *fl_client_range(fl_lang lang, const fl_plan_sessions *s, char room[160])
{
    if (s->low == s->high)
        snprintf(room, 160, fl_said(lang, "about %d more", "environ %d encore"), s->low);
    else if (s->high >= FL_FADE_MOST) /* where counting ends, not what is expected */
        snprintf(room, 160, fl_said(lang, "%d to %d or more sessions", "de %d à %d séances ou plus"), s->low,
                 s->high);
    else
        snprintf(room, 160,
                 fl_said(lang, "%d to %d sessions, most likely %d", "de %d à %d séances, le plus souvent %d"),
                 s->low, s->high, s->likely);
    return room;
}

typedef struct word {
    const char *id, *en, *fr;
} word;

static const char *name_of(const word *list, size_t count, fl_lang lang, const char *id)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(list[i].id, id) == 0) return fl_said(lang, list[i].en, list[i].fr);
    return id;
}

const char *fl_client_procedure(fl_lang lang, const char *id)
{
    static const word list[] = {
        {"smp-scalp", "scalp micropigmentation", "micropigmentation capillaire"},
        {"hairline", "hairline work", "travail de la ligne frontale"},
        {"density", "density work between the hair", "travail de densité entre les cheveux"},
        {"scar", "dots in a scar", "points dans une cicatrice"},
        {"brow-machine", "brow tattoo", "tatouage des sourcils"},
        {"brow-microblading", "microbladed brows", "sourcils en microblading"},
        {"brow-ombre", "ombré brows or a cover-up", "sourcils ombrés ou recouvrement"},
        {"lip", "lip colour", "couleur des lèvres"},
        {"eyeliner", "eyeliner", "trait d'eye-liner"},
        {"beard", "beard micropigmentation", "micropigmentation de la barbe"},
        {"areola", "areola work", "travail de l'aréole"},
        {"camouflage", "skin-tone cover", "recouvrement couleur peau"}};
    return name_of(list, sizeof list / sizeof *list, lang, id);
}

const char *fl_client_zone(fl_lang lang, const char *id)
{
    static const word list[] = {{"F-L", "front, left", "avant, à gauche"},
                                {"F-R", "front, right", "avant, à droite"},
                                {"T-L", "temple, left", "tempe gauche"},
                                {"T-R", "temple, right", "tempe droite"},
                                {"MID", "middle of the head", "milieu de la tête"},
                                {"VTX", "crown", "sommet de la tête"},
                                {"P-L", "side, left", "côté gauche"},
                                {"P-R", "side, right", "côté droit"},
                                {"OCC", "back of the head", "arrière de la tête"},
                                {"BRW-L", "left brow", "sourcil gauche"},
                                {"BRW-R", "right brow", "sourcil droit"},
                                {"LID-UL", "upper left lid", "paupière supérieure gauche"},
                                {"LID-UR", "upper right lid", "paupière supérieure droite"},
                                {"LID-LL", "lower left lid", "paupière inférieure gauche"},
                                {"LID-LR", "lower right lid", "paupière inférieure droite"},
                                {"LIP-U", "upper lip", "lèvre supérieure"},
                                {"LIP-L", "lower lip", "lèvre inférieure"},
                                {"BRD", "beard", "barbe"}};
    return name_of(list, sizeof list / sizeof *list, lang, id);
}

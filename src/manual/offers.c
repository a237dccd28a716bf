#include "offers.h"

#include "fadeline/base/text.h"

#include <ctype.h>
#include <string.h>

static const char marks[] = "[]()| \n.";

offer offer_of_option(const fl_option *option)
{
    const char *value = option->value;
    if (!value) return OFFER_NOTHING;
    if (fl_text_begins(value, "manual:")) return OFFER_DEVICE_BY_HAND;
    if (fl_text_same(option->name, "device") && fl_text_same(value, "ID")) return OFFER_DEVICE;
    if (fl_text_same(value, "DIR")) return OFFER_FOLDER;
    const bool path =
        fl_text_begins(value, "FILE") || fl_text_same(value, "PATH") || fl_text_begins(value, "PORT");
    const char *point = strchr(value, '.');
    return path || (point && isalpha((unsigned char)point[1])) ? OFFER_FILE : OFFER_NOTHING;
}

/* CASE.yaml or FILE, not the value of an option before it. */
static const char *file_word(const char *word, size_t size)
{
    static const char *const endings[] = {".yaml", ".json", ".mci", ""};
    static const char *const any[] = {"FILE", "PHOTO", "PORT", "DIR"};
    for (size_t i = 0; i < sizeof endings / sizeof *endings - 1; i++)
        if (isupper((unsigned char)*word) && strncmp(word + size, endings[i], strlen(endings[i])) == 0)
            return endings[i];
    for (size_t i = 0; i < sizeof any / sizeof *any; i++)
        if (strlen(any[i]) == size && strncmp(word, any[i], size) == 0) return "";
    return NULL;
}

offer offer_of_words(const fl_command *command, const char **ending)
{
    bool after_option = false;
    *ending = NULL;
    if (fl_text_begins(command->arguments, "[CODE]")) return OFFER_CODE;
    for (const char *at = command->arguments; *at;) {
        at += strspn(at, marks);
        const size_t size = strcspn(at, marks);
        const char *found = after_option ? NULL : file_word(at, size);
        if (found) {
            *ending = *found ? found : NULL;
            return OFFER_FILE;
        }
        after_option = *at == '-';
        at += size;
    }
    return OFFER_NOTHING;
}

/* The alternatives of the first group: "init|verify DIR|show" or "[list | probe [PORT]]". */
size_t verbs_of(const fl_command *command, char verbs[VERBS_MOST][32])
{
    const char *at = command->arguments;
    const int ground = *at == '[' || *at == '(' ? 1 : 0;
    int depth = 0;
    size_t count = 0;
    bool begins = true; /* the next word begins an alternative */
    for (; *at && !(ground && depth == 0 && at > command->arguments); at++) {
        if (*at == '[' || *at == '(') depth++;
        if (*at == ']' || *at == ')') depth--;
        if (*at == '|' && depth == ground) begins = true;
        if (strchr(marks, *at)) continue;
        const size_t size = strcspn(at, marks);
        if (begins && depth == ground && islower((unsigned char)*at) && size < 32 && count < VERBS_MOST)
            memcpy(verbs[count], at, size), verbs[count++][size] = 0;
        if (depth == ground) begins = false;
        at += size - 1;
    }
    return count;
}

/* What control said, in French beside it: "fr":{"text":...,"hint":...,"reasons":[...]}, each only where it is
 * known. A screen takes what is there and shows the English, marked, where it is not. */
#include "live_private.h"

#include "fadeline/base/text.h"
#include "fadeline/french/french.h"

#include <string.h>

static void add(const json_t *message, const char *key, json_t *french)
{
    char room[FL_FRENCH];
    if (fl_french(fl_face_text(message, key), room, sizeof room))
        json_object_set_new(french, key, json_string(room));
}

/* "door-open: the room door is open": the code is for programs. */
static const char *sentence_of(const json_t *reason)
{
    const char *text = json_string_value(reason), *after = text ? strstr(text, ": ") : NULL;
    return after && strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-") == (size_t)(after - text)
               ? after + 2
           : text ? text
                  : "";
}

void live_french(json_t *message)
{
    const char *type = fl_face_text(message, "type");
    if (fl_text_same(type, "status") || fl_text_same(fl_face_text(message, "kind"), "pulse")) return;
    json_t *french = json_object(), *reasons = json_array(), *reason;
    size_t i;
    add(message, "text", french);
    add(message, "hint", french);
    json_array_foreach(json_object_get(message, "reasons"), i, reason)
    {
        char room[FL_FRENCH];
        json_array_append_new(reasons,
                              json_string(fl_french(sentence_of(reason), room, sizeof room) ? room : ""));
    }
    if (json_array_size(reasons)) json_object_set(french, "reasons", reasons);
    json_decref(reasons);
    if (json_object_size(french))
        json_object_set_new(message, "fr", french);
    else
        json_decref(french);
}

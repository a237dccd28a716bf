/* What photos there are of a client, who may see them now, and one of them small on a page. */
#include "photo_parts.h"

#include "core.h"
#include "fadeline/base/text.h"
#include "fadeline/clients/look.h"

#include <stdlib.h>
#include <string.h>

/* ---- who may see them now ---- */

bool look_stands(const page *p, fl_journal *journal, const char *pat, const char *what, const char *sha256)
{
    const fl_clock *clock = &p->console->clock;
    const int64_t since = clock->utc(clock->self).us - PHOTO_LOOK_US;
    for (uint64_t i = fl_journal_size(journal); i-- > 0;) {
        fl_record record;
        fl_look look;
        if (fl_journal_record(journal, i, &record) != FL_OK) return false;
        if (!fl_look_of(&record, i, pat, &look) || look.kind != FL_KIND_LOOK) {
            int64_t at;
            if (fl_record_int(&record, "utc_us", &at) != FL_OK || at < since) return false;
            continue;
        }
        if (look.at.us < since) return false;
        if (strcmp(look.what, what) == 0 && strcmp(look.who, p->visitor->who) == 0 &&
            (!sha256 || fl_record_text_is(&record, "sha256", sha256)))
            return true;
    }
    return false;
}

bool photo_was_opened(const page *p, fl_journal *journal, const char *pat, const char *sha256)
{
    return look_stands(p, journal, pat, "photos", sha256);
}

photo_state photo_consent(fl_journal *journal, const char *pat, fl_date *on, char version[65])
{
    for (uint64_t i = fl_journal_size(journal); i-- > 0;) {
        fl_record record;
        int64_t withdrawn = 0, at = 0;
        if (fl_journal_record(journal, i, &record) != FL_OK) return PHOTO_GONE;
        if (!fl_record_text_is(&record, "pat", pat)) continue;
        if (fl_record_is(&record, FL_KIND_ERASE)) return PHOTO_GONE;
        if (!fl_record_is(&record, FL_KIND_CONSENT) || !fl_record_text_is(&record, "what", "photo")) continue;
        if (fl_record_int(&record, "withdrawn", &withdrawn) != FL_OK) withdrawn = 0;
        if (fl_record_int(&record, "utc_us", &at) != FL_OK) at = 0;
        if (on) *on = fl_date_of((fl_utc){at});
        if (version && fl_record_text(&record, "version", version, 65) != FL_OK) version[0] = 0;
        return withdrawn ? PHOTO_WITHDRAWN : PHOTO_CONSENT;
    }
    return PHOTO_NO_WORD;
}

/* ---- the list ---- */

size_t photo_list(fl_journal *journal, const char *pat, fl_photo_entry **list)
{
    size_t count = 0, room = 0;
    *list = NULL;
    for (uint64_t i = 0; i < fl_journal_size(journal); i++) {
        fl_record record;
        fl_photo_entry photo;
        if (fl_journal_record(journal, i, &record) != FL_OK) break;
        if (!fl_photo_entry_of(&record, i, pat, &photo)) continue;
        if (count == room) {
            room = room ? 2 * room : 16;
            fl_photo_entry *more = realloc(*list, room * sizeof *more);
            if (!more) break;
            *list = more;
        }
        (*list)[count++] = photo;
    }
    return count;
}

static word what_word(const char *what)
{
    static const struct {
        const char *what;
        word shown;
    } rows[] = {{"before", W_PHOTO_BEFORE}, {"after", W_PHOTO_AFTER}, {"test", W_PHOTO_TEST},
                {"screen", W_PHOTO_SCREEN}, {"0-min", W_PHOTO_0_MIN}, {"15-min", W_PHOTO_15_MIN},
                {"read", W_PHOTO_READ}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (fl_text_same(rows[i].what, what)) return rows[i].shown;
    return W_NONE;
}

const char *photo_says(page *p, const fl_photo_entry *photo)
{
    const char *moment = photo->moment[0] ? say(p, what_word(photo->moment)) : "";
    return page_format(p, "%s%s%s%s%s%s%s", say(p, what_word(photo->what)), *moment ? " · " : "", moment,
                       photo->spot[0] ? " · " : "", photo->spot, photo->zone[0] ? " · " : "", photo->zone);
}

void photo_form(page *p, const char *code)
{
    page_form(p, "/photos/open");
    html_put(&p->html, "<input type=\"hidden\" name=\"code\" value=\"%s\">", code);
}

void photo_put(page *p, const fl_photo_entry *photo, bool tick)
{
    html *w = &p->html;
    char hex[2 * FL_SHA256_SIZE + 1];
    fl_hex(photo->sha256, sizeof photo->sha256, hex);
    html_put(w,
             "<figure class=\"photo\"><button class=\"picture\" name=\"open\" value=\"%s\"><img src=\"%s\" "
             "alt=\"%s\" loading=\"lazy\"></button>",
             hex, page_url(p, "/photos/%s/small/%s", photo->pat, hex),
             page_format(p, "%s, %s", photo_says(p, photo), page_time(p, photo->at)));
    html_put(w, "<figcaption>%s<br>%s<br>%s", photo_says(p, photo), page_time(p, photo->at), photo->who);
    if (photo->sid)
        html_put(w, " · <a href=\"%s\">%s %s</a>",
                 page_url(p, "/record/%s", page_format(p, "%llu", (unsigned long long)photo->sid)),
                 say(p, W_SESSION), page_count(p, photo->sid));
    html_put(w, "</figcaption>");
    if (tick)
        html_put(w, "<label class=\"tick\"><input type=\"checkbox\" name=\"photo\" value=\"%s\"> %s</label>",
                 hex, say(p, W_PHOTO_COMPARE_THIS));
    html_put(w, "</figure>");
}

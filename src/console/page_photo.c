/* One photo, or two beside each other, and the bytes of their pictures. All of them only after a look at that
 * very photo which stands in the journal; the small ones after a look at the client's photos. */
#include "photo_parts.h"

#include "book.h"
#include "core.h"
#include "small.h"

#include "fadeline/base/client_code.h"
#include "fadeline/base/text.h"

#include <stdlib.h>
#include <string.h>

#define SIDE_SMALL 480 /* twice what is shown, for screens with fine pixels */
#define SIDE_LARGE 1600

/* Whether this photo of :code may go out now. false: the page says why not. */
static bool may_show(page *p, fl_journal *journal, const char *sha256, bool large)
{
    const char *code = page_part(p, 0);
    const photo_state state = photo_consent(journal, code, NULL, NULL);
    if (state == PHOTO_WITHDRAWN || state == PHOTO_GONE)
        return page_refuse(p, 403, say(p, W_PHOTO_SHOWN_NONE), NULL), false;
    if (!photo_was_opened(p, journal, code, large ? sha256 : NULL))
        return page_refuse(p, 403, page_fill(p, W_PHOTO_LOOK_WHY, code), say(p, W_PHOTO_LOOK)), false;
    return true;
}

/* The entry of this photo; false: there is none, whatever lies in the folder. */
static bool find(fl_journal *journal, const char *code, const char *sha256, fl_photo_entry *photo)
{
    for (uint64_t i = fl_journal_size(journal); i-- > 0;) {
        fl_record record;
        if (fl_journal_record(journal, i, &record) != FL_OK) return false;
        if (fl_record_text_is(&record, "sha256", sha256) && fl_photo_entry_of(&record, i, code, photo))
            return true;
    }
    return false;
}

static bool open_one(page *p, fl_journal *journal, size_t part, bool large, fl_photo_entry *photo)
{
    const char *sha256 = page_part(p, part);
    if (!may_show(p, journal, sha256, large)) return false;
    if (find(journal, page_part(p, 0), sha256, photo)) return true;
    return page_refuse(p, 404, say(p, W_PHOTO_NOT_HERE), NULL), false;
}

/* ---- pictures ---- */

typedef fl_status picture_maker(const void *bytes, size_t size, unsigned side, small_picture *picture,
                                fl_error *error);

static fl_status make(const page *p, const fl_photo_entry *photo, picture_maker *maker, unsigned side,
                      small_picture *picture, fl_error *error)
{
    char place[FL_PLACE_MAX], *bytes = NULL;
    size_t size = 0;
    fl_status status = fl_photos_place(p->simulated, place, error);
    if (status == FL_OK) status = fl_photos_read(place, photo->pat, photo->sha256, &bytes, &size, error);
    pthread_mutex_lock(&p->console->pictures);
    if (status == FL_OK) status = maker(bytes, size, side, picture, error);
    pthread_mutex_unlock(&p->console->pictures);
    free(bytes);
    return status;
}

static void give(page *p, bool large)
{
    fl_journal *journal = NULL;
    fl_error error = {0};
    fl_photo_entry photo;
    small_picture picture = {0};
    if (!fl_client_code_is(page_part(p, 0))) return page_refuse(p, 404, say(p, W_CLIENT_NONE), NULL);
    if (book_look(p, &journal, &error) != FL_OK) return page_failed(p, &error);
    const bool may = open_one(p, journal, 1, large, &photo);
    fl_journal_close(journal);
    if (!may) return;
    if (make(p, &photo, small_make, large ? SIDE_LARGE : SIDE_SMALL, &picture, &error) != FL_OK)
        return page_refuse_error(p, error.status == FL_E_NO ? 404 : 500, &error, NULL);
    p->type = "image/jpeg";
    html_raw(&p->html, (const char *)picture.jpeg, picture.size);
    small_free(&picture);
}

void page_photo_small(page *p)
{
    give(p, false);
}

void page_photo_large(page *p)
{
    give(p, true);
}

/* ---- pages ---- */

static void begin_large(page *p, const fl_photo_entry *photo)
{
    html_put(&p->html, "<figure class=\"photo large\"><figcaption>%s · %s · %s</figcaption>",
             photo_says(p, photo), page_time(p, photo->at), photo->who);
}

static const char *large_url(page *p, const fl_photo_entry *photo, char hex[2 * FL_SHA256_SIZE + 1])
{
    return page_url(p, "/photos/%s/large/%s", photo->pat, fl_hex(photo->sha256, sizeof photo->sha256, hex));
}

static void end_large(page *p, const fl_photo_entry *photo, const char *hex)
{
    html_put(&p->html, "<p class=\"hint hash\">%s %llu · SHA-256 %s</p></figure>", say(p, W_PHOTO_ENTRY),
             (unsigned long long)photo->index, hex);
}

static void put_one(page *p, const fl_photo_entry *photo)
{
    char hex[2 * FL_SHA256_SIZE + 1];
    begin_large(p, photo);
    html_put(&p->html, "<img src=\"%s\" alt=\"%s\">", large_url(p, photo, hex), photo_says(p, photo));
    end_large(p, photo, hex);
}

/* Both in a frame of one size, each pixel of one as large as a pixel of the other: with the same camera from
 * the same distance a dot that looks smaller is smaller. */
static void put_two(page *p, const fl_photo_entry *first, const fl_photo_entry *second)
{
    const fl_photo_entry *both[] = {first, second};
    small_picture size[2] = {0};
    char hex[2 * FL_SHA256_SIZE + 1];
    for (size_t i = 0; i < 2; i++)
        if (make(p, both[i], small_measure, SIDE_LARGE, &size[i], NULL) != FL_OK)
            size[i] = (small_picture){.width = 4, .height = 3}; /* its picture says what is the matter */
    const unsigned width = size[0].width > size[1].width ? size[0].width : size[1].width,
                   height = size[0].height > size[1].height ? size[0].height : size[1].height;
    html_put(&p->html, "<div class=\"two\">");
    for (size_t i = 0; i < 2; i++) {
        begin_large(p, both[i]);
        html_put(&p->html,
                 "<svg viewBox=\"0 0 %u %u\" role=\"img\" aria-label=\"%s\"><image href=\"%s\" x=\"%u\" "
                 "y=\"0\" width=\"%u\" "
                 "height=\"%u\"/></svg>",
                 width, height, photo_says(p, both[i]), large_url(p, both[i], hex),
                 (width - size[i].width) / 2, size[i].width, size[i].height);
        end_large(p, both[i], hex);
    }
    html_put(&p->html, "</div>");
}

static void show(page *p, size_t count)
{
    fl_journal *journal = NULL;
    fl_error error = {0};
    fl_photo_entry photo[2];
    const char *code = page_part(p, 0);
    if (!fl_client_code_is(code)) return page_refuse(p, 404, say(p, W_CLIENT_NONE), NULL);
    if (book_look(p, &journal, &error) != FL_OK) return page_failed(p, &error);
    bool good = true;
    for (size_t i = 0; i < count && good; i++) good = open_one(p, journal, 1 + i, true, &photo[i]);
    fl_journal_close(journal);
    if (!good) return;
    const bool swap = count == 2 && photo[0].index > photo[1].index; /* the older is on the left */
    page_begin_gloves(p, page_fill(p, W_PHOTOS_OF, code));
    html_put(&p->html, "<p><a class=\"button\" href=\"%s\">← %s</a></p>", page_url(p, "/photos/%s", code),
             say(p, W_PHOTOS));
    if (count == 1)
        put_one(p, &photo[0]);
    else
        put_two(p, &photo[swap], &photo[!swap]);
    page_end(p);
}

void page_photo_one(page *p)
{
    show(p, 1);
}

void page_photo_two(page *p)
{
    show(p, 2);
}

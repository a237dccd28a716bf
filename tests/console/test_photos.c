/* labels: unit fault   timeout: 120 */
/* Photos that forms bring: what is taken, what is refused and by whom it never reaches a handler; consent,
 * looks, what waits while a session holds the journal, and that what is shown says nothing but the picture.
 */
#include "photos_send.h"

#include "check.h"

#include "small.h"

#include "fadeline/clients/photos.h"
#include "fadeline/journal/journal.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

static fl_console *c;
static http_browser op;
static char place[FL_PLACE_MAX];
static bytes png, jpeg;

static void write_entry(fl_entry *entry)
{
    fl_journal *journal;
    const fl_journal_options options = {.mode = FL_JOURNAL_WRITE, .simulated = true};
    fl_error error = {0};
    CHECK(fl_journal_open(c->journal, &options, &journal, &error) == FL_OK, "%s", error.what);
    CHECK(fl_journal_append(journal, entry, 1, &error) == FL_OK, "%s", error.what);
    fl_journal_close(journal);
}

static void consent(const char *code, bool withdrawn)
{
    fl_entry entry;
    fl_entry_begin(&entry, FL_KIND_CONSENT);
    fl_entry_text(&entry, "pat", code);
    fl_entry_text(&entry, "what", "photo");
    if (withdrawn) fl_entry_int(&entry, "withdrawn", 1);
    fl_entry_text(&entry, "who", "op:17");
    write_entry(&entry);
}

/* How many photos of this client the journal has; the newest in *last, may be NULL. */
static unsigned recorded(const char *code, fl_photo_entry *last)
{
    fl_journal *journal;
    unsigned count = 0;
    const fl_journal_options options = {.mode = FL_JOURNAL_READ};
    CHECK(fl_journal_open(c->journal, &options, &journal, NULL) == FL_OK, "look");
    for (uint64_t i = 0; i < fl_journal_size(journal); i++) {
        fl_record record;
        fl_photo_entry photo;
        CHECK(fl_journal_record(journal, i, &record) == FL_OK, "entry");
        if (!fl_photo_entry_of(&record, i, code, &photo)) continue;
        count++;
        if (last) *last = photo;
    }
    fl_journal_close(journal);
    return count;
}

static void begin(void)
{
    if (!c) {
        c = console_start();
        CHECK(fl_photos_place(true, place, NULL) == FL_OK, "place");
        consent("C-0001", false);
        png = photos_png(640, 480, 1);
        jpeg = photos_jpeg(640, 480, 2, 1, false);
    }
    http_browser_at(&op, fl_console_url(c));
    CHECK(http_sign_in(&op, "op:17", PIN_OPERATOR), "sign in");
    http_get(&op, "/photos/C-0001");
}

/* ---- refused before a handler is called ---- */

static void refused(const sending *s, const char *what, int status)
{
    const uint64_t before = console_handled(c);
    const unsigned had = recorded("C-0001", NULL);
    const http_answer answer = photos_send(&op, s);
    CHECK(answer.status == status, "%s: %d, not %d\n%.200s", what, answer.status, status, answer.body);
    CHECK(console_handled(c) == before, "%s: it reached a handler", what);
    CHECK(recorded("C-0001", NULL) == had, "%s: it is in the journal", what);
}

#define ODD(what, status, ...) refused(&(sending){.photo = &png, __VA_ARGS__}, what, status)

static void broken_forms(void)
{
    static char huge[70000], long_part[300000];
    begin();
    ODD("another boundary", 400, .boundary_used = "c");
    ODD("a boundary that is a beginning", 400, .boundary_said = "bb");
    ODD("no boundary", 400, .boundary_said = "");
    ODD("a boundary of 71", 400,
        .boundary_said = "00000000000000000000000000000000000000000000000000000000000000000000000");
    ODD("a boundary in quotes", 400, .boundary_said = "\"b\"");
    ODD("a boundary and more", 400, .boundary_said = "b; charset=utf-8");
    ODD("no end", 400, .end = "\r\n");
    ODD("an end that is cut", 400, .end = "\r\n--b-");
    ODD("something behind the end", 400, .end = "\r\n--b--\r\n--b\r\n");
    ODD("an end without a line", 400, .end = "--b--\r\n");
    ODD("two photos", 400, .second = png);
    ODD("a form in a form", 400,
        .more =
            "--b\r\nContent-Disposition: form-data; name=\"photo\"\r\nContent-Type: multipart/mixed; "
            "boundary=i\r\n\r\n--i\r\nContent-Disposition: file; filename=\"x\"\r\n\r\n\x01\r\n--i--\r\n");
    ODD("a part without a name", 400, .head = "Content-Disposition: form-data; filename=\"a\"");
    ODD("a part without a head", 400, .head = "");
    ODD("two dispositions", 400,
        .head = "Content-Disposition: form-data; name=\"photo\"; filename=\"a\"\r\n"
                "Content-Disposition: form-data; name=\"code\"");
    ODD("a name with a quote that stays open", 400,
        .head = "Content-Disposition: form-data; name=\"photo; filename=\"a");
    ODD("a name of capitals", 400, .head = "Content-Disposition: form-data; name=\"PHOTO\"; filename=\"a\"");
    ODD("a file's name with a control character", 400,
        .head = "Content-Disposition: form-data; name=\"photo\"; filename=\"a\x01\"");
    ODD("a file's name that is no UTF-8", 400,
        .head = "Content-Disposition: form-data; name=\"photo\"; filename=\"\xff\"");
    ODD("bytes of a photo as a text", 400, .head = "Content-Disposition: form-data; name=\"photo\"");
    memset(huge, 'a', sizeof huge - 1);
    memcpy(huge, "Content-Disposition: form-data; name=\"", 37);
    ODD("a huge head of a part", 400, .head = huge);
    size_t used = 0;
    for (int i = 0; i < 1100; i++)
        used += (size_t)snprintf(long_part + used, sizeof long_part - used,
                                 "--b\r\nContent-Disposition: form-data; name=\"n%d\"\r\n\r\nx\r\n", i);
    ODD("eleven hundred parts", 400, .more = long_part);
    ODD("a length beyond 8 MB", 413, .length = (8u << 20) + 1);
}

static void others_forms(void)
{
    begin();
    ODD("another origin", 403, .origin = "http://evil.example");
    ODD("no origin", 403, .origin = "null");
    ODD("another site", 403, .site = "cross-site");
    ODD("the same site", 403, .site = "same-site");
    ODD("no token", 403, .token = "");
    ODD("the page's token", 403, .token = op.token);
    http_browser mine = op;
    http_browser_at(&op, fl_console_url(c));
    http_get(&op, "/");
    ODD("who is not signed in", 403, .token = mine.act);
    CHECK(http_sign_in(&op, "aud:2", PIN_AUDITOR), "auditor");
    ODD("an auditor", 403, .token = mine.act);
    CHECK(http_sign_in(&op, "op:9", PIN_LATE), "late");
    ODD("whose certificate has ended", 403, .token = mine.act);
    op = mine;
}

/* Megabytes are not read from who may not send them: the answer is there while the body is still to come. */
static void strangers_are_not_read(void)
{
    char text[1000];
    http_browser nobody;
    begin();
    http_browser_at(&nobody, fl_console_url(c));
    http_get(&nobody, "/");
    snprintf(text, sizeof text,
             "POST /photos/take HTTP/1.1\r\nHost: %s\r\nCookie: %s\r\nOrigin: http://%s\r\n"
             "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 8000000\r\n\r\n",
             nobody.host, nobody.cookie, nobody.host);
    CHECK(http_ask(nobody.url, text, 0).status == 403, "before the body");
}

/* Who may send them cannot fill the memory with them either. */
static void eight_at_a_time(void)
{
    int lines[9];
    char text[1000];
    http_answer answer = {0};
    begin();
    snprintf(text, sizeof text,
             "POST /photos/take HTTP/1.1\r\nHost: %s\r\nCookie: %s\r\nOrigin: http://%s\r\nExpect: "
             "100-continue\r\n"
             "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 8000000\r\n\r\n",
             op.host, op.cookie, op.host);
    for (size_t i = 0; i < 9; i++) {
        lines[i] = http_connect(op.url);
        CHECK(send(lines[i], text, strlen(text), MSG_NOSIGNAL) > 0, "line %zu", i);
        for (int n = 0; n < 100 && i < 8 && atomic_load(&c->coming) <= i; n++) usleep(20000);
    }
    answer = http_read(lines[8], false);
    CHECK(answer.status == 503, "the ninth: %d", answer.status);
    for (size_t i = 0; i < 9; i++) close(lines[i]);
    for (int i = 0; i < 100 && atomic_load(&c->coming); i++) usleep(20000);
    CHECK(atomic_load(&c->coming) == 0, "%u are still counted", atomic_load(&c->coming));
}

/* ---- refused with a sentence ---- */

static void not_taken(const sending *s, const char *sentence, int status)
{
    http_get(&op, "/photos/C-0001");
    const unsigned had = recorded("C-0001", NULL);
    const http_answer answer = photos_send(&op, s);
    CHECK(answer.status == status && strstr(answer.body, sentence), "%s: %d\n%.600s", sentence, answer.status,
          answer.body);
    CHECK(recorded("C-0001", NULL) == had, "%s: it is in the journal", sentence);
}

static void what_is_no_photo(void)
{
    begin();
    bytes where = photos_jpeg(320, 240, 3, 1, true), empty = {strdup(""), 0},
          gif = {strdup("GIF89a123456789012345678901234567890"), 36},
          page = {strdup("<script>alert(1)</script>"), 25};
    not_taken(&(sending){.photo = NULL}, "No photo came", 422);
    not_taken(&(sending){.photo = &empty}, "No photo came", 422);
    not_taken(&(sending){.photo = &gif}, "neither a JPEG nor a PNG", 422);
    not_taken(&(sending){.photo = &page}, "neither a JPEG nor a PNG", 422);
    not_taken(&(sending){.photo = &where}, "Turn location off", 422);
    not_taken(&(sending){.photo = &png, .sid = "77"}, "no such session", 422);
    not_taken(&(sending){.photo = &png, .sid = "x"}, "no such session", 422);
    not_taken(&(sending){.photo = &png, .what = "screen"}, "before or after", 422);
    not_taken(&(sending){.photo = &png, .code = "C-0009"}, "no such client", 404);
    not_taken(&(sending){.photo = &png, .code = "../C-0001"}, "no such client", 404);
    free(where.at), free(empty.at), free(gif.at), free(page.at);
}

static void asked_first(void)
{
    fl_entry entry;
    begin();
    fl_entry_begin(&entry, FL_KIND_INVOICE); /* a client who was never asked */
    fl_entry_text(&entry, "no", "1");
    fl_entry_text(&entry, "pat", "C-0002");
    fl_entry_int(&entry, "cents", 100);
    fl_entry_text(&entry, "cur", "CAD");
    fl_entry_text(&entry, "who", "op:17");
    write_entry(&entry);
    not_taken(&(sending){.photo = &png, .code = "C-0002"}, "has not consented", 422);
    CHECK(!fl_photos_has(place, "C-0002"), "a file was kept without a consent");
    http_get(&op, "/photos/C-0002");
    CHECK(http_post(&op, "/photos/consent", "code=C-0002&version=", true).status == 422, "no version");
    http_get(&op, "/photos/C-0002");
    CHECK(http_post(&op, "/photos/consent", "code=C-0002&version=photo-1", true).status == 303, "given");
    http_get(&op, "/photos/C-0002");
    bytes other = photos_png(300, 200, 9);
    CHECK(photos_send(&op, &(sending){.photo = &other, .code = "C-0002"}).status == 303, "taken");
    CHECK(recorded("C-0002", NULL) == 1, "in the journal");
    http_get(&op, "/photos/C-0002");
    CHECK(http_post(&op, "/photos/consent", "code=C-0002&withdrawn=1", true).status == 303, "taken back");
    bytes more = photos_png(300, 200, 10);
    not_taken(&(sending){.photo = &more, .code = "C-0002"}, "none is shown", 422);
    free(other.at), free(more.at);
}

/* ---- taken ---- */

static void is_kept(const bytes *photo)
{
    fl_photo_entry last = {0};
    char *bytes_again, path[FL_PLACE_MAX + 100], hex[2 * FL_SHA256_SIZE + 1];
    size_t size;
    uint8_t sha256[FL_SHA256_SIZE];
    struct stat facts;
    recorded("C-0001", &last);
    fl_sha256(photo->at, photo->size, sha256);
    CHECK(memcmp(last.sha256, sha256, sizeof sha256) == 0, "the hash of what was sent");
    CHECK(fl_photos_read(place, "C-0001", sha256, &bytes_again, &size, NULL) == FL_OK &&
              size == photo->size && memcmp(bytes_again, photo->at, size) == 0,
          "the bytes as they came");
    free(bytes_again);
    for (size_t i = 0; i < sizeof sha256; i++) sprintf(hex + 2 * i, "%02x", sha256[i]);
    snprintf(path, sizeof path, "%s/C-0001/%s", place, hex);
    CHECK(stat(path, &facts) == 0 && (facts.st_mode & 0777) == 0600, "for nobody else to read");
}

static void taken(void)
{
    begin();
    const uint64_t before = console_handled(c);
    CHECK(photos_send(&op, &(sending){.photo = &png}).status == 303, "a PNG that is called a text");
    CHECK(console_handled(c) == before + 1, "one handler");
    is_kept(&png);
    CHECK(photos_send(&op, &(sending){.photo = &png}).status == 409, "the same form again");
    http_get(&op, "/photos/C-0001");
    CHECK(photos_send(&op, &(sending){.photo = &jpeg, .what = "after"}).status == 303, "a JPEG");
    is_kept(&jpeg);
    not_taken(&(sending){.photo = &png}, "recorded before", 422);
}

/* ---- while a session holds the journal ---- */

static void it_waits_for_the_journal(void)
{
    fl_journal *held;
    fl_photo_entry last = {0};
    const fl_journal_options options = {.mode = FL_JOURNAL_WRITE, .simulated = true};
    begin();
    bytes now = photos_png(200, 200, 20);
    http_get(&op, "/photos/C-0001");
    const unsigned had = recorded("C-0001", NULL);
    CHECK(fl_journal_open(c->journal, &options, &held, NULL) == FL_OK, "held");
    CHECK(photos_send(&op, &(sending){.photo = &now}).status == 303, "taken all the same");
    CHECK(recorded("C-0001", NULL) == had, "not in the journal yet");
    not_taken(&(sending){.photo = &now}, "recorded before", 422);
    http_get(&op, "/photos/C-0001");
    CHECK(http_post(&op, "/photos", "code=C-0001", false).status == 409, "a look cannot be written down");
    fl_journal_close(held);
    http_get(&op, "/photos/C-0001");
    CHECK(http_post(&op, "/photos", "code=C-0001", false).status == 303, "now it can");
    CHECK(recorded("C-0001", &last) == had + 1, "and the photo was before it");
    is_kept(&now);
    http_post(&op, "/photos", "code=C-0001", false);
    CHECK(recorded("C-0001", NULL) == had + 1, "once");
    free(now.at);
}

/* ---- seen ---- */

static void path_of(char *path, const char *how, const bytes *photo)
{
    uint8_t sha256[FL_SHA256_SIZE];
    size_t used = (size_t)sprintf(path, "/photos/C-0001/%s/", how);
    fl_sha256(photo->at, photo->size, sha256);
    for (size_t i = 0; i < sizeof sha256; i++) used += (size_t)sprintf(path + used, "%02x", sha256[i]);
}

static void seen_after_a_look(void)
{
    http_browser owner;
    char small[200], large[200], form[200];
    begin();
    path_of(small, "small", &png);
    path_of(large, "large", &png);
    http_browser_at(&owner, fl_console_url(c));
    CHECK(http_sign_in(&owner, "own:1", PIN_OWNER), "owner");
    CHECK(http_get(&owner, small).status == 403 && http_get(&owner, large).status == 403, "not before");
    CHECK(!strstr(http_get(&owner, "/photos/C-0001").body, "<img"), "nor on the page");
    CHECK(http_post(&owner, "/photos", "code=C-0001", false).status == 303, "a look");
    CHECK(strstr(http_get(&owner, "/photos/C-0001").body, "<img"), "the page has them");
    http_answer answer = http_get(&owner, small);
    CHECK(answer.status == 200 && (unsigned char)answer.body[0] == 0xFF, "small: %d", answer.status);
    CHECK(http_get(&owner, large).status == 403, "the look was at the small ones");
    snprintf(form, sizeof form, "code=C-0001&open=%s", strrchr(large, '/') + 1);
    CHECK(http_post(&owner, "/photos/open", form, false).status == 303, "opened");
    CHECK(http_get(&owner, large).status == 200, "large");
    CHECK(http_post(&owner, "/photos/open", "code=C-0001&photo=00", false).status == 422, "one is not two");
    http_browser late;
    http_browser_at(&late, fl_console_url(c));
    CHECK(http_sign_in(&late, "op:9", PIN_LATE), "late");
    http_get(&late, "/photos/C-0001");
    CHECK(http_post(&late, "/photos", "code=C-0001", false).status == 303, "consulting stays open");
    consent("C-0001", true);
    CHECK(http_get(&owner, small).status == 403 && http_get(&owner, large).status == 403, "taken back");
    CHECK(!strstr(http_get(&owner, "/photos/C-0001").body, "<img"), "nor on the page, taken back");
    consent("C-0001", false);
}

/* A picture of 50 million pixels is 200 MB while it is unpacked: never many at once, and no page waits for
 * it. */
static void pictures_are_made_one_at_a_time(void)
{
    char small[200], text[600];
    begin();
    path_of(small, "small", &png);
    http_post(&op, "/photos", "code=C-0001", false);
    pthread_mutex_lock(&c->pictures);
    const int line = http_connect(op.url);
    const int size = snprintf(text, sizeof text, "GET %s HTTP/1.1\r\nHost: %s\r\nCookie: %s\r\n\r\n", small,
                              op.host, op.cookie);
    CHECK(send(line, text, (size_t)size, MSG_NOSIGNAL) == size, "a line");
    usleep(300000);
    CHECK(recv(line, text, 1, MSG_DONTWAIT) < 0, "made beside another");
    CHECK(http_get(&op, "/photos/C-0001").status == 200, "a page");
    pthread_mutex_unlock(&c->pictures);
    CHECK(http_read(line, false).status == 200, "its turn");
    close(line);
}

static void changed_file_is_not_shown(void)
{
    char small[200], path[FL_PLACE_MAX + 200];
    begin();
    path_of(small, "small", &jpeg);
    http_post(&op, "/photos", "code=C-0001", false);
    CHECK(http_get(&op, small).status == 200, "as it was");
    snprintf(path, sizeof path, "%s/C-0001%s", place, strrchr(small, '/'));
    FILE *file = fopen(path, "r+");
    fseek(file, 300, SEEK_SET);
    fputc('x', file);
    fclose(file);
    http_answer answer = http_get(&op, small);
    CHECK(answer.status == 500 && strstr(answer.body, "not the one that was recorded"), "%d", answer.status);
}

/* ---- made small ---- */

/* Whether the corner (0 left upper, 1 right upper, 2 left lower, 3 right lower) is the red one. */
static void turned(unsigned turn, unsigned width, unsigned height)
{
    bytes photo = photos_jpeg(640, 320, 30, turn, false);
    small_picture picture = {0};
    fl_error error = {0};
    CHECK(small_make(photo.at, photo.size, 320, &picture, &error) == FL_OK, "%s", error.what);
    CHECK(picture.width == width && picture.height == height, "turn %u: %u by %u", turn, picture.width,
          picture.height);
    CHECK(!memmem(picture.jpeg, picture.size, "Exif", 4) && !memmem(picture.jpeg, picture.size, "CAM-", 4),
          "what the camera said is left");
    small_free(&picture);
    free(photo.at);
}

static void nothing_but_the_picture(void)
{
    for (unsigned turn = 1; turn <= 4; turn++) turned(turn, 320, 160);
    for (unsigned turn = 5; turn <= 8; turn++) turned(turn, 160, 320);
    CHECK(memmem(jpeg.at, jpeg.size, "CAM-4711", 8), "what was sent says which camera");
}

/* Cut, and every byte changed once: refused or made, never more. */
static void hostile_pictures(void)
{
    const bytes *const both[] = {&png, &jpeg};
    unsigned made = 0, refusals = 0;
    begin();
    for (size_t k = 0; k < 2; k++)
        for (size_t i = 0; i < both[k]->size; i += 1 + both[k]->size / 400) {
            char *copy = malloc(both[k]->size);
            small_picture picture;
            memcpy(copy, both[k]->at, both[k]->size);
            copy[i] = (char)(copy[i] ^ 0x55);
            (small_make(copy, both[k]->size, 100, &picture, NULL) == FL_OK ? made++ : refusals++);
            small_free(&picture);
            (small_make(copy, i, 100, &picture, NULL) == FL_OK ? made++ : refusals++);
            small_free(&picture);
            free(copy);
        }
    CHECK(refusals > 400, "%u made, %u refused", made, refusals);
    static const unsigned char bomb[] =
        "\x89PNG\r\n\x1A\n\0\0\0\rIHDR\0\xff\xff\xff\0\xff\xff\xff\x08\2\0\0\0\0\0\0\0";
    small_picture picture;
    fl_error error = {0};
    CHECK(small_make(bomb, sizeof bomb, 100, &picture, &error) == FL_E_FILE && strstr(error.what, "pixels"),
          "%s", error.what);
    console_stop(c);
    free(png.at);
    free(jpeg.at);
}

FL_TESTS("console/photos", TEST(broken_forms), TEST(others_forms), TEST(strangers_are_not_read),
         TEST(eight_at_a_time), TEST(what_is_no_photo), TEST(asked_first), TEST(taken),
         TEST(it_waits_for_the_journal), TEST(seen_after_a_look), TEST(pictures_are_made_one_at_a_time),
         TEST(changed_file_is_not_shown), TEST(nothing_but_the_picture), TEST(hostile_pictures))

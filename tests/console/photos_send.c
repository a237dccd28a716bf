#include "photos_send.h"

#include "check.h"

#include "small.h"

#include <cairo.h>

/* ---- pictures ---- */

static cairo_status_t take(void *self, const unsigned char *data, unsigned size)
{
    bytes *b = self;
    b->at = realloc(b->at, b->size + size);
    memcpy(b->at + b->size, data, size);
    b->size += size;
    return CAIRO_STATUS_SUCCESS;
}

bytes photos_png(unsigned width, unsigned height, unsigned mark)
{
    bytes made = {0};
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)width, (int)height);
    cairo_t *c = cairo_create(surface);
    cairo_set_source_rgb(c, 0, 0, 1);
    cairo_paint(c);
    cairo_set_source_rgb(c, 1, 0, 0);
    cairo_rectangle(c, 0, 0, width / 2, height / 2);
    cairo_fill(c);
    cairo_set_source_rgb(c, (mark & 255) / 255.0, (mark >> 8 & 255) / 255.0, 0.5);
    cairo_rectangle(c, width * 0.75, height * 0.75, width / 8.0, height / 8.0);
    cairo_fill(c);
    cairo_destroy(c);
    cairo_surface_write_to_png_stream(surface, take, &made);
    cairo_surface_destroy(surface);
    return made;
}

static size_t put_entry(uint8_t *at, unsigned tag, unsigned type, uint32_t count, uint32_t value)
{
    const uint8_t entry[12] = {(uint8_t)tag,
                               (uint8_t)(tag >> 8),
                               (uint8_t)type,
                               0,
                               (uint8_t)count,
                               (uint8_t)(count >> 8),
                               0,
                               0,
                               (uint8_t)value,
                               (uint8_t)(value >> 8),
                               (uint8_t)(value >> 16),
                               (uint8_t)(value >> 24)};
    memcpy(at, entry, 12);
    return 12;
}

/* APP1: a TIFF with orientation, the camera's serial number (tag 0xA431, text at 80) and a GPS directory. */
static size_t put_exif(uint8_t *at, unsigned turn, bool where)
{
    static const uint8_t head[] = {0xFF, 0xE1, 0, 130, 'E', 'x', 'i', 'f', 0, 0, 'I', 'I', 42, 0, 8, 0, 0, 0};
    uint8_t *tiff = at + 10;
    memset(at, 0, 132);
    memcpy(at, head, sizeof head);
    size_t used = 8;
    tiff[used] = where ? 3 : 2;
    used += 2;
    used += put_entry(tiff + used, 0x0112, 3, 1, turn);
    used += put_entry(tiff + used, 0xA431, 2, 12, 80);
    if (where) put_entry(tiff + used, 0x8825, 4, 1, 56);
    if (where) { /* its directory at 56: latitude is north */
        tiff[56] = 1;
        put_entry(tiff + 58, 1, 2, 2, 'N');
    }
    memcpy(tiff + 80, "CAM-4711-XYZ", 12);
    return 132;
}

bytes photos_jpeg(unsigned width, unsigned height, unsigned mark, unsigned turn, bool where)
{
    bytes png = photos_png(width, height, mark), made;
    small_picture plain;
    fl_error error = {0};
    CHECK(small_make(png.at, png.size, width > height ? width : height, &plain, &error) == FL_OK, "%s",
          error.what);
    made.at = malloc(plain.size + 132);
    memcpy(made.at, plain.jpeg, 2);
    const size_t exif = put_exif((uint8_t *)made.at + 2, turn, where);
    memcpy(made.at + 2 + exif, plain.jpeg + 2, plain.size - 2);
    made.size = plain.size + exif;
    small_free(&plain);
    free(png.at);
    return made;
}

/* ---- forms ---- */

static void add(bytes *b, const void *at, size_t size)
{
    b->at = realloc(b->at, b->size + size + 1);
    memcpy(b->at + b->size, at, size);
    b->size += size;
}

static void add_text(bytes *b, const char *text)
{
    add(b, text, strlen(text));
}

static void add_field(bytes *b, const char *boundary, const char *name, const char *value)
{
    char part[400];
    if (!value) return;
    snprintf(part, sizeof part, "--%s\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n", boundary,
             name, value);
    add_text(b, part);
}

static const char *either(const char *given, const char *right)
{
    return given ? given : right;
}

static void add_photo(bytes *b, const char *boundary, const char *head, const bytes *photo)
{
    if (!photo || !photo->at) return;
    add_text(b, "--");
    add_text(b, boundary);
    add_text(b, "\r\n");
    add_text(b, either(head, "Content-Disposition: form-data; name=\"photo\"; filename=\"a.txt\"\r\n"
                             "Content-Type: text/html"));
    add_text(b, "\r\n\r\n");
    add(b, photo->at, photo->size);
    add_text(b, "\r\n");
}

http_answer photos_send(http_browser *b, const sending *s)
{
    bytes body = {0}, all = {0};
    char head[2000];
    const char *used = either(s->boundary_used, "b");
    add_field(&body, used, "token", either(s->token, b->act));
    add_field(&body, used, "code", either(s->code, "C-0001"));
    add_field(&body, used, "what", either(s->what, "before"));
    add_field(&body, used, "sid", s->sid);
    if (s->more) add_text(&body, s->more);
    add_photo(&body, used, s->head, s->photo);
    add_photo(&body, used, NULL, &s->second);
    body.size -= 2; /* the last part's line end begins the end */
    add_text(&body, either(s->end, "\r\n--b--\r\n"));
    snprintf(head, sizeof head,
             "POST /photos/take HTTP/1.1\r\nHost: %s\r\nCookie: %s\r\nOrigin: %s%s\r\nSec-Fetch-Site: %s\r\n"
             "Content-Type: multipart/form-data; boundary=%s\r\nContent-Length: %zu\r\n\r\n",
             b->host, b->cookie, s->origin ? "" : "http://", either(s->origin, b->host),
             either(s->site, "same-origin"), either(s->boundary_said, "b"),
             s->length ? s->length : body.size);
    add_text(&all, head);
    add(&all, body.at, body.size);
    const http_answer answer = http_ask(b->url, all.at, all.size);
    free(body.at);
    free(all.at);
    return answer;
}

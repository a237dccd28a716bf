#include "note_text.h"

#include "base64.h"

#include "fadeline/base/assert.h"
#include "fadeline/base/utf8.h"

#include <stdio.h>
#include <string.h>

#define DASH "\xE2\x80\x94 " /* U+2014 and a space */

static bool is_plain(const char *bytes, size_t size)
{
    for (const char *at = bytes; at < bytes + size;) {
        uint32_t code;
        if (!fl_utf8_take(&at, bytes + size, &code) || (code < 0x20 && code != '\n')) return false;
    }
    return true;
}

fl_status fl_note_line(const fl_vkey *key, const void *bytes, size_t size, char line[FL_NOTE_LINE_MAX])
{
    uint8_t payload[80];
    char coded[FL_BASE64_SIZE(sizeof payload)];
    FL_ASSERT(size <= sizeof payload - 4);
    memcpy(payload, key->id, 4);
    memcpy(payload + 4, bytes, size);
    const int made =
        snprintf(line, FL_NOTE_LINE_MAX, DASH "%s %s\n", key->name, fl_base64(payload, size + 4, coded));
    return made < FL_NOTE_LINE_MAX ? FL_OK : FL_E_FULL;
}

fl_status fl_note_timed(uint64_t time_s, const char *text, size_t size, char *room, size_t room_size,
                        size_t *timed_size)
{
    const int head = snprintf(room, room_size, "cosignature/v1\ntime %llu\n", (unsigned long long)time_s);
    if (head < 0 || (size_t)head + size > room_size) return FL_E_FULL;
    memcpy(room + head, text, size);
    *timed_size = (size_t)head + size;
    return FL_OK;
}

fl_status fl_note_sign(const fl_signer *signer, const char *text, size_t size, char line[FL_NOTE_LINE_MAX])
{
    uint8_t signature[64];
    if (size == 0 || size > FL_NOTE_MAX || text[size - 1] != '\n' || !is_plain(text, size)) return FL_E_RANGE;
    if (signer->vkey.type != FL_KEY_ED25519) return FL_E_RANGE;
    const fl_status status = fl_signer_sign(signer, text, size, signature);
    return status == FL_OK ? fl_note_line(&signer->vkey, signature, sizeof signature, line) : status;
}

typedef struct line {
    const char *name;
    size_t name_size;
    uint8_t payload[1024]; /* id and signature; a post-quantum one may be longer and is then unknown to us
                              anyway */
    size_t payload_size;
} line;

/* Reads "— name base64\n" off *at. */
static fl_status take_line(const char **at, const char *end, line *read)
{
    const char *newline = memchr(*at, '\n', (size_t)(end - *at));
    if (!newline || (size_t)(newline - *at) < strlen(DASH) || memcmp(*at, DASH, strlen(DASH)) != 0)
        return FL_E_FILE;
    read->name = *at + strlen(DASH);
    const char *space = memchr(read->name, ' ', (size_t)(newline - read->name));
    if (!space || !fl_note_is_name(read->name, (size_t)(space - read->name))) return FL_E_FILE;
    read->name_size = (size_t)(space - read->name);
    const char *coded = space + 1;
    size_t coded_size = (size_t)(newline - coded);
    /* Of a very long signature only the beginning is needed: its id, which we do not know. */
    if (coded_size > 1024) {
        if (coded_size % 4 || !memchr(coded, '\n', coded_size + 1)) return FL_E_FILE;
        coded_size = 1024;
    }
    if (fl_base64_read(coded, coded_size, read->payload, sizeof read->payload, &read->payload_size) != FL_OK)
        return FL_E_FILE;
    if (read->payload_size < 5) return FL_E_FILE;
    *at = newline + 1;
    return FL_OK;
}

static bool is_by(const line *read, const fl_vkey *key)
{
    return strlen(key->name) == read->name_size && memcmp(key->name, read->name, read->name_size) == 0 &&
           memcmp(key->id, read->payload, 4) == 0;
}

static uint64_t read_be64(const uint8_t *bytes)
{
    uint64_t value = 0;
    for (int i = 0; i < 8; i++) value = value << 8 | bytes[i];
    return value;
}

static fl_status check_signature(const fl_note *note, const line *read, const fl_vkey *key, uint64_t *time_s)
{
    if (key->type == FL_KEY_ED25519) {
        if (read->payload_size != 4 + 64) return FL_E_NO;
        return fl_ed25519_verify(key->key, note->text, note->text_size, read->payload + 4);
    }
    /* Checkpoints are short; a cosigned text of any other size is not one. */
    char timed[4096 + FL_NOTE_TIMED_EXTRA];
    size_t size;
    if (read->payload_size != 4 + 8 + 64) return FL_E_NO;
    *time_s = read_be64(read->payload + 4);
    if (fl_note_timed(*time_s, note->text, note->text_size, timed, sizeof timed, &size) != FL_OK)
        return FL_E_NO;
    return fl_ed25519_verify(key->key, timed, size, read->payload + 12);
}

/* Finds the last blank line and sets the two halves. */
static fl_status split(const char *bytes, size_t size, fl_note *note)
{
    if (size < 4 || size > FL_NOTE_MAX || bytes[size - 1] != '\n' || !is_plain(bytes, size)) return FL_E_FILE;
    for (size_t i = size - 1; i-- > 0;) {
        if (bytes[i] != '\n' || bytes[i + 1] != '\n') continue;
        note->text = bytes;
        note->text_size = i + 1;
        note->lines = bytes + i + 2;
        note->lines_size = size - i - 2;
        return note->lines_size ? FL_OK : FL_E_FILE;
    }
    return FL_E_FILE;
}

fl_status fl_note_open(const void *bytes, size_t size, const fl_vkey *known, size_t known_count,
                       fl_note *note)
{
    FL_ASSERT(known_count <= sizeof note->time_s / sizeof *note->time_s);
    fl_note opened = {0};
    if (split(bytes, size, &opened) != FL_OK) return FL_E_FILE;
    fl_status status = FL_OK;
    unsigned lines = 0;
    const char *end = opened.lines + opened.lines_size;
    for (const char *at = opened.lines; at < end;) {
        line read;
        if (++lines > FL_NOTE_SIGNATURES || take_line(&at, end, &read) != FL_OK) return FL_E_FILE;
        size_t i = 0;
        while (i < known_count && !is_by(&read, &known[i])) i++;
        if (i == known_count) {
            opened.unknown++;
            continue;
        }
        if (check_signature(&opened, &read, &known[i], &opened.time_s[i]) != FL_OK) status = FL_E_NO;
        if (!(opened.verified_keys >> i & 1)) opened.verified++;
        opened.verified_keys |= 1ull << i;
    }
    if (status != FL_OK || !opened.verified) return FL_E_NO;
    *note = opened;
    return FL_OK;
}

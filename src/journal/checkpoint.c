#include "fadeline/journal/checkpoint.h"

#include "base64.h"
#include "note_text.h"

#include "fadeline/base/text.h"

#include <stdio.h>
#include <string.h>

fl_status fl_checkpoint_text(const fl_checkpoint *checkpoint, char *room, size_t room_size)
{
    char root[FL_BASE64_SIZE(FL_SHA256_SIZE)];
    if (!fl_note_is_name(checkpoint->origin, strlen(checkpoint->origin))) return FL_E_RANGE;
    const int size =
        snprintf(room, room_size, "%s\n%llu\n%s\n", checkpoint->origin, (unsigned long long)checkpoint->size,
                 fl_base64(checkpoint->root.byte, FL_SHA256_SIZE, root));
    return size > 0 && (size_t)size < room_size ? FL_OK : FL_E_FULL;
}

fl_status fl_checkpoint_read(const char *text, size_t size, fl_checkpoint *checkpoint)
{
    const char *line[3], *at = text, *end = text + size;
    size_t length[3];
    for (int i = 0; i < 3; i++) {
        const char *newline = at < end ? memchr(at, '\n', (size_t)(end - at)) : NULL;
        if (!newline) return FL_E_FILE;
        line[i] = at;
        length[i] = (size_t)(newline - at);
        at = newline + 1;
    }
    fl_checkpoint read = {0};
    char digits[24];
    size_t root_size;
    if (at != end || !fl_note_is_name(line[0], length[0]) || length[1] < 1 || length[1] >= sizeof digits)
        return FL_E_FILE;
    memcpy(read.origin, line[0], length[0]);
    memcpy(digits, line[1], length[1]);
    digits[length[1]] = 0;
    if (fl_read_u64(digits, &read.size) != FL_OK || (digits[0] == '0' && length[1] > 1)) return FL_E_FILE;
    if (fl_base64_read(line[2], length[2], read.root.byte, FL_SHA256_SIZE, &root_size) != FL_OK)
        return FL_E_FILE;
    if (root_size != FL_SHA256_SIZE) return FL_E_FILE;
    *checkpoint = read;
    return FL_OK;
}

fl_status fl_checkpoint_sign(const fl_checkpoint *checkpoint, const fl_signer *signer,
                             char note[FL_CHECKPOINT_MAX])
{
    char text[FL_CHECKPOINT_MAX], line[FL_NOTE_LINE_MAX];
    if (!fl_text_same(checkpoint->origin, signer->vkey.name)) return FL_E_RANGE;
    fl_status status = fl_checkpoint_text(checkpoint, text, sizeof text);
    if (status == FL_OK) status = fl_note_sign(signer, text, strlen(text), line);
    if (status != FL_OK) return status;
    const int size = snprintf(note, FL_CHECKPOINT_MAX, "%s\n%s", text, line);
    return size < FL_CHECKPOINT_MAX ? FL_OK : FL_E_FULL;
}

fl_status fl_checkpoint_open(const char *note, size_t size, const fl_vkey *log, fl_checkpoint *checkpoint)
{
    fl_note opened;
    fl_checkpoint read;
    fl_status status = fl_note_open(note, size, log, 1, &opened);
    if (status == FL_OK) status = fl_checkpoint_read(opened.text, opened.text_size, &read);
    if (status != FL_OK) return status;
    if (!fl_text_same(read.origin, log->name)) return FL_E_NO;
    *checkpoint = read;
    return FL_OK;
}

fl_status fl_checkpoint_cosign(const fl_checkpoint *checkpoint, const fl_signer *witness, uint64_t time_s,
                               char line[FL_NOTE_LINE_MAX])
{
    char text[FL_CHECKPOINT_MAX], timed[FL_CHECKPOINT_MAX + FL_NOTE_TIMED_EXTRA];
    size_t size;
    uint8_t payload[8 + 64];
    if (witness->vkey.type != FL_KEY_COSIGNER) return FL_E_RANGE;
    fl_status status = fl_checkpoint_text(checkpoint, text, sizeof text);
    if (status == FL_OK) status = fl_note_timed(time_s, text, strlen(text), timed, sizeof timed, &size);
    if (status == FL_OK) status = fl_signer_sign(witness, timed, size, payload + 8);
    if (status != FL_OK) return status;
    for (int i = 0; i < 8; i++) payload[i] = (uint8_t)(time_s >> (56 - 8 * i));
    return fl_note_line(&witness->vkey, payload, sizeof payload, line);
}

bool fl_checkpoint_is_fork(const fl_checkpoint *a, const fl_checkpoint *b)
{
    return fl_text_same(a->origin, b->origin) && a->size == b->size && !fl_hash_same(&a->root, &b->root);
}

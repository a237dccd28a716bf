#include "fadeline/link/message.h"

#include "fadeline/base/assert.h"
#include "fadeline/base/digest.h"
#include "fadeline/base/text.h"

#include <inttypes.h>
#include <string.h>

#define KEYS_IN_WORD 12

typedef struct key_row {
    const char *wire, *name;
    size_t size; /* of wire */
    fl_form form;
    unsigned digits;
} key_row;

static const key_row keys[FL_KEYS] = {
#define X(key, form, digits, name) [FL_KEY_##key] = {#key, name, sizeof #key - 1, form, digits},
    FL_KEY_LIST(X)
#undef X
};

/* Keys of a word in the order of the page. `any` means: some of them, at least one (SET). */
typedef struct word_row {
    const char *verb;
    size_t size; /* of verb */
    char direction;
    bool any;
    unsigned count;
    uint8_t keys[KEYS_IN_WORD];
} word_row;

// clang-format off
#define K(key) FL_KEY_##key
#define VERB(text) text, sizeof text - 1
#define SETTINGS K(EN), K(RR), K(SP), K(WL)
static const word_row words[FL_WORDS] = {
    [FL_ASK_HELLO]      = { VERB("HELLO"),   '>', false, 2, { K(v), K(hn) } },
    [FL_ASK_POLL]       = { VERB("POLL"),    '>', false, 1, { K(sh) } },
    [FL_ASK_SET]        = { VERB("SET"),     '>', true,  4, { SETTINGS } },
    [FL_ASK_GET]        = { VERB("GET"),     '>', false, 0, { 0 } },
    [FL_ASK_COMMIT]     = { VERB("COMMIT"),  '>', false, 3, { K(ep), K(dg), K(ph) } },
    [FL_ASK_CHALLENGE]  = { VERB("ARM?"),    '>', false, 0, { 0 } },
    [FL_ASK_ARM]        = { VERB("ARM"),     '>', false, 2, { K(ch), K(ep) } },
    [FL_ASK_GRANT]      = { VERB("GRANT"),   '>', false, 8, { K(g), K(f), K(ep), K(k), K(en), K(sp), K(pu), K(ph) } },
    [FL_ASK_STOP]       = { VERB("STOP"),    '>', false, 0, { 0 } },
    [FL_ASK_RESET]      = { VERB("RESET"),   '>', false, 1, { K(ca) } },
    [FL_ASK_ANCHOR]     = { VERB("ANCHOR?"), '>', false, 0, { 0 } },
    [FL_ASK_ANCHOR_SET] = { VERB("ANCHOR"),  '>', false, 2, { K(n), K(r) } },
    [FL_SAY_HELLO]      = { VERB("HELLO"),   '<', false, 8, { K(v), K(uid), K(dn), K(wd), K(ga), K(wa), K(cap), K(fw) } },
    [FL_SAY_STAT]       = { VERB("STAT"),    '<', false, 12, { K(st), K(in), K(hp), K(sp), K(k), K(ln), K(g), K(en), K(ep),
                                                         K(ca), K(gap), K(t) } },
    [FL_SAY_SHDW]       = { VERB("SHDW"),    '<', false, 6, { SETTINGS, K(ep), K(dg) } },
    [FL_SAY_CHAL]       = { VERB("CHAL"),    '<', false, 2, { K(ch), K(ep) } },
    [FL_SAY_ANCH]       = { VERB("ANCH"),    '<', false, 2, { K(n), K(r) } },
    [FL_SAY_NAK]        = { VERB("NAK"),     '<', false, 1, { K(e) } },
};
// clang-format on

static const struct {
    const char *name, *text;
} naks[FL_NAKS] = {[FL_NAK_NONE] = {"-", "the device has refused nothing"},
#define X(name, text) [FL_NAK_##name] = {#name, text},
                   FL_NAK_LIST(X)
#undef X
};

const char *fl_nak_name(fl_nak reason)
{
    return (unsigned)reason < FL_NAKS ? naks[reason].name : "?";
}
const char *fl_nak_text(fl_nak reason)
{
    return (unsigned)reason < FL_NAKS ? naks[reason].text : "?";
}
const char *fl_word_verb(fl_word word)
{
    return word > 0 && word < FL_WORDS ? words[word].verb : "-";
}
char fl_word_direction(fl_word word)
{
    return word > 0 && word < FL_WORDS ? words[word].direction : 0;
}
const char *fl_key_wire(fl_key key)
{
    return keys[key].wire;
}
const char *fl_key_name(fl_key key)
{
    return keys[key].name;
}
fl_form fl_key_form(fl_key key)
{
    return keys[key].form;
}
unsigned fl_key_digits(fl_key key)
{
    return keys[key].digits;
}

/* ---- filling in ---- */

void fl_message_put(fl_message *message, fl_key key, uint64_t value)
{
    FL_ASSERT(key < FL_KEYS && keys[key].form != FL_FORM_BYTES && keys[key].form != FL_FORM_TEXT);
    message->value[key] = value;
    message->has |= UINT64_C(1) << key;
}

static void put_bytes(fl_message *message, fl_key key, const uint8_t *from, uint8_t *to, size_t size)
{
    memcpy(to, from, size);
    message->has |= UINT64_C(1) << key;
}

void fl_message_put_plan(fl_message *message, const uint8_t plan[FL_PLAN_SIZE])
{
    put_bytes(message, FL_KEY_ph, plan, message->plan, FL_PLAN_SIZE);
}

void fl_message_put_root(fl_message *message, const uint8_t root[FL_ROOT_SIZE])
{
    put_bytes(message, FL_KEY_r, root, message->root, FL_ROOT_SIZE);
}

/* Visible ASCII without the three bytes that have a meaning in a frame or in an identity answer. */
static bool is_name(const char *text, size_t size)
{
    if (!size || size > FL_MESSAGE_TEXT_MAX) return false;
    for (size_t i = 0; i < size; i++)
        if (text[i] < 0x21 || text[i] > 0x7E || text[i] == '*' || text[i] == '=' || text[i] == ',')
            return false;
    return true;
}

static bool put_name(fl_message *message, fl_key key, const char *text, size_t size)
{
    if (!is_name(text, size)) return false;
    char *room = key == FL_KEY_uid ? message->uid : message->firmware;
    memcpy(room, text, size);
    room[size] = 0;
    message->has |= UINT64_C(1) << key;
    return true;
}

bool fl_message_put_text(fl_message *message, fl_key key, const char *text)
{
    FL_ASSERT(key == FL_KEY_uid || key == FL_KEY_fw);
    return put_name(message, key, text, strlen(text));
}

/* ---- reading ---- */

static bool read_decimal(const char *text, size_t size, uint64_t most, uint64_t *value)
{
    if (!size || (text[0] == '0' && size > 1)) return false; /* one number, one spelling */
    uint64_t sum = 0;
    for (size_t i = 0; i < size; i++) {
        if (text[i] < '0' || text[i] > '9') return false;
        if (__builtin_mul_overflow(sum, 10u, &sum) ||
            __builtin_add_overflow(sum, (uint64_t)(text[i] - '0'), &sum))
            return false;
    }
    if (sum > most) return false;
    *value = sum;
    return true;
}

static bool read_digit(char c, unsigned *digit)
{
    if (c >= '0' && c <= '9') return *digit = (unsigned)(c - '0'), true;
    if (c >= 'A' && c <= 'F') return *digit = (unsigned)(c - 'A') + 10, true;
    return false;
}

static bool read_hex(const char *text, size_t size, unsigned digits, uint64_t *value)
{
    if (size != digits) return false;
    uint64_t sum = 0;
    for (size_t i = 0; i < size; i++) {
        unsigned digit;
        if (!read_digit(text[i], &digit)) return false;
        sum = sum << 4 | digit;
    }
    *value = sum;
    return true;
}

static bool read_bytes(const char *text, size_t size, unsigned digits, uint8_t *bytes)
{
    if (size != digits) return false;
    for (size_t i = 0; i < size; i += 2) {
        unsigned high, low;
        if (!read_digit(text[i], &high) || !read_digit(text[i + 1], &low)) return false;
        bytes[i / 2] = (uint8_t)(high << 4 | low);
    }
    return true;
}

static bool same(const char *text, size_t size, const char *word)
{
    return strlen(word) == size && memcmp(text, word, size) == 0;
}

static bool read_reason(const char *text, size_t size, uint64_t *value)
{
    for (unsigned reason = FL_NAK_NONE + 1; reason < FL_NAKS; reason++)
        if (same(text, size, naks[reason].name)) return *value = reason, true;
    return false;
}

static bool read_value(fl_message *message, fl_key key, const char *text, size_t size)
{
    const key_row *row = &keys[key];
    uint64_t value = 0;
    switch (row->form) {
    case FL_FORM_DECIMAL:
        if (!read_decimal(text, size, row->digits ? row->digits : UINT64_MAX, &value)) return false;
        break;
    case FL_FORM_HEX:
        if (!read_hex(text, size, row->digits, &value)) return false;
        break;
    case FL_FORM_PURPOSE:
        if (size != 1 || (text[0] != 'T' && text[0] != 'C')) return false;
        value = (unsigned char)text[0];
        break;
    case FL_FORM_REASON:
        if (!read_reason(text, size, &value)) return false;
        break;
    case FL_FORM_TEXT: return put_name(message, key, text, size);
    case FL_FORM_BYTES:
        if (!read_bytes(text, size, row->digits, key == FL_KEY_ph ? message->plan : message->root))
            return false;
        message->has |= UINT64_C(1) << key;
        return true;
    }
    fl_message_put(message, key, value);
    return true;
}

/* One "key=value" of at most `size` bytes; it must belong to the word and be new. The search begins at the
 * key after the one before, where it is whenever keys stand in the order of the page. */
static bool read_pair(fl_message *message, const word_row *word, unsigned *next, const char *pair,
                      size_t size)
{
    const char *equals = memchr(pair, '=', size);
    if (!equals) return false;
    const size_t key_size = (size_t)(equals - pair);
    for (unsigned n = 0, i = *next; n < word->count; n++, i++) {
        if (i >= word->count) i = 0;
        const fl_key key = (fl_key)word->keys[i];
        if (keys[key].size != key_size || memcmp(pair, keys[key].wire, key_size) != 0) continue;
        if (fl_message_has(message, key)) return false;
        *next = i + 1;
        return read_value(message, key, equals + 1, size - key_size - 1);
    }
    return false;
}

static bool is_complete(const fl_message *message, const word_row *word)
{
    unsigned there = 0;
    for (unsigned i = 0; i < word->count; i++) there += fl_message_has(message, (fl_key)word->keys[i]);
    return word->any ? there > 0 : there == word->count;
}

static size_t until_space(const char *text, size_t size)
{
    const char *space = memchr(text, ' ', size);
    return space ? (size_t)(space - text) : size;
}

fl_status fl_message_read(char direction, const char *body, size_t size, fl_message *message)
{
    FL_ASSERT(body && message);
    const size_t verb = until_space(body, size);
    fl_message read = {.word = FL_WORD_NONE};
    for (int word = FL_WORD_NONE + 1; word < FL_WORDS && !read.word; word++)
        if (words[word].direction == direction && words[word].size == verb &&
            memcmp(body, words[word].verb, verb) == 0)
            read.word = (fl_word)word;
    if (!read.word) return FL_E_DEVICE;
    const word_row *word = &words[read.word];
    unsigned next = 0;
    for (size_t at = verb; at < size;) {
        at++; /* the space; a doubled one makes an empty pair, which has no '=' */
        const size_t pair = until_space(body + at, size - at);
        if (!read_pair(&read, word, &next, body + at, pair)) return FL_E_DEVICE;
        at += pair;
    }
    if (!is_complete(&read, word)) return FL_E_DEVICE;
    *message = read;
    return FL_OK;
}

/* ---- writing ---- */

static void write_bytes(fl_text *text, const uint8_t *bytes, unsigned digits)
{
    for (unsigned i = 0; i < digits / 2; i++) fl_text_add_hex(text, bytes[i], 2);
}

static bool write_value(fl_text *text, const fl_message *message, fl_key key)
{
    const key_row *row = &keys[key];
    const uint64_t value = message->value[key];
    switch (row->form) {
    case FL_FORM_DECIMAL:
        if (row->digits && value > row->digits) return false;
        fl_text_add_u64(text, value);
        return true;
    case FL_FORM_HEX:
        if (row->digits < 16 && value >> 4 * row->digits) return false;
        fl_text_add_hex(text, value, row->digits);
        return true;
    case FL_FORM_PURPOSE:
        if (value != 'T' && value != 'C') return false;
        fl_text_add_bytes(text, value == 'T' ? "T" : "C", 1);
        return true;
    case FL_FORM_REASON:
        if (value == FL_NAK_NONE || value >= FL_NAKS) return false;
        fl_text_add_word(text, naks[value].name);
        return true;
    case FL_FORM_TEXT:
        fl_text_add_word(text, key == FL_KEY_uid ? message->uid : message->firmware);
        return true;
    case FL_FORM_BYTES:
        write_bytes(text, key == FL_KEY_ph ? message->plan : message->root, row->digits);
        return true;
    }
    return false;
}

size_t fl_message_write(const fl_message *message, char body[FL_FRAME_BODY_MAX + 1])
{
    if (message->word <= FL_WORD_NONE || message->word >= FL_WORDS) return 0;
    const word_row *word = &words[message->word];
    if (!is_complete(message, word)) return 0;
    uint64_t belong = 0;
    fl_text text = fl_text_in(body, FL_FRAME_BODY_MAX + 1);
    fl_text_add_word(&text, word->verb);
    for (unsigned i = 0; i < word->count; i++) {
        const fl_key key = (fl_key)word->keys[i];
        belong |= UINT64_C(1) << key;
        if (!fl_message_has(message, key)) continue;
        fl_text_add_bytes(&text, " ", 1);
        fl_text_add_word(&text, keys[key].wire);
        fl_text_add_bytes(&text, "=", 1);
        if (!write_value(&text, message, key)) return 0;
    }
    return text.cut || (message->has & ~belong) ? 0 : text.length;
}

uint32_t fl_settings_digest(uint64_t energy_uJ, uint64_t rate_mHz, uint64_t spot_um, uint64_t wavelength_nm)
{
    char room[128];
    fl_text text = fl_text_in(room, sizeof room);
    fl_text_add(&text, "EN=%" PRIu64 " RR=%" PRIu64 " SP=%" PRIu64 " WL=%" PRIu64, energy_uJ, rate_mHz,
                spot_um, wavelength_nm);
    FL_ASSERT(!text.cut); /* four numbers of at most 20 digits and 15 bytes around them */
    return fl_crc32c(0, room, text.length);
}

/* The frame parsers: bytes of a line against src/link (frame.c, message.c) and against the twin's own
 * (src/twin/gl1_frame.c), which was written apart.
 *
 * The first byte chooses: bit 0, the check behind each '*' is made right, so that the grammar behind it is
 * reached; else the bytes stand as they are. The rest is the stream.
 *
 * What must hold: an accepted frame has the right check (computed here a third time), and writing it again
 * gives its bytes; a message that is understood says the same pairs when written again; link and twin cut
 * lines alike, accept the same frames, and understand the same words of a host, with two differences that are
 * written down: a decimal with a leading zero (only the twin takes it) and one above 32 bits (only link).
 */
#include "fuzz.h"

#include "fadeline/link/message.h"
#include "gl1_frame.h"

#include <stdlib.h>
#include <string.h>

#define IDENTITY "SIM-00042"
#define MOST 2048

/* ---- the check, from the page: polynomial 0x82F63B78 reflected, start and end inverted ---- */

static uint32_t crc_more(uint32_t crc, const char *bytes, size_t size)
{
    static uint32_t table[256];
    if (!table[1])
        for (uint32_t i = 0; i < 256; i++) {
            table[i] = i;
            for (int bit = 0; bit < 8; bit++) table[i] = table[i] >> 1 ^ (table[i] & 1 ? 0x82F63B78u : 0);
        }
    for (size_t i = 0; i < size; i++) crc = crc >> 8 ^ table[(crc ^ (uint8_t)bytes[i]) & 0xFF];
    return crc;
}

static uint32_t check_of(const char *line, size_t size)
{
    const bool session = size >= 9 && memcmp(line + 1, "00000000", 8) != 0;
    uint32_t crc = 0xFFFFFFFFu;
    if (session) crc = crc_more(crc, IDENTITY, strlen(IDENTITY));
    return ~crc_more(crc, line, size);
}

static void spell(uint32_t check, char *to)
{
    for (int i = 0; i < 8; i++) to[i] = "0123456789ABCDEF"[check >> (28 - 4 * i) & 15];
}

/* Every line that has a '*' gets the right check behind it; CR is not part of a line. */
static size_t repair(const uint8_t *bytes, size_t size, char *stream)
{
    size_t made = 0, begin = 0;
    bool starred = false;
    for (size_t i = 0; i < size; i++) {
        const char byte = (char)bytes[i];
        if (byte == '\n') {
            stream[made++] = byte;
            begin = made;
            starred = false;
        } else if (byte == '*' && !starred) {
            char check[8];
            spell(check_of(stream + begin, made - begin), check);
            stream[made++] = byte;
            memcpy(stream + made, check, 8);
            made += 8;
            starred = true;
        } else if (byte != '\r' && !starred) {
            stream[made++] = byte;
        }
    }
    stream[made++] = '\n';
    return made;
}

/* ---- words of a host, as the page has them ---- */

typedef struct host_word {
    const char *verb;
    fl_word word;
    bool any; /* of the keys at least one, else all */
    unsigned count;
    struct {
        fl_key key;
        gl1_form form;
    } keys[8];
} host_word;

// clang-format off
#define D(key) { FL_KEY_##key, GL1_DECIMAL }
#define H8(key) { FL_KEY_##key, GL1_HEX8 }
static const host_word words[] = {
    { "HELLO", FL_ASK_HELLO, false, 2, { D(v), H8(hn) } },
    { "POLL", FL_ASK_POLL, false, 1, { { FL_KEY_sh, GL1_BIT } } },
    { "SET", FL_ASK_SET, true, 4, { D(EN), D(RR), D(SP), D(WL) } },
    { "GET", FL_ASK_GET, false, 0, { { 0 } } },
    { "COMMIT", FL_ASK_COMMIT, false, 3, { H8(ep), H8(dg), { FL_KEY_ph, GL1_HEX32 } } },
    { "ARM?", FL_ASK_CHALLENGE, false, 0, { { 0 } } },
    { "ARM", FL_ASK_ARM, false, 2, { H8(ch), H8(ep) } },
    { "GRANT", FL_ASK_GRANT, false, 8, { { FL_KEY_g, GL1_HEX16 }, H8(f), H8(ep), { FL_KEY_k, GL1_HEX16 }, D(en), D(sp),
                                         { FL_KEY_pu, GL1_PURPOSE }, { FL_KEY_ph, GL1_HEX32 } } },
    { "STOP", FL_ASK_STOP, false, 0, { { 0 } } },
    { "RESET", FL_ASK_RESET, false, 1, { H8(ca) } },
    { "ANCHOR?", FL_ASK_ANCHOR, false, 0, { { 0 } } },
    { "ANCHOR", FL_ASK_ANCHOR_SET, false, 2, { { FL_KEY_n, GL1_HEX16 }, { FL_KEY_r, GL1_HEX64 } } },
};
// clang-format on

/* The two differences: a leading zero, and more than 32 bits. */
static void decimals(const char *body, bool *zero, bool *large)
{
    *zero = *large = false;
    for (const char *at = strchr(body, '='); at; at = strchr(at + 1, '=')) {
        const size_t digits = strspn(at + 1, "0123456789");
        if (at[1] == '0' && digits > 1) *zero = true;
        if (digits > 10 || strtoull(at + 1, NULL, 10) > UINT32_MAX) *large = true;
    }
}

static bool same_value(const fl_message *message, fl_key key, const gl1_field *field)
{
    if (field->form == GL1_HEX32) return memcmp(message->plan, field->bytes, FL_PLAN_SIZE) == 0;
    if (field->form == GL1_HEX64) return memcmp(message->root, field->bytes, FL_ROOT_SIZE) == 0;
    return message->value[key] == field->value;
}

static void compare_words(const char *body, const fl_message *message, bool understood)
{
    const size_t verb = strcspn(body, " ");
    const host_word *word = NULL;
    for (size_t i = 0; i < sizeof words / sizeof *words && !word; i++)
        if (strlen(words[i].verb) == verb && memcmp(words[i].verb, body, verb) == 0) word = &words[i];
    if (!word) {
        FUZZ_MUST(!understood, "link knows a word that the page does not: %s", body);
        return;
    }
    gl1_field fields[8] = {{0}};
    for (unsigned i = 0; i < word->count; i++)
        fields[i] = (gl1_field){.key = fl_key_wire(word->keys[i].key), .form = word->keys[i].form};
    size_t length;
    bool twin = gl1_fields_read(body, &length, fields, word->count), all = true, some = false;
    for (unsigned i = 0; i < word->count; i++) {
        all = all && fields[i].present;
        some = some || fields[i].present;
    }
    twin = twin && (word->any ? some : all);
    bool zero, large;
    decimals(body, &zero, &large);
    FUZZ_MUST(!twin || understood || zero, "only the twin understands %s", body);
    FUZZ_MUST(!understood || twin || large, "only link understands %s", body);
    if (!twin || !understood) return;
    FUZZ_MUST(message->word == word->word, "another word: %s", body);
    for (unsigned i = 0; i < word->count; i++) {
        FUZZ_MUST(fields[i].present == fl_message_has(message, word->keys[i].key), "a key: %s", body);
        FUZZ_MUST(!fields[i].present || same_value(message, word->keys[i].key, &fields[i]), "a value: %s",
                  body);
    }
}

/* ---- one message ---- */

/* The pairs of `a` are those of `b`, in any order: none stands twice, so equal length and "each is there" do.
 */
static bool same_pairs(const char *a, size_t a_size, const char *b, size_t b_size)
{
    if (a_size != b_size) return false;
    for (size_t at = 0; at < a_size;) {
        const char *blank = memchr(a + at, ' ', a_size - at);
        const size_t size = blank ? (size_t)(blank - a) - at : a_size - at;
        bool found = false;
        for (size_t other = 0; other + size <= b_size && !found; other++)
            found = (!other || b[other - 1] == ' ') && (other + size == b_size || b[other + size] == ' ') &&
                    memcmp(a + at, b + other, size) == 0;
        if (!found) return false;
        at += size + 1;
    }
    return true;
}

/* `bytes` end where they end; `body` is the same as a string. */
static void read_message(char direction, const char *bytes, const char *body, size_t size)
{
    static fl_message message, again;
    message.word = FL_WORDS;
    if (fuzz_bad == 3 && size > 1) size--;
    const bool understood = fl_message_read(direction, bytes, size, &message) == FL_OK;
    if (fuzz_bad == 3) size = strlen(body);
    FUZZ_MUST(understood || message.word == FL_WORDS, "a refused message was written into");
    if (understood) {
        char written[FL_FRAME_BODY_MAX + 1];
        FUZZ_MUST(fl_word_direction(message.word) == direction, "a word from the other side: %s", body);
        const size_t length = fl_message_write(&message, written);
        FUZZ_MUST(length == strlen(written) && same_pairs(body, size, written, length),
                  "'%s' is written again as '%s'", body, written);
        FUZZ_MUST(fl_message_read(direction, written, length, &again) == FL_OK &&
                      memcmp(&again, &message, sizeof again) == 0,
                  "'%s' is read again as something else", written);
    }
    if (direction == '>') compare_words(body, &message, understood);
}

/* ---- one line ---- */

static fl_frame_fault read_link(const char *line, size_t size, fl_frame *frame)
{
    if (fuzz_bad == 1) return fl_frame_read_unchecked(line, size, frame);
    if (fuzz_bad == 2 && size == FL_FRAME_MAX) return FL_FRAME_LONG;
    return fl_frame_read(line, size, IDENTITY, frame);
}

static void one_line(const char *text, size_t size)
{
    static char *line; /* of its very size, so that the sanitizer sees a read past it */
    free(line);
    line = malloc(size ? size : 1);
    memcpy(line, text, size);
    const fl_frame untouched = {.direction = '?', .session = 77};
    fl_frame frame = untouched;
    const bool good = read_link(line, size, &frame) == FL_FRAME_GOOD;
    FUZZ_MUST(good || memcmp(&frame, &untouched, sizeof frame) == 0, "a bad frame was written into");

    char copy[GL1_LINE_MAX + 1];
    gl1_frame other = {0};
    bool twin = false;
    if (size) {
        memcpy(copy, line, size);
        copy[size] = 0;
        twin = gl1_frame_read(copy, size, line[0] == '<' ? '<' : '>', IDENTITY, &other);
    }
    FUZZ_MUST(good == twin, "link says %d and twin %d: %.*s", good, twin, (int)size, text);
    if (good) {
        char again[FL_FRAME_ROOM], check[8];
        spell(check_of(line, size - 9), check);
        FUZZ_MUST(memcmp(check, line + size - 8, 8) == 0, "a wrong check was accepted: %.*s", (int)size,
                  text);
        FUZZ_MUST(frame.session == other.session && frame.number == other.number &&
                      frame.size == strlen(other.body) && memcmp(frame.body, other.body, frame.size) == 0,
                  "two readings of %.*s", (int)size, text);
        const size_t length = fl_frame_write(frame.direction, frame.session, frame.number, IDENTITY,
                                             frame.body, frame.size, again);
        FUZZ_MUST(length == size + 1 && memcmp(again, line, size) == 0 && again[size] == '\n',
                  "written again as %s", again);
        const size_t twins =
            gl1_frame_write(again, frame.direction, IDENTITY, frame.session, frame.number, other.body);
        FUZZ_MUST(twins == size + 1 && memcmp(again, line, size) == 0, "the twin writes %s", again);
        fl_frame blind;
        const fl_frame_fault nameless = fl_frame_read(line, size, NULL, &blind);
        FUZZ_MUST(nameless == (frame.session ? FL_FRAME_CHECK : FL_FRAME_GOOD), "without the identity");
        read_message(frame.direction, frame.body, other.body, frame.size);
    }
}

/* ---- the stream ---- */

/* A stream taken in pieces gives the lines of a stream taken byte by byte. */
static void pieces(const char *stream, size_t length)
{
    fl_line some = {.size = 0}, one = {.size = 0};
    for (size_t at = 0; at < length;) {
        fl_line_event event, want = FL_LINE_MORE;
        const size_t end = at + fl_line_take_some(&some, stream + at, length - at, &event);
        while (at < end) {
            FUZZ_MUST(want == FL_LINE_MORE, "a piece goes on behind its event");
            want = fl_line_take(&one, stream[at++], NULL);
        }
        FUZZ_MUST(event == want && one.size == some.size && memcmp(one.text, some.text, one.size) == 0,
                  "a piece is cut otherwise than bytes");
    }
}

static void run(const uint8_t *bytes, size_t size)
{
    static char stream[9 * MOST + 1]; /* a '*' becomes nine */
    if (size < 1 || size > MOST) return;
    size_t length = size - 1;
    if (bytes[0] & 1)
        length = repair(bytes + 1, size - 1, stream);
    else
        memcpy(stream, bytes + 1, length);

    fl_frame frame;
    if (length) (void)fl_frame_read(stream, length, IDENTITY, &frame); /* what no assembler has looked at */
    fl_line ours = {.size = 0};
    gl1_line theirs = {.length = 0};
    bool spoiled = false;
    pieces(stream, length);
    for (size_t i = 0; i < length; i++) {
        fl_frame_fault fault = FL_FRAME_GOOD;
        const fl_line_event event = fl_line_take(&ours, stream[i], &fault);
        const gl1_line_event twin = gl1_line_byte(&theirs, stream[i]);
        FUZZ_MUST((event == FL_LINE_SPOILED) == (fault != FL_FRAME_GOOD), "spoiled without a word");
        FUZZ_MUST(event != FL_LINE_SPOILED || !spoiled, "one line spoiled twice");
        spoiled = spoiled || event == FL_LINE_SPOILED;
        /* Link says it at once, the twin at the end of the line. */
        FUZZ_MUST((twin == GL1_LINE_SPOILED) == (spoiled && stream[i] == '\n'), "the twin thinks otherwise");
        FUZZ_MUST((event == FL_LINE_WHOLE) == (twin == GL1_LINE_WHOLE), "two ends of a line");
        if (stream[i] == '\n') spoiled = false;
        if (event != FL_LINE_WHOLE) continue;
        FUZZ_MUST(ours.size == theirs.length && memcmp(ours.text, theirs.text, ours.size) == 0,
                  "two readings of a line");
        one_line(ours.text, ours.size);
    }
}

static const char *const bad_words[] = {"the check is not compared", "a line of 250 bytes is too long",
                                        "the last byte of a message is not read"};
const fuzz_target fuzz_frame = {"frame", run, 3, bad_words};

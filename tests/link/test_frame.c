/* labels: unit fuzz   timeout: 300 */
#include "check.h"

#include "fadeline/base/digest.h"
#include "fadeline/base/random.h"
#include "fadeline/link/frame.h"
#include "fadeline/link/message.h"

#include "helper_vectors.h"

/* Section 12 of the reference page: every line, both directions, byte for byte. Read, understood, written
 * again. */
static void vectors_come_back_byte_for_byte(void)
{
    for (size_t i = 0; i < vector_count; i++) {
        const char *line = vectors[i].line;
        const size_t size = strlen(line);
        fl_frame frame = {0};
        CHECK(fl_frame_read(line, size, VECTOR_IDENTITY, &frame) == FL_FRAME_GOOD, "refused: %s", line);
        CHECK(frame.direction == line[0], "%s: direction %c", line, frame.direction);
        CHECK(frame.session == vectors[i].session && frame.number == vectors[i].number, "%s: %08X %08X", line,
              frame.session, frame.number);
        fl_message message;
        CHECK(fl_message_read(frame.direction, frame.body, frame.size, &message) == FL_OK, "body refused: %s",
              line);
        CHECK(message.word == vectors[i].word, "%s: word %d", line, (int)message.word);
        char body[FL_FRAME_BODY_MAX + 1], again[FL_FRAME_ROOM];
        const size_t body_size = fl_message_write(&message, body);
        CHECK(body_size == frame.size, "%s: body of %zu bytes becomes %zu", line, frame.size, body_size);
        const size_t out = fl_frame_write(frame.direction, frame.session, frame.number, VECTOR_IDENTITY, body,
                                          body_size, again);
        CHECK(out == size + 1 && again[size] == '\n' && !again[out] && memcmp(again, line, size) == 0,
              "%s\n came back as %s", line, again);
    }
}

/* The identity is inside the check: the same bytes from another laser are not for us. Session 0 leaves it
 * out. */
/* hazards: H20 H22 */
static void another_identity_is_another_check(void)
{
    for (size_t i = 0; i < vector_count; i++) {
        const char *line = vectors[i].line;
        fl_frame frame;
        const fl_frame_fault want = vectors[i].session ? FL_FRAME_CHECK : FL_FRAME_GOOD;
        CHECK(fl_frame_read(line, strlen(line), "SIM-00043", &frame) == want, "%s as SIM-00043", line);
        CHECK(fl_frame_read(line, strlen(line), NULL, &frame) == want, "%s without identity", line);
        CHECK(fl_frame_read_unchecked(line, strlen(line), &frame) == FL_FRAME_GOOD, "%s unchecked", line);
    }
}

static void digest_of_the_vectors(void)
{
    CHECK(fl_settings_digest(200000, 10000, 4000, 1064) == 0x22F6FCB6u, "dg of the page");
    CHECK(fl_settings_digest(200000, 10000, 4000, 1065) != 0x22F6FCB6u, "one nanometre more");
}

/* Writes `text` with its own correct check, so that only the fault under test can refuse it. */
static size_t with_check(const char *text, char *line)
{
    uint32_t check = fl_crc32c(0, VECTOR_IDENTITY, strlen(VECTOR_IDENTITY));
    if (strlen(text) > 9 && memcmp(text + 1, "00000000", 8) == 0) check = 0;
    check = fl_crc32c(check, text, strlen(text));
    return (size_t)sprintf(line, "%s*%08X", text, check);
}

/* Lines with one thing wrong in their shape. */
/* hazards: H20 */
static void shapes_that_are_no_frames(void)
{
    static const struct {
        const char *what, *text;
        fl_frame_fault fault;
    } rows[] = {
        {"a good one, so that the rest means something", ">373F373F000004B3 STOP", FL_FRAME_GOOD},
        {"one byte of body", ">373F373F000004B3 S", FL_FRAME_GOOD},
        {"no body", ">373F373F000004B3 ", FL_FRAME_SHAPE},
        {"no space", ">373F373F000004B3_STOP", FL_FRAME_SHAPE},
        {"lower-case session", ">373f373f000004B3 STOP", FL_FRAME_SHAPE},
        {"lower-case number", ">373F373F000004b3 STOP", FL_FRAME_SHAPE},
        {"a letter that is no digit", ">373F373G000004B3 STOP", FL_FRAME_SHAPE},
        {"a sign in the number", ">373F373F+00004B3 STOP", FL_FRAME_SHAPE},
        {"another direction", "?373F373F000004B3 STOP", FL_FRAME_SHAPE},
        {"two stars", ">373F373F000004B3 ST*P", FL_FRAME_SHAPE},
        {"a star in the head", ">373F373F*00004B3 STOP", FL_FRAME_SHAPE},
        {"a tab", ">373F373F000004B3 STOP\t", FL_FRAME_BYTE},
        {"byte 0x80", ">373F373F000004B3 STO\x80", FL_FRAME_BYTE},
        {"byte 0x7F", ">373F373F000004B3 STO\x7F", FL_FRAME_BYTE},
        {"byte 0x1F", ">373F373F000004B3 STO\x1F", FL_FRAME_BYTE},
        {"a space before", " >373F373F000004B3 STOP", FL_FRAME_SHAPE},
        {"short number", ">373F373F00004B3 STOP", FL_FRAME_SHAPE},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char line[300];
        const size_t size = with_check(rows[i].text, line);
        fl_frame frame = {.number = 77};
        const fl_frame_fault fault = fl_frame_read(line, size, VECTOR_IDENTITY, &frame);
        CHECK(fault == rows[i].fault, "%s: %s", rows[i].what, fl_frame_fault_text(fault));
        CHECK(fault == FL_FRAME_GOOD || frame.number == 77, "%s: the answer was touched", rows[i].what);
    }
}

static void check_digits_are_upper_case_and_eight(void)
{
    static const char *const lines[] = {
        ">373F373F000004B3 STOP*a4bfaecb",
        ">373F373F000004B3 STOP*A4BFAEC",
        ">373F373F000004B3 STOP*A4BFAECB0",
        ">373F373F000004B3 STOP*A4BFAECC",
        ">373F373F000004B3 STOP A4BFAECB",
        ">373F373F000004B3 STOP",
        "*",
        "",
        ">",
        "*IDN?",
        "!",
        "********",
        ">373F373F000004B3 STOP*A4BFAECB ",
    };
    fl_frame frame;
    CHECK(fl_frame_read(">373F373F000004B3 STOP*A4BFAECB", 31, VECTOR_IDENTITY, &frame) == FL_FRAME_GOOD,
          "as printed");
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        CHECK(fl_frame_read(lines[i], strlen(lines[i]), VECTOR_IDENTITY, &frame) != FL_FRAME_GOOD,
              "'%s' was taken", lines[i]);
    char nul[31] = ">373F373F000004B3 STOP*A4BFAECB";
    nul[20] = 0;
    CHECK(fl_frame_read(nul, sizeof nul, VECTOR_IDENTITY, &frame) == FL_FRAME_BYTE, "a 0 inside the line");
}

static void the_longest_frame_is_250_bytes(void)
{
    char body[FL_FRAME_MAX], line[FL_FRAME_ROOM];
    memset(body, 'A', sizeof body);
    const size_t size = fl_frame_write('<', 0x373F373F, 7, VECTOR_IDENTITY, body, FL_FRAME_BODY_MAX, line);
    CHECK(size == FL_FRAME_MAX + 1, "the longest body gives %zu bytes with LF", size);
    CHECK(fl_frame_write('<', 0x373F373F, 7, VECTOR_IDENTITY, body, FL_FRAME_BODY_MAX + 1, line) == 0,
          "one byte more");
    fl_frame frame;
    CHECK(fl_frame_read(line, size - 1, VECTOR_IDENTITY, &frame) == FL_FRAME_GOOD, "250 bytes are read");
    char longer[300], head[260] = "<373F373F00000007 ";
    memset(head + 18, 'A', FL_FRAME_BODY_MAX + 1);
    const size_t more = with_check(head, longer);
    CHECK(more == FL_FRAME_MAX + 1, "the attack has %zu bytes", more);
    CHECK(fl_frame_read(longer, more, VECTOR_IDENTITY, &frame) == FL_FRAME_LONG,
          "251 bytes with a good check");
    CHECK(fl_frame_write('>', 0, 1, NULL, "A*B", 3, line) == 0, "a star cannot be written");
    CHECK(fl_frame_write('>', 0, 1, NULL, "A\nB", 3, line) == 0, "nor can a line end");
    CHECK(fl_frame_write('>', 0, 1, NULL, "", 0, line) == 0, "nor can nothing");
}

typedef struct feed_result {
    unsigned whole, spoiled;
    fl_frame_fault last;
    char text[FL_FRAME_MAX + 1];
} feed_result;

static feed_result feed(fl_line *line, const char *bytes, size_t size)
{
    feed_result result = {0};
    for (size_t i = 0; i < size; i++) {
        const fl_line_event event = fl_line_take(line, bytes[i], &result.last);
        result.spoiled += event == FL_LINE_SPOILED;
        if (event != FL_LINE_WHOLE) continue;
        result.whole++;
        memcpy(result.text, line->text, line->size);
        result.text[line->size] = 0;
    }
    return result;
}

static void lines_are_cut_at_lf_only(void)
{
    fl_line line = {0};
    feed_result got = feed(&line, "one\ntwo", 7);
    CHECK(got.whole == 1 && !got.spoiled, "%u lines", got.whole);
    CHECK_TEXT(got.text, "one", "first line");
    got = feed(&line, "\r\rtail\r\n", 8);
    CHECK(got.whole == 1, "%u lines", got.whole);
    CHECK_TEXT(got.text, "twotail", "CR is ignored wherever it stands");
    got = feed(&line, "a\x80 b c\nnext\n", 12);
    CHECK(got.whole == 1 && got.spoiled == 1 && got.last == FL_FRAME_BYTE, "0x80 drops to the next LF");
    CHECK_TEXT(got.text, "next", "the line after it");
    got = feed(&line, "\x01\x02\x03\xFF\n", 5);
    CHECK(got.whole == 0 && got.spoiled == 1, "four bad bytes in one line are one bad frame");
    got = feed(&line, "\n\n", 2);
    CHECK(got.whole == 2 && got.text[0] == 0, "empty lines are lines");
}

static void the_251st_byte_spoils_a_line(void)
{
    char bytes[252];
    memset(bytes, 'x', sizeof bytes);
    fl_line line = {0};
    bytes[250] = '\n';
    feed_result got = feed(&line, bytes, 251);
    CHECK(got.whole == 1 && !got.spoiled && strlen(got.text) == 250, "250 bytes are a line");
    bytes[250] = 'x';
    got = feed(&line, bytes, 251);
    CHECK(got.whole == 0 && got.spoiled == 1 && got.last == FL_FRAME_LONG, "the 251st is one too many");
    for (int i = 0; i < 1000; i++) got = feed(&line, bytes, 250);
    CHECK(got.spoiled == 0, "a flood without LF is one bad frame, not thousands");
    got = feed(&line, "\nok\n", 4);
    CHECK(got.whole == 1 && strcmp(got.text, "ok") == 0, "and the line after it is read");
}

/* A stream cut at random into pieces: the same lines and the same faults as byte by byte. */
static void pieces_are_cut_like_bytes(void)
{
    static const char sorts[] = "ab*>< xyz01239\n\n\r\x7F\x1F\x80";
    fl_random chance;
    fl_random_init(&chance, 5, 1);
    unsigned long events = 0, differ = 0;
    for (int run = 0; run < 3000; run++) {
        char bytes[700];
        fl_line one = {.size = 0}, some = {.size = 0};
        const size_t good =
            run % 3 ? 3 : 0; /* a third of the streams is of plain bytes, so that lines grow long */
        for (size_t i = 0; i < sizeof bytes; i++)
            bytes[i] = fl_random_u64(&chance) % (good ? 3 : 90)
                           ? 'x'
                           : sorts[fl_random_u64(&chance) % (sizeof sorts - 1)];
        for (size_t at = 0; at < sizeof bytes;) {
            size_t piece = 1 + fl_random_u64(&chance) % 300;
            if (piece > sizeof bytes - at) piece = sizeof bytes - at;
            fl_line_event event, want = FL_LINE_MORE;
            const size_t took = fl_line_take_some(&some, bytes + at, piece, &event);
            size_t i = 0;
            while (i < piece && want == FL_LINE_MORE) want = fl_line_take(&one, bytes[at + i++], NULL);
            events += event != FL_LINE_MORE;
            differ += took != i || event != want || one.size != some.size || one.spoiled != some.spoiled ||
                      one.whole != some.whole || memcmp(one.text, some.text, one.size) != 0;
            at += took;
        }
    }
    CHECK(differ == 0 && events > 10000, "%lu of %lu events differ", differ, events);
}

/* Each byte at each place of a line: bytes are judged eight at a time, here one by one. */
static void every_byte_in_every_place(void)
{
    unsigned long wrong = 0;
    for (size_t size = 28; size < 60; size++)
        for (size_t at = 0; at < size; at++)
            for (int byte = 0; byte < 256; byte++) {
                char line[64];
                fl_frame frame;
                memset(line, byte % 2 ? '~' : ' ', size);
                line[at] = (char)byte;
                const fl_frame_fault fault = fl_frame_read_unchecked(line, size, &frame);
                wrong += (fault == FL_FRAME_BYTE) != (byte < 0x20 || byte > 0x7E);
            }
    CHECK(wrong == 0, "%lu lines are judged otherwise", wrong);
}

/* Every single and every double bit error in the longest GRANT of the page: none may pass. */
/* hazards: H20 */
static void one_or_two_wrong_bits_never_pass(void)
{
    const char *good = vectors[VECTOR_GRANT].line;
    const size_t size = strlen(good);
    char line[FL_FRAME_MAX];
    fl_frame frame;
    unsigned long passed = 0;
    for (size_t a = 0; a < 8 * size; a++) {
        memcpy(line, good, size);
        line[a / 8] = (char)(line[a / 8] ^ 1 << a % 8);
        passed += fl_frame_read(line, size, VECTOR_IDENTITY, &frame) == FL_FRAME_GOOD;
        for (size_t b = a + 1; b < 8 * size;
             b += 1 + a % 7) { /* one in four of all pairs, other ones for each a */
            line[b / 8] = (char)(line[b / 8] ^ 1 << b % 8);
            passed += fl_frame_read(line, size, VECTOR_IDENTITY, &frame) == FL_FRAME_GOOD;
            line[b / 8] = (char)(line[b / 8] ^ 1 << b % 8);
        }
    }
    CHECK(passed == 0, "%lu damaged frames passed", passed);
}

/* Random bit errors at the rates of section 9. The page expects below 2e-10 of them to pass: at this number,
 * none. */
/* hazards: H20 */
static void random_bit_errors_never_pass(void)
{
    static const double rates[] = {0.5, 0.1, 0.02, 0.007, 0.0025};
    fl_random random;
    fl_random_init(&random, 20261122, 1);
    unsigned long passed = 0, damaged = 0;
    for (int n = 0; n < 400000; n++) {
        const char *good = vectors[fl_random_u64(&random) % vector_count].line;
        const double rate = rates[n % 5];
        const size_t size = strlen(good);
        char line[FL_FRAME_MAX];
        memcpy(line, good, size);
        /* Distance to the next wrong bit is geometric; cheaper than one draw a bit. */
        for (double bit = log(1 - fl_random_uniform(&random)) / log(1 - rate); bit < 8.0 * (double)size;
             bit += 1 + floor(log(1 - fl_random_uniform(&random)) / log(1 - rate)))
            line[(size_t)bit / 8] = (char)(line[(size_t)bit / 8] ^ 1 << (size_t)bit % 8);
        if (memcmp(line, good, size) == 0) continue;
        damaged++;
        fl_frame frame;
        passed += fl_frame_read(line, size, VECTOR_IDENTITY, &frame) == FL_FRAME_GOOD;
    }
    CHECK(damaged > 300000, "only %lu frames were damaged", damaged);
    CHECK(passed == 0, "%lu of %lu damaged frames passed", passed, damaged);
}

static size_t mutate(fl_random *random, char *line, size_t size)
{
    for (unsigned n = 1 + (unsigned)(fl_random_u64(random) % 4); n; n--) {
        const size_t at = size ? fl_random_u64(random) % size : 0;
        switch (fl_random_u64(random) % 6) {
        case 0: line[at] = (char)fl_random_u64(random); break;
        case 1: line[at] = "*= >0\xFF"[fl_random_u64(random) % 6]; break;
        case 2: size = at; break;
        case 3: /* double a piece */
            if (size + 20 < FL_FRAME_MAX) memmove(line + at, line + at / 2, size - at), size += at / 2 % 20;
            break;
        case 4:
            memmove(line + at, line + at + (at < size), size - at - (at < size)), size -= at < size;
            break;
        default: line[at] = (char)(line[at] ^ 1 << fl_random_u64(random) % 8); break;
        }
    }
    return size;
}

/* A million mutants of good frames, half of them with a mended check so that they reach the message reader.
 * Nothing may crash or overrun (sanitizers watch), and whatever is accepted must come back byte for byte: one
 * meaning, one spelling, up to the order of keys. */
/* hazards: H20 */
static void a_million_mutants(void)
{
    fl_random random;
    fl_random_init(&random, 424243, 2);
    unsigned long frames = 0, messages = 0, drift = 0;
    for (long n = 0; n < 1000000; n++) {
        const char *good = vectors[fl_random_u64(&random) % vector_count].line;
        char line[2 * FL_FRAME_MAX] = {0};
        size_t size = strlen(good);
        memcpy(line, good, size);
        size = mutate(&random, line, size);
        fl_frame frame;
        fl_message message;
        frames += fl_frame_read(line, size, VECTOR_IDENTITY, &frame) == FL_FRAME_GOOD;
        if (fl_frame_read_unchecked(line, size, &frame) != FL_FRAME_GOOD) continue;
        if (fl_message_read(frame.direction, frame.body, frame.size, &message) != FL_OK) continue;
        messages++;
        char body[FL_FRAME_BODY_MAX + 1];
        fl_message second;
        const size_t body_size = fl_message_write(&message, body);
        drift += body_size != frame.size ||
                 fl_message_read(frame.direction, body, body_size, &second) != FL_OK ||
                 second.has != message.has || memcmp(second.value, message.value, sizeof second.value) != 0;
    }
    CHECK(messages > 1000, "only %lu mutants reached the message reader's end", messages);
    CHECK(drift == 0, "%lu of %lu accepted messages do not come back", drift, messages);
    CHECK(frames < 40000, "%lu frames with a good check: the mutator does too little", frames);
}

FL_TESTS("link/frame", TEST(vectors_come_back_byte_for_byte), TEST(another_identity_is_another_check),
         TEST(digest_of_the_vectors), TEST(shapes_that_are_no_frames),
         TEST(check_digits_are_upper_case_and_eight), TEST(the_longest_frame_is_250_bytes),
         TEST(lines_are_cut_at_lf_only), TEST(the_251st_byte_spoils_a_line), TEST(pieces_are_cut_like_bytes),
         TEST(every_byte_in_every_place), TEST(one_or_two_wrong_bits_never_pass),
         TEST(random_bit_errors_never_pass), TEST(a_million_mutants))

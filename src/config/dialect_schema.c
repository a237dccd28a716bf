/* The tables of dialect/1. The rules between their values are in dialect_check.c. */
#include "device_tables.h"
#include "dialect_tables.h"

/* clang-format off */
static const fl_yaml_choice value_choices[] = {
    { "number", FL_VALUE_NUMBER, NULL }, { "bits", FL_VALUE_BITS, "a mask, in `base`" },
    { "flags", FL_VALUE_FLAGS, "`row` times 0 or 1, the first is bit 0" },
    { "state", FL_VALUE_STATE, "one of `states`" }, { "text", FL_VALUE_TEXT, NULL }, { NULL, 0, NULL },
};
static const fl_yaml_choice sign_choices[] = {
    { "note", FL_SIGN_NOTE, "decides nothing; as a state: wait" }, { "fault", FL_SIGN_FAULT, "not to be used" },
    { "needed", FL_SIGN_NEEDED, "must be so before light" }, { "light", FL_SIGN_LIGHT, "emits, or may" },
    { NULL, 0, NULL },
};
static const fl_yaml_choice send_ends[] = {
    { "none", FL_END_NONE, NULL }, { "CR", FL_END_CR, NULL }, { "LF", FL_END_LF, NULL }, { "CRLF", FL_END_CRLF, NULL },
    { NULL, 0, NULL },
};
static const fl_yaml_choice answer_ends[] = {
    { "CR", FL_END_CR, NULL }, { "LF", FL_END_LF, "takes CR LF too" },
    { "fixed", FL_END_FIXED, "answer_fixed bytes" }, { "idle", FL_END_IDLE, "answer_idle_ms without a byte" },
    { NULL, 0, NULL },
};
static const fl_yaml_choice serves_choices[] = {
    { "laser", FL_SERVES_LASER, NULL }, { "meter", FL_SERVES_METER, NULL }, { NULL, 0, NULL },
};
static const fl_yaml_choice range_choices[] = {
    { "index", FL_RANGE_INDEX, "the meter's own number" }, { "J", FL_RANGE_J, "full scale" }, { NULL, 0, NULL },
};
static const fl_yaml_choice result_choices[] = {
    { "done", FL_TALK_DONE, NULL }, { "refused", FL_TALK_REFUSED, "the device says no" },
    { "bad", FL_TALK_BAD, "an answer that must not be believed" },
    { "silence", FL_TALK_SILENCE, "nothing comes, as the word says" }, { NULL, 0, NULL },
};

static const fl_yaml_field line_fields[] = {
    { "baud", FL_YAML_WHOLE(fl_dialect_line, baud, 300, 4000000), .help = "of a serial line, 8 data bits, no parity" },
    { "stop_bits", FL_YAML_WHOLE(fl_dialect_line, stop_bits, 1, 2), .otherwise = "1", .help = "1 or 2" },
    { "begin", FL_YAML_TEXT(fl_dialect_line, begin), .help = "before every word" },
    { "send_end", FL_YAML_CHOICE(fl_dialect_line, send_end, send_ends), FL_YAML_REQUIRED, .help = "after every word" },
    { "answer_end", FL_YAML_CHOICE(fl_dialect_line, answer_end, answer_ends), FL_YAML_REQUIRED,
      .help = "where a line of an answer ends" },
    { "answer_fixed", FL_YAML_WHOLE(fl_dialect_line, answer_fixed, 1, 255), .help = "bytes of every answer" },
    { "answer_idle_ms", FL_YAML_WHOLE(fl_dialect_line, answer_idle_ms, 1, 2000), .help = "silence that ends an answer" },
    { "closing", FL_YAML_TEXT(fl_dialect_line, closing), .help = "a line of its own after every answer" },
    { "alone", FL_YAML_TEXTS(fl_dialect_line, alone), .items_max = 8,
      .help = "a line that holds one of these is a whole answer; after any other line one more comes" },
    { "echo", FL_YAML_YES_NO(fl_dialect_line, echo), .otherwise = "no", .help = "the word comes back first" },
    { "gap_ms", FL_YAML_WHOLE(fl_dialect_line, gap_ms, 0, 1000), FL_YAML_REQUIRED,
      .help = "smallest pause between an answer and the next word" },
    { "answer_ms", FL_YAML_WHOLE(fl_dialect_line, answer_ms, 10, 5000), FL_YAML_REQUIRED,
      .help = "no answer in this time is no answer" },
    { "longest", FL_YAML_WHOLE(fl_dialect_line, longest, 8, 255), .otherwise = "200", .help = "word, with its ends" },
    { .key = NULL },
};
static const fl_yaml_table line_table = { "line", sizeof(fl_dialect_line), line_fields, NULL, "How bytes become lines." };

static const fl_yaml_field bit_fields[] = {
    { "bit", FL_YAML_WHOLE(fl_word_bit, bit, 0, 63), FL_YAML_REQUIRED, .help = "of the mask, or place in the row" },
    { "name", FL_YAML_TEXT(fl_word_bit, name), FL_YAML_REQUIRED, .help = "for people" },
    { "is", FL_YAML_CHOICE(fl_word_bit, is, sign_choices), FL_YAML_REQUIRED, .help = "what it tells when it is 1" },
    { .key = NULL },
};
static const fl_yaml_table bit_table = { "bit", sizeof(fl_word_bit), bit_fields, NULL,
    "A bit that is set and stands in no row is unknown, and unknown is bad." };

static const fl_yaml_field state_fields[] = {
    { "code", FL_YAML_TEXT(fl_word_state, code), FL_YAML_REQUIRED, .help = "as it stands in the answer" },
    { "name", FL_YAML_TEXT(fl_word_state, name), FL_YAML_REQUIRED, .help = "for people" },
    { "is", FL_YAML_CHOICE(fl_word_state, is, sign_choices), FL_YAML_REQUIRED, .help = "what it tells" },
    { .key = NULL },
};
static const fl_yaml_table state_table = { "state", sizeof(fl_word_state), state_fields, NULL,
    "A state that stands in no row is unknown, and unknown is bad." };

static const fl_yaml_field word_fields[] = {
    { "id", FL_YAML_ID(fl_word, id), FL_YAML_REQUIRED, .help = "our name for it" },
    { "ask", FL_YAML_TEXT(fl_word, ask), .help = "changes nothing; may be asked again" },
    { "say", FL_YAML_TEXT(fl_word, say), .help = "changes something; sent once. {} is the number" },
    { "send_scale", FL_YAML_NUMBER(fl_word, send_scale, 1e-12, 1e12), .otherwise = "1", .help = "number x this is sent" },
    { "send_decimals", FL_YAML_WHOLE(fl_word, send_decimals, 0, 9), .otherwise = "0", .help = "behind the point" },
    { "send_width", FL_YAML_WHOLE(fl_word, send_width, 0, 20), .otherwise = "0", .help = "zeros in front to this width" },
    { "least", FL_YAML_NUMBER(fl_word, least, -1e9, 1e12), .help = "smallest number; needed with {}" },
    { "most", FL_YAML_NUMBER(fl_word, most, -1e9, 1e12), .help = "largest number; needed with {}" },
    { "answer", FL_YAML_TEXT(fl_word, answer),
      .help = "{} is the value, {*} the rest, {-} skipped, {flag} {sequence} beside it, {empty}, {echo}; absent: none" },
    { "pick", FL_YAML_YES_NO(fl_word, pick), .otherwise = "no", .help = "{} says which word of {*} is the number, from 1" },
    { "after", FL_YAML_TEXT(fl_word, after), .help = "labels end with this character; what counts is behind the last" },
    { "value", FL_YAML_CHOICE(fl_word, value, value_choices), .help = "what {} is" },
    { "base", FL_YAML_WHOLE(fl_word, base, 10, 16), .otherwise = "10", .help = "of bits: 10 or 16" },
    { "row", FL_YAML_WHOLE(fl_word, row, 1, 64), .help = "of flags: how many 0 and 1" },
    { "read_scale", FL_YAML_NUMBER(fl_word, read_scale, 1e-12, 1e12), .otherwise = "1", .help = "what is read x this" },
    { "over", FL_YAML_TEXT(fl_word, over), .help = "stands in place of a number: out of range" },
    { "over_from", FL_YAML_NUMBER(fl_word, over_from, 0, 1e300), .help = "a number from here on: out of range" },
    { "lines", FL_YAML_WHOLE(fl_word, lines, 1, 64), .otherwise = "1", .help = "of the answer" },
    { "line", FL_YAML_WHOLE(fl_word, line, 1, 64), .otherwise = "1", .help = "which of them has the value" },
    { "until", FL_YAML_TEXT(fl_word, until), .help = "last line of an answer without a fixed number of lines" },
    { "check", FL_YAML_ID(fl_word, check), .help = "the ask that reads the number back; needed with {}. `echo`: nothing but the echo" },
    { "light", FL_YAML_YES_NO(fl_word, light), .otherwise = "no",
      .help = "it makes light or charges for it: no role may name it" },
    { "wait_ms", FL_YAML_WHOLE(fl_word, wait_ms, 0, 30000), .otherwise = "0", .help = "after it, before the next word" },
    { "answer_ms", FL_YAML_WHOLE(fl_word, answer_ms, 10, 10000), .help = "patience, when it is not the line's" },
    { "bits", FL_YAML_MAPS(fl_word, bits, bit_table), .help = "meaning of bits and flags" },
    { "states", FL_YAML_MAPS(fl_word, states, state_table), .help = "meaning of states" },
    { "note", FL_YAML_TEXT(fl_word, note), .help = "for people" },
    { .key = NULL },
};
static const fl_yaml_table word_table = { "word", sizeof(fl_word), word_fields, NULL, NULL };

static const fl_yaml_field refusal_fields[] = {
    { "text", FL_YAML_TEXT(fl_refusal, text), FL_YAML_REQUIRED, .help = "how the line begins" },
    { "anywhere", FL_YAML_YES_NO(fl_refusal, anywhere), .otherwise = "no", .help = "not only where it begins" },
    { "means", FL_YAML_TEXT(fl_refusal, means), FL_YAML_REQUIRED, .help = "for people" },
    { .key = NULL },
};
static const fl_yaml_table refusal_table = { "refusal", sizeof(fl_refusal), refusal_fields, NULL, NULL };

static const fl_yaml_field setting_fields[] = {
    { "quantity", FL_YAML_ID(fl_dialect_setting, quantity), FL_YAML_REQUIRED, .help = "with its unit: rate_Hz" },
    { "set", FL_YAML_ID(fl_dialect_setting, set), FL_YAML_REQUIRED, .help = "a say with {}" },
    { "read", FL_YAML_ID(fl_dialect_setting, read), FL_YAML_REQUIRED, .help = "an ask with a number" },
    { "tolerance", FL_YAML_NUMBER(fl_dialect_setting, tolerance, 0, 1e6), FL_YAML_REQUIRED, .help = "of the read-back" },
    { .key = NULL },
};
static const fl_yaml_table setting_table = { "setting", sizeof(fl_dialect_setting), setting_fields, NULL, NULL };

static const fl_yaml_field laser_fields[] = {
    { "identity", FL_YAML_ID(fl_dialect_laser, identity), .help = "an ask with text" },
    { "identity_holds", FL_YAML_TEXT(fl_dialect_laser, identity_holds), .help = "what must stand in it; absent: the device file says" },
    { "status", FL_YAML_TEXTS(fl_dialect_laser, status), .items_max = 8, .help = "asks of every round: bits, flags or state" },
    { "interlock", FL_YAML_TEXTS(fl_dialect_laser, interlock), .items_max = 8, .help = "those that carry interlocks" },
    { "stop", FL_YAML_TEXTS(fl_dialect_laser, stop), .items_max = 8, .help = "says of every way out, in this order" },
    { "opening", FL_YAML_TEXTS(fl_dialect_laser, opening), .items_max = 8, .help = "says at the start: hands the trigger to the gate" },
    { "watchdog", FL_YAML_ID(fl_dialect_laser, watchdog), .help = "a say: seconds of silence it forgives" },
    { "watchdog_s", FL_YAML_NUMBER(fl_dialect_laser, watchdog_s, 0.1, 10), .help = "what we tell it; 0 cannot be said" },
    { "counter", FL_YAML_ID(fl_dialect_laser, counter), .help = "an ask: shots in its life" },
    { "silence", FL_YAML_TEXT(fl_dialect_laser, silence), .help = "what it does when nobody talks to it" },
    { "poll_ms", FL_YAML_WHOLE(fl_dialect_laser, poll_ms, 20, 1000), .otherwise = "250", .help = "one round of status" },
    { "settings", FL_YAML_MAPS(fl_dialect_laser, settings, setting_table), .items_max = 8, .help = "what can be set and read back" },
    { .key = NULL },
};
static const fl_yaml_table laser_table = { "laser", sizeof(fl_dialect_laser), laser_fields, NULL,
    "Which words do what for a laser. Without identity, status, interlock and stop it is only watched." };

static const fl_yaml_field meter_fields[] = {
    { "identity", FL_YAML_ID(fl_dialect_meter, identity), FL_YAML_REQUIRED, .help = "an ask with text" },
    { "identity_holds", FL_YAML_TEXT(fl_dialect_meter, identity_holds), FL_YAML_REQUIRED, .help = "must stand in it" },
    { "opening", FL_YAML_TEXTS(fl_dialect_meter, opening), .help = "says at the start: energy, no streaming" },
    { "wavelength_set", FL_YAML_ID(fl_dialect_meter, wavelength_set), .help = "a say: nm" },
    { "wavelength_read", FL_YAML_ID(fl_dialect_meter, wavelength_read), .help = "an ask: nm" },
    { "range_set", FL_YAML_ID(fl_dialect_meter, range_set), .help = "a say: the range" },
    { "range_read", FL_YAML_ID(fl_dialect_meter, range_read), FL_YAML_REQUIRED, .help = "an ask: the range" },
    { "range_is", FL_YAML_CHOICE(fl_dialect_meter, range_is, range_choices), FL_YAML_REQUIRED, .help = "index or J" },
    { "trigger_set", FL_YAML_ID(fl_dialect_meter, trigger_set), .help = "a say: percent of the range" },
    { "trigger_read", FL_YAML_ID(fl_dialect_meter, trigger_read), .help = "an ask: the same" },
    { "trigger", FL_YAML_NUMBER(fl_dialect_meter, trigger, 0.1, 50), .help = "what we set it to" },
    { "unit", FL_YAML_ID(fl_dialect_meter, unit), FL_YAML_REQUIRED, .help = "an ask, before and after every check" },
    { "unit_is", FL_YAML_TEXT(fl_dialect_meter, unit_is), .help = "its text for joules; absent: a `needed` state" },
    { "proof", FL_YAML_ID(fl_dialect_meter, proof), .help = "an ask, before and after every check" },
    { "proof_is", FL_YAML_TEXT(fl_dialect_meter, proof_is), .help = "its text: no automatic range, fields in order" },
    { "arm", FL_YAML_ID(fl_dialect_meter, arm), .help = "a say before every reading" },
    { "fresh", FL_YAML_ID(fl_dialect_meter, fresh), .help = "an ask: 1 or a `needed` state when a reading is new" },
    { "read", FL_YAML_ID(fl_dialect_meter, read), FL_YAML_REQUIRED, .help = "an ask: J; with {sequence} or `fresh`" },
    { "poll_ms", FL_YAML_WHOLE(fl_dialect_meter, poll_ms, 5, 1000), .otherwise = "20", .help = "between looks" },
    { .key = NULL },
};
static const fl_yaml_table meter_table = { "meter", sizeof(fl_dialect_meter), meter_fields, NULL,
    "Which words do what for an energy meter." };

static const fl_yaml_field said_fields[] = {
    { "word", FL_YAML_ID(fl_dialect_line_said, word), FL_YAML_REQUIRED, .help = "its id" },
    { "value", FL_YAML_NUMBER(fl_dialect_line_said, value, -1e12, 1e19), .help = "sent, or read" },
    { "state", FL_YAML_TEXT(fl_dialect_line_said, state), .help = "read: text, or the name of a state" },
    { "sent", FL_YAML_TEXT(fl_dialect_line_said, sent), FL_YAML_REQUIRED, .help = "bytes, with \\r \\n \\t \\xHH" },
    { "answer", FL_YAML_TEXT(fl_dialect_line_said, answer), .help = "bytes; absent: none came" },
    { "result", FL_YAML_CHOICE(fl_dialect_line_said, result, result_choices), .otherwise = "done", .help = "what it means" },
    { "from", FL_YAML_TEXT(fl_dialect_line_said, from), .help = "recorded where, or which line of the page" },
    { .key = NULL },
};
static const fl_yaml_table said_table = { "exchange", sizeof(fl_dialect_line_said), said_fields, NULL,
    "A recorded exchange. Each must be what we would send and how we would understand it." };

static const fl_yaml_field dialect_fields[] = {
    { "id", FL_YAML_ID(fl_dialect, id), FL_YAML_REQUIRED, .help = "the file's name" },
    { "title", FL_YAML_TEXT(fl_dialect, title), FL_YAML_REQUIRED, .help = "maker and families" },
    { "serves", FL_YAML_CHOICE(fl_dialect, serves, serves_choices), FL_YAML_REQUIRED, .help = "laser or meter" },
    { "source", FL_YAML_TEXT(fl_dialect, source), FL_YAML_REQUIRED, .help = "the page it was written from" },
    { "sure", FL_YAML_CHOICE(fl_dialect, sure, fl_sureness_choices), FL_YAML_REQUIRED, .help = "how sure" },
    { "note", FL_YAML_TEXT(fl_dialect, note), .help = "for people" },
    { "line", FL_YAML_MAP(fl_dialect, line, line_table), FL_YAML_REQUIRED, .help = "the wire" },
    { "refusals", FL_YAML_MAPS(fl_dialect, refusals, refusal_table), .help = "answers that mean no" },
    { "words", FL_YAML_MAPS(fl_dialect, words, word_table), FL_YAML_REQUIRED, .items_max = 120, .help = "all of them" },
    { "laser", FL_YAML_MAP(fl_dialect, laser, laser_table), .help = "when it serves a laser" },
    { "meter", FL_YAML_MAP(fl_dialect, meter, meter_table), .help = "when it serves a meter" },
    { "transcript", FL_YAML_MAPS(fl_dialect, transcript, said_table), FL_YAML_REQUIRED, .items_max = 400,
      .help = "exchanges that show every word" },
    { .key = NULL },
};
static const fl_yaml_table dialect_table = { "dialect", sizeof(fl_dialect), dialect_fields, dialect_check, NULL };
/* clang-format on */

const fl_yaml_schema fl_dialect_schema = {"dialect/1", "what a laser or an energy meter says and understands",
                                          &dialect_table};

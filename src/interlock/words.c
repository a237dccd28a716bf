/* Names of modes and invariants, for screens, records and failing proofs. */
#include "fadeline/interlock/monitor.h"

const fl_mode fl_modes[FL_MODE_COUNT] = {
#define X(name, code, word, shown) FL_MODE_##name,
    FL_MODE_LIST(X)
#undef X
};

int fl_mode_index(fl_mode mode)
{
    for (int i = 0; i < FL_MODE_COUNT; i++)
        if (fl_modes[i] == mode) return i;
    return -1;
}

const char *fl_mode_word(fl_mode mode)
{
    static const char *const words[FL_MODE_COUNT] = {
#define X(name, code, word, shown) word,
        FL_MODE_LIST(X)
#undef X
    };
    const int i = fl_mode_index(mode);
    return i < 0 ? "damaged" : words[i];
}

const char *fl_mode_shown(fl_mode mode)
{
    static const char *const words[FL_MODE_COUNT] = {
#define X(name, code, word, shown) shown,
        FL_MODE_LIST(X)
#undef X
    };
    const int i = fl_mode_index(mode);
    return i < 0 ? "damaged" : words[i];
}

static const struct {
    const char *name, *sentence;
} invariants[FL_INVARIANT_COUNT] = {
    {"I1", "a pulse is permitted only when every input is good in the same tick"},
    {"I2", "a pulse is permitted exactly in EMIT"},
    {"I3", "a grant is issued exactly on entering EMIT, and never while one is out"},
    {"I4", "EMIT follows OPENING or a finished GAP, and GAP follows a good report"},
    {"I5", "READY follows the whole warning or a clean closing, and ends when idle"},
    {"I6", "ARMING follows an ARM order in STANDBY with the foot off, for the ordered purpose"},
    {"I7", "firing starts only from READY, by a fresh press"},
    {"I8", "the emergency stop is left only by turning the key off"},
    {"I9", "a fault is left only by key, emergency stop or a proper reset while calm"},
    {"I10", "a service fault is cleared only by a service reset with two persons"},
    {"I11", "light without a grant latches a service fault"},
    {"I12", "the shutters are ordered open only while firing"},
    {"I13", "high voltage is on only while armed"},
    {"I14", "the emission indicator precedes the first pulse"},
    {"I15", "a soft input gone bad, or any order, ends an armed mode"},
    {"I16", "a hard input gone bad while armed is a fault"},
    {"I17", "without a link nothing stays armed"},
    {"I18", "key off is off"},
    {"I19", "a shutter that is not where it must be latches, and nothing else does"},
    {"I20", "the next state is well formed, and damage is a service fault with all outputs off"},
    {"I21", "a latch is never left without an order, nor the self-test skipped"},
    {"I22", "the purpose changes only on arming"},
    {"I23", "a wrong or missing pulse report is a fault"},
    {"I24", "an unreported grant never leads back to READY, and STANDBY needs shutters closed"},
    {"I25", "the one grant out is carried until reported, and a stand-down is not forgotten"},
    {"I26", "a good start begins the self-test, and nothing else does"},
    {"I27", "the self-test decides in the same tick"},
    {"I28", "a legal ARM is obeyed"},
    {"I29", "the warning ends in READY exactly when due"},
    {"I30", "READY fires on a fresh press, remembers a release, and stands down when idle"},
    {"I31", "open shutters lead to EMIT, late ones to a fault"},
    {"I32", "a good report leads to GAP, and no second grant is issued meanwhile"},
    {"I33", "the next grant comes exactly when due"},
    {"I34", "closing ends as its flags and its deadline say"},
    {"I35", "a legal reset is obeyed"},
};

const char *fl_invariant_name(int number)
{
    return number >= 1 && number <= FL_INVARIANT_COUNT ? invariants[number - 1].name : "I?";
}

const char *fl_invariant_sentence(int number)
{
    return number >= 1 && number <= FL_INVARIANT_COUNT ? invariants[number - 1].sentence
                                                       : "no such invariant";
}

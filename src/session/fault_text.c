#include "fault_text.h"

#include "fadeline/base/text.h"

#include <ctype.h>

#define OTHERS_NAMED 4 /* what follows, the pulses and what to do, must not be crowded out */

/* One sentence: its first letter becomes a capital, and a full stop ends it. */
static void say(fl_text *text, const char *sentence)
{
    if (text->length) fl_text_add(text, " ");
    fl_text_add(text, "%c%s.", toupper((unsigned char)sentence[0]), sentence + 1);
}

static void say_sensed(const fl_fault_facts *facts, fl_text *text)
{
    say(text, facts->sensed ? facts->sensed : fl_reason_rows[facts->first].text);
    const fl_reasons others = facts->causes & ~fl_reason_bit(facts->first);
    if (!others) return;
    fl_text_add(text, " Also:");
    unsigned named = 0, left = 0;
    for (int i = 0; i < FL_REASON_COUNT; i++) {
        if (!(others & fl_reason_bit((fl_reason)i))) continue;
        if (named == OTHERS_NAMED) {
            left++;
            continue;
        }
        fl_text_add(text, "%s %s", named++ ? ";" : "", fl_reason_rows[i].text);
    }
    if (left) fl_text_add(text, "; and %u more", left);
    fl_text_add(text, ".");
}

static const char *done_of(const fl_fault_facts *facts)
{
    switch (facts->from) {
    case FL_MODE_ARMING:
    case FL_MODE_READY:
        return facts->link ? "no shutter was opened; the warning was ended and the laser ordered to standby"
                           : "no shutter was opened; the laser shuts by itself within 100 ms";
    case FL_MODE_OPENING:
    case FL_MODE_EMIT:
    case FL_MODE_GAP:
    case FL_MODE_CLOSING:
        return facts->link
                   ? "no further pulse is granted; the shutters were ordered closed and the laser to standby"
                   : "no further pulse is granted; the laser shuts by itself within 100 ms";
    default: return "nothing was armed; nobody can arm now";
    }
}

static void say_pulses(const fl_fault_facts *facts, fl_text *text)
{
    const unsigned long long certain = facts->certain, possible = facts->possible;
    if (!certain && !possible)
        fl_text_add(text, " No pulse of this session is certain, and none is possible.");
    else if (certain)
        fl_text_add(text, " %llu pulse%s certain, ", certain, certain == 1 ? " is" : "s are");
    else
        fl_text_add(text, " No pulse is certain, ");
    if (possible)
        fl_text_add(text, "%llu%s possible until the laser's counter is read.", possible,
                    possible == 1 ? " more is" : " more are");
    else if (certain)
        fl_text_add(text, "and no other is possible.");
    if (facts->causes & fl_reason_bit(FL_REASON_LIGHT_UNASKED))
        say(text, "the light that nobody granted is not among them");
}

void fl_fault_text(const fl_fault_facts *facts, char room[FAULT_TEXT])
{
    fl_text text = fl_text_in(room, FAULT_TEXT);
    say_sensed(facts, &text);
    say(&text, done_of(facts));
    if (facts->svc) say(&text, "the fault is kept, also over power-off");
    say_pulses(facts, &text);
    say(&text, fl_reason_rows[facts->first].todo);
    if (facts->svc && facts->first != FL_REASON_SERVICE) say(&text, fl_reason_rows[FL_REASON_SERVICE].todo);
}

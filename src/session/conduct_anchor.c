/* The anchor: what the laser remembers of the journal. It is read and compared before anything is armed, and
 * set anew while the warning of every ARM runs and at the end of the session.
 *
 * Why in the warning. ARMING is two exchanges with the laser that nothing may delay; once it says WARN, its
 * line is free for as long as the warning runs, and no grant can be out. The record of the ARM is in what is
 * anchored then. A laser that went on to READY before our record was durable is given its anchor when it
 * stands down: a frame between a grant and its report would be another reason for a late stop. */
#include "conduct_private.h"

#include "fadeline/base/text.h"

#include <string.h>

static bool keeps_one(const fl_conduct *c)
{
    return c->status.hello.capabilities >> FL_CAP_ANCHOR & 1;
}

bool conduct_anchor_is_good(const fl_conduct *c)
{
    return c->anchor.stand != ANCHOR_IS_AHEAD && c->anchor.stand != ANCHOR_DIFFERS &&
           c->anchor.stand != ANCHOR_COMPARING;
}

const char *conduct_anchor_text(const fl_conduct *c)
{
    switch (c->anchor.stand) {
    case ANCHOR_COMPARING: return "what the laser remembers of the journal is being compared";
    case ANCHOR_IS_AHEAD: return "the laser has seen a newer journal than this one";
    case ANCHOR_DIFFERS: return "the laser has seen another journal than this one";
    default: return NULL;
    }
}

/* ---- compared, once a process ---- */

/* What was found is a record: it is the trace that an owner and an auditor look for. */
static void record_finding(fl_conduct *c, uint64_t number, const uint8_t root[FL_ROOT_SIZE], uint64_t ours)
{
    char hex[2 * FL_SHA256_SIZE + 1];
    fl_entry *entry = conduct_entry(c, FL_KIND_SELFTEST);
    fl_entry_text(entry, "what", "anchor");
    fl_entry_int(entry, "ok", 0);
    fl_entry_count(entry, "size", number);
    fl_entry_text(entry, "root", fl_hex(root, FL_ROOT_SIZE, hex));
    fl_entry_count(entry, "entries", ours);
    conduct_post(c);
}

static void refuse(fl_conduct *c, anchor_stand stand, uint64_t number, const uint8_t root[FL_ROOT_SIZE])
{
    const uint64_t ours = c->setup.past.anchor_base + fl_writer_look(c->setup.writer).size;
    c->anchor.stand = stand;
    record_finding(c, number, root, ours);
    char hint[240],
        hex[2 * FL_SHA256_SIZE + 1]; /* with what the owner signs for, when there is no other copy */
    snprintf(hint, sizeof hint,
             "find the right copy; if there is none: fadeline journal succeed --seen %.40s:%llu:%s",
             c->setup.expected.uid, (unsigned long long)number, fl_hex(root, FL_ROOT_SIZE, hex));
    if (stand == ANCHOR_IS_AHEAD)
        conduct_event(c, "refused", "journal-behind-laser", hint,
                      "the laser has seen %llu entries of the journal, here are %llu",
                      (unsigned long long)number, (unsigned long long)ours);
    else
        conduct_event(c, "refused", "journal-not-lasers", hint,
                      "at entry %llu the laser has seen another journal than this one",
                      (unsigned long long)number);
}

/* Somebody signed that this laser has seen what no journal of ours holds any more. */
static bool was_seen(const fl_conduct *c)
{
    const fl_past *past = &c->setup.past;
    return past->anchor_seen && past->anchor_seen_size == c->status.anchor_size &&
           memcmp(past->anchor_seen_root.byte, c->status.anchor_root, FL_ROOT_SIZE) == 0;
}

static bool is_empty(const fl_gl1_status *status)
{
    static const uint8_t none[FL_ROOT_SIZE];
    return status->anchor_size == 0 && memcmp(status->anchor_root, none, sizeof none) == 0;
}

static void begin_comparing(fl_conduct *c)
{
    if (is_empty(&c->status) || was_seen(c)) {
        c->anchor.stand = ANCHOR_GOOD;
        return;
    }
    c->anchor.number = c->status.anchor_size;
    memcpy(c->anchor.root, c->status.anchor_root, sizeof c->anchor.root);
    c->anchor.stand = ANCHOR_COMPARING;
    fl_writer_ask_root(c->setup.writer, c->anchor.number);
}

static void compare(fl_conduct *c)
{
    fl_hash root;
    switch (fl_writer_root(c->setup.writer, &root)) {
    case WRITER_ROOT_WAITS: break;
    case WRITER_ROOT_KNOWN:
        if (memcmp(root.byte, c->anchor.root, sizeof c->anchor.root) == 0)
            c->anchor.stand = ANCHOR_GOOD;
        else
            refuse(c, ANCHOR_DIFFERS, c->anchor.number, c->anchor.root);
        break;
    case WRITER_ROOT_AHEAD: refuse(c, ANCHOR_IS_AHEAD, c->anchor.number, c->anchor.root); break;
    case WRITER_ROOT_BROKEN: refuse(c, ANCHOR_DIFFERS, c->anchor.number, c->anchor.root); break;
    }
}

bool conduct_anchor_owes(fl_conduct *c)
{
    if (!keeps_one(c)) return false;
    if (c->anchor.stand == ANCHOR_COMPARING) compare(c);
    if (c->anchor.stand == ANCHOR_COMPARING) return true;
    if (c->anchor.stand != ANCHOR_UNREAD) return false;
    if (c->status.has_anchor) {
        begin_comparing(c);
        if (c->anchor.stand == ANCHOR_COMPARING) compare(c);
        return c->anchor.stand == ANCHOR_COMPARING;
    }
    if (c->status.order == FL_GL1_ORDER_ANCHOR_READ && c->status.result == FL_RESULT_REFUSED) return false;
    return fl_gl1_anchor_read(&c->link, NULL) == FL_OK;
}

/* ---- set, at every ARM and at the end ---- */

void conduct_anchor_is_due(fl_conduct *c)
{
    c->anchor.due = true;
}

static void set(fl_conduct *c)
{
    const fl_writer_report log = fl_writer_look(c->setup.writer);
    const uint64_t number = c->setup.past.anchor_base + log.size;
    if (fl_gl1_anchor_set(&c->link, number, log.root.byte, NULL) != FL_OK) return;
    c->anchor.due = false;
    c->anchor.setting = true;
    c->anchor.number = number;
    c->anchor.size = log.size;
    memcpy(c->anchor.root, log.root.byte, sizeof c->anchor.root);
}

static void record_set(fl_conduct *c)
{
    char hex[2 * FL_SHA256_SIZE + 1];
    fl_entry *entry = conduct_entry(c, FL_KIND_ANCHOR_DEVICE);
    fl_entry_count(entry, "size", c->anchor.size);
    fl_entry_count(entry, "number", c->anchor.number);
    fl_entry_text(entry, "root", fl_hex(c->anchor.root, sizeof c->anchor.root, hex));
    const uint64_t ticket = conduct_post(c);
    if (c->ending && ticket) c->end_ticket = ticket;
}

/* What became of the anchor that was sent. */
static void watch(fl_conduct *c)
{
    if (!c->anchor.setting || c->status.order != FL_GL1_ORDER_ANCHOR_SET || c->status.busy) return;
    c->anchor.setting = false;
    if (c->status.result == FL_RESULT_DONE)
        record_set(c);
    else if (c->status.result == FL_RESULT_REFUSED && c->status.reason == FL_NAK_OLD)
        refuse(c, ANCHOR_IS_AHEAD, c->anchor.number, c->anchor.root);
    else
        c->anchor.due = true; /* not answered: again, when there is time */
}

static bool may_set(const fl_conduct *c)
{
    if (!keeps_one(c) || !c->status.link || c->status.watch != FL_GL1_EXPECTED || c->status.busy ||
        c->status.stand_down || !c->status.has_stat)
        return false;
    const bool warns = c->mode == FL_MODE_ARMING && c->status.stat.state == FL_DEVICE_WARN;
    return warns || (c->mode == FL_MODE_STANDBY && c->status.stat.state == FL_DEVICE_STBY);
}

void conduct_anchor(fl_conduct *c)
{
    watch(c);
    if (!c->anchor.due || c->anchor.setting || c->ending || c->anchor.stand == ANCHOR_UNREAD ||
        !conduct_anchor_is_good(c) || !may_set(c) || !fl_writer_is_idle(c->setup.writer))
        return;
    set(c);
}

bool conduct_anchor_ends(fl_conduct *c)
{
    /* One that was never compared is not overwritten: it may be the only witness. */
    if (!keeps_one(c) || !c->status.link || c->status.watch != FL_GL1_EXPECTED ||
        c->anchor.stand != ANCHOR_GOOD)
        return true;
    if (c->anchor.setting)
        watch(c);
    else if (c->anchor.closing)
        return true; /* asked, and answered or not */
    else if (!c->status.busy) {
        set(c);
        c->anchor.closing = c->anchor.setting;
    }
    return false;
}

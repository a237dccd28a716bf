/* What the caller wants: one order at a time, each refused here when a rule forbids it. */
#include "gl1_private.h"

#include "fadeline/base/assert.h"

#include <string.h>

/* Orders that change something need the expected device (L5); looking does not. */
static fl_status begin(fl_gl1 *link, fl_gl1_order order, bool acts, fl_error *error)
{
    if (link->phase != FL_GL1_OPEN) {
        fl_error_set(error, FL_E_GONE, "there is no session with the laser");
        fl_error_hint(error, "is it on, and is the cable in? A new session is asked for all the time");
        return FL_E_GONE;
    }
    if (acts && !gl1_may_act(link)) {
        fl_error_set(error, FL_E_REFUSED, "this laser is only watched: %s",
                     fl_gl1_watch_text(link->now.watch));
        fl_error_hint(error, "compare the label of the laser with its device file");
        return FL_E_REFUSED;
    }
    if (link->waiting || link->now.result == FL_RESULT_WAITING || link->stopping)
        return fl_error_set(error, FL_E_BUSY, "the last order is not answered yet");
    link->now.order = order;
    link->now.result = FL_RESULT_WAITING;
    link->waiting = order;
    link->challenged = false;
    return FL_OK;
}

fl_status fl_gl1_set(fl_gl1 *link, const fl_gl1_settings *wanted, fl_error *error)
{
    FL_ASSERT(link && wanted);
    const fl_status status = begin(link, FL_GL1_ORDER_SET, true, error);
    if (status == FL_OK) link->wanted = *wanted;
    return status;
}

fl_status fl_gl1_get(fl_gl1 *link, fl_error *error)
{
    return begin(link, FL_GL1_ORDER_GET, false, error);
}

fl_status fl_gl1_commit(fl_gl1 *link, const uint8_t plan[FL_PLAN_SIZE], fl_error *error)
{
    static const uint8_t no_plan[FL_PLAN_SIZE];
    if (memcmp(plan, no_plan, FL_PLAN_SIZE) == 0)
        return fl_error_set(error, FL_E_RANGE, "a plan hash of zeros means that there is no plan");
    if (link->phase == FL_GL1_OPEN && link->now.settings_state != FL_SETTINGS_VERIFIED) {
        fl_error_set(error, FL_E_REFUSED, "the settings have not been read back, or changed since");
        fl_error_hint(error, "set them again; what is committed is what the laser read back");
        return FL_E_REFUSED;
    }
    const fl_status status = begin(link, FL_GL1_ORDER_COMMIT, true, error);
    if (status == FL_OK) memcpy(link->wanted_plan, plan, FL_PLAN_SIZE);
    return status;
}

fl_status fl_gl1_arm(fl_gl1 *link, fl_error *error)
{
    if (link->now.stand_down) {
        fl_error_set(error, FL_E_REFUSED, "the line was disturbed more than %d times in an hour",
                     FL_GL1_BAD_FRAMES);
        fl_error_hint(
            error, "look at the cable and what runs beside it, then order reset: that says you have seen it");
        return FL_E_REFUSED;
    }
    if (link->phase == FL_GL1_OPEN && link->now.settings_state != FL_SETTINGS_COMMITTED)
        return fl_error_set(error, FL_E_REFUSED, "no settings are committed");
    return begin(link, FL_GL1_ORDER_ARM, true, error);
}

fl_status fl_gl1_reset(fl_gl1 *link, uint32_t causes, fl_error *error)
{
    const fl_status status = begin(link, FL_GL1_ORDER_RESET, true, error);
    if (status == FL_OK) link->wanted_causes = causes;
    return status;
}

fl_status fl_gl1_anchor_read(fl_gl1 *link, fl_error *error)
{
    return begin(link, FL_GL1_ORDER_ANCHOR_READ, false, error);
}

fl_status fl_gl1_anchor_set(fl_gl1 *link, uint64_t size, const uint8_t root[FL_ROOT_SIZE], fl_error *error)
{
    const fl_status status = begin(link, FL_GL1_ORDER_ANCHOR_SET, true, error);
    if (status != FL_OK) return status;
    link->wanted_size = size;
    memcpy(link->wanted_root, root, FL_ROOT_SIZE);
    return FL_OK;
}

void fl_gl1_shutter(fl_gl1 *link, bool open)
{
    link->shutter = open;
}

void fl_gl1_stop(fl_gl1 *link)
{
    link->shutter = false;
    if (link->phase != FL_GL1_OPEN) return; /* without a session the device is SAFE, or soon will be */
    if (link->waiting) gl1_finish_order(link, FL_RESULT_LOST);
    link->stopping = true;
}

static void put_settings(fl_message *message, const fl_gl1_settings *wanted)
{
    fl_message_put(message, FL_KEY_EN, wanted->energy_uJ);
    fl_message_put(message, FL_KEY_RR, wanted->rate_mHz);
    fl_message_put(message, FL_KEY_SP, wanted->spot_um);
    fl_message_put(message, FL_KEY_WL, wanted->wavelength_nm);
}

static void fill(fl_gl1 *link, fl_message *message)
{
    const uint32_t epoch = link->now.settings_epoch;
    switch (link->waiting) {
    case FL_GL1_ORDER_SET:
        message->word = FL_ASK_SET;
        put_settings(message, &link->wanted);
        /* From here until SHDW nobody knows the settings. */
        link->now.settings_state = FL_SETTINGS_UNKNOWN;
        link->now.settings = (fl_gl1_settings){0};
        break;
    case FL_GL1_ORDER_GET: message->word = FL_ASK_GET; break;
    case FL_GL1_ORDER_COMMIT:
        message->word = FL_ASK_COMMIT;
        fl_message_put(message, FL_KEY_ep, epoch);
        fl_message_put(message, FL_KEY_dg, link->now.settings_digest);
        fl_message_put_plan(message, link->wanted_plan);
        break;
    case FL_GL1_ORDER_ARM:
        message->word = link->challenged ? FL_ASK_ARM : FL_ASK_CHALLENGE;
        if (!link->challenged) break;
        fl_message_put(message, FL_KEY_ch, link->challenge);
        fl_message_put(message, FL_KEY_ep, epoch);
        break;
    case FL_GL1_ORDER_RESET:
        message->word = FL_ASK_RESET;
        fl_message_put(message, FL_KEY_ca, link->wanted_causes);
        break;
    case FL_GL1_ORDER_ANCHOR_READ: message->word = FL_ASK_ANCHOR; break;
    case FL_GL1_ORDER_ANCHOR_SET:
        message->word = FL_ASK_ANCHOR_SET;
        fl_message_put(message, FL_KEY_n, link->wanted_size);
        fl_message_put_root(message, link->wanted_root);
        break;
    case FL_GL1_ORDER_NONE: break;
    }
}

void gl1_send_order(fl_gl1 *link)
{
    fl_message message = {.word = FL_WORD_NONE};
    /* Between the wish and now the settings may have moved; then nothing is sent at all. */
    const bool stale =
        (link->waiting == FL_GL1_ORDER_COMMIT && link->now.settings_state != FL_SETTINGS_VERIFIED) ||
        (link->waiting == FL_GL1_ORDER_ARM && link->now.settings_state != FL_SETTINGS_COMMITTED) ||
        (link->waiting == FL_GL1_ORDER_ARM && link->now.stand_down);
    if (stale) {
        gl1_finish_order(link, FL_RESULT_MISMATCH);
        return;
    }
    fill(link, &message);
    FL_ASSERT(message.word != FL_WORD_NONE);
    if (message.word != FL_ASK_CHALLENGE) link->waiting = FL_GL1_ORDER_NONE; /* the answer ends it */
    if (gl1_send(link, &message, NULL) != FL_OK) return;                     /* the phase says GONE */
}

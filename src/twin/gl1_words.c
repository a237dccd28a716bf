/* What the host may say (grant link, section 4), one function a word, and the answers (section 5). */
#include "gl1_core.h"

#include "fadeline/base/digest.h"
#include "fadeline/base/text.h"

#include <string.h>

void gl1_answer(gl1_device *device, const char *body)
{
    device->answer_length =
        gl1_frame_write(device->answer, '<', device->make->uid, device->session, device->number, body);
    if (device->answer_length) device->on.send(device->on.self, device->answer, device->answer_length);
}

void gl1_answer_nak(gl1_device *device, const char *why)
{
    char body[16];
    fl_text text = fl_text_in(body, sizeof body);
    fl_text_add(&text, "NAK e=%s", why);
    gl1_answer(device, body);
}

void gl1_answer_stat(gl1_device *device)
{
    gl1_sample(device);
    char body[GL1_LINE_MAX];
    fl_text text = fl_text_in(body, sizeof body);
    const struct {
        const char *key;
        uint64_t value;
        unsigned digits; /* 0: decimal */
    } fields[] = {{"STAT st=", device->state, 0},
                  {" in=", device->in, 8},
                  {" hp=", device->on.handpiece(device->on.self), 2},
                  {" sp=", device->on.spot(device->on.self), 0},
                  {" k=", device->kept.k, 16},
                  {" ln=", device->on.flashes(device->on.self), 8},
                  {" g=", device->kept.g, 16},
                  {" en=", device->energy_uJ, 0},
                  {" ep=", device->epoch, 8},
                  {" ca=", device->cause, 8},
                  {" gap=", device->gap, 0},
                  {" t=", device->now_ms & 0xFFFFFFFFu, 8}};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        fl_text_add_word(&text, fields[i].key);
        if (fields[i].digits)
            fl_text_add_hex(&text, fields[i].value, fields[i].digits);
        else
            fl_text_add_u64(&text, fields[i].value);
    }
    device->stats[device->stat_next].number = device->number;
    device->stats[device->stat_next].ms = device->now_ms;
    device->stats[device->stat_next].valid = true;
    device->stat_next = (device->stat_next + 1) % GL1_STATS_KEPT;
    gl1_answer(device, body);
}

/* dg and the text of the settings are the device's own numbers, whatever the host wrote. */
static uint32_t settings_text(const gl1_settings *set, char room[64])
{
    fl_text text = fl_text_in(room, 64);
    fl_text_add(&text, "EN=%u RR=%u SP=%u WL=%u", (unsigned)set->en_uJ, (unsigned)set->rr_mHz,
                (unsigned)set->sp_um, (unsigned)set->wl_nm);
    return fl_crc32c(0, room, text.length);
}

static void answer_shdw(gl1_device *device)
{
    char settings[64], body[128];
    const uint32_t digest = settings_text(&device->set, settings);
    fl_text text = fl_text_in(body, sizeof body);
    fl_text_add(&text, "SHDW %s ep=%08X dg=%08X", settings, (unsigned)device->epoch, (unsigned)digest);
    gl1_answer(device, body);
}

static bool all_present(const gl1_field *fields, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!fields[i].present) return false;
    return true;
}

/* Every field of the word is there and nothing else. */
static bool read_all(const char *body, gl1_field *fields, size_t count)
{
    size_t verb;
    return gl1_fields_read(body, &verb, fields, count) && all_present(fields, count);
}

/* Non-zero, and never the session before: an old grant must not fit a new session. */
static uint32_t draw(gl1_device *device, uint32_t salt, uint32_t forbidden)
{
    uint32_t number = device->on.random(device->on.self);
    while ((number ^ salt) == 0 || (number ^ salt) == forbidden) number++;
    return number;
}

void gl1_hello(gl1_device *device, uint32_t number, const char *body)
{
    gl1_field fields[] = {{.key = "v", .form = GL1_DECIMAL}, {.key = "hn", .form = GL1_HEX8}};
    if (!(strncmp(body, "HELLO", 5) == 0 && (body[5] == ' ' || !body[5]))) return;
    const bool read = read_all(body, fields, 2);
    const uint32_t hn = (uint32_t)fields[1].value;
    if (!read || fields[0].value != 1) {
        char frame[GL1_LINE_MAX + 2];
        const size_t length =
            gl1_frame_write(frame, '<', device->make->uid, 0, number, read ? "NAK e=RANGE" : "NAK e=SYN");
        device->on.send(device->on.self, frame, length);
        return;
    }
    /* A doubled HELLO on the wire is one HELLO: nothing of the session was used yet. */
    if (device->in_session && !device->taken && number == device->number && hn == device->hn) {
        device->on.send(device->on.self, device->answer, device->answer_length);
        return;
    }
    const uint32_t before = device->session;
    gl1_to_safe(device);
    const uint32_t dn = draw(device, hn, before);
    char text_room[GL1_LINE_MAX];
    fl_text text = fl_text_in(text_room, sizeof text_room);
    fl_text_add(&text, "HELLO v=1 uid=%s dn=%08X wd=%u ga=%u wa=%u cap=%02X fw=%s", device->make->uid,
                (unsigned)dn, GL1_WD_MS, GL1_GA_MS, (unsigned)device->make->wa_ms,
                (unsigned)device->make->cap, device->make->fw);
    device->number = number;
    device->gap = 0;
    gl1_answer(device, text_room); /* still in session 0: the host cannot know the new one yet */
    device->hn = hn;
    device->session = hn ^ dn;
    device->in_session = true;
    device->session_began_ms = device->heard_ms = device->now_ms;
}

static void word_poll(gl1_device *device, const char *body)
{
    gl1_field sh = {.key = "sh", .form = GL1_BIT};
    if (!read_all(body, &sh, 1)) {
        gl1_answer_nak(device, "SYN");
        return;
    }
    device->want_open = sh.value == 1;
    gl1_drive(device); /* forgets the wish unless it may be obeyed now */
    gl1_answer_stat(device);
}

static void word_set(gl1_device *device, const char *body)
{
    gl1_field fields[] = {{.key = "EN", .form = GL1_DECIMAL},
                          {.key = "RR", .form = GL1_DECIMAL},
                          {.key = "SP", .form = GL1_DECIMAL},
                          {.key = "WL", .form = GL1_DECIMAL}};
    size_t verb;
    const bool read = gl1_fields_read(body, &verb, fields, 4);
    if (!read || !(fields[0].present || fields[1].present || fields[2].present || fields[3].present)) {
        gl1_answer_nak(device, "SYN");
        return;
    }
    if (device->state != GL1_STBY) {
        gl1_answer_nak(device, "STATE");
        return;
    }
    gl1_settings wanted = device->set;
    if (fields[0].present) wanted.en_uJ = (uint32_t)fields[0].value;
    if (fields[1].present) wanted.rr_mHz = (uint32_t)fields[1].value;
    if (fields[2].present) wanted.sp_um = (uint32_t)fields[2].value;
    if (fields[3].present) wanted.wl_nm = (uint32_t)fields[3].value;
    if (!gl1_settings_allowed(device->make, &wanted)) {
        gl1_answer_nak(device, "RANGE");
        return;
    }
    gl1_settings_changed(device, &wanted);
    answer_shdw(device);
}

static void word_get(gl1_device *device, const char *body)
{
    if (read_all(body, NULL, 0))
        answer_shdw(device);
    else
        gl1_answer_nak(device, "SYN");
}

static void word_commit(gl1_device *device, const char *body)
{
    gl1_field fields[] = {
        {.key = "ep", .form = GL1_HEX8}, {.key = "dg", .form = GL1_HEX8}, {.key = "ph", .form = GL1_HEX32}};
    static const uint8_t none[16];
    char settings[64];
    const char *why = NULL;
    if (!read_all(body, fields, 3))
        why = "SYN";
    else if (device->state != GL1_STBY)
        why = "STATE";
    else if (fields[0].value != device->epoch)
        why = "EPOCH";
    else if (fields[1].value != settings_text(&device->set, settings))
        why = "DIG";
    else if (memcmp(fields[2].bytes, none, 16) == 0)
        why = "PLAN"; /* zeros mean: no commitment */
    if (why) {
        gl1_answer_nak(device, why);
        return;
    }
    memcpy(device->plan, fields[2].bytes, 16);
    gl1_answer_stat(device);
}

static void word_challenge(gl1_device *device, const char *body)
{
    if (!read_all(body, NULL, 0)) {
        gl1_answer_nak(device, "SYN");
        return;
    }
    if (device->state != GL1_STBY) {
        gl1_answer_nak(device, "STATE");
        return;
    }
    device->challenge = draw(device, 0, device->challenge);
    device->challenge_ms = device->now_ms;
    char room[40];
    fl_text text = fl_text_in(room, sizeof room);
    fl_text_add(&text, "CHAL ch=%08X ep=%08X", (unsigned)device->challenge, (unsigned)device->epoch);
    gl1_answer(device, room);
}

static const char *arm_refused(const gl1_device *device, uint32_t challenge, uint32_t ch, uint32_t ep)
{
    if (device->state != GL1_STBY) return "STATE";
    if (!challenge || ch != challenge) return "CHAL";
    if (device->now_ms - device->challenge_ms > GL1_CHALLENGE_MS) return "CHAL";
    if (ep != device->epoch) return "EPOCH";
    if (!gl1_committed(device)) return "PLAN";
    if (gl1_bad_inputs(device)) return "ILK";
    if (!gl1_foot_up(device)) return "FOOT";
    if (!gl1_shutters_shut(device)) return "SHUT";
    return NULL;
}

static void word_arm(gl1_device *device, const char *body)
{
    gl1_field fields[] = {{.key = "ch", .form = GL1_HEX8}, {.key = "ep", .form = GL1_HEX8}};
    if (!read_all(body, fields, 2)) {
        gl1_answer_nak(device, "SYN");
        return;
    }
    const uint32_t challenge = device->challenge;
    device->challenge = 0; /* one try, whatever comes of it */
    const char *why = arm_refused(device, challenge, (uint32_t)fields[0].value, (uint32_t)fields[1].value);
    if (why) {
        gl1_answer_nak(device, why);
        return;
    }
    device->state = GL1_WARN;
    device->warned_ms = device->now_ms;
    gl1_drive(device);
    gl1_answer_stat(device);
}

static void word_stop(gl1_device *device, const char *body)
{
    if (!read_all(body, NULL, 0)) {
        gl1_answer_nak(device, "SYN");
        return;
    }
    if (device->state != GL1_FAULT) gl1_to_standby(device, device->cause);
    gl1_answer_stat(device);
}

/* Calm: nothing moves, nobody presses, the machine itself is well. The other inputs are judged at ARM. */
static const char *reset_refused(const gl1_device *device, uint32_t cause)
{
    if (device->state != GL1_FAULT) return "STATE";
    if (cause != device->cause) return "DIG";
    if (~device->in & (GL1_IN_HEAD | GL1_IN_WATCHDOG)) return "ILK";
    if (!gl1_foot_up(device)) return "FOOT";
    if (!gl1_shutters_shut(device)) return "SHUT";
    return NULL;
}

static void word_reset(gl1_device *device, const char *body)
{
    gl1_field ca = {.key = "ca", .form = GL1_HEX8};
    const char *why = read_all(body, &ca, 1) ? reset_refused(device, (uint32_t)ca.value) : "SYN";
    if (why) {
        gl1_answer_nak(device, why);
        return;
    }
    device->self_test_due = true;
    gl1_to_standby(device, 0);
    gl1_answer_stat(device);
}

static void answer_anchor(gl1_device *device)
{
    char room[GL1_LINE_MAX];
    fl_text text = fl_text_in(room, sizeof room);
    fl_text_add(&text, "ANCH n=%016llX r=", (unsigned long long)device->kept.anchor_n);
    for (size_t i = 0; i < 32; i++) fl_text_add(&text, "%02X", (unsigned)device->kept.anchor_r[i]);
    gl1_answer(device, room);
}

static void word_anchor_read(gl1_device *device, const char *body)
{
    if (read_all(body, NULL, 0))
        answer_anchor(device);
    else
        gl1_answer_nak(device, "SYN");
}

static void word_anchor(gl1_device *device, const char *body)
{
    gl1_field fields[] = {{.key = "n", .form = GL1_HEX16}, {.key = "r", .form = GL1_HEX64}};
    static const uint8_t none[32];
    if (!read_all(body, fields, 2)) {
        gl1_answer_nak(device, "SYN");
        return;
    }
    gl1_kept next = device->kept;
    const bool first = next.anchor_n == 0 && memcmp(next.anchor_r, none, 32) == 0;
    const bool same_root = memcmp(next.anchor_r, fields[1].bytes, 32) == 0;
    if (!first && (fields[0].value < next.anchor_n || (fields[0].value == next.anchor_n && !same_root))) {
        gl1_answer_nak(device, "OLD");
        return;
    }
    next.anchor_n = fields[0].value;
    memcpy(next.anchor_r, fields[1].bytes, 32);
    if (!device->on.keep(device->on.self, &next)) {
        gl1_to_fault(device, GL1_CAUSE_MEMORY);
        gl1_answer_nak(device, "STATE");
        return;
    }
    device->kept = next;
    answer_anchor(device);
}

void gl1_word(gl1_device *device, const char *body)
{
    static const struct {
        const char *verb;
        uint8_t cap; /* the device must be able to */
        void (*obey)(gl1_device *device, const char *body);
    } words[] = {
        {"POLL", 0, word_poll},
        {"SET", 0, word_set},
        {"GET", 0, word_get},
        {"COMMIT", 0, word_commit},
        {"ARM?", 0, word_challenge},
        {"ARM", 0, word_arm},
        {"GRANT", 0, gl1_word_grant},
        {"STOP", 0, word_stop},
        {"RESET", 0, word_reset},
        {"ANCHOR?", GL1_CAP_ANCHOR, word_anchor_read},
        {"ANCHOR", GL1_CAP_ANCHOR, word_anchor},
    };
    const size_t length = strcspn(body, " ");
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strlen(words[i].verb) != length || memcmp(words[i].verb, body, length) != 0) continue;
        if ((device->make->cap & words[i].cap) != words[i].cap) break;
        words[i].obey(device, body);
        return;
    }
    gl1_answer_nak(device, "VERB");
}

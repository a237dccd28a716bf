#include "grant_link.h"
#include "grant_text.h"

enum { SILENT_HOT = 100, SILENT_COLD = 1500, GRANT_AGE = 40, CHALLENGE_LIFE = 3000, AHEAD_MOST = 8 };
enum { SHUT_WITHIN = 500, FLASH_WITHIN = 5 }; /* this core's own; the page gives none */
#define DAY_MS (24u * 60 * 60 * 1000)

/* ---- what is true now ---- */

static uint32_t bad_inputs(const gl_device *d)
{
    const uint32_t wanted = GL_KEY | GL_ESTOP | GL_DOOR | GL_COVERS | GL_FLOW | GL_TEMPERATURE | GL_HEAD |
                            GL_WATCHDOG | GL_TEST_PASSED | GL_TEST_FINISHED |
                            (d->make->cap & GL_CAP_ENERGY ? (uint32_t)GL_ENERGY_SENSOR : 0);
    return wanted & ~d->in;
}

static bool is_hot(const gl_device *d)
{
    return d->state == GL_WARN || d->state == GL_READY;
}
static bool is_shut(const gl_device *d)
{
    return (d->in & (GL_SHUT | GL_OPEN)) == GL_SHUT;
}
static bool is_open(const gl_device *d)
{
    return (d->in & (GL_SHUT | GL_OPEN)) == GL_OPEN;
}

static uint32_t feet(const gl_device *d)
{
    return GL_FOOT_A | (d->make->cap & GL_CAP_TWO_FEET ? (uint32_t)GL_FOOT_B : 0);
}

/* ---- states (6) ---- */

/* Outputs follow the state. A wish to open that may not be obeyed now is forgotten: a foot that comes back
 * needs a fresh POLL. */
static void drive(gl_device *d)
{
    const bool may = d->state == GL_READY && (d->in & feet(d)) == feet(d) && !bad_inputs(d);
    d->want_open = d->want_open && may;
    d->on.outputs(d->on.self, (is_hot(d) ? GL_INDICATOR : 0u) | (d->state == GL_READY ? GL_ENABLE : 0u) |
                                  (d->want_open ? GL_DRIVE_SHUTTERS : 0u) |
                                  (d->self_test ? GL_SELF_TEST : 0u));
    d->self_test = false;
}

static void forget_plan(gl_device *d)
{
    for (int i = 0; i < 16; i++) d->plan[i] = 0;
}

static void to_standby(gl_device *d, uint32_t cause)
{
    d->state = GL_STBY;
    d->cause = cause;
    drive(d);
}

static void to_fault(gl_device *d, uint32_t cause) /* the first cause stays: RESET must name it */
{
    if (d->state == GL_FAULT) return;
    d->state = GL_FAULT;
    d->cause = cause;
    d->challenge = 0;
    drive(d);
}

static void to_safe(gl_device *d) /* the session is over; a FAULT stays */
{
    if (d->state != GL_FAULT) d->state = GL_SAFE;
    d->in_session = d->taken = d->want_open = false;
    d->session = d->challenge = d->stats = 0;
    d->answer_size = 0;
    forget_plan(d);
    drive(d);
}

static void change_settings(gl_device *d, const gl_settings *set) /* 6.4 */
{
    d->set = *set;
    d->epoch++;
    forget_plan(d);
    if (is_hot(d)) to_standby(d, 0);
}

void gl_start(gl_device *d, const gl_make *make, const gl_board *on, const gl_kept *kept)
{
    for (size_t i = 0; i < sizeof *d; i++) ((volatile unsigned char *)d)[i] = 0;
    d->make = make;
    d->on = *on;
    d->kept = *kept;
    d->set = make->at_start;
    d->epoch = 1;
    d->self_test = true;
    d->seen = on->flashes(on->self);
    d->in = on->inputs(on->self);
}

/* Light without a pulse, a shutter that says both or stays open, a self-test that failed: FAULT. */
static void watch_machine(gl_device *d)
{
    const uint32_t flashes = d->on.flashes(d->on.self), more = flashes - d->seen;
    d->seen = flashes;
    if (d->make->cap & GL_CAP_FLASHES && more > d->owed) to_fault(d, GL_CAUSE_LIGHT);
    d->owed -= more > d->owed ? d->owed : more;
    if (d->now - d->pulsed_at > FLASH_WITHIN) d->owed = 0; /* a dud must not hide a later flash */

    const uint32_t both = (d->in & GL_SHUT) & (d->in & GL_OPEN) >> 2;
    if (both) to_fault(d, both | both << 2);
    if (d->want_open || is_shut(d)) d->not_shut = d->now;
    if (d->make->cap & GL_CAP_SENSES && d->now - d->not_shut > SHUT_WITHIN)
        to_fault(d, (~d->in & GL_SHUT) | (d->in & GL_OPEN));
    if ((d->in & (GL_TEST_FINISHED | GL_TEST_PASSED)) == GL_TEST_FINISHED) to_fault(d, GL_TEST_PASSED);
}

void gl_tick(gl_device *d, uint64_t now_ms)
{
    d->now = now_ms;
    if (d->self_test) d->not_shut = now_ms, drive(d);
    d->in = d->on.inputs(d->on.self);
    watch_machine(d);
    const uint64_t silence = now_ms - d->heard;
    if (d->in_session && (silence > (is_hot(d) ? SILENT_HOT : SILENT_COLD) || now_ms - d->began > DAY_MS))
        to_safe(d);                                                                       /* 6.3 */
    if (is_hot(d) && bad_inputs(d)) to_standby(d, bad_inputs(d));                         /* 6.2 */
    if (d->state == GL_WARN && now_ms - d->warned >= d->make->wa_ms) d->state = GL_READY; /* 6.8 */
    drive(d);
}

bool gl_panel(gl_device *d, const gl_settings *edited)
{
    const bool may = d->on.allowed(d->on.self, edited);
    if (may) change_settings(d, edited);
    return may;
}

/* ---- answers (5) ---- */

static void seal_and_send(gl_device *d, uint32_t session, gl_text *t)
{
    const uint32_t start = session ? gl_crc32c(0, d->make->uid, gl_size_of(d->make->uid)) : 0;
    gl_put_number(t, "*", gl_crc32c(start, t->bytes, t->size), 8);
    gl_put(t, "\n");
    if (!t->cut) d->on.send(d->on.self, t->bytes, t->size);
}

static gl_text begin_answer(uint32_t session, uint32_t number)
{
    gl_text t = gl_text_begin();
    gl_put_number(&t, "<", session, 8);
    gl_put_number(&t, "", number, 8);
    return t;
}

static void answer(gl_device *d,
                   gl_text *t) /* kept, to be said again when the same frame comes again (6.7) */
{
    seal_and_send(d, d->session, t);
    d->answer_size = t->cut ? 0 : (unsigned)t->size;
    for (unsigned i = 0; i < d->answer_size; i++) d->answer[i] = t->bytes[i];
}

static void nak(gl_device *d, const char *why)
{
    gl_text t = begin_answer(d->session, d->number);
    gl_put(&t, " NAK e="), gl_put(&t, why);
    answer(d, &t);
}

static void stat(gl_device *d)
{
    gl_text t = begin_answer(d->session, d->number);
    d->in = d->on.inputs(d->on.self);
    gl_put_number(&t, " STAT st=", d->state, 0), gl_put_number(&t, " in=", d->in, 8);
    gl_put_number(&t, " hp=", d->on.handpiece(d->on.self), 2),
        gl_put_number(&t, " sp=", d->on.spot(d->on.self), 0);
    gl_put_number(&t, " k=", d->kept.k, 16), gl_put_number(&t, " ln=", d->on.flashes(d->on.self), 8);
    gl_put_number(&t, " g=", d->kept.g, 16), gl_put_number(&t, " en=", d->energy_uJ, 0);
    gl_put_number(&t, " ep=", d->epoch, 8), gl_put_number(&t, " ca=", d->cause, 8),
        gl_put_number(&t, " gap=", d->gap, 0);
    gl_put_number(&t, " t=", d->now & UINT32_MAX, 8);
    d->stat_number[d->stats % 8] = d->number;
    d->stat_at[d->stats++ % 8] = d->now;
    answer(d, &t);
}

static uint32_t put_settings(const gl_device *d,
                             gl_text *t) /* the digest is over the machine's own numbers */
{
    const size_t from = t->size;
    gl_put_number(t, "EN=", d->set.en_uJ, 0), gl_put_number(t, " RR=", d->set.rr_mHz, 0);
    gl_put_number(t, " SP=", d->set.sp_um, 0), gl_put_number(t, " WL=", d->set.wl_nm, 0);
    return gl_crc32c(0, t->bytes + from, t->size - from);
}

static void shadow(gl_device *d)
{
    gl_text t = begin_answer(d->session, d->number);
    gl_put(&t, " SHDW ");
    const uint32_t digest = put_settings(d, &t);
    gl_put_number(&t, " ep=", d->epoch, 8), gl_put_number(&t, " dg=", digest, 8);
    answer(d, &t);
}

static void anchor(gl_device *d)
{
    gl_text t = begin_answer(d->session, d->number);
    gl_put_number(&t, " ANCH n=", d->kept.anchor, 16), gl_put(&t, " r=");
    for (int i = 0; i < 32; i++) gl_put_number(&t, "", d->kept.root[i], 2);
    answer(d, &t);
}

/* ---- the one way to light (6.5 to 6.7) ---- */

enum { G, F, EP, K, EN, SP, PU, PH, GRANT_FIELDS };

static bool is_fresh(const gl_device *d, uint64_t number)
{
    for (uint32_t i = 0; i < 8 && i < d->stats; i++)
        if (d->stat_number[i] == number) return d->now - d->stat_at[i] <= GRANT_AGE;
    return false;
}

static const char *grant_refused(const gl_device *d, const gl_field *f)
{
    const uint32_t spot = d->on.spot(d->on.self);
    if (d->state != GL_READY) return "STATE";
    if (f[G].value <= d->kept.g) return "OLD";
    if (!is_fresh(d, f[F].value)) return "AGE";
    if (f[EP].value != d->epoch) return "EPOCH";
    if (gl_is_zero(d->plan, 16) || !gl_same(f[PH].bytes, d->plan, 16)) return "PLAN";
    if (f[K].value != d->kept.k) return "COUNT";
    if (f[EN].value != d->set.en_uJ) return "ENERGY";
    if (f[SP].value != spot || f[SP].value != d->set.sp_um) return "SPOT";
    if (!!(d->in & GL_DOCKED) != (f[PU].value == 'C')) return "DOCK";
    if (bad_inputs(d)) return "ILK";
    if ((d->in & feet(d)) != feet(d)) return "FOOT";
    if (!is_open(d)) return "SHUT";
    if (d->pulsed && (d->now - d->pulsed_at) * d->set.rr_mHz < 1000000u)
        return "RATE"; /* mHz x ms: a period is 10^6 */
    return NULL;
}

static const char *grant(gl_device *d, const gl_field *f)
{
    const char *why = grant_refused(d, f);
    if (why) return why;
    gl_kept next = d->kept;
    next.g = f[G].value;
    next.k++;
    if (!d->on.keep(d->on.self, &next)) return to_fault(d, GL_CAUSE_MEMORY), "COUNT";
    d->kept = next; /* a power cut from here on leaves the counter one ahead of the light, never behind */
    d->pulsed = true;
    d->pulsed_at = d->now;
    d->owed = 1;
    d->energy_uJ = d->on.pulse(d->on.self, &d->set);
    return NULL;
}

/* ---- words of the host (4): each says why not, or NULL and the answer is a STAT ---- */

static const char *arm(gl_device *d, const gl_field *f)
{
    const uint32_t challenge = d->challenge;
    d->challenge = 0; /* one try, whatever comes of it */
    if (d->state != GL_STBY) return "STATE";
    if (!challenge || f[0].value != challenge || d->now - d->challenged > CHALLENGE_LIFE) return "CHAL";
    if (f[1].value != d->epoch) return "EPOCH";
    if (gl_is_zero(d->plan, 16)) return "PLAN";
    if (bad_inputs(d)) return "ILK";
    if (d->in & feet(d)) return "FOOT";
    if (!is_shut(d)) return "SHUT";
    d->state = GL_WARN;
    d->warned = d->now;
    return drive(d), NULL;
}

static const char *commit(gl_device *d, const gl_field *f)
{
    gl_text own = gl_text_begin();
    if (d->state != GL_STBY) return "STATE";
    if (f[0].value != d->epoch) return "EPOCH";
    if (f[1].value != put_settings(d, &own)) return "DIG";
    if (gl_is_zero(f[2].bytes, 16)) return "PLAN"; /* zeros mean: no commitment */
    for (int i = 0; i < 16; i++) d->plan[i] = f[2].bytes[i];
    return NULL;
}

static const char *reset(gl_device *d,
                         const gl_field *f) /* calm: nothing moves, nobody presses, the machine is well */
{
    if (d->state != GL_FAULT) return "STATE";
    if (f[0].value != d->cause) return "DIG";
    if (~d->in & (GL_HEAD | GL_WATCHDOG)) return "ILK";
    if (d->in & feet(d)) return "FOOT";
    if (!is_shut(d)) return "SHUT";
    d->self_test = true;
    return to_standby(d, 0), NULL;
}

static const char *take_anchor(gl_device *d, const gl_field *f)
{
    gl_kept next = d->kept;
    const bool first = !next.anchor && gl_is_zero(next.root, 32);
    if (!first &&
        (f[0].value < next.anchor || (f[0].value == next.anchor && !gl_same(f[1].bytes, next.root, 32))))
        return "OLD";
    next.anchor = f[0].value;
    for (int i = 0; i < 32; i++) next.root[i] = f[1].bytes[i];
    if (!d->on.keep(d->on.self, &next)) return to_fault(d, GL_CAUSE_MEMORY), "STATE";
    d->kept = next;
    return NULL;
}

static const char *set(gl_device *d, const gl_field *f)
{
    gl_settings next = d->set;
    if (d->state != GL_STBY) return "STATE";
    if (f[0].given) next.en_uJ = (uint32_t)f[0].value;
    if (f[1].given) next.rr_mHz = (uint32_t)f[1].value;
    if (f[2].given) next.sp_um = (uint32_t)f[2].value;
    if (f[3].given) next.wl_nm = (uint32_t)f[3].value;
    if (!d->on.allowed(d->on.self, &next)) return "RANGE"; /* all or none */
    return change_settings(d, &next), NULL;
}

static uint32_t draw(gl_device *d, uint32_t salt,
                     uint32_t before) /* what comes of it is not zero, and not again */
{
    uint32_t number = d->on.random(d->on.self);
    while ((number ^ salt) == 0 || (number ^ salt) == before) number++;
    return number;
}

static const char *challenge(gl_device *d)
{
    if (d->state != GL_STBY) return "STATE";
    d->challenge = draw(d, 0, d->challenge);
    d->challenged = d->now;
    gl_text t = begin_answer(d->session, d->number);
    gl_put_number(&t, " CHAL ch=", d->challenge, 8), gl_put_number(&t, " ep=", d->epoch, 8);
    return answer(d, &t), NULL;
}

static void obey(gl_device *d, const char *body, const char *end)
{
    enum { POLL, SET, GET, COMMIT, ASK, ARM, GRANT, STOP, RESET, ASK_ANCHOR, ANCHOR, WORDS };
    static const struct {
        const char *verb;
        int count; /* fields that must be there; SET: at least one */
        struct {
            const char *key;
            unsigned form;
        } fields[GRANT_FIELDS];
    } words[WORDS] = {
        [POLL] = {"POLL", 1, {{"sh", BIT}}},
        [SET] = {"SET", 4, {{"EN", DECIMAL}, {"RR", DECIMAL}, {"SP", DECIMAL}, {"WL", DECIMAL}}},
        [GET] = {"GET", 0, {{0}}},
        [COMMIT] = {"COMMIT", 3, {{"ep", 8}, {"dg", 8}, {"ph", 32}}},
        [ASK] = {"ARM?", 0, {{0}}},
        [ARM] = {"ARM", 2, {{"ch", 8}, {"ep", 8}}},
        [GRANT] = {"GRANT",
                   8,
                   {{"g", 16},
                    {"f", 8},
                    {"ep", 8},
                    {"k", 16},
                    {"en", DECIMAL},
                    {"sp", DECIMAL},
                    {"pu", PURPOSE},
                    {"ph", 32}}},
        [STOP] = {"STOP", 0, {{0}}},
        [RESET] = {"RESET", 1, {{"ca", 8}}},
        [ASK_ANCHOR] = {"ANCHOR?", 0, {{0}}},
        [ANCHOR] = {"ANCHOR", 2, {{"n", 16}, {"r", 64}}},
    };
    const char *fields = body;
    while (fields < end && *fields != ' ') fields++;
    const size_t size = (size_t)(fields - body);
    int w = 0;
    while (w < WORDS && (gl_size_of(words[w].verb) != size || !gl_same(words[w].verb, body, size))) w++;
    if (w == WORDS || (w >= ASK_ANCHOR && !(d->make->cap & GL_CAP_ANCHOR))) {
        nak(d, "VERB");
        return;
    }
    gl_field f[GRANT_FIELDS];
    for (int i = 0; i < words[w].count; i++)
        f[i] = (gl_field){.key = words[w].fields[i].key, .form = words[w].fields[i].form};
    const int given = gl_read_fields(fields, end, f, (size_t)words[w].count);
    if (w == SET ? given < 1 : given != words[w].count) {
        nak(d, "SYN");
        return;
    }
    const char *why = NULL;
    switch (w) {
    case POLL: d->want_open = f[0].value == '1', drive(d); break;
    case SET: why = set(d, f); break;
    case COMMIT: why = commit(d, f); break;
    case ASK: why = challenge(d); break;
    case ARM: why = arm(d, f); break;
    case GRANT: why = grant(d, f); break;
    case STOP:
        if (d->state != GL_FAULT) to_standby(d, d->cause);
        break;
    case RESET: why = reset(d, f); break;
    case ANCHOR: why = take_anchor(d, f); break;
    }
    if (why)
        nak(d, why);
    else if (w == SET || w == GET)
        shadow(d);
    else if (w >= ASK_ANCHOR)
        anchor(d);
    else if (w != ASK)
        stat(d);
}

static void hello(gl_device *d, uint32_t number, const char *body, const char *end)
{
    gl_field f[] = {{.key = "v"}, {.key = "hn", .form = 8}};
    if (end - body < 5 || !gl_same(body, "HELLO", 5) || (end - body > 5 && body[5] != ' ')) return;
    const bool good = gl_read_fields(body + 5, end, f, 2) == 2;
    gl_text t = begin_answer(0, number);
    if (!good || f[0].value != 1) {
        gl_put(&t, good ? " NAK e=RANGE" : " NAK e=SYN");
        seal_and_send(d, 0, &t);
        return;
    }
    const uint32_t hn = (uint32_t)f[1].value;
    if (d->in_session && !d->taken && number == d->number &&
        hn == d->hn) { /* doubled by the wire: still one HELLO */
        d->on.send(d->on.self, d->answer, d->answer_size);
        return;
    }
    const uint32_t before = d->session;
    to_safe(d);
    const uint32_t dn = draw(d, hn, before);
    gl_put(&t, " HELLO v=1 uid="), gl_put(&t, d->make->uid), gl_put_number(&t, " dn=", dn, 8);
    gl_put_number(&t, " wd=", SILENT_HOT, 0), gl_put_number(&t, " ga=", GRANT_AGE, 0),
        gl_put_number(&t, " wa=", d->make->wa_ms, 0);
    gl_put_number(&t, " cap=", d->make->cap, 2), gl_put(&t, " fw="), gl_put(&t, d->make->fw);
    d->number = number, d->hn = hn, d->gap = 0;
    answer(d, &t); /* in session 0: the host cannot know the new one yet */
    d->session = hn ^ dn;
    d->in_session = true;
    d->began = d->heard = d->now;
}

/* ---- lines (3) ---- */

static void bad_frame(gl_device *d) /* the fourth within a second ends the session */
{
    const bool many = d->bads >= 3 && d->now - d->bad[d->bads % 3] <= 1000;
    d->bad[d->bads % 3] = d->now;
    d->bads = d->bads < 3 ? d->bads + 1 : 3 + (d->bads + 1) % 3;
    if (many) to_safe(d);
}

enum { HEAD = 18, TAIL = 9 }; /* direction, session, number, blank; star and check */

static bool read_frame(const gl_device *d, uint64_t *session, uint64_t *number)
{
    const char *line = d->line;
    const size_t size = d->line_size, star = size - TAIL;
    uint64_t check;
    if (size < HEAD + 1 + TAIL || line[0] != '>' || line[HEAD - 1] != ' ' || line[star] != '*') return false;
    for (size_t i = 0; i < star; i++)
        if (line[i] == '*') return false;
    if (!gl_read_hex(line + 1, 8, session) || !gl_read_hex(line + 9, 8, number) ||
        !gl_read_hex(line + star + 1, 8, &check))
        return false;
    const uint32_t start = *session ? gl_crc32c(0, d->make->uid, gl_size_of(d->make->uid)) : 0;
    return check == gl_crc32c(start, line, star);
}

static void whole_line(gl_device *d)
{
    const char *line = d->line;
    const size_t size = d->line_size;
    uint64_t session, number;
    if (size == 0) return; /* a person pressed Enter */
    if (size == 1 && *line == '!') {
        to_safe(d);
        return;
    }
    if (size == 5 && gl_same(line, "*IDN?", 5)) {
        gl_text t = gl_text_begin();
        gl_put(&t, d->make->maker), gl_put(&t, ","), gl_put(&t, d->make->model), gl_put(&t, ","),
            gl_put(&t, d->make->uid);
        gl_put(&t, ","), gl_put(&t, d->make->fw), gl_put(&t, "\n");
        d->on.send(d->on.self, t.bytes, t.size);
        return;
    }
    if (!read_frame(d, &session, &number)) {
        bad_frame(d);
        return;
    }
    const char *body = line + HEAD, *end = line + size - TAIL;
    if (session == 0) {
        hello(d, (uint32_t)number, body, end);
        return;
    }
    if (!d->in_session || session != d->session) return; /* nobody's, and no damage */
    const uint32_t ahead = (uint32_t)number - d->number;
    if (ahead == 0 && d->answer_size) d->on.send(d->on.self, d->answer, d->answer_size); /* 6.7 */
    if (ahead == 0 || ahead > AHEAD_MOST) return;
    /* Only a new number feeds the watchdog: a wire that repeats the last frame cannot keep the laser hot. */
    d->number = (uint32_t)number;
    d->gap += ahead - 1;
    d->heard = d->now;
    d->answer_size = 0;
    d->taken = true;
    d->in = d->on.inputs(d->on.self);
    if (d->state == GL_SAFE) d->state = GL_STBY;
    obey(d, body, end);
}

void gl_byte(gl_device *d, char byte)
{
    if (byte == '\r') return;
    if (byte == '\n') {
        if (d->spoiled)
            bad_frame(d);
        else
            whole_line(d);
        d->line_size = 0;
        d->spoiled = false;
        return;
    }
    if (byte < 0x20 || byte > 0x7E || d->line_size == GL_LINE_MOST) d->spoiled = true;
    if (!d->spoiled) d->line[d->line_size++] = byte;
}

void gl_hangup(gl_device *d)
{
    d->line_size = 0;
    d->spoiled = false;
    to_safe(d);
}

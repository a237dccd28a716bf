/* All clinics of the owner's hub on one page: the verdict of each first, never added up against each other,
 * then every laser, what was found, and what each word means. The hub is asked by a process (roll_up.h): a
 * hub that is slow or gone is a sentence here and never a page that hangs. */
#include "core.h"
#include "owner.h"
#include "roll_up.h"

#include "fadeline/base/show.h"
#include "fadeline/base/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- what the answer holds ---- */

static int64_t number(const json_t *object, const char *key)
{
    return json_integer_value(json_object_get(object, key));
}

/* A text of another machine: shown, never obeyed. */
static const char *words(page *p, const json_t *object, const char *key)
{
    char shown[FL_SHOWN_MAX];
    const char *text = json_string_value(json_object_get(object, key));
    return text ? page_format(p, "%s", fl_show_text(shown, sizeof shown, text)) : "";
}

typedef enum log_state {
    LOG_INTACT,
    LOG_LATE,
    LOG_WAITING,
    LOG_FORKED,
    LOG_DAMAGED
} log_state; /* by weight */

static const struct {
    const char *code, *anchor, *shape;
    word name, means;
} states[] = {{"intact", "log-intact", "good", W_ROLL_INTACT, W_ROLL_INTACT_MEANS},
              {"late", "log-late", "warn", W_ROLL_LATE, W_ROLL_LATE_MEANS},
              {"WAITING", "log-waiting", "warn", W_ROLL_WAITING, W_ROLL_WAITING_MEANS},
              {"FORKED", "log-forked", "bad", W_ROLL_FORKED, W_ROLL_FORKED_MEANS},
              {"DAMAGED", "log-damaged", "bad", W_ROLL_DAMAGED, W_ROLL_DAMAGED_MEANS}};

/* A word that we do not know is as bad as the worst. */
static log_state state_of(const json_t *log)
{
    const char *code = json_string_value(json_object_get(log, "state"));
    for (int i = LOG_WAITING; i <= LOG_DAMAGED; i++)
        if (fl_text_same(code, states[i].code)) return (log_state)i;
    if (!fl_text_same(code, "intact")) return LOG_DAMAGED;
    return json_is_true(json_object_get(log, "late")) ? LOG_LATE : LOG_INTACT;
}

typedef struct clinic { /* the logs of one site; they stand together */
    const json_t *first;
    size_t logs;
    log_state state;
    bool flagged, audited;
    int64_t unexplained, days, exceptions, lasers;
    const char *newest; /* of the log that is oldest; "" when one has none */
} clinic;

static bool needs_call(const clinic *c)
{
    return c->flagged || c->state != LOG_INTACT;
}

static void take_log(page *p, clinic *c, const json_t *log)
{
    size_t i;
    json_t *row;
    const json_t *audit = json_object_get(log, "audit");
    const log_state state = state_of(log);
    const char *newest = words(p, log, "newest_day");
    if (state > c->state) c->state = state;
    if (!c->logs++ || strcmp(newest, c->newest) < 0) c->newest = newest;
    c->audited |= json_is_object(audit);
    c->flagged |= fl_text_same(json_string_value(json_object_get(audit, "verdict")), "flag");
    c->unexplained += number(audit, "unexplained_absolute");
    c->lasers += (int64_t)json_array_size(json_object_get(audit, "devices"));
    json_array_foreach(json_object_get(audit, "sites"), i, row)
    {
        c->days += number(row, "flagged_days");
        c->exceptions += number(row, "exceptions");
    }
}

static size_t clinics_of(page *p, const json_t *logs, clinic *list)
{
    size_t count = 0, i;
    json_t *log;
    json_array_foreach(logs, i, log)
    {
        size_t n = 0;
        const char *site = json_string_value(json_object_get(log, "site"));
        while (n < count && !fl_text_same(json_string_value(json_object_get(list[n].first, "site")), site))
            n++;
        if (n == count) list[count++] = (clinic){.first = log, .newest = ""};
        take_log(p, &list[n], log);
    }
    return count;
}

/* ---- verdicts ---- */

static void put_state(page *p, log_state state)
{
    html_put(&p->html, "<a class=\"state %s\" href=\"#%s\">%s</a>", states[state].shape, states[state].anchor,
             say(p, states[state].name));
}

static void put_clinic(page *p, const clinic *c)
{
    html *w = &p->html;
    html_put(w, "<li class=\"%s\"><h3>%s</h3><p>", needs_call(c) ? "call" : "", words(p, c->first, "site"));
    if (!c->audited)
        html_put(w, "<a class=\"state bad\" href=\"#no-audit\">%s</a>", say(p, W_ROLL_NO_AUDIT));
    else if (!c->lasers)
        html_put(w, "<span class=\"state off\">%s</span>", say(p, W_OW_NOTHING_TO_AUDIT));
    else
        html_put(w, "<span class=\"state %s\">%s</span>", c->flagged ? "bad" : "good",
                 owner_value(p, c->flagged ? "FLAG" : "ok"));
    html_put(w, "</p><p>%s%s", say(p, W_ROLL_LOG), say(p, W_OW_COLON));
    put_state(p, c->state);
    html_put(w, "</p>");
    if (c->audited)
        html_put(w, "<p>%s%s<strong>%s</strong><br>%s%s%s<br>%s%s%s", say(p, W_OW_UNEXPLAINED),
                 say(p, W_OW_COLON), owner_count(p, c->unexplained), owner_column(p, "flagged_days"),
                 say(p, W_OW_COLON), owner_count(p, c->days), owner_column(p, "exceptions"),
                 say(p, W_OW_COLON), owner_count(p, c->exceptions));
    else
        html_put(w, "<p>");
    html_put(w, "<br>%s%s<span class=\"whole\">%s</span></p></li>", say(p, W_ROLL_NEWEST), say(p, W_OW_COLON),
             *c->newest ? c->newest : "\xe2\x80\x93");
}

static void put_clinics(page *p, const clinic *list, size_t count)
{
    html *w = &p->html;
    size_t calls = 0;
    int64_t sum = 0;
    for (size_t i = 0; i < count; i++) calls += needs_call(&list[i]), sum += list[i].unexplained;
    html_put(w, "<p class=\"verdict\"><span class=\"state %s\">%s</span></p>",
             !count  ? "off"
             : calls ? "bad"
                     : "good",
             !count  ? say(p, W_ROLL_NOBODY)
             : calls ? owner_fill(p, calls == 1 ? W_OW_ONE_CALL : W_OW_CALLS, page_count(p, calls),
                                  page_count(p, count), NULL)
                     : say(p, W_OW_NO_CALL));
    html_put(w, "<p>%s %s</p><section><h2>%s</h2><ul class=\"sites\">",
             page_fill(p, W_OW_ABSOLUTE_SUM, owner_count(p, sum)), say(p, W_OW_UTC_DAYS), say(p, W_OW_S1));
    for (int wanted = 1; wanted >= 0; wanted--)
        for (size_t i = 0; i < count; i++)
            if (needs_call(&list[i]) == wanted) put_clinic(p, &list[i]);
    html_put(w, "</ul></section>");
}

/* ---- every laser ---- */

static const char *const columns[] = {
    "site",         "device",         "delta_pulses",       "treatment_pulses", "test_pulses",
    "check_pulses", "service_pulses", "unexplained_pulses", "tolerance_pulses"};
static const char *const keys[] = {"site",  "device",  "delta",       "treatment", "test",
                                   "check", "service", "unexplained", "tolerance"};
#define COLUMNS (sizeof keys / sizeof *keys)

static void put_laser(page *p, const json_t *log, const json_t *device)
{
    html *w = &p->html;
    const bool flag = json_is_true(json_object_get(device, "flag"));
    html_put(w, "<tr><td>%s</td><td class=\"when\">%s</td><td><span class=\"state %s\">%s</span></td>",
             words(p, log, "site"), words(p, device, "device"), flag ? "bad" : "good",
             owner_value(p, flag ? "FLAG" : "ok"));
    for (size_t c = 2; c < COLUMNS; c++)
        html_put(w, "<td class=\"number\">%s</td>",
                 strcmp(keys[c], "unexplained") == 0 ? owner_signed(p, number(device, keys[c]))
                                                     : owner_count(p, number(device, keys[c])));
    html_put(w, "</tr>");
}

static void put_lasers(page *p, const json_t *logs)
{
    html *w = &p->html;
    size_t i, k;
    json_t *log, *device;
    html_put(
        w,
        "<section><h2>%s</h2><div class=\"table\" role=\"region\" tabindex=\"0\" aria-label=\"%s\"><table "
        "class=\"audit\" data-table=\"roll-up\"><thead><tr>",
        say(p, W_OW_S3), say(p, W_OW_S3));
    for (size_t c = 0; c < COLUMNS; c++) {
        if (c == 2) html_put(w, "<th scope=\"col\">%s</th>", owner_column(p, "flag"));
        html_put(w, c < 2 ? "<th scope=\"col\">%s</th>" : "<th scope=\"col\" class=\"number\">%s</th>",
                 owner_column(p, columns[c]));
    }
    html_put(w, "</tr></thead><tbody>");
    json_array_foreach(logs, i, log)
        json_array_foreach(json_object_get(json_object_get(log, "audit"), "devices"), k, device)
            put_laser(p, log, device);
    html_put(w, "</tbody></table></div></section>");
}

/* ---- what was found ---- */

static void put_log_finding(page *p, const json_t *log)
{
    html *w = &p->html;
    html_put(w, "<li><h3>");
    put_state(p, state_of(log));
    html_put(w, "</h3><p class=\"where\">%s · %s</p><p>", words(p, log, "site"), words(p, log, "origin"));
    page_put_said(p, words(p, log, "finding"));
    html_put(w, "</p></li>");
}

static void put_day(page *p, const json_t *log, const json_t *day)
{
    html *w = &p->html;
    html_put(
        w, "<li><h3><span class=\"state bad\">%s</span></h3><p class=\"where\">%s %s · %s</p><p>%s</p></li>",
        owner_exception_name(p, "day"), words(p, log, "site"), words(p, day, "device"), words(p, day, "from"),
        owner_fill(p, W_ROLL_DAY, owner_signed(p, number(day, "unexplained")),
                   owner_count(p, number(day, "tolerance")), NULL));
}

static void put_finding(page *p, const json_t *log, const json_t *e)
{
    html *w = &p->html;
    html_put(w, "<li class=\"under\"><h3><span class=\"state warn\">%s</span></h3>",
             owner_exception_name(p, words(p, e, "code")));
    html_put(w, "<p class=\"where\">%s %s · %s</p><p>", words(p, log, "site"), words(p, e, "device"),
             words(p, e, "day"));
    page_put_said(p, words(p, e, "text"));
    html_put(w, "</p></li>");
}

#define FINDINGS_MOST 200

/* Logs that do not hold, then days that do not add up, then what else was found. */
static void put_findings(page *p, const json_t *logs)
{
    static const char *const lists[] = {NULL, "flagged_days", "exceptions"};
    html *w = &p->html;
    size_t shown = 0, i, k;
    json_t *log, *row;
    html_put(w, "<section><h2>%s</h2><ul class=\"exceptions\">", say(p, W_OW_S2));
    for (size_t list = 0; list < 3; list++) json_array_foreach(logs, i, log)
        {
            if (!list && state_of(log) != LOG_INTACT) put_log_finding(p, log), shown++;
            if (!list) continue;
            json_array_foreach(json_object_get(json_object_get(log, "audit"), lists[list]), k, row)
            {
                if (shown++ >= FINDINGS_MOST) break;
                list == 1 ? put_day(p, log, row) : put_finding(p, log, row);
            }
        }
    html_put(w, "</ul>");
    if (shown > FINDINGS_MOST)
        html_put(w, "<p>%s</p>", page_fill(p, W_ROLL_MORE, page_count(p, shown - FINDINGS_MOST)));
    if (!shown) html_put(w, "<p class=\"nothing\">%s</p>", say(p, W_OW_NONE_FOUND));
    html_put(w, "</section>");
}

static void put_meanings(page *p)
{
    html *w = &p->html;
    html_put(w, "<section><h2>%s</h2><dl class=\"meanings\">", say(p, W_ROLL_MEANINGS));
    for (size_t i = 0; i < sizeof states / sizeof *states; i++)
        html_put(w, "<dt id=\"%s\"><span class=\"state %s\">%s</span></dt><dd>%s</dd>", states[i].anchor,
                 states[i].shape, say(p, states[i].name), say(p, states[i].means));
    html_put(w, "<dt id=\"no-audit\"><span class=\"state bad\">%s</span></dt><dd>%s</dd></dl></section>",
             say(p, W_ROLL_NO_AUDIT), say(p, W_ROLL_NO_AUDIT_MEANS));
}

/* ---- the page ---- */

static void put_told(page *p, const roll_up_view *v)
{
    html *w = &p->html;
    const json_t *logs = json_object_get(v->json, "logs");
    if (json_is_true(json_object_get(v->json, "simulated")) != p->simulated) {
        html_put(w, "<div class=\"no\" role=\"alert\"><p>%s</p></div>", say(p, W_ROLL_OTHER_NATURE));
        return;
    }
    clinic *list = calloc(json_array_size(logs) + 1, sizeof *list);
    const size_t count = list ? clinics_of(p, logs, list) : 0;
    put_clinics(p, list, count);
    free(list);
    put_lasers(p, logs);
    put_findings(p, logs);
    put_meanings(p);
    html_put(w, "<p class=\"hint\">%s</p>",
             owner_fill(p, W_ROLL_AS_OF, words(p, v->json, "hub"), owner_time(p, v->ended), NULL));
}

static void put_trouble(page *p, const roll_up_view *v)
{
    html *w = &p->html;
    html_put(w, "<div class=\"no\" role=\"alert\"><p><strong>%s</strong> %s</p>",
             v->state == ROLL_UP_LATE ? page_fill(p, W_ROLL_SLOW, page_number(p, ROLL_UP_SECONDS, 0))
                                      : say(p, W_ROLL_GONE),
             say(p, W_ROLL_TODO));
    if (v->said[0]) html_put(w, "<pre lang=\"en\" tabindex=\"0\">%s</pre>", v->said);
    html_put(w, "</div>");
}

static void put_how(page *p)
{
    html_put(&p->html,
             "<section><h2>%s</h2><p>%s</p><pre tabindex=\"0\">fadeline console%s --hub "
             "postgresql:///fadeline</pre><p>%s</p></section>",
             say(p, W_ROLL_HOW), say(p, W_ROLL_HOW_WHY), p->simulated ? " --simulated" : "",
             say(p, W_ROLL_HOW_SECRET));
}

static void put_ways(page *p, fl_date first)
{
    html *w = &p->html;
    const fl_date next = fl_date_add_months(first, 1);
    const char *before = owner_month(p, fl_date_add_months(first, -1)), *after = owner_month(p, next);
    html_put(w,
             "<nav class=\"months\" aria-label=\"%s\"><a class=\"button\" rel=\"prev\" href=\"%s\">← %s</a>",
             say(p, W_OW_MONTHS), page_url(p, "/clinics/%s", before), before);
    if (fl_date_compare(next, p->today) <= 0)
        html_put(w, "<a class=\"button\" rel=\"next\" href=\"%s\">%s →</a>",
                 page_url(p, "/clinics/%s", after), after);
    html_put(w, "<a class=\"button\" href=\"%s\">%s</a></nav>",
             page_url(p, "/month/%s", owner_month(p, first)), say(p, W_ROLL_THIS_CONSOLE));
    page_form(p, "/clinics");
    html_put(w, "<input type=\"hidden\" name=\"month\" value=\"%s\">", owner_month(p, first));
    page_form_end(p, W_ROLL_ASK);
}

static void put_asking(page *p, const roll_up_view *v)
{
    html_put(&p->html, "<div class=\"running\" role=\"status\" data-again=\"1000\"><p>%s</p>",
             page_fill(p, W_ROLL_ASKING, page_number(p, v->seconds, 0)));
    html_put(
        &p->html,
        "<progress max=\"%d\" value=\"%d\"></progress><p><a class=\"button\" href=\"%s\">%s</a></p></div>",
        ROLL_UP_SECONDS, v->seconds < ROLL_UP_SECONDS ? v->seconds : ROLL_UP_SECONDS, p->request->path,
        say(p, W_OW_LOOK_AGAIN));
}

static void show(page *p, const char *month)
{
    fl_date first, last;
    fl_error error = {0};
    roll_up_view v;
    roll_up *r = p->console->roll_up;
    if (!owner_read_month(month, &first, &last)) return page_refuse(p, 404, say(p, W_NO_PAGE), NULL);
    if (roll_up_has_hub(r) && roll_up_ask(r, first, last, p->today, false, &error) != FL_OK)
        return page_failed(p, &error);
    roll_up_wait(r, first, last, 1200);
    roll_up_look(r, first, last, &v);
    page_begin(p, page_fill(p, W_ROLL_OF, owner_month(p, first)));
    if (!roll_up_has_hub(r)) {
        put_how(p);
    } else {
        put_ways(p, first);
        if (v.state == ROLL_UP_TOLD)
            put_told(p, &v);
        else if (v.state == ROLL_UP_ASKING)
            put_asking(p, &v);
        else
            put_trouble(p, &v);
    }
    page_end(p);
    roll_up_view_fini(&v);
}

void page_roll_up(page *p)
{
    show(p, page_part(p, 0));
}

void page_roll_up_now(page *p)
{
    show(p, owner_month(p, p->today));
}

void page_roll_up_post(page *p)
{
    fl_date first, last;
    fl_error error = {0};
    roll_up *r = p->console->roll_up;
    const char *month = page_given(p, "month");
    if (!month || !owner_read_month(month, &first, &last) || !roll_up_has_hub(r))
        return page_refuse(p, 404, say(p, W_NO_PAGE), NULL);
    if (roll_up_ask(r, first, last, p->today, true, &error) != FL_OK) return page_failed(p, &error);
    page_redirect(p, page_url(p, "/clinics/%s", month));
}

#include "conform_show.h"
#include "wrap.h"

#include "fadeline/base/text.h"

#include <inttypes.h>
#include <string.h>

#define SHOWN 14 /* lines of a failed check that people see; --json and --out have them all */

/* ---- the list ---- */

void conform_show_list(FILE *out)
{
    const fl_conform_check *check;
    size_t count = 0;
    for (; (check = fl_conform_at(count)) != NULL; count++)
        wrap(out, check->what,
             fprintf(out, "%-5s  %-23s %-4s ", fl_conform_class_name(check->class), check->name, check->rule),
             36);
    fprintf(out,
            "%zu checks; the second column is the section, or section and rule, of the grant link page\n",
            count);
}

static json_t *check_json(const fl_conform_check *check)
{
    json_t *object = json_pack("{s:s, s:s, s:s, s:s}", "name", check->name, "class",
                               fl_conform_class_name(check->class), "rule", check->rule, "what", check->what);
    json_t *needs = json_array();
    for (int event = 0; event < FL_CONFORM_EVENTS; event++)
        if (check->events >> event & 1)
            json_array_append_new(needs, json_string(fl_conform_event_text((fl_conform_event)event)));
    json_object_set_new(object, "needs", needs);
    return object;
}

json_t *conform_list_json(void)
{
    json_t *object = json_object(), *checks = json_array();
    const fl_conform_check *check;
    for (size_t i = 0; (check = fl_conform_at(i)) != NULL; i++)
        json_array_append_new(checks, check_json(check));
    json_object_set_new(object, "checks", checks);
    return object;
}

/* ---- one check ---- */

/* Bytes that may not be there are written as \xHH. */
static const char *printable(const fl_conform_said *said, char room[1300])
{
    fl_text text = fl_text_in(room, 1300);
    for (size_t i = 0; i < said->size; i++)
        if (said->bytes[i] >= 0x20 && said->bytes[i] <= 0x7E)
            fl_text_add_bytes(&text, &said->bytes[i], 1);
        else
            fl_text_add(&text, "\\x%02X", (unsigned char)said->bytes[i]);
    return room;
}

static const char *who_said(char from)
{
    return from == '>' ? "host" : from == '<' ? "laser" : "room";
}

static double seconds_into(const fl_conform_outcome *outcome, const fl_conform_said *said)
{
    return (double)fl_since(said->at, outcome->began).us / 1e6;
}

void conform_show_outcome(FILE *out, const fl_conform_outcome *outcome)
{
    const fl_conform_check *check = outcome->check;
    static const char *const words[] = {"ok", "FAILED", "skipped"};
    fprintf(out, "%-8s %-23s %-4s %s", words[outcome->result], check->name, check->rule, check->what);
    if (outcome->tries > 1) fprintf(out, " (%u tries: this computer was late)", outcome->tries);
    if (outcome->pulses) fprintf(out, " [%u pulse%s]", outcome->pulses, outcome->pulses == 1 ? "" : "s");
    fputc('\n', out);
    if (outcome->result == FL_CONFORM_SKIPPED) fprintf(out, "           because %s\n", outcome->why);
    if (outcome->result == FL_CONFORM_FAILED) {
        char room[1300];
        fputs("           expected: ", out);
        wrap(out, outcome->expected, 21, 21);
        fputs("           got:      ", out);
        wrap(out, outcome->got, 21, 21);
        for (unsigned i = outcome->said_count > SHOWN ? outcome->said_count - SHOWN : 0;
             i < outcome->said_count; i++) {
            fprintf(out, "           %8.3f s %-5s ", seconds_into(outcome, &outcome->said[i]),
                    who_said(outcome->said[i].from));
            wrap_bytes(out, printable(&outcome->said[i], room), 28);
        }
    }
    fflush(out);
}

json_t *conform_outcome_json(const fl_conform_outcome *outcome, bool frames)
{
    json_t *object = check_json(outcome->check);
    json_object_set_new(object, "result", json_string(fl_conform_result_name(outcome->result)));
    json_object_set_new(object, "tries", json_integer(outcome->tries));
    json_object_set_new(object, "pulses", json_integer(outcome->pulses));
    json_object_set_new(object, "took_s", json_real((double)outcome->took.us / 1e6));
    const bool failed = outcome->result == FL_CONFORM_FAILED;
    if (outcome->result == FL_CONFORM_SKIPPED) json_object_set_new(object, "why", json_string(outcome->why));
    if (failed) {
        json_object_set_new(object, "expected", json_string(outcome->expected));
        json_object_set_new(object, "got", json_string(outcome->got));
    }
    if (!failed && !frames) return object;
    json_t *said = json_array();
    for (unsigned i = 0; i < outcome->said_count; i++) {
        char room[1300];
        json_array_append_new(
            said, json_pack("{s:f, s:s, s:s}", "at_s", seconds_into(outcome, &outcome->said[i]), "from",
                            who_said(outcome->said[i].from), "text", printable(&outcome->said[i], room)));
    }
    json_object_set_new(object, "frames", said);
    json_object_set_new(object, "frames_before", json_integer(outcome->said_before));
    return object;
}

/* ---- the end ---- */

void conform_show_end(FILE *out, const fl_conform_report *report)
{
    const uint64_t pulses = report->k_last - report->k_first;
    fprintf(out, "%u ok, %u failed, %u skipped; slowest answer %.1f ms\n", report->ok, report->failed,
            report->skipped, (double)report->slowest_answer.us / 1e3);
    if (!report->counted) {
        fputs("the laser never told its counter\n", out);
        return;
    }
    fprintf(out,
            "counter %" PRIu64 " before, %" PRIu64 " after: %" PRIu64 " pulses (%" PRIu64
            " grants accepted)\n",
            report->k_first, report->k_last, pulses, report->granted);
    if (report->simulated)
        fputs("SIMULATED: no light came out, and nothing of it belongs into a journal\n", out);
    else if (pulses)
        fputs(
            "These pulses are in no journal, and no command of ours books them: the audit will show them as\n"
            "unexplained. Write both counters down with this report (--out), and have them entered as test "
            "pulses.\n",
            out);
}

json_t *conform_report_json(const fl_conform_report *report, const char *port, json_t *checks)
{
    json_t *object = json_pack(
        "{s:s, s:s, s:s, s:s, s:s, s:b, s:i, s:i, s:i, s:f}", "port", port, "maker", report->maker, "model",
        report->model, "identity", report->identity, "firmware", report->version, "simulated",
        report->simulated, "ok", (int)report->ok, "failed", (int)report->failed, "skipped",
        (int)report->skipped, "slowest_answer_ms", (double)report->slowest_answer.us / 1e3);
    json_object_set_new(object, "checks", checks);
    json_t *pulses = json_null();
    if (report->counted)
        pulses = json_pack("{s:I, s:I, s:I, s:I, s:b}", "counter_before", (json_int_t)report->k_first,
                           "counter_after", (json_int_t)report->k_last, "made",
                           (json_int_t)(report->k_last - report->k_first), "granted",
                           (json_int_t)report->granted, "journalled", 0);
    json_object_set_new(object, "pulses", pulses);
    return object;
}

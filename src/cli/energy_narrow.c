/* energy-check --narrow: a check that a slip began at an energy nobody treats with locks the head for good,
 * since only a check at that energy undoes it. A supervisor who made none of these checks narrows that lock
 * to where nothing has passed since (fadeline/session/energy.h says what that opens, and what it never does).
 */
#include "energy_check.h"

#include "fadeline/report/shown_json.h"

#include <jansson.h>
#include <stdio.h>

static fl_status write_both(checking *c, uint64_t most_uJ, uint64_t least_uJ, const char *why,
                            fl_error *error)
{
    static fl_entry entries[2];
    char text[120];
    fl_entry_begin(&entries[0], FL_KIND_CHECK);
    fl_entry_device(&entries[0], c->dev, c->simulated);
    fl_energy_put_mark(&entries[0], FL_ENERGY_NARROWED, c->head->id,
                       (uint64_t)fl_whole_nm(c->head->wavelength), (double)most_uJ / 1e6, c->who);
    fl_entry_text(&entries[0], "reason", why);
    fl_entry_begin(&entries[1], FL_KIND_OVERRIDE); /* what the audit lists */
    fl_entry_device(&entries[1], c->dev, c->simulated);
    fl_entry_text(&entries[1], "who", c->who);
    fl_entry_text(&entries[1], "reason", "energy-narrowed");
    snprintf(text, sizeof text, "%.40s: to %.4g mJ; locked from %.4g mJ", c->head->id, (double)most_uJ / 1e3,
             (double)least_uJ / 1e3);
    fl_entry_text(&entries[1], "text", text);
    return fl_journal_append(c->journal, entries, 2, error);
}

static void print_done(const checking *c, uint64_t most_uJ, uint64_t least_uJ)
{
    const unsigned long long entry = fl_journal_size(c->journal) - 2;
    if (!c->json) {
        printf("%sthe lock of %s is narrowed: where a check passed, up to %.4g mJ, it may treat; from %.4g "
               "mJ it stays "
               "locked (journal entry %llu, %s)\n",
               c->simulated ? "SIMULATED " : "", c->head->id, (double)most_uJ / 1e3, (double)least_uJ / 1e3,
               entry, c->who);
        return;
    }
    json_t *object = json_pack("{s:s, s:s, s:f, s:f, s:I, s:s, s:b}", "done", "narrowed", "head", c->head->id,
                               "passed_mJ", (double)most_uJ / 1e3, "locked_from_mJ", (double)least_uJ / 1e3,
                               "entry", (json_int_t)entry, "who", c->who, "simulated", c->simulated);
    fl_shown_json(object, stdout, JSON_INDENT(2) | JSON_SORT_KEYS);
    putchar('\n');
    json_decref(object);
}

fl_status energy_narrow(checking *c, const char *why, fl_error *error)
{
    uint64_t most_uJ, least_uJ;
    const act a = {.args = c->args, .simulated = c->simulated};
    fl_status status = act_sentence(&a, "narrow", why, NULL, error);
    if (status == FL_OK) status = energy_open_journal(c, true, error); /* nothing verifies it beside */
    if (status == FL_OK) status = energy_sign(c, ACT_ANSWER, error);
    if (status == FL_OK)
        status = fl_energy_may_narrow(&c->history, c->device, c->head, c->who, &most_uJ, &least_uJ, error);
    if (status == FL_OK) status = write_both(c, most_uJ, least_uJ, why, error);
    if (status == FL_OK) print_done(c, most_uJ, least_uJ);
    return status;
}

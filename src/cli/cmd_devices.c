#include "act.h"
#include "command.h"

#include "device_pages.h"
#include "device_probe.h"
#include "devices_ask.h"
#include "devices_udev.h"
#include "fadeline/base/clock.h"
#include "fadeline/base/text.h"
#include "fadeline/config/device.h"
#include "fadeline/config/device_list.h"
#include "fadeline/journal/journal.h"
#include "fadeline/report/shown_json.h"
#include "fadeline/session/proven.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- list ---- */

static int list(const fl_args *args)
{
    char **ids;
    const size_t count = fl_device_ids(&ids);
    const bool json = fl_args_has(args, "json");
    json_t *object = json_object(), *devices = json_array(), *faulty = json_array();
    int result = 0;
    for (size_t i = 0; i < count; i++) {
        fl_device *device;
        fl_error error = {0};
        if (fl_device_load_proven(ids[i], &device, &error) != FL_OK) {
            if (!json) fl_error_print(stderr, &error);
            json_array_append_new(faulty, json_pack("{s:s, s:s}", "id", ids[i], "what", error.what));
            result = fl_status_exit(error.status);
        } else {
            if (json)
                json_array_append_new(devices, device_json(device));
            else
                device_print(device);
            fl_device_free(device);
        }
        free(ids[i]);
    }
    free(ids);
    json_object_set_new(object, "devices", devices);
    json_object_set_new(object, "faulty", faulty);
    if (json)
        fl_shown_json(object, stdout, JSON_INDENT(2)), putchar('\n');
    else
        puts("? from memory: not used until a person confirms it   * confirmed by a person\n"
             "- not known: enter it from the label");
    json_decref(object);
    return result;
}

/* ---- confirm ---- */

/* The journal is[list | probe [PORT] | udev | asked first and the file written second: a confirmation without
 * its entry would be nobody's. When the file then fails, the entry stands alone, which only means asking
 * again. */
static fl_status write_down(act *a, const fl_device *device, fl_confirmation *it, fl_error *error)
{
    char day[11];
    char sha256[2 * FL_SHA256_SIZE + 1];
    static fl_entry entry;
    fl_status status = act_begin(a, a->args, fl_device_is_simulated(device), ACT_NOW, error);
    if (status == FL_OK) status = act_sentence(a, "document", it->document, NULL, error);
    if (status == FL_OK) status = act_sign(a, it->person, ACT_CONFIRM, error);
    if (status != FL_OK) return status;
    fl_entry_begin(&entry, FL_KIND_CONFIG_CHANGE);
    fl_entry_text(&entry, "what", "device.confirm");
    fl_entry_text(&entry, "who", it->person);
    fl_entry_text(&entry, "profile", device->id);
    fl_entry_text(&entry, "head", it->head);
    fl_entry_text(&entry, "key", it->key);
    fl_entry_text(&entry, "value", it->value);
    fl_entry_text(&entry, "doc", it->document);
    fl_entry_text(&entry, "on", fl_date_text(it->on, day));
    fl_entry_text(&entry, "sha256", fl_hex(device->sha256, FL_SHA256_SIZE, sha256));
    status = act_write(a, &entry, 1, error);
    if (status == FL_OK) it->journal_entry = (int)act_entry(a);
    return status;
}

static int confirm(const fl_args *args, const char *id)
{
    static const char *const wanted[] = {"head", "key", "value", "person", "document"};
    const char *given[5];
    for (size_t i = 0; i < 5; i++)
        if (!(given[i] = fl_args_value(args, wanted[i])))
            return fl_args_wrong(args, "confirm needs --%s", wanted[i]);
    fl_confirmation it = {.head = given[0],
                          .key = given[1],
                          .value = given[2],
                          .person = given[3],
                          .document = given[4],
                          .journal_entry = -1};
    const fl_clock *clock = fl_clock_system();
    it.on = fl_date_of(clock->utc(clock->self));
    const char *date = fl_args_value(args, "date");
    if (date && fl_date_read(date, &it.on) != FL_OK)
        return fl_args_wrong(args, "--date wants YYYY-MM-DD, not '%s'", date);
    if (fl_date_compare(it.on, fl_date_of(clock->utc(clock->self))) > 0)
        return fl_args_wrong(args, "--date: %s is still to come", date);

    fl_device *device;
    fl_error error = {0};
    if (fl_device_load(id, &device, &error) != FL_OK) return fl_args_failed(&error);
    act a = {.args = args};
    fl_status status = fl_device_may_confirm(device, &it, &error);
    if (status == FL_OK) status = write_down(&a, device, &it, &error);
    if (status == FL_OK) status = fl_device_keep_confirmation(device, &it, &error);
    if (status == FL_OK)
        printf("%s, head %s: %s = %s confirmed by %s from %s (journal entry %d)\n", device->id, it.head,
               it.key, it.value, it.person, it.document, it.journal_entry);
    fl_device_free(device);
    return act_end(&a, status, &error);
}

static int run(const fl_args *args)
{
    const char *word = args->count ? args->words[0] : "list";
    if (fl_text_same(word, "list"))
        return args->count > 1 ? fl_args_wrong(args, "list takes no more words") : list(args);
    if (fl_text_same(word, "probe"))
        return args->count > 2    ? fl_args_wrong(args, "probe takes one port, or none for all of them")
               : args->count == 2 ? device_probe_one(args, args->words[1])
                                  : device_probe_all(args);
    if (fl_text_same(word, "confirm"))
        return args->count == 2 ? confirm(args, args->words[1])
                                : fl_args_wrong(args, "confirm takes one device id");
    if (fl_text_same(word, "ask"))
        return args->count == 2 ? devices_ask(args, args->words[1])
                                : fl_args_wrong(args, "ask takes one port");
    if (fl_text_same(word, "udev"))
        return args->count > 1 ? fl_args_wrong(args, "udev takes no more words") : devices_udev(args);
    return fl_args_wrong(args, "'%s' is neither list, probe, ask, confirm nor udev", word);
}

static const fl_option options[] = {
    {"head", "ID", "confirm: which head"},
    {"key", "KEY", "confirm: which number, such as energy_max_mJ"},
    {"value", "V", "confirm: what the label says, in the unit of the key"},
    {"person", "WHO", "confirm: who read it and signs; the PIN comes from the keyboard or standard input"},
    {"document", "TEXT", "confirm: label photo or manual page"},
    {"date", "YYYY-MM-DD", "confirm: the day it was read, default today"},
    {"dialect", "ID", "ask: the protocol it speaks, devices/dialects/ID.yaml"},
    {"set", "Q=V", "ask: set a quantity and read it back, such as rate_Hz=5; may be given again"},
    {"identity", "TEXT", "ask: what its identity must hold, instead of what the dialect says"},
    {"seconds", "N", "ask: look so long; without it, until it is known what it is"},
    {"baud", "N", "ask: rate of the line, when the dialect does not state it"},
    {"record", "FILE", "ask: write what was said and answered here, as rows for the dialect's transcript"},
    {"json", NULL, "one object on stdout"},
    {NULL, NULL, NULL},
};

const fl_command fl_command_devices = {
    .name = "devices",
    .arguments = "[list | probe [PORT] | ask PORT --dialect ID [--set Q=V] | confirm ID --head H --key K "
                 "--value V --person WHO --document TEXT]",
    .summary = "list lasers, say what is plugged in and how it is, confirm a number from the label",
    .more =
        "A number from memory can be planned with, but not fired on, until a person has read it off the "
        "label and\n"
        "confirmed it. The confirmation is journalled and holds until the device file changes.\n\n"
        "probe lists serial adapters and USB devices, which device file each one matches or why not, and "
        "what is in the way:\n"
        "a missing permission (with the udev rule that gives it), a driver, another program. A PORT is a "
        "path, or\n"
        "usb:VID:PID[:SERIAL].\n\n"
        "udev prints the rules that let the person at this machine use what the device files name by USB\n"
        "numbers; as root: `fadeline devices udev > /etc/udev/rules.d/70-fadeline.rules`, then plug it in "
        "again.\n\n"
        "`ask` speaks a laser's own protocol. Without --set it only asks; with --set it hands the trigger to "
        "the\n"
        "gate, sets, reads back, and says the stop words on leaving. It has no word that makes light.\n\n"
        "examples:\n"
        "  fadeline devices list\n"
        "  fadeline devices probe /dev/ttyUSB0\n"
        "  fadeline devices udev\n"
        "  fadeline devices ask /dev/ttyUSB0 --dialect microjewel\n"
        "  fadeline devices ask /dev/ttyUSB0 --dialect pilas --record talk.yaml\n"
        "  fadeline devices confirm picoway --head yag-1064 --key energy_max_mJ --value 400 --person op:17 "
        "\\\n"
        "    --document label-photo-12\n",
    .options = options,
    .run = run,
};

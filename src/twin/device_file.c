#include "device_file.h"

#include "fadeline/base/text.h"

#include <string.h>

#define ALL_CAPS 0x7F
#define FIRMWARE "1.0"

/* Text for an *IDN? answer: printable, no comma. */
static void plain(const char *text, char *room, size_t size)
{
    size_t length = 0;
    for (const char *c = text ? text : "-"; *c && length + 1 < size; c++)
        room[length++] = (*c >= ' ' && *c <= '~' && *c != ',') ? *c : '-';
    room[length] = 0;
}

static fl_status head_from(const fl_device_head *from, gl1_head *head, fl_error *error)
{
    head->wl_nm = (uint32_t)fl_whole_nm(from->wavelength);
    head->en_min_uJ = 1;
    if (from->spots_count > GL1_SPOTS_MAX)
        return fl_error_set(error, FL_E_FILE, "head %s has more than %d spots", from->id, GL1_SPOTS_MAX);
    for (size_t i = 0; i < from->spots_count; i++) {
        fl_head_limits limits;
        const fl_status status = fl_device_head_limits(from, from->spots[i], &limits, error);
        if (status != FL_OK) return status;
        head->spots[i].sp_um = (uint32_t)fl_whole_um(from->spots[i]);
        head->spots[i].en_max_uJ = (uint32_t)fl_whole_uJ(limits.energy_max);
        head->rr_max_mHz = (uint32_t)(limits.rate_max.Hz * 1000.0 + 0.5);
        head->spot_count++;
    }
    return FL_OK;
}

/* Who takes the grants: the laser, or the gate in front of one that does not. */
static fl_device_gate player(const fl_device *device)
{
    const fl_device_link *link = &device->link;
    if (device->gate.identity) return device->gate;
    return (fl_device_gate){.identity = link->identity,
                            .firmware = link->firmware,
                            .capabilities = link->capabilities,
                            .warn_ms = link->warn_ms};
}

static fl_status check(const char *id, const fl_device *device, fl_error *error)
{
    const fl_device_link *link = &device->link;
    if (!fl_device_is_simulated(device)) {
        fl_error_set(error, FL_E_FILE, "device %s is not a simulated one", id);
        return fl_error_hint(error, "the twin never plays a real laser; its file says `kind: simulated`");
    }
    if (!link->identity || !fl_text_begins(link->identity, "SIM")) {
        fl_error_set(error, FL_E_FILE, "the identity of device %s is '%s'", id,
                     link->identity ? link->identity : "");
        return fl_error_hint(error, "the identity of a virtual laser begins with SIM, as in SIM-00042");
    }
    if (!device->gate.identity && !fl_text_same(link->dialect, "gl1")) {
        fl_error_set(error, FL_E_FILE, "device %s speaks '%s'", id, link->dialect ? link->dialect : "");
        return fl_error_hint(error, "the twin speaks gl1 only, as a laser or as the gate of one");
    }
    if (device->heads_count < 1 || device->heads_count > GL1_HEADS_MAX)
        return fl_error_set(error, FL_E_FILE, "device %s has %zu heads, the twin can be 1 to %d", id,
                            device->heads_count, GL1_HEADS_MAX);
    return FL_OK;
}

/* As it leaves the factory: first head, 4 mm where there is one, a tenth of what the spot may have, 1 Hz. */
static void factory_settings(gl1_make *make)
{
    const gl1_head *head = &make->heads[0];
    unsigned spot = 0;
    for (unsigned i = 0; i < head->spot_count; i++)
        if (head->spots[i].sp_um == 4000) spot = i;
    const uint32_t tenth_uJ = head->spots[spot].en_max_uJ / 10;
    make->at_power_on = (gl1_settings){.en_uJ = tenth_uJ > head->en_min_uJ ? tenth_uJ : head->en_min_uJ,
                                       .rr_mHz = head->rr_max_mHz < 1000 ? head->rr_max_mHz : 1000,
                                       .sp_um = head->spots[spot].sp_um,
                                       .wl_nm = head->wl_nm};
}

fl_status device_file_load(const char *id, device_file *file, fl_error *error)
{
    *file = (device_file){.device = NULL};
    fl_status status = fl_device_load(id, &file->device, error);
    if (status != FL_OK) return status;
    const fl_device *device = file->device;
    const fl_device_gate link = player(device);
    gl1_make *make = &file->make;
    status = check(id, device, error);
    for (size_t i = 0; i < device->heads_count && status == FL_OK; i++)
        status = head_from(&device->heads[i], &make->heads[i], error);
    if (status != FL_OK) {
        device_file_free(file);
        return status;
    }
    plain(device->maker, file->maker, sizeof file->maker);
    plain(device->model, file->model, sizeof file->model);
    make->maker = file->maker;
    make->model = file->model;
    make->uid = link.identity;
    make->fw = link.firmware ? link.firmware : FIRMWARE;
    make->cap = (uint8_t)(link.capabilities >= 0 ? link.capabilities : ALL_CAPS);
    make->wa_ms = (uint32_t)(link.warn_ms >= 0 ? link.warn_ms : GL1_WA_MS);
    make->head_count = (uint8_t)device->heads_count;
    factory_settings(make);
    return FL_OK;
}

void device_file_free(device_file *file)
{
    fl_device_free(file->device);
    *file = (device_file){.device = NULL};
}

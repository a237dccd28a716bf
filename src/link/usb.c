/* USB: which device a path means, and the claim on it. Everything here may wait; it happens once, at opening.
 */
#include "usb_private.h"

#include "fadeline/base/assert.h"
#include "fadeline/base/text.h"
#include "fadeline/link/ports.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CLAIM_MS                                                                                             \
    1000 /* after a plug-in the kernel sets the configuration a moment after it says "arrived"               \
          */
#define CANDIDATES 16

/* ---- words ---- */

static bool read_id(const char *text, size_t size, uint16_t *id)
{
    char four[5] = "";
    uint8_t bytes[2];
    if (size != 4) return false;
    memcpy(four, text, 4);
    if (fl_read_hex(four, bytes, 2) != FL_OK) return false;
    *id = (uint16_t)(bytes[0] << 8 | bytes[1]);
    return true;
}

bool fl_usb_name_read(const char *text, fl_usb_name *name)
{
    fl_usb_name read = {.tmc = fl_text_begins(text, "usbtmc:")};
    const char *at = text + (read.tmc ? strlen("usbtmc:") : strlen("usb:"));
    if (!read.tmc && !fl_text_begins(text, "usb:")) return false;
    const char *colon = strchr(at, ':');
    if (!colon || !read_id(at, (size_t)(colon - at), &read.vendor)) return false;
    const char *product = colon + 1, *serial = strchr(product, ':');
    if (!read_id(product, serial ? (size_t)(serial - product) : strlen(product), &read.product)) return false;
    const size_t size = serial ? strlen(++serial) : 0;
    if ((serial && !size) || size > FL_USB_TEXT_MAX) return false;
    if (serial) memcpy(read.serial, serial, size + 1);
    *name = read;
    return true;
}

/* ---- descriptors ---- */

static bool ends_of_setting(const struct libusb_interface_descriptor *setting, usb_ends *ends)
{
    ends->in = ends->out = 0;
    for (int i = 0; i < setting->bNumEndpoints; i++) {
        const struct libusb_endpoint_descriptor *end = &setting->endpoint[i];
        if ((end->bmAttributes & LIBUSB_TRANSFER_TYPE_MASK) != LIBUSB_TRANSFER_TYPE_BULK) continue;
        uint8_t *way = end->bEndpointAddress & LIBUSB_ENDPOINT_IN ? &ends->in : &ends->out;
        if (!*way) *way = end->bEndpointAddress;
    }
    ends->interface = setting->bInterfaceNumber;
    return ends->in && ends->out;
}

bool usb_ends_of(const struct libusb_config_descriptor *config, bool tmc, usb_ends *ends)
{
    for (int i = 0; i < config->bNumInterfaces; i++) {
        if (config->interface[i].num_altsetting < 1) continue;
        const struct libusb_interface_descriptor *setting = &config->interface[i].altsetting[0];
        const bool fits =
            tmc ? setting->bInterfaceClass == LIBUSB_CLASS_APPLICATION && setting->bInterfaceSubClass == 3
                : setting->bInterfaceClass == LIBUSB_CLASS_VENDOR_SPEC;
        usb_ends found = {.tmc = tmc};
        if (fits && ends_of_setting(setting, &found)) return *ends = found, true;
    }
    return false;
}

/* ---- which device ---- */

typedef struct search {
    const fl_usb_name *name;
    libusb_device *found;
    unsigned matches;
    char all[200];
} search;

static void try_device(search *s, libusb_device *device)
{
    struct libusb_device_descriptor about;
    char serial[FL_USB_TEXT_MAX + 1];
    if (libusb_get_device_descriptor(device, &about) != LIBUSB_SUCCESS || about.idVendor != s->name->vendor ||
        about.idProduct != s->name->product)
        return;
    usb_system_text(device, "serial", serial);
    if (s->name->serial[0] && !fl_text_same(serial, s->name->serial)) return;
    fl_text text = {.at = s->all, .length = strlen(s->all), .room = sizeof s->all};
    fl_text_add(&text, "%s%s (bus %u device %u)", s->matches ? ", " : "",
                serial[0] ? serial : "no serial number", libusb_get_bus_number(device),
                libusb_get_device_address(device));
    s->matches++;
    s->found = device;
}

static fl_status open_device(libusb_device *device, const char *path, libusb_device_handle **handle,
                             fl_error *error)
{
    const int bad = libusb_open(device, handle);
    if (!bad) return FL_OK;
    *handle = NULL;
    fl_error_set(error, FL_E_DEVICE, "%s may not be opened: %s", path,
                 bad == LIBUSB_ERROR_ACCESS ? "permission denied" : libusb_strerror(bad));
    return fl_error_hint(error, "fadeline devices probe prints the rule that gives you the right to use it"),
           FL_E_DEVICE;
}

static fl_status find_device(libusb_context *context, const char *path, const fl_usb_name *name,
                             libusb_device_handle **handle, fl_error *error)
{
    libusb_device **devices;
    const ssize_t count = libusb_get_device_list(context, &devices);
    search s = {.name = name};
    for (ssize_t i = 0; i < count; i++) try_device(&s, devices[i]);
    fl_status status = FL_E_DEVICE;
    if (s.matches == 1)
        status = open_device(s.found, path, handle, error);
    else if (s.matches)
        fl_error_set(error, status, "%u devices are %s: %s", s.matches, path, s.all),
            fl_error_hint(error, "say which one: VID:PID:SERIAL, or unplug the others");
    else
        fl_error_set(error, status, "no device %s is plugged in", path),
            fl_error_hint(error, "fadeline devices probe lists what is plugged in");
    if (count >= 0) libusb_free_device_list(devices, 1);
    return status;
}

/* ---- the claim ---- */

/* LIBUSB_ERROR_NOT_FOUND: the configuration is not set yet. */
static int look_and_claim(usb_line *line, bool tmc_only, bool *no_ends)
{
    struct libusb_config_descriptor *config;
    const int bad = libusb_get_active_config_descriptor(libusb_get_device(line->handle), &config);
    if (bad) return bad;
    const bool found =
        (!tmc_only && usb_ends_of(config, false, &line->ends)) || usb_ends_of(config, true, &line->ends);
    libusb_free_config_descriptor(config);
    *no_ends = !found;
    if (!found) return LIBUSB_ERROR_NOT_SUPPORTED;
    /* The kernel's own usbtmc driver gives way and comes back; another driver on a vendor interface is not
     * ours to send away. */
    if (line->ends.tmc) libusb_set_auto_detach_kernel_driver(line->handle, 1);
    return libusb_claim_interface(line->handle, line->ends.interface);
}

static fl_status claim(usb_line *line, const char *path, bool tmc_only, fl_error *error)
{
    const fl_clock *clock = fl_clock_system();
    const fl_instant until = fl_after(clock->now(NULL), fl_ms(CLAIM_MS));
    bool no_ends = false;
    int bad = look_and_claim(line, tmc_only, &no_ends);
    while (bad == LIBUSB_ERROR_NOT_FOUND && clock->now(NULL).us < until.us) {
        usleep(10000);
        bad = look_and_claim(line, tmc_only, &no_ends);
    }
    line->claimed = !bad;
    if (!bad) return FL_OK;
    if (no_ends) {
        fl_error_set(error, FL_E_DEVICE, "%s has no %s interface with a bulk end each way", path,
                     tmc_only ? "USBTMC" : "vendor or USBTMC");
        return fl_error_hint(error, "when it is a serial port, use --port /dev/ttyACM0 or /dev/ttyUSB0"),
               FL_E_DEVICE;
    }
    if (bad == LIBUSB_ERROR_BUSY) {
        fl_error_set(error, FL_E_BUSY, "%s is in use by another program or a driver", path);
        return fl_error_hint(
                   error,
                   "end the session or the program that uses it; fadeline devices probe names a driver"),
               FL_E_BUSY;
    }
    fl_error_set(error, bad == LIBUSB_ERROR_NO_DEVICE ? FL_E_GONE : FL_E_DEVICE, "cannot claim %s: %s", path,
                 libusb_strerror(bad));
    return fl_error_hint(error, "unplug it and plug it in again"), error ? error->status : FL_E_DEVICE;
}

static fl_status check_name(const char *path, const fl_carrier_options *options, fl_usb_name *name,
                            fl_error *error)
{
    if (!fl_usb_name_read(path, name)) {
        fl_error_set(error, FL_E_DEVICE, "'%s' names no USB device", path);
        return fl_error_hint(
                   error,
                   "VID:PID or VID:PID:SERIAL, four hexadecimal digits each, such as 1209:0001:SIM-00042"),
               FL_E_DEVICE;
    }
    if (fl_usb_is_bare_chip(name->vendor, name->product)) {
        fl_error_set(error, FL_E_DEVICE, "%s is the chip of a USB-serial adapter: anything may be behind it",
                     path);
        return fl_error_hint(error, "use its serial port: --port /dev/ttyUSB0"), FL_E_DEVICE;
    }
    if (options->listen_only) {
        fl_error_set(error, FL_E_DEVICE, "%s cannot be listened to: only one program may use a USB device",
                     path);
        return fl_error_hint(error, "watch a serial line through a tap"), FL_E_DEVICE;
    }
    return FL_OK;
}

/* As on a pseudo-terminal: test identities belong to nobody, so whoever bears one has to say that it is
 * simulated. */
static fl_status check_simulated(fl_carrier *carrier, const char *path, const fl_carrier_options *options,
                                 fl_error *error)
{
    fl_link_identity who;
    const fl_status status = fl_carrier_identify(carrier, path, options->identify_ms, &who, error);
    if (status != FL_OK || who.simulated) return status;
    fl_error_set(error, FL_E_DEVICE, "%s is a test identity, but '%s' does not call itself simulated", path,
                 who.identity);
    return fl_error_hint(error, "a real laser has a vendor number of its maker's; a simulated one says SIM"),
           FL_E_DEVICE;
}

fl_status fl_carrier_open_usb(const char *path, const fl_carrier_options *options, fl_carrier *carrier,
                              fl_error *error)
{
    *carrier = (fl_carrier){.fd = -1};
    fl_usb_name name;
    fl_status status = check_name(path, options, &name, error);
    if (status != FL_OK) return status;
    usb_line *line = calloc(1, sizeof *line);
    if (!line) return fl_error_set(error, FL_E_MEMORY, "no memory for a USB line");
    line->bell = -1;
    line->priority = options->priority;
    line->asks_only = options->other_words;
    if (libusb_init(&line->context) != LIBUSB_SUCCESS) {
        free(line);
        return fl_error_set(error, FL_E_DEVICE, "this system has no USB");
    }
    libusb_set_option(line->context, LIBUSB_OPTION_LOG_LEVEL, LIBUSB_LOG_LEVEL_NONE);
    status = find_device(line->context, path, &name, &line->handle, error);
    if (status == FL_OK) status = claim(line, path, name.tmc, error);
    if (status == FL_OK) status = usb_line_start(line, error);
    if (status != FL_OK) return usb_line_free(line), status;
    *carrier = (fl_carrier){.kind = &fl_usb_kind,
                            .self = line,
                            .fd = line->bell,
                            .own_drop = true,
                            .simulated_only = fl_usb_is_test_identity(name.vendor, name.product)};
    if (carrier->simulated_only && !options->other_words)
        status = check_simulated(carrier, path, options, error);
    if (status != FL_OK) fl_carrier_close(carrier);
    return status;
}

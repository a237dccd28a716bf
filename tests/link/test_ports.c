/* labels: unit   timeout: 120   needs: fadeline   umockdev */
#include "check.h"

#include "fadeline/base/text.h"
#include "fadeline/link/ports.h"
#include "fake_usb.h"

#include <jansson.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* What is plugged in, as the library lists it and as `fadeline devices probe` tells it: the program runs
 * under the same testbed, in a folder of data of its own. */

#define SIM "SIMULATED Example,Pico 2,SIM-00042,1.0\n"

static char folder[64];

static void write_device(const char *id, const char *link)
{
    char path[128];
    snprintf(path, sizeof path, "%s/devices/%s.yaml", folder, id);
    FILE *file = fopen(path, "w");
    if (!file) abort();
    fprintf(
        file,
        "schema: device/1\nid: %s\nmaker: Example\nmodel: Pico\ninvented: yes\nsource: invented\nsure: "
        "label\n"
        "link:\n%s\nheads:\n  - id: a\n    wavelength_nm: 755\n    energy_max_mJ: 200\n    rate_max_Hz: 10\n",
        id, link);
    fclose(file);
}

static void make_folder(void)
{
    char path[96];
    snprintf(folder, sizeof folder, "/tmp/fl-ports-XXXXXX");
    if (!mkdtemp(folder)) abort();
    snprintf(path, sizeof path, "%s/devices", folder);
    if (mkdir(path, 0700)) abort();
}

static void remove_folder(void)
{
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    CHECK(system(command) == 0, "clean up");
}

/* Without the right of root to open what is closed. Returns the exit code. */
static int run_program(const char *arguments, char *output, size_t room)
{
    int pair[2];
    if (pipe(pair)) abort();
    const pid_t child = fork();
    if (child == 0) {
        prctl(PR_CAPBSET_DROP, CAP_DAC_OVERRIDE, 0, 0, 0);
        prctl(PR_CAPBSET_DROP, CAP_DAC_READ_SEARCH, 0, 0, 0);
        setenv("FADELINE_DATA", folder, 1), setenv("FADELINE_HOME", folder, 1),
            setenv("XDG_DATA_DIRS", folder, 1);
        if (dup2(pair[1], STDOUT_FILENO) < 0 || dup2(pair[1], STDERR_FILENO) < 0) _exit(71);
        const char *words[8] = {"fadeline", "devices", "probe"};
        static char copy[128];
        snprintf(copy, sizeof copy, "%s", arguments);
        size_t count = 3;
        for (char *word = strtok(copy, " "); word && count < 7; word = strtok(NULL, " "))
            words[count++] = word;
        execv(FL_BUILD_DIR "/fadeline", (char *const *)words);
        _exit(72);
    }
    close(pair[1]);
    size_t size = 0;
    ssize_t n;
    while (size < room - 1 && (n = read(pair[0], output + size, room - 1 - size)) > 0) size += (size_t)n;
    output[size] = 0;
    close(pair[0]);
    int how;
    waitpid(child, &how, 0);
    return WIFEXITED(how) ? WEXITSTATUS(how) : -1;
}

static const fl_port *find(const fl_port *ports, size_t count, const char *path)
{
    for (size_t i = 0; i < count; i++)
        if (fl_text_same(ports[i].path, path)) return &ports[i];
    return NULL;
}

static void the_list_names_what_is_plugged_in(void)
{
    fake_usb *bulk = fake_usb_new(&(fake_usb_make){.vendor = 0x1209, .product = 1, .serial = "SIM-1"});
    fake_usb *tmc =
        fake_usb_new(&(fake_usb_make){.vendor = 0x1313, .product = 0x8072, .serial = "P1", .tmc = true});
    fake_usb *driven = fake_usb_new(&(fake_usb_make){.vendor = 0xABCD, .product = 2});
    fake_usb *used = fake_usb_new(&(fake_usb_make){.vendor = 0xABCD, .product = 3});
    fake_usb *gives_way = fake_usb_new(&(fake_usb_make){.vendor = 0xABCD, .product = 4, .tmc = true});
    fake_usb *serial = fake_usb_new(&(fake_usb_make){.vendor = 0xABCD, .product = 5, .cdc = true});
    fake_usb *chip = fake_usb_new(&(fake_usb_make){.vendor = 0x0403, .product = 0x6001});
    fake_usb_bind(driven, "btusb"), fake_usb_bind(used, "usbfs"), fake_usb_bind(gives_way, "usbtmc");
    fake_tty_add("ttyUSB7", 200, 0x0403, 0x6001, "A50285BI", "FT232R USB UART");
    fake_tty_add("ttyACM3", 201, 0x1209, 2, NULL, "Pico");
    static const struct {
        const char *path;
        fl_port_kind kind;
        fl_port_state state;
        uint16_t vendor, product;
        const char *serial, *name, *driver;
    } rows[] = {
        {"/dev/ttyUSB7", FL_PORT_SERIAL, FL_PORT_FREE, 0x0403, 0x6001, "A50285BI", "FT232R USB UART", ""},
        {"/dev/ttyACM3", FL_PORT_SERIAL, FL_PORT_FREE, 0x1209, 2, "", "Pico", ""},
        {"usb:1209:0001:SIM-1", FL_PORT_USB_BULK, FL_PORT_FREE, 0x1209, 1, "SIM-1", "Example Pico", ""},
        {"usb:1313:8072:P1", FL_PORT_USB_TMC, FL_PORT_FREE, 0x1313, 0x8072, "P1", "Example Pico", ""},
        {"usb:ABCD:0002", FL_PORT_USB_BULK, FL_PORT_DRIVER, 0xABCD, 2, "", "Example Pico", "btusb"},
        {"usb:ABCD:0003", FL_PORT_USB_BULK, FL_PORT_USED, 0xABCD, 3, "", "Example Pico", "usbfs"},
        {"usb:ABCD:0004", FL_PORT_USB_TMC, FL_PORT_FREE, 0xABCD, 4, "", "Example Pico", "usbtmc"},
    };
    static fl_port ports[FL_PORTS_MAX];
    const size_t count = fl_ports_list(ports, FL_PORTS_MAX);
    CHECK(count == sizeof rows / sizeof *rows, "%zu ports", count);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const fl_port *port = find(ports, count, rows[i].path);
        CHECK(port != NULL, "%s is not listed", rows[i].path);
        if (!port) continue;
        CHECK(port->kind == rows[i].kind && port->state == rows[i].state && port->has_usb, "%s: %s, %s",
              rows[i].path, fl_port_kind_name(port->kind), fl_port_state_word(port->state));
        CHECK(port->vendor == rows[i].vendor && port->product == rows[i].product, "%s: %04X:%04X",
              rows[i].path, port->vendor, port->product);
        CHECK_TEXT(port->serial, rows[i].serial, rows[i].path);
        CHECK_TEXT(port->product_name, rows[i].name, rows[i].path);
        CHECK_TEXT(port->driver, rows[i].driver, rows[i].path);
    }
    CHECK(fl_ports_list(ports, 3) == 3, "never more than there is room for");
    fake_usb_unplug(bulk);
    CHECK(!find(ports, fl_ports_list(ports, FL_PORTS_MAX), "usb:1209:0001:SIM-1"),
          "and what was unplugged is gone");
    fake_usb *const all[] = {bulk, tmc, driven, used, gives_way, serial, chip};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) fake_usb_free(all[i]);
    fake_usb_end();
}

static void the_rule_names_the_device(void)
{
    char room[200];
    const fl_port usb = {.kind = FL_PORT_USB_TMC, .has_usb = true, .vendor = 0x1313, .product = 0x8072};
    CHECK_TEXT(fl_port_udev_rule(&usb, room, sizeof room),
               "SUBSYSTEM==\"usb\", ATTR{idVendor}==\"1313\", ATTR{idProduct}==\"8072\", MODE=\"0660\", "
               "TAG+=\"uaccess\"",
               "usb");
    const fl_port tty = {.kind = FL_PORT_SERIAL, .has_usb = true, .vendor = 0x1AD5, .product = 0x300};
    CHECK_TEXT(fl_port_udev_rule(&tty, room, sizeof room),
               "SUBSYSTEM==\"tty\", ATTRS{idVendor}==\"1ad5\", ATTRS{idProduct}==\"0300\", MODE=\"0660\", "
               "TAG+=\"uaccess\"",
               "tty");
    const fl_port old = {.kind = FL_PORT_SERIAL, .node = "/dev/ttyS0"};
    CHECK_TEXT(fl_port_udev_rule(&old, room, sizeof room),
               "KERNEL==\"ttyS0\", MODE=\"0660\", TAG+=\"uaccess\"", "built in");
}

static const json_t *plugged(const json_t *answer, const char *port)
{
    size_t i;
    json_t *one;
    json_array_foreach(
        json_object_get(answer, "plugged"), i,
        one) if (fl_text_same(json_string_value(json_object_get(one, "port")), port)) return one;
    CHECK(false, "%s is not in the answer", port);
    return NULL;
}

static const char *text_at(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : "(null)";
}

/* What is said of one device file at one port: its reason, "yes" when it matches, "-" when nothing is said.
 */
static const char *said_of(const json_t *port, const char *device)
{
    size_t i;
    json_t *one;
    json_array_foreach(json_object_get(port, "files"), i,
                       one) if (fl_text_same(json_string_value(json_object_get(one, "device")),
                                             device)) return json_is_true(json_object_get(one, "matches"))
        ? "yes"
        : text_at(one, "why_not");
    return "-";
}

static void close_node(const fake_usb *device)
{
    char path[256];
    snprintf(path, sizeof path, "%s%s", getenv("UMOCKDEV_DIR"), fake_usb_node(device));
    CHECK(chmod(path, 0) == 0, "chmod %s", path);
}

static void the_command_tells_what_fits_and_what_is_in_the_way(void)
{
    static char output[1 << 16];
    make_folder();
    write_device("twin", "  kind: simulated\n  dialect: gl1\n  identity: SIM-00042");
    write_device(
        "meter",
        "  kind: usb\n  dialect: gl1\n  usb: { vid: \"1313\", pid: \"8072\", serial: P9, class: usbtmc }");
    write_device("closed", "  kind: usb\n  dialect: gl1\n  usb: { vid: ABCD, pid: \"0007\" }");
    write_device("other",
                 "  kind: usb\n  dialect: gl1\n  identity: X-1\n  usb: { vid: ABCD, pid: \"0008\" }");
    fake_usb *twin = fake_usb_new(
        &(fake_usb_make){.vendor = 0x1209, .product = 1, .serial = "SIM-00042", .identity = SIM});
    fake_usb *meter =
        fake_usb_new(&(fake_usb_make){.vendor = 0x1313, .product = 0x8072, .serial = "P1", .tmc = true});
    fake_usb *closed = fake_usb_new(&(fake_usb_make){.vendor = 0xABCD, .product = 7});
    fake_usb *other = fake_usb_new(
        &(fake_usb_make){.vendor = 0xABCD, .product = 8, .identity = "Example,Pico 2,X-2,1.0\n"});
    fake_usb *stranger = fake_usb_new(&(fake_usb_make){.vendor = 0xABCD, .product = 9, .identity = SIM});
    close_node(closed);
    const int code = run_program("--json", output, sizeof output);
    json_t *answer = json_loads(output, 0, NULL);
    CHECK(code == 0 && answer, "exit %d: %.800s", code, output);
    CHECK(json_integer_value(json_object_get(answer, "ports")) == 5, "five ports");
    CHECK(json_array_size(json_object_get(answer, "answers")) == 2, "the twin and the other answer");
    const json_t *at = plugged(answer, "usb:1209:0001:SIM-00042");
    CHECK_TEXT(said_of(at, "twin"), "yes", "by the name it gives itself");
    CHECK_TEXT(text_at(json_object_get(at, "answer"), "identity"), "SIM-00042", "identity");
    CHECK(json_is_true(json_object_get(json_object_get(at, "answer"), "simulated")),
          "says that it is simulated");
    at = plugged(answer, "usb:1313:8072:P1");
    CHECK_TEXT(said_of(at, "meter"), "its serial number is another", "near miss");
    CHECK(json_is_false(json_object_get(at, "asked")), "what no file means is not asked");
    at = plugged(answer, "usb:ABCD:0007");
    CHECK_TEXT(said_of(at, "closed"), "yes", "numbers");
    CHECK_TEXT(text_at(at, "state"), "denied", "no permission");
    CHECK(strstr(text_at(at, "udev_rule"), "idProduct}==\"0007\"") != NULL, "%s", text_at(at, "udev_rule"));
    at = plugged(answer, "usb:ABCD:0008");
    CHECK_TEXT(said_of(at, "other"), "it gives itself another name than the device file", "wrong identity");
    at = plugged(answer, "usb:ABCD:0009");
    CHECK_TEXT(said_of(at, "twin"), "-", "nothing to say");
    json_decref(answer);
    CHECK(fake_usb_look(stranger).claims == 0 && fake_usb_look(meter).claims == 0,
          "strangers are left alone");

    CHECK(run_program("", output, sizeof output) == 0, "as text: %.800s", output);
    static const char *const says[] = {"    SIMULATED: SIMULATED Example Pico 2, identity SIM-00042",
                                       "is twin, by the name",
                                       "is not meter: its serial number is another",
                                       "you have no permission to use it",
                                       "SUBSYSTEM==\"usb\", ATTR{idVendor}==\"abcd\"",
                                       "matches no device file"};
    for (size_t i = 0; i < sizeof says / sizeof *says; i++)
        CHECK(strstr(output, says[i]) != NULL, "it does not say '%s':\n%.800s", says[i], output);

    CHECK(run_program("usb:ABCD:0007", output, sizeof output) == 4 && strstr(output, "permission denied"),
          "%.500s", output);
    CHECK(run_program("usb:1209:0001", output, sizeof output) == 0 && strstr(output, "SIM-00042"), "%.500s",
          output);
    fake_usb *const all[] = {twin, meter, closed, other, stranger};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) fake_usb_free(all[i]);
    CHECK(run_program("", output, sizeof output) == 4 && strstr(output, "nothing is plugged in"), "%.500s",
          output);
    fake_usb_end();
    remove_folder();
}

FL_TESTS("link/ports", TEST(the_list_names_what_is_plugged_in), TEST(the_rule_names_the_device),
         TEST(the_command_tells_what_fits_and_what_is_in_the_way))

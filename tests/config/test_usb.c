/* labels: unit */
#include "check.h"

#include "fadeline/config/device.h"

/* hazards: H22 */
static void whose_device_it_is(void)
{
    static const struct {
        const char *what;
        fl_device_usb file;
        fl_usb_seen seen;
        fl_usb_fit fit;
    } rows[] = {
        {"both numbers",
         {.vendor = 0x1313, .product = 0x8072},
         {0x1313, 0x8072, "P1", FL_USB_TMC},
         FL_USB_FITS},
        {"and the serial number",
         {NULL, NULL, 0x1313, 0x8072, "P1", FL_USB_TMC},
         {0x1313, 0x8072, "P1", FL_USB_TMC},
         FL_USB_FITS},
        {"nothing stated",
         {.vendor = -1, .product = -1},
         {0x1313, 0x8072, "P1", FL_USB_TMC},
         FL_USB_NOT_STATED},
        {"another maker",
         {.vendor = 0x1314, .product = 0x8072},
         {0x1313, 0x8072, "P1", FL_USB_TMC},
         FL_USB_OTHER_DEVICE},
        {"another product",
         {.vendor = 0x1313, .product = 0x8070},
         {0x1313, 0x8072, "P1", FL_USB_TMC},
         FL_USB_OTHER_DEVICE},
        {"another class",
         {.vendor = 0x1313, .product = 0x8072, .class = FL_USB_VENDOR},
         {0x1313, 0x8072, "P1", FL_USB_TMC},
         FL_USB_OTHER_CLASS},
        {"another serial number",
         {.vendor = 0x1313, .product = 0x8072, .serial = "P2"},
         {0x1313, 0x8072, "P1", FL_USB_TMC},
         FL_USB_OTHER_SERIAL},
        {"no serial number where one is wanted",
         {.vendor = 0x1313, .product = 0x8072, .serial = "P2"},
         {0x1313, 0x8072, "", FL_USB_TMC},
         FL_USB_OTHER_SERIAL},
        {"a bare chip alone",
         {.vendor = 0x0403, .product = 0x6001},
         {0x0403, 0x6001, "A1", FL_USB_SERIAL},
         FL_USB_BARE_CHIP},
        {"a bare chip by its serial number",
         {.vendor = 0x0403, .product = 0x6001, .serial = "A1"},
         {0x0403, 0x6001, "A1", FL_USB_SERIAL},
         FL_USB_FITS},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const fl_usb_fit fit = fl_usb_fits(&rows[i].file, &rows[i].seen);
        CHECK(fit == rows[i].fit, "%s: %s", rows[i].what, fl_usb_fit_word(fit));
    }
}

static void chips_and_test_identities(void)
{
    static const uint16_t chips[][2] = {
        {0x0403, 0x6001}, {0x067B, 0x2303}, {0x10C4, 0xEA60}, {0x1A86, 0x7523}};
    for (size_t i = 0; i < 4; i++) {
        CHECK(fl_usb_is_bare_chip(chips[i][0], chips[i][1]), "%04X:%04X", chips[i][0], chips[i][1]);
        CHECK(!fl_usb_is_bare_chip(chips[i][0], (uint16_t)(chips[i][1] + 1)), "its neighbour is none");
    }
    unsigned tests = 0;
    for (unsigned product = 0; product <= 0xFFFF; product++)
        tests += fl_usb_is_test_identity(0x1209, (uint16_t)product);
    CHECK(tests == 16 && fl_usb_is_test_identity(0x1209, 1) && fl_usb_is_test_identity(0x1209, 0x10), "%u",
          tests);
    CHECK(!fl_usb_is_test_identity(0x1208, 1), "of one vendor number");
}

static void a_file_may_name_its_numbers(void)
{
    fl_device *device = NULL;
    fl_error error = {.what = ""};
    CHECK(fl_device_load(FL_TEST_DIR "/good/usb-meter.yaml", &device, &error) == FL_OK, "%s", error.what);
    if (!device) return;
    const fl_device_usb *usb = &device->link.usb;
    CHECK(usb->vendor == 0x1313 && usb->product == 0x8072 && usb->class == FL_USB_TMC, "%04X:%04X",
          (unsigned)usb->vendor, (unsigned)usb->product);
    CHECK_TEXT(usb->serial, "P2004525", "serial number");
    fl_device_free(device);
    CHECK(fl_device_load("example-pico", &device, &error) == FL_OK, "%s", error.what);
    CHECK(device->link.usb.vendor == -1 && device->link.usb.product == -1 && !device->link.usb.serial,
          "not stated");
    fl_device_free(device);
}

FL_TESTS("config/usb", TEST(whose_device_it_is), TEST(chips_and_test_identities),
         TEST(a_file_may_name_its_numbers))

/* labels: unit */
/* Which device files the twin plays. */
#include "check.h"
#include "device_file.h"

#include "fadeline/base/place.h"

#include <unistd.h>

static fl_status load_changed(const char *from, const char *to, fl_error *error)
{
    char found[FL_PLACE_MAX], path[] = "/tmp/fadeline-device-XXXXXX.yaml";
    char *bytes = NULL;
    size_t size;
    CHECK(fl_place_find("devices/example-pico.yaml", found, error) == FL_OK, "%s", error->what);
    CHECK(fl_place_read(found, 1 << 20, &bytes, &size, error) == FL_OK, "%s", error->what);
    const char *at = bytes ? strstr(bytes, from) : NULL;
    CHECK(at, "'%s' is not in the device file", from);
    const int fd = mkstemps(path, 5);
    if (!at || fd < 0) return FL_E_BUG;
    dprintf(fd, "%.*s%s%s", (int)(at - bytes), bytes, to, at + strlen(from));
    close(fd);
    free(bytes);
    device_file changed;
    const fl_status status = device_file_load(path, &changed, error);
    if (status == FL_OK) device_file_free(&changed);
    unlink(path);
    return status;
}

/* The simulated laser plays no real one's file. */
/* hazards: H22 */
static void only_simulated_lasers_are_played(void)
{
    fl_error error = {.status = FL_OK};
    CHECK(load_changed("identity: SIM-00042", "identity: SIM-7", &error) == FL_OK, "%s", error.what);
    CHECK(load_changed("identity: SIM-00042", "identity: PICO-00042", &error) == FL_E_FILE,
          "a real identity");
    CHECK(error.hint[0], "no hint");
    CHECK(load_changed("kind: simulated", "kind: serial", &error) == FL_E_FILE, "a serial laser");
    CHECK(strstr(error.what, "simulated"), "%s", error.what);
    device_file none;
    CHECK(device_file_load("no-such-laser", &none, &error) != FL_OK, "a laser that is not there");
}

FL_TESTS("twin/device_file", TEST(only_simulated_lasers_are_played))

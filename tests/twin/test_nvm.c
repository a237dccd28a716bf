/* labels: unit fault */
/* The state file: whatever happens to its bytes, a counter that was never there is never read. */
#include "check.h"
#include "nvm.h"

#include <fcntl.h>
#include <unistd.h>

static void path_for(char path[64])
{
    snprintf(path, 64, "/tmp/fadeline-twin-state-XXXXXX");
    const int fd = mkstemp(path);
    CHECK(fd >= 0, "cannot make %s", path);
    if (fd >= 0) close(fd);
    unlink(path);
}

static void write_whole(const char *path, const char *bytes, size_t size)
{
    const int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    CHECK(fd >= 0 && write(fd, bytes, size) == (ssize_t)size, "cannot write %s", path);
    if (fd >= 0) close(fd);
}

/* Any one byte of the file damaged, or the file cut anywhere: the newest or the one before, or a refusal;
 * never a number that was not there. */
/* hazards: H21 */
static void damaged_memory(void)
{
    char path[64], whole[512], wrong[512];
    nvm memory;
    fl_error error;
    path_for(path);
    CHECK(nvm_open(&memory, path, "SIM-00042", &error) == FL_OK, "%s", error.what);
    for (uint64_t k = 41; k <= 43; k++) {
        memory.now.kept.k = k;
        memory.now.kept.g = 2 * k;
        CHECK(nvm_keep(&memory, &error) == FL_OK, "%s", error.what);
    }
    nvm other;
    CHECK(nvm_open(&other, path, "SIM-00042", &error) == FL_E_BUSY, "two twins on one state");
    nvm_close(&memory);
    CHECK(nvm_open(&other, path, "SIM-00043", &error) == FL_E_FILE && error.hint[0], "another identity");
    FILE *in = fopen(path, "r");
    CHECK(in && fread(whole, 1, sizeof whole, in) == sizeof whole, "not 512 bytes");
    if (in) fclose(in);
    unsigned newest = 0, before = 0;
    for (size_t i = 0; i < sizeof whole; i++) {
        memcpy(wrong, whole, sizeof whole);
        wrong[i] ^= 0x11;
        write_whole(path, wrong, sizeof wrong);
        CHECK(nvm_open(&memory, path, "SIM-00042", &error) == FL_OK, "byte %zu: %s", i, error.what);
        newest += memory.now.kept.k == 43 && memory.now.kept.g == 86;
        before += memory.now.kept.k == 42 && memory.now.kept.g == 84;
        nvm_close(&memory);
    }
    CHECK(newest + before == 512 && newest > 250 && before > 150, "%u newest, %u the one before", newest,
          before);
    for (size_t size = 1; size < 256; size += 17) {
        write_whole(path, whole, size);
        CHECK(nvm_open(&memory, path, "SIM-00042", &error) == FL_E_FILE, "%zu bytes were taken", size);
    }
    write_whole(path, "an important letter\n", 20);
    CHECK(nvm_open(&memory, path, "SIM-00042", &error) == FL_E_FILE, "somebody's letter");
    in = fopen(path, "r");
    CHECK(in && fread(wrong, 1, sizeof wrong, in) == 20, "the letter was changed");
    if (in) fclose(in);
    unlink(path);
}

FL_TESTS("twin/nvm", TEST(damaged_memory))

/* labels: unit threads   timeout: 300 */
/* Kept walks: same plan to the bit with and without, whatever happens to the folder. */
#include "check.h"
#include "helper_request.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[64];
static const uint8_t secret[32] = {1, 2, 3}, another[32] = {3, 2, 1};

static unsigned files(char last[400])
{
    unsigned count = 0;
    DIR *dir = opendir(folder);
    for (struct dirent *e; dir && (e = readdir(dir));)
        if (e->d_name[0] != '.') {
            count++;
            if (last) snprintf(last, 400, "%s/%s", folder, e->d_name);
        }
    if (dir) closedir(dir);
    return count;
}

static void sweep(void)
{
    char path[400];
    while (files(path)) remove(path);
    rmdir(folder);
}

static fl_planner_request small(void)
{
    fl_planner_request r = test_request("eyebrow", 3, "iron-oxide-brown-corrected", "pmu", test_heads[2]);
    r.draws = 2, r.variants = 3, r.photons = 200, r.spot_count = 2;
    snprintf(folder, sizeof folder, "/tmp/fl-store-XXXXXX");
    CHECK(mkdtemp(folder) != NULL, "no folder");
    return r;
}

static void same_bits_with_and_without(void)
{
    fl_planner_request r = small();
    fl_planner_answer *plain = test_run(&r);
    r.cache = folder, r.cache_secret = secret;
    fl_planner_answer *first = test_run(&r), *second = test_run(&r);
    CHECK(files(NULL) == 1, "%u files", files(NULL));
    CHECK(memcmp(plain, first, sizeof *plain) == 0 && memcmp(plain, second, sizeof *plain) == 0,
          "another plan");
    /* what the walk does not depend on shares the file; what it does, does not */
    r.accepted_risk = 0.01, r.pulse = fl_ps(300), r.rate_max = fl_Hz(2), r.threads = 2;
    fl_planner_answer_free(test_run(&r));
    CHECK(files(NULL) == 1, "a risk is no photon");
    fl_planner_request others[8];
    for (int i = 0; i < 8; i++) others[i] = r;
    others[0].seed++;
    others[1].tan_factor = 1.2;
    others[2].scar = true;
    others[3].wavelength = fl_nm(755);
    others[4].spots[1].spot = fl_mm(3.5);
    others[5].photons = 201;
    others[6].ink = fl_planner_ink_find(test_library(), "hybrid-brown");
    others[7].cover = fl_planner_ink_find(test_library(), "white");
    for (unsigned i = 0; i < 8; i++) {
        fl_planner_answer_free(test_run(&others[i]));
        CHECK(files(NULL) == 2 + i, "change %u is not seen", i);
    }
    fl_planner_answer_free(plain);
    fl_planner_answer_free(first);
    fl_planner_answer_free(second);
    sweep();
}

static void damage_is_walked_again(void)
{
    fl_planner_request r = small();
    r.cache = folder, r.cache_secret = secret;
    fl_planner_answer *good = test_run(&r);
    char path[400];
    CHECK(files(path) == 1, "not kept");
    struct stat kept;
    CHECK(stat(path, &kept) == 0 && kept.st_size > 1000, "empty");
    static const long at[] = {0, 999, -1, -40};
    for (size_t i = 0; i < sizeof at / sizeof *at; i++) {
        FILE *f = fopen(path, "r+b");
        CHECK(f && fseek(f, at[i], at[i] < 0 ? SEEK_END : SEEK_SET) == 0, "seek");
        const int byte = fgetc(f);
        CHECK(fseek(f, -1, SEEK_CUR) == 0 && fputc(byte ^ 1, f) != EOF && fclose(f) == 0, "flip");
        fl_planner_answer *again = test_run(&r);
        CHECK(memcmp(good, again, sizeof *good) == 0, "a flipped bit at %ld changed the plan", at[i]);
        fl_planner_answer_free(again);
    }
    /* signed by somebody else: forged */
    r.cache_secret = another;
    fl_planner_answer_free(test_run(&r)); /* walks again, signs anew */
    r.cache_secret = secret;
    struct stat before, after;
    CHECK(stat(path, &before) == 0, "stat");
    fl_planner_answer *ours = test_run(&r);
    CHECK(memcmp(good, ours, sizeof *good) == 0 && stat(path, &after) == 0 && after.st_ino != before.st_ino,
          "a file with another signature was believed");
    fl_planner_answer_free(ours);
    CHECK(truncate(path, kept.st_size / 2) == 0, "truncate");
    fl_planner_answer *again = test_run(&r);
    CHECK(memcmp(good, again, sizeof *good) == 0, "half a file changed the plan");
    fl_planner_answer_free(again);
    sweep();
    r.cache = "/proc/no-such-place";
    again = test_run(&r);
    CHECK(memcmp(good, again, sizeof *good) == 0, "a folder that cannot be made changed the plan");
    fl_planner_answer_free(again);
    fl_planner_answer_free(good);
}

FL_TESTS("planner/store", TEST(same_bits_with_and_without), TEST(damage_is_walked_again))

#include "fadeline/course/seal.h"

#include "fadeline/base/assert.h"
#include "fadeline/base/place.h"
#include "fadeline/base/random.h"

#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SECRET FL_PLAN_SECRET

static fl_status path_in(const char *home, char path[FL_PLACE_MAX], fl_error *error)
{
    if (snprintf(path, FL_PLACE_MAX, "%s/plan.secret", home) < FL_PLACE_MAX) return FL_OK;
    return fl_error_set(error, FL_E_FILE, "the path of the home is too long");
}

static fl_status read_secret(const char *path, uint8_t secret[SECRET], fl_error *error)
{
    char *bytes;
    size_t size;
    fl_status status = fl_place_read(path, SECRET, &bytes, &size, error);
    if (status != FL_OK) return status;
    if (size == SECRET)
        memcpy(secret, bytes, SECRET);
    else
        status = fl_error_set(error, FL_E_FILE, "%s is not 32 bytes; no plan can be sealed with it", path),
        fl_error_hint(error, "remove it, and plan again whatever has not been run");
    OPENSSL_cleanse(bytes, size);
    free(bytes);
    return status;
}

/* What stands in the file is used, also by whoever made it: of two first plans at once one secret stays, and
 * the plan that lost is refused, not run. */
static fl_status make_secret(const char *home, const char *path, uint8_t secret[SECRET], fl_error *error)
{
    fl_status status = fl_place_make(home, error);
    if (status == FL_OK && !fl_place_exists(path)) {
        status = fl_random_secret(secret, SECRET);
        if (status != FL_OK) return fl_error_set(error, status, "no random bytes for %s", path);
        status = fl_place_write(path, secret, SECRET, 0600, error);
    }
    return status == FL_OK ? read_secret(path, secret, error) : status;
}

fl_status fl_plan_secret_here(const char *home, uint8_t secret[FL_PLAN_SECRET], fl_error *error)
{
    char path[FL_PLACE_MAX];
    const fl_status status = path_in(home, path, error);
    return status == FL_OK ? make_secret(home, path, secret, error) : status;
}

fl_status fl_plan_seal_here(const char *home, fl_plan *plan, fl_error *error)
{
    uint8_t secret[SECRET];
    const fl_status status = fl_plan_secret_here(home, secret, error);
    if (status != FL_OK) return status;
    fl_hmac_sha256(secret, SECRET, plan->sha256, sizeof plan->sha256, plan->seal);
    plan->has_seal = true;
    OPENSSL_cleanse(secret, sizeof secret);
    return FL_OK;
}

static fl_status refuse(fl_error *error, const char *what)
{
    fl_error_set(error, FL_E_FILE, "%s", what);
    if (error) {
        fl_error_hint(error,
                      "plan again on this machine: fadeline plan CASE.yaml --device ID --out PLAN.json");
        fl_error_code(error, "plan-not-sealed");
    }
    return FL_E_FILE;
}

fl_status fl_plan_sealed_here(const char *home, const fl_plan *plan, fl_error *error)
{
    char path[FL_PLACE_MAX];
    uint8_t secret[SECRET], seal[FL_SHA256_SIZE];
    if (!plan->has_seal)
        return refuse(error, "the plan carries no seal: it was not written by fadeline plan --out");
    fl_status status = path_in(home, path, error);
    if (status != FL_OK) return status;
    if (!fl_place_exists(path))
        return refuse(error, "the plan was sealed elsewhere: nothing was sealed here yet");
    status = read_secret(path, secret, error);
    if (status != FL_OK) return status;
    fl_hmac_sha256(secret, SECRET, plan->sha256, sizeof plan->sha256, seal);
    OPENSSL_cleanse(secret, sizeof secret);
    if (fl_same_digest(seal, plan->seal)) return FL_OK;
    return refuse(error,
                  "the seal of the plan is not from here, or the plan was changed after it was sealed");
}

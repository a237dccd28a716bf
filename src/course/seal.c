#include "fadeline/course/seal.h"

#include "fadeline/base/assert.h"
#include "fadeline/base/place.h"
#include "fadeline/base/random.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SECRET 32

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

static void seal_of(const uint8_t secret[SECRET], const fl_plan *plan, uint8_t seal[FL_SHA256_SIZE])
{
    unsigned size = 0;
    FL_ASSERT(HMAC(EVP_sha256(), secret, SECRET, plan->sha256, sizeof plan->sha256, seal, &size) &&
              size == FL_SHA256_SIZE);
}

fl_status fl_plan_seal_here(const char *home, fl_plan *plan, fl_error *error)
{
    char path[FL_PLACE_MAX];
    uint8_t secret[SECRET];
    fl_status status = path_in(home, path, error);
    if (status == FL_OK) status = make_secret(home, path, secret, error);
    if (status != FL_OK) return status;
    seal_of(secret, plan, plan->seal);
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
    seal_of(secret, plan, seal);
    OPENSSL_cleanse(secret, sizeof secret);
    if (CRYPTO_memcmp(seal, plan->seal, sizeof seal) == 0) return FL_OK;
    return refuse(error,
                  "the seal of the plan is not from here, or the plan was changed after it was sealed");
}

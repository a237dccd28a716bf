/* labels: unit   timeout: 120   needs: fadeline */
/* A log whose key is in a PKCS#11 token (softhsm2, a token in files, under a directory of this test): what is
 * signed there is believed by openssl alone; and whatever is wrong with the token, the PIN or the key,
 * nothing is written and no other key signs. */
#include "check.h"

#include "fadeline/journal/journal.h"
#include "fadeline/journal/token.h"
#include "fadeline/journal/verify.h"

#include <stdarg.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define MODULE "/usr/lib/softhsm/libsofthsm2.so"
#define PIN "735102"

/* softhsm2 2.6 loses two small objects of libcrypto with every Ed25519 signature. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "detect_leaks=0";
}

static char top[64], said[6000];

static int shell(const char *format, ...) FL_PRINTF(1, 2);
static int shell(const char *format, ...)
{
    char line[1500], command[1700];
    va_list list;
    va_start(list, format);
    vsnprintf(line, sizeof line, format, list);
    va_end(list);
    snprintf(command, sizeof command, "cd %s && { %s; } 2>&1", top, line);
    FILE *pipe = popen(command, "r");
    if (!pipe) abort();
    said[fread(said, 1, sizeof said - 1, pipe)] = 0;
    const int how = pclose(pipe);
    return WIFEXITED(how) ? WEXITSTATUS(how) : 128;
}

#define SAYS(code, text, ...)                                                                                \
    do {                                                                                                     \
        const int left_ = shell(__VA_ARGS__);                                                                \
        CHECK(left_ == (code) && strstr(said, text), "left with %d, wanted %d and '%s': %.700s", left_,      \
              code, text, said);                                                                             \
    } while (0)

/* False, with a word, only where softhsm2 is not installed. */
static bool begin(void)
{
    if (access(MODULE, R_OK) != 0 || shell("command -v softhsm2-util") != 0) {
        puts("SKIPPED: the package softhsm2 is not installed (bootstrap check installs it)");
        return false;
    }
    snprintf(top, sizeof top, "/tmp/fl-token-XXXXXX");
    CHECK(mkdtemp(top) != NULL, "home");
    char path[100];
    snprintf(path, sizeof path, "%s/conf", top);
    setenv("SOFTHSM2_CONF", path, 1);
    snprintf(path, sizeof path, "%s/home", top);
    setenv("FADELINE_HOME", path, 1);
    setenv("FADELINE_DATA", FL_SOURCE_DIR, 1);
    setenv("ASAN_OPTIONS", "detect_leaks=0", 1);
    setenv("PATH", FL_BUILD_DIR ":/usr/sbin:/usr/bin:/bin", 1);
    SAYS(0, "initialized",
         "mkdir tokens; printf 'directories.tokendir = %s/tokens\\nobjectstore.backend = file\\nlog.level = "
         "ERROR\\n' > "
         "conf; umask 077; echo " PIN " > pin; softhsm2-util --init-token --free --label clinic --pin " PIN
         " --so-pin 12345678",
         top);
    return true;
}

static void finish(void)
{
    shell("rm -rf %s", top);
}

static const char *uri_of(const char *object, char room[300])
{
    snprintf(room, 300, "pkcs11:token=clinic;object=%s?pin-source=file:%s/pin&module-path=" MODULE, object,
             top);
    return room;
}

static fl_status open_token(const char *object, fl_error *error)
{
    char uri[300];
    fl_signer signer = {.token = NULL};
    *error = (fl_error){0};
    const fl_status status =
        fl_signer_open_token(uri_of(object, uri), "log.example", FL_KEY_ED25519, &signer, error);
    fl_signer_wipe(&signer);
    return status;
}

/* Begun, written, verified, handed out, and believed by a script that knows openssl and not us. */
static void a_log_signed_by_a_token_holds(void)
{
    char uri[300];
    top[0] = '/', top[1] = 0;
    if (!begin()) return;
    uri_of("log", uri);
    SAYS(5, "no key fits", "fadeline journal init --key '%s'", uri);
    SAYS(1, "", "test -e home/journal/journal.db");
    SAYS(0, "in the token pkcs11:token=clinic;object=log", "fadeline journal init --make-key --key '%s'",
         uri);
    SAYS(1, "one key for ever", "fadeline journal init --key '%s'", uri);
    SAYS(1, "", "grep -q PRIVATE home/journal/install.key");
    SAYS(0, "may sign in", "echo 493027 | fadeline people add op:17 --role operator --until 2060-01-01");
    SAYS(0, "in the token pkcs11:", "fadeline journal verify");
    SAYS(0, "\"key_place\": \"in the token", "fadeline journal verify --json");
    SAYS(0, "tlog-tiles", "fadeline journal export out");
    SAYS(0, "holds:",
         "key=$(fadeline journal checkpoint --json | sed -n 's/.*\"key\": \"\\(.*\\)\".*/\\1/p'); "
         "sh " FL_TEST_DIR "/check_export.sh out \"$key\"");
    finish();
}

static void whatever_is_wrong_nothing_signs(void)
{
    char uri[300];
    fl_error error;
    top[0] = '/', top[1] = 0;
    if (!begin()) return;
    uri_of("log", uri);
    SAYS(0, "journal begun", "fadeline journal init --make-key --key '%s'", uri);
    SAYS(0, "entries", "fadeline journal verify --json | grep '\"entries\"' | tee entries");
    CHECK(open_token("log", &error) == FL_OK, "%s", error.what);

    shell("echo 111111 > pin");
    CHECK(open_token("log", &error) == FL_E_REFUSED && strstr(error.what, "PIN"), "wrong PIN: %s",
          error.what);
    SAYS(5, "PIN was not taken",
         "echo 493027 | fadeline people add op:17 --role operator --until 2060-01-01");
    shell("echo " PIN " > pin; chmod 640 pin");
    CHECK(open_token("log", &error) == FL_E_FILE && strstr(error.what, "others can read"), "%s", error.what);
    shell("chmod 600 pin; ln -s pin link; cp home/journal/install.key keep");
    SAYS(5, "no key fits",
         "fadeline journal init --simulated --key 'pkcs11:token=clinic;object=none?pin-source=file:%s/pin&"
         "module-path=" MODULE "'",
         top);
    SAYS(3, "PIN of the token",
         "fadeline journal init --simulated --key 'pkcs11:token=clinic;object=log?pin-source=file:%s/link&"
         "module-path=" MODULE "'",
         top);
    SAYS(2, "pin-source",
         "fadeline journal init --simulated --key 'pkcs11:token=clinic;object=log?pin-value=" PIN
         "&module-path=" MODULE "'");
    SAYS(4, "no token fits",
         "fadeline journal init --simulated --key 'pkcs11:token=other;object=log?pin-source=file:%s/pin&"
         "module-path=" MODULE "'",
         top);

    /* A key that is not Ed25519. */
    SAYS(0, "imported",
         "openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out p256.pem && softhsm2-util "
         "--import p256.pem --token clinic --label p256 --id 77 --pin " PIN);
    CHECK(open_token("p256", &error) == FL_E_REFUSED && strstr(error.what, "not Ed25519"), "%s", error.what);

    /* Another key under the same log, and the right one back. */
    CHECK(fl_token_make_key(uri_of("other", uri), &error) == FL_OK, "%s", error.what);
    CHECK(fl_token_make_key(uri, &error) == FL_E_NO, "twice: %s", error.what);
    shell("sed -i s/object=log/object=other/ home/journal/install.key");
    SAYS(5, "not the one this log began with",
         "echo 493027 | fadeline people add op:17 --role operator --until 2060-01-01");
    shell("cp keep home/journal/install.key; chmod 644 home/journal/install.key");
    SAYS(5, "others can read", "echo 493027 | fadeline people add op:17 --role operator --until 2060-01-01");
    shell("chmod 600 home/journal/install.key; mv tokens gone; mkdir tokens");
    SAYS(4, "no token fits", "echo 493027 | fadeline people add op:17 --role operator --until 2060-01-01");
    SAYS(0, "", "fadeline journal verify --json | grep '\"entries\"' | cmp - entries");
    shell("rmdir tokens; mv gone tokens");
    SAYS(0, "may sign in", "echo 493027 | fadeline people add op:17 --role operator --until 2060-01-01");
    SAYS(0, "intact", "fadeline journal verify");
    finish();
}

/* Pulled out in the middle of a session: the next checkpoint is a failed write, nothing of that append is
 * there, and nothing is written any more until the token is back. */
static void a_token_pulled_out_closes_the_journal(void)
{
    char uri[300], place[100];
    static fl_entry entry;
    fl_error error = {0};
    fl_journal *journal = NULL;
    top[0] = '/', top[1] = 0;
    if (!begin()) return;
    CHECK(fl_token_make_key(uri_of("log", uri), &error) == FL_OK, "%s", error.what);
    snprintf(place, sizeof place, "%s/journal", top);
    const fl_journal_options options = {.mode = FL_JOURNAL_CREATE, .token = uri, .no_ballast = true};
    CHECK(fl_journal_open(place, &options, &journal, &error) == FL_OK, "%s", error.what);
    if (!journal) return;
    fl_entry_begin(&entry, FL_KIND_ESTOP); /* signs */
    fl_entry_text(&entry, "cause", "test");
    CHECK(fl_journal_append(journal, &entry, 1, &error) == FL_OK && fl_journal_is_healthy(journal), "%s",
          error.what);
    const uint64_t size = fl_journal_size(journal);
    shell("mv tokens gone; mkdir tokens");
    CHECK(fl_journal_append(journal, &entry, 1, &error) == FL_E_IO, "signed without its key");
    CHECK(strstr(error.what, "the token: it did not sign") != NULL, "%s", error.what);
    CHECK(!fl_journal_is_healthy(journal), "healthy without its key");
    CHECK(fl_journal_append(journal, &entry, 1, &error) == FL_E_IO, "and nothing afterwards");
    fl_journal_close(journal);
    journal = NULL;
    CHECK(fl_journal_open(place, &options, &journal, &error) == FL_E_DEVICE && !journal,
          "opened without its token");
    shell("rmdir tokens; mv gone tokens");
    CHECK(fl_journal_open(place, &options, &journal, &error) == FL_OK, "%s", error.what);
    if (journal)
        CHECK(fl_journal_size(journal) == size + 1, "%llu", (unsigned long long)fl_journal_size(journal));
    fl_journal_close(journal);
    fl_verify_report report = {0};
    CHECK(fl_verify(place, NULL, &report, &error) == FL_OK && !report.damaged, "%s", report.what);
    finish();
}

FL_TESTS("journal/token", TEST(a_log_signed_by_a_token_holds), TEST(whatever_is_wrong_nothing_signs),
         TEST(a_token_pulled_out_closes_the_journal))

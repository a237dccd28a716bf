/* fadeline hub: the logs of several clinics in one database, and a witness that each only grew. */
#include "audit_ask.h"
#include "hub_command.h"

#include "fadeline/base/clock.h"
#include "fadeline/base/digest.h"
#include "fadeline/base/show.h"
#include "fadeline/base/text.h"
#include "fadeline/hub/push.h"
#include "fadeline/report/shown_json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *find_uri(const fl_args *args)
{
    const char *given = fl_args_value(args, "db");
    if (!given) given = getenv("FADELINE_HUB");
    if (!given || !*given) fl_args_wrong(args, "which hub? --db URI, or FADELINE_HUB in the environment");
    return given && *given ? given : NULL;
}

bool hub_open(const fl_args *args, fl_hub **hub, int *code)
{
    fl_error error = {0};
    const char *uri = find_uri(args);
    *code = uri ? 0 : 2;
    if (!uri) return false;
    if (fl_hub_open(uri, 0, hub, &error) == FL_OK) return true;
    *code = fl_args_failed(&error);
    return false;
}

bool hub_choose(const fl_args *args, fl_hub *hub, fl_hub_head **heads, size_t *count, int *code)
{
    fl_error error = {0};
    const char *origin = fl_args_value(args, "log"), *site = fl_args_value(args, "site");
    size_t all, kept = 0;
    if (fl_hub_logs(hub, heads, &all, &error) != FL_OK) return *code = fl_args_failed(&error), false;
    for (size_t i = 0; i < all; i++)
        if ((!origin || fl_text_same(origin, (*heads)[i].origin)) &&
            (!site || fl_text_same(site, (*heads)[i].site)))
            (*heads)[kept++] = (*heads)[i];
    *count = kept;
    if (kept || (!origin && !site)) return true;
    free(*heads);
    fl_error_set(&error, FL_E_NO, "the hub shows this login no such log");
    return *code = fl_args_failed(&error), false;
}

int hub_print_json(json_t *object)
{
    fl_shown_json(object, stdout, JSON_INDENT(2) | JSON_SORT_KEYS);
    putchar('\n');
    json_decref(object);
    return 0;
}

json_t *hub_evidence_json(const fl_evidence *evidence)
{
    char hex[2 * FL_SHA256_SIZE + 1];
    json_t *proof = json_array();
    for (unsigned i = 0; i < evidence->claim.proof.count; i++)
        json_array_append_new(proof,
                              json_string(fl_hex(evidence->claim.proof.hash[i].byte, FL_SHA256_SIZE, hex)));
    return json_pack("{s:s, s:s, s:s, s:o}", "older", evidence->older, "newer", evidence->newer,
                     "newer_root_at_older_size_sha256",
                     fl_hex(evidence->claim.root.byte, FL_SHA256_SIZE, hex), "consistency_proof_sha256",
                     proof);
}

static int64_t now_us(void)
{
    const fl_clock *clock = fl_clock_system();
    return clock->now(clock->self).us;
}

void hub_progress_begin(hub_progress *progress, const char *what)
{
    *progress = (hub_progress){.what = what, .began_us = now_us()};
    progress->said_us = progress->began_us;
}

void hub_progress_show(void *self, uint64_t done, uint64_t total)
{
    hub_progress *progress = self;
    const int64_t now = now_us(), took = now - progress->began_us;
    const bool terminal = isatty(STDERR_FILENO);
    if (now - progress->said_us < (terminal ? 1000000 : 5000000) || !done) return;
    progress->said_us = now;
    progress->said |= terminal;
    const double left = (double)took / 1e6 * (double)(total - done) / (double)done;
    fprintf(stderr, "%s%s: %llu of %llu entries, about %.0f s left   %s", terminal ? "\r" : "",
            FL_SHOWN(progress->what), (unsigned long long)done, (unsigned long long)total, left,
            terminal ? "" : "\n");
    fflush(stderr);
}

void hub_progress_end(hub_progress *progress)
{
    if (progress->said) fprintf(stderr, "\r%*s\r", 78, "");
}

fl_status hub_key_path(const fl_args *args, char path[FL_PLACE_MAX], fl_error *error)
{
    char home[FL_PLACE_MAX];
    const char *given = fl_args_value(args, "hub-key");
    fl_status status = given ? FL_OK : fl_place_home(home, error);
    if (status != FL_OK) return status;
    const int size =
        given ? snprintf(path, FL_PLACE_MAX, "%s", given) : snprintf(path, FL_PLACE_MAX, "%s/hub.key", home);
    return size < FL_PLACE_MAX ? FL_OK : fl_error_set(error, FL_E_USAGE, "the path is too long");
}

/* The key that is there, or a new one. */
static fl_status settle_key(const fl_args *args, const char *path, fl_signer *signer, bool *made,
                            fl_error *error)
{
    char folder[FL_PLACE_MAX];
    const char *name = fl_args_value(args, "name");
    fl_status status = fl_hub_key_read(path, signer, error);
    if (status != FL_E_NO) return status;
    if (!name) {
        fl_error_set(error, FL_E_USAGE, "a new hub needs a name");
        return fl_error_hint(
            error, "--name hub.example/witness-1; it stands in every cosignature and never changes");
    }
    snprintf(folder, sizeof folder, "%s", path);
    char *slash = strrchr(folder, '/');
    if (slash && slash != folder) *slash = 0;
    status = slash && slash != folder ? fl_place_make(folder, error) : FL_OK;
    if (status == FL_OK) status = fl_hub_key_make(path, name, fl_args_has(args, "simulated"), signer, error);
    *made = status == FL_OK;
    return status;
}

static int init(const fl_args *args)
{
    char path[FL_PLACE_MAX];
    fl_signer signer = {0};
    fl_hub_about about = {0};
    fl_error error = {0};
    const char *uri = find_uri(args);
    bool made = false;
    if (!uri) return 2;
    fl_status status = hub_key_path(args, path, &error);
    if (status == FL_OK) status = settle_key(args, path, &signer, &made, &error);
    const fl_vkey witness = signer.vkey;
    fl_signer_wipe(&signer);
    if (status == FL_OK) status = fl_hub_init(uri, &witness, &about, &error);
    if (status != FL_OK && made) unlink(path); /* a key of no hub would only be in the way */
    if (status != FL_OK) return fl_args_failed(&error);
    if (fl_args_has(args, "json"))
        return hub_print_json(json_pack("{s:s, s:s, s:s, s:b, s:b, s:b, s:i, s:s}", "name", about.name, "key",
                                        about.vkey, "key_file", path, "made", about.made, "simulated",
                                        about.simulated, "row_rights", about.row_rights, "schema",
                                        (int)about.version, "server", about.server));
    printf("%shub '%s' %s\n", about.simulated ? "SIMULATED " : "", FL_SHOWN(about.name),
           about.made ? "made" : "is there already; nothing was changed");
    printf("  server      %s\n  tables      schema fadeline, version %u\n", FL_SHOWN(about.server),
           about.version);
    printf("  rights      %s\n",
           about.row_rights ? "row by row: a site's login sees and adds to its own logs only"
                            : "by table only: this engine has no row-level security; sites get no login");
    printf("  secret key  %s (keep it off the clinics' machines)\n", path);
    printf("  public key  %s\n", FL_SHOWN(about.vkey));
    puts("  Give every console the public key: fadeline hub push --hub KEY");
    return 0;
}

static int enrol(const fl_args *args)
{
    fl_hub *hub;
    fl_error error = {0};
    int code;
    if (args->count != 4) return fl_args_wrong(args, "say: hub enrol ORIGIN VKEY SITE");
    if (!hub_open(args, &hub, &code)) return code;
    const char *login = fl_args_value(args, "login");
    const fl_status status = fl_hub_enrol(hub, args->words[1], args->words[2], args->words[3], login, &error);
    const bool simulated = fl_hub_what(hub)->simulated;
    fl_hub_close(hub);
    if (status != FL_OK) return fl_args_failed(&error);
    if (fl_args_has(args, "json"))
        return hub_print_json(json_pack("{s:s, s:s, s:s?, s:b}", "origin", args->words[1], "site",
                                        args->words[3], "login", login, "simulated", simulated));
    printf("%s%s is enrolled for site %s%s%s\n", simulated ? "SIMULATED: " : "", args->words[1],
           args->words[3], login ? "; its login is " : "", login ? login : "");
    return 0;
}

static int cosign(const fl_args *args)
{
    char path[FL_PLACE_MAX];
    fl_signer signer = {0};
    fl_cosigned done = {0};
    fl_hub *hub = NULL;
    fl_error error = {0};
    int code;
    if (!hub_open(args, &hub, &code)) return code;
    fl_status status = hub_key_path(args, path, &error);
    if (status == FL_OK) status = fl_hub_key_read(path, &signer, &error);
    if (status == FL_OK) status = fl_hub_witness_offers(hub, &signer, NULL, &done, &error);
    fl_signer_wipe(&signer);
    const bool simulated = fl_hub_what(hub)->simulated;
    fl_hub_close(hub);
    if (status != FL_OK) return fl_args_failed(&error);
    code = done.forks ? fl_status_exit(FL_E_NO) : 0;
    if (fl_args_has(args, "json"))
        return hub_print_json(json_pack("{s:I, s:I, s:I, s:I, s:b}", "logs", (json_int_t)done.logs,
                                        "cosigned", (json_int_t)done.signed_now, "forks",
                                        (json_int_t)done.forks, "waiting", (json_int_t)done.waiting,
                                        "simulated", simulated)),
               code;
    printf("%s%llu checkpoints cosigned, of %llu logs; %llu wait for entries still to come\n",
           simulated ? "SIMULATED: " : "", (unsigned long long)done.signed_now, (unsigned long long)done.logs,
           (unsigned long long)done.waiting);
    if (done.forks)
        printf(
            "FORK: %llu logs showed two histories and are frozen; fadeline hub verify shows the evidence\n",
            (unsigned long long)done.forks);
    return code;
}

static int run(const fl_args *args)
{
    static const struct {
        const char *name;
        int (*run)(const fl_args *args);
        int words;
    } all[] = {{"init", init, 1},           {"enrol", enrol, 4},        {"push", hub_push, 1},
               {"cosign", cosign, 1},       {"verify", hub_verify, 1},  {"audit", hub_audit, 1},
               {"restore", hub_restore, 1}, {"roll-up", hub_roll_up, 1}};
    for (size_t i = 0; i < sizeof all / sizeof *all && args->count; i++)
        if (fl_text_same(all[i].name, args->words[0]))
            return args->count <= all[i].words
                       ? all[i].run(args)
                       : fl_args_wrong(args, "too many words after '%s'", all[i].name);
    if (!args->count) return fl_args_wrong(args, "say what to do with the hub");
    return fl_args_wrong(args, "there is no 'hub %s'", args->words[0]);
}

static const fl_option options[] = {
    {"db", "URI", "the hub's database; without it FADELINE_HUB from the environment"},
    {"json", NULL, "one object on stdout"},
    {"name", "NAME", "init: the new hub's name, like hub.example/witness-1"},
    {"simulated", NULL, "init: for simulated logs; push, restore: the simulated journal"},
    {"hub-key", "FILE", "the hub's secret key (default hub.key in FADELINE_HOME)"},
    {"login", "ROLE", "enrol: a database role that may push this site's logs"},
    {"hub", "VKEY", "push, verify: the hub's public key; push remembers it"},
    {"journal", "DIR", "push, restore: the journal in this directory"},
    {"enrol", "SITE", "push: enrol this log for SITE first (the owner's act)"},
    {"wait", "SECONDS", "push: how long to wait for the hub's cosignature (default 0)"},
    {"log", "ORIGIN", "verify, audit, roll-up: only this log; restore: of a journal that cannot be opened"},
    {"who", "WHO", "restore: the owner who signs; the PIN comes from the keyboard or standard input"},
    {"site", "SITE", "verify, audit, roll-up: only logs of this site"},
    {"against", "FILE", "verify: a checkpoint or export kept elsewhere; may be given again"},
    {"from", "DAY", "audit, roll-up: first day, YYYY-MM-DD"},
    {"to", "DAY", "audit, roll-up: last day"},
    {"as-of", "DAY", "roll-up: what is late as of this day instead of today"},
    {"out", "FILE", "audit: write FILE.pdf, .xlsx, .csv, .json, .jsonl, .fhir.json or .txt"},
    AUDIT_ASK_CSV,
    {NULL, NULL, NULL},
};

const fl_command fl_command_hub = {
    .name = "hub",
    .arguments = "init|enrol ORIGIN VKEY SITE|push|cosign|verify|audit|roll-up|restore [--db URI] [--json]",
    .summary = "bring the logs of several clinics together and witness that each only grew",
    .more =
        "The hub is a PostgreSQL database of its own (or an engine that speaks its protocol). init makes\n"
        "the tables and the hub's key; enrol is the owner's word that a log may come in; push sends what\n"
        "the hub does not have and may be cut and run again at any point; cosign is the hub's own turn: it\n"
        "signs what it recomputed itself. Two histories under one key freeze the log, with evidence\n"
        "anybody can check.\n"
        "verify recomputes everything stored (exit 6: damaged, exit 1: fork). audit compares every site's\n"
        "laser with its log; sites are never added up against each other. A log that waits for the hub's\n"
        "signature for a day is a finding of both.\n"
        "roll-up is the owner's glance: each log verified and audited by itself, those that need a call\n"
        "first; one that is damaged takes no other with it, and one with nothing new for two days is late.\n"
        "restore is for a journal that came back from a backup, lost its end or has fallen bits: what the\n"
        "hub has and this console's own key signed comes back byte for byte into a new file, which is\n"
        "verified whole and takes the old one's place; the old one is kept. The owner signs with a PIN.\n"
        "Nothing may be written into such a journal before: that makes a fork, which is never healed.\n\n"
        "  fadeline hub init --db postgresql:///fadeline --name hub.example/witness-1\n"
        "  fadeline hub push --db postgresql:///fadeline --wait 30\n"
        "  fadeline hub verify --db postgresql:///fadeline --site A\n"
        "  fadeline hub audit --db postgresql:///fadeline --from 2026-05-01 --to 2026-05-31\n"
        "  fadeline hub roll-up --db postgresql:///fadeline --from 2026-05-01 --to 2026-05-31\n"
        "  fadeline hub restore --db postgresql:///fadeline --who own:1\n",
    .options = options,
    .run = run,
};

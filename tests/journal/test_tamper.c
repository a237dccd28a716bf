/* labels: unit fuzz   timeout: 240   needs: fadeline */
/* The exam: whatever is done to a log of 10^4 entries is found, and no bad entry is ever called good.
 *
 * Named exactly is what leaves a trace of its own: bytes that do not have their stored hash, a missing
 * number, a head or checkpoint over more than there is. An entry that was changed together with its hash (and
 * what was moved with it) cannot be told from its neighbours by anybody who has only roots: the root of every
 * set that contains it is another. There the exam asks for the bound: the finding lies between the last good
 * checkpoint and the end of the next one, and what is called good ends before the change. Every day a sample;
 * everything with FL_FULL=1. */
#include "check.h"
#include "helper_log.h"
#include "helper_memory_log.h"

#include "fadeline/base/digest.h"
#include "fadeline/base/random.h"
#include "fadeline/base/text.h"

#include <sys/wait.h>

#define ENTRIES 10000

static char directory[FL_PLACE_MAX];
static memory_log exam;
static bool is_full;

typedef struct row {
    const char *what;
    uint64_t cases, exact, bounded, wrong, missed;
} row;

static void print_row(const row *r)
{
    fprintf(stderr, "    %-52s %8llu %8llu %8llu %6llu %6llu\n", r->what, (unsigned long long)r->cases,
            (unsigned long long)r->exact, (unsigned long long)r->bounded, (unsigned long long)r->wrong,
            (unsigned long long)r->missed);
}

static void print_heads(void)
{
    fprintf(stderr, "\n    %-52s %8s %8s %8s %6s %6s\n", "", "cases", "exact", "bounded", "wrong", "missed");
}

/* Sessions of 40 pulses, each closed with a checkpoint: 120 checkpoints. */
static void make_log(void)
{
    if (exam.count) return;
    helper_clock clock;
    is_full = getenv("FL_FULL") != NULL;
    helper_clock_init(&clock);
    helper_directory(directory);
    fl_journal *journal = helper_open(directory, &clock, FL_JOURNAL_CREATE);
    for (uint64_t i = 0; fl_journal_size(journal) < ENTRIES - 100; i++)
        CHECK(helper_session(journal, &clock, i + 1, 1 + 40 * i, 41207 + 40 * i, 40) == FL_OK, "session");
    fl_entry entry;
    while (fl_journal_size(journal) < ENTRIES - 1) {
        helper_clock_add(&clock, 31013);
        helper_counter(&entry, 90000 + fl_journal_size(journal));
        CHECK(fl_journal_append(journal, &entry, 1, NULL) == FL_OK, "entry");
    }
    fl_journal_close(journal);
    memory_log_read(&exam, directory);
    CHECK(exam.count == ENTRIES, "%llu entries", (unsigned long long)exam.count);
}

static bool same_report(const fl_verify_report *a, const fl_verify_report *b)
{
    return a->damaged == b->damaged && a->first_bad == b->first_bad && a->has_good == b->has_good &&
           a->last_good == b->last_good && fl_text_same(a->what, b->what);
}

/* One tampering is looked at; true_index: the first entry that is not what it was. */
static void judge(row *r, uint64_t true_index, const fl_verify_options *options)
{
    fl_verify_report report, whole;
    const fl_status status = memory_log_verify(&exam, options, &report);
    const int before = memory_log_before(&exam, true_index);
    const uint64_t from = before < 0 ? 0 : exam.checkpoints[before].size;
    const bool last = before + 1 == (int)exam.checkpoint_count;
    const uint64_t to = last ? UINT64_MAX : exam.checkpoints[before + 1].size;
    const uint64_t good = report.has_good ? report.last_good + 1 : 0; /* entries called good */
    r->cases++;
    if (status != FL_E_DAMAGED)
        r->missed++;
    else if (good > true_index || report.first_bad > to || (good < from && !report.fork))
        r->wrong++;
    else if (report.first_bad == true_index)
        r->exact++;
    else
        r->bounded++;
    if (r->cases % 4999 != 1) return; /* starting at the checkpoint made no difference */
    if (memory_log_verify_whole(&exam, options, &whole) != status || !same_report(&report, &whole)) {
        fprintf(stderr, "from the beginning: %s; from the checkpoint: %s\n", whole.what, report.what);
        r->wrong++;
    }
}

static void bytes_are_changed(void)
{
    row rows[3] = {{.what = "a bit of a byte of an entry"},
                   {.what = "a bit of a byte of its stored hash"},
                   {.what = "a bit of a byte of an entry, and hashed again"}};
    make_log();
    uint64_t turn = 0;
    char data[FL_ENTRY_MAX];
    for (uint64_t i = 0; i < exam.count; i++) {
        const memory_row *r = &exam.rows[i];
        memcpy(data, r->data, r->size);
        exam.at = i;
        exam.how = MEMORY_CHANGED;
        exam.other = (memory_row){data, r->size, r->leaf};
        for (size_t at = 0; at < r->size; at++, turn++) {
            if (!is_full && turn % 211) continue;
            const char bit = (char)(1 << (at + i) % 8);
            data[at] ^= bit;
            judge(&rows[0], i, NULL);
            if (is_full || turn % 633 == 0) {
                exam.other.leaf = fl_tree_leaf(data, r->size);
                judge(&rows[2], i, NULL);
                exam.other.leaf = r->leaf;
            }
            data[at] ^= bit;
        }
        for (size_t at = is_full ? 0 : i % 61; at < sizeof r->leaf; at += is_full ? 1 : 61) {
            exam.other.leaf.byte[at] ^= (uint8_t)(1 << (at + i) % 8);
            judge(&rows[1], i, NULL);
            exam.other.leaf = r->leaf;
        }
    }
    memory_log_mend(&exam);
    print_heads();
    for (size_t k = 0; k < 3; k++) {
        print_row(&rows[k]);
        CHECK(!rows[k].missed && !rows[k].wrong && rows[k].cases > 3000, "%s", rows[k].what);
    }
    CHECK(rows[0].exact == rows[0].cases && rows[1].exact == rows[1].cases, "not named exactly");
}

static void entries_are_moved(void)
{
    static const struct {
        const char *what;
        memory_tamper how;
        unsigned first; /* the entry after `at` that is another */
        bool exact;
    } all[] = {
        {"an entry taken out", MEMORY_GONE, 0, true},
        {"an entry taken out, the later ones moved up", MEMORY_CLOSED_UP, 0, false},
        {"an entry and its neighbour exchanged", MEMORY_SWAPPED, 0, false},
        {"their data exchanged, not their hashes", MEMORY_DATA_SWAPPED, 0, true},
        {"an entry twice, the later ones moved down", MEMORY_TWICE, 1, false},
        {"the end cut off", MEMORY_CUT, 0, true},
    };
    make_log();
    print_heads();
    for (size_t k = 0; k < sizeof all / sizeof *all; k++) {
        row r = {.what = all[k].what};
        const uint64_t most =
            exam.count - (all[k].how == MEMORY_SWAPPED || all[k].how == MEMORY_DATA_SWAPPED);
        for (uint64_t i = 0; i < most; i += is_full ? 1 : 7) {
            exam.how = all[k].how;
            exam.at = i;
            judge(&r, i + all[k].first, NULL);
        }
        memory_log_mend(&exam);
        print_row(&r);
        CHECK(!r.missed && !r.wrong && r.cases > 1000 && (!all[k].exact || r.exact == r.cases), "%s", r.what);
    }
}

/* With the checkpoints beyond it, and then with a head that fits: alone that is a whole log, and a checkpoint
 * kept elsewhere tells. */
static void the_end_is_cut_off_cleverly(void)
{
    row rows[3] = {{.what = "the end and its checkpoints"},
                   {.what = "and the head mended: by itself (cannot be told)"},
                   {.what = "and the head mended: against an outside checkpoint"}};
    make_log();
    const char *kept[] = {exam.checkpoints[exam.checkpoint_count - 1].note};
    const fl_verify_options outside = {.outside = kept, .outside_count = 1};
    for (uint64_t i = 1; i < exam.count; i += is_full ? 1 : 7) {
        exam.how = MEMORY_CUT;
        exam.at = i;
        exam.signed_to = i;
        judge(&rows[0], i, NULL);
        exam.mends_head = true;
        judge(&rows[1], i, NULL);
        judge(&rows[2], i, &outside);
        memory_log_mend(&exam);
    }
    print_heads();
    for (size_t k = 0; k < 3; k++) print_row(&rows[k]);
    CHECK(rows[0].exact == rows[0].cases && rows[2].exact == rows[2].cases, "not named exactly");
    CHECK(rows[1].missed == rows[1].cases && rows[1].cases > 1000, "what cannot be told");
}

/* An entry is rewritten as an entry, and everything behind it signed again with the log's own key. */
static void forge(uint64_t index, const fl_signer *signer, char *data, memory_checkpoint *forged)
{
    const memory_row *r = &exam.rows[index];
    memcpy(data, r->data, r->size);
    data[r->size] = 0;
    char *digit = strstr(data, "\"utc_us\":");
    digit += strlen("\"utc_us\":") + 15; /* its last */
    *digit = (char)('0' + (*digit - '0' + 1) % 10);
    exam.how = MEMORY_CHANGED;
    exam.at = index;
    exam.other = (memory_row){data, r->size, fl_tree_leaf(data, r->size)};
    exam.mends_head = true;
    const int before = memory_log_before(&exam, index);
    fl_tree tree = before < 0 ? (fl_tree){0} : exam.checkpoints[before].state.tree;
    exam.forged_from = (size_t)(before + 1);
    for (size_t c = exam.forged_from; c < exam.checkpoint_count; c++) {
        while (tree.size < exam.checkpoints[c].size)
            fl_tree_append(&tree, &memory_log_row(&exam, tree.size)->leaf);
        fl_checkpoint checkpoint = {.size = tree.size, .root = fl_tree_root(&tree)};
        snprintf(checkpoint.origin, sizeof checkpoint.origin, "%s", exam.origin);
        CHECK(fl_checkpoint_sign(&checkpoint, signer, forged[c - exam.forged_from].note) == FL_OK, "sign");
    }
    exam.forged = forged;
}

static void the_key_is_stolen(void)
{
    row rows[2] = {{.what = "rewritten and signed again: by itself (cannot be told)"},
                   {.what = "rewritten and signed again: against an outside one"}};
    static const uint8_t seed[32] = {9, 8, 7};
    fl_signer signer;
    char data[FL_ENTRY_MAX];
    uint64_t forks = 0;
    make_log();
    CHECK(fl_signer_init(&signer, exam.origin, FL_KEY_ED25519, seed) == FL_OK, "the key");
    memory_checkpoint *forged = calloc(exam.checkpoint_count, sizeof *forged);
    const char *kept[] = {exam.checkpoints[exam.checkpoint_count - 1].note};
    const fl_verify_options outside = {.outside = kept, .outside_count = 1};
    for (uint64_t i = 0; i < exam.count; i += is_full ? 10 : 397) {
        fl_verify_report report;
        forge(i, &signer, data, forged);
        judge(&rows[0], i, NULL);
        judge(&rows[1], i, &outside);
        forks += memory_log_verify(&exam, &outside, &report) == FL_E_DAMAGED && report.fork;
        memory_log_mend(&exam);
    }
    free(forged);
    print_heads();
    print_row(&rows[0]);
    print_row(&rows[1]);
    CHECK(rows[0].missed == rows[0].cases, "a forgery that is whole in itself");
    CHECK(!rows[1].missed && !rows[1].wrong && forks == rows[1].cases, "found, with the evidence: %llu forks",
          (unsigned long long)forks);
}

static void apply_sql(const char *copy, uint64_t index, unsigned how, const char *data, size_t size,
                      const fl_hash *leaf)
{
    static char sql[3 * FL_ENTRY_MAX], hex[2 * FL_ENTRY_MAX + 1];
    char leaf_hex[65];
    const unsigned long long i = index;
    switch (how) {
    case 0:
    case 1:
        snprintf(sql, sizeof sql, "UPDATE entry SET data=x'%s', leaf=x'%s' WHERE idx=%llu; DELETE FROM seal",
                 fl_hex((const uint8_t *)data, size, hex), fl_hex(leaf->byte, 32, leaf_hex), i);
        break;
    case 2: snprintf(sql, sizeof sql, "DELETE FROM entry WHERE idx=%llu; DELETE FROM seal", i); break;
    case 3:
        snprintf(sql, sizeof sql,
                 "DELETE FROM entry WHERE idx=%llu; UPDATE entry SET idx=-(idx-1) WHERE idx>%llu;"
                 "UPDATE entry SET idx=-idx WHERE idx<0; DELETE FROM seal",
                 i, i);
        break;
    default: snprintf(sql, sizeof sql, "DELETE FROM entry WHERE idx>=%llu; DELETE FROM seal", i); break;
    }
    helper_tamper(copy, sql);
}

/* The file and the command say what the exam in memory says. */
static void the_file_and_the_command_agree(void)
{
    static const memory_tamper hows[] = {MEMORY_CHANGED, MEMORY_CHANGED, MEMORY_GONE, MEMORY_CLOSED_UP,
                                         MEMORY_CUT};
    fl_random chance;
    fl_random_init(&chance, 31337, 7);
    make_log();
    unsigned different = 0, cases = 0;
    for (unsigned k = 0; k < (is_full ? 200 : 15); k++) {
        char copy[FL_PLACE_MAX], data[FL_ENTRY_MAX], command[2 * FL_PLACE_MAX + 200];
        const unsigned how = k % 5;
        const uint64_t i = fl_random_u64(&chance) % (exam.count - 1);
        const size_t size = exam.rows[i].size;
        memcpy(data, exam.rows[i].data, size);
        data[fl_random_u64(&chance) % size] ^= (char)(1 << fl_random_u64(&chance) % 8);
        const fl_hash leaf = how ? fl_tree_leaf(data, size) : exam.rows[i].leaf;
        exam.how = hows[how];
        exam.at = i;
        exam.other = (memory_row){data, size, leaf};
        fl_verify_report memory, file;
        const fl_status expected = memory_log_verify(&exam, NULL, &memory);
        helper_directory(copy);
        helper_copy(directory, copy);
        apply_sql(copy, i, how, data, size, &leaf);
        different += fl_verify(copy, NULL, &file, NULL) != expected || !same_report(&memory, &file);
        snprintf(command, sizeof command,
                 FL_BUILD_DIR "/fadeline journal verify --journal %s --json | grep -q '\"first_bad\": %llu,'",
                 copy, (unsigned long long)memory.first_bad);
        if (k < 5) different += system(command) != 0;
        snprintf(command, sizeof command, FL_BUILD_DIR "/fadeline journal verify --journal %s > /dev/null",
                 copy);
        if (k < 5) different += WEXITSTATUS(system(command)) != 6;
        helper_remove(copy);
        memory_log_mend(&exam);
        cases++;
    }
    CHECK(!different, "%u of %u differ", different, cases);
}

/* The examiner is examined: a verifier that looks only at roots, or one that believes stored hashes, would
 * show here as "missed" or "wrong"; a log that is not touched is not found damaged. */
static void the_examiner_can_fail(void)
{
    row r = {.what = "nothing"};
    fl_verify_report report;
    make_log();
    CHECK(memory_log_verify(&exam, NULL, &report) == FL_OK && report.entries == ENTRIES, "%s", report.what);
    exam.how = MEMORY_CHANGED; /* changed into itself */
    exam.at = 5000;
    exam.other = exam.rows[5000];
    judge(&r, 5000, NULL);
    CHECK(r.missed == 1, "an untouched entry counts as missed");
    exam.other.data = exam.rows[5002].data; /* a change that the exam is told is elsewhere */
    exam.other.size = exam.rows[5002].size;
    judge(&r, 4000, NULL);
    CHECK(r.wrong == 1, "a change that was called good counts as wrong");
    memory_log_mend(&exam);
    memory_log_free(&exam);
    exam = (memory_log){0};
    helper_remove(directory);
}

FL_TESTS("journal/tamper", TEST(bytes_are_changed), TEST(entries_are_moved),
         TEST(the_end_is_cut_off_cleverly), TEST(the_key_is_stolen), TEST(the_file_and_the_command_agree),
         TEST(the_examiner_can_fail))

/* labels: unit fault   timeout: 300 */
/* Random lives of one log on two machines: written on, offline, cloned, restored, pushed. Whoever comes to
 * the hub with another history, or an older one, is told so at that very contact, with evidence. 10,000 lives
 * against the hub's judge in memory, some through a real server (FL_LIVES: how many). */
#include "check.h"

#include "helper_chain.h"
#include "helper_server.h"

#include "fadeline/base/random.h"
#include "fadeline/hub/judge.h"

#define LIVES 10000
#define MOST 96

typedef struct machine {
    fl_hash leaf[MOST];
    size_t count;
} machine;

typedef struct tally {
    unsigned contacts, accepted, same, rollbacks, forks, wrong_answers, weak_evidence;
} tally;

typedef fl_judgement (*judge_newer)(const fl_checkpoint *head, const fl_checkpoint *offered,
                                    const fl_claim *claim);

static fl_signer signer;

static fl_status read_leaf(void *self, uint64_t index, fl_hash *leaf)
{
    *leaf = ((machine *)self)->leaf[index];
    return FL_OK;
}

static fl_hash root_at(machine *m, size_t size)
{
    fl_hash root;
    const fl_leaves leaves = {read_leaf, m};
    if (fl_tree_root_of(&leaves, 0, size, &root) != FL_OK) abort();
    return root;
}

static fl_checkpoint checkpoint_of(machine *m)
{
    fl_checkpoint checkpoint = {.size = m->count, .root = root_at(m, m->count)};
    snprintf(checkpoint.origin, sizeof checkpoint.origin, "%s", CHAIN_ORIGIN);
    return checkpoint;
}

/* What `m` can prove about itself at `size`. */
static fl_claim claim_of(machine *m, size_t size)
{
    fl_claim claim = {0};
    const fl_leaves leaves = {read_leaf, m};
    if (!size) return claim;
    claim.root = root_at(m, size);
    if (size < m->count && fl_tree_prove_consistency(&leaves, size, m->count, &claim.proof) != FL_OK) abort();
    return claim;
}

/* Compares the two histories entry by entry: what the answer has to be. */
static fl_judgement truth(const machine *hub, const machine *m)
{
    const size_t both = hub->count < m->count ? hub->count : m->count;
    for (size_t i = 0; i < both; i++)
        if (!fl_hash_same(&hub->leaf[i], &m->leaf[i])) return FL_JUDGE_FORK;
    if (m->count < hub->count) return FL_JUDGE_ROLLBACK;
    return m->count == hub->count ? FL_JUDGE_SAME : FL_JUDGE_ACCEPT;
}

static bool is_evidence(machine *older, machine *newer, const fl_claim *claim)
{
    fl_evidence evidence = {.claim = *claim};
    const fl_checkpoint a = checkpoint_of(older), b = checkpoint_of(newer);
    if (fl_checkpoint_sign(&a, &signer, evidence.older) != FL_OK ||
        fl_checkpoint_sign(&b, &signer, evidence.newer) != FL_OK)
        return false;
    return fl_evidence_check(&evidence, &signer.vkey);
}

/* One contact. true: the log is frozen from here on. */
static bool contact(machine *hub, machine *m, judge_newer judge, tally *t)
{
    const fl_checkpoint head = checkpoint_of(hub), offered = checkpoint_of(m);
    const bool newer = m->count >= hub->count;
    const fl_claim claim = newer ? claim_of(m, hub->count) : claim_of(hub, m->count);
    const fl_judgement got = newer ? judge(&head, &offered, &claim) : fl_judge_older(&head, &offered, &claim);
    t->contacts++;
    t->wrong_answers += got != truth(hub, m);
    t->accepted += got == FL_JUDGE_ACCEPT;
    t->same += got == FL_JUDGE_SAME;
    t->rollbacks += got == FL_JUDGE_ROLLBACK;
    if (got == FL_JUDGE_ACCEPT) *hub = *m;
    if (got != FL_JUDGE_FORK) return false;
    t->forks++;
    t->weak_evidence += !(newer ? is_evidence(hub, m, &claim) : is_evidence(m, hub, &claim));
    return true;
}

static void grow(machine *m, fl_random *random)
{
    for (unsigned n = 1 + (unsigned)(fl_random_u64(random) % 6); n && m->count < MOST; n--) {
        const uint64_t data = fl_random_u64(random);
        m->leaf[m->count++] = fl_tree_leaf(&data, sizeof data);
    }
}

static void live(uint64_t seed, judge_newer judge, tally *t)
{
    fl_random random;
    machine hub = {0}, machines[2] = {0}, backups[3];
    fl_random_init(&random, seed, 1);
    grow(&machines[0], &random);
    machines[1] = machines[0]; /* the clone, not yet switched on */
    for (int i = 0; i < 3; i++) backups[i] = machines[0];
    for (int step = 0; step < 24; step++) {
        machine *m = &machines[fl_random_u64(&random) % 2];
        switch (fl_random_u64(&random) % 8) {
        case 0:
        case 1:
        case 2: grow(m, &random); break; /* offline, or just not pushed */
        case 3: backups[fl_random_u64(&random) % 3] = *m; break;
        case 4:
            if (fl_random_u64(&random) % 3 == 0) *m = backups[fl_random_u64(&random) % 3];
            break;
        case 5:
            if (fl_random_u64(&random) % 4 == 0) machines[0] = machines[1];
            break; /* cloned again, over the other */
        default:
            if (contact(&hub, m, judge, t)) return;
        }
    }
}

/* Seeded bad judge: takes whatever is longer. */
static fl_judgement takes_the_longer(const fl_checkpoint *head, const fl_checkpoint *offered,
                                     const fl_claim *claim)
{
    (void)claim;
    if (offered->size > head->size) return FL_JUDGE_ACCEPT;
    return fl_judge_newer(head, offered, claim);
}

/* Seeded bad judge: believes the claim without its proof. */
static fl_judgement believes(const fl_checkpoint *head, const fl_checkpoint *offered, const fl_claim *claim)
{
    if (offered->size == head->size || !head->size) return fl_judge_newer(head, offered, claim);
    return fl_hash_same(&claim->root, &head->root) ? FL_JUDGE_ACCEPT : FL_JUDGE_FORK;
}

static void ten_thousand_lives(void)
{
    tally t = {0}, bad = {0};
    CHECK(fl_signer_init(&signer, CHAIN_ORIGIN, FL_KEY_ED25519, (const uint8_t[32]){7}) == FL_OK, "key");
    for (uint64_t seed = 1; seed <= LIVES; seed++) live(seed, fl_judge_newer, &t);
    CHECK(t.wrong_answers == 0 && t.weak_evidence == 0, "%u of %u answers wrong, %u weak evidence",
          t.wrong_answers, t.contacts, t.weak_evidence);
    CHECK(t.forks > 3000 && t.rollbacks > 1000 && t.accepted > 5000 && t.same > 500,
          "%u forks, %u rollbacks, %u accepted, %u same", t.forks, t.rollbacks, t.accepted, t.same);
    printf("(%u contacts: %u accepted, %u same, %u rollbacks, %u forks; none missed) ", t.contacts,
           t.accepted, t.same, t.rollbacks, t.forks);
    for (uint64_t seed = 1; seed <= 300; seed++) live(seed, takes_the_longer, &bad);
    CHECK(bad.wrong_answers > 20, "a judge that takes the longer one passes: %u", bad.wrong_answers);
}

/* Claims that lie: another root, another proof, a proof cut or lengthened. None is ever taken for growth or
 * for a fork. */
static void lies_prove_nothing(void)
{
    fl_random random;
    unsigned believed = 0, tried = 0;
    fl_random_init(&random, 5, 5);
    for (int i = 0; i < 2000; i++) {
        machine hub = {0}, m;
        grow(&hub, &random);
        grow(&hub, &random);
        m = hub;
        if (i % 2) m.count = 1 + fl_random_u64(&random) % m.count;
        grow(&m, &random);
        while (m.count <= hub.count) grow(&m, &random);
        const fl_checkpoint head = checkpoint_of(&hub), offered = checkpoint_of(&m);
        fl_claim claim = claim_of(&m, hub.count);
        const fl_judgement honest = fl_judge_newer(&head, &offered, &claim);
        CHECK(honest == truth(&hub, &m), "%s", fl_judgement_text(honest));
        switch (fl_random_u64(&random) % 5) {
        case 0: claim.root.byte[fl_random_u64(&random) % 32] ^= 1; break;
        case 1:
            if (!claim.proof.count) continue;
            claim.proof.hash[fl_random_u64(&random) % claim.proof.count].byte[7] ^= 0x20;
            break;
        case 2: claim.proof.count++; break;
        case 3:
            if (!claim.proof.count) continue;
            claim.proof.count--;
            break;
        default: /* a fork that claims to be the hub's history, and the other way round */
            if (honest == FL_JUDGE_ACCEPT)
                claim.root.byte[0] ^= 0x80;
            else
                claim.root = head.root;
        }
        tried++;
        const fl_judgement got = fl_judge_newer(&head, &offered, &claim);
        CHECK(got == FL_JUDGE_WRONG, "a lie was taken for '%s'", fl_judgement_text(got));
        believed += believes(&head, &offered, &claim) != FL_JUDGE_WRONG;
    }
    CHECK(tried > 1500 && believed > 200, "%u tried, a credulous judge believed %u", tried, believed);
}

/* The same lives, with bytes, keys, rows and transactions. */
static void some_lives_on_a_real_server(void)
{
    const char *asked = getenv("FL_LIVES");
    const unsigned lives = asked ? (unsigned)strtoul(asked, NULL, 10) : 40;
    unsigned contacts = 0, forks = 0, rollbacks = 0;
    test_hub h;
    chain c;
    chain_init(&c, CHAIN_ORIGIN, 7);
    test_hub_make(&h, &c);
    for (unsigned seed = 1; seed <= lives; seed++) {
        fl_random random;
        chain machines[2], backup, at_hub = {0};
        bool frozen = false;
        fl_random_init(&random, seed, 2);
        test_forget(&h, CHAIN_ORIGIN);
        chain_copy(&c, &machines[0]);
        chain_copy(&c, &machines[1]);
        chain_copy(&c, &backup);
        for (int step = 0; step < 14 && !frozen; step++) {
            chain *m = &machines[fl_random_u64(&random) % 2];
            const uint64_t what = fl_random_u64(&random) % 8;
            if (what < 3)
                chain_add(m, 1 + fl_random_u64(&random) % 200, (int64_t)(fl_random_u64(&random) % 1000000));
            else if (what == 3)
                chain_fini(&backup), chain_copy(m, &backup);
            else if (what == 4 && fl_random_u64(&random) % 2)
                chain_fini(m), chain_copy(&backup, m);
            if (what < 5) continue;
            fl_push_report report;
            fl_error error;
            const size_t both = at_hub.count < m->count ? at_hub.count : m->count;
            size_t i = 0;
            while (i < both && strcmp(at_hub.entries[i], m->entries[i]) == 0) i++;
            const fl_judgement want = i < both                   ? FL_JUDGE_FORK
                                      : m->count < at_hub.count  ? FL_JUDGE_ROLLBACK
                                      : m->count == at_hub.count ? FL_JUDGE_SAME
                                                                 : FL_JUDGE_ACCEPT;
            const fl_status status = test_push(&h, m, &report, &error);
            contacts++;
            CHECK(report.judgement == want, "life %u: %s, not %s (%s)", seed,
                  fl_judgement_text(report.judgement), fl_judgement_text(want), error.what);
            CHECK((status == FL_OK) == (want == FL_JUDGE_ACCEPT || want == FL_JUDGE_SAME), "life %u: %s",
                  seed, fl_status_name(status));
            forks += want == FL_JUDGE_FORK;
            rollbacks += want == FL_JUDGE_ROLLBACK;
            if (want == FL_JUDGE_FORK)
                CHECK(report.has_evidence && fl_evidence_check(&report.evidence, &c.signer.vkey),
                      "life %u: evidence", seed);
            if (want == FL_JUDGE_ACCEPT) chain_fini(&at_hub), chain_copy(m, &at_hub);
            frozen = want == FL_JUDGE_FORK;
        }
        CHECK(test_rows(&h, CHAIN_ORIGIN) == at_hub.count, "life %u: %llu rows, not %zu", seed,
              (unsigned long long)test_rows(&h, CHAIN_ORIGIN), at_hub.count);
        chain_fini(&machines[0]);
        chain_fini(&machines[1]);
        chain_fini(&backup);
        chain_fini(&at_hub);
    }
    printf("(%u lives, %u contacts, %u forks, %u rollbacks) ", lives, contacts, forks, rollbacks);
    CHECK(forks > lives / 5 && rollbacks > 0, "%u forks, %u rollbacks", forks, rollbacks);
    chain_fini(&c);
    test_hub_close(&h);
}

FL_TESTS("hub/histories", TEST(ten_thousand_lives), TEST(lies_prove_nothing),
         TEST(some_lives_on_a_real_server))

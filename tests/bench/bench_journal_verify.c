/* Reading the log again: whole, by proof, and at the start. */
#include "bench_journal.h"

#include "fadeline/journal/export.h"

#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

static void need(fl_status status, const fl_error *error)
{
    if (status == FL_OK) return;
    fl_error_print(stderr, error);
    exit(1);
}

/* All entries one after the other, as one stretch of memory. */
static uint8_t *all_bytes(const char *directory, size_t *size)
{
    fl_journal *journal = NULL;
    fl_error error = {0};
    const fl_journal_options options = {.mode = FL_JOURNAL_READ};
    need(fl_journal_open(directory, &options, &journal, &error), &error);
    size_t used = 0, room = 1 << 20;
    uint8_t *bytes = malloc(room);
    for (uint64_t i = 0; i < fl_journal_size(journal); i++) {
        const char *entry;
        size_t length;
        need(fl_journal_read(journal, i, &entry, &length), &error);
        if (used + length > room) bytes = realloc(bytes, room = 2 * room + length);
        if (!bytes) abort();
        memcpy(bytes + used, entry, length);
        used += length;
    }
    fl_journal_close(journal);
    *size = used;
    return bytes;
}

void bench_verify(const char *directory, unsigned turns)
{
    size_t size;
    uint8_t *bytes = all_bytes(directory, &size), digest[32];
    double verify[32], hash[32], ratio[32];
    fl_verify_report report = {0};
    fl_error error = {0};
    if (turns > 32) turns = 32;
    for (unsigned i = 0; i < turns; i++) {
        double start = bench_cpu_s();
        need(fl_verify(directory, NULL, &report, &error), &error);
        verify[i] = bench_cpu_s() - start;
        start = bench_cpu_s();
        if (EVP_Digest(bytes, size, digest, NULL, EVP_sha256(), NULL) != 1) abort();
        hash[i] = bench_cpu_s() - start;
        ratio[i] = verify[i] / hash[i];
    }
    free(bytes);
    const double n = (double)report.entries, seconds = bench_quantile(verify, turns, 0.5);
    printf("\nverify, one core, processor time, median of %u (least .. most)\n", turns);
    printf("  %llu entries, %.0f bytes each, %llu checkpoints\n", (unsigned long long)report.entries,
           (double)size / n, (unsigned long long)report.checkpoints);
    printf("  whole log          %.3f s (%.3f .. %.3f)   %.0f entries/s\n", seconds, verify[0],
           verify[turns - 1], n / seconds);
    const double plain = bench_quantile(hash, turns, 0.5);
    printf("  SHA-256 of its bytes in one go   %.3f s   %.2f GB/s   verify takes %.2f times that\n", plain,
           (double)size / plain * 1e-9, bench_quantile(ratio, turns, 0.5));
    fflush(stdout);
    const int code = system("openssl speed -seconds 1 -bytes 256 -evp sha256 2>/dev/null | tail -1 | sed "
                            "'s/^/  openssl speed, blocks of 256: /'");
    if (code != 0) puts("  openssl speed: not there");
}

void bench_proofs(const char *directory)
{
    enum { PROOFS = 5, CHECKS = 2000 };
    fl_journal *journal = NULL;
    fl_error error = {0};
    fl_vkey key;
    const fl_journal_options options = {.mode = FL_JOURNAL_READ};
    need(fl_journal_open(directory, &options, &journal, &error), &error);
    need(fl_vkey_read(fl_journal_vkey(journal), &key), &error);
    double make[PROOFS], check[PROOFS];
    size_t size = 0;
    for (unsigned i = 0; i < PROOFS; i++) {
        char *text = NULL;
        const uint64_t index = fl_journal_size(journal) / (PROOFS + 1) * (i + 1);
        FILE *memory = open_memstream(&text, &size);
        double start = bench_cpu_s();
        if (!memory) abort();
        need(fl_export_proof(journal, index, memory, &error), &error);
        make[i] = bench_cpu_s() - start;
        fclose(memory);
        const char *entry;
        size_t length;
        need(fl_journal_read(journal, index, &entry, &length), &error);
        start = bench_cpu_s();
        for (unsigned k = 0; k < CHECKS; k++) {
            fl_checkpoint checkpoint;
            uint64_t found;
            need(fl_proof_check(text, size, entry, length, &key, &checkpoint, &found), &error);
        }
        check[i] = (bench_cpu_s() - start) / CHECKS;
        free(text);
    }
    printf(
        "\nproof of one entry (%zu bytes with its checkpoint): made in %.3f s, checked in %.0f us, signature "
        "included\n",
        size, bench_quantile(make, PROOFS, 0.5), 1e6 * bench_quantile(check, PROOFS, 0.5));
    fl_journal_close(journal);
}

void bench_start(const char *directory)
{
    enum { STARTS = 9 };
    double wall[STARTS], cpu[STARTS];
    helper_clock clock;
    helper_clock_init(&clock);
    for (unsigned i = 0; i < STARTS; i++) {
        double before = bench_wall_s(), cpu_before = bench_cpu_s();
        fl_journal *journal = helper_open(directory, &clock, FL_JOURNAL_WRITE);
        wall[i] = bench_wall_s() - before;
        cpu[i] = bench_cpu_s() - cpu_before;
        fl_journal_close(journal);
    }
    printf("\nopening for writing: p50 %.1f ms, most %.1f ms; processor p50 %.1f ms\n",
           1e3 * bench_quantile(wall, STARTS, 0.5), 1e3 * wall[STARTS - 1],
           1e3 * bench_quantile(cpu, STARTS, 0.5));
}

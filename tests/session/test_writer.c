/* labels: unit threads */
#include "check.h"

#include "writer.h"

#include "fadeline/base/place.h"

#include <unistd.h>

static char home[] = "/tmp/fl-writer-XXXXXX";
static uint64_t free_bytes_now = 1u << 30;

static bool stuck; /* the disk does not answer; the journal asks it for free space in every transaction */

static uint64_t free_bytes(void *self, const char *directory)
{
    (void)self;
    (void)directory;
    while (__atomic_load_n(&stuck, __ATOMIC_RELAXED)) usleep(1000);
    return __atomic_load_n(&free_bytes_now, __ATOMIC_RELAXED);
}

static const fl_space space = {free_bytes, NULL};

static fl_journal *open_journal(const char *name)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", home, name);
    const fl_journal_options options = {
        .mode = FL_JOURNAL_CREATE, .simulated = true, .space = &space, .no_ballast = true};
    fl_journal *journal = NULL;
    fl_error error = {.what = ""};
    CHECK(fl_journal_open(path, &options, &journal, &error) == FL_OK, "%s", error.what);
    return journal;
}

static fl_entry counter_entry(uint64_t count)
{
    fl_entry entry;
    fl_entry_begin(&entry, FL_KIND_COUNTER);
    fl_entry_device(&entry, "SIM-00042", true);
    fl_entry_count(&entry, "ctr", count);
    return entry;
}

static void tickets_become_durable_in_order(void)
{
    CHECK(mkdtemp(home) != NULL, "a home");
    fl_journal *journal = open_journal("order");
    fl_writer *writer;
    CHECK(fl_writer_new(journal, false, &writer, NULL) == FL_OK, "writer");
    const uint64_t before = fl_writer_look(writer).size;
    uint64_t sent = 0, refused = 0;
    for (uint64_t i = 0; i < 700; i++) { /* more than the ring holds: some puts meet a full queue */
        const fl_entry entry = counter_entry(1000 + i);
        const uint64_t ticket = fl_writer_put(writer, &entry);
        if (!ticket) {
            refused++;
            i--;
            usleep(200);
            continue;
        }
        CHECK(ticket == ++sent, "ticket %llu after %llu", (unsigned long long)ticket,
              (unsigned long long)sent - 1);
        CHECK(fl_writer_durable(writer) <= sent, "durable before it was put");
    }
    CHECK(fl_writer_flush(writer) == FL_OK && fl_writer_durable(writer) == 700, "all durable");
    CHECK(fl_writer_look(writer).size == before + 700, "one entry a ticket");
    CHECK(fl_writer_is_healthy(writer), "healthy");
    fl_writer_free(writer);
    uint64_t last = 0;
    fl_record record;
    CHECK(fl_journal_record(journal, fl_journal_size(journal) - 1, &record) == FL_OK &&
              fl_record_count(&record, "ctr", &last) == FL_OK && last == 1699,
          "the last one is the last: %llu", (unsigned long long)last);
    fl_journal_close(journal);
}

/* The laser's watchdog is not fed over a thread that hangs (duties.h). Polled, not timed. */
/* hazards: H27 */
static void a_writer_that_hangs_is_not_alive(void)
{
    fl_journal *journal = open_journal("stuck");
    fl_writer *writer;
    CHECK(fl_writer_new(journal, false, &writer, NULL) == FL_OK, "writer");
    CHECK(fl_writer_is_alive(writer) && fl_writer_is_healthy(writer), "it begins alive");
    __atomic_store_n(&stuck, true, __ATOMIC_RELAXED);
    const fl_entry entry = counter_entry(1);
    CHECK(fl_writer_put(writer, &entry) == 1, "put");
    int ms = 0;
    while (fl_writer_is_alive(writer) && ms < 20000) usleep(10000), ms += 10;
    CHECK(!fl_writer_is_alive(writer) && !fl_writer_is_healthy(writer), "stuck for %d ms and still alive",
          ms);
    __atomic_store_n(&stuck, false, __ATOMIC_RELAXED);
    for (ms = 0; !fl_writer_is_alive(writer) && ms < 20000; ms += 10) usleep(10000);
    CHECK(fl_writer_is_alive(writer), "and alive when the disk answers again");
    CHECK(fl_writer_flush(writer) == FL_OK && fl_writer_durable(writer) == 1, "nothing was lost");
    fl_writer_free(writer);
    fl_journal_close(journal);
}

/* After one entry that could not be written nothing more is taken. */
/* hazards: H27 */
static void a_bad_entry_stops_the_writer(void)
{
    fl_journal *journal = open_journal("bad");
    fl_writer *writer;
    CHECK(fl_writer_new(journal, false, &writer, NULL) == FL_OK, "writer");
    fl_entry real; /* a real device in a simulated log */
    fl_entry_begin(&real, FL_KIND_COUNTER);
    fl_entry_device(&real, "PW-1234", false);
    fl_entry_count(&real, "ctr", 5);
    const uint64_t ticket = fl_writer_put(writer, &real);
    CHECK(ticket == 1, "taken into the queue");
    CHECK(fl_writer_flush(writer) != FL_OK && fl_writer_durable(writer) == 0, "and never durable");
    fl_error error = {.what = ""};
    CHECK(fl_writer_fault(writer, &error) == FL_E_REFUSED && error.what[0], "the reason is kept: %s",
          error.what);
    const fl_entry good = counter_entry(7);
    CHECK(fl_writer_put(writer, &good) == 0 && !fl_writer_is_healthy(writer), "nothing more is taken");
    fl_writer_free(writer);
    fl_journal_close(journal);
}

/* 60 MiB free is too little to treat. */
/* hazards: H26 */
static void a_full_disk_is_not_healthy(void)
{
    fl_journal *journal = open_journal("full");
    fl_writer *writer;
    CHECK(fl_writer_new(journal, true, &writer, NULL) == FL_OK, "in place");
    fl_entry entry = counter_entry(1);
    CHECK(fl_writer_put(writer, &entry) == 1 && fl_writer_durable(writer) == 1, "durable when put returns");
    __atomic_store_n(&free_bytes_now, 60u << 20, __ATOMIC_RELAXED);
    entry = counter_entry(2);
    fl_writer_put(writer, &entry);
    CHECK(!fl_writer_is_healthy(writer), "60 MiB free is too little to treat");
    __atomic_store_n(&free_bytes_now, 1u << 30, __ATOMIC_RELAXED);
    fl_writer_free(writer);
    fl_journal_close(journal);
    char clean[64];
    snprintf(clean, sizeof clean, "rm -rf %s", home);
    CHECK(system(clean) == 0, "clean up");
}

FL_TESTS("session/writer", TEST(tickets_become_durable_in_order), TEST(a_writer_that_hangs_is_not_alive),
         TEST(a_bad_entry_stops_the_writer), TEST(a_full_disk_is_not_healthy))

#include "journal_page.h"

#include "wrap.h"

#include "fadeline/base/date.h"
#include "fadeline/base/digest.h"
#include "fadeline/base/show.h"
#include "fadeline/base/text.h"
#include "fadeline/journal/tree.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIELDS_INDENT 11 /* under the time: what does not stand on an entry's first line */

/* "2026-05-13 11:00:00.123456" */
static int print_time(int64_t utc_us)
{
    char day[11];
    const int64_t us_a_day = 86400000000, in_day = ((utc_us % us_a_day) + us_a_day) % us_a_day;
    return printf("%s %02d:%02d:%02d.%06d", fl_date_text(fl_date_of((fl_utc){utc_us}), day),
                  (int)(in_day / 3600000000), (int)(in_day / 60000000 % 60), (int)(in_day / 1000000 % 60),
                  (int)(in_day % 1000000));
}

/* The common fields stand on the left or say nothing new. */
static bool is_common(const struct fl_record_field *field)
{
    static const char *const common[] = {"boot", "clk", "k", "mono_us", "utc_us", "v"};
    for (size_t c = 0; c < sizeof common / sizeof *common; c++)
        if (strlen(common[c]) == field->key_size && memcmp(common[c], field->key, field->key_size) == 0)
            return true;
    return false;
}

void journal_print_entry(uint64_t index, const fl_record *record, const char *bytes, size_t size)
{
    char *fields = NULL;
    size_t length = 0;
    int64_t utc_us = 0;
    FILE *memory = open_memstream(&fields, &length);
    if (fl_record_int(record, "utc_us", &utc_us) != FL_OK) utc_us = 0;
    int column = printf("%7llu  ", (unsigned long long)index) + print_time(utc_us);
    column += printf("  %-15s ", fl_kind_text(fl_record_kind(record)));
    for (unsigned i = 0; memory && i < record->count; i++) {
        const struct fl_record_field *field = &record->fields[i];
        if (is_common(field)) continue;
        fprintf(memory, "%.*s=", field->key_size, field->key);
        fl_show_json(memory, field->value, field->value_size);
        fputc(' ', memory);
    }
    if (memory && fl_record_kind(record) == FL_KIND_UNKNOWN) fl_show_json(memory, bytes, size);
    if (memory && fclose(memory) == 0)
        wrap(stdout, fields, column, FIELDS_INDENT);
    else
        puts(" (no memory)");
    free(fields);
}

void journal_print_entry_json(const fl_journal *journal, uint64_t index, const char *bytes, size_t size)
{
    char hex[2 * FL_SHA256_SIZE + 1];
    const fl_hash leaf = fl_tree_leaf(bytes, size);
    printf("{\"index\":%llu,\"leaf_sha256\":\"%s\",\"simulated\":%s,\"entry\":", (unsigned long long)index,
           fl_hex(leaf.byte, FL_SHA256_SIZE, hex), fl_journal_is_simulated(journal) ? "true" : "false");
    fl_show_json(stdout, bytes, size);
    puts("}");
}

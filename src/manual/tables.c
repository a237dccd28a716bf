#include "tables.h"

#include "command.h"
#include "roff.h"

#include "fadeline/base/text.h"

#include <string.h>

void write_exit_codes(FILE *out)
{
    static const fl_status all[] = {
#define X(name, exit, text) name,
        FL_STATUS_LIST(X)
#undef X
    };
    enum { COUNT = sizeof all / sizeof *all };
    for (size_t i = 0; i < COUNT; i++) {
        const int code = fl_status_exit(all[i]);
        if (i && fl_status_exit(all[i - 1]) == code) continue; /* the list is in the order of the codes */
        char words[400], term[16];
        fl_text text = fl_text_in(words, sizeof words);
        for (size_t j = i; j < COUNT && fl_status_exit(all[j]) == code; j++)
            fl_text_add(&text, "%s%s", j > i ? "; " : "", fl_status_text(all[j]));
        snprintf(term, sizeof term, "`%d`", code);
        roff_item(out, term, words);
    }
}

void write_commands(FILE *out)
{
    for (size_t i = 0; fl_commands[i]; i++) {
        char term[64];
        snprintf(term, sizeof term, "`fadeline-%s`(1)", fl_commands[i]->name);
        roff_item(out, term, fl_commands[i]->summary);
    }
}

bool write_table(FILE *out, const char *name)
{
    static const struct {
        const char *name;
        void (*write)(FILE *);
    } tables[] = {{"commands", write_commands}, {"exit-codes", write_exit_codes}};
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        if (strcmp(tables[i].name, name) != 0) continue;
        tables[i].write(out);
        return true;
    }
    return false;
}

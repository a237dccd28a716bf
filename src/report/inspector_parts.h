/* What the files of the inspector's pack share. Private to report. */
#ifndef FL_REPORT_INSPECTOR_PARTS_H
#define FL_REPORT_INSPECTOR_PARTS_H

#include "fadeline/report/inspector.h"
#include "folio.h"

#define FL_PACK_COLUMNS 12

typedef enum fl_pack_part {
    FL_PACK_REGISTER,
    FL_PACK_DEVICE,
    FL_PACK_TRAINING,
    FL_PACK_RULES,
    FL_PACK_EYEWEAR,
    FL_PACK_INCIDENTS,
    FL_PACK_PARTS
} fl_pack_part;

/* A table of texts; both the paper and the JSON are made of its rows. */
typedef struct fl_pack_form {
    const char *name, *title, *nothing;
    fl_folio_column columns[FL_PACK_COLUMNS]; /* ends with a title of NULL; to the right: numbers */
} fl_pack_form;
extern const fl_pack_form fl_pack_forms[FL_PACK_PARTS];
size_t fl_pack_columns(fl_pack_part part);

typedef struct fl_pack_row {
    char *cells[FL_PACK_COLUMNS];
    uint64_t entry; /* its number in its log */
    size_t log;     /* from 1; 0: the row stands for no entry */
} fl_pack_row;

typedef struct fl_pack_list {
    fl_pack_row *at;
    size_t count;
} fl_pack_list;

struct fl_inspector {
    fl_audit *audit;
    fl_pack_list parts[FL_PACK_PARTS];
};

#endif

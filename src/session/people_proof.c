/* The file against the journal: who may sign in as what is what role.change entries say, and a block they do
 * not bear out signs nobody in. */
#include "fadeline/base/text.h"
#include "people_private.h"

#include "fadeline/journal/journal.h"
#include "fadeline/journal/succeed.h"
#include "fadeline/session/roster.h"

#include <stdlib.h>
#include <string.h>

/* ---- what the journal says ---- */

static fl_roster_row *row_of(fl_roster *roster, const char *who)
{
    for (size_t i = 0; i < roster->count; i++)
        if (strcmp(roster->rows[i].who, who) == 0) return &roster->rows[i];
    if (roster->count == roster->room) {
        const size_t room = roster->room ? 2 * roster->room : 16;
        fl_roster_row *rows = realloc(roster->rows, room * sizeof *rows);
        if (!rows) return NULL;
        roster->rows = rows;
        roster->room = room;
    }
    fl_roster_row *row = &roster->rows[roster->count++];
    *row = (fl_roster_row){.boot = -1};
    snprintf(row->who, sizeof row->who, "%s", who);
    return row;
}

static unsigned role_bit(const fl_record *record)
{
    for (fl_role r = FL_ROLE_FIRST; r <= FL_ROLE_LAST; r++)
        if (fl_record_text_is(record, "role", fl_role_word(r))) return 1u << r;
    return 0;
}

/* A change is one entry a role, written by one opening with one commitment; the next change begins anew. */
fl_status fl_roster_take(fl_roster *roster, const fl_record *record, uint64_t index)
{
    fl_roster_row it = {0};
    char hex[2 * FL_SHA256_SIZE + 1], day[11];
    if (fl_record_kind(record) != FL_KIND_ROLE_CHANGE) return FL_OK;
    if (fl_record_text(record, "who", it.who, sizeof it.who) != FL_OK) return FL_OK; /* nobody of ours */
    fl_roster_row *row = row_of(roster, it.who);
    if (!row) return FL_E_MEMORY;
    it.entry = index;
    it.roles = role_bit(record);
    it.left = fl_record_text_is(record, "role", "none");
    if (fl_record_int(record, "boot", &it.boot) != FL_OK) it.boot = 0;
    if (fl_record_text(record, "until", day, sizeof day) != FL_OK || fl_date_read(day, &it.until) != FL_OK)
        it.until = (fl_date){0};
    it.committed = fl_record_text(record, "cmt", hex, sizeof hex) == FL_OK &&
                   fl_read_hex(hex, it.cmt, sizeof it.cmt) == FL_OK;
    const bool more = row->boot == it.boot && row->left == it.left && row->committed == it.committed &&
                      memcmp(row->cmt, it.cmt, sizeof it.cmt) == 0 &&
                      fl_date_compare(row->until, it.until) == 0;
    if (more) it.roles |= row->roles;
    *row = it;
    return FL_OK;
}

static fl_status follow_one(fl_roster *roster, fl_journal *journal, uint64_t position)
{
    static const char word[] = "role.change";
    const uint64_t before = fl_journal_before(journal);
    fl_record record;
    const char *bytes;
    size_t size;
    fl_status status;
    if (position < before) { /* of a log before this one */
        status = fl_journal_past(journal, position, &record);
    } else {
        status = fl_journal_read(journal, position - before, &bytes, &size);
        if (status == FL_OK && !memmem(bytes, size, word, sizeof word - 1)) return FL_OK;
        if (status == FL_OK) status = fl_record_read(bytes, size, &record);
    }
    return status == FL_OK ? fl_roster_take(roster, &record, position) : status;
}

fl_status fl_roster_follow(fl_roster *roster, fl_journal *journal, uint64_t *read, fl_error *error)
{
    for (; *read < fl_journal_length(journal); ++*read) {
        const fl_status status = follow_one(roster, journal, *read);
        if (status == FL_OK) continue;
        fl_error_set(error, status, "entry %llu of the journal cannot be read, so nobody can sign in",
                     (unsigned long long)*read);
        fl_error_hint(error, "fadeline journal verify");
        return status;
    }
    return FL_OK;
}

fl_status fl_roster_read(const char *directory, fl_roster *roster, fl_error *error)
{
    char path[FL_PLACE_MAX];
    uint64_t read = 0;
    people_path(directory, "journal.db", path);
    *roster = (fl_roster){0};
    fl_journal *journal = NULL;
    const fl_journal_options options = {.mode = FL_JOURNAL_READ};
    if (!fl_place_exists(path)) return fl_journal_left_behind(directory, &options, error);
    fl_status status = fl_journal_open(directory, &options, &journal, error);
    if (status == FL_OK) {
        status = fl_roster_follow(roster, journal, &read, error);
        if (status != FL_OK) fl_error_at(error, path, 0, 0);
    }
    fl_journal_close(journal);
    if (status != FL_OK) fl_roster_fini(roster);
    return status;
}

void fl_roster_fini(fl_roster *roster)
{
    free(roster->rows);
    *roster = (fl_roster){0};
}

const fl_roster_row *fl_roster_find(const fl_roster *roster, const char *who)
{
    for (size_t i = 0; i < roster->count; i++)
        if (fl_text_same(roster->rows[i].who, who)) return &roster->rows[i];
    return NULL;
}

const fl_roster_row *fl_roster_owner(const fl_roster *roster)
{
    for (size_t i = 0; i < roster->count; i++)
        if (roster->rows[i].roles & 1u << FL_ROLE_OWNER && !roster->rows[i].left) return &roster->rows[i];
    return NULL;
}

/* ---- the comparison ---- */

/* Entries of before commitments say roles and date, and were about blocks of version 1. */
static bool is_borne_out(const person *p, const fl_roster_row *row)
{
    uint8_t cmt[FL_SHA256_SIZE];
    if (row->committed) {
        people_commit(p, cmt);
        return memcmp(cmt, row->cmt, sizeof cmt) == 0;
    }
    if (p->version >= PIN_BOUND || row->left != fl_date_is_set(p->ended)) return false;
    return row->left || (p->roles == row->roles && fl_date_compare(p->until, row->until) == 0);
}

static people_proof compare(const person *p, const fl_roster *roster)
{
    if (!roster->count) return (people_proof){FL_PROOF_UNSIGNED, 0};
    const fl_roster_row *row = fl_roster_find(roster, p->id);
    if (!row) return (people_proof){FL_PROOF_UNKNOWN, 0};
    if (!is_borne_out(p, row)) return (people_proof){FL_PROOF_OTHER, row->entry};
    return (people_proof){row->committed ? FL_PROOF_GOOD : FL_PROOF_OLD, row->entry};
}

void people_compare(fl_people *people, const fl_roster *roster)
{
    const people_file *f = fl_yaml_root(people->file);
    for (size_t i = 0; i < f->people_count; i++) people->proofs[i] = compare(&f->people[i], roster);
}

size_t people_differences(const fl_people *people, const fl_roster *roster)
{
    const people_file *f = fl_yaml_root(people->file);
    size_t count = 0;
    for (size_t i = 0; i < f->people_count; i++)
        count += !fl_people_may_sign(compare(&f->people[i], roster).is);
    for (size_t i = 0; i < roster->count; i++)
        count += !roster->rows[i].left && !people_block(people, roster->rows[i].who);
    return count;
}

bool fl_people_may_sign(fl_people_proof proof)
{
    return proof == FL_PROOF_GOOD || proof == FL_PROOF_OLD || proof == FL_PROOF_UNSIGNED;
}

fl_status fl_people_dispute(const fl_people *people, const char *who, fl_error *error)
{
    const people_file *f = fl_yaml_root(people->file);
    const person *p = people_block(people, who);
    if (!p || fl_people_may_sign(people->proofs[p - f->people].is)) return FL_OK;
    const people_proof *proof = &people->proofs[p - f->people];
    if (proof->is == FL_PROOF_UNKNOWN)
        fl_error_set(error, FL_E_NO, "%s stands here and the journal never heard of it", p->id);
    else
        fl_error_set(error, FL_E_NO, "%s is not what entry %llu of the journal says", p->id,
                     (unsigned long long)proof->entry);
    fl_error_at(error, fl_yaml_path(people->file), p->at.line, p->at.column);
    fl_error_code(error, fl_people_answer_code(FL_PEOPLE_DISPUTED));
    fl_error_hint(error,
                  "the file was changed past `fadeline people`: put back the one that was, or an owner "
                  "ends this person and adds a new one");
    return FL_E_NO;
}

bool fl_people_are_unsigned(const fl_people *people)
{
    return people->proofs[0].is == FL_PROOF_UNSIGNED;
}

void fl_people_tell(FILE *out, const fl_people *people)
{
    fl_person p;
    fl_error error;
    if (fl_people_are_unsigned(people))
        fprintf(out,
                "fadeline: no entry of the journal tells who may sign in: people.yaml is believed as it is,\n"
                "  until the next `fadeline people` writes everybody down\n");
    for (size_t n = 0; fl_people_at(people, n, &p); n++)
        if (fl_people_dispute(people, p.id, &error) != FL_OK) fl_error_print(out, &error);
}

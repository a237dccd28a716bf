/* Plain: the two things that were made fast (reading an entry, hashing it), written for the eye. */
#ifndef FL_TESTS_JOURNAL_HELPER_PLAIN_H
#define FL_TESTS_JOURNAL_HELPER_PLAIN_H

#include "fadeline/journal/entry.h"
#include "fadeline/journal/tree.h"

bool plain_record_is_good(const void *bytes, size_t size);
fl_hash plain_leaf(const void *data, size_t size);
fl_hash plain_node(const fl_hash *left, const fl_hash *right);

#endif

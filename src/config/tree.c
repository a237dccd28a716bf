#include "tree.h"

#include "fadeline/base/assert.h"
#include "fadeline/base/text.h"

#include <string.h>
#include <yaml.h>

#define MANY_NODES 50000u

struct reader {
    arena *room;
    const char *name;
    fl_faults *faults;
    yaml_parser_t parser;
    node *open[FL_YAML_DEPTH_MAX]; /* maps and lists not yet closed */
    size_t depth;
    const char *key; /* of the open map, waiting for its value */
    fl_mark key_at;
    bool key_bad;
    node *root;
    unsigned documents;
    size_t nodes;
    bool stop;
};

static fl_mark mark_of(yaml_mark_t mark)
{
    return (fl_mark){(unsigned)mark.line + 1, (unsigned)mark.column + 1};
}

/* Hints for the sentences of libyaml that people meet. */
static const char *hint_for(const char *problem)
{
    static const struct {
        const char *problem, *hint;
    } rows[] = {
        {"mapping values are not allowed", "check the indentation; a text with ': ' in it needs quotes"},
        {"could not find expected ':'", "write `key: value`, with a space after the colon"},
        {"did not find expected key", "keys of one map begin in the same column"},
        {"did not find expected '-'", "items of one list begin in the same column"},
        {"did not find expected ',' or", "close the bracket that was opened, and put commas between items"},
        {"unexpected end of stream", "a quote is opened and never closed; was the file cut?"},
        {"cannot start any token", "begin a text with a letter or a quote"},
        {"undefined tag handle", "no tags (words that begin with !): write the value alone"},
        {"did not find expected <document start>", "one document a file: delete what follows `...`"},
        {"document start", "one document a file"},
        {"block sequence entries are not allowed", "a list begins on the line after its key"},
        {"unknown escape character", "write the backslash twice, or use single quotes"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strstr(problem, rows[i].problem)) return rows[i].hint;
    return "compare with an example in devices/ or profiles/";
}

static void syntax_fault(struct reader *reader)
{
    const yaml_parser_t *parser = &reader->parser;
    if (parser->error == YAML_MEMORY_ERROR) FL_ASSERT(!"memory for a YAML file");
    const char *problem = parser->problem ? parser->problem : "cannot be read as YAML";
    fl_faults_add(reader->faults, reader->name, mark_of(parser->problem_mark), hint_for(problem), "%s%s%s",
                  problem, parser->context ? " " : "", parser->context ? parser->context : "");
    reader->stop = true;
}

static void fault(struct reader *reader, yaml_mark_t at, const char *hint, const char *what)
{
    fl_faults_add(reader->faults, reader->name, mark_of(at), hint, "%s", what);
}

static node *parent_of(const struct reader *reader)
{
    return reader->depth ? reader->open[reader->depth - 1] : NULL;
}

static bool wants_key(const struct reader *reader)
{
    const node *parent = parent_of(reader);
    return parent && parent->kind == NODE_MAP && !reader->key;
}

/* Hangs a new node where the reader stands. A map's value takes the waiting key with it. */
static node *hang(struct reader *reader, node_kind kind, yaml_mark_t at)
{
    if (++reader->nodes > MANY_NODES) {
        fault(reader, at, "split the file", "far more values than any file of ours has");
        reader->stop = true;
    }
    node *fresh = arena_take(reader->room, sizeof *fresh);
    *fresh = (node){.kind = kind, .at = mark_of(at)};
    node *parent = parent_of(reader);
    if (!parent) {
        if (!reader->root) reader->root = fresh;
        return fresh;
    }
    if (parent->kind == NODE_MAP) {
        fresh->key = reader->key;
        fresh->key_at = reader->key_at;
        if (reader->key_bad) fresh->kind = NODE_BAD;
        reader->key = NULL;
        reader->key_bad = false;
    }
    if (parent->last)
        parent->last->next = fresh;
    else
        parent->first = fresh;
    parent->last = fresh;
    parent->count++;
    return fresh;
}

static bool refuse_marks(struct reader *reader, const yaml_char_t *anchor, const yaml_char_t *tag,
                         yaml_mark_t at)
{
    if (anchor)
        fault(reader, at, "write the values out where they are needed", "anchors (&name) are not allowed");
    if (tag)
        fault(reader, at, "write the value alone: its key gives the type", "tags (!name) are not allowed");
    return anchor || tag;
}

static void take_key(struct reader *reader, const yaml_event_t *event, bool marked)
{
    const char *text = (const char *)event->data.scalar.value;
    const size_t length = event->data.scalar.length;
    reader->key_at = mark_of(event->start_mark);
    reader->key = arena_text(reader->room, text, length);
    reader->key_bad = marked;
    if (event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE && fl_text_same(reader->key, "<<")) {
        fault(reader, event->start_mark, "write the keys out", "merge keys (<<) are not allowed");
        reader->key_bad = true;
    } else if (!length || length > 63 || !text_is_printable(text, length)) {
        fault(reader, event->start_mark, "a key is a short word", "this is not a key");
        reader->key_bad = true;
    }
}

static void take_scalar(struct reader *reader, const yaml_event_t *event)
{
    const bool marked =
        refuse_marks(reader, event->data.scalar.anchor, event->data.scalar.tag, event->start_mark);
    if (wants_key(reader)) {
        take_key(reader, event, marked);
        return;
    }
    node *scalar = hang(reader, NODE_SCALAR, event->start_mark);
    scalar->text =
        arena_text(reader->room, (const char *)event->data.scalar.value, event->data.scalar.length);
    scalar->length = event->data.scalar.length;
    scalar->plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    if (marked) scalar->kind = NODE_BAD;
}

static void take_opening(struct reader *reader, const yaml_event_t *event, node_kind kind)
{
    const yaml_char_t *anchor =
        kind == NODE_MAP ? event->data.mapping_start.anchor : event->data.sequence_start.anchor;
    const yaml_char_t *tag =
        kind == NODE_MAP ? event->data.mapping_start.tag : event->data.sequence_start.tag;
    refuse_marks(reader, anchor, tag, event->start_mark);
    if (wants_key(reader)) {
        fault(reader, event->start_mark, "a key is one word, then a colon",
              "a list or a map cannot be a key");
        reader->stop = true;
        return;
    }
    if (reader->depth == FL_YAML_DEPTH_MAX) {
        fault(reader, event->start_mark, "no file of ours needs this", "lists and maps nested too deep");
        reader->stop = true;
        return;
    }
    node *opened = hang(reader, kind, event->start_mark);
    reader->open[reader->depth++] = opened;
    reader->key = NULL;
}

static void take_alias(struct reader *reader, const yaml_event_t *event)
{
    fault(reader, event->start_mark, "write the values out where they are needed",
          "aliases (*name) are not allowed");
    if (wants_key(reader)) {
        reader->key = "*";
        reader->key_at = mark_of(event->start_mark);
        reader->key_bad = true;
    } else {
        hang(reader, NODE_BAD, event->start_mark);
    }
}

static void take_document(struct reader *reader, const yaml_event_t *event)
{
    if (event->data.document_start.version_directive ||
        event->data.document_start.tag_directives.start != event->data.document_start.tag_directives.end)
        fault(reader, event->start_mark, "delete the line that begins with %", "directives are not allowed");
    if (++reader->documents > 1) {
        fault(reader, event->start_mark, "keep one; delete the line `---` and all below it",
              "a second document in the file");
        reader->stop = true;
    }
}

static void take(struct reader *reader, const yaml_event_t *event)
{
    switch (event->type) {
    case YAML_DOCUMENT_START_EVENT: take_document(reader, event); break;
    case YAML_ALIAS_EVENT: take_alias(reader, event); break;
    case YAML_SCALAR_EVENT: take_scalar(reader, event); break;
    case YAML_SEQUENCE_START_EVENT: take_opening(reader, event, NODE_LIST); break;
    case YAML_MAPPING_START_EVENT: take_opening(reader, event, NODE_MAP); break;
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        FL_ASSERT(reader->depth);
        reader->depth--;
        reader->key = NULL;
        break;
    case YAML_STREAM_END_EVENT: reader->stop = true; break;
    default: break;
    }
}

node *tree_read(arena *room, const char *name, const char *bytes, size_t size, fl_faults *faults)
{
    struct reader reader = {.room = room, .name = name, .faults = faults};
    if (!yaml_parser_initialize(&reader.parser)) FL_ASSERT(!"memory for a YAML parser");
    yaml_parser_set_encoding(&reader.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&reader.parser, (const unsigned char *)bytes, size);
    bool whole = false;
    while (!reader.stop) {
        yaml_event_t event;
        if (!yaml_parser_parse(&reader.parser, &event)) {
            syntax_fault(&reader);
            break;
        }
        whole = event.type == YAML_STREAM_END_EVENT;
        take(&reader, &event);
        yaml_event_delete(&event);
    }
    yaml_parser_delete(&reader.parser);
    if (!whole) return NULL; /* part of a file: its missing keys would be complaints about nothing */
    if (!reader.root) {
        fl_faults_add(faults, name, (fl_mark){1, 1}, "begin with a line such as `schema: device/1`",
                      "the file is empty");
        return NULL;
    }
    if (reader.root->kind != NODE_MAP) {
        if (reader.root->kind != NODE_BAD)
            fl_faults_add(faults, name, reader.root->at, "begin with a line such as `schema: device/1`",
                          "lines of `key: value` are needed here");
        return NULL;
    }
    return reader.root;
}

const node *tree_find(const node *map, const char *key, size_t key_length)
{
    for (const node *entry = map->first; entry; entry = entry->next)
        if (entry->key && strlen(entry->key) == key_length && memcmp(entry->key, key, key_length) == 0)
            return entry;
    return NULL;
}

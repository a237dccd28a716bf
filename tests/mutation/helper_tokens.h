/* Tokens of a C source, and just enough of its grammar to edit expressions: where an operand begins and ends.
 *
 * Comments, includes and the heads of #define lines are no tokens; the body of a #define is. A token knows
 * the function or macro it stands in.
 */
#ifndef FL_TESTS_MUTATION_HELPER_TOKENS_H
#define FL_TESTS_MUTATION_HELPER_TOKENS_H

#include <stdbool.h>
#include <stddef.h>

typedef enum token_kind { TOKEN_WORD = 1, TOKEN_NUMBER, TOKEN_TEXT, TOKEN_MARK } token_kind;

typedef struct token {
    size_t at, length;
    token_kind kind;
    int depth; /* of brackets of all kinds; an opening one has the depth outside it, and so has its closing
                  one */
    char where[48];
} token;

typedef struct tokens {
    const char *source;
    int count, room;
    token *all;
} tokens;

void tokens_of(const char *source, tokens *t);
void tokens_free(tokens *t);

bool token_is(const tokens *t, int i, const char *text);      /* false outside the list */
int tokens_close(const tokens *t, int open);                  /* the bracket that closes this one */
int tokens_find(const tokens *t, int from, const char *text); /* the first of the same depth */

bool tokens_is_binary(const tokens *t, int i); /* an operator between two operands */
/* First and last token of the operands beside an operator or, for the first, before a question mark. */
int tokens_operand_start(const tokens *t, int i);
int tokens_operand_end(const tokens *t, int i);
bool tokens_is_chained(const tokens *t,
                       int i); /* the left operand is itself `a op b` with the same operator */
/* When token i begins something that is true or false on its own: its last token. Otherwise -1. */
int tokens_truth_end(const tokens *t, int i);
int tokens_item_end(const tokens *t, int i);           /* last token of an item of an initialiser */
bool tokens_begins_expression(const tokens *t, int i); /* an assignment or a call that is a statement */

#endif

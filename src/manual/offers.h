/* Offers: what may stand at a place of a command line, read from the rows of the command table. The three
 * shells ask the same questions here, and each writes the answers in its own way. */
#ifndef FL_MANUAL_OFFERS_H
#define FL_MANUAL_OFFERS_H

#include "command.h"

#define VERBS_MOST 16

typedef enum offer {
    OFFER_NOTHING, /* only a person knows it */
    OFFER_FILE,
    OFFER_FOLDER,
    OFFER_DEVICE,         /* the id of a laser that has a file */
    OFFER_DEVICE_BY_HAND, /* manual:ID */
    OFFER_CODE,           /* of a refusal */
} offer;

/* Of an option's value. */
offer offer_of_option(const fl_option *option);
/* Of the words that are no options; *ending is ".yaml" and the like, or NULL for any file. */
offer offer_of_words(const fl_command *command, const char **ending);
/* "init", "verify": words a command's line begins with. Each at most 31 letters; how many. */
size_t verbs_of(const fl_command *command, char verbs[VERBS_MOST][32]);

#endif

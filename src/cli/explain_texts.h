/* Codes that refusals and errors carry: what each means and what to do about it. One row a code; keep a module's rows
 * together. Reasons of the interlock stand in fadeline/interlock/reason.h and are explained from there. */
#ifndef FL_CLI_EXPLAIN_TEXTS_H
#define FL_CLI_EXPLAIN_TEXTS_H

/*    code                       what it means                                          what to do */
#define FL_EXPLAIN_LIST(X)                                                                                   \
    /* device files */                                                                                       \
    X("device-limits-unknown",                                                                               \
      "The device file does not know a limit of this head (energy, rate, spots or pulse length). A limit nobody has " \
      "read is no limit, so nothing can be planned with the head.",                                          \
      "Copy the device file to devices/ in the Fadeline home, enter the number from the label with `sure: label`, " \
      "then: fadeline check FILE")                                                                           \
    X("device-no-such-spot", "The head does not have this spot size.", "Choose one of the spots named in the message.") \
    X("device-number-unconfirmed",                                                                           \
      "A number of the device file is from memory. It may be planned with, but nothing is fired on it until a person " \
      "has read it off the label.",                                                                          \
      "fadeline devices list shows which; read the label, then: fadeline devices confirm ID --head H --key KEY " \
      "--value V --person NAME --document \"label photo ...\"")                                              \
    /* files */                                                                                              \
    X("file-fault", "A file people edit has a fault, and a file with a fault is not used at all.",           \
      "fadeline check FILE shows every fault with its place and a hint.")

#endif

/* The far end of a pseudo-terminal, for the pty kind and, by a trick of names, for libserialport. */
#ifndef FL_TESTS_LINK_FAR_TTY_H
#define FL_TESTS_LINK_FAR_TTY_H

#include <pthread.h>
#include <stdbool.h>

extern int modem_lines;    /* TIOCM_ bits of the serial kind */
extern unsigned dtr_falls; /* since the program began */

typedef struct far_end {
    int master;
    char slave[64], link[96], trick[128]; /* trick: the name under which libserialport takes it */
    const char *identity;                 /* answer to *IDN?; NULL: says nothing */
    bool flood;                           /* garbage without end */
    volatile bool stop;
    pthread_t thread;
    unsigned questions;
} far_end;

void far_make(far_end *far, const char *identity);
void far_start(far_end *far); /* somebody answers */
void far_stop(far_end *far);
void far_gone(far_end *far);

#endif

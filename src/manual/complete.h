/* Completion: what a shell may offer, from the command table. */
#ifndef FL_MANUAL_COMPLETE_H
#define FL_MANUAL_COMPLETE_H

#include <stdio.h>

void complete_bash(FILE *out);
void complete_zsh(FILE *out);
void complete_fish(FILE *out);

#endif

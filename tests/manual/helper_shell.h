/* Shell: a command line of a test, with our programs in its path. */
#ifndef FL_TESTS_MANUAL_SHELL_H
#define FL_TESTS_MANUAL_SHELL_H

#define SHELL_MOST 200000

extern char shell_said[SHELL_MOST]; /* stdout and stderr of the last one, together */

/* In the source folder, without a Fadeline home. Returns the exit code; 128 when a signal ended it. */
int shell(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif

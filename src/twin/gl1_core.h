/* Inside the device core: shared by gl1_device.c (states and time), gl1_words.c (what the host says) and
 * gl1_grant.c (the one way to light). Nobody else includes this.
 */
#ifndef TWIN_GL1_CORE_H
#define TWIN_GL1_CORE_H

#include "gl1_device.h"

/* Inputs that must be good while hot and at ARM; a signal the make does not have is not asked for. */
uint32_t gl1_required(const gl1_device *device);
uint32_t gl1_bad_inputs(const gl1_device *device);
bool gl1_shutters_shut(const gl1_device *device); /* proven shut and not open */
bool gl1_shutters_open(const gl1_device *device); /* proven open and not shut */
bool gl1_foot_down(const gl1_device *device);     /* every contact closed */
bool gl1_foot_up(const gl1_device *device);       /* every contact open */
bool gl1_hot(const gl1_device *device);           /* WARN or READY */
bool gl1_committed(const gl1_device *device);

void gl1_sample(gl1_device *device);
void gl1_drive(gl1_device *device);   /* outputs follow state */
void gl1_to_safe(gl1_device *device); /* ends the session; a FAULT stays */
void gl1_to_standby(gl1_device *device, uint32_t cause);
void gl1_to_fault(gl1_device *device, uint32_t cause);
void gl1_settings_changed(gl1_device *device, const gl1_settings *settings);

/* A good frame with a session and a new number, or a HELLO. */
void gl1_word(gl1_device *device, const char *body);
void gl1_hello(gl1_device *device, uint32_t number, const char *body);
void gl1_answer(gl1_device *device, const char *body);
void gl1_answer_stat(gl1_device *device);
void gl1_answer_nak(gl1_device *device, const char *why);

void gl1_word_grant(gl1_device *device, const char *body);

#endif

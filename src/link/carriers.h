/* The kinds of carrier, each by its own door. fl_carrier_open chooses; tests force one. */
#ifndef FL_LINK_CARRIERS_H
#define FL_LINK_CARRIERS_H

#include "fadeline/link/probe.h"

FL_MUST_USE fl_status fl_carrier_open_serial(const char *path, const fl_carrier_options *options,
                                             fl_carrier *carrier, fl_error *error);
FL_MUST_USE fl_status fl_carrier_open_pty(const char *path, const fl_carrier_options *options,
                                          fl_carrier *carrier, fl_error *error);
FL_MUST_USE fl_status fl_carrier_open_usb(const char *path, const fl_carrier_options *options,
                                          fl_carrier *carrier, fl_error *error);

/* Is this descriptor or path the slave of a pseudo-terminal? Judged by its device number, never by its name.
 */
bool fl_carrier_is_pty(unsigned device_major);

/* Keeps other processes of ours away from the port: two readers of one line would each get half of it.
 * FL_E_BUSY, with an error, when somebody has it. */
FL_MUST_USE fl_status fl_carrier_claim(int fd, const char *path, fl_error *error);

/* Asks *IDN? on an open carrier and waits for the answer. The only place of this module that waits. */
FL_MUST_USE fl_status fl_carrier_identify(fl_carrier *carrier, const char *path, unsigned patience_ms,
                                          fl_link_identity *who, fl_error *error);

#endif

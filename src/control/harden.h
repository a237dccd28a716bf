/* Harden: what the control process gives up before it opens anything (interlock, section 11.4).
 *
 * Files only for the one who started it; no core dump, because memory holds a client's name and for a moment
 * a PIN; no new privileges by running something; no descriptor that the starter left open, so that nothing of
 * the starter's (a socket, a terminal, another laser's line) is held or written by accident.
 */
#ifndef FL_CONTROL_HARDEN_H
#define FL_CONTROL_HARDEN_H

void harden(void);

#endif

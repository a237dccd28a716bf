/* Reasons: why the interlock refused, dropped, faulted or latched, in words a technician understands.
 *
 * A set of reasons is 64 bits, one per row. Each has a stable code for `fadeline explain CODE` and for
 * scripts.
 *
 *     for (int i = 0; i < FL_REASON_COUNT; i++)
 *         if (causes & fl_reason_bit(i)) puts(fl_reason_rows[i].text);    // "the room door is open"
 */
#ifndef FL_INTERLOCK_REASON_H
#define FL_INTERLOCK_REASON_H

#include <stdint.h>

/*    name                code                    what is wrong                                     what to do
 */
#define FL_REASON_LIST(X)                                                                                    \
    X(KEY, "key-off", "the key switch is off", "turn the key on")                                            \
    X(ESTOP, "emergency-stop", "an emergency stop channel is open",                                          \
      "release the button, then turn the key off and on")                                                    \
    X(DOOR, "door-open", "the room door is open, or its switch was not yet seen to move",                    \
      "close the door; once after power-up it must be opened and closed")                                    \
    X(COVERS, "cover-open", "a protective cover is open", "close it, then reset")                            \
    X(COOLANT, "coolant", "coolant flow or temperature is out of range", "check pump, hose and level")       \
    X(HEAD, "laser-fault", "the laser reports a fault, or is not in the mode we expect",                     \
      "read the laser's own display")                                                                        \
    X(LINK, "link-lost", "no fresh status from the laser",                                                   \
      "check cable and power; the laser has shut itself")                                                    \
    X(WDOG, "watchdog", "a watchdog did not answer",                                                         \
      "restart the laser and the program; call service when it comes back")                                  \
    X(CLOCK, "clock-gap", "the computer paused or slept between two ticks",                                  \
      "close other programs, switch off power saving, then reset")                                           \
    X(JOURNAL, "journal-not-ready", "the journal cannot take a durable record",                              \
      "free disk space, then: fadeline journal verify")                                                      \
    X(AUTH, "not-signed-in", "no operator with the right role is signed in", "sign in")                      \
    X(DUAL, "second-person", "a second person has to sign", "ask a supervisor to sign in")                   \
    X(EYEWEAR, "eyewear", "eyewear for this wavelength is not confirmed since the door was last open",       \
      "put eyewear on everybody in the room and confirm it")                                                 \
    X(PLAN, "plan-not-ready", "the laser has not read the plan back bit for bit",                            \
      "wait for the read-back; if it stays, load the plan again")                                            \
    X(LIMITS, "limit-reached", "a budget allows no further pulse",                                           \
      "choose the next zone or test spot; past its stops a zone needs a reason or a new plan")                                              \
    X(COUNTER, "counter-mismatch", "the laser's shot counter and the journal do not agree",                  \
      "run: fadeline audit, then reconcile the counter")                                                     \
    X(HANDPIECE, "spot-mismatch", "the handpiece or its spot is not the planned one",                        \
      "attach the planned handpiece and turn it to the planned spot")                                        \
    X(DOCKED, "handpiece-docked", "the handpiece sits in the calibration port", "take it out to treat")      \
    X(UNDOCKED, "handpiece-undocked", "the handpiece is not in the calibration port",                        \
      "put it in to calibrate")                                                                              \
    X(FOOT_HELD, "foot-held", "the footswitch is pressed", "take the foot off, then order ARM again")        \
    X(FOOT_DISAGREE, "foot-disagree", "the two footswitch contacts disagree",                                \
      "press and release once; replace the footswitch when it comes back")                                   \
    X(ENERGY_OUT, "energy-out", "the pulse energy was outside its tolerance",                                \
      "stop and run the energy check")                                                                       \
    X(ENERGY_SENSOR, "energy-sensor", "the energy monitor failed", "call service")                           \
    X(SHUTTER_CLOSE, "shutter-not-closed", "a shutter is not proven closed",                                 \
      "turn the key off and call service")                                                                   \
    X(SHUTTER_OPEN, "shutter-not-open", "the shutters are not proven open while firing",                     \
      "reset; call service when it comes back")                                                              \
    X(SHUTTER_SLOW, "shutter-slow", "the shutters did not open in time",                                     \
      "reset; call service when it comes back")                                                              \
    X(SHUTTER_BOTH, "shutter-senses", "the shutters report open and closed at once",                         \
      "turn the key off and call service")                                                                   \
    X(LIGHT_UNASKED, "light-without-grant", "there was light that nobody granted",                           \
      "turn the key off and call service; nobody may use the laser")                                         \
    X(PULSE_MISSING, "pulse-missing", "no report of a granted pulse came in time",                           \
      "it counts as delivered until the laser's counter says otherwise")                                     \
    X(SELFTEST_FAILED, "selftest-failed", "the laser failed its self-test",                                  \
      "read the laser's own display, then reset")                                                            \
    X(SELFTEST_TIMEOUT, "selftest-timeout", "the self-test did not finish in time",                          \
      "take the foot off the switch; then reset")                                                            \
    X(ORDER, "ordered", "a person ordered it", "order ARM when ready to go on")                              \
    X(IDLE, "idle", "no pulse for a while", "order ARM when ready to go on")                                 \
    X(CORRUPT, "state-corrupt", "the control state in memory was damaged",                                   \
      "stop using this computer and call service")                                                           \
    X(SERVICE, "service-latched", "a service-class fault is latched",                                        \
      "a supervisor and a service person must sign it off")                                                  \
    X(VETO, "monitor-veto", "the independent monitor disagreed with the control core",                       \
      "keep the journal, stop using the laser and report it to us")                                          \
    X(NOT_STANDBY, "not-standby", "ARM is only possible from STANDBY",                                       \
      "see the state shown; clear what holds it first")

typedef enum fl_reason {
#define X(name, code, text, todo) FL_REASON_##name,
    FL_REASON_LIST(X)
#undef X
        FL_REASON_COUNT
} fl_reason;

typedef uint64_t fl_reasons; /* a set */
static inline fl_reasons fl_reason_bit(fl_reason reason)
{
    return (fl_reasons)1 << reason;
}

typedef struct fl_reason_row {
    const char *code, *text, *todo;
} fl_reason_row;
extern const fl_reason_row fl_reason_rows[FL_REASON_COUNT];

#endif

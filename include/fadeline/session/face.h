/* Face: how people's screens talk to the control process.
 *
 * fadeline-control listens on a Unix stream socket (mode 0600). Both sides send one JSON object a line, at most
 * FL_FACE_LINE_MAX bytes with its newline, in the journal's restricted form: keys sorted, integers, strings,
 * arrays of strings, objects one level deep; no floats, no null, no booleans (0 and 1). Quantities carry their unit in
 * the key; an unknown quantity is left out and shown as a dash.
 *
 * The trap: a face is never waited for. Each face has a bounded queue; one that does not read loses status
 * lines (never answers), one that floods is cut off, one that dies is forgotten. While a session is armed and
 * the face that armed it is gone or silent for FL_FACE_SILENCE_MS, control stands down: the person may be gone.
 *
 * A face gives at most 20 orders a second, 40 at once; one that gives more is cut off (event order-flood). STANDBY is
 * not counted and never held back.
 *
 * No order makes light. Light needs a foot.
 *
 * Orders, face to control; `order` is a number that grows by one, `do` says what:
 *   {"do":"sign-in","order":1,"pin":"123456","who":"op:17"}     a person; refused when role, date or PIN is wrong
 *   {"do":"sign-out","order":9}
 *   {"do":"reconcile","order":9,"pin":"801246","reason":"...","who":"op:9"}   a supervisor: takes the laser's counter as it is
 *                                                               after a mismatch, signs off too many faults, or, with a reason
 *                                                               and after `service`, clears a service-class fault
 *   {"do":"service","order":9,"pin":"660318","who":"op:30"}     a service person, for that
 *   {"do":"second","order":9,"pin":"801246","who":"op:9"}       a supervisor who is not the operator, for what ARM was refused
 *                                                               with second-person: another device file, a zone treated today
 *   {"date":"2026-05-04","do":"date","order":9,"pin":"801246","who":"op:9"}   a supervisor says the true date after clock-step
 *   {"do":"eyewear","code":"755 OD7 M LB9","order":2,"wl_nm":755}   everybody in the room wears it, for this wavelength
 *   {"do":"zone","order":3,"zone":"F-L"}                        which zone the next pulses belong to
 *   {"do":"spots","order":3,"spot":1}                           test spot number n of the plan instead of a zone
 *   {"do":"arm","order":4}                                      STANDBY -> ARMING; refusals list every reason
 *   {"do":"standby","order":5}                                  from anywhere, at once
 *   {"do":"reset","fault":3,"order":6}                          names the fault that is shown; another number is refused
 *   {"do":"endpoint","order":7,"seen":"none|frost|weak|bleed|darkened|hair-white|spark"}
 *   {"about":"reaction","do":"note","order":8,"said":"erythema oedema"}   what no machine sees, at the end; the words are in
 *                                                               said.h, and a wrong one is said again
 *   {"do":"near-miss","order":8,"what":"wrong spot|eyewear|zone|other"}   kept with counter and zone; STANDBY when armed
 *   {"do":"end","order":8}                                      close the session; control leaves with exit code 0
 *   {"do":"here","order":10}                                    heartbeat, at least every FL_FACE_SILENCE_MS / 2
 *
 * Every order may say which screen gave it, "screen":"here-1a2b3c", up to 24 of a-z, 0-9 and -: it stands in the entries of signing in,
 * eyewear, zone, arm, near miss and reset. Anything else in its place is passed over.
 *
 * In a check of the laser (calibration.h) sign-in takes operators, service persons and supervisors, arm is ARM_CAL,
 * zone, spots and endpoint are refused with calibration-only, and the status says "purpose":"calibration".
 *
 * Lines, control to face; `type` says which:
 *   answer  {"code":"...","hint":"...","ok":0|1,"order":n,"reasons":["..."],"text":"...","type":"answer"}
 *           one for every order. ok 1: taken. ok 0: `text` says why, `code` can be explained, `reasons` lists every
 *           reason of a refused arm as "code: sentence" ("door-open: the room door is open").
 *   event   {"code":"...","hint":"...","kind":"refused|drop|fault|tone|pulse|unknown|done|note","text":"...","type":"event",
 *            "ctr":n,"session_pulses":n,"zone":"F-L","zone_pulses":n}
 *   status  at every change and at least ten times a second:
 *           {"type":"status","sim":0|1,"state":"STANDBY","mono_us":n,"device":"SIM-00042","model":"...","client":"C-0001",
 *            "plan":"<plan_id>","operator":"op:17","eyewear":"...","age_ms":n,"ctr":n,"fault":n,"fault_text":"...",
 *            "planned":{"energy_uJ":n,"fluence_uJ_cm2":n,"pulse_ps":n,"rate_mHz":n,"spot_um":n,"wl_nm":n},
 *            "measured":{"energy_uJ":n,"fluence_uJ_cm2":n,"rate_mHz":n,"spot_um":n},
 *            "zone":"F-L","zone_pulses":n,"zone_budget":n,"session_pulses":n,"session_budget":n,
 *            "room":{"cooling":"good","covers":"closed","door":"closed","foot":"up","key":"on","stop":"released","utc_us":n},
 *            "check":{"day":"2026-05-04","due":"2026-05-11","good":0|1,"off_ppm":n,"verdict":"pass"},
 *            "ready_in_ms":n,"bad":["door","foot"],"rt":0|1,"locked":0|1,"writer_ms":n,
 *            "grant_us":n,"grant_worst_us":n,"tick_worst_us":n,"ticks_late":n,"armed_allocations":n,"armed_faults":n}
 *           with a laser behind a gate also "laser":"...", its own name, "laser_good":0|1, "laser_why":"...", the first
 *           reason why not, and "laser_ctr":n, its own shot counter, which decides nothing
 *           state: OFF SELFTEST STANDBY ARMING READY OPENING EMIT GAP CLOSING FAULT ESTOP, as in the interlock.
 *           `zone`: its id says the side (fl_face_side); left and right are the client's.
 *           `room`: what the laser's line says now of each contact, left out while no fresh word of the expected laser is
 *           there. cooling: good, bad. covers: closed, open. key: on, off. door: closed, open; stop: released, pressed; foot:
 *           up, down, differs (its two contacts disagree); these three are `unproven` until they were seen in both positions.
 *           utc_us: the clock that the journal writes. aim: on, off, the aiming beam; no line of today says it, so control
 *           leaves it out.
 *           `check`: the newest energy check of the head that is chosen, or, under a narrowed lock, the one that opens
 *           this energy. off_ppm: the meter's mean against what was set. good: it may treat today. Left out: never checked.
 *           `bad`: every interlock input that is not good now, by its short name.
 *           rt, locked: the system gave the real-time class, locked memory; a face is told once, by event
 *           (no-real-time, memory-not-locked), what was refused and who can mend it.
 *           What the process measures of itself since it began: grant_us, grant_worst_us: from the interlock's
 *           token to the bytes of the newest and of the slowest GRANT (left out before the first); tick_worst_us:
 *           longest time between two ticks while armed (10000 is meant); ticks_late: how many were beyond 20 ms;
 *           armed_allocations: heap calls of the tick's thread while armed, 0 is promised (left out where nobody
 *           counts); armed_faults: times it waited for a page of memory while armed.
 *   bye     {"code":"...","exit":0,"hint":"...","text":"...","type":"bye"}    control is leaving; the face leaves with that exit code
 */
#ifndef FL_SESSION_FACE_H
#define FL_SESSION_FACE_H

#define FL_FACE_LINE_MAX 4096
#define FL_FACE_SILENCE_MS 2000

#endif

// A laser that goes in the middle of a pulse, and plans that hardly fit a screen.
import { live, shot, clean, assert } from './harness.mjs';
import { room, begin, until, state, signOn, zone, eyewear, prepare, arm, fire, text, said, pulses, heard, fits, journal } from './room.mjs';

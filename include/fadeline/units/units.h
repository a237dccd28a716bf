/* Units: one struct of one number in SI per quantity, named after its unit.
 *
 * Swapping energy and spot, or passing a wavelength for a length, does not compile, and costs nothing at run
 * time. Other units exist only in the converters below, used where numbers enter or leave: files, wires,
 * screens, reports. Tables use the honest form `{ .m = 3e-3 }`; -Werror=missing-braces closes C's one hole.
 *
 *     fl_fluence start = fl_J_cm2(1.59);                             // 15900 J/m2
 *     fl_energy pulse = fl_energy_of(start, fl_mm(4));               // 199.8 mJ, flat top
 *     printf("%.2f J/cm2\n", fl_as_J_cm2(start));
 */
#ifndef FL_UNITS_UNITS_H
#define FL_UNITS_UNITS_H

typedef struct { double m; } fl_length;       /* spot, depth, thickness, path */
typedef struct { double m; } fl_wavelength;   /* metres too, yet no spot is ever a wavelength */
typedef struct { double m2; } fl_area;
typedef struct { double s; } fl_pulse_length; /* duration of one emission; fl_duration is for clocks */
typedef struct { double J; } fl_energy;       /* of one pulse */
typedef struct { double J_m2; } fl_fluence;   /* radiant exposure, or local fluence; labels print J/cm2 */
typedef struct { double J_m3; } fl_energy_density;
typedef struct { double Hz; } fl_rate;        /* pulses a second */
typedef struct { double per_m; } fl_attenuation; /* mu_a, mu_s, mu_s' */
typedef struct { double K; } fl_temperature;  /* absolute */
typedef struct { double K; } fl_warming;      /* a difference: adding two temperatures is no sum */
typedef struct { double rad; } fl_angle;
typedef struct { double m2_kg; } fl_mass_absorption; /* MAC of a pigment */
typedef struct { double m2_kg; } fl_mass_scattering; /* of a pigment, reduced */
typedef struct { double kg_m2; } fl_areal_mass;      /* pigment per skin area */

static inline fl_length fl_mm(double mm) { return (fl_length){ mm / 1e3 }; }
static inline fl_length fl_um(double um) { return (fl_length){ um / 1e6 }; }
static inline fl_length fl_cm(double cm) { return (fl_length){ cm / 1e2 }; }
static inline fl_wavelength fl_nm(double nm) { return (fl_wavelength){ nm / 1e9 }; }
static inline fl_area fl_cm2(double cm2) { return (fl_area){ cm2 / 1e4 }; }
static inline fl_pulse_length fl_ps(double ps) { return (fl_pulse_length){ ps / 1e12 }; }
static inline fl_energy fl_mJ(double mJ) { return (fl_energy){ mJ / 1e3 }; }
static inline fl_fluence fl_J_cm2(double J_cm2) { return (fl_fluence){ J_cm2 * 1e4 }; }
static inline fl_energy_density fl_J_cm3(double J_cm3) { return (fl_energy_density){ J_cm3 * 1e6 }; }
static inline fl_rate fl_Hz(double Hz) { return (fl_rate){ Hz }; }
static inline fl_attenuation fl_per_cm(double per_cm) { return (fl_attenuation){ per_cm * 1e2 }; }
static inline fl_mass_absorption fl_m2_g(double m2_g) { return (fl_mass_absorption){ m2_g * 1e3 }; }
static inline fl_areal_mass fl_mg_cm2(double mg_cm2) { return (fl_areal_mass){ mg_cm2 * 1e-2 }; }
static inline fl_angle fl_mrad(double mrad) { return (fl_angle){ mrad / 1e3 }; }

static inline double fl_as_mm(fl_length l) { return l.m * 1e3; }
static inline double fl_as_um(fl_length l) { return l.m * 1e6; }
static inline double fl_as_cm(fl_length l) { return l.m * 1e2; }
static inline double fl_as_nm(fl_wavelength w) { return w.m * 1e9; }
static inline double fl_as_cm2(fl_area a) { return a.m2 * 1e4; }
static inline double fl_as_ps(fl_pulse_length t) { return t.s * 1e12; }
static inline double fl_as_mJ(fl_energy e) { return e.J * 1e3; }
static inline double fl_as_J_cm2(fl_fluence f) { return f.J_m2 / 1e4; }
static inline double fl_as_J_cm3(fl_energy_density d) { return d.J_m3 / 1e6; }
static inline double fl_as_per_cm(fl_attenuation a) { return a.per_m / 1e2; }
static inline double fl_as_m2_g(fl_mass_absorption a) { return a.m2_kg / 1e3; }
static inline double fl_as_mg_cm2(fl_areal_mass m) { return m.kg_m2 * 1e2; }

/* Whole small units for wires and journal, and for comparing spots without == on doubles. Rounds to nearest. */
long long fl_whole_um(fl_length length);
long long fl_whole_uJ(fl_energy energy);
long long fl_whole_nm(fl_wavelength wavelength);
long long fl_whole_mHz(fl_rate rate);
long long fl_whole_uJ_cm2(fl_fluence fluence);
long long fl_whole_ps(fl_pulse_length length);

/* A flat round beam: area, energy for a fluence, fluence of an energy. fluence = E / (pi d^2 / 4). */
fl_area fl_spot_area(fl_length diameter);
fl_energy fl_energy_of(fl_fluence fluence, fl_length diameter);
fl_fluence fl_fluence_of(fl_energy energy, fl_length diameter);

#endif

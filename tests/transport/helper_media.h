/* Media as tables of { n, mua, mus, g, d } in cm, and the media several tests share. */
#ifndef FL_TESTS_TRANSPORT_MEDIA_H
#define FL_TESTS_TRANSPORT_MEDIA_H

#include "fadeline/transport/transport.h"

typedef struct media_layer {
    double n, mua_per_cm, mus_per_cm, g, d_cm;
} media_layer;

/* One variant; a row with n = 0 ends the layers. */
fl_medium media_make(double n_above, const media_layer *layers, double n_below);

extern const media_layer media_slab[];  /* van de Hulst 1980: tau 2, albedo 0.9, g 0.75, matched */
extern const media_layer media_half[];  /* Giovanelli 1955: n 1.5, albedo 0.9, isotropic */
extern const media_layer media_scalp[]; /* case c: five layers with dense ink at 755 nm */

/* A run walked to its end; asserts that the medium and options are taken. */
fl_transport *media_run(const fl_medium *medium, const fl_transport_options *options);

/* Specular + diffuse + transmitted + absorbed + lost - 1. */
double media_energy_error(const fl_transport *run, const fl_medium *medium, unsigned variant);

/* (got - want) in standard errors. */
double media_z(fl_estimate got, double want);

/* CPU seconds of this process. */
double media_cpu_seconds(void);

#endif

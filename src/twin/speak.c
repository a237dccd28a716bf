#include "speak.h"

#include <stdio.h>
#include <string.h>

static const speaker *const speakers[] = {
    &speak_cfr,      &speak_energymax, &speak_gentec,  &speak_insight,    &speak_microjewel,
    &speak_ophir,    &speak_pilas,     &speak_q_smart, &speak_quanta_ray, &speak_spi_g4,
    &speak_surelite, &speak_thorlabs,  &speak_ultra};
#define SPEAKERS (sizeof speakers / sizeof *speakers)

const speaker *speak_find(const char *name)
{
    for (size_t i = 0; i < SPEAKERS; i++)
        if (strcmp(speakers[i]->name, name) == 0) return speakers[i];
    return NULL;
}

void speak_names(char *room, size_t size)
{
    size_t used = 0;
    room[0] = 0;
    for (size_t i = 0; i < SPEAKERS && used < size; i++)
        used += (size_t)snprintf(room + used, size - used, "%s%s", i ? ", " : "", speakers[i]->name);
}

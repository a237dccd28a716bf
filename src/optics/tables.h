/* Spectra as tables; sources in tables.c. */
#ifndef FL_OPTICS_TABLES_H
#define FL_OPTICS_TABLES_H

#include <stddef.h>

extern const double table_hb_nm[], table_hbo2_per_cm_per_M[], table_hb_per_cm_per_M[];
extern const size_t table_hb_rows;
extern const double table_water_nm[], table_water_per_cm[];
extern const size_t table_water_rows;
extern const double table_fat_nm[], table_fat_per_cm[];
extern const size_t table_fat_rows;

#endif

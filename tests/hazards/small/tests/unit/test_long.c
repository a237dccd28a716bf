/* labels: slow proof   timeout: 3600 */
#include "check.h"

/* ---- long ---- */
/* hazards: H01 */
static void a_year_of_doors(void)
{
    puts("long");
}

FL_TESTS("unit/long", TEST(a_year_of_doors))

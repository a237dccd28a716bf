#include "conform_consent.h"

#include "fadeline/base/text.h"

#include <unistd.h>

static void warn(FILE *out, fl_conform_class up_to)
{
    fprintf(
        out,
        "\n"
        "  DANGER. This arms the laser%s. No interlock of Fadeline stands before it, only the laser's own,\n"
        "  and the script is there because that may be faulty: expect light at any moment.\n"
        "    * the handpiece is clamped, its beam goes into a power meter or a beam dump, nobody is in its "
        "way\n"
        "    * eyewear for this wavelength on every person in the room\n"
        "    * door closed and marked, no client, nobody who does not have to be there\n"
        "    * a hand at the emergency stop\n"
        "\n"
        "  To go on, type the identity on the laser's label (anything else ends this): ",
        up_to == FL_CONFORM_LIGHT ? " and FIRES PULSES" : "");
    fflush(out);
}

bool conform_consent(int in, FILE *out, const fl_link_identity *who, fl_conform_class up_to)
{
    /* A name is not enough: a real laser may be called SIMON-1. */
    if (up_to == FL_CONFORM_DARK || (who->simulated && who->simulated_line)) return true;
    warn(out, up_to);
    char typed[FL_IDENTITY_MAX + 2] = "";
    size_t size = 0;
    while (size + 1 < sizeof typed && read(in, typed + size, 1) == 1 && typed[size] != '\n') size++;
    const bool ended = typed[size] == '\n'; /* a line that never ended is no word of a person */
    typed[size] = 0;
    fputc('\n', out);
    return ended && fl_text_same(typed, who->identity);
}

/* A text that a person typed, against both clients' databases of this installation. */
#include "fadeline/clients/names.h"

#include <string.h>

static fl_status check_world(bool simulated, const char *what, const char *text, const char *about,
                             fl_error *error)
{
    char path[FL_PLACE_MAX];
    fl_clients *clients = NULL;
    fl_named named;
    fl_status status = fl_clients_place(simulated, path, error);
    if (status != FL_OK || !fl_place_exists(path)) return status; /* looking makes nothing */
    status = fl_clients_open(path, simulated, &clients, error);
    if (status == FL_OK) status = fl_clients_named(clients, what, text, about, &named, error);
    fl_clients_close(clients);
    explicit_bzero(&named, sizeof named);
    return status;
}

fl_status fl_clients_named_here(bool simulated, const char *what, const char *text, const char *about,
                                fl_error *error)
{
    if (!text || !*text) return FL_OK;
    const fl_status status = check_world(simulated, what, text, about, error);
    return status == FL_OK ? check_world(!simulated, what, text, NULL, error) : status;
}

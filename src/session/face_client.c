#include "fadeline/session/face_client.h"

#include "fadeline/base/clock.h"
#include "fadeline/base/place.h"
#include "fadeline/base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static bool path_of_control(char path[FL_PLACE_MAX])
{
    const ssize_t length = readlink("/proc/self/exe", path, FL_PLACE_MAX - 32);
    if (length <= 0) return false;
    path[length] = 0;
    char *slash = strrchr(path, '/');
    if (!slash) return false;
    strcpy(slash + 1, "fadeline-control");
    return access(path, X_OK) == 0;
}

/* Gone already? Then *exit_code says how. */
static bool has_left(fl_face_client *client)
{
    int how;
    if (client->control <= 0 || waitpid(client->control, &how, WNOHANG) != client->control) return false;
    client->control = 0;
    client->gone = true;
    client->exit_code = WIFEXITED(how) ? WEXITSTATUS(how) : fl_status_exit(FL_E_GONE);
    return true;
}

static fl_status connect_to(fl_face_client *client, fl_error *error)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof address.sun_path, "%s", client->socket_path);
    const fl_clock *clock = fl_clock_system();
    const fl_instant until = fl_after(clock->now(clock->self), fl_seconds(10));
    while (clock->now(clock->self).us < until.us) {
        client->socket = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (client->socket >= 0 && connect(client->socket, (struct sockaddr *)&address, sizeof address) == 0)
            return FL_OK;
        if (client->socket >= 0) close(client->socket);
        client->socket = -1;
        if (has_left(client))
            return fl_error_set(error, FL_E_GONE, "fadeline-control left before the session began");
        usleep(20000);
    }
    return fl_error_set(error, FL_E_TIMEOUT, "fadeline-control did not listen on %s in 10 s",
                        client->socket_path);
}

/* In a folder of our own, so that nobody can listen under that name first and be told a PIN. */
static bool make_socket_folder(fl_face_client *client)
{
    const char *runtime = getenv("XDG_RUNTIME_DIR");
    char folder[sizeof client->socket_path - 16];
    if (snprintf(folder, sizeof folder, "%s/fadeline-XXXXXX", runtime ? runtime : "/tmp") >=
        (int)sizeof folder)
        return errno = ENAMETOOLONG, false;
    if (!mkdtemp(folder)) return false;
    snprintf(client->socket_path, sizeof client->socket_path, "%s/control", folder);
    return true;
}

/* In the child: never returns. */
static void become_control(const fl_face_client *client, const fl_face_start *start, const char *program)
{
    const fl_calibration_wish *check = start->calibration;
    const char *words[24] = {program, "--port", start->port, "--socket", client->socket_path};
    size_t n = 5;
    char numbers[4][24];
    if (check) {
        snprintf(numbers[0], sizeof numbers[0], "%" PRIu64, check->energy_uJ);
        snprintf(numbers[1], sizeof numbers[1], "%" PRIu64, check->spot_um);
        snprintf(numbers[2], sizeof numbers[2], "%" PRIu64, check->rate_mHz);
        snprintf(numbers[3], sizeof numbers[3], "%u", check->pulses);
        const char *const more[] = {"--calibrate", check->device, "--head",    check->head,
                                    "--energy-uJ", numbers[0],    "--spot-um", numbers[1],
                                    "--rate-mHz",  numbers[2],    "--pulses",  numbers[3]};
        for (size_t i = 0; i < sizeof more / sizeof *more; i++) words[n++] = more[i];
    } else {
        words[n++] = "--plan", words[n++] = start->plan;
    }
    if (start->laser_port) words[n++] = "--laser-port", words[n++] = start->laser_port;
    if (start->training) words[n++] = "--training";
    if (start->date) words[n++] = "--date", words[n++] = start->date;
    if (start->said > 0 && dup2(start->said, STDERR_FILENO) < 0) _exit(70);
    sigset_t none; /* who starts it may hear signals on a thread of its own; control hears them itself */
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    execv(program, (char *const *)words);
    _exit(70);
}

fl_status fl_face_open(fl_face_client *client, const fl_face_start *start, fl_error *error)
{
    *client = (fl_face_client){.socket = -1};
    char program[FL_PLACE_MAX];
    if (!path_of_control(program))
        return fl_error_set(error, FL_E_FILE, "fadeline-control is not beside this program");
    if (!make_socket_folder(client))
        return fl_error_set(error, FL_E_IO, "cannot make a folder for the socket: %s", strerror(errno));
    client->control = fork();
    if (client->control < 0)
        return fl_error_set(error, FL_E_IO, "cannot start fadeline-control: %s", strerror(errno));
    if (client->control == 0) {
        setpgid(0, 0); /* Ctrl-C reaches the face, which asks for STANDBY; control itself is not torn down by
                          a key */
        become_control(client, start, program);
    }
    return connect_to(client, error);
}

static int send_line(fl_face_client *client, const char *what, json_t *more, int how)
{
    json_t *message = more ? more : json_object();
    json_object_set_new(message, "do", json_string(what));
    json_object_set_new(message, "order", json_integer(++client->order));
    char *line = json_dumps(message, JSON_COMPACT | JSON_SORT_KEYS | JSON_ENSURE_ASCII);
    json_decref(message);
    if (!line) return 0;
    const size_t length = strlen(line);
    line[length] = '\n'; /* in place of the end: the line is sent whole or not at all */
    const bool sent =
        !client->gone && send(client->socket, line, length + 1, MSG_NOSIGNAL | how) == (ssize_t)(length + 1);
    free(line);
    return sent ? client->order : 0;
}

int fl_face_send(fl_face_client *client, const char *what, json_t *more)
{
    return send_line(client, what, more, 0);
}

int fl_face_send_now(fl_face_client *client, const char *what, json_t *more)
{
    const int order = send_line(client, what, more, MSG_DONTWAIT);
    if (order || client->gone) return order;
    client->gone = true; /* also when half a line went: what follows would be read as its end */
    client->exit_code = fl_status_exit(FL_E_GONE);
    return 0;
}

const char *fl_face_text(const json_t *message, const char *key)
{
    const char *text = json_string_value(json_object_get(message, key));
    return text ? text : "";
}

long long fl_face_whole(const json_t *message, const char *key)
{
    const json_t *value = json_object_get(message, key);
    return json_is_integer(value) ? json_integer_value(value) : FL_FACE_UNKNOWN;
}

static fl_face_setting read_setting(const json_t *part)
{
    return (fl_face_setting){.wavelength_nm = fl_face_whole(part, "wl_nm"),
                             .spot_um = fl_face_whole(part, "spot_um"),
                             .fluence_uJ_cm2 = fl_face_whole(part, "fluence_uJ_cm2"),
                             .energy_uJ = fl_face_whole(part, "energy_uJ"),
                             .rate_mHz = fl_face_whole(part, "rate_mHz"),
                             .pulse_ps = fl_face_whole(part, "pulse_ps")};
}

const char *fl_face_side(const char *zone)
{
    const size_t length = strlen(zone);
    if (!strchr(zone, '-') || fl_text_begins(zone, "LIP-")) return "";
    return zone[length - 1] == 'L' ? "left" : zone[length - 1] == 'R' ? "right" : "";
}

#define PART(field) snprintf(read.field, sizeof read.field, "%s", fl_face_text(part, #field))

static fl_face_room read_room(const json_t *part)
{
    fl_face_room read = {.utc_us = fl_face_whole(part, "utc_us")};
    PART(aim), PART(cooling), PART(covers), PART(door), PART(foot), PART(key), PART(stop);
    return read;
}

static fl_face_check read_check(const json_t *part)
{
    fl_face_check read = {.good = fl_face_whole(part, "good") == 1,
                          .measured = json_is_integer(json_object_get(part, "off_ppm")),
                          .off_ppm = fl_face_whole(part, "off_ppm")};
    PART(day), PART(due), PART(verdict);
    return read;
}

#define KEEP(field, key) snprintf(status->field, sizeof status->field, "%s", fl_face_text(message, key))

static void keep_status(fl_face_status *status, const json_t *message)
{
    *status = (fl_face_status){.seen = true};
    status->simulated =
        fl_face_whole(message, "sim") != 0; /* not said reads as simulated: never the other way */
    status->realtime = fl_face_whole(message, "rt") == 1;
    status->memory_locked = fl_face_whole(message, "locked") == 1;
    KEEP(state, "state");
    KEEP(device, "device");
    KEEP(model, "model");
    KEEP(client, "client");
    KEEP(plan, "plan");
    KEEP(person, "operator");
    KEEP(eyewear, "eyewear");
    KEEP(zone, "zone");
    KEEP(fault_text, "fault_text");
    status->planned = read_setting(json_object_get(message, "planned"));
    status->measured = read_setting(json_object_get(message, "measured"));
    status->side = fl_face_side(status->zone);
    status->room = read_room(json_object_get(message, "room"));
    status->check = read_check(json_object_get(message, "check"));
    status->age_ms = fl_face_whole(message, "age_ms");
    status->counter = fl_face_whole(message, "ctr");
    status->fault = fl_face_whole(message, "fault");
    status->zone_pulses = fl_face_whole(message, "zone_pulses");
    status->zone_budget = fl_face_whole(message, "zone_budget");
    status->session_pulses = fl_face_whole(message, "session_pulses");
    status->session_budget = fl_face_whole(message, "session_budget");
    status->ready_in_ms = fl_face_whole(message, "ready_in_ms");
    fl_text bad = fl_text_in(status->bad, sizeof status->bad);
    size_t i;
    json_t *name;
    json_array_foreach(json_object_get(message, "bad"), i, name)
        fl_text_add(&bad, "%s%s", i ? " " : "", json_string_value(name) ? json_string_value(name) : "?");
}

/* Takes one whole line out of the room; NULL when there is none or it is not an object. */
static json_t *take_line(fl_face_client *client)
{
    char *end = memchr(client->room, '\n', client->filled);
    if (!end) return NULL;
    json_t *message = json_loadb(client->room, (size_t)(end - client->room), JSON_REJECT_DUPLICATES, NULL);
    client->filled -= (size_t)(end + 1 - client->room);
    memmove(client->room, end + 1, client->filled);
    if (message && fl_text_same(fl_face_text(message, "type"), "status"))
        keep_status(&client->status, message);
    if (message && fl_text_same(fl_face_text(message, "type"), "bye"))
        client->gone = true, client->exit_code = (int)fl_face_whole(message, "exit");
    return message;
}

json_t *fl_face_next(fl_face_client *client, int wait_ms)
{
    json_t *message = take_line(client);
    if (message || client->gone) return message;
    struct pollfd ready = {.fd = client->socket, .events = POLLIN};
    if (poll(&ready, 1, wait_ms) <= 0) return NULL;
    const ssize_t got =
        read(client->socket, client->room + client->filled, sizeof client->room - client->filled);
    if (got > 0) client->filled += (size_t)got;
    const bool too_long =
        client->filled == sizeof client->room && !memchr(client->room, '\n', client->filled);
    if (got > 0 && !too_long) return take_line(client);
    client->gone = true;
    if (!has_left(client)) client->exit_code = fl_status_exit(FL_E_GONE);
    return NULL;
}

int fl_face_close(fl_face_client *client)
{
    if (client->socket >= 0) close(client->socket);
    client->socket = -1;
    for (int i = 0; i < 500 && client->control > 0 && !has_left(client); i++) usleep(10000);
    if (client->control > 0) {
        kill(client->control, SIGKILL);
        waitpid(client->control, NULL, 0);
        client->exit_code = fl_status_exit(FL_E_BUG);
    }
    unlink(client->socket_path);
    char *slash = strrchr(client->socket_path, '/');
    if (slash) {
        *slash = 0;
        rmdir(client->socket_path);
    }
    return client->exit_code;
}

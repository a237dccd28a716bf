#include "run_screen.h"

#include "fadeline/base/date.h"
#include "fadeline/base/show.h"
#include "fadeline/base/text.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#define NOTE_INDENT 10 /* under the words, past the seconds */

static struct termios before;
static bool is_open;

void run_screen_close(void)
{
    if (!is_open) return;
    is_open = false;
    tcsetattr(STDIN_FILENO, TCSADRAIN, &before);
    fputs("\033[?25h\033[?1049l", stdout);
    fflush(stdout);
}

void run_screen_open(run_screen *screen)
{
    *screen = (run_screen){.colour = !getenv("NO_COLOR")};
    tcgetattr(STDIN_FILENO, &before);
    struct termios raw = before;
    raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
    raw.c_cc[VMIN] = 0;
    raw.c_cc[VTIME] = 0;
    tcsetattr(STDIN_FILENO, TCSADRAIN, &raw);
    fputs("\033[?1049h\033[?25l\033[2J", stdout);
    is_open = true;
    atexit(run_screen_close);
}

static int columns(void)
{
    struct winsize size;
    return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 20 ? size.ws_col : 80;
}

/* How much of `text` goes on a line of `room` columns: broken between words where that is possible. */
static int fits(const char *text, int room)
{
    const int length = (int)strlen(text);
    if (length <= room) return length;
    int at = room;
    while (at > room / 2 && text[at] != ' ') at--;
    return at > room / 2 ? at : room;
}

/* A long note takes several rows: what a person must read is never cut. */
void run_screen_note(run_screen *screen, const char *format, ...)
{
    char note[1200], whole[FL_SHOWN_MAX];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(note, sizeof note, format, arguments);
    va_end(arguments);
    fl_show_text(whole, sizeof whole, note);
    const int room = columns() - 3 < SCREEN_COLUMNS ? columns() - 3 : SCREEN_COLUMNS - 1;
    int indent = 0;
    for (const char *at = whole; *at; indent = NOTE_INDENT) {
        memmove(screen->notes[0], screen->notes[1], sizeof screen->notes - sizeof screen->notes[0]);
        const int length = fits(at, room - indent);
        snprintf(screen->notes[SCREEN_NOTES - 1], sizeof screen->notes[0], "%*s%.*s", indent, "", length, at);
        at += length;
        at += strspn(at, " ");
    }
}

/* Shape, word and what it means for the people in the room. Firing is one word for four modes. */
static const struct state_look {
    const char *state, *shape, *word, *meaning;
    int colour; /* SGR: 0 calm, 33 amber (light is near), 34 blue (ready), 31 red (latched) */
} looks[] = {
    {"OFF", "-", "OFF", "the laser is off or silent", 0},
    {"SELFTEST", "~", "SELF-TEST", "the laser tests itself", 0},
    {"STANDBY", "[ ]", "STANDBY", "nothing can fire", 0},
    {"ARMING", "(!)", "ARMING", "goggles on: light in a moment", 33},
    {"READY", "/^\\", "READY", "the foot fires", 34},
    {"OPENING", "<*>", "FIRING", "shutters opening", 33},
    {"EMIT", "<*>", "FIRING", "one grant is out", 33},
    {"GAP", "<*>", "FIRING", "between pulses", 33},
    {"CLOSING", "<*>", "FIRING", "shutters closing", 33},
    {"FAULT", "[X]", "FAULT", "latched until somebody resets it", 31},
    {"ESTOP", "[#]", "STOP", "emergency stop: key off and on again", 31},
};

static const struct state_look *look_of(const char *state)
{
    static const struct state_look none = {"", "?", "NO WORD", "nothing was heard from the control process",
                                           31};
    for (size_t i = 0; i < sizeof looks / sizeof *looks; i++)
        if (strcmp(looks[i].state, state) == 0) return &looks[i];
    return &none;
}

/* "1.59 J/cm2" from whole small units, or a dash. */
static const char *shown(char room[32], long long value, double scale, int digits, const char *unit)
{
    if (value == FL_FACE_UNKNOWN)
        snprintf(room, 32, "-");
    else
        snprintf(room, 32, "%.*f %s", digits, (double)value * scale, unit);
    return room;
}

static void draw_row(const char *name, long long planned, long long measured, double scale, int digits,
                     const char *unit)
{
    char a[32], b[32];
    printf("  %-14s %16s %16s\033[K\n", name, shown(a, planned, scale, digits, unit),
           shown(b, measured, scale, digits, unit));
}

static void draw_budget(const char *name, long long pulses, long long budget)
{
    char bar[31];
    const int filled = budget > 0 && pulses > 0 ? (int)(pulses * 30 / budget) : 0;
    for (int i = 0; i < 30; i++) bar[i] = i < filled ? '#' : '.';
    bar[30] = 0;
    if (pulses == FL_FACE_UNKNOWN || budget == FL_FACE_UNKNOWN)
        printf("  %-14s %16s\033[K\n", name, "-");
    else
        printf("  %-14s %7lld / %-8lld [%s]%s\033[K\n", name, pulses, budget, bar,
               pulses >= budget ? "  full" : "");
}

static void draw_top(const run_screen *screen, const fl_face_status *status)
{
    const struct state_look *look = look_of(status->state);
    printf("\033[H  FADELINE %s  %s %s   client %s   plan %.12s\033[K\n\033[K\n",
           status->simulated ? "SIMULATED" : "", FL_SHOWN(status->model), FL_SHOWN(status->device),
           status->client[0] ? FL_SHOWN(status->client) : "-",
           status->plan[0] ? FL_SHOWN(status->plan) : "-");
    const bool loud = screen->colour && look->colour;
    if (loud) printf("\033[1;%dm", look->colour);
    printf("  %-4s %s\033[0m   %s", look->shape, look->word, look->meaning);
    if (status->ready_in_ms > 0) printf(" (%.1f s)", (double)status->ready_in_ms / 1000);
    if (status->age_ms > 100) printf("   [last word of the laser %lld ms ago]", status->age_ms);
    fputs("\033[K\n\033[K\n", stdout);
}

/* At most `width` columns a line, broken between words. */
static void draw_wrapped(const char *first, const char *text, int width)
{
    char shown[FL_SHOWN_MAX];
    const int indent = (int)strlen(first), room = width > indent + 20 ? width - indent : 20;
    const char *lead = first;
    for (const char *at = fl_show_text(shown, sizeof shown, text); *at; lead = "") {
        const int length = fits(at, room);
        printf("%-*s%.*s\033[K\n", indent, lead, length, at);
        at += length;
        at += strspn(at, " ");
    }
}

static void draw_why(const fl_face_status *status)
{
    char first[40];
    if (status->fault_text[0]) {
        if (status->fault > 0)
            snprintf(first, sizeof first, "  fault %lld: ", status->fault);
        else
            snprintf(first, sizeof first, "  stop: ");
        draw_wrapped(first, status->fault_text, columns());
    } else if (status->bad[0])
        draw_wrapped("  not good now: ", status->bad, columns());
    else
        fputs("  everything the interlock asks for is good\033[K\n", stdout);
}

static const char *dash(const char *text)
{
    return text && text[0] ? text : "-";
}

/* One line each: what stands around the laser, the last check of this head, and the clock that the journal
 * writes. */
static void draw_room(const fl_face_status *status)
{
    const fl_face_room *room = &status->room;
    const fl_face_check *check = &status->check;
    char off[24] = "", due[32] = "", day[11], clock[32] = "-";
    printf("  key %s   door %s   stop %s   foot %s   covers %s   cooling %s%s%s\033[K\n", dash(room->key),
           dash(room->door), dash(room->stop), dash(room->foot), dash(room->covers), dash(room->cooling),
           room->aim[0] ? "   aiming beam " : "", room->aim);
    if (check->measured) snprintf(off, sizeof off, ", %+.1f %%", (double)check->off_ppm / 1e4);
    if (check->due[0]) snprintf(due, sizeof due, ", good to %s", check->due);
    if (room->utc_us > 0)
        snprintf(clock, sizeof clock, "%s %02d:%02d UTC",
                 fl_date_text(fl_date_of((fl_utc){room->utc_us}), day), (int)(room->utc_us / 3600000000 % 24),
                 (int)(room->utc_us / 60000000 % 60));
    printf("  energy check %s%s%s%s%s%s   time %s\033[K\n", dash(check->day), check->day[0] ? " " : "",
           check->verdict, off, due, check->day[0] && !check->good ? ", NOT GOOD" : "", clock);
}

void run_screen_draw(const run_screen *screen, const fl_face_status *status, const run_keys *keys)
{
    draw_top(screen, status);
    printf("  %-14s %16s %16s\033[K\n", "", "planned", "measured");
    draw_row("wavelength", status->planned.wavelength_nm, status->measured.wavelength_nm, 1, 0, "nm");
    draw_row("spot", status->planned.spot_um, status->measured.spot_um, 1e-3, 1, "mm");
    draw_row("fluence", status->planned.fluence_uJ_cm2, status->measured.fluence_uJ_cm2, 1e-6, 2, "J/cm2");
    draw_row("energy", status->planned.energy_uJ, status->measured.energy_uJ, 1e-3, 1, "mJ");
    draw_row("rate", status->planned.rate_mHz, status->measured.rate_mHz, 1e-3, 1, "Hz");
    fputs("\033[K\n", stdout);
    char zone[40];
    snprintf(zone, sizeof zone, "%s %s", status->zone[0] ? FL_SHOWN(status->zone) : "zone -",
             status->zone[0] ? status->side : "");
    draw_budget(zone, status->zone_pulses, status->zone_budget);
    draw_budget("session", status->session_pulses, status->session_budget);
    char counter[32];
    printf("  %-14s %16s\033[K\n\033[K\n", "shot counter", shown(counter, status->counter, 1, 0, ""));
    draw_why(status);
    if (status->seen && (!status->realtime || !status->memory_locked))
        printf("  the system refuses:%s%s\033[K\n", status->realtime ? "" : " real-time class",
               status->memory_locked ? ""
               : status->realtime    ? " locked memory"
                                     : ", locked memory");
    printf("  operator %s   eyewear %s\033[K\n", status->person[0] ? FL_SHOWN(status->person) : "-",
           status->eyewear[0] ? FL_SHOWN(status->eyewear) : "-");
    draw_room(status);
    fputs("\033[K\n", stdout);
    const int width = columns() - 3; /* a line that wrapped would push the fixed places down */
    for (int i = 0; i < SCREEN_NOTES; i++) printf("  %.*s\033[K\n", width, screen->notes[i]);
    fputs("\033[K\n", stdout);
    if (keys->near_miss)
        printf("  %s\033[K\n", keys->shown);
    else if (keys->line[0])
        printf("  > %s_     (Enter gives the order, Esc forgets it)\033[K\n", keys->shown);
    else if (keys->hold_percent > 0)
        printf("  keep holding a: %d %%\033[K\n", keys->hold_percent);
    else
        fputs("  space STANDBY   hold a ARM   r reset   q end\033[K\n"
              "  i sign in   e eyewear   z zone   t test spot   n seen   p note   m NEAR MISS\033[K\n"
              "  c reconcile   v service   2 second person   d date\033[K\n",
              stdout);
    fputs("\033[J", stdout);
    fflush(stdout);
}

void run_status_line(const fl_face_status *status, char *room, size_t size)
{
    char a[32], b[32], c[32];
    fl_text text = fl_text_in(room, size);
    fl_text_add(&text, "%-8s", look_of(status->state)->word);
    if (status->zone[0])
        fl_text_add(&text, "  %s %lld/%lld", status->zone, status->zone_pulses, status->zone_budget);
    if (status->session_budget != FL_FACE_UNKNOWN)
        fl_text_add(&text, "  session %lld/%lld", status->session_pulses, status->session_budget);
    fl_text_add(&text, "  %s %s %s", shown(a, status->planned.wavelength_nm, 1, 0, "nm"),
                shown(b, status->measured.spot_um, 1e-3, 1, "mm"),
                shown(c, status->planned.fluence_uJ_cm2, 1e-6, 2, "J/cm2"));
}

#include "ask.h"

#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

bool ask_pin(char pin[FL_PIN_MOST + 2])
{
    struct termios shown, hidden;
    const bool terminal = tcgetattr(STDIN_FILENO, &shown) == 0;
    if (terminal) {
        hidden = shown;
        hidden.c_lflag &= ~(tcflag_t)ECHO;
        tcsetattr(STDIN_FILENO, TCSADRAIN, &hidden);
        fputs("PIN: ", stderr); /* only now: whoever types fast types into the dark as well */
    }
    const bool read = fgets(pin, FL_PIN_MOST + 2, stdin) != NULL;
    if (terminal) {
        tcsetattr(STDIN_FILENO, TCSADRAIN, &shown);
        fputc('\n', stderr);
    }
    if (read) pin[strcspn(pin, "\r\n")] = 0;
    return read;
}

bool ask_line(const char *question, char *room, size_t size)
{
    if (isatty(STDIN_FILENO)) fprintf(stderr, "%s: ", question);
    if (!fgets(room, (int)size, stdin)) return false;
    room[strcspn(room, "\r\n")] = 0;
    return true;
}

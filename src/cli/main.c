#include "command.h"

#include <signal.h>

int main(int argc, char **argv)
{
    signal(SIGPIPE, SIG_IGN); /* `fadeline ... | head` ends by the failed write, not by a signal */
    return fl_commands_main(argc, argv);
}

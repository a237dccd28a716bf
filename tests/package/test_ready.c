/* labels: unit package   timeout: 60   needs: fadeline */
/* The console tells the service manager that its pages are open (Type=notify): once, when they are, and
 * nothing that it starts hears of that socket. A manager that is not there, or an impossible name, costs
 * nothing. */
#include "check.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static char home[] = "/tmp/fl-ready-XXXXXX";

static pid_t start(const char *socket_name, int *out)
{
    int ends[2];
    CHECK(pipe2(ends, O_CLOEXEC) == 0, "pipe");
    const pid_t child = fork();
    if (child == 0) {
        setenv("NOTIFY_SOCKET", socket_name, 1);
        setenv("FADELINE_HOME", home, 1);
        setenv("FADELINE_DATA", FL_SOURCE_DIR, 1);
        dup2(ends[1], STDOUT_FILENO);
        execl(FL_BUILD_DIR "/fadeline", "fadeline", "console", "--simulated", "--port", "0", (char *)NULL);
        _exit(127);
    }
    close(ends[1]);
    *out = ends[0];
    return child;
}

/* Its first line, so that it is known to be open. */
static bool is_open(int out)
{
    char line[200] = "";
    struct pollfd wait = {.fd = out, .events = POLLIN};
    return poll(&wait, 1, 30000) == 1 && read(out, line, sizeof line - 1) > 0 && strstr(line, "is open at");
}

static void end(pid_t child, int out)
{
    int how = 0;
    kill(child, SIGTERM);
    CHECK(waitpid(child, &how, 0) == child && WIFEXITED(how) && WEXITSTATUS(how) == 0, "it left with %d",
          how);
    close(out);
}

static void hears_once(const char *name, const struct sockaddr_un *address, socklen_t length)
{
    char word[64] = "";
    int out;
    const int manager = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    CHECK(manager >= 0 && bind(manager, (const struct sockaddr *)address, length) == 0, "%s", name);
    const pid_t child = start(name, &out);
    struct pollfd wait = {.fd = manager, .events = POLLIN};
    CHECK(poll(&wait, 1, 30000) == 1, "%s: nothing came", name);
    const ssize_t got = recv(manager, word, sizeof word - 1, 0);
    CHECK(got == 7 && strcmp(word, "READY=1") == 0, "%s: '%s'", name, word);
    CHECK(is_open(out), "the pages are open by then");
    CHECK(poll(&wait, 1, 200) == 0, "%s: once", name);
    end(child, out);
    close(manager);
}

static void the_manager_hears_when_pages_are_open(void)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    char name[80];
    CHECK(mkdtemp(home), "a folder");
    snprintf(name, sizeof name, "%s/manager", home);
    snprintf(address.sun_path, sizeof address.sun_path, "%s", name);
    hears_once(name, &address, sizeof address);

    /* An abstract name begins with a 0 on the wire, which is written as an @. */
    snprintf(name, sizeof name, "@%s", home);
    memset(address.sun_path, 0, sizeof address.sun_path);
    memcpy(address.sun_path + 1, name + 1, strlen(name) - 1);
    hears_once(name, &address, (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(name)));
}

static void nobody_there_is_no_trouble(void)
{
    char longest[300];
    memset(longest, 97, sizeof longest - 1), longest[sizeof longest - 1] = 0;
    const char *const names[] = {"/nowhere/at/all", "", "@", longest};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        int out;
        const pid_t child = start(names[i], &out);
        CHECK(is_open(out), "'%.20s': the pages are open", names[i]);
        end(child, out);
    }
    char command[80];
    snprintf(command, sizeof command, "rm -rf '%s'", home);
    CHECK(system(command) == 0, "%s", command);
}

FL_TESTS("package/ready", TEST(the_manager_hears_when_pages_are_open), TEST(nobody_there_is_no_trouble))

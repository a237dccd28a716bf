/* labels: unit   timeout: 120   needs: fadeline-control fadeline-twin   serial */
/* What of the control process can be reached, by whom, and what cannot: no port, no network, no HTTP; one
 * Unix socket of its user, over which no order makes light. Looked at from outside, on the running process.
 */
#include "check.h"
#include "helper_plan.h"

#include "fadeline/base/place.h"
#include "fadeline/base/text.h"
#include "fadeline/course/seal.h"
#include "fadeline/session/people.h"

#include <dirent.h>
#include <fcntl.h>
#include <glob.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#define DAY "2026-05-04"

static char folder[64], twin_path[100], plan_path[100], socket_path[100];
static pid_t twin_pid, control_pid;

/* ---- a session with a simulated laser ---- */

static pid_t start(const char *program, const char *const words[], const char *said)
{
    char path[512], home[100], log[100];
    snprintf(path, sizeof path, "%s/%s", FL_BUILD_DIR, program);
    snprintf(home, sizeof home, "FADELINE_HOME=%s", folder);
    snprintf(log, sizeof log, "%s/%s", folder, said);
    const char *const environment[] = {home, "FADELINE_DATA=" FL_SOURCE_DIR, "ASAN_OPTIONS=detect_leaks=0",
                                       "PATH=/usr/bin:/bin", NULL};
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&files, 1, log, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    posix_spawn_file_actions_adddup2(&files, 1, 2);
    pid_t child = -1;
    const int failed =
        posix_spawn(&child, path, &files, NULL, (char *const *)words, (char *const *)environment);
    posix_spawn_file_actions_destroy(&files);
    return failed ? -1 : child;
}

static bool appears(const char *path)
{
    for (int i = 0; i < 1000 && access(path, F_OK) != 0; i++) usleep(20000);
    return access(path, F_OK) == 0;
}

static pid_t start_control(const char *date, const char *said)
{
    const char *const words[] = {"fadeline-control", "--plan",    plan_path, "--port", twin_path,
                                 "--socket",         socket_path, "--date",  date,     NULL};
    return start("fadeline-control", words, said);
}

static void begin(void)
{
    fl_error error = {0};
    snprintf(folder, sizeof folder, "/tmp/fl-surface-XXXXXX");
    CHECK(mkdtemp(folder) != NULL, "folder");
    snprintf(twin_path, sizeof twin_path, "%s/laser", folder);
    snprintf(plan_path, sizeof plan_path, "%s/plan.json", folder);
    snprintf(socket_path, sizeof socket_path, "%s/orders", folder);
    fl_plan *plan = helper_plan((fl_date){2026, 5, 4}, HELPER_NO_TESTS);
    CHECK(fl_plan_seal_here(folder, plan, &error) == FL_OK &&
              fl_plan_write_json(plan, plan_path, &error) == FL_OK,
          "%s", error.what);
    fl_plan_free(plan);
    CHECK(fl_people_add(folder, "op:17", 1u << FL_ROLE_OPERATOR, (fl_date){2030, 1, 1}, "493027", &error) ==
              FL_OK,
          "%s", error.what);
    const char *const words[] = {"fadeline-twin", "--device", "example-pico", "--pty", twin_path, NULL};
    twin_pid = start("fadeline-twin", words, "twin.log");
    CHECK(twin_pid > 0 && appears(twin_path), "no twin");
}

static void stop(pid_t *pid)
{
    if (*pid > 0) {
        kill(*pid, SIGKILL);
        waitpid(*pid, NULL, 0);
    }
    *pid = 0;
}

static void end(void)
{
    char command[100];
    stop(&control_pid);
    stop(&twin_pid);
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    CHECK(system(command) == 0, "clean");
}

/* ---- looking at a process from outside ---- */

/* The table of /proc/net in which this socket stands; "" when in none. */
static void table_of(unsigned long long inode, char table[16])
{
    static const char *const tables[] = {"unix", "tcp",  "tcp6",   "udp",    "udp6",
                                         "raw",  "raw6", "packet", "netlink"};
    char path[64], line[1024], wanted[32];
    snprintf(wanted, sizeof wanted, " %llu", inode);
    table[0] = 0;
    for (size_t i = 0; i < sizeof tables / sizeof *tables && !table[0]; i++) {
        snprintf(path, sizeof path, "/proc/net/%s", tables[i]);
        FILE *file = fopen(path, "r");
        while (file && fgets(line, sizeof line, file)) {
            const char *at = strstr(line, wanted);
            for (; at; at = strstr(at + 1, wanted))
                if (at[strlen(wanted)] == ' ' || at[strlen(wanted)] == '\n')
                    snprintf(table, 16, "%s", tables[i]);
        }
        if (file) fclose(file);
    }
}

typedef struct sockets {
    unsigned unix_sockets, others;
    char first_other[16];
} sockets;

static sockets sockets_of(pid_t pid)
{
    sockets found = {0};
    char path[300], target[256], table[16];
    snprintf(path, sizeof path, "/proc/%d/fd", (int)pid);
    DIR *fds = opendir(path);
    CHECK(fds != NULL, "%s", path);
    for (struct dirent *entry; fds && (entry = readdir(fds));) {
        snprintf(path, sizeof path, "/proc/%d/fd/%.200s", (int)pid, entry->d_name);
        const ssize_t size = readlink(path, target, sizeof target - 1);
        unsigned long long inode;
        if (size <= 0) continue;
        target[size] = 0;
        if (sscanf(target, "socket:[%llu]", &inode) != 1) continue;
        table_of(inode, table);
        if (strcmp(table, "unix") == 0)
            found.unix_sockets++;
        else if (!found.others++)
            snprintf(found.first_other, sizeof found.first_other, "%s", table[0] ? table : "unknown");
    }
    if (fds) closedir(fds);
    return found;
}

/* The eye itself: a port that this test opens is seen, whatever its kind. */
static void an_open_port_would_be_seen(void)
{
    static const struct {
        int domain, type;
        const char *table;
    } rows[] = {{AF_INET, SOCK_STREAM, "tcp"}, {AF_INET, SOCK_DGRAM, "udp"}, {AF_INET6, SOCK_STREAM, "tcp6"}};
    const sockets before = sockets_of(getpid());
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const int fd = socket(rows[i].domain, rows[i].type, 0);
        if (fd < 0) continue; /* a machine without IPv6 */
        struct sockaddr_in6 any = {.sin6_family = (sa_family_t)rows[i].domain};
        const socklen_t size = rows[i].domain == AF_INET ? sizeof(struct sockaddr_in) : sizeof any;
        CHECK(bind(fd, (struct sockaddr *)&any, size) == 0, "bind %s", rows[i].table);
        CHECK(rows[i].type != SOCK_STREAM || listen(fd, 1) == 0, "listen %s", rows[i].table);
        const sockets with = sockets_of(getpid());
        CHECK(with.others == before.others + 1, "%s is not seen", rows[i].table);
        CHECK(before.others || strcmp(with.first_other, rows[i].table) == 0, "%s is seen as %s",
              rows[i].table, with.first_other);
        close(fd);
    }
}

/* Every socket of the running process is a Unix socket; the one it listens on belongs to its user alone; no
 * library that speaks HTTP is in the process. */
/* hazards: H46 H48 */
static void control_can_be_reached_by_its_own_user_only(void)
{
    static const char *const webs[] = {"libcurl",  "microhttpd", "libsoup", "nghttp", "websocket",
                                       "libevent", "libuv",      "fcgi",    "libssl"};
    begin();
    control_pid = start_control(DAY, "control.log");
    CHECK(control_pid > 0 && appears(socket_path), "no control");
    usleep(300000);
    const sockets found = sockets_of(control_pid);
    CHECK(found.others == 0, "%u sockets that are no Unix sockets, the first: %s", found.others,
          found.first_other);
    CHECK(found.unix_sockets == 1, "%u Unix sockets, with nobody connected", found.unix_sockets);
    struct stat about;
    CHECK(stat(socket_path, &about) == 0 && S_ISSOCK(about.st_mode) && (about.st_mode & 07777) == 0600 &&
              about.st_uid == getuid(),
          "mode %o", (unsigned)about.st_mode & 07777);
    char path[64], *maps = NULL;
    size_t size = 0;
    snprintf(path, sizeof path, "/proc/%d/maps", (int)control_pid);
    CHECK(fl_place_read(path, 8 << 20, &maps, &size, NULL) == FL_OK && size > 1000, "%s", path);
    for (size_t i = 0; maps && i < sizeof webs / sizeof *webs; i++)
        CHECK(!strstr(maps, webs[i]), "%s is in the control process", webs[i]);
    free(maps);
    end();
}

/* ---- what a program on this computer may say ---- */

static int dial(void)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    snprintf(address.sun_path, sizeof address.sun_path, "%s", socket_path);
    CHECK(connect(fd, (struct sockaddr *)&address, sizeof address) == 0, "connect");
    return fd;
}

/* What comes back within `ms`; *cut when the line was closed. */
static size_t hear(int fd, int ms, char *room, size_t size, bool *cut)
{
    size_t filled = 0;
    *cut = false;
    for (int waited = 0; waited < ms && !*cut && filled + 1 < size; waited += 20) {
        struct pollfd wait = {.fd = fd, .events = POLLIN};
        if (poll(&wait, 1, 20) <= 0) continue;
        const ssize_t got = recv(fd, room + filled, size - 1 - filled, 0);
        *cut = got <= 0;
        if (got > 0) filled += (size_t)got;
    }
    room[filled] = 0;
    return filled;
}

/* A request as a browser would send it, with a good order as its body: the first line is no order and the
 * caller is cut off, so the body is never read. And an order to arm without a PIN in this session is refused.
 */
/* hazards: H46 H47 */
static void a_web_request_orders_nothing(void)
{
    static const char request[] =
        "POST /orders HTTP/1.1\r\nHost: localhost\r\nOrigin: http://evil.example\r\n"
        "Content-Type: text/plain\r\nContent-Length: 24\r\n\r\n"
        "{\"do\":\"end\",\"order\":1}\n{\"do\":\"arm\",\"order\":2}\n";
    static const char arm[] = "{\"do\":\"arm\",\"order\":7}\n";
    static char room[262144];
    bool cut;
    begin();
    control_pid = start_control(DAY, "control.log");
    CHECK(control_pid > 0 && appears(socket_path), "no control");
    int fd = dial();
    CHECK(send(fd, request, sizeof request - 1, MSG_NOSIGNAL) > 0, "send");
    hear(fd, 3000, room, sizeof room, &cut);
    CHECK(cut, "a web request keeps its line: %.300s", room);
    CHECK(!strstr(room, "\"order\":1") && !strstr(room, "\"order\":2"), "its body was read: %.300s", room);
    close(fd);
    fd = dial();
    CHECK(send(fd, arm, sizeof arm - 1, MSG_NOSIGNAL) > 0, "send");
    hear(fd, 1500, room, sizeof room, &cut);
    const char *answer = strstr(room, "\"type\":\"answer\"");
    CHECK(!cut && answer && !strstr(room, "\"ok\":1"), "armed without a person: %.300s", room);
    CHECK(strstr(room, "\"state\":") && !strstr(room, "\"state\":\"ARMING\"") &&
              !strstr(room, "\"state\":\"READY\""),
          "state: %.300s", room);
    CHECK(kill(control_pid, 0) == 0 && waitpid(control_pid, NULL, WNOHANG) == 0,
          "the order to end was obeyed");
    close(fd);
    end();
}

/* ---- the day ---- */

/* Skin, sun and medicine are asked for on the day, so yesterday's plan is refused, and tomorrow's. */
/* hazards: H25 H33 H34 */
static void a_plan_of_another_day_is_refused(void)
{
    static const char *const days[] = {"2026-05-03", "2026-05-05", "2027-05-04"};
    char log[100], *said;
    size_t size;
    begin();
    for (size_t i = 0; i < sizeof days / sizeof *days; i++) {
        int how = 0;
        const pid_t pid = start_control(days[i], "refused.log");
        CHECK(pid > 0 && waitpid(pid, &how, 0) == pid, "%s: no end", days[i]);
        CHECK(WIFEXITED(how) && WEXITSTATUS(how) == 1, "%s: exit %d", days[i], WEXITSTATUS(how));
        snprintf(log, sizeof log, "%s/refused.log", folder);
        CHECK(fl_place_read(log, 65536, &said, &size, NULL) == FL_OK, "log");
        CHECK(strstr(said, "the plan is for 2026-05-04, today is") != NULL, "%s: '%s'", days[i], said);
        free(said);
        snprintf(log, sizeof log, "%s/journal-simulated", folder);
        CHECK(access(log, F_OK) != 0, "%s: a journal was made", days[i]);
    }
    end();
}

/* ---- the sources ---- */

/* Internet sockets are named in two places only, both of them other programs: the simulated laser and the
 * console, whose server fadeline-control does not link. */
/* hazards: H48 */
static void no_source_of_control_names_a_network(void)
{
    static const char *const names[] = {"AF_INET", "PF_INET", "netinet/in.h", "getaddrinfo", "AF_PACKET"};
    glob_t found;
    CHECK(glob(FL_SOURCE_DIR "/src/*/*.[ch]", 0, NULL, &found) == 0 && found.gl_pathc > 200, "sources");
    unsigned seen = 0;
    for (size_t i = 0; i < found.gl_pathc; i++) {
        char *text;
        size_t size;
        CHECK(fl_place_read(found.gl_pathv[i], 1 << 20, &text, &size, NULL) == FL_OK, "%s",
              found.gl_pathv[i]);
        const bool other =
            strstr(found.gl_pathv[i], "/src/twin/") || strstr(found.gl_pathv[i], "/src/console/server.c");
        for (size_t k = 0; k < sizeof names / sizeof *names; k++) {
            const bool named = strstr(text, names[k]) != NULL;
            seen += named;
            CHECK(!named || other, "%s names %s", found.gl_pathv[i], names[k]);
        }
        free(text);
    }
    globfree(&found);
    CHECK(system("! ldd " FL_BUILD_DIR "/fadeline-control | grep -q microhttpd") == 0,
          "control links a web server");
    CHECK(seen > 0, "not even the simulated laser's port was seen");
}

FL_TESTS("session/surface", TEST(an_open_port_would_be_seen),
         TEST(control_can_be_reached_by_its_own_user_only), TEST(a_web_request_orders_nothing),
         TEST(a_plan_of_another_day_is_refused), TEST(no_source_of_control_names_a_network))

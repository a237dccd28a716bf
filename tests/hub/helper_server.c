#include "helper_server.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <glob.h>
#include <grp.h>
#include <libpq-fe.h>
#include <pwd.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char folder[64], binaries[128];
static int orders = -1, answers = -1;
static pid_t guardian;
static PGconn *kept;

static void die(const char *what)
{
    fprintf(stderr, "test helper: %s: %s\n", what, strerror(errno));
    abort();
}

static void skip(const char *why)
{
    printf("skipped: %s\n", why);
    exit(77);
}

/* The server refuses to run as root. */
static void step_down(void)
{
    const struct passwd *who = geteuid() == 0 ? getpwnam("postgres") : NULL;
    if (!who) return;
    if (setgroups(0, NULL) != 0 || setgid(who->pw_gid) != 0 || setuid(who->pw_uid) != 0) _exit(71);
}

static pid_t launch(char *const argv[])
{
    const pid_t child = fork();
    if (child != 0) return child;
    step_down();
    prctl(PR_SET_PDEATHSIG, SIGQUIT); /* the guardian itself was killed */
    if (chdir("/") != 0 || !freopen("/dev/null", "r", stdin)) _exit(71);
    char log[96];
    snprintf(log, sizeof log, "%s/log", folder);
    if (!freopen(log, "a", stdout) || !freopen(log, "a", stderr)) _exit(71);
    execv(argv[0], argv);
    _exit(72);
}

static int run(char *const argv[])
{
    int how;
    const pid_t child = launch(argv);
    if (child < 0 || waitpid(child, &how, 0) != child) return -1;
    return WIFEXITED(how) ? WEXITSTATUS(how) : -1;
}

static pid_t start_server(bool durable)
{
    char program[192], data[96], sockets[112];
    snprintf(program, sizeof program, "%s/postgres", binaries);
    snprintf(data, sizeof data, "%s/data", folder);
    snprintf(sockets, sizeof sockets, "unix_socket_directories=%s", folder);
    char *const argv[] = {program,
                          (char[]){"-D"},
                          data,
                          (char[]){"-c"},
                          (char[]){"listen_addresses="},
                          (char[]){"-c"},
                          sockets,
                          (char[]){"-c"},
                          durable ? (char[]){"fsync=on"} : (char[]){"fsync=off"},
                          (char[]){"-c"},
                          (char[]){"shared_buffers=32MB"},
                          (char[]){"-c"},
                          (char[]){"max_connections=30"},
                          (char[]){"-c"},
                          (char[]){"jit=off"},
                          NULL};
    return launch(argv);
}

static int remove_one(const char *path, const struct stat *about, int type, struct FTW *walk)
{
    (void)about, (void)type, (void)walk;
    return remove(path);
}

static void end_server(pid_t *server)
{
    if (*server <= 0) return;
    kill(*server, SIGQUIT); /* immediate: its children go as well, nothing is tidied */
    while (waitpid(*server, NULL, 0) < 0 && errno == EINTR) continue;
    *server = 0;
}

/* Orders: 'c' crash, 's' start; end of file: stop and clean. */
static void guard(int in, int out, bool durable)
{
    char program[192], data[96], order;
    signal(SIGINT, SIG_IGN);
    signal(SIGPIPE, SIG_IGN);
    snprintf(program, sizeof program, "%s/initdb", binaries);
    snprintf(data, sizeof data, "%s/data", folder);
    char *const make[] = {program,           (char[]){"-D"},         data,
                          (char[]){"-U"},    (char[]){"postgres"},   (char[]){"-A"},
                          (char[]){"trust"}, (char[]){"--no-sync"},  (char[]){"-E"},
                          (char[]){"UTF8"},  (char[]){"--locale=C"}, NULL};
    pid_t server = 0;
    const int made = run(make);
    if (made == 0) server = start_server(durable);
    char answer = made == 0 && server > 0 ? 'y' : 'n';
    if (write(out, &answer, 1) != 1) answer = 'n';
    while (answer == 'y' && read(in, &order, 1) == 1) {
        end_server(&server);
        if (order == 's') server = start_server(durable);
        if (write(out, &answer, 1) != 1) break;
    }
    end_server(&server);
    nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    _exit(0);
}

static void order(char what)
{
    char answer;
    if (write(orders, &what, 1) != 1 || read(answers, &answer, 1) != 1) die("the guardian is gone");
}

static void wait_for_server(void)
{
    char room[256];
    for (int i = 0; i < 600; i++) {
        const PGPing ping = PQping(helper_uri("postgres", "postgres", room));
        if (ping == PQPING_OK) return;
        usleep(50000);
    }
    char show[128];
    snprintf(show, sizeof show, "tail -5 %s/log >&2", folder);
    if (system(show) != 0) die("the server's log");
    die("the server does not come up");
}

static void find_binaries(void)
{
    glob_t found;
    if (glob("/usr/lib/postgresql/*/bin/postgres", 0, NULL, &found) != 0)
        skip("no PostgreSQL server is installed");
    snprintf(binaries, sizeof binaries, "%s", found.gl_pathv[found.gl_pathc - 1]);
    *strrchr(binaries, '/') = 0;
    globfree(&found);
    if (geteuid() == 0 && !getpwnam("postgres"))
        skip("we are root, and there is no user postgres to run the server as");
}

void helper_server_start(bool durable)
{
    int down[2], up[2];
    char answer = 'n';
    find_binaries();
    strcpy(folder, "/tmp/flhubXXXXXX");
    if (!mkdtemp(folder) || pipe2(down, O_CLOEXEC) != 0 || pipe2(up, O_CLOEXEC) != 0) die("a folder");
    const struct passwd *who = geteuid() == 0 ? getpwnam("postgres") : NULL;
    if (who && chown(folder, who->pw_uid, who->pw_gid) != 0) die("chown");
    if (chmod(folder, 0755) != 0) die("chmod");
    fflush(NULL);
    guardian = fork();
    if (guardian < 0) die("fork");
    if (guardian == 0) {
        close(down[1]);
        close(up[0]);
        setpgid(0, 0); /* a Ctrl-C is the test's, not ours */
        guard(down[0], up[1], durable);
    }
    close(down[0]);
    close(up[1]);
    orders = down[1];
    answers = up[0];
    atexit(helper_server_stop);
    if (read(answers, &answer, 1) != 1 || answer != 'y') die("initdb");
    wait_for_server();
    helper_sql("postgres", "CREATE ROLE owner LOGIN CREATEROLE CREATEDB");
}

void helper_server_stop(void)
{
    if (kept) PQfinish(kept);
    kept = NULL;
    if (orders < 0) return;
    close(orders);
    close(answers);
    orders = -1;
    while (waitpid(guardian, NULL, 0) < 0 && errno == EINTR) continue;
}

void helper_server_crash(void)
{
    if (kept) PQfinish(kept);
    kept = NULL;
    order('c');
}

void helper_server_restart(void)
{
    order('s');
    wait_for_server();
}

const char *helper_server_socket(void)
{
    return folder;
}

void helper_database(char name[16])
{
    static unsigned count;
    if (orders < 0) helper_server_start(false);
    snprintf(name, 16, "t%u", ++count % 1000);
    helper_sql("postgres", "CREATE DATABASE %s OWNER owner", name);
}

const char *helper_uri(const char *database, const char *login, char room[256])
{
    snprintf(room, 256, "host=%s user=%s dbname=%s connect_timeout=10 options='-c client_min_messages=error'",
             folder, login, database);
    return room;
}

void helper_login(const char *name)
{
    if (helper_sql("postgres", "SELECT count(*) FROM pg_roles WHERE rolname = '%s'", name)[0] == '0')
        helper_sql("postgres", "CREATE ROLE %s LOGIN", name);
}

/* One line is kept open, to the database that was asked last. */
static PGconn *superuser(const char *database, char uri[256])
{
    if (kept && (strcmp(database, PQdb(kept)) != 0 || PQstatus(kept) != CONNECTION_OK)) {
        PQfinish(kept);
        kept = NULL;
    }
    if (!kept) kept = PQconnectdb(helper_uri(database, "postgres", uri));
    return kept;
}

const char *helper_sql(const char *database, const char *format, ...)
{
    static char cell[4096];
    char sql[8192], uri[256];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(sql, sizeof sql, format, arguments);
    va_end(arguments);
    PGconn *conn = superuser(database, uri);
    PGresult *result = PQexec(conn, sql);
    const ExecStatusType got = PQresultStatus(result);
    if (got != PGRES_COMMAND_OK && got != PGRES_TUPLES_OK) {
        fprintf(stderr, "test helper: '%s': %s\n", sql, PQerrorMessage(conn));
        abort();
    }
    snprintf(cell, sizeof cell, "%s", PQntuples(result) ? PQgetvalue(result, 0, 0) : "");
    PQclear(result);
    return cell;
}

const char *helper_try(const char *database, const char *login, const char *sql, long *rows)
{
    static char state[8];
    char uri[256];
    PGconn *conn = PQconnectdb(helper_uri(database, login, uri));
    PGresult *result = PQexec(conn, sql);
    const char *said = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    snprintf(state, sizeof state, "%s", said ? said : PQstatus(conn) == CONNECTION_OK ? "" : "gone");
    *rows = PQresultStatus(result) == PGRES_TUPLES_OK ? PQntuples(result) : atol(PQcmdTuples(result));
    PQclear(result);
    PQfinish(conn);
    return state;
}

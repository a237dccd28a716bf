/* A PostgreSQL server of the test's own: Debian's binaries, a cluster in a temporary folder, a Unix socket in
 * it and no port. A guardian process keeps it: when the test ends, also by a crash or SIGKILL, the guardian's
 * pipe closes, the server is stopped and the folder removed. */
#ifndef FL_TESTS_HUB_HELPER_SERVER_H
#define FL_TESTS_HUB_HELPER_SERVER_H

#include <stdbool.h>
#include <stddef.h>

/* Exits with 77 and a reason when there is no server to be had. durable: fsync on. */
void helper_server_start(bool durable); /* helper_database does it with false when nobody did */
void helper_server_stop(void);          /* also at exit */
void helper_server_crash(void);   /* stops it at once, as a power cut for its processes; it stays down */
void helper_server_restart(void); /* after a crash */
const char *helper_server_socket(void); /* the folder */

/* A new, empty database owned by `owner` (a login that is no superuser but may make roles). Names are t1, t2,
 * ... */
void helper_database(char name[16]);
/* A connection string into it as this login. */
const char *helper_uri(const char *database, const char *login, char room[256]);
/* As superuser; aborts when it fails. Returns the first cell as text in a static room. */
const char *helper_sql(const char *database, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* As this login: "" when it worked, else the SQLSTATE. *rows: rows given or touched. */
const char *helper_try(const char *database, const char *login, const char *sql, long *rows);
void helper_login(const char *name); /* made when it is not there */

#endif

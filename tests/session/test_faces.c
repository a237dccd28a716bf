/* labels: unit threads */
#include "check.h"

#include "faces.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static const char path[] = "/tmp/fl-faces-test.sock";
static fl_faces *faces;

static int dial(void)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
    const int s = socket(AF_UNIX, SOCK_STREAM, 0);
    CHECK(connect(s, (struct sockaddr *)&address, sizeof address) == 0, "connect");
    fcntl(s, F_SETFL, O_NONBLOCK);
    return s;
}

static void send_text(int s, const char *text)
{
    CHECK(send(s, text, strlen(text), MSG_NOSIGNAL) == (ssize_t)strlen(text), "send");
}

static void open_faces(void)
{
    fl_error error;
    CHECK(fl_faces_open(path, &faces, &error) == FL_OK, "%s", error.what);
    struct stat info;
    CHECK(stat(path, &info) == 0 && (info.st_mode & 077) == 0, "nobody else may connect");
}

static void orders_arrive_in_pieces_and_in_heaps(void)
{
    open_faces();
    const int s = dial();
    fl_face_order order;
    send_text(s, "{\"do\":\"sign-in\",\"order\":1,\"pin\":\"493");
    fl_faces_poll(faces, (fl_instant){10});
    CHECK(!fl_faces_order(faces, &order), "half a line is no order");
    send_text(
        s, "027\",\"who\":\"op:17\"}\n{\"code\":\"755 OD7\",\"do\":\"eyewear\",\"order\":2,\"wl_nm\":755}\n"
           "{\"do\":\"spots\",\"order\":7,\"spot\":3}\n{\"do\":\"dance\",\"order\":8}\n");
    fl_faces_poll(faces, (fl_instant){20});
    CHECK(fl_faces_order(faces, &order) && order.what == FL_DO_SIGN_IN && order.number == 1, "sign-in");
    CHECK_TEXT(order.who, "op:17", "who");
    CHECK_TEXT(order.pin, "493027", "pin");
    CHECK(fl_faces_order(faces, &order) && order.what == FL_DO_EYEWEAR && order.value == 755, "eyewear");
    CHECK_TEXT(order.text, "755 OD7", "what is printed on it");
    CHECK(fl_faces_order(faces, &order) && order.what == FL_DO_SPOTS && order.value == 3,
          "numbers may have gaps");
    CHECK(fl_faces_order(faces, &order) && order.what == FL_DO_UNKNOWN, "an unknown order is seen as such");
    CHECK(!fl_faces_order(faces, &order), "no more");
    CHECK(fl_faces_heard(faces, order.face).us == 20, "heard at 20 us");
    send_text(s, "{\"do\":\"arm\",\"order\":8}\n");
    fl_faces_poll(faces, (fl_instant){30});
    CHECK(!fl_faces_order(faces, &order), "a repeated number is no order");
    char answer[512] = "";
    fl_faces_poll(faces, (fl_instant){40});
    CHECK(recv(s, answer, sizeof answer - 1, 0) > 0 && strstr(answer, "order-repeated"),
          "but it is answered: %s", answer);
    close(s);
    fl_faces_close(faces);
}

/* It goes into the journal: a short plain name or nothing, and no order fails for it. */
static void a_screen_is_a_short_name(void)
{
    static const struct {
        const char *said, *taken;
    } rows[] = {{"here-1a2b3c", "here-1a2b3c"},
                {"abcdefghijklmnopqrstuvwx", "abcdefghijklmnopqrstuvwx"},
                {"abcdefghijklmnopqrstuvwxy", ""},
                {"Ada Finch", ""},
                {"here_1", ""},
                {"", ""}};
    open_faces();
    const int s = dial();
    fl_face_order order;
    char line[200];
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        snprintf(line, sizeof line, "{\"do\":\"arm\",\"order\":%zu,\"screen\":\"%s\"}\n", i + 1,
                 rows[i].said);
        send_text(s, line);
        fl_faces_poll(faces, (fl_instant){(int64_t)(i + 1) * 100000});
        CHECK(fl_faces_order(faces, &order) && order.what == FL_DO_ARM, "an order with screen %s",
              rows[i].said);
        CHECK_TEXT(order.screen, rows[i].taken, rows[i].said);
    }
    send_text(s, "{\"do\":\"arm\",\"order\":90}\n");
    fl_faces_poll(faces, (fl_instant){9000000});
    CHECK(fl_faces_order(faces, &order) && !order.screen[0], "the one before is not this one's: %s",
          order.screen);
    close(s);
    fl_faces_close(faces);
}

/* A caller that does not speak our language loses the line. */
/* hazards: H46 */
static void garbage_is_cut_off(void)
{
    static const char *const rows[] = {
        "hello\n",
        "{}\n",
        "{\"order\":1}\n",
        "{\"do\":\"arm\"}\n",
        "{\"do\":\"arm\",\"order\":1.0}\n",
        "[1]\n",
        "\n",
        "{\"order\":1,\"do\":\"arm\"}\n" /* not sorted */,
        "{\"do\": \"arm\",\"order\":1}\n" /* a blank */,
    };
    open_faces();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const int s = dial();
        fl_face_order order;
        send_text(s, rows[i]);
        fl_faces_poll(faces, (fl_instant){1});
        CHECK(fl_faces_count(faces) == 1, "connected");
        for (int k = 0; k < FACES_MOST; k++) CHECK(!fl_faces_order(faces, &order), "'%s' was taken", rows[i]);
        CHECK(fl_faces_count(faces) == 0, "'%s' is still there", rows[i]);
        close(s);
    }
    const int s = dial(); /* a line without end */
    char long_text[FL_FACE_LINE_MAX + 100];
    memset(long_text, 'x', sizeof long_text - 1);
    long_text[sizeof long_text - 1] = 0;
    send_text(s, long_text);
    fl_face_order order;
    fl_faces_poll(faces, (fl_instant){1});
    for (int k = 0; k < FACES_MOST; k++)
        CHECK(!fl_faces_order(faces, &order), "a line that is too long was taken");
    CHECK(fl_faces_count(faces) == 0, "and it is cut off");
    close(s);
    fl_faces_close(faces);
}

/* One face floods, one never reads, one dies: the fourth still gets its answers. */
/* hazards: H30 */
static void bad_company_does_no_harm(void)
{
    open_faces();
    const int flood = dial(), deaf = dial(), dead = dial(), good = dial();
    fl_entry status;
    fl_entry_begin_inner(&status);
    fl_entry_text(&status, "type", "status");
    char filler[900];
    memset(filler, 'f', sizeof filler - 1);
    filler[sizeof filler - 1] = 0;
    fl_entry_text(&status, "text", filler);
    close(dead);
    int orders = 0, floods = 0;
    for (int round = 0; round < 500; round++) {
        char line[64];
        for (int k = 0; k < 20; k++) {
            snprintf(line, sizeof line, "{\"do\":\"here\",\"order\":%d}\n", round * 20 + k + 1);
            send(flood, line, strlen(line), MSG_NOSIGNAL | MSG_DONTWAIT);
        }
        snprintf(line, sizeof line, "{\"do\":\"arm\",\"order\":%d}\n", round + 1);
        send_text(good, line);
        fl_faces_poll(faces, (fl_instant){1 + round * INT64_C(50000)}); /* the good one: 20 orders a second */
        fl_face_order order;
        for (int k = 0; k < 16; k++) {
            if (!fl_faces_order(faces, &order)) continue;
            floods += order.what == FL_DO_FLOOD;
            if (order.what == FL_DO_ARM) {
                orders++;
                fl_faces_answer(faces, &order, FL_E_REFUSED, "door-open", "not now", "close it",
                                fl_reason_bit(FL_REASON_DOOR) | fl_reason_bit(FL_REASON_AUTH));
            }
        }
        fl_faces_tell(faces, &status, true);
        char heard[65536];
        while (recv(good, heard, sizeof heard, 0) > 0) continue;
    }
    CHECK(orders == 500, "the good face gave %d of 500 orders", orders);
    CHECK(floods == 1, "the flood was told %d times", floods);
    close(flood);
    close(deaf);
    close(good);
    fl_faces_close(faces);
}

static int take_all(fl_face_do wanted, int *others)
{
    int count = 0;
    fl_face_order order;
    for (int k = 0; k < 2000; k++) {
        if (!fl_faces_order(faces, &order)) continue;
        if (order.what == wanted)
            count++;
        else
            ++*others;
    }
    return count;
}

/* The place of a face gives 40 orders at once and 20 a second; dialling again buys nothing; STANDBY is free.
 */
/* hazards: H30 */
static void orders_are_counted(void)
{
    char line[64];
    int64_t us = 1000000;
    int taken = 0, floods = 0, number = 0;
    open_faces();
    for (int i = 0; i < 3 * 50; i++) { /* three seconds of dialling and shouting, 50 times a second */
        const int s = dial();
        for (int k = 0; k < 60; k++) {
            snprintf(line, sizeof line, "{\"do\":\"zone\",\"order\":%d,\"zone\":\"X\"}\n", k + 1);
            send(s, line, strlen(line), MSG_NOSIGNAL | MSG_DONTWAIT);
        }
        fl_faces_poll(faces, (fl_instant){us});
        floods += take_all(FL_DO_FLOOD, &taken);
        us += 20000;
        close(s);
    }
    const int most = FACES_MOST * (FACES_BURST + 3 * FACES_RATE);
    CHECK(taken >= FACES_MOST * FACES_BURST && taken <= most, "%d orders, at most %d", taken, most);
    CHECK(floods >= FACES_MOST && floods <= 4 * FACES_MOST, "%d floods told", floods);
    us += 3000000;
    const int s = dial(); /* a quiet time later: the burst is back, and a hundred STANDBYs cost none of it */
    for (int k = 0; k < 100; k++) {
        snprintf(line, sizeof line, "{\"do\":\"standby\",\"order\":%d}\n", ++number);
        send_text(s, line);
    }
    fl_faces_poll(faces, (fl_instant){us});
    taken = 0;
    CHECK(take_all(FL_DO_STANDBY, &taken) == 100 && taken == 0, "every STANDBY is taken");
    for (int k = 0; k < 100; k++) {
        snprintf(line, sizeof line, "{\"do\":\"zone\",\"order\":%d,\"zone\":\"X\"}\n", ++number);
        send_text(s, line);
    }
    snprintf(line, sizeof line, "{\"do\":\"standby\",\"order\":%d}\n", ++number);
    send_text(s, line);
    fl_faces_poll(faces, (fl_instant){us});
    CHECK(take_all(FL_DO_STANDBY, &taken) == 1, "STANDBY behind a flood is taken");
    CHECK(taken == FACES_BURST + 1, "the burst and one note, not %d", taken);
    CHECK(fl_faces_count(faces) == 0, "and the face is cut off");
    close(s);
    fl_faces_close(faces);
}

/* Found by fuzzing. One drain of the orders is enough, whatever stands before it; and repeating is not free.
 */
static void standby_does_not_wait_behind_repeated_orders(void)
{
    open_faces();
    const int s = dial();
    fl_face_order order;
    for (int k = 0; k < 8; k++) send_text(s, "{\"do\":\"arm\",\"order\":5}\n");
    send_text(s, "{\"do\":\"standby\",\"order\":6}\n");
    fl_faces_poll(faces, (fl_instant){1});
    CHECK(fl_faces_order(faces, &order) && order.what == FL_DO_ARM, "arm");
    CHECK(fl_faces_order(faces, &order) && order.what == FL_DO_STANDBY, "STANDBY in the same drain");
    CHECK(!fl_faces_order(faces, &order), "and no more");
    for (int k = 0; k < FACES_BURST; k++) send_text(s, "{\"do\":\"standby\",\"order\":6}\n");
    fl_faces_poll(faces, (fl_instant){2});
    CHECK(fl_faces_order(faces, &order) && order.what == FL_DO_FLOOD, "repeated STANDBYs are paid for");
    close(s);
    fl_faces_close(faces);
}

static void a_fifth_face_is_turned_away(void)
{
    open_faces();
    int s[FACES_MOST + 1];
    for (int i = 0; i <= FACES_MOST; i++) s[i] = dial();
    fl_faces_poll(faces, (fl_instant){1});
    CHECK(fl_faces_count(faces) == FACES_MOST, "%u faces", fl_faces_count(faces));
    for (int i = 0; i <= FACES_MOST; i++) close(s[i]);
    fl_faces_poll(faces, (fl_instant){2});
    CHECK(fl_faces_count(faces) == 0, "all gone");
    fl_faces_close(faces);
    CHECK(access(path, F_OK) != 0, "the socket's name is removed");
}

/* A greeter finds out whom it has not greeted, and speaks to that one only. */
static void a_new_face_is_greeted_alone(void)
{
    open_faces();
    const int first = dial();
    fl_faces_poll(faces, (fl_instant){1});
    const unsigned one = fl_faces_newest(faces);
    const int second = dial();
    fl_faces_poll(faces, (fl_instant){2});
    CHECK(fl_faces_newest(faces) == one + 1, "numbers grow by one");
    fl_entry line;
    fl_entry_begin_inner(&line);
    fl_entry_text(&line, "type", "event");
    fl_faces_tell_one(faces, one + 1, &line);
    char heard[200] = "";
    CHECK(recv(first, heard, sizeof heard, 0) < 0, "the first face hears nothing, not '%s'", heard);
    CHECK(recv(second, heard, sizeof heard - 1, 0) > 0 && strstr(heard, "event"), "the second does: '%s'",
          heard);
    close(second);
    fl_faces_poll(faces, (fl_instant){3});
    fl_faces_tell_one(faces, one + 1, &line); /* it is gone: nobody hears it */
    CHECK(recv(first, heard, sizeof heard, 0) < 0, "nor does anybody else then");
    close(first);
    fl_faces_close(faces);
}

FL_TESTS("session/faces", TEST(orders_arrive_in_pieces_and_in_heaps), TEST(a_screen_is_a_short_name),
         TEST(garbage_is_cut_off), TEST(bad_company_does_no_harm), TEST(orders_are_counted),
         TEST(standby_does_not_wait_behind_repeated_orders), TEST(a_fifth_face_is_turned_away),
         TEST(a_new_face_is_greeted_alone))

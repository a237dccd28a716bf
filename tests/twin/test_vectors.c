/* labels: unit replay */
/* The printed conversation of section 12, byte for byte, against the device core. The way between the printed
 * lines (settings read, the warning time, the foot) is walked with unprinted POLLs. */
#include "check.h"
#include "helper_bench.h"

static void say_and_compare(bench *b, const char *ask, const char *answer)
{
    char line[300];
    bench_clear(b);
    snprintf(line, sizeof line, "%s\n", ask);
    bench_raw(b, line);
    snprintf(line, sizeof line, "%s\n", answer);
    CHECK_TEXT(b->sent, line, ask);
}

/* The page begins at epoch 2: one edit at the panel after power-on. */
static void begin(bench *b)
{
    bench_init(b);
    const gl1_settings edited = {.en_uJ = 50000, .rr_mHz = 2000, .sp_um = 3000, .wl_nm = 1064};
    CHECK(gl1_device_panel(&b->device, &edited), "the panel edit before the vectors");
    say_and_compare(
        b, ">00000000000003E9 HELLO v=1 hn=13579BDF*F227D7EA",
        "<00000000000003E9 HELLO v=1 uid=SIM-00042 dn=2468ACE0 wd=100 ga=40 wa=3000 cap=7F fw=1.0*6600075C");
    b->session = 0x373F373F;
}

static void the_printed_conversation(void)
{
    bench b;
    begin(&b);
    say_and_compare(
        &b, ">373F373F000003EA SET EN=200000 RR=10000 SP=4000 WL=1064*4C4B2837",
        "<373F373F000003EA SHDW EN=200000 RR=10000 SP=4000 WL=1064 ep=00000003 dg=22F6FCB6*79E42E3E");
    bench_tick(&b, 100);
    say_and_compare(
        &b, ">373F373F000003EB COMMIT ep=00000003 dg=22F6FCB6 ph=00112233445566778899AABBCCDDEEFF*48CC8BFA",
        "<373F373F000003EB STAT st=1 in=000E1BFF hp=21 sp=4000 k=0000000000012344 ln=00012344 "
        "g=0000000000000122 en=0 ep=00000003 ca=00000000 gap=0 t=00000064*53C93ECD");
    say_and_compare(&b, ">373F373F000003EC ARM?*97DD9D1D",
                    "<373F373F000003EC CHAL ch=CAFE0001 ep=00000003*7A7BDCBB");
    bench_clear(&b);
    bench_raw(&b, ">373F373F000003ED ARM ch=CAFE0001 ep=00000003*32AD8078\n");
    CHECK(b.device.state == GL1_WARN, "ARM of the page was not obeyed: %s", b.sent);

    b.number = 0x3ED;
    while (b.number < 0x4AE) {
        bench_tick(&b, 20);
        bench_ask(&b, "POLL sh=0");
    }
    b.contacts |= BENCH_FEET;
    bench_tick(&b, 0x1000 - 50 - b.now_ms);
    bench_ask(&b, "POLL sh=1");
    CHECK(b.number == 0x4AF && b.device.state == GL1_READY, "READY at %X", (unsigned)b.number);
    bench_tick(&b, 0x1000 - b.now_ms);

    say_and_compare(&b, ">373F373F000004B0 POLL sh=1*1836EE53",
                    "<373F373F000004B0 STAT st=3 in=000FE3FF hp=21 sp=4000 k=0000000000012344 ln=00012344 "
                    "g=0000000000000122 en=0 ep=00000003 ca=00000000 gap=0 t=00001000*D5BC8189");
    bench_tick(&b, 11);
    say_and_compare(&b,
                    ">373F373F000004B1 GRANT g=0000000000000123 f=000004B0 ep=00000003 k=0000000000012344 "
                    "en=200000 sp=4000 pu=T ph=00112233445566778899AABBCCDDEEFF*1D0674D6",
                    "<373F373F000004B1 STAT st=3 in=000FE3FF hp=21 sp=4000 k=0000000000012345 ln=00012345 "
                    "g=0000000000000123 en=196000 ep=00000003 ca=00000000 gap=0 t=0000100B*2C7A979E");
    CHECK(b.pulses == 1, "one grant, %llu pulses", (unsigned long long)b.pulses);
    say_and_compare(&b,
                    ">373F373F000004B2 GRANT g=0000000000000123 f=000004B1 ep=00000003 k=0000000000012345 "
                    "en=200000 sp=4000 pu=T ph=00112233445566778899AABBCCDDEEFF*6DB60896",
                    "<373F373F000004B2 NAK e=OLD*CF5E8359");
    CHECK(b.pulses == 1, "the old grant made light");
    bench_clear(&b);
    bench_raw(&b, ">373F373F000004B3 STOP*A4BFAECB\n");
    CHECK(b.device.state == GL1_STBY && b.out == 0, "STOP of the page was not obeyed: %s", b.sent);
}

static void identity_for_any_scpi_tool(void)
{
    bench b;
    bench_init(&b);
    say_and_compare(&b, "*IDN?", "Example Instruments,Pico 2,SIM-00042,1.0");
    bench_tick(&b, 9000);
    say_and_compare(&b, "*IDN?\r", "Example Instruments,Pico 2,SIM-00042,1.0");
}

/* Every printed frame with any one bit of it wrong is dropped without a word. */
/* hazards: H20 */
static void one_wrong_bit_is_seen(void)
{
    static const char frame[] = ">00000000000003E9 HELLO v=1 hn=13579BDF*F227D7EA\n";
    for (size_t byte = 0; byte < sizeof frame - 2; byte++)
        for (int bit = 0; bit < 8; bit++) {
            char wrong[sizeof frame];
            bench b;
            memcpy(wrong, frame, sizeof frame);
            wrong[byte] ^= (char)(1 << bit);
            bench_init(&b);
            bench_bytes(&b, wrong, sizeof frame - 1);
            CHECK(b.sent_length == 0 && !b.device.in_session, "bit %d of byte %zu: %s", bit, byte, b.sent);
        }
}

FL_TESTS("twin/vectors", TEST(the_printed_conversation), TEST(identity_for_any_scpi_tool),
         TEST(one_wrong_bit_is_seen))

/* labels: unit */
/* Who a client is, as one text: written, read back to the same, and looked for in what goes into the journal.
 */
#include "check.h"

#include "fadeline/base/random.h"
#include "fadeline/clients/identity.h"

static void written_and_read(void)
{
    char text[FL_IDENTITY_MAX];
    fl_error error = {0};
    fl_identity read, who = {.name = "Rosa \"Ro\\\" Quill",
                             .contact = "+1 613 555 0100",
                             .language = "fr",
                             .born = {1990, 4, 1}};
    CHECK(fl_identity_write(&who, text, &error) == FL_OK, "%s", error.what);
    CHECK(strcmp(text, "{\"born\":\"1990-04-01\",\"contact\":\"+1 613 555 0100\",\"language\":\"fr\","
                       "\"name\":\"Rosa \\\"Ro\\\\\\\" Quill\"}") == 0,
          "text: %.600s", text);
    CHECK(fl_identity_read(text, &read) == FL_OK, "read");
    CHECK_TEXT(read.name, who.name, "name");
    fl_identity only = {.name = "李小龙"};
    CHECK(fl_identity_write(&only, text, &error) == FL_OK, "%s", error.what);
    CHECK(strcmp(text, "{\"name\":\"李小龙\"}") == 0, "any script: %.600s", text);
}

static void refused(void)
{
    char text[FL_IDENTITY_MAX];
    static const fl_identity bad[] = {{.name = ""},
                                      {.name = "  "},
                                      {.name = "A\nB"},
                                      {.name = "A\xff"
                                               "B"},
                                      {.name = "A\xc0\x80"},
                                      {.name = "A\xed\xa0\x80"},
                                      {.name = "A", .language = "de"},
                                      {.name = "A", .contact = "\x7f"}};
    static const char *const texts[] = {"",
                                        "{",
                                        "{}",
                                        "{\"name\":\"A\"} ",
                                        "{ \"name\":\"A\"}",
                                        "{\"name\":\"\\A\"}",
                                        "{\"name\":\"A\",\"born\":\"1990-04-01\"}",
                                        "{\"born\":\"1990-02-30\",\"name\":\"A\"}",
                                        "{\"name\":\"A\",\"name\":\"B\"}",
                                        "{\"name\":\"A",
                                        "{\"name\":\"A\\"};
    fl_identity read;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        CHECK(fl_identity_write(&bad[i], text, NULL) == FL_E_RANGE, "row %zu", i);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        CHECK(fl_identity_read(texts[i], &read) == FL_E_RANGE, "%s", texts[i]);
}

/* Whatever is read is what would be written: damaged texts are refused or mean themselves. */
static void damaged_texts(void)
{
    static const char good[] =
        "{\"born\":\"1990-04-01\",\"contact\":\"a\\\\b\",\"language\":\"en\",\"name\":\"R\\\"Q\"}";
    fl_random random;
    fl_random_init(&random, 5, 1);
    for (int i = 0; i < 100000; i++) {
        char text[sizeof good], again[FL_IDENTITY_MAX];
        fl_identity read;
        memcpy(text, good, sizeof good);
        for (int n = 1 + i % 3; n--;)
            text[fl_random_u64(&random) % (sizeof good - 1)] =
                (char)(fl_random_u64(&random) % 2 ? fl_random_u64(&random)
                                                  : (unsigned char)"\"\\{}:,a"[fl_random_u64(&random) % 7]);
        if (fl_identity_read(text, &read) != FL_OK) continue;
        CHECK(fl_identity_write(&read, again, NULL) == FL_OK && strcmp(again, text) == 0, "%s", text);
    }
}

static void a_name_in_a_sentence(void)
{
    static const fl_identity who = {.name = "Rosa Li Quill-Ortéga", .contact = "rosa@example.org"};
    static const struct {
        const char *sentence, *word;
    } rows[] = {
        {"blister, Rosa was called", "Rosa"},
        {"asked quill, who agreed", "Quill"},
        {"wrote to rosa@example.org", "Rosa"},
        {"Ms Ortéga came back", "Ortéga"},
        {"prosaic", NULL},
        {"rosacea seen before", NULL},
        {"Li seen", "Li"},
        {"ms ORTEGA came back", "Ortéga"},
        {"it is likely", NULL},
        {"zone F-L instead of F-R", NULL},
        {"", NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char word[FL_NAME_MAX + 1] = "";
        CHECK(fl_identity_is_in(&who, rows[i].sentence, word) == (rows[i].word != NULL), "'%s': %s",
              rows[i].sentence, word);
        if (rows[i].word) CHECK(strcasecmp(word, rows[i].word) == 0, "'%s': %s", rows[i].sentence, word);
    }
}

FL_TESTS("clients/identity", TEST(written_and_read), TEST(refused), TEST(damaged_texts),
         TEST(a_name_in_a_sentence))

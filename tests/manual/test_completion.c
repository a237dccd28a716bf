/* labels: unit golden   timeout: 120   needs: fadeline manual */
/* Completion, asked in a real bash; zsh and fish read their scripts where they are installed. */
#include "check.h"
#include "helper_shell.h"

#include <stdbool.h>
#include <unistd.h>

/* The words as bash breaks them (at a colon too); the last is being typed. Answers stand in `shell_said`, one
 * a line. */
static void press_tab(const char *words)
{
    char command[1000];
    snprintf(command, sizeof command,
             "bash -c 'source \"%s/completion/fadeline.bash\" || exit 9; COMP_WORDS=(%s); "
             "COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _fadeline; printf \"%%s\\n\" \"${COMPREPLY[@]}\"'",
             FL_BUILD_DIR, words);
    CHECK(shell("%s", command) == 0, "%.200s: %.300s", words, shell_said);
}

static bool offers(const char *word)
{
    for (const char *at = shell_said; (at = strstr(at, word)); at++)
        if ((at == shell_said || at[-1] == '\n') && at[strlen(word)] == '\n') return true;
    return false;
}

static void bash_offers_what_fits(void)
{
    static const struct {
        const char *words, *offered, *not_offered;
    } rows[] = {
        {"fadeline pl", "plan", "paper"},
        {"fadeline \"\"", "help", "manual"},
        {"fadeline help energy", "energy-check", "estimate"},
        {"fadeline plan --dev", "--device", "--date"},
        {"fadeline plan --device pico", "picoway", "example-pico"},
        {"fadeline plan --date \"\"", "", "--device"},
        {"fadeline plan profiles/cases/case-1", "profiles/cases/case-1.yaml", "--device"},
        {"fadeline plan profiles/transport/sc", "", "profiles/transport/scalp-755.mci"},
        {"fadeline transport profiles/transport/sc", "profiles/transport/scalp-755.mci", "x"},
        {"fadeline run x.json --device manual : picow", "picoway", "manual:picoway"},
        {"fadeline run x.json --device manual :", "picoway", "manual:picoway"},
        {"fadeline run x.json --device man", "manual:picoway", "picoway"},
        {"fadeline hub re", "restore", "--read"},
        {"fadeline journal \"\"", "checkpoint", "--json"},
        {"fadeline journal verify \"\"", "src", "checkpoint"},
        {"fadeline devices p", "probe", "plan"},
        {"fadeline people re", "renew", "retention"},
        {"fadeline explain page-s", "page-silent", "plan"},
        {"fadeline plan --svg s", "src", "README.md"},
        {"fadeline plan --out README", "README.md", "src"},
        {"fadeline inks sm", "", "smp"},
        {"fadeline nonsense --", "", "--json"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        press_tab(rows[i].words);
        CHECK(offers(rows[i].offered), "'%s' does not offer '%s' but: %.200s", rows[i].words, rows[i].offered,
              shell_said);
        CHECK(!offers(rows[i].not_offered), "'%s' offers '%s'", rows[i].words, rows[i].not_offered);
    }
}

/* Every option of every command, from the help that people read. */
static void bash_knows_every_option(void)
{
    static char names[SHELL_MOST], help[SHELL_MOST];
    int count = 0;
    CHECK(shell("fadeline help | sed -n \"/^commands:/,/^$/s/^  \\([a-z-]*\\) .*/\\1/p\"") == 0, "help");
    snprintf(names, sizeof names, "%s", shell_said);
    for (char *name = strtok(names, "\n"); name; name = strtok(NULL, "\n")) {
        char words[200];
        snprintf(words, sizeof words, "fadeline help %s | sed -n \"s/^  \\(--[a-zA-Z-]*\\) .*/\\1/p\"", name);
        CHECK(shell("%s", words) == 0, "%s", name);
        snprintf(help, sizeof help, "%s", shell_said);
        snprintf(words, sizeof words, "fadeline %s --", name);
        press_tab(words);
        char *rest = help;
        for (char *option; (option = strsep(&rest, "\n"));)
            if (*option) {
                CHECK(offers(option), "%s: %.60s is not offered", name, option);
                count++;
            }
    }
    CHECK(count >= 150, "only %d options", count);
}

static void bash_takes_it_for_fadeline(void)
{
    CHECK(shell("bash -c 'source \"" FL_BUILD_DIR "/completion/fadeline.bash\"; complete -p fadeline'") == 0,
          "%.300s", shell_said);
    CHECK(strcmp(shell_said, "complete -F _fadeline fadeline\n") == 0, "complete -p: %.300s", shell_said);
}

/* A shell that is not there is said to be not there. */
static void other_shells_read_theirs(void)
{
    static const struct {
        const char *shell, *look, *spoil;
    } rows[] = {
        {"zsh", "zsh -n '" FL_BUILD_DIR "/completion/_fadeline'", "echo 'case x in' | zsh -n"},
        {"fish", "fish --no-execute '" FL_BUILD_DIR "/completion/fadeline.fish'",
         "echo 'if true' | fish --no-execute"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char command[100];
        snprintf(command, sizeof command, "command -v %s", rows[i].shell);
        if (shell("%s", command) != 0) {
            fprintf(stderr, "  (no %s here: its script was not read)\n", rows[i].shell);
            continue;
        }
        CHECK(shell("%s", rows[i].look) == 0 && !shell_said[0], "%s: %.300s", rows[i].shell, shell_said);
        CHECK(shell("%s", rows[i].spoil) != 0, "%s takes anything", rows[i].shell);
    }
}

FL_TESTS("manual/completion", TEST(bash_offers_what_fits), TEST(bash_knows_every_option),
         TEST(bash_takes_it_for_fadeline), TEST(other_shells_read_theirs))

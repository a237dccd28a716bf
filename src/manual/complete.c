#include "complete.h"

#include "offers.h"

#include <string.h>

/* What the scripts ask the program itself, when somebody presses TAB: lasers of this clinic, codes of its
 * rules. */
static const char asks_devices[] =
    "fadeline devices list 2>/dev/null | sed -n 's/^\\([^ :]\\{1,\\}\\): .*/\\1/p'";
static const char asks_codes[] = "fadeline explain 2>/dev/null";

static void head(FILE *out, const char *shell)
{
    fprintf(out,
            "# %s completion of fadeline. Made by fadeline-manual from the command table: change that.\n",
            shell);
}

static void words_of_commands(FILE *out)
{
    for (size_t i = 0; fl_commands[i]; i++) fprintf(out, "%s%s", i ? " " : "", fl_commands[i]->name);
}

static void words_of_verbs(FILE *out, const fl_command *command)
{
    char verbs[VERBS_MOST][32];
    const size_t count = verbs_of(command, verbs);
    for (size_t i = 0; i < count; i++) fprintf(out, "%s%s", i ? " " : "", verbs[i]);
}

/* ---- bash ---- */

static const char *bash_offer(offer what)
{
    switch (what) {
    case OFFER_FILE: return "_fadeline_files";
    case OFFER_FOLDER: return "_fadeline_files /"; /* no file ends so */
    case OFFER_DEVICE: return "_fadeline_words \"$(_fadeline_devices)\"";
    case OFFER_DEVICE_BY_HAND: return "_fadeline_words \"$(_fadeline_devices | sed 's/^/manual:/')\"";
    case OFFER_CODE: return "_fadeline_words \"$(_fadeline_codes)\"";
    case OFFER_NOTHING: break;
    }
    return ":";
}

static void bash_command(FILE *out, const fl_command *command)
{
    const char *ending;
    const offer words = offer_of_words(command, &ending);
    fprintf(out, "    %s)\n        case $prev in\n", command->name);
    for (const fl_option *option = command->options; option->name; option++)
        if (option->value)
            fprintf(out, "        --%s) %s; return ;;\n", option->name, bash_offer(offer_of_option(option)));
    fprintf(out, "        esac\n        if [[ $cur == -* ]]; then\n            _fadeline_words '");
    for (const fl_option *option = command->options; option->name; option++)
        fprintf(out, "--%s ", option->name);
    fprintf(out, "--help'\n        else\n            [[ $at -gt 2 ]] || _fadeline_words '");
    words_of_verbs(out, command);
    fprintf(out, "'\n");
    if (words == OFFER_FILE)
        fprintf(out, "            [[ ${#COMPREPLY[@]} -gt 0 ]] || _fadeline_files '%s'\n",
                ending ? ending : "");
    else if (words != OFFER_NOTHING)
        fprintf(out, "            %s\n", bash_offer(words));
    fprintf(out, "        fi ;;\n");
}

void complete_bash(FILE *out)
{
    head(out, "bash");
    fprintf(out, "_fadeline_devices() { %s; }\n_fadeline_codes() { %s; }\n", asks_devices, asks_codes);
    fputs("# Bash breaks words at a colon: what stands before one is not typed again.\n"
          "_fadeline_words()\n{\n"
          "    local IFS=$' \\t\\n' i\n"
          "    COMPREPLY=($(compgen -W \"$1\" -- \"$cur\"))\n"
          "    [[ $cur == *:* ]] && for i in \"${!COMPREPLY[@]}\"; do "
          "COMPREPLY[i]=${COMPREPLY[i]#\"${cur%:*}:\"}; done\n"
          "}\n"
          "_fadeline_files()\n{\n"
          "    local IFS=$'\\n'\n"
          "    compopt -o filenames 2>/dev/null\n"
          "    if [[ ${1:-} ]]; then\n"
          "        COMPREPLY=($(compgen -d -- \"$cur\"; compgen -f -X \"!*$1\" -- \"$cur\"))\n"
          "    else\n"
          "        COMPREPLY=($(compgen -f -- \"$cur\"))\n"
          "    fi\n"
          "}\n"
          "_fadeline()\n{\n"
          "    local cur=${COMP_WORDS[COMP_CWORD]} at=$COMP_CWORD prev\n"
          "    COMPREPLY=()\n"
          "    while ((at > 2)) && [[ ${COMP_WORDS[at]} == : || ${COMP_WORDS[at - 1]} == : ]]; do\n"
          "        at=$((at - 1)) cur=${COMP_WORDS[at]}$cur\n"
          "    done\n"
          "    prev=${COMP_WORDS[at - 1]}\n"
          "    if ((at == 1)); then\n"
          "        _fadeline_words 'help ",
          out);
    words_of_commands(out);
    fputs(
        "'\n        return\n    fi\n    case ${COMP_WORDS[1]} in\n    help) ((at > 2)) || _fadeline_words '",
        out);
    words_of_commands(out);
    fputs("' ;;\n", out);
    for (size_t i = 0; fl_commands[i]; i++) bash_command(out, fl_commands[i]);
    fputs("    esac\n}\ncomplete -F _fadeline fadeline\n", out);
}

/* ---- zsh ---- */

/* Inside '...' and inside a description of _arguments. */
static void zsh_words(FILE *out, const char *words)
{
    for (; *words; words++) {
        if (*words == '\'')
            fputs("'\\''", out);
        else if (strchr("[]:\\", *words))
            fprintf(out, "\\%c", *words);
        else
            fputc(*words == '\n' ? ' ' : *words, out);
    }
}

static const char *zsh_offer(offer what)
{
    switch (what) {
    case OFFER_FILE: return "_files";
    case OFFER_FOLDER: return "_files -/";
    case OFFER_DEVICE: return "_fadeline_devices";
    case OFFER_DEVICE_BY_HAND: return "_fadeline_by_hand";
    case OFFER_CODE: return "_fadeline_codes";
    case OFFER_NOTHING: break;
    }
    return " ";
}

static void zsh_command(FILE *out, const fl_command *command)
{
    char verbs[VERBS_MOST][32];
    const char *ending;
    const offer words = offer_of_words(command, &ending);
    fprintf(out, "    %s)\n        _arguments \\\n", command->name);
    for (const fl_option *option = command->options; option->name; option++) {
        fprintf(out, "            '%s--%s[", strstr(option->help, "given again") ? "*" : "", option->name);
        zsh_words(out, option->help);
        fputc(']', out);
        if (option->value) {
            fputc(':', out);
            zsh_words(out, option->value);
            fprintf(out, ":%s", zsh_offer(offer_of_option(option)));
        }
        fputs("' \\\n", out);
    }
    if (verbs_of(command, verbs)) {
        fputs("            '1:what:(", out);
        words_of_verbs(out, command);
        fputs(")' \\\n", out);
    }
    if (words == OFFER_FILE && ending)
        fprintf(out, "            '*:file:_files -g \"*%s\"' \\\n", ending);
    else if (words != OFFER_NOTHING)
        fprintf(out, "            '*:word:%s' \\\n", zsh_offer(words));
    fputs("            '--help[print what the page of the command says]' ;;\n", out);
}

void complete_zsh(FILE *out)
{
    fputs("#compdef fadeline\n", out);
    head(out, "zsh");
    fprintf(out,
            "_fadeline_devices() { local -a ids; ids=(${(f)\"$(%s)\"}); compadd -a ids }\n"
            "_fadeline_by_hand() { local -a ids; ids=(${(f)\"$(%s)\"}); compadd -p manual: -a ids }\n"
            "_fadeline_codes() { local -a codes; codes=(${(f)\"$(%s)\"}); compadd -a codes }\n",
            asks_devices, asks_devices, asks_codes);
    fputs("_fadeline()\n{\n    local -a commands\n    commands=(\n        'help:say what a command takes'\n",
          out);
    for (size_t i = 0; fl_commands[i]; i++) {
        fprintf(out, "        '%s:", fl_commands[i]->name);
        zsh_words(out, fl_commands[i]->summary);
        fputs("'\n", out);
    }
    fputs("    )\n    if ((CURRENT == 2)); then\n        _describe command commands\n        return\n    fi\n"
          "    shift words\n    ((CURRENT--))\n    case $words[1] in\n"
          "    help) _describe command commands ;;\n",
          out);
    for (size_t i = 0; fl_commands[i]; i++) zsh_command(out, fl_commands[i]);
    fputs("    esac\n}\n_fadeline \"$@\"\n", out);
}

/* ---- fish ---- */

static void fish_words(FILE *out, const char *words)
{
    fputc('\'', out);
    for (; *words; words++) {
        if (strchr("'\\", *words)) fputc('\\', out);
        fputc(*words == '\n' ? ' ' : *words, out);
    }
    fputc('\'', out);
}

static const char *fish_offer(offer what)
{
    switch (what) {
    case OFFER_FILE: return "-r -F";
    case OFFER_FOLDER: return "-x -a '(__fish_complete_directories)'";
    case OFFER_DEVICE: return "-x -a '(__fadeline_devices)'";
    case OFFER_DEVICE_BY_HAND: return "-x -a 'manual:(__fadeline_devices)'";
    case OFFER_CODE: return "-x -a '(__fadeline_codes)'";
    case OFFER_NOTHING: break;
    }
    return "-x";
}

static void fish_command(FILE *out, const fl_command *command)
{
    char verbs[VERBS_MOST][32];
    const char *ending;
    const offer words = offer_of_words(command, &ending);
    char when[80];
    snprintf(when, sizeof when, "complete -c fadeline -n '__fadeline_in %s'", command->name);
    for (const fl_option *option = command->options; option->name; option++) {
        fprintf(out, "%s -l %s %s -d ", when, option->name,
                option->value ? fish_offer(offer_of_option(option)) : "-f");
        fish_words(out, option->help);
        fputc('\n', out);
    }
    if (verbs_of(command, verbs)) {
        fprintf(out, "%s -f -a '", when);
        words_of_verbs(out, command);
        fputs("'\n", out);
    }
    if (words == OFFER_FILE)
        fprintf(out, "%s -F\n", when);
    else if (words == OFFER_CODE)
        fprintf(out, "%s -f -a '(__fadeline_codes)'\n", when);
}

void complete_fish(FILE *out)
{
    head(out, "fish");
    fprintf(out, "function __fadeline_devices\n    %s\nend\nfunction __fadeline_codes\n    %s\nend\n",
            asks_devices, asks_codes);
    /* The second word decides: `hub audit` is not `audit`. */
    fputs("function __fadeline_in\n    set -l words (commandline -opc)\n"
          "    test (count $words) -ge 2; and test $words[2] = $argv[1]\nend\n"
          "function __fadeline_first\n    test (count (commandline -opc)) -eq 1\nend\n"
          "complete -c fadeline -f\n"
          "complete -c fadeline -n __fadeline_first -a help -d 'say what a command takes'\n"
          "complete -c fadeline -n '__fadeline_in help' -a '",
          out);
    words_of_commands(out);
    fputs("'\n", out);
    for (size_t i = 0; fl_commands[i]; i++) {
        fprintf(out, "complete -c fadeline -n __fadeline_first -a %s -d ", fl_commands[i]->name);
        fish_words(out, fl_commands[i]->summary);
        fputc('\n', out);
    }
    for (size_t i = 0; fl_commands[i]; i++) fish_command(out, fl_commands[i]);
}

/* The audit as a page of text: verdict, exceptions, numbers, the other sections, the journal's root. */
#include "audit_page.h"

#include "fadeline/base/show.h"

#include <string.h>

const char *fl_page_mark(const fl_audit *audit)
{
    return audit->simulated ? "SIMULATED " : "";
}

/* Letters, not bytes: a site may be called Trois-Rivières. */
static size_t letters(const char *text, size_t size)
{
    size_t count = 0;
    for (size_t i = 0; i < size; i++) count += ((unsigned char)text[i] & 0xC0) != 0x80;
    return count;
}

void fl_page_put(FILE *out, int indent, const char *line)
{
    char text[4096];
    size_t column = 0;
    fl_show_text(text, sizeof text, line);
    for (const char *at = text; *at;) {
        const size_t size = strcspn(at, " "), width = letters(at, size);
        if (column && column + 1 + width > FL_PAGE_COLUMNS) column = 0, fputc('\n', out);
        if (column)
            fputc(' ', out), column++;
        else
            column = (size_t)fprintf(out, "%*s", at == text ? indent : indent + 4, "");
        fwrite(at, 1, size, out);
        column += width;
        at += size;
        at += *at == ' ';
    }
    fputc('\n', out);
}

void fl_page_title(const fl_audit *audit, FILE *out, const char *title)
{
    fprintf(out, "\n%s%s\n", fl_page_mark(audit), title);
}

static void print_exceptions(const fl_audit *audit, FILE *out)
{
    char line[600];
    fl_page_title(audit, out, "EXCEPTIONS");
    for (size_t i = 0; i < audit->sections.exceptions.count; i++) {
        const fl_audit_exception *e = &audit->sections.exceptions.at[i];
        const bool gap = strcmp(e->code, "gap") == 0; /* stands under its day */
        if (gap || !e->dev[0])
            snprintf(line, sizeof line, "%s", e->text);
        else
            snprintf(line, sizeof line, "%s %s%s %s", fl_audit_site_or_dash(e->site), e->dev,
                     strcmp(e->code, "period") == 0 || strcmp(e->code, "day") == 0 ? "," : ":", e->text);
        fl_page_put(out, gap ? 6 : 2, line);
    }
    if (!audit->sections.exceptions.count) fprintf(out, "  none\n");
}

/* ---- reconciliation ---- */

static void print_row(const fl_audit_line *line, FILE *out)
{
    const struct {
        int64_t value;
        int width;
    } cells[] = {{(int64_t)line->opening, 11},
                 {(int64_t)line->closing, 11},
                 {line->delta, 9},
                 {(int64_t)line->treatment, 8},
                 {(int64_t)line->test, 6},
                 {(int64_t)line->check, 6},
                 {line->service, 9},
                 {line->unexplained, 8},
                 {(int64_t)line->unexplained_absolute, 8},
                 {(int64_t)line->tolerance, 6}};
    char number[32];
    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++)
        fprintf(out, " %*s", cells[i].width - 1, fl_audit_grouped(cells[i].value, number));
    fprintf(out, " %s\n", line->flag ? "FLAG" : "ok");
}

static void print_rows(const fl_audit *audit, const char *title, const fl_audit_line *lines, size_t count,
                       bool days, FILE *out)
{
    static const char head[] =
        "    opening    closing    delta   treat  test check  service unexpl. absolute tol.";
    char day[11];
    fl_page_title(audit, out, title);
    for (size_t i = 0; i < count; i++) {
        if (!i || !fl_audit_same_device(&lines[i - 1], &lines[i])) {
            if (!i) fprintf(out, "  %10s%s\n", "", head);
            fprintf(out, "  %s %s\n", FL_SHOWN(fl_audit_site_or_dash(lines[i].site)), FL_SHOWN(lines[i].dev));
        }
        fprintf(out, "  %-10s", days ? fl_date_text(lines[i].from, day) : "");
        print_row(&lines[i], out);
    }
}

fl_status fl_audit_print(const fl_audit *audit, FILE *out)
{
    char sentence[FL_AUDIT_SENTENCE], from[11], to[11], zone[16], line[600];
    snprintf(line, sizeof line, "%sAUDIT %s to %s, %s%s%s%s, days in %s", fl_page_mark(audit),
             fl_date_text(audit->options.from, from), fl_date_text(audit->options.to, to),
             audit->options.site ? "site " : "all sites", audit->options.site ? audit->site : "",
             audit->options.device ? ", laser " : "", audit->options.device ? audit->device : "",
             fl_audit_zone(audit, zone));
    fl_page_put(out, 0, line);
    fl_audit_verdict(audit, sentence);
    fl_page_put(out, 0, sentence);
    fl_page_sites(audit, out);
    print_exceptions(audit, out);
    if (audit->total_count) {
        print_rows(audit, "WHOLE PERIOD, per device (pulses)", audit->totals, audit->total_count, false, out);
        print_rows(audit, "PER DEVICE AND DAY (pulses)", audit->days, audit->day_count, true, out);
    }
    fl_page_sections(audit, out);
    snprintf(
        line, sizeof line,
        "unexplained = delta - service - treatment - test - check; absolute: every gap without its sign; "
        "flagged when absolute is beyond max(%llu, %llu.%llu %%) of delta - service.",
        (unsigned long long)audit->options.tolerance_pulses,
        (unsigned long long)audit->options.tolerance_per_mille / 10,
        (unsigned long long)audit->options.tolerance_per_mille % 10);
    fputc('\n', out);
    fl_page_put(out, 0, line);
    if (audit->warm) {
        snprintf(line, sizeof line,
                 "%sWARM: the first %llu entries were taken from a note that this computer made of them, and "
                 "not read again. "
                 "It proves nothing: without --warm they are read.",
                 fl_page_mark(audit), (unsigned long long)audit->warm);
        fl_page_put(out, 0, line);
    }
    for (size_t i = 0; i < audit->journal_count; i++)
        for (size_t log = 0; log < audit->histories[i].count; log++) {
            fl_audit_proof(audit, i, log, sentence);
            snprintf(line, sizeof line, "%s%s", fl_page_mark(audit), sentence);
            fl_page_put(out, 0, line);
        }
    return fflush(out) == 0 && !ferror(out) ? FL_OK : FL_E_IO;
}

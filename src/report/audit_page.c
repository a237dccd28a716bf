/* The audit as a page of text and as a table for spreadsheets. */
#include "audit_words.h"

#include <string.h>

static const char *mark(const fl_audit *audit)
{
    return audit->simulated ? "SIMULATED " : "";
}

static void print_finding(const fl_audit *audit, const fl_audit_finding *finding, const char *indent,
                          FILE *out)
{
    char sentence[FL_AUDIT_SENTENCE];
    fl_audit_say(audit, finding, sentence);
    fprintf(out, "%s%s\n", indent, sentence);
}

static bool belongs(const fl_audit_finding *finding, const fl_audit_line *day)
{
    return finding->kind == FL_AUDIT_GAP && finding->log == day->log && strcmp(finding->dev, day->dev) == 0 &&
           strcmp(finding->site, day->site) == 0 && fl_date_compare(finding->day, day->from) == 0;
}

/* A flagged day with its gaps; then what else a person should know. */
static void print_exceptions(const fl_audit *audit, FILE *out)
{
    char count[32], tolerance[32], day_text[11];
    bool any = false;
    fprintf(out, "\n%sEXCEPTIONS\n", mark(audit));
    for (size_t i = 0; i < audit->total_count; i++) {
        const fl_audit_line *total = &audit->totals[i];
        if (!total->flag) continue;
        any = true;
        fprintf(out, "  %s %s, whole period: %s pulses unexplained, tolerance %s\n",
                fl_audit_site_or_dash(total->site), total->dev, fl_audit_grouped(total->unexplained, count),
                fl_audit_grouped((int64_t)total->tolerance, tolerance));
    }
    for (size_t i = 0; i < audit->day_count; i++) {
        const fl_audit_line *day = &audit->days[i];
        if (!day->flag) continue;
        any = true;
        fprintf(out, "  %s %s, %s: %s pulses unexplained, tolerance %s\n", fl_audit_site_or_dash(day->site),
                day->dev, fl_date_text(day->from, day_text), fl_audit_grouped(day->unexplained, count),
                fl_audit_grouped((int64_t)day->tolerance, tolerance));
        for (size_t f = 0; f < audit->finding_count; f++)
            if (belongs(&audit->findings[f], day)) print_finding(audit, &audit->findings[f], "      ", out);
    }
    for (size_t f = 0; f < audit->finding_count; f++) {
        const fl_audit_finding *finding = &audit->findings[f];
        if (finding->kind == FL_AUDIT_GAP) continue;
        any = true;
        if (finding->kind == FL_AUDIT_CLOCK)
            fprintf(out, "  ");
        else
            fprintf(out, "  %s %s: ", fl_audit_site_or_dash(finding->site), finding->dev);
        print_finding(audit, finding, "", out);
    }
    if (!any) fprintf(out, "  none\n");
}

static void print_rows(const fl_audit *audit, const char *title, const fl_audit_line *lines, size_t count,
                       bool days, FILE *out)
{
    static const char *const heads[] = {"opening", "closing", "delta",       "treatment", "test",
                                        "check",   "service", "unexplained", "tolerance"};
    fprintf(out, "\n%s%s (pulses)\n  %-10s %-16s %-10s", mark(audit), title, "site", "device",
            days ? "day" : "");
    for (size_t h = 0; h < sizeof heads / sizeof *heads; h++) fprintf(out, " %11s", heads[h]);
    fprintf(out, "  flag\n");
    for (size_t i = 0; i < count; i++) {
        const fl_audit_line *line = &lines[i];
        const int64_t values[] = {
            (int64_t)line->opening,  (int64_t)line->closing, line->delta,   (int64_t)line->treatment,
            (int64_t)line->test,     (int64_t)line->check,   line->service, line->unexplained,
            (int64_t)line->tolerance};
        char day[11], number[32];
        fprintf(out, "  %-10s %-16s %-10s", fl_audit_site_or_dash(line->site), line->dev,
                days ? fl_date_text(line->from, day) : "");
        for (size_t v = 0; v < sizeof values / sizeof *values; v++)
            fprintf(out, " %11s", fl_audit_grouped(values[v], number));
        fprintf(out, "  %s\n", line->flag ? "FLAG" : "ok");
    }
}

fl_status fl_audit_print(const fl_audit *audit, FILE *out)
{
    char sentence[FL_AUDIT_SENTENCE], from[11], to[11], zone[16];
    fprintf(out, "%sAUDIT %s to %s, %s%s, days in %s\n", mark(audit), fl_date_text(audit->options.from, from),
            fl_date_text(audit->options.to, to), audit->options.site ? "site " : "all sites",
            audit->options.site ? audit->site : "", fl_audit_zone(audit, zone));
    fl_audit_verdict(audit, sentence);
    fprintf(out, "%s\n", sentence);
    print_exceptions(audit, out);
    if (audit->total_count) {
        print_rows(audit, "WHOLE PERIOD, per device", audit->totals, audit->total_count, false, out);
        print_rows(audit, "PER DEVICE AND DAY", audit->days, audit->day_count, true, out);
    }
    fprintf(out,
            "\nunexplained = delta - service - treatment - test - check; flagged when beyond max(%llu, "
            "%llu.%llu %%) of delta - service.\n",
            (unsigned long long)audit->options.tolerance_pulses,
            (unsigned long long)audit->options.tolerance_per_mille / 10,
            (unsigned long long)audit->options.tolerance_per_mille % 10);
    for (size_t i = 0; i < audit->journal_count; i++) {
        fl_audit_proof(audit, i, sentence);
        fprintf(out, "%s%s\n", mark(audit), sentence);
    }
    return fflush(out) == 0 && !ferror(out) ? FL_OK : FL_E_IO;
}

/* RFC 4180, and nothing a spreadsheet would run: a text that begins with = + - @, a tab or a carriage return
 * gets an apostrophe in front. */
static void put_cell(const char *text, FILE *out)
{
    const bool runs = text[0] && strchr("=+-@\t\r", text[0]);
    if (!runs && !strpbrk(text, ",\"\r\n;")) {
        fputs(text, out);
        return;
    }
    fputs(runs ? "\"'" : "\"", out);
    for (; *text; text++) {
        if (*text == '"') fputc('"', out);
        fputc(*text, out);
    }
    fputc('"', out);
}

static void put_row(const fl_audit *audit, const char *row, const fl_audit_line *line, FILE *out)
{
    char from[11], to[11];
    fprintf(out, "%s,%s,", audit->simulated ? "SIMULATED" : "real", row);
    put_cell(line->site, out);
    fputc(',', out);
    put_cell(line->dev, out);
    fprintf(out, ",%s,%s,%llu,%llu,%lld,%llu,%llu,%llu,%lld,%lld,%llu,%s\r\n", fl_date_text(line->from, from),
            fl_date_text(line->to, to), (unsigned long long)line->opening, (unsigned long long)line->closing,
            (long long)line->delta, (unsigned long long)line->treatment, (unsigned long long)line->test,
            (unsigned long long)line->check, (long long)line->service, (long long)line->unexplained,
            (unsigned long long)line->tolerance, line->flag ? "FLAG" : "ok");
}

fl_status fl_audit_csv(const fl_audit *audit, FILE *out)
{
    fputs("world,row,site,device,from,to,opening_pulses,closing_pulses,delta_pulses,treatment_pulses,test_"
          "pulses,check_pulses,"
          "service_pulses,unexplained_pulses,tolerance_pulses,flag\r\n",
          out);
    for (size_t i = 0; i < audit->day_count; i++) put_row(audit, "day", &audit->days[i], out);
    for (size_t i = 0; i < audit->total_count; i++) put_row(audit, "period", &audit->totals[i], out);
    return fflush(out) == 0 && !ferror(out) ? FL_OK : FL_E_IO;
}

/* The audit as a table for spreadsheets. */
#include "audit_words.h"

#include <string.h>

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

#include "helper_pdf.h"

#include "helper_folder.h"

#include <cairo.h>
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void stop(const char *what)
{
    fprintf(stderr, "poppler-utils is needed: %s\n", what);
    exit(1);
}

char *pdf_tool(const char *format, ...)
{
    char command[4096];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(command, sizeof command, format, arguments);
    va_end(arguments);
    FILE *pipe = popen(command, "r");
    char *text = NULL;
    size_t size = 0, got;
    char part[4096];
    FILE *memory = open_memstream(&text, &size);
    if (!pipe || !memory) stop(command);
    while ((got = fread(part, 1, sizeof part, pipe)) > 0) fwrite(part, 1, got, memory);
    fclose(memory);
    if (pclose(pipe) != 0) stop(command);
    return text;
}

char *pdf_text(const char *path)
{
    return pdf_tool("pdftotext -layout -enc UTF-8 '%s' -", path);
}

int pdf_pages(const char *path)
{
    char *info = pdf_tool("pdfinfo '%s'", path);
    const char *line = strstr(info, "Pages:");
    const int pages = line ? atoi(line + 6) : 0;
    free(info);
    return pages;
}

long pdf_dark_at_edge(const char *path, double points, long *fewest)
{
    char prefix[1024], page[1100];
    long dark = 0;
    snprintf(prefix, sizeof prefix, "%s.page", path);
    free(pdf_tool("pdftoppm -r 72 -png '%s' '%s'", path, prefix));
    const int pages = pdf_pages(path);
    *fewest = -1;
    for (int i = 1; i <= pages; i++) {
        snprintf(page, sizeof page, "%s-%0*d.png", prefix, pages > 99 ? 3 : pages > 9 ? 2 : 1, i);
        cairo_surface_t *s = cairo_image_surface_create_from_png(page);
        if (cairo_surface_status(s) != CAIRO_STATUS_SUCCESS) stop(page);
        const int width = cairo_image_surface_get_width(s), height = cairo_image_surface_get_height(s),
                  stride = cairo_image_surface_get_stride(s);
        const unsigned char *data = cairo_image_surface_get_data(s);
        long ink = 0;
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++) {
                const bool edge = x < points || x > width - points || y < points || y > height - points;
                const unsigned char *p = data + (size_t)y * (size_t)stride + 4 * (size_t)x;
                dark += edge && (p[0] < 225 || p[1] < 225 || p[2] < 225);
                ink += p[1] < 128;
            }
        if (*fewest < 0 || ink < *fewest) *fewest = ink;
        cairo_surface_destroy(s);
        unlink(page);
    }
    return dark;
}

char *pdf_squeeze(char *text)
{
    char *to = text;
    bool space = false;
    for (const char *from = text; *from; from++) {
        if (isspace((unsigned char)*from)) {
            space = true;
            continue;
        }
        if (space && to > text) *to++ = ' ';
        space = false;
        *to++ = *from;
    }
    *to = 0;
    return text;
}

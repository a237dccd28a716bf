#include "photo_parts.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>

#include <jerror.h>

#define SCANS_MAX 100 /* a progressive file of thousands of empty scans would keep us busy for hours */

typedef struct reader {
    struct jpeg_decompress_struct jpeg;
    struct jpeg_error_mgr errors;
    struct jpeg_progress_mgr progress;
    const photo_file *file;
    fl_error *error;
    fl_photo *photo;
    JSAMPROW row;
    fl_status status; /* what the error was set to, if it was */
    char why[JMSG_LENGTH_MAX];
    jmp_buf out;
} reader;

static void fail(j_common_ptr jpeg)
{
    reader *r = jpeg->client_data;
    jpeg->err->format_message(jpeg, r->why);
    longjmp(r->out, 1);
}

/* libjpeg goes on after damage and paints what is missing grey. Not here; what cameras do wrong without harm
 * may pass. */
static void warn(j_common_ptr jpeg, int level)
{
    const int code = jpeg->err->msg_code;
    if (level < 0 && code != JWRN_EXTRANEOUS_DATA && code != JWRN_ADOBE_XFORM && code != JWRN_JFIF_MAJOR)
        fail(jpeg);
}

static void silent(j_common_ptr jpeg)
{
    (void)jpeg;
}

static void stop_with(reader *r, const char *why)
{
    snprintf(r->why, sizeof r->why, "%s", why);
    longjmp(r->out, 1);
}

static void watch(j_common_ptr jpeg)
{
    reader *r = jpeg->client_data;
    if (r->jpeg.input_scan_number > SCANS_MAX) stop_with(r, "it has too many scans");
}

bool photo_is_jpeg(const photo_file *file)
{
    return file->size >= 3 && file->bytes[0] == 0xff && file->bytes[1] == 0xd8 && file->bytes[2] == 0xff;
}

static void read_all(reader *r)
{
    struct jpeg_decompress_struct *jpeg = &r->jpeg;
    jpeg_create_decompress(jpeg);
    jpeg->client_data = r;
    jpeg->progress = &r->progress;
    r->progress.progress_monitor = watch;
    jpeg_mem_src(jpeg, r->file->bytes, r->file->size);
    jpeg_save_markers(jpeg, JPEG_APP0 + 2, 16); /* enough to see that there is a profile */
    jpeg_read_header(jpeg, TRUE);
    if (jpeg->jpeg_color_space == JCS_CMYK || jpeg->jpeg_color_space == JCS_YCCK)
        stop_with(r, "it is made for print (CMYK), not by a camera");
    r->photo = photo_new(r->file, "JPEG", jpeg->image_width, jpeg->image_height, r->error);
    if (!r->photo) {
        r->status = FL_E_FILE;
        longjmp(r->out, 1);
    }
    r->photo->is_grey = jpeg->num_components == 1;
    r->photo->has_profile = jpeg->marker_list && jpeg->marker_list->data_length >= 12 &&
                            memcmp(jpeg->marker_list->data, "ICC_PROFILE", 12) == 0;
    jpeg->out_color_space = JCS_RGB;
    jpeg->dct_method = JDCT_ISLOW;
    jpeg_start_decompress(jpeg);
    if (jpeg->output_components != 3) stop_with(r, "its pixels have an unknown form");
    r->row = malloc(3 * (size_t)jpeg->output_width);
    if (!r->row) stop_with(r, "no memory");
    float light_of[256];
    for (int code = 0; code < 256; code++) light_of[code] = (float)fl_srgb_decode(code / 255.0);
    for (float *light = r->photo->light; jpeg->output_scanline < jpeg->output_height;) {
        if (jpeg_read_scanlines(jpeg, &r->row, 1) != 1) stop_with(r, "it ends early");
        for (size_t i = 0; i < 3 * (size_t)jpeg->output_width; i++) *light++ = light_of[r->row[i]];
    }
    jpeg_finish_decompress(jpeg);
}

fl_status photo_read_jpeg(const photo_file *file, fl_photo **photo, fl_error *error)
{
    reader *r = calloc(1, sizeof *r);
    if (!r) return fl_error_set(error, FL_E_MEMORY, "no memory to read '%s'", file->name);
    r->file = file;
    r->error = error;
    r->jpeg.err = jpeg_std_error(&r->errors);
    r->jpeg.client_data = r;
    r->errors.error_exit = fail;
    r->errors.emit_message = warn;
    r->errors.output_message = silent;
    if (setjmp(r->out) == 0)
        read_all(r);
    else if (r->status == FL_OK)
        r->status = photo_damaged(error, file, "JPEG", r->why);
    jpeg_destroy_decompress(&r->jpeg);
    free(r->row);
    const fl_status status = r->status;
    if (status == FL_OK)
        *photo = r->photo;
    else
        fl_photo_free(r->photo);
    free(r);
    return status;
}

#include "helper_folder.h"

#include "fadeline/base/place.h"

#include <dirent.h>
#include <stdio.h>
#include <unistd.h>

static char directory[FL_PLACE_MAX];

const char *folder(void)
{
    return directory;
}

const char *folder_path(const char *file)
{
    static char path[2 * FL_PLACE_MAX];
    snprintf(path, sizeof path, "%s/%s", directory, file);
    return path;
}

void folder_clean(void)
{
    DIR *d = opendir(directory);
    if (!d) return;
    for (struct dirent *e; (e = readdir(d));) unlink(folder_path(e->d_name));
    closedir(d);
    rmdir(directory);
}

void folder_fresh(const char *name)
{
    snprintf(directory, sizeof directory, "%s/%s-%d", FL_BUILD_DIR, name, (int)getpid());
    folder_clean();
}

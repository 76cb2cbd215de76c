/* profile_path.c: which files a profile may read: those of its folder, and those on two shelves.
 *
 * A profile is data that somebody sent, so its paths lead to places that are named here and nowhere
 * else: "../maps/x.csv" and "../published/town/x.csv", or the same one folder higher. A link on a
 * shelf may not lead out of it either. */
#include "integrations/profile_path.h"
#include <stdlib.h>
#include <string.h>

#define CLIMB_MAX 2 /* folders up */
#define DEPTH_MAX 2 /* names below the shelf */

/* What stands behind "../" or "../../" and the shelf's name; NULL when the path is no such. */
static const char *
below_shelf(const char *path, const char *shelf)
{
    int climbed = 0;
    while (climbed < CLIMB_MAX && g_str_has_prefix(path, "../")) {
        path += strlen("../");
        climbed++;
    }
    gsize length = strlen(shelf);
    bool is_on_shelf = climbed > 0 && g_str_has_prefix(path, shelf) && path[length] == '/';
    return is_on_shelf ? path + length + 1 : NULL;
}

static bool
is_plain_name(const char *name)
{
    return *name != '\0' && *name != '.' && strchr(name, '/') == NULL;
}

bool
fisc_shelf_path_is_good(const char *path, const char *shelf)
{
    const char *below = below_shelf(path, shelf);
    g_auto(GStrv) names = g_strsplit(below != NULL ? below : "", "/", -1);
    guint count = g_strv_length(names);
    bool is_good = count >= 1 && count <= DEPTH_MAX;
    for (guint i = 0; is_good && i < count; i++) {
        is_good = is_plain_name(names[i]);
    }
    return is_good;
}

/* A file that is not there is told by whoever wants to read it. */
static bool
stays_on_shelf(const char *dir, const char *path, const char *shelf)
{
    gsize shelf_length = (gsize)(below_shelf(path, shelf) - path) - 1;
    g_autofree char *shelf_path = g_strndup(path, shelf_length);
    g_autofree char *root = g_build_filename(dir, shelf_path, NULL);
    g_autofree char *file = g_build_filename(dir, path, NULL);
    char *real_root = realpath(root, NULL);
    char *real_file = realpath(file, NULL);
    bool is_inside =
        real_root == NULL || real_file == NULL ||
        (g_str_has_prefix(real_file, real_root) && real_file[strlen(real_root)] == '/');
    free(real_root);
    free(real_file);
    return is_inside;
}

bool
fisc_profile_check_path(FiscProfileParser *parser, const char *group, const char *key,
                        const char *path, const char *shelf)
{
    if (strchr(path, '/') == NULL) {
        return true;
    }
    if (!fisc_shelf_path_is_good(path, shelf)) {
        return fisc_profile_refuse(parser, group, key, FISC_ERROR_VALUE_INVALID,
                                   "\"%s\" is no name of a file in the folder, and not "
                                   "../%s/NAME or ../../%s/NAME",
                                   path, shelf, shelf);
    }
    return parser->reader->map != NULL || /* which has no links */
           stays_on_shelf(parser->reader->dir, path, shelf) ||
           fisc_profile_refuse(parser, group, key, FISC_ERROR_VALUE_INVALID,
                               "\"%s\" is a link that leads out of the folder %s", path, shelf);
}

/* connector_camt.c: statements of a bank, as it drops them: in a folder, on a web server, by SFTP.
 * What is in them is camt_rows.c's. */
#include "integrations/connector.h"

static bool
is_folder(const FiscDoor *door)
{
    return door->feeder->at[0] == '/';
}

bool
fisc_camt_list(FiscDoor *door, GPtrArray *found, GError **error)
{
    return is_folder(door) ? fisc_folder_list(door, found, error)
                           : fisc_web_list(door, found, error);
}

bool
fisc_camt_get(FiscDoor *door, const FiscFound *found, const char *known_tag, GBytes **out_body,
              char **out_tag, GError **error)
{
    return is_folder(door) ? fisc_folder_get(door, found, known_tag, out_body, out_tag, error)
                           : fisc_web_get(door, found, known_tag, out_body, out_tag, error);
}

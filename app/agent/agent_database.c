/* agent_database.c: the description of a database, read and checked. agent_odbc.c asks it. */
#include "app/agent/agent_database.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define DATABASE "database"
#define DOCUMENT "document "
#define SECONDS 300
#define SECONDS_MAX 86400
#define ROWS 1000000
#define ROWS_MAX 10000000
#define BYTES_MAX (32 * 1024 * 1024) /* what a server takes */

static void
query_free(gpointer data)
{
    FiscAgentQuery *query = data;
    g_free(query->document);
    g_free(query->query);
    g_free(query);
}

void
fisc_agent_database_free(FiscAgentDatabase *database)
{
    if (database != NULL) {
        g_free(database->source);
        g_free(database->user);
        g_free(database->password);
        g_clear_pointer(&database->queries, g_ptr_array_unref);
        g_free(database);
    }
}

bool
fisc_agent_database_has(const FiscAgentDatabase *database, const char *document)
{
    for (guint i = 0; database != NULL && i < database->queries->len; i++) {
        const FiscAgentQuery *query = database->queries->pdata[i];
        if (strcmp(query->document, document) == 0) {
            return true;
        }
    }
    return false;
}

/* ---- reading it ---- */

typedef struct {
    const char *path;
    GKeyFile *file;
    FiscAgentDatabase *database;
} Reading;

/* A value, stripped; NULL when it is not said. Caller frees. */
static char *
value_of(const Reading *reading, const char *group, const char *key)
{
    char *text = g_key_file_get_string(reading->file, group, key, NULL);
    return text != NULL ? g_strstrip(text) : NULL;
}

/* A file beside the description. Caller frees. */
static char *
beside(const Reading *reading, const char *name)
{
    g_autofree char *folder = g_path_get_dirname(reading->path);
    return g_path_is_absolute(name) ? g_strdup(name) : g_build_filename(folder, name, NULL);
}

static bool
read_number(const Reading *reading, const char *key, guint usual, guint most, guint *out_number,
            GError **error)
{
    g_autofree char *text = value_of(reading, DATABASE, key);
    guint64 number = usual;
    if (text != NULL && !g_ascii_string_to_unsigned(text, 10, 1, most, &number, NULL)) {
        return fisc_fail(error, FISC_ERROR_VALUE_INVALID,
                         "%s: %s is a number from 1 to %u, not \"%s\"", reading->path, key, most,
                         text);
    }
    *out_number = (guint)number;
    return true;
}

/* Only who runs the agent may read it: it is looked at through the very descriptor that is read. */
static bool
read_password(const Reading *reading, const char *name, GError **error)
{
    g_autofree char *path = beside(reading, name);
    char text[1024];
    struct stat status;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0 || fstat(fd, &status) != 0) {
        int number = errno;
        if (fd >= 0) {
            close(fd);
        }
        return fisc_fail(error, FISC_ERROR_NOT_FOUND, "%s: %s", path, g_strerror(number));
    }
    bool is_private = S_ISREG(status.st_mode) && (status.st_mode & (S_IRWXG | S_IRWXO)) == 0;
    gssize length = is_private ? read(fd, text, sizeof text - 1) : 0;
    close(fd);
    if (!is_private) {
        return fisc_fail(error, FISC_ERROR_DENIED, "%s: others may read it: chmod 600", path);
    }
    g_free(reading->database->password);
    reading->database->password = g_strchomp(g_strndup(text, (gsize)MAX(length, 0)));
    return true;
}

/* A password there would stand in a file that is shown around, and in the list of processes when it
 * is typed. */
static bool
check_source(const Reading *reading, GError **error)
{
    const char *source = reading->database->source;
    g_autofree char *lower = g_ascii_strdown(source != NULL ? source : "", -1);
    if (*lower == '\0') {
        return fisc_fail(error, FISC_ERROR_VALUE_MISSING,
                         "%s: [database] says source = DSN=... or Driver=...", reading->path);
    }
    if (strstr(lower, "pwd") != NULL || strstr(lower, "password") != NULL) {
        return fisc_fail(error, FISC_ERROR_VALUE_INVALID,
                         "%s: the password does not stand in source: say password_file",
                         reading->path);
    }
    return true;
}

static bool
read_database(const Reading *reading, GError **error)
{
    FiscAgentDatabase *database = reading->database;
    g_autofree char *user = value_of(reading, DATABASE, "user");
    g_autofree char *password_file = value_of(reading, DATABASE, "password_file");
    database->source = value_of(reading, DATABASE, "source");
    database->user = user != NULL ? g_steal_pointer(&user) : g_strdup("");
    database->password = g_strdup("");
    database->bytes_max = BYTES_MAX;
    return check_source(reading, error) &&
           read_number(reading, "seconds", SECONDS, SECONDS_MAX, &database->seconds_max, error) &&
           read_number(reading, "rows", ROWS, ROWS_MAX, &database->rows_max, error) &&
           (password_file == NULL || read_password(reading, password_file, error));
}

/* What a query has to be for the same books to give the same bytes, and for nothing to be written
 * by mistake. Who has to be kept from writing is kept by the rights of the user. */
static bool
check_query(const Reading *reading, const char *document, const char *query, GError **error)
{
    g_autoptr(GRegex) begin = g_regex_new("^\\s*(select|with)\\b", G_REGEX_CASELESS, 0, NULL);
    g_autoptr(GRegex) order = g_regex_new("\\border\\s+by\\b", G_REGEX_CASELESS, 0, NULL);
    if (!g_regex_match(begin, query, 0, NULL)) {
        return fisc_fail(error, FISC_ERROR_VALUE_INVALID,
                         "%s: the query of %s begins with select or with", reading->path, document);
    }
    if (!g_regex_match(order, query, 0, NULL)) {
        return fisc_fail(error, FISC_ERROR_VALUE_INVALID,
                         "%s: the query of %s has no order by: the same books would be another "
                         "document each time",
                         reading->path, document);
    }
    return true;
}

static bool
read_query(const Reading *reading, const char *group, GError **error)
{
    const char *document = group + strlen(DOCUMENT);
    g_autofree char *name = value_of(reading, group, "query_file");
    g_autofree char *query = value_of(reading, group, "query");
    g_autoptr(GError) reason = NULL;
    if (*document == '\0' || *document == '.' || strchr(document, '/') != NULL ||
        strlen(document) > 100) {
        return fisc_fail(error, FISC_ERROR_VALUE_INVALID, "%s: \"%s\" is no name of a document",
                         reading->path, document);
    }
    if ((name == NULL) == (query == NULL)) {
        return fisc_fail(error, FISC_ERROR_VALUE_MISSING,
                         "%s: [%s] says query or query_file, one of them", reading->path, group);
    }
    if (name != NULL) {
        g_autofree char *path = beside(reading, name);
        if (!g_file_get_contents(path, &query, NULL, &reason)) {
            return fisc_fail(error, FISC_ERROR_NOT_FOUND, "%s", reason->message);
        }
    }
    if (!g_utf8_validate(query, -1, NULL)) {
        return fisc_fail(error, FISC_ERROR_ENCODING_INVALID, "%s: the query of %s is no UTF-8",
                         reading->path, document);
    }
    if (!check_query(reading, document, query, error)) {
        return false;
    }
    FiscAgentQuery *one = g_new0(FiscAgentQuery, 1);
    one->document = g_strdup(document);
    one->query = g_steal_pointer(&query);
    g_ptr_array_add(reading->database->queries, one);
    return true;
}

static bool
read_groups(const Reading *reading, GError **error)
{
    g_auto(GStrv) groups = g_key_file_get_groups(reading->file, NULL);
    for (int i = 0; groups[i] != NULL; i++) {
        if (g_str_has_prefix(groups[i], DOCUMENT)) {
            if (!read_query(reading, groups[i], error)) {
                return false;
            }
        } else if (strcmp(groups[i], DATABASE) != 0) {
            return fisc_fail(error, FISC_ERROR_VALUE_INVALID,
                             "%s: [%s] is neither [database] nor [document NAME]", reading->path,
                             groups[i]);
        }
    }
    return reading->database->queries->len > 0 ||
           fisc_fail(error, FISC_ERROR_VALUE_MISSING, "%s: there is no [document NAME] in it",
                     reading->path);
}

bool
fisc_agent_database_load(const char *path, FiscAgentDatabase **out_database, GError **error)
{
    g_autoptr(GKeyFile) file = g_key_file_new();
    g_autoptr(FiscAgentDatabase) database = g_new0(FiscAgentDatabase, 1);
    g_autoptr(GError) reason = NULL;
    struct stat status;
    const Reading reading = {path, file, database};
    database->queries = g_ptr_array_new_with_free_func(query_free);
    if (stat(path, &status) != 0 ||
        !g_key_file_load_from_file(file, path, G_KEY_FILE_NONE, &reason)) {
        return fisc_fail(error, FISC_ERROR_NOT_FOUND, "%s: %s", path,
                         reason != NULL ? reason->message : "it is not there");
    }
    database->changed_s = status.st_mtim.tv_sec;
    if (!read_database(&reading, error) || !read_groups(&reading, error)) {
        return false;
    }
    *out_database = g_steal_pointer(&database);
    return true;
}

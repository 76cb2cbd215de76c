/* agent_odbc.c: the one place that talks to a database of somebody else's, by ODBC.
 *
 * Everything is asked for as text and written as it came, so that a decimal is never a floating
 * point number on its way; a column that is one at the source is refused. The connection says that
 * it only reads, where a kind of database has words for that it is told so too, and what was begun
 * is rolled back. */
#include "app/agent/agent_database.h"
#include "fisc/csv.h"
#include <locale.h>
#include <sql.h>
#include <sqlext.h>
#include <string.h>

#define PIECE 2048 /* characters that a driver is asked for at once */
#define NAME_MAX_CHARS 128
#define LOGIN_SECONDS 30
#define REASON_MAX 512

typedef struct {
    const FiscAgentDatabase *database;
    SQLHENV environment;
    SQLHDBC connection;
    gint64 end; /* g_get_monotonic_time() */
    bool is_connected;
} Talk;

/* ---- what went wrong ---- */

/* Classes and states that a later try may not meet: connection, time, resources, conflicts, an
 * operator's intervention. */
static const char *const outages[] = {"08", "HYT", "40", "53", "57", "58", NULL};

/* SQLite's driver has one state for everything; its own numbers: busy, locked, input or output,
 * cannot be opened. */
static bool
is_busy_sqlite(const char *state, const char *reason, SQLINTEGER native)
{
    return strcmp(state, "HY000") == 0 && g_str_has_prefix(reason, "[SQLite]") &&
           (native == 5 || native == 6 || native == 10 || native == 14);
}

static bool
is_outage(const char *state, const char *reason, SQLINTEGER native)
{
    for (int i = 0; outages[i] != NULL; i++) {
        if (g_str_has_prefix(state, outages[i])) {
            return true;
        }
    }
    return is_busy_sqlite(state, reason, native);
}

/* What the driver says of a handle, as an error. */
static bool
fail_with(SQLSMALLINT kind, SQLHANDLE handle, const char *what, GError **error)
{
    SQLCHAR state[SQL_SQLSTATE_SIZE + 1] = "HY000", text[REASON_MAX] = "no reason";
    SQLINTEGER native = 0;
    SQLSMALLINT length = 0;
    SQLGetDiagRec(kind, handle, 1, state, &native, text, sizeof text, &length);
    g_autofree char *reason = g_utf8_make_valid((const char *)text, -1);
    bool is_away = is_outage((const char *)state, reason, native);
    return fisc_fail(error, is_away ? FISC_ERROR_PEER_UNAVAILABLE : FISC_ERROR_VALUE_INVALID,
                     "%s: %s (%s)", what, reason, state);
}

static bool
fail_late(const Talk *talk, GError **error)
{
    return fisc_fail(error, FISC_ERROR_PEER_UNAVAILABLE,
                     "the database was asked for more than %u seconds",
                     talk->database->seconds_max);
}

/* ---- coming and going ---- */

/* ";UID=clerk"; what would end a word earlier is put into braces, "{a}}b;}", and nothing else is,
 * because some drivers take braces for a part of the word. */
static void
append_word(GString *text, const char *name, const char *word)
{
    g_auto(GStrv) parts = g_strsplit(word, "}", -1);
    g_autofree char *safe = g_strjoinv("}}", parts);
    bool is_plain = strpbrk(word, ";{}[]()=,?*!@ ") == NULL;
    if (*word != '\0') {
        g_string_append_printf(text, ";%s=%s%s%s", name, is_plain ? "" : "{", safe,
                               is_plain ? "" : "}");
    }
}

static void
set(const Talk *talk, SQLINTEGER attribute, gsize value)
{
    /* Not every driver knows every one: the rights of the user are what holds. */
    (void)SQLSetConnectAttr(talk->connection, attribute, (SQLPOINTER)value, 0);
}

/* In the characters of ODBC: what a narrow text means hangs on the machine's language. */
static bool
execute(SQLHSTMT statement, const char *words)
{
    g_autofree gunichar2 *wide = g_utf8_to_utf16(words, -1, NULL, NULL, NULL);
    return wide != NULL && SQL_SUCCEEDED(SQLExecDirectW(statement, wide, SQL_NTS));
}

static bool
run_words(const Talk *talk, const char *words, GError **error)
{
    SQLHSTMT statement = SQL_NULL_HSTMT;
    SQLAllocHandle(SQL_HANDLE_STMT, talk->connection, &statement);
    bool is_done = execute(statement, words) || fail_with(SQL_HANDLE_STMT, statement, words, error);
    SQLFreeHandle(SQL_HANDLE_STMT, statement);
    return is_done;
}

/* How a kind of database is told that nothing is to be written, and that all is of one moment. */
static const struct {
    const char *name;
    const char *words;
} kinds[] = {
    {"PostgreSQL", "set transaction isolation level repeatable read, read only"},
    {"SQLite", "pragma query_only = 1"},
    {"MariaDB", "start transaction with consistent snapshot, read only"},
    {"MySQL", "start transaction with consistent snapshot, read only"},
    {"Oracle", "set transaction read only"},
};

static bool
begin(const Talk *talk, GError **error)
{
    char name[REASON_MAX] = "";
    SQLSMALLINT length = 0;
    set(talk, SQL_ATTR_ACCESS_MODE, SQL_MODE_READ_ONLY);
    set(talk, SQL_ATTR_TXN_ISOLATION, SQL_TXN_REPEATABLE_READ);
    set(talk, SQL_ATTR_AUTOCOMMIT, SQL_AUTOCOMMIT_OFF);
    SQLGetInfo(talk->connection, SQL_DBMS_NAME, name, sizeof name, &length);
    for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
        if (g_str_has_prefix(name, kinds[i].name)) {
            return run_words(talk, kinds[i].words, error);
        }
    }
    return true;
}

static bool
talk_open(Talk *talk, GError **error)
{
    const FiscAgentDatabase *database = talk->database;
    g_autoptr(GString) words = g_string_new(database->source);
    append_word(words, "UID", database->user);
    append_word(words, "PWD", database->password);
    SQLAllocHandle(SQL_HANDLE_ENV, SQL_NULL_HANDLE, &talk->environment);
    SQLSetEnvAttr(talk->environment, SQL_ATTR_ODBC_VERSION, (SQLPOINTER)SQL_OV_ODBC3, 0);
    SQLAllocHandle(SQL_HANDLE_DBC, talk->environment, &talk->connection);
    set(talk, SQL_ATTR_LOGIN_TIMEOUT, MIN(LOGIN_SECONDS, database->seconds_max));
    /* In the characters of ODBC: connected by a narrow text, every other text would be narrow, too,
     * and lose its letters. */
    glong length = 0;
    g_autofree gunichar2 *wide = g_utf8_to_utf16(words->str, -1, NULL, &length, NULL);
    talk->is_connected =
        wide != NULL && SQL_SUCCEEDED(SQLDriverConnectW(talk->connection, NULL, wide, SQL_NTS, NULL,
                                                        0, NULL, SQL_DRIVER_NOPROMPT));
    if (wide != NULL) {
        explicit_bzero(wide, (gsize)length * sizeof *wide); /* of memory that is given back */
    }
    explicit_bzero(words->str, words->len);
    return talk->is_connected
               ? begin(talk, error)
               : fail_with(SQL_HANDLE_DBC, talk->connection, database->source, error);
}

static void
talk_close(Talk *talk)
{
    if (talk->is_connected) {
        SQLEndTran(SQL_HANDLE_DBC, talk->connection, SQL_ROLLBACK);
        SQLDisconnect(talk->connection);
    }
    SQLFreeHandle(SQL_HANDLE_DBC, talk->connection);
    SQLFreeHandle(SQL_HANDLE_ENV, talk->environment);
}

/* ---- a cell ---- */

/* From what a driver gives (UTF-16) to UTF-8. NULL: it is no text. Caller frees. */
static char *
text_of(const GArray *characters, const char *document, guint row, GError **error)
{
    glong length = 0;
    if (characters->len == 0) {
        return g_strdup("");
    }
    char *text = g_utf16_to_utf8((const gunichar2 *)(const void *)characters->data,
                                 (glong)characters->len, NULL, &length, NULL);
    if (text == NULL || strlen(text) != (gsize)length) {
        fisc_fail(error, FISC_ERROR_ENCODING_INVALID, "%s: row %u has what is no text", document,
                  row);
        g_clear_pointer(&text, g_free);
    }
    return text;
}

/* Piece by piece. *out_text stays NULL for NULL. */
static bool
read_cell(SQLHSTMT statement, SQLUSMALLINT column, const FiscAgentQuery *query, guint row,
          gsize bytes_max, char **out_text, GError **error)
{
    g_autoptr(GArray) whole = g_array_new(FALSE, FALSE, sizeof(gunichar2));
    for (;;) {
        gunichar2 piece[PIECE];
        SQLLEN bytes = 0;
        SQLRETURN answer = SQLGetData(statement, column, SQL_C_WCHAR, piece, sizeof piece, &bytes);
        if (answer == SQL_NO_DATA) {
            break;
        }
        if (!SQL_SUCCEEDED(answer)) {
            return fail_with(SQL_HANDLE_STMT, statement, query->document, error);
        }
        if (bytes == SQL_NULL_DATA) {
            return true;
        }
        /* The last place of a piece that is full is its end. */
        bool is_full = bytes == SQL_NO_TOTAL || bytes >= (SQLLEN)sizeof piece;
        g_array_append_vals(whole, piece, is_full ? PIECE - 1 : (guint)bytes / sizeof *piece);
        if (whole->len > bytes_max) {
            return fisc_fail(error, FISC_ERROR_LINE_TOO_LONG, "%s: row %u is too long",
                             query->document, row);
        }
        if (answer == SQL_SUCCESS) {
            break;
        }
    }
    *out_text = text_of(whole, query->document, row, error);
    return *out_text != NULL;
}

/* ---- a document ---- */

static bool
is_floating(SQLSMALLINT type)
{
    return type == SQL_REAL || type == SQL_FLOAT || type == SQL_DOUBLE;
}

static bool
is_binary(SQLSMALLINT type)
{
    return type == SQL_BINARY || type == SQL_VARBINARY || type == SQL_LONGVARBINARY;
}

static bool
check_column(const FiscAgentQuery *query, const char *name, SQLSMALLINT type, GHashTable *names,
             GError **error)
{
    if (name == NULL || *name == '\0' || !g_hash_table_add(names, g_strdup(name))) {
        return fisc_fail(error, FISC_ERROR_VALUE_INVALID,
                         "%s: a column has no name, or that of another (\"%s\"): name it by AS",
                         query->document, name != NULL ? name : "");
    }
    if (is_floating(type) || is_binary(type)) {
        return fisc_fail(error, FISC_ERROR_VALUE_INVALID,
                         "%s: the column %s is %s: let the query make a %s of it", query->document,
                         name, is_binary(type) ? "bytes" : "a floating point number",
                         is_binary(type) ? "text" : "decimal number or a text");
    }
    return true;
}

/* The first line: the columns' names. */
static bool
write_header(SQLHSTMT statement, const FiscAgentQuery *query, guint *out_columns, GString *out,
             GError **error)
{
    g_autoptr(GHashTable) names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    SQLSMALLINT count = 0;
    SQLNumResultCols(statement, &count);
    if (count < 1) {
        return fisc_fail(error, FISC_ERROR_VALUE_INVALID, "%s: the query gives no rows",
                         query->document);
    }
    for (SQLSMALLINT i = 1; i <= count; i++) {
        SQLWCHAR wide[NAME_MAX_CHARS] = {0};
        SQLSMALLINT length = 0, type = 0, decimals = 0, nullable = 0;
        SQLULEN size = 0;
        if (!SQL_SUCCEEDED(SQLDescribeColW(statement, (SQLUSMALLINT)i, wide, NAME_MAX_CHARS,
                                           &length, &type, &size, &decimals, &nullable))) {
            return fail_with(SQL_HANDLE_STMT, statement, query->document, error);
        }
        wide[NAME_MAX_CHARS - 1] = 0;
        g_autofree char *name = g_utf16_to_utf8(wide, -1, NULL, NULL, NULL);
        if (!check_column(query, name, type, names, error)) {
            return false;
        }
        g_string_append(out, i > 1 ? "," : "");
        fisc_csv_append(out, name);
    }
    g_string_append(out, "\r\n");
    *out_columns = (guint)count;
    return true;
}

static bool
write_row(const Talk *talk, SQLHSTMT statement, const FiscAgentQuery *query, guint columns,
          guint row, GString *out, GError **error)
{
    for (guint i = 1; i <= columns; i++) {
        g_autofree char *text = NULL;
        if (!read_cell(statement, (SQLUSMALLINT)i, query, row, talk->database->bytes_max, &text,
                       error)) {
            return false;
        }
        g_string_append(out, i > 1 ? "," : "");
        fisc_csv_append(out, text != NULL ? text : "");
    }
    g_string_append(out, "\r\n");
    return true;
}

static bool
check_limits(const Talk *talk, const FiscAgentQuery *query, guint rows, const GString *out,
             GError **error)
{
    const FiscAgentDatabase *database = talk->database;
    if (rows > database->rows_max || out->len > database->bytes_max) {
        return fisc_fail(error, FISC_ERROR_VALUE_INVALID,
                         "%s: more than %u rows or %" G_GSIZE_FORMAT " MiB", query->document,
                         database->rows_max, database->bytes_max / (1024 * 1024));
    }
    return g_get_monotonic_time() < talk->end || fail_late(talk, error);
}

static bool
write_rows(const Talk *talk, SQLHSTMT statement, const FiscAgentQuery *query, GString *out,
           GError **error)
{
    guint columns = 0;
    if (!write_header(statement, query, &columns, out, error)) {
        return false;
    }
    for (guint row = 1;; row++) {
        SQLRETURN answer = SQLFetch(statement);
        if (answer == SQL_NO_DATA) {
            return true;
        }
        if (!SQL_SUCCEEDED(answer)) {
            return fail_with(SQL_HANDLE_STMT, statement, query->document, error);
        }
        if (!write_row(talk, statement, query, columns, row, out, error) ||
            !check_limits(talk, query, row, out, error)) {
            return false;
        }
    }
}

static bool
read_document(const Talk *talk, const FiscAgentQuery *query, GString *out, GError **error)
{
    SQLHSTMT statement = SQL_NULL_HSTMT;
    gint64 left_s = (talk->end - g_get_monotonic_time()) / G_USEC_PER_SEC;
    SQLAllocHandle(SQL_HANDLE_STMT, talk->connection, &statement);
    (void)SQLSetStmtAttr(statement, SQL_ATTR_QUERY_TIMEOUT, (SQLPOINTER)(gsize)MAX(left_s, 1), 0);
    bool is_done = execute(statement, query->query)
                       ? write_rows(talk, statement, query, out, error)
                       : fail_with(SQL_HANDLE_STMT, statement, query->document, error);
    SQLFreeHandle(SQL_HANDLE_STMT, statement);
    return is_done;
}

static void
result_free(gpointer data)
{
    FiscAgentResult *result = data;
    g_free(result->document);
    g_bytes_unref(result->bytes);
    g_free(result);
}

static bool
read_documents(const FiscAgentDatabase *database, GPtrArray **out_results, GError **error)
{
    g_autoptr(GPtrArray) results = g_ptr_array_new_with_free_func(result_free);
    Talk talk = {.database = database};
    talk.end = g_get_monotonic_time() + (gint64)database->seconds_max * G_USEC_PER_SEC;
    bool is_done = talk_open(&talk, error);
    for (guint i = 0; is_done && i < database->queries->len; i++) {
        const FiscAgentQuery *query = database->queries->pdata[i];
        GString *text = g_string_new(NULL);
        is_done = read_document(&talk, query, text, error);
        FiscAgentResult *result = g_new0(FiscAgentResult, 1);
        result->document = g_strdup(query->document);
        result->bytes = g_string_free_to_bytes(text);
        g_ptr_array_add(results, result);
    }
    talk_close(&talk);
    if (is_done) {
        *out_results = g_steal_pointer(&results);
    }
    return is_done;
}

/* The library takes the letters of drivers that know no others than bytes to be of the language of
 * the thread; what it cannot say in it, it cuts to pieces. */
bool
fisc_agent_database_read(const FiscAgentDatabase *database, GPtrArray **out_results, GError **error)
{
    locale_t letters = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    if (letters == (locale_t)0) {
        return fisc_fail(error, FISC_ERROR_SETUP, "the locale C.UTF-8 is not there");
    }
    locale_t before = uselocale(letters);
    bool is_done = read_documents(database, out_results, error);
    uselocale(before);
    freelocale(letters);
    return is_done;
}

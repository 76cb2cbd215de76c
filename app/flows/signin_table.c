/* signin_table.c: sessions, tokens and the log of sign-ins as tables. */
#include "app/flows/signin.h"
#include <string.h>

#define LOG_ROWS 500

/* Every column is text; the rows are as they came. */
static FiscTable *
build(const char *name, const char *title, const char *const *columns, const FiscRows *rows)
{
    FiscTable *table = fisc_table_new(name, title, 0);
    for (int i = 0; columns[i] != NULL; i++) {
        fisc_table_add_column(table, columns[i], FISC_COLUMN_TEXT);
    }
    for (int row = 0; row < fisc_rows_count(rows); row++) {
        FiscRow *line = fisc_table_add_row(table);
        for (int i = 0; columns[i] != NULL; i++) {
            bool is_flag = strcmp(columns[i], "strong") == 0;
            const char *flag = is_flag && fisc_rows_int4(rows, row, i) != 0 ? "yes" : "no";
            if (!fisc_rows_is_null(rows, row, i)) {
                fisc_table_set_text(table, line, i, is_flag ? flag : fisc_rows_text(rows, row, i));
            }
        }
    }
    return table;
}

bool
fisc_flow_session_list(FiscContext *ctx, const char *person, FiscTable **out_table, GError **error)
{
    static const char *const columns[] = {"session",    "person", "made_at", "used_at",
                                          "expires_at", "strong", "address", NULL};
    g_autoptr(FiscRows) rows = NULL;
    if (!fisc_flow_identity_query(
            ctx, FISC_SQL_IDENTITY_SESSIONS,
            FISC_ARGS(fisc_int4(ctx->book_id), fisc_text(person), fisc_int4(FISC_SESSION_IDLE_S)),
            &rows, error)) {
        return false;
    }
    *out_table = build("sessions", "Sessions", columns, rows);
    return true;
}

bool
fisc_flow_token_list(FiscContext *ctx, const char *person, FiscTable **out_table, GError **error)
{
    static const char *const columns[] = {"person",     "token",   "entity", "uses", "made_at",
                                          "expires_at", "used_at", "state",  NULL};
    g_autoptr(FiscRows) rows = NULL;
    if (!fisc_flow_identity_query(ctx, FISC_SQL_IDENTITY_TOKENS,
                                  FISC_ARGS(fisc_int4(ctx->book_id), fisc_text(person)), &rows,
                                  error)) {
        return false;
    }
    *out_table = build("tokens", "Tokens", columns, rows);
    return true;
}

bool
fisc_flow_sign_in_list(FiscContext *ctx, const char *person, FiscTable **out_table, GError **error)
{
    static const char *const columns[] = {"at", "person", "what", "address", "request", NULL};
    g_autoptr(FiscRows) rows = NULL;
    if (!fisc_flow_identity_query(
            ctx, FISC_SQL_IDENTITY_SIGN_INS,
            FISC_ARGS(fisc_int4(ctx->book_id), fisc_text(person), fisc_int4(LOG_ROWS)), &rows,
            error)) {
        return false;
    }
    *out_table = build("sign-ins", "Sign-ins, newest first", columns, rows);
    return true;
}

/* matrix.c: the matrix of duties that the program ships, from the tables beside it, as events.
 *
 * The tables have no quoted cells: duties.csv has one row per action with the approvals it needs
 * and one column per role, the others one row per pair. Their last column is for readers. */
#include "core/identity/registry.h"
#include <string.h>

extern const char fisc_identity_duties[];
extern const char fisc_identity_exclusions[];
extern const char fisc_identity_conflicts[];

#define DUTY_FIRST_ROLE 3 /* behind action, needs, by */

typedef struct {
    void (*take)(const char *kind, const char *subject, GPtrArray *fields, void *data);
    void *data;
} Taker;

static void
take(const Taker *taker, const char *kind, const char *subject, const char *const *pairs)
{
    g_autoptr(GPtrArray) fields = g_ptr_array_new();
    for (int i = 0; pairs[i] != NULL; i++) {
        g_ptr_array_add(fields, (char *)pairs[i]);
    }
    taker->take(kind, subject, fields, taker->data);
}

static void
take_action(const Taker *taker, char **head, char **row)
{
    take(taker, "approvals", row[0], (const char *const[]){"needs", row[1], "by", row[2], NULL});
    for (int i = DUTY_FIRST_ROLE; head[i + 1] != NULL; i++) {
        g_autofree char *subject = g_strconcat(head[i], "/", row[0], NULL);
        take(taker, "duty", subject, (const char *const[]){"rights", row[i], NULL});
    }
}

static void
take_exclusion(const Taker *taker, char **head, char **row)
{
    (void)head;
    g_autofree char *subject = g_strconcat(row[0], "/", row[1], NULL);
    take(taker, "exclusion", subject,
         (const char *const[]){"scope", row[2], "exception", row[3], NULL});
}

static void
take_conflict(const Taker *taker, char **head, char **row)
{
    (void)head;
    g_autofree char *subject = g_strconcat(row[0], "/", row[1], NULL);
    take(taker, "conflict", subject, (const char *const[]){"holds", "yes", NULL});
}

static void
read_table(const char *text, const Taker *taker,
           void (*take_row)(const Taker *taker, char **head, char **row))
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    g_auto(GStrv) head = g_strsplit(lines[0], ",", -1);
    for (int i = 1; lines[i] != NULL; i++) {
        g_auto(GStrv) row = g_strsplit(lines[i], ",", -1);
        if (row[0] != NULL && *row[0] != '\0') {
            g_assert(g_strv_length(row) == g_strv_length(head)); /* compiled in: a bug */
            take_row(taker, head, row);
        }
    }
}

void
fisc_matrix_events(void (*take_event)(const char *kind, const char *subject, GPtrArray *fields,
                                      void *data),
                   void *data)
{
    Taker taker = {take_event, data};
    read_table(fisc_identity_duties, &taker, take_action);
    read_table(fisc_identity_exclusions, &taker, take_exclusion);
    read_table(fisc_identity_conflicts, &taker, take_conflict);
}

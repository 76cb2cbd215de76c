/* audit_names.c: entries of the log for people: the numbers that hashes cover become codes, by the
 * events that gave them. Who makes a pack and who checks it write the same bytes. */
#include "app/flows/audit_pack.h"
#include "fisc/csv.h"
#include "fisc/gfs.h"
#include "fisc/money.h"
#include <string.h>

typedef struct {
    int entity_id, account_id, flow, kind;
    char *dim[FISC_DIM_COUNT];
} Coding;

/* A code of GFSM 2014 is told with flow and kind, as it was posted; any other as it stands. */
typedef struct {
    char *code, *gfs;
    bool is_gfs;
} Account;

struct _FiscAuditNames {
    GHashTable *codes;    /* "kind/number" -> code */
    GHashTable *decimals; /* number of an entity -> decimals of its currency */
    GHashTable *codings;  /* number -> Coding */
    GHashTable *accounts; /* number -> Account */
};

static void
coding_free(gpointer data)
{
    Coding *coding = data;
    for (int i = 0; i < FISC_DIM_COUNT; i++) {
        g_free(coding->dim[i]);
    }
    g_free(coding);
}

static void
account_free(gpointer data)
{
    Account *account = data;
    g_free(account->code);
    g_free(account->gfs);
    g_free(account);
}

FiscAuditNames *
fisc_audit_names_new(void)
{
    FiscAuditNames *names = g_new0(FiscAuditNames, 1);
    names->codes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    names->decimals = g_hash_table_new(NULL, NULL);
    names->codings = g_hash_table_new_full(NULL, NULL, NULL, coding_free);
    names->accounts = g_hash_table_new_full(NULL, NULL, NULL, account_free);
    return names;
}

void
fisc_audit_names_free(FiscAuditNames *names)
{
    if (names != NULL) {
        g_hash_table_unref(names->codes);
        g_hash_table_unref(names->decimals);
        g_hash_table_unref(names->codings);
        g_hash_table_unref(names->accounts);
        g_free(names);
    }
}

static const char *
field_of(const FiscLogEvent *event, const char *name)
{
    for (int i = 0; i + 1 < event->field_count; i += 2) {
        if (strcmp(event->fields[i], name) == 0) {
            return event->fields[i + 1];
        }
    }
    return "";
}

static void
take_account(FiscAuditNames *names, const FiscLogEvent *event)
{
    Account *account = g_new0(Account, 1);
    account->code = g_strdup(event->subject);
    account->gfs = g_strdup(field_of(event, "gfs"));
    account->is_gfs = strcmp(field_of(event, "chart"), "gfsm2014") == 0 &&
                      strcmp(field_of(event, "class"), "budgetary") != 0;
    g_hash_table_insert(names->accounts, GINT_TO_POINTER(event->number), account);
}

void
fisc_audit_names_event(FiscAuditNames *names, const FiscLogEvent *event)
{
    static const char *const kinds[] = {"entity", "source", "person", NULL};
    if (strcmp(event->kind, "account") == 0) {
        take_account(names, event);
    }
    if (!g_strv_contains(kinds, event->kind)) {
        return;
    }
    g_hash_table_insert(names->codes, g_strdup_printf("%s/%d", event->kind, event->number),
                        g_strdup(event->subject));
    if (strcmp(event->kind, "entity") == 0) {
        int decimals = fisc_currency_decimals(field_of(event, "currency"));
        g_hash_table_insert(names->decimals, GINT_TO_POINTER(event->number),
                            GINT_TO_POINTER(MAX(decimals, 0)));
    }
}

void
fisc_audit_names_coding(FiscAuditNames *names, const FiscLogCoding *coding)
{
    Coding *kept = g_new0(Coding, 1);
    kept->entity_id = coding->entity_id;
    kept->account_id = coding->account_id;
    kept->flow = coding->flow;
    kept->kind = coding->kind;
    for (int i = 0; i < FISC_DIM_COUNT; i++) {
        kept->dim[i] = g_strdup(coding->dim[i]);
    }
    g_hash_table_insert(names->codings, GINT_TO_POINTER((int)coding->coding_id), kept);
}

static const char *
code_of(const FiscAuditNames *names, const char *kind, int number)
{
    g_autofree char *key = g_strdup_printf("%s/%d", kind, number);
    return g_hash_table_lookup(names->codes, key);
}

const char *
fisc_audit_names_entity(const FiscAuditNames *names, int number)
{
    return code_of(names, "entity", number);
}

/* Lines --------------------------------------------------------------------------------------- */

void
fisc_audit_write_header(GString *csv)
{
    g_string_append(csv, "entry,line,batch,date,period,entity,source,reference,document,maker,side,"
                         "account,flow,kind");
    for (int i = 0; i < FISC_DIM_COUNT; i++) {
        g_string_append_printf(csv, ",%s", fisc_dimension_column((FiscDimension)i));
    }
    g_string_append(csv, ",item,memo,amount\n");
}

static void
append(GString *csv, const char *text)
{
    fisc_csv_append(csv, text != NULL ? text : "");
    g_string_append_c(csv, ',');
}

static void
append_number(GString *csv, int64_t number)
{
    g_string_append_printf(csv, "%" G_GINT64_FORMAT ",", number);
}

/* What all lines of an entry say. */
typedef struct {
    const char *entity, *source, *maker;
    int decimals;
} Words;

static void
write_line(const FiscLogEntry *entry, int line, const Words *words, const Coding *coding,
           const Account *account, GString *csv)
{
    char date[FISC_DATE_TEXT], period[FISC_DATE_TEXT], amount[FISC_AMOUNT_TEXT];
    char posted[FISC_GFS_CODE];
    const char *code = account->code;
    if (account->is_gfs) {
        fisc_gfs_compose(account->gfs, coding->flow, coding->kind, posted);
        code = posted;
    }
    append_number(csv, entry->entry_id);
    append_number(csv, line + 1);
    append_number(csv, entry->item.batch_no);
    append(csv, fisc_date_format(entry->effective, date));
    append(csv, fisc_period_format(entry->period, period));
    append(csv, words->entity);
    append(csv, words->source);
    append(csv, entry->reference);
    append(csv, entry->document);
    append(csv, words->maker);
    append(csv, line < entry->financial ? "financial" : "budgetary");
    append(csv, code);
    append_number(csv, coding->flow);
    append_number(csv, coding->kind);
    for (int i = 0; i < FISC_DIM_COUNT; i++) {
        append(csv, coding->dim[i]);
    }
    append(csv, entry->open_item != NULL ? entry->open_item[line] : "");
    append(csv, entry->memo);
    g_string_append(csv, fisc_amount_format(entry->amount[line], words->decimals, amount));
    g_string_append_c(csv, '\n');
}

const char *
fisc_audit_write_entry(const FiscAuditNames *names, const FiscLogEntry *entry, GString *csv)
{
    gpointer entity = GINT_TO_POINTER(entry->entity_id);
    const Words words = {.entity = code_of(names, "entity", entry->entity_id),
                         .source = code_of(names, "source", entry->source_id),
                         .maker = code_of(names, "person", entry->maker),
                         .decimals = GPOINTER_TO_INT(g_hash_table_lookup(names->decimals, entity))};
    if (words.entity == NULL || words.source == NULL || words.maker == NULL) {
        return "its entity, source or maker";
    }
    for (int i = 0; i < entry->count; i++) {
        const Coding *coding =
            g_hash_table_lookup(names->codings, GINT_TO_POINTER(entry->coding[i]));
        const Account *account =
            coding != NULL
                ? g_hash_table_lookup(names->accounts, GINT_TO_POINTER(coding->account_id))
                : NULL;
        if (account == NULL || coding->entity_id != entry->entity_id) {
            return "the coding of a line";
        }
        write_line(entry, i, &words, coding, account, csv);
    }
    return NULL;
}

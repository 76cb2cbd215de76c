/* tryton_rows.c: a period of a Tryton (connector_tryton.c) as rows of debit and credit. Its amounts
 * are decimals written as text; a JSON number is no amount. */
#include "integrations/tryton.h"
#include "integrations/connector.h"
#include "integrations/posting_rows.h"
#include <string.h>

typedef struct {
    const char *document;
    FiscRefusals *refusals;
    const char *currency;
    GHashTable *accounts; /* id -> json_t of the account */
    GHashTable *moves;    /* id of a move -> GArray of FiscPosting */
    bool is_refused;
} Reading;

static void
refuse(Reading *reading, const char *field, FiscError code, json_int_t id, const char *reason)
{
    fisc_refusals_add(reading->refusals, code, reading->document, 0, field,
                      "record %" JSON_INTEGER_FORMAT ": %s", id, reason);
    reading->is_refused = true;
}

static const char *
text_of(json_t *object, const char *member)
{
    const char *text = json_string_value(json_object_get(object, member));
    return text != NULL ? text : "";
}

static json_int_t
id_of(json_t *object, const char *member)
{
    return json_integer_value(json_object_get(object, member));
}

bool
fisc_tryton_day(json_t *value, char buffer[TRYTON_DAY_TEXT])
{
    json_int_t year = id_of(value, "year"), month = id_of(value, "month"),
               day = id_of(value, "day");
    if (strcmp(text_of(value, "__class__"), "date") != 0 || year < 1 || year > 9999 || month < 1 ||
        month > 12 || day < 1 || day > 31) {
        return false;
    }
    g_snprintf(buffer, TRYTON_DAY_TEXT, "%04d-%02d-%02d", (int)year, (int)month, (int)day);
    return true;
}

/* "-12.30" -> -1230 and 2; "0E-8" is written so, too. False when it is no decimal that fits. */
static bool
read_decimal(const char *text, int64_t *out_amount, int *out_decimals)
{
    const char *at = *text == '-' ? text + 1 : text;
    int64_t amount = 0;
    int decimals = 0;
    bool has_point = false, has_digit = false;
    for (; g_ascii_isdigit(*at) || (*at == '.' && !has_point); at++) {
        if (*at == '.') {
            has_point = true;
            continue;
        }
        has_digit = true;
        decimals += has_point;
        if (__builtin_mul_overflow(amount, 10, &amount) ||
            __builtin_add_overflow(amount, *at - '0', &amount)) {
            return false;
        }
    }
    *out_amount = *text == '-' ? -amount : amount;
    *out_decimals = amount != 0 ? decimals : 0;
    bool is_zero_with_exponent = amount == 0 && *at == 'E';
    return has_digit && (*at == '\0' || is_zero_with_exponent) &&
           *out_decimals <= FISC_POSTING_DECIMALS_MAX;
}

static void
add_side(Reading *reading, json_t *line, const char *side, FiscPosting posting, GArray *postings)
{
    json_t *value = json_object_get(line, side);
    json_t *text = json_object_get(value, "decimal");
    if (strcmp(text_of(value, "__class__"), "Decimal") != 0 || !json_is_string(text) ||
        !read_decimal(json_string_value(text), &posting.amount, &posting.decimals)) {
        refuse(reading, side, FISC_ERROR_AMOUNT_INVALID, id_of(line, "id"),
               "an amount is a Decimal of at most 18 digits, as text");
        return;
    }
    posting.amount = strcmp(side, "credit") == 0 ? -posting.amount : posting.amount;
    if (posting.amount != 0) {
        g_array_append_val(postings, posting);
    }
}

static void
take_line(Reading *reading, json_t *line)
{
    json_int_t of = id_of(line, "move"), account_id = id_of(line, "account");
    GArray *postings = g_hash_table_lookup(reading->moves, &of);
    json_t *account = g_hash_table_lookup(reading->accounts, &account_id);
    if (postings == NULL || account == NULL) {
        refuse(reading, postings == NULL ? "move" : "account", FISC_ERROR_VALUE_MISSING,
               id_of(line, "id"), "the document does not have it");
        return;
    }
    FiscPosting posting = {.account = text_of(account, "code"),
                           .name = text_of(account, "name"),
                           .party = text_of(json_object_get(line, "party."), "rec_name"),
                           .currency = reading->currency};
    posting.account = *posting.account != '\0' ? posting.account : posting.name;
    add_side(reading, line, "debit", posting, postings);
    add_side(reading, line, "credit", posting, postings);
}

static void
write_move(Reading *reading, json_t *move, GString *out)
{
    char day[TRYTON_DAY_TEXT];
    json_int_t id = id_of(move, "id");
    g_autofree char *name = g_strdup_printf("%" JSON_INTEGER_FORMAT, id);
    if (!fisc_tryton_day(json_object_get(move, "date"), day)) {
        refuse(reading, "date", FISC_ERROR_DATE_INVALID, id, "a move has no date");
        return;
    }
    const FiscTransaction row = {.id = name,
                                 .date = day,
                                 .code = text_of(move, "number"),
                                 .description = text_of(move, "description"),
                                 .status = "posted"};
    if (!fisc_posting_rows_add(out, reading->document, &row,
                               g_hash_table_lookup(reading->moves, &id), reading->refusals)) {
        reading->is_refused = true;
    }
}

/* id -> what @make gives; one id twice is refused. */
static void
index_records(Reading *reading, json_t *records, GHashTable *into, gpointer (*make)(json_t *))
{
    gsize index;
    json_t *record;
    json_array_foreach(records, index, record)
    {
        int64_t id = id_of(record, "id");
        if (!g_hash_table_insert(into, g_memdup2(&id, sizeof id), make(record))) {
            refuse(reading, "id", FISC_ERROR_DUPLICATE_ROW, id, "it is there twice");
        }
    }
}

static gpointer
itself(json_t *record)
{
    return record;
}

static gpointer
no_postings(json_t *record)
{
    (void)record;
    return g_array_new(FALSE, FALSE, sizeof(FiscPosting));
}

static void
write_rows(Reading *reading, json_t *root, GString *out)
{
    gsize index;
    json_t *record;
    fisc_posting_rows_begin(out);
    index_records(reading, json_object_get(root, "accounts"), reading->accounts, itself);
    index_records(reading, json_object_get(root, "moves"), reading->moves, no_postings);
    json_array_foreach(json_object_get(root, "lines"), index, record)
    {
        take_line(reading, record);
    }
    json_array_foreach(json_object_get(root, "moves"), index, record)
    {
        write_move(reading, record, out);
    }
}

bool
fisc_tryton_convert(const FiscFeeder *feeder, const char *document, GBytes *body, GBytes **out_text,
                    FiscRefusals *refusals)
{
    gsize length = 0;
    const char *text = g_bytes_get_data(body, &length);
    json_t *root = json_loadb(text != NULL ? text : "", length, JSON_REJECT_DUPLICATES, NULL);
    Reading reading = {.document = document, .refusals = refusals};
    GString *out = g_string_new(NULL);
    (void)feeder;
    reading.currency = text_of(root, "currency");
    reading.accounts = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    reading.moves =
        g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, (GDestroyNotify)g_array_unref);
    if (*reading.currency == '\0' || !json_is_array(json_object_get(root, "moves")) ||
        !json_is_array(json_object_get(root, "lines"))) {
        fisc_refusals_add(refusals, FISC_ERROR_JSON_INVALID, document, 0, NULL,
                          "a period is an object with its currency, accounts, moves and lines");
        reading.is_refused = true;
    } else {
        write_rows(&reading, root, out);
    }
    g_hash_table_unref(reading.accounts);
    g_hash_table_unref(reading.moves);
    json_decref(root);
    if (reading.is_refused) {
        g_string_free(out, TRUE);
        return false;
    }
    *out_text = g_string_free_to_bytes(out);
    return true;
}

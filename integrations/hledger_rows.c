/* hledger_rows.c: from the JSON of hledger-web to rows of debit and credit. What its accounts mean,
 * profiles and maps say.
 *
 * An amount is a mantissa and its decimals. The floating point number beside them is never read. */
#include "integrations/connector.h"
#include "integrations/posting_rows.h"
#include <jansson.h>
#include <string.h>

typedef struct {
    const char *document;
    FiscRefusals *refusals;
    GString *out;
    GHashTable *names; /* ids given so far -> how many transactions have asked for them */
    int line;          /* of the source's journal, where the transaction begins */
} Reading;

static bool
refuse(const Reading *reading, const char *field, FiscError code, const char *reason)
{
    fisc_refusals_add(reading->refusals, code, reading->document, reading->line, field, "%s",
                      reason);
    return false;
}

/* "" when there is none, or no text. */
static const char *
text_of(json_t *object, const char *member)
{
    const char *text = json_string_value(json_object_get(object, member));
    return text != NULL ? text : "";
}

static int
line_of(json_t *transaction)
{
    json_t *begin = json_array_get(json_object_get(transaction, "tsourcepos"), 0);
    json_int_t line = json_integer_value(json_object_get(begin, "sourceLine"));
    return line > 0 && line < G_MAXINT ? (int)line : 0;
}

/* Pairs of texts. */
static bool
are_tags(const json_t *tags)
{
    gsize index;
    json_t *tag;
    bool is_good = json_is_array(tags);
    json_array_foreach(tags, index, tag)
    {
        is_good = is_good && json_array_size(tag) == 2 && json_is_string(json_array_get(tag, 0)) &&
                  json_is_string(json_array_get(tag, 1));
    }
    return is_good;
}

/* What hledger-web always says, as it says it. What is gone or of another type would pass for an
 * empty text, and alter what the books say of the transaction. */
static bool
check_shape(const Reading *reading, const json_t *transaction)
{
    static const char *const texts[] = {"tcode", "tdescription", "tstatus"};
    bool is_good = true;
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        is_good = (json_is_string(json_object_get(transaction, texts[i])) ||
                   refuse(reading, texts[i], FISC_ERROR_VALUE_INVALID, "it is no text")) &&
                  is_good;
    }
    return (are_tags(json_object_get(transaction, "ttags")) ||
            refuse(reading, "ttags", FISC_ERROR_VALUE_INVALID, "tags are pairs of texts")) &&
           is_good;
}

/* The value of the tag "id": what the source itself calls the transaction. "" = it does not. */
static const char *
id_tag(json_t *transaction)
{
    gsize index;
    json_t *tag;
    json_array_foreach(json_object_get(transaction, "ttags"), index, tag)
    {
        const char *name = json_string_value(json_array_get(tag, 0));
        const char *value = json_string_value(json_array_get(tag, 1));
        if (g_strcmp0(name, "id") == 0 && value != NULL) {
            return value;
        }
    }
    return "";
}

/* How often @name was asked for, with this time. */
static int
count_name(const Reading *reading, const char *name)
{
    int count = GPOINTER_TO_INT(g_hash_table_lookup(reading->names, name)) + 1;
    g_hash_table_insert(reading->names, g_strdup(name), GINT_TO_POINTER(count));
    return count;
}

/* The source's own id; else the date, with the code when there is one, and which of that name it
 * is. A journal without ids is read all the same: what is put in between renames those of the same
 * name behind it, which are then reversed and posted anew. NULL when it is refused. */
static char *
name_transaction(const Reading *reading, json_t *transaction)
{
    const char *id = id_tag(transaction);
    const char *code = text_of(transaction, "tcode");
    if (*id == '\0') {
        g_autofree char *name = g_strconcat(text_of(transaction, "tdate"),
                                            fisc_posting_rows_id_is_good(code) ? "." : "",
                                            fisc_posting_rows_id_is_good(code) ? code : "", NULL);
        return g_strdup_printf("%s.%d", name, count_name(reading, name));
    }
    g_autofree char *name = g_strconcat("id:", id, NULL);
    if (!fisc_posting_rows_id_is_good(id)) {
        refuse(reading, "id", FISC_ERROR_VALUE_INVALID,
               "an id is at most 80 visible characters of ASCII, without @");
        return NULL;
    }
    if (count_name(reading, name) > 1) {
        fisc_refusals_add(reading->refusals, FISC_ERROR_DUPLICATE_ROW, reading->document,
                          reading->line, "id", "two transactions have the id %s", id);
        return NULL;
    }
    return g_strdup(id);
}

/* Groups of postings that make up for each other; a virtual one alone makes up for nothing. */
static bool
take_group(const Reading *reading, json_t *posting, FiscPosting *line)
{
    const char *type = text_of(posting, "ptype");
    line->group = strcmp(type, "BalancedVirtualPosting") == 0;
    if (line->group == 0 && strcmp(type, "RegularPosting") != 0) {
        return refuse(reading, "ptype", FISC_ERROR_ENTRY_UNBALANCED,
                      "a posting in parentheses has no other side: it cannot be taken");
    }
    return json_is_null(json_object_get(posting, "pdate")) ||
           refuse(reading, "pdate", FISC_ERROR_DATE_INVALID,
                  "a posting has a date of its own: a transaction has one date here");
}

static bool
take_amount(const Reading *reading, json_t *amount, FiscPosting *line)
{
    json_t *quantity = json_object_get(amount, "aquantity");
    json_t *mantissa = json_object_get(quantity, "decimalMantissa");
    json_t *places = json_object_get(quantity, "decimalPlaces");
    json_int_t decimals = json_integer_value(places);
    line->currency = json_string_value(json_object_get(amount, "acommodity"));
    if (!json_is_integer(mantissa) || !json_is_integer(places) || line->currency == NULL) {
        return refuse(reading, "aquantity", FISC_ERROR_AMOUNT_INVALID,
                      "an amount is decimalMantissa and decimalPlaces, whole numbers of at most "
                      "64 bits, of a commodity");
    }
    if (decimals < 0 || decimals > FISC_POSTING_DECIMALS_MAX) {
        return refuse(reading, "aquantity", FISC_ERROR_AMOUNT_DECIMALS,
                      "an amount has more decimals than any currency");
    }
    line->amount = json_integer_value(mantissa);
    line->decimals = (int)decimals;
    return true;
}

static bool
take_posting(const Reading *reading, json_t *posting, GArray *lines)
{
    FiscPosting line = {.account = text_of(posting, "paccount"), .name = "", .party = ""};
    json_t *amounts = json_object_get(posting, "pamount");
    gsize index;
    json_t *amount;
    if (*line.account == '\0' || !json_is_array(amounts)) {
        return refuse(reading, "tpostings", FISC_ERROR_VALUE_MISSING,
                      "a posting has no account or no amounts");
    }
    if (!take_group(reading, posting, &line)) {
        return false;
    }
    line.name = line.account;
    json_array_foreach(amounts, index, amount)
    {
        if (!take_amount(reading, amount, &line)) {
            return false;
        }
        g_array_append_val(lines, line);
    }
    return true;
}

static void
take_transaction(Reading *reading, json_t *transaction)
{
    g_autoptr(GArray) lines = g_array_new(FALSE, FALSE, sizeof(FiscPosting));
    json_t *postings = json_object_get(transaction, "tpostings");
    gsize index;
    json_t *posting;
    reading->line = line_of(transaction);
    if (!json_is_array(postings) || *text_of(transaction, "tdate") == '\0') {
        refuse(reading, "tpostings", FISC_ERROR_VALUE_MISSING,
               "a transaction is an object with a date and postings");
        return;
    }
    if (!check_shape(reading, transaction)) {
        return;
    }
    g_autofree char *id = name_transaction(reading, transaction);
    bool is_good = id != NULL;
    json_array_foreach(postings, index, posting)
    {
        is_good = take_posting(reading, posting, lines) && is_good;
    }
    if (is_good) {
        const FiscTransaction row = {.id = id,
                                     .date = text_of(transaction, "tdate"),
                                     .code = text_of(transaction, "tcode"),
                                     .description = text_of(transaction, "tdescription"),
                                     .status = text_of(transaction, "tstatus"),
                                     .line = reading->line};
        fisc_posting_rows_add(reading->out, reading->document, &row, lines, reading->refusals);
    }
}

bool
fisc_hledger_convert(const FiscFeeder *feeder, const char *document, GBytes *body,
                     GBytes **out_text, FiscRefusals *refusals)
{
    gsize length = 0, index;
    const char *text = g_bytes_get_data(body, &length);
    json_error_t fault = {0};
    json_t *root = json_loadb(text != NULL ? text : "", length, JSON_REJECT_DUPLICATES, &fault);
    json_t *transaction;
    guint before = refusals->len;
    (void)feeder;
    if (!json_is_array(root)) {
        fisc_refusals_add(refusals, FISC_ERROR_JSON_INVALID, document, MAX(fault.line, 0), NULL,
                          "%s", root == NULL ? fault.text : "a journal is a list of transactions");
        json_decref(root);
        return false;
    }
    Reading reading = {.document = document, .refusals = refusals, .out = g_string_new(NULL)};
    reading.names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    fisc_posting_rows_begin(reading.out);
    json_array_foreach(root, index, transaction)
    {
        take_transaction(&reading, transaction);
    }
    json_decref(root);
    g_hash_table_unref(reading.names);
    if (refusals->len > before) {
        g_string_free(reading.out, TRUE);
        return false;
    }
    *out_text = g_string_free_to_bytes(reading.out);
    return true;
}

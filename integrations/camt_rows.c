/* camt_rows.c: bank statements, ISO 20022 camt.053, as rows that a profile reads: one for each
 * entry of the account. Booked entries have an amount; pending and informational ones have theirs
 * in a column of its own, which no profile posts by accident. A statement whose opening balance and
 * booked entries do not make its closing balance is refused. */
#include "fisc/csv.h"
#include "fisc/date.h"
#include "fisc/money.h"
#include "fisc/xml.h"
#include "integrations/connector.h"
#include "integrations/posting_rows.h"
#include <string.h>

#define SPACE "urn:iso:std:iso:20022:tech:xsd:camt.053.001."
#define VERSION_MIN 2
#define VERSION_MAX 8
#define DAY_BYTES 10            /* "2026-03-02" */
#define TEXT_CHARACTERS_MAX 500 /* of what people wrote */

typedef struct {
    const char *document;
    FiscRefusals *refusals;
    GString *out;
    GHashTable *ids; /* of entries: those of all statements */
    bool is_refused;
    /* the statement */
    const FiscXmlNode *statement;
    const char *currency;
    int decimals;
    __int128 booked; /* credits less debits */
    int ordinal;     /* of its entry */
} Reading;

/* An entry, taken apart. */
typedef struct {
    const char *status, *reversal;
    int64_t amount;
    bool is_credit;
    char booked_on[FISC_DATE_TEXT], value_on[FISC_DATE_TEXT]; /* "" */
    int transactions;
    const FiscXmlNode *only; /* its transaction, when it is one; NULL */
} Entry;

static void refuse(Reading *reading, const FiscXmlNode *node, const char *field, FiscError code,
                   const char *format, ...) G_GNUC_PRINTF(5, 6);

static void
refuse(Reading *reading, const FiscXmlNode *node, const char *field, FiscError code,
       const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *detail = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    fisc_refusals_add(reading->refusals, code, reading->document, node->line, field, "%s", detail);
    reading->is_refused = true;
}

/* ---- values ---- */

/* An amount has no sign, and the currency of its statement. */
static bool
read_amount(Reading *reading, const FiscXmlNode *of, const char *field, int64_t *out_amount)
{
    const FiscXmlNode *node = fisc_xml_find(of, "Amt");
    const char *currency = fisc_xml_attribute_of(node, "Ccy");
    if (node == NULL || *currency == '\0') {
        refuse(reading, of, field, FISC_ERROR_VALUE_MISSING,
               "an amount with its currency is needed");
        return false;
    }
    if (strcmp(currency, reading->currency) != 0) {
        refuse(reading, node, field, FISC_ERROR_VALUE_INVALID, "%s on an account in %s", currency,
               reading->currency);
        return false;
    }
    int broken = fisc_amount_parse(node->text, reading->decimals, '.', '\0', out_amount);
    if (broken != 0 || !g_ascii_isdigit(node->text[0])) {
        refuse(reading, node, field, broken != 0 ? (FiscError)broken : FISC_ERROR_AMOUNT_INVALID,
               "\"%s\" %s", node->text, currency);
        return false;
    }
    return true;
}

static bool
read_direction(Reading *reading, const FiscXmlNode *of, const char *field, bool *out_is_credit)
{
    const char *word = fisc_xml_text(of, "CdtDbtInd");
    *out_is_credit = strcmp(word, "CRDT") == 0;
    if (!*out_is_credit && strcmp(word, "DBIT") != 0) {
        refuse(reading, of, field, FISC_ERROR_VALUE_INVALID, "\"%s\" is neither CRDT nor DBIT",
               word);
        return false;
    }
    return true;
}

/* <Dt>, which may name a time zone, or the day of <DtTm>. Not there: "". */
static bool
read_day(Reading *reading, const FiscXmlNode *of, const char *path, char buffer[FISC_DATE_TEXT])
{
    const FiscXmlNode *node = fisc_xml_find(of, path);
    const char *day = fisc_xml_text(node, "Dt");
    const char *text = *day != '\0' ? day : fisc_xml_text(node, "DtTm");
    FiscDate date = 0;
    buffer[0] = '\0';
    if (node == NULL) {
        return true;
    }
    g_strlcpy(buffer, text, DAY_BYTES + 1);
    const char *rest = text + strlen(buffer);
    bool is_whole = *day != '\0' ? *rest == '\0' || strchr("Z+-", *rest) != NULL : *rest == 'T';
    if (!fisc_date_parse(buffer, &date) || !is_whole) {
        refuse(reading, node, path, FISC_ERROR_DATE_INVALID, "\"%s\" is no date", text);
        return false;
    }
    return true;
}

/* What people wrote, on one line and not endless. */
static char *
tidy(const char *text)
{
    g_auto(GStrv) words = g_strsplit_set(text, " \t\r\n", -1);
    GString *line = g_string_new(NULL);
    for (int i = 0; words[i] != NULL; i++) {
        if (*words[i] != '\0') {
            g_string_append_printf(line, "%s%s", line->len > 0 ? " " : "", words[i]);
        }
    }
    g_autofree char *all = g_string_free(line, FALSE);
    return g_utf8_substring(all, 0, MIN(g_utf8_strlen(all, -1), TEXT_CHARACTERS_MAX));
}

/* ---- an entry ---- */

/* <Sts>BOOK</Sts> until version 03, <Sts><Cd>BOOK</Cd></Sts> since. */
static const char *
status_of(const FiscXmlNode *node)
{
    const char *code = fisc_xml_text(node, "Sts/Cd");
    return *code != '\0' ? code : fisc_xml_text(node, "Sts");
}

static void
count_transactions(const FiscXmlNode *node, Entry *entry)
{
    for (const FiscXmlNode *details = fisc_xml_find(node, "NtryDtls"); details != NULL;
         details = fisc_xml_again(details)) {
        for (const FiscXmlNode *one = fisc_xml_find(details, "TxDtls"); one != NULL;
             one = fisc_xml_again(one)) {
            entry->only = entry->transactions == 0 ? one : NULL;
            entry->transactions++;
        }
    }
}

static bool
read_entry(Reading *reading, const FiscXmlNode *node, Entry *entry)
{
    entry->status = status_of(node);
    entry->reversal = fisc_xml_text(node, "RvslInd");
    count_transactions(node, entry);
    bool is_good = read_amount(reading, node, "Ntry/Amt", &entry->amount);
    is_good &= read_direction(reading, node, "Ntry/CdtDbtInd", &entry->is_credit);
    is_good &= read_day(reading, node, "BookgDt", entry->booked_on);
    is_good &= read_day(reading, node, "ValDt", entry->value_on);
    static const char *const statuses[] = {"BOOK", "PDNG", "INFO", "FUTR", NULL};
    if (!g_strv_contains(statuses, entry->status)) {
        refuse(reading, node, "Ntry/Sts", FISC_ERROR_VALUE_INVALID,
               "\"%s\" is none of BOOK, PDNG, INFO, FUTR", entry->status);
        is_good = false;
    }
    if (strcmp(entry->status, "BOOK") == 0 && entry->booked_on[0] == '\0') {
        refuse(reading, node, "Ntry/BookgDt", FISC_ERROR_VALUE_MISSING,
               "a booked entry has a day on which it was booked");
        is_good = false;
    }
    return is_good;
}

/* What the bank calls the entry, as long as it is the only one of that name; else its place. */
static char *
name_entry(Reading *reading, const FiscXmlNode *node)
{
    const char *const names[] = {fisc_xml_text(node, "AcctSvcrRef"),
                                 fisc_xml_text(node, "NtryRef")};
    char *name = NULL;
    for (guint i = 0; i < G_N_ELEMENTS(names) && name == NULL; i++) {
        if (fisc_posting_rows_id_is_good(names[i]) &&
            !g_hash_table_contains(reading->ids, names[i])) {
            name = g_strdup(names[i]);
        }
    }
    for (int turn = 0; name == NULL; turn++) {
        g_autofree char *place = g_strdup_printf("n%d.%d", reading->ordinal, turn);
        name = g_hash_table_contains(reading->ids, place) ? NULL : g_steal_pointer(&place);
    }
    g_hash_table_add(reading->ids, g_strdup(name));
    return name;
}

/* "PMNT-RCDT-ESCT", or the bank's own code. */
static char *
code_of(const FiscXmlNode *node)
{
    const FiscXmlNode *code = fisc_xml_find(node, "BkTxCd");
    const char *domain = fisc_xml_text(code, "Domn/Cd");
    return *domain != '\0'
               ? g_strdup_printf("%s-%s-%s", domain, fisc_xml_text(code, "Domn/Fmly/Cd"),
                                 fisc_xml_text(code, "Domn/Fmly/SubFmlyCd"))
               : g_strdup(fisc_xml_text(code, "Prtry/Cd"));
}

/* <Nm> of the party itself until version 07, of its <Pty> since. */
static char *
party(const FiscXmlNode *transaction, const char *who)
{
    const FiscXmlNode *node = fisc_xml_find(fisc_xml_find(transaction, "RltdPties"), who);
    const char *name = fisc_xml_text(node, "Pty/Nm");
    return tidy(*name != '\0' ? name : fisc_xml_text(node, "Nm"));
}

static char *
remittance(const FiscXmlNode *node, const FiscXmlNode *transaction)
{
    g_autoptr(GString) text = g_string_new(NULL);
    for (const FiscXmlNode *line = fisc_xml_find(transaction, "RmtInf/Ustrd"); line != NULL;
         line = fisc_xml_again(line)) {
        g_string_append_printf(text, "%s ", line->text);
    }
    g_string_append(text, fisc_xml_text(transaction, "RmtInf/Strd/CdtrRefInf/Ref"));
    if (text->len == 0) {
        g_string_append(text, fisc_xml_text(node, "AddtlNtryInf"));
    }
    return tidy(text->str);
}

static const char *
account_of(const FiscXmlNode *statement)
{
    const char *iban = fisc_xml_text(statement, "Acct/Id/IBAN");
    return *iban != '\0' ? iban : fisc_xml_text(statement, "Acct/Id/Othr/Id");
}

static void
write_fields(GString *out, const char *const *fields, gsize count)
{
    for (gsize i = 0; i < count; i++) {
        g_string_append(out, i == 0 ? "" : ",");
        fisc_csv_append(out, fields[i]);
    }
    g_string_append_c(out, '\n');
}

static void
write_entry(Reading *reading, const FiscXmlNode *node, const Entry *entry)
{
    bool is_booked = strcmp(entry->status, "BOOK") == 0;
    char amount[FISC_AMOUNT_TEXT], transactions[16], ordinal[16];
    g_autofree char *id = name_entry(reading, node);
    g_autofree char *code = code_of(node);
    g_autofree char *debtor = party(entry->only, "Dbtr");
    g_autofree char *creditor = party(entry->only, "Cdtr");
    g_autofree char *text = remittance(node, entry->only);
    fisc_amount_format(entry->amount, reading->decimals, amount);
    g_snprintf(transactions, sizeof transactions, "%d", entry->transactions);
    g_snprintf(ordinal, sizeof ordinal, "%d", node->line);
    const char *const fields[] = {
        fisc_xml_text(reading->statement, "Id"),
        account_of(reading->statement),
        id,
        ordinal,
        entry->booked_on,
        entry->value_on,
        is_booked ? amount : "0",
        is_booked ? "0" : amount,
        reading->currency,
        entry->is_credit ? "CRDT" : "DBIT",
        entry->status,
        strcmp(entry->reversal, "true") == 0 || strcmp(entry->reversal, "1") == 0 ? "yes" : "",
        code,
        fisc_xml_text(entry->only, "Refs/EndToEndId"),
        debtor,
        creditor,
        text,
        transactions,
    };
    write_fields(reading->out, fields, G_N_ELEMENTS(fields));
}

static void
take_entry(Reading *reading, const FiscXmlNode *node)
{
    Entry entry = {0};
    reading->ordinal++;
    if (!read_entry(reading, node, &entry)) {
        return;
    }
    if (strcmp(entry.status, "BOOK") == 0) {
        reading->booked += entry.is_credit ? entry.amount : -(__int128)entry.amount;
    }
    write_entry(reading, node, &entry);
}

/* ---- a statement ---- */

static const FiscXmlNode *
find_balance(const Reading *reading, const char *code)
{
    const FiscXmlNode *node = fisc_xml_find(reading->statement, "Bal");
    while (node != NULL && strcmp(fisc_xml_text(node, "Tp/CdOrPrtry/Cd"), code) != 0) {
        node = fisc_xml_again(node);
    }
    return node;
}

static bool
read_balance(Reading *reading, const FiscXmlNode *node, __int128 *out_balance)
{
    int64_t amount = 0;
    bool is_credit = false;
    bool is_good = read_amount(reading, node, "Bal/Amt", &amount);
    is_good &= read_direction(reading, node, "Bal/CdtDbtInd", &is_credit);
    *out_balance = is_credit ? amount : -(__int128)amount;
    return is_good;
}

/* Opening balance, or the closing balance of the statement before, and what was booked. */
static void
check_balances(Reading *reading)
{
    const FiscXmlNode *opening = find_balance(reading, "OPBD");
    const FiscXmlNode *closing = find_balance(reading, "CLBD");
    __int128 opened = 0, closed = 0;
    opening = opening != NULL ? opening : find_balance(reading, "PRCD");
    if (opening == NULL || closing == NULL) {
        refuse(reading, reading->statement, "Bal", FISC_ERROR_VALUE_MISSING,
               "a statement has an opening balance (OPBD) and a closing one (CLBD)");
        return;
    }
    if (!read_balance(reading, opening, &opened) || !read_balance(reading, closing, &closed) ||
        reading->is_refused || opened + reading->booked == closed) {
        return;
    }
    char start[FISC_SUM_TEXT], moved[FISC_SUM_TEXT], end[FISC_SUM_TEXT];
    refuse(reading, closing, "CLBD", FISC_ERROR_CONTROL_TOTAL,
           "opening %s and booked entries %s do not make the closing balance %s",
           fisc_sum_format(opened, reading->decimals, start),
           fisc_sum_format(reading->booked, reading->decimals, moved),
           fisc_sum_format(closed, reading->decimals, end));
}

/* The account's currency; where it is not said, that of the first balance. */
static bool
begin_statement(Reading *reading, const FiscXmlNode *statement)
{
    const char *said = fisc_xml_text(statement, "Acct/Ccy");
    reading->statement = statement;
    reading->currency =
        *said != '\0' ? said : fisc_xml_attribute_of(fisc_xml_find(statement, "Bal/Amt"), "Ccy");
    reading->decimals = *reading->currency != '\0' ? fisc_currency_decimals(reading->currency) : -1;
    reading->booked = 0;
    reading->ordinal = 0;
    if (reading->decimals < 0) {
        refuse(reading, statement, "Acct/Ccy", FISC_ERROR_VALUE_INVALID, "\"%s\" is no currency",
               reading->currency);
        return false;
    }
    if (*account_of(statement) == '\0' || *fisc_xml_text(statement, "Id") == '\0') {
        refuse(reading, statement, "Acct/Id", FISC_ERROR_VALUE_MISSING,
               "a statement has a name and an account");
        return false;
    }
    return true;
}

static void
take_statement(Reading *reading, const FiscXmlNode *statement)
{
    if (!begin_statement(reading, statement)) {
        return;
    }
    for (const FiscXmlNode *node = fisc_xml_find(statement, "Ntry"); node != NULL;
         node = fisc_xml_again(node)) {
        take_entry(reading, node);
    }
    check_balances(reading);
}

/* ---- the document ---- */

/* The version of a camt.053; 0: it is none. */
static int
version_of(const FiscXmlNode *root)
{
    guint64 version = 0;
    bool is_camt =
        strcmp(root->name, "Document") == 0 && g_str_has_prefix(root->space, SPACE) &&
        strlen(root->space) == strlen(SPACE) + 2 &&
        g_ascii_string_to_unsigned(root->space + strlen(SPACE), 10, 1, 99, &version, NULL);
    return is_camt ? (int)version : 0;
}

static void
take_document(Reading *reading, const FiscXmlNode *root)
{
    int version = version_of(root);
    const FiscXmlNode *statement = fisc_xml_find(root, "BkToCstmrStmt/Stmt");
    if (version < VERSION_MIN || version > VERSION_MAX) {
        refuse(reading, root, root->name, FISC_ERROR_VALUE_INVALID,
               "\"%s\" is no camt.053.001.%02d to .%02d", root->space, VERSION_MIN, VERSION_MAX);
        return;
    }
    if (statement == NULL) {
        refuse(reading, root, "BkToCstmrStmt/Stmt", FISC_ERROR_VALUE_MISSING,
               "there is no statement");
    }
    for (; statement != NULL; statement = fisc_xml_again(statement)) {
        take_statement(reading, statement);
    }
}

bool
fisc_camt_convert(const FiscFeeder *feeder, const char *document, GBytes *body, GBytes **out_text,
                  FiscRefusals *refusals)
{
    gsize length = 0;
    const char *data = g_bytes_get_data(body, &length);
    g_autoptr(FiscXml) xml = fisc_xml_parse(document, data, length, refusals);
    g_autoptr(GHashTable) ids = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    Reading reading = {.document = document, .refusals = refusals, .ids = ids};
    (void)feeder;
    if (xml == NULL) {
        return false;
    }
    reading.out = g_string_new("statement,account,id,line,booked,value,amount,not_booked,currency,"
                               "direction,status,reversal,code,end_to_end,debtor,creditor,text,"
                               "transactions\n");
    take_document(&reading, fisc_xml_root(xml));
    if (reading.is_refused) {
        g_string_free(reading.out, TRUE);
        return false;
    }
    *out_text = g_string_free_to_bytes(reading.out);
    return true;
}

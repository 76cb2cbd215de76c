/* layout_scheme.c: the finest codes of every source, and formulas as sums of them.
 *
 * Intermediate codes are no leaves: what is posted to 311 itself is in every row that counts 311,
 * and a statement that shows 3111, 3112 and 3113 is called complete. */
#include "reporting/layout_scheme.h"
#include "fisc/chart.h"
#include "reporting/figure_sums.h"
#include <string.h>

static void
leaf_clear(void *pointer)
{
    FiscLeaf *leaf = pointer;
    g_free(leaf->code);
}

static void
add_leaf(FiscScheme *scheme, FiscSource source, const char *stem, const char *suffix)
{
    FiscLeaf leaf = {source, g_strconcat(stem, suffix, NULL)};
    g_array_append_val(scheme->leaves, leaf);
}

/* 321, 322, 331, 332 and their like say by residence what others say by instrument; nothing is
 * posted to them. */
static bool
is_residence(const char *code)
{
    return strchr("3456", code[0]) != NULL && strlen(code) >= 3 && strchr("23", code[1]) != NULL &&
           strchr("12", code[2]) != NULL;
}

static bool
is_finest(const FiscGfsCode *codes, int count, int at)
{
    for (int i = 0; i < count; i++) {
        if (strcmp(codes[i].parent, codes[at].code) == 0 && strchr(codes[i].code, '.') == NULL &&
            !is_residence(codes[i].code)) {
            return false;
        }
    }
    return true;
}

/* Assets are acquired and disposed of; those that the manual says are consumed are. */
static void
add_asset(FiscScheme *scheme, const char *stem)
{
    g_autofree char *consumed = g_strconcat(stem, ".3", NULL);
    add_leaf(scheme, FISC_SOURCE_FLOW, stem, ".1");
    add_leaf(scheme, FISC_SOURCE_FLOW, stem, ".2");
    if (fisc_gfs_code_find(consumed) != NULL) {
        add_leaf(scheme, FISC_SOURCE_FLOW, stem, ".3");
    }
}

/* Which tables of the list a source reads, and where its codes begin. */
static const struct {
    FiscSource source;
    const char *table;
    const char *under[4]; /* beginnings; empty = all of the table */
} readings[] = {
    {FISC_SOURCE_FLOW, "revenue", {NULL}},
    {FISC_SOURCE_FLOW, "expense", {NULL}},
    {FISC_SOURCE_FLOW, "nonfinancial_assets", {NULL}},
    {FISC_SOURCE_FLOW, "financial_assets", {NULL}},
    {FISC_SOURCE_FLOW, "liabilities", {NULL}},
    {FISC_SOURCE_FLOW, "holding_gains", {"41", "42", "43"}},
    {FISC_SOURCE_FLOW, "volume_changes", {"51", "52", "53"}},
    {FISC_SOURCE_OPEN, "stocks", {"61", "62", "63"}},
    {FISC_SOURCE_CLOSE, "stocks", {"61", "62", "63"}},
    {FISC_SOURCE_DOMESTIC, "financial_assets", {NULL}},
    {FISC_SOURCE_DOMESTIC, "liabilities", {NULL}},
    {FISC_SOURCE_EXTERNAL, "financial_assets", {NULL}},
    {FISC_SOURCE_EXTERNAL, "liabilities", {NULL}},
    {FISC_SOURCE_DOMESTIC, "holding_gains", {"42", "43"}},
    {FISC_SOURCE_DOMESTIC, "volume_changes", {"52", "53"}},
    {FISC_SOURCE_EXTERNAL, "holding_gains", {"42", "43"}},
    {FISC_SOURCE_EXTERNAL, "volume_changes", {"52", "53"}},
    {FISC_SOURCE_CLOSE_DOMESTIC, "stocks", {"62", "63"}},
    {FISC_SOURCE_CLOSE_EXTERNAL, "stocks", {"62", "63"}},
    {FISC_SOURCE_COUNTERPART, "counterpart", {"82", "83"}},
    {FISC_SOURCE_COUNTERPART_CLOSE, "counterpart", {"682", "683"}},
    {FISC_SOURCE_FUNCTION, "cofog", {NULL}},
};

static bool
is_under_any(const char *code, const char *const *under)
{
    for (int i = 0; under[i] != NULL; i++) {
        if (fisc_gfs_is_under(code, under[i])) {
            return true;
        }
    }
    return under[0] == NULL;
}

/* No resident owes the SDRs that are allocated. */
static bool
is_abroad_only(FiscSource source, const char *code)
{
    bool is_domestic = source == FISC_SOURCE_DOMESTIC || source == FISC_SOURCE_CLOSE_DOMESTIC;
    return is_domestic && strlen(code) >= 4 && strncmp(code + 1, "301", 3) == 0;
}

static void
add_codes(FiscScheme *scheme, guint reading)
{
    int count = 0;
    const FiscGfsCode *codes = fisc_gfs_codes(&count);
    for (int i = 0; i < count; i++) {
        const char *code = codes[i].code;
        if (strcmp(codes[i].table, readings[reading].table) != 0 || is_residence(code) ||
            strspn(code, "0123456789") != strlen(code) ||
            is_abroad_only(readings[reading].source, code) ||
            !is_under_any(code, readings[reading].under) || !is_finest(codes, count, i)) {
            continue;
        }
        if (strcmp(codes[i].table, "nonfinancial_assets") == 0) {
            add_asset(scheme, code);
        } else {
            add_leaf(scheme, readings[reading].source, code, "");
        }
    }
}

/* Cash is told by the row that it is paid for (fisc_gfs_cash_code()): two digits of revenue and
 * expense, assets bought and sold, instruments. */
static void
add_cash_codes(FiscScheme *scheme, FiscSource source)
{
    static const char *const rows[] = {"11", "12", "13", "14", "21", "22", "24", "25",
                                       "26", "27", "28", "31", "32", "33", NULL};
    int count = 0;
    const FiscGfsCode *codes = fisc_gfs_codes(&count);
    for (int i = 0; rows[i] != NULL && rows[i][0] != '3'; i++) {
        add_leaf(scheme, source, rows[i], "");
    }
    add_leaf(scheme, source, "31", ".1");
    add_leaf(scheme, source, "31", ".2");
    for (int i = 0; i < count; i++) {
        bool is_instrument = strcmp(codes[i].table, "financial_assets") == 0 ||
                             strcmp(codes[i].table, "liabilities") == 0;
        if (is_instrument && !is_residence(codes[i].code) &&
            !fisc_gfs_is_under(codes[i].code, "3202") && is_finest(codes, count, i)) {
            add_leaf(scheme, source, codes[i].code, "");
        }
    }
}

static bool
is_account(FiscSource source)
{
    return source == FISC_SOURCE_ACCOUNT_OPEN || source == FISC_SOURCE_ACCOUNT_CLOSE ||
           source == FISC_SOURCE_ACCOUNT_DEBIT || source == FISC_SOURCE_ACCOUNT_CREDIT;
}

static void
add_accounts(FiscScheme *scheme, const FiscNation *nation, FiscSource source)
{
    for (guint i = 0; i < nation->accounts->len; i++) {
        const FiscAccount *account = g_ptr_array_index(nation->accounts, i);
        add_leaf(scheme, source, account->code, "");
    }
}

static void
add_source(FiscScheme *scheme, const FiscNation *nation, FiscSource source)
{
    if (source == FISC_SOURCE_CASH || source == FISC_SOURCE_CASH_DOMESTIC ||
        source == FISC_SOURCE_CASH_EXTERNAL) {
        add_cash_codes(scheme, source);
    }
    if (nation != NULL && is_account(source)) {
        add_accounts(scheme, nation, source);
    }
    for (guint i = 0; i < G_N_ELEMENTS(readings); i++) {
        if (readings[i].source == source) {
            add_codes(scheme, i);
        }
    }
}

FiscScheme *
fisc_scheme_new(const FiscNation *nation)
{
    FiscScheme *scheme = g_new0(FiscScheme, 1);
    scheme->has_accounts = nation != NULL;
    scheme->leaves = g_array_new(FALSE, FALSE, sizeof(FiscLeaf));
    g_array_set_clear_func(scheme->leaves, leaf_clear);
    for (FiscSource source = 0; source < FISC_SOURCE_COUNT; source++) {
        scheme->first[source] = scheme->leaves->len;
        add_source(scheme, nation, source);
    }
    scheme->first[FISC_SOURCE_COUNT] = scheme->leaves->len;
    return scheme;
}

void
fisc_scheme_free(FiscScheme *scheme)
{
    if (scheme != NULL) {
        g_array_unref(scheme->leaves);
        g_free(scheme);
    }
}

bool
fisc_scheme_knows(const FiscScheme *scheme, FiscSource source)
{
    if (source == FISC_SOURCE_MEMORANDUM) {
        return false; /* any code may be on record */
    }
    return !is_account(source) || scheme->has_accounts;
}

FiscForm *
fisc_scheme_form(const FiscScheme *scheme)
{
    return g_new0(FiscForm, scheme->leaves->len);
}

static const FiscLeaf *
leaf_at(const FiscScheme *scheme, guint at)
{
    return &g_array_index(scheme->leaves, FiscLeaf, at);
}

/* 31.2 counts every disposal; a code without suffix every kind. */
static bool
is_counted(const char *leaf, const char *code)
{
    const char *suffix = strchr(code, '.');
    return fisc_gfs_is_under(leaf, code) && (suffix == NULL || g_str_has_suffix(leaf, suffix));
}

bool
fisc_scheme_add(const FiscScheme *scheme, FiscSource source, const char *code, int sign,
                FiscForm *form)
{
    bool is_known = false;
    int weight = sign * fisc_figure_side(source, code);
    for (guint i = scheme->first[source]; i < scheme->first[source + 1]; i++) {
        if (is_counted(leaf_at(scheme, i)->code, code)) {
            form[i] = (FiscForm)CLAMP(form[i] + weight, -100, 100);
            is_known = true;
        }
    }
    return is_known;
}

/* What is missing ---------------------------------------------------------------------------- */

/* Everything that a code counts is in @whole and missing from @part. */
static bool
is_all_missing(const FiscScheme *scheme, FiscSource source, const char *code, const FiscForm *whole,
               const FiscForm *part)
{
    for (guint i = scheme->first[source]; i < scheme->first[source + 1]; i++) {
        if ((whole[i] == 0 || part[i] != 0) && is_counted(leaf_at(scheme, i)->code, code)) {
            return false;
        }
    }
    return true;
}

/* 1, 2 and 7 are classes; 31 and 62 are, and 3 and 6 none; 682 is one of stocks by counterparty. */
gsize
fisc_scheme_class_digits(const char *code)
{
    return strchr("127", code[0]) != NULL ? 1 : g_str_has_prefix(code, "68") ? 3 : 2;
}

/* The shortest code that stands for a missing leaf, and for nothing else. */
static char *
name_missing(const FiscScheme *scheme, const FiscLeaf *leaf, const FiscForm *whole,
             const FiscForm *part)
{
    const char *suffix = strchrnul(leaf->code, '.');
    gsize digits = (gsize)(suffix - leaf->code);
    for (gsize length = fisc_scheme_class_digits(leaf->code); length < digits; length++) {
        g_autofree char *code = g_strndup(leaf->code, length);
        g_autofree char *kind = g_strconcat(code, suffix, NULL);
        if (fisc_gfs_code_find(code) == NULL) {
            continue;
        }
        if (is_all_missing(scheme, leaf->source, code, whole, part)) {
            return g_steal_pointer(&code);
        }
        if (*suffix != '\0' && is_all_missing(scheme, leaf->source, kind, whole, part)) {
            return g_steal_pointer(&kind);
        }
    }
    return g_strdup(leaf->code);
}

char *
fisc_scheme_missing(const FiscScheme *scheme, const FiscForm *whole, const FiscForm *part)
{
    g_autoptr(GString) list = g_string_new(NULL);
    g_autoptr(GHashTable) named = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; i < scheme->leaves->len; i++) {
        if (whole[i] == 0 || part[i] != 0) {
            continue;
        }
        char *code = name_missing(scheme, leaf_at(scheme, i), whole, part);
        if (!g_hash_table_contains(named, code)) {
            g_string_append_printf(list, "%s%s", list->len > 0 ? ", " : "", code);
        }
        g_hash_table_add(named, code);
    }
    return list->len > 0 ? g_string_free(g_steal_pointer(&list), FALSE) : NULL;
}

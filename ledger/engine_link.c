/* engine_link.c: linked sets: accounts that must move together in every entry.
 *
 * In a chart of two sets some accounts of one side repeat what the other side says: appropriations
 * used follow what is delivered. An entry with only one of the halves balances all the same, so
 * balance does not protect it. A linked set does: an entry that touches one of its accounts must
 * move, on the other side, the sum of its counterparts by the same amount. Which accounts are
 * linked, and in which periods they are not (closing), is data, told by events. */
#include "fisc/money.h"
#include "ledger/engine_internal.h"
#include <stdlib.h>
#include <string.h>

typedef struct {
    char *name;
    GArray *accounts;     /* of int: numbers */
    GArray *moves;        /* of int: numbers, of the other side */
    char *moves_text;     /* as they were named */
    char *article;        /* NULL = none */
    guint except_periods; /* bit 13 = period 13 is free of it */
} LinkedSet;

struct _FiscLinks {
    GPtrArray *sets;     /* of LinkedSet */
    GByteArray *touches; /* account number - 1 -> 1 when a set holds it to its counterparts */
};

/* The lines of an entry, whichever way they are kept. */
typedef struct {
    const FiscEngine *engine;
    FiscPeriod period;
    const int32_t *coding[2];
    const int64_t *amount[2];
    guint count[2];
} Lines;

/* Where complaints go. */
typedef struct {
    FiscError code;
    const char *file;
    int row;
    int decimals;
    FiscRefusals *refusals;
} Complaints;

/* Definitions -------------------------------------------------------------------------------- */

static void
set_free(gpointer data)
{
    LinkedSet *set = data;
    g_free(set->name);
    g_array_unref(set->accounts);
    g_array_unref(set->moves);
    g_free(set->moves_text);
    g_free(set->article);
    g_free(set);
}

/* The numbers of the accounts named, all of one side. */
static const char *
parse_accounts(const FiscEngine *engine, const char *text, GArray *numbers, bool *out_budgetary)
{
    g_auto(GStrv) words = g_strsplit(text != NULL ? text : "", " ", -1);
    for (int i = 0; words[i] != NULL; i++) {
        if (*words[i] == '\0') {
            continue;
        }
        const FiscMaster *master = fisc_engine_master(engine, "account", words[i]);
        if (master == NULL) {
            return "it names an account that is not in the chart";
        }
        const FiscEngineAccount *account = engine->accounts->pdata[master->number - 1];
        bool is_budgetary = account->class_ == FISC_CLASS_BUDGETARY;
        if (numbers->len > 0 && is_budgetary != *out_budgetary) {
            return "accounts, and likewise moves, are of one side";
        }
        *out_budgetary = is_budgetary;
        g_array_append_val(numbers, master->number);
    }
    return numbers->len > 0 ? NULL : "accounts and moves name one account at least";
}

/* "13", or "00 13". */
static const char *
parse_periods(const char *text, guint *out_bits)
{
    g_auto(GStrv) words = g_strsplit(text != NULL ? text : "", " ", -1);
    for (int i = 0; words[i] != NULL; i++) {
        if (*words[i] == '\0') {
            continue;
        }
        bool is_number = strlen(words[i]) == 2 && strspn(words[i], "0123456789") == 2;
        if (!is_number || atoi(words[i]) > 13) {
            return "except_periods are periods of a year, 00 to 13";
        }
        *out_bits |= 1u << atoi(words[i]);
    }
    return NULL;
}

static LinkedSet *
parse_set(const FiscEngine *engine, const char *name, GPtrArray *fields, const char **out_wrong)
{
    LinkedSet *set = g_new0(LinkedSet, 1);
    const char *moves = fisc_engine_field(fields, "moves");
    bool is_budgetary = false;
    bool moves_budgetary = false;
    set->name = g_strdup(name);
    set->accounts = g_array_new(FALSE, FALSE, sizeof(int));
    set->moves = g_array_new(FALSE, FALSE, sizeof(int));
    set->moves_text = g_strdup(moves);
    set->article = g_strdup(fisc_engine_field(fields, "article"));
    *out_wrong =
        parse_accounts(engine, fisc_engine_field(fields, "accounts"), set->accounts, &is_budgetary);
    if (*out_wrong == NULL) {
        *out_wrong = parse_accounts(engine, moves, set->moves, &moves_budgetary);
    }
    if (*out_wrong == NULL && is_budgetary == moves_budgetary) {
        *out_wrong = "moves are of the other side than accounts";
    }
    if (*out_wrong == NULL) {
        *out_wrong =
            parse_periods(fisc_engine_field(fields, "except_periods"), &set->except_periods);
    }
    return set;
}

bool
fisc_engine_check_link(const FiscEngine *engine, const FiscEvent *event, FiscRefusals *refusals)
{
    const char *wrong = NULL;
    set_free(parse_set(engine, event->subject, event->fields, &wrong));
    if (wrong != NULL) {
        fisc_refusals_add(refusals, FISC_ERROR_VALUE_INVALID, NULL, 0, "linked_set", "%s: %s",
                          event->subject, wrong);
    }
    return wrong == NULL;
}

static void
index_accounts(FiscLinks *links)
{
    g_byte_array_set_size(links->touches, 0);
    for (guint i = 0; i < links->sets->len; i++) {
        const LinkedSet *set = links->sets->pdata[i];
        for (guint k = 0; k < set->accounts->len; k++) {
            guint number = (guint)g_array_index(set->accounts, int, k);
            guint known = links->touches->len;
            if (known < number) {
                g_byte_array_set_size(links->touches, number);
                memset(links->touches->data + known, 0, number - known);
            }
            links->touches->data[number - 1] = 1;
        }
    }
}

static int
find_set(const FiscLinks *links, const char *name)
{
    for (guint i = 0; i < links->sets->len; i++) {
        if (strcmp(((const LinkedSet *)links->sets->pdata[i])->name, name) == 0) {
            return (int)i;
        }
    }
    return -1;
}

void
fisc_engine_set_link(FiscEngine *engine, const FiscMaster *master)
{
    if (engine->links == NULL) {
        engine->links = g_new0(FiscLinks, 1);
        engine->links->sets = g_ptr_array_new_with_free_func(set_free);
        engine->links->touches = g_byte_array_new();
    }
    const char *wrong = NULL; /* was judged when it was decided; what it cannot mean binds nobody */
    LinkedSet *set = parse_set(engine, master->subject, master->fields, &wrong);
    int at = find_set(engine->links, master->subject);
    if (at < 0) {
        g_ptr_array_add(engine->links->sets, set);
    } else {
        set_free(engine->links->sets->pdata[at]);
        engine->links->sets->pdata[at] = set;
    }
    index_accounts(engine->links);
}

void
fisc_engine_remove_link(FiscEngine *engine, const FiscMaster *master)
{
    int at = engine->links != NULL ? find_set(engine->links, master->subject) : -1;
    if (at >= 0) {
        g_ptr_array_remove_index(engine->links->sets, (guint)at);
        index_accounts(engine->links);
    }
}

void
fisc_engine_links_free(FiscLinks *links)
{
    if (links != NULL) {
        g_ptr_array_unref(links->sets);
        g_byte_array_unref(links->touches);
        g_free(links);
    }
}

/* Judging ------------------------------------------------------------------------------------ */

static int
account_of(const Lines *lines, int side, guint i)
{
    const FiscEngineCoding *coding = lines->engine->codings->pdata[lines->coding[side][i] - 1];
    return coding->key.account_id;
}

static bool
touches_any(const Lines *lines)
{
    const GByteArray *touches = lines->engine->links->touches;
    for (int side = 0; side < 2; side++) {
        for (guint i = 0; i < lines->count[side]; i++) {
            guint number = (guint)account_of(lines, side, i);
            if (number <= touches->len && touches->data[number - 1] != 0) {
                return true;
            }
        }
    }
    return false;
}

/* What the entry moves one account by; false when it has no line of it. */
static bool
sum_account(const Lines *lines, int number, __int128 *sum)
{
    bool is_touched = false;
    for (int side = 0; side < 2; side++) {
        for (guint i = 0; i < lines->count[side]; i++) {
            if (account_of(lines, side, i) == number) {
                *sum += lines->amount[side][i];
                is_touched = true;
            }
        }
    }
    return is_touched;
}

static __int128
absolute(__int128 amount)
{
    return amount < 0 ? -amount : amount;
}

static void
complain(const Lines *lines, const LinkedSet *set, int number, __int128 asked, __int128 moved,
         const Complaints *to)
{
    const FiscEngineAccount *account = lines->engine->accounts->pdata[number - 1];
    char own[FISC_SUM_TEXT];
    char other[FISC_SUM_TEXT];
    FiscRefusal *refusal =
        fisc_refusals_add(to->refusals, to->code, to->file, to->row, "account",
                          "%s: account %s moves by %s, and %s together by %s", set->name,
                          account->code, fisc_sum_format_grouped(asked, to->decimals, own),
                          set->moves_text, fisc_sum_format_grouped(moved, to->decimals, other));
    refusal->hint = g_strdup("post both sets in one entry, by the same amount");
    refusal->article = g_strdup(set->article);
}

static void
judge_set(const Lines *lines, const LinkedSet *set, const Complaints *to)
{
    __int128 moved = 0;
    if ((set->except_periods >> (lines->period % 100) & 1u) != 0) {
        return;
    }
    for (guint i = 0; i < set->moves->len; i++) {
        sum_account(lines, g_array_index(set->moves, int, i), &moved);
    }
    for (guint i = 0; i < set->accounts->len; i++) {
        int number = g_array_index(set->accounts, int, i);
        __int128 asked = 0;
        if (sum_account(lines, number, &asked) && absolute(asked) != absolute(moved)) {
            complain(lines, set, number, absolute(asked), absolute(moved), to);
        }
    }
}

static void
judge_lines(const Lines *lines, const Complaints *to)
{
    if (!touches_any(lines)) {
        return;
    }
    for (guint i = 0; i < lines->engine->links->sets->len; i++) {
        judge_set(lines, lines->engine->links->sets->pdata[i], to);
    }
}

void
fisc_engine_judge_links(FiscDecision *decision)
{
    if (decision->engine->links == NULL) {
        return;
    }
    Lines lines = {.engine = decision->engine, .period = decision->period};
    for (int side = 0; side < 2; side++) {
        lines.coding[side] = (const int32_t *)(const void *)decision->coding[side]->data;
        lines.amount[side] = (const int64_t *)(const void *)decision->amount[side]->data;
        lines.count[side] = decision->coding[side]->len;
    }
    const FiscEntry *entry = decision->entry;
    judge_lines(&lines, &(Complaints){FISC_ERROR_LINKED_SET, entry->file, entry->row,
                                      entry->decimals, decision->refusals});
}

void
fisc_engine_object_links(const FiscEngine *engine, const FiscDecidedEntry *entry,
                         FiscRefusals *objections)
{
    if (engine->links == NULL) {
        return;
    }
    Lines lines = {.engine = engine,
                   .period = entry->period,
                   .coding = {entry->coding},
                   .amount = {entry->amount},
                   .count = {(guint)entry->count}};
    judge_lines(&lines, &(Complaints){FISC_ERROR_TAMPERED, NULL, 0, 2, objections});
}

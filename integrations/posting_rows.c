/* posting_rows.c: transactions of other bookkeeping systems as rows of debit and credit. What the
 * accounts mean, profiles and their maps say. */
#include "integrations/posting_rows.h"
#include "fisc/csv.h"
#include "fisc/money.h"
#include <string.h>

#define ID_BYTES_MAX 80

typedef struct {
    GString *out;
    const FiscTransaction *transaction;
    const GArray *postings;
    int decimals;   /* the most that any posting has */
    __int128 *left; /* of each posting, in units of 10^-decimals */
    int line;       /* rows written */
} Pairing;

static const FiscPosting *
posting_at(const Pairing *pairing, guint index)
{
    return &g_array_index(pairing->postings, FiscPosting, index);
}

static bool
is_of(const FiscPosting *posting, const FiscPosting *other)
{
    return posting->group == other->group && strcmp(posting->currency, other->currency) == 0;
}

bool
fisc_posting_rows_id_is_good(const char *id)
{
    gsize length = strlen(id);
    for (gsize i = 0; i < length; i++) {
        if (!g_ascii_isgraph(id[i]) || id[i] == '@') {
            return false;
        }
    }
    return length > 0 && length <= ID_BYTES_MAX;
}

void
fisc_posting_rows_begin(GString *out)
{
    g_string_append(out, "id,line,date,code,description,status,party,currency,debit,debit_name,"
                         "credit,credit_name,amount\n");
}

/* "400.10" of 400100 with three decimals is "400.1": how many there are says nothing. */
static const char *
amount_text(__int128 amount, int decimals, char *buffer)
{
    while (decimals > 0 && amount % 10 == 0) {
        amount /= 10;
        decimals--;
    }
    return fisc_sum_format(amount, decimals, buffer);
}

static void
write_row(Pairing *pairing, const FiscPosting *debit, const FiscPosting *credit, __int128 amount)
{
    const FiscTransaction *of = pairing->transaction;
    char text[FISC_SUM_TEXT];
    g_autofree char *line = g_strdup_printf("%d", ++pairing->line);
    const char *const fields[] = {
        of->id,
        line,
        of->date,
        of->code,
        of->description,
        of->status,
        *debit->party != '\0' ? debit->party : credit->party,
        debit->currency,
        debit->account,
        debit->name,
        credit->account,
        credit->name,
        amount_text(amount, pairing->decimals, text),
    };
    for (gsize i = 0; i < G_N_ELEMENTS(fields); i++) {
        g_string_append(pairing->out, i == 0 ? "" : ",");
        fisc_csv_append(pairing->out, fields[i]);
    }
    g_string_append_c(pairing->out, '\n');
}

/* All of one decimal point; false when an amount has more decimals than can be. */
static bool
scale(Pairing *pairing)
{
    for (guint i = 0; i < pairing->postings->len; i++) {
        const FiscPosting *posting = posting_at(pairing, i);
        if (posting->decimals < 0 || posting->decimals > FISC_POSTING_DECIMALS_MAX) {
            return false;
        }
        pairing->decimals = MAX(pairing->decimals, posting->decimals);
    }
    for (guint i = 0; i < pairing->postings->len; i++) {
        const FiscPosting *posting = posting_at(pairing, i);
        pairing->left[i] = posting->amount; /* below 2^63 * 10^18, which 128 bits hold */
        for (int k = posting->decimals; k < pairing->decimals; k++) {
            pairing->left[i] *= 10;
        }
    }
    return true;
}

/* What postings like @first add up to; false when it is too much for any books. */
static bool
add_up(const Pairing *pairing, const FiscPosting *first, __int128 *out_sum)
{
    *out_sum = 0;
    for (guint i = 0; i < pairing->postings->len; i++) {
        if (is_of(posting_at(pairing, i), first) &&
            __builtin_add_overflow(*out_sum, pairing->left[i], out_sum)) {
            return false;
        }
    }
    return true;
}

/* The next posting like @first with something left on @side (1 debit, -1 credit); the count of all
 * when there is none. */
static guint
next_of(const Pairing *pairing, guint from, const FiscPosting *first, int side)
{
    while (from < pairing->postings->len &&
           (pairing->left[from] * side <= 0 || !is_of(posting_at(pairing, from), first))) {
        from++;
    }
    return from;
}

static void
pair_up(Pairing *pairing, const FiscPosting *first)
{
    guint debit = next_of(pairing, 0, first, 1);
    guint credit = next_of(pairing, 0, first, -1);
    guint count = pairing->postings->len;
    while (debit < count && credit < count) {
        __int128 amount = MIN(pairing->left[debit], -pairing->left[credit]);
        write_row(pairing, posting_at(pairing, debit), posting_at(pairing, credit), amount);
        pairing->left[debit] -= amount;
        pairing->left[credit] += amount;
        debit = next_of(pairing, debit, first, 1);
        credit = next_of(pairing, credit, first, -1);
    }
}

static bool
refuse(const Pairing *pairing, const char *file, FiscRefusals *refusals, FiscError code,
       const char *reason)
{
    fisc_refusals_add(refusals, code, file, pairing->transaction->line, NULL,
                      "transaction %s of %s: %s", pairing->transaction->id,
                      pairing->transaction->date, reason);
    return false;
}

static bool
pair_all(Pairing *pairing, const char *file, FiscRefusals *refusals)
{
    if (!scale(pairing)) {
        return refuse(pairing, file, refusals, FISC_ERROR_AMOUNT_DECIMALS,
                      "an amount has more decimals than any currency");
    }
    for (guint i = 0; i < pairing->postings->len; i++) {
        __int128 sum = 0;
        if (pairing->left[i] == 0) {
            continue; /* nothing, or taken by a pair before */
        }
        if (!add_up(pairing, posting_at(pairing, i), &sum)) {
            return refuse(pairing, file, refusals, FISC_ERROR_AMOUNT_OVERFLOW,
                          "its amounts are too large");
        }
        if (sum != 0) {
            return refuse(pairing, file, refusals, FISC_ERROR_ENTRY_UNBALANCED,
                          "its postings do not add up to nothing in each currency");
        }
        pair_up(pairing, posting_at(pairing, i));
    }
    return true;
}

bool
fisc_posting_rows_add(GString *out, const char *file, const FiscTransaction *transaction,
                      const GArray *postings, FiscRefusals *refusals)
{
    g_autofree __int128 *left = g_new0(__int128, postings->len + 1);
    Pairing pairing = {.out = out, .transaction = transaction, .postings = postings, .left = left};
    return pair_all(&pairing, file, refusals);
}

/* verify_explain.c: what differs in an entry whose hash does not match.
 *
 * A hash says that something differs, not what. But it confirms a guess: whatever change, taken
 * back, gives the stored hash again is what was done. The guesses come from the row itself (amounts
 * that exchanged places, a side out of balance), from the caches (a balance that is off by so much,
 * the reference as it is on record) and from the few values a column can have. What no guess
 * explains is reported as it was found. Amounts are in minor units. */
#include "ledger/verify_internal.h"
#include "fisc/date.h"
#include <string.h>

#define KEPT_MAX 1000       /* altered entries explained; and suspects looked at */
#define PAIRS_LINES_MAX 200 /* lines among which every pair is tried */
#define YEAR_MIN 1950       /* of an effective date */
#define YEAR_MAX 2150
#define NUMBERS_MAX 20000  /* numbers of one column */
#define CODINGS_MAX 200000 /* codings tried in one entry */

void
fisc_altered_entry_free(gpointer data)
{
    FiscAlteredEntry *altered = data;
    FiscLogEntry *entry = &altered->entry;
    g_free(entry->coding);
    g_free(entry->amount);
    g_strfreev(entry->open_item);
    g_free((char *)entry->currency);
    g_free(entry->foreign);
    g_free(entry->hands);
    g_free((char *)entry->document);
    g_free((char *)entry->transfer);
    g_free((char *)entry->reference);
    g_free((char *)entry->memo);
    g_free(altered);
}

/* NULL stays NULL. */
static char **
copy_texts(char *const *texts, int count)
{
    char **copy = texts != NULL ? g_new0(char *, count + 1) : NULL;
    for (int i = 0; texts != NULL && i < count; i++) {
        copy[i] = g_strdup(texts[i]);
    }
    return copy;
}

void
fisc_verifier_keep_altered(FiscVerifier *verifier, const FiscLogEntry *entry, guint finding)
{
    if (verifier->altered->len >= KEPT_MAX || entry->item.is_malformed) {
        return;
    }
    FiscAlteredEntry *altered = g_new0(FiscAlteredEntry, 1);
    altered->entry = *entry;
    altered->entry.coding = g_memdup2(entry->coding, (gsize)entry->count * sizeof *entry->coding);
    altered->entry.amount = g_memdup2(entry->amount, (gsize)entry->count * sizeof *entry->amount);
    altered->entry.open_item = copy_texts(entry->open_item, entry->count);
    altered->entry.currency = g_strdup(entry->currency);
    altered->entry.foreign =
        g_memdup2(entry->foreign, (gsize)entry->count * sizeof *entry->foreign);
    altered->entry.hands = g_memdup2(entry->hands, (gsize)entry->hand_count * sizeof *entry->hands);
    altered->entry.document = g_strdup(entry->document);
    altered->entry.transfer = g_strdup(entry->transfer);
    altered->entry.reference = g_strdup(entry->reference);
    altered->entry.memo = g_strdup(entry->memo);
    altered->is_folded = verifier->is_whole && entry->entry_id <= verifier->upto_entry;
    altered->finding = finding;
    g_ptr_array_add(verifier->altered, altered);
}

/* Guesses ---------------------------------------------------------------------------------- */

/* One entry under examination: a guess changes @guess in place, and takes the change back when the
 * hash does not confirm it. */
typedef struct {
    FiscVerifier *verifier;
    const FiscLogEntry *found;
    FiscLogEntry guess; /* arrays of its own */
    const FiscReferenceMismatch *hint;
    int line;     /* of the finding; 0 = several, or none */
    char *detail; /* set once confirmed */
} Case;

static bool
is_confirmed(Case *c)
{
    uint8_t hash[32];
    fisc_log_hash_entry(c->verifier->hash, c->verifier->book_id, &c->guess, hash);
    return memcmp(hash, c->found->item.stored, 32) == 0;
}

static bool G_GNUC_PRINTF(3, 4) confirm(Case *c, int line, const char *format, ...)
{
    if (!is_confirmed(c)) {
        return false;
    }
    va_list arguments;
    va_start(arguments, format);
    c->detail = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    c->line = line;
    return true;
}

static void
swap_amounts(FiscLogEntry *entry, int i, int k)
{
    int64_t amount = entry->amount[i];
    entry->amount[i] = entry->amount[k];
    entry->amount[k] = amount;
}

static void
swap_codings(FiscLogEntry *entry, int i, int k)
{
    int32_t coding = entry->coding[i];
    entry->coding[i] = entry->coding[k];
    entry->coding[k] = coding;
}

static bool
try_exchange(Case *c, int i, int k)
{
    swap_amounts(&c->guess, i, k);
    if (confirm(c, i + 1, "its amount and that of line %d were exchanged", k + 1)) {
        return true;
    }
    swap_codings(&c->guess, i, k);
    if (confirm(c, i + 1, "it and line %d were exchanged", k + 1)) {
        return true;
    }
    swap_amounts(&c->guess, i, k);
    if (confirm(c, i + 1, "its coding and that of line %d were exchanged", k + 1)) {
        return true;
    }
    swap_codings(&c->guess, i, k);
    return false;
}

static bool
guess_exchange(Case *c)
{
    for (int i = 0; i < MIN(c->guess.count, PAIRS_LINES_MAX); i++) {
        for (int k = i + 1; k < MIN(c->guess.count, PAIRS_LINES_MAX); k++) {
            if (try_exchange(c, i, k)) {
                return true;
            }
        }
    }
    return false;
}

static bool
try_amount(Case *c, int i, __int128 amount)
{
    int64_t stands = c->guess.amount[i];
    if (amount > G_MAXINT64 || amount < G_MININT64 || amount == stands) {
        return false;
    }
    c->guess.amount[i] = (int64_t)amount;
    if (confirm(c, i + 1,
                "its amount is %" G_GINT64_FORMAT ", sealed was %" G_GINT64_FORMAT " (minor units)",
                stands, (int64_t)amount)) {
        return true;
    }
    c->guess.amount[i] = stands;
    return false;
}

/* A side that is off by an amount: one of its lines is. */
static bool
guess_imbalance(Case *c)
{
    __int128 sums[2] = {0, 0};
    for (int i = 0; i < c->guess.count; i++) {
        sums[i < c->guess.financial ? 0 : 1] += c->guess.amount[i];
    }
    for (int i = 0; i < c->guess.count; i++) {
        __int128 off = sums[i < c->guess.financial ? 0 : 1];
        if (off != 0 && try_amount(c, i, c->guess.amount[i] - off)) {
            return true;
        }
    }
    return false;
}

/* By how much the log is above the table of balances on the key of a line. */
static __int128
difference_at(const Case *c, int32_t coding_id)
{
    FiscBalanceKey key = {c->guess.entity_id, c->guess.period, coding_id};
    const FiscBalanceFold *fold = g_hash_table_lookup(c->verifier->balances, &key);
    return fold != NULL ? fisc_balance_difference(fold) : 0;
}

/* Every line whose balance is off, put right at once; the first of several on one key. */
static bool
guess_balances(Case *c)
{
    g_autoptr(GString) lines = g_string_new(NULL);
    g_autofree int64_t *stands =
        g_memdup2(c->guess.amount, (gsize)c->guess.count * sizeof *c->guess.amount);
    int first = 0;
    for (int i = 0; i < c->guess.count; i++) {
        bool is_first = true;
        for (int k = 0; k < i; k++) {
            is_first = is_first && c->guess.coding[k] != c->guess.coding[i];
        }
        __int128 amount = stands[i] - difference_at(c, c->guess.coding[i]);
        if (is_first && amount != stands[i] && amount >= G_MININT64 && amount <= G_MAXINT64) {
            c->guess.amount[i] = (int64_t)amount;
            first = first == 0 ? i + 1 : first;
            g_string_append_printf(
                lines, "%sline %d is %" G_GINT64_FORMAT ", sealed was %" G_GINT64_FORMAT,
                lines->len > 0 ? "; " : "", i + 1, stands[i], (int64_t)amount);
        }
    }
    if (first != 0 && confirm(c, first, "amounts were altered: %s (minor units)", lines->str)) {
        return true;
    }
    memcpy(c->guess.amount, stands, (gsize)c->guess.count * sizeof *stands);
    return false;
}

/* One line on another coding of the entity. */
static bool
guess_coding(Case *c)
{
    const GArray *codings = c->verifier->codings;
    int64_t tried = 0;
    for (int i = 0; i < c->guess.count; i++) {
        int32_t stands = c->guess.coding[i];
        for (guint at = 0; at < codings->len && tried < CODINGS_MAX; at++) {
            if (g_array_index(codings, FiscKnownCoding, at).entity_id != c->guess.entity_id) {
                continue;
            }
            tried++;
            c->guess.coding[i] = (int32_t)at + 1;
            if (confirm(c, i + 1, "its coding is %d, sealed was %d", stands, (int)at + 1)) {
                return true;
            }
        }
        c->guess.coding[i] = stands;
    }
    return false;
}

static int
highest_number(const Case *c, const char *kind)
{
    return MIN(GPOINTER_TO_INT(g_hash_table_lookup(c->verifier->numbering, kind)), NUMBERS_MAX);
}

/* Every value from @low to @high in one column. */
static bool
try_numbers(Case *c, const char *what, int *slot, int low, int high)
{
    int stands = *slot;
    for (int value = low; value <= high; value++) {
        *slot = value;
        if (value != stands && confirm(c, 0, "its %s is %d, sealed was %d", what, stands, value)) {
            return true;
        }
    }
    *slot = stands;
    return false;
}

static bool
guess_numbers(Case *c)
{
    FiscLogEntry *guess = &c->guess;
    return try_numbers(c, "maker", &guess->maker, 1, highest_number(c, "person")) ||
           try_numbers(c, "source_id", &guess->source_id, 1, highest_number(c, "source")) ||
           try_numbers(c, "entity_id", &guess->entity_id, 1, highest_number(c, "entity")) ||
           try_numbers(c, "financial", &guess->financial, 0, guess->count);
}

static bool
guess_period(Case *c)
{
    GHashTableIter iter;
    gpointer period;
    int stands = c->guess.period;
    g_hash_table_iter_init(&iter, c->verifier->periods);
    while (g_hash_table_iter_next(&iter, &period, NULL)) {
        c->guess.period = GPOINTER_TO_INT(period);
        if (confirm(c, 0, "its period is %06d, sealed was %06d", stands, c->guess.period)) {
            return true;
        }
    }
    c->guess.period = stands;
    return false;
}

/* Any day that a date can be: there are not so many. */
static bool
guess_date(Case *c)
{
    FiscDate stands = c->guess.effective;
    FiscDate last = fisc_date_make(YEAR_MAX, 12, 31);
    for (c->guess.effective = fisc_date_make(YEAR_MIN, 1, 1); c->guess.effective <= last;
         c->guess.effective++) {
        if (is_confirmed(c)) {
            char before[FISC_DATE_TEXT] = "no date";
            char after[FISC_DATE_TEXT];
            if (stands >= fisc_date_make(YEAR_MIN, 1, 1) && stands <= last) {
                fisc_date_format(stands, before);
            }
            return confirm(c, 0, "its effective date is %s, sealed was %s", before,
                           fisc_date_format(c->guess.effective, after));
        }
    }
    c->guess.effective = stands;
    return false;
}

static bool
guess_correction(Case *c)
{
    int64_t stands = c->guess.corrects;
    c->guess.reverses = !c->guess.reverses;
    if (confirm(c, 0, "its reverses was turned to %s", c->guess.reverses ? "false" : "true")) {
        return true;
    }
    c->guess.reverses = !c->guess.reverses;
    for (int64_t entry = 0; entry < MIN(c->found->entry_id, NUMBERS_MAX); entry++) {
        c->guess.corrects = entry;
        if (confirm(c, 0, "its corrects is %" G_GINT64_FORMAT ", sealed was %" G_GINT64_FORMAT,
                    stands, entry)) {
            return true;
        }
    }
    c->guess.corrects = stands;
    return false;
}

/* The reference as it is on record, or only its digest. */
static bool
guess_reference(Case *c)
{
    const FiscLogEntry stands = c->guess;
    if (c->hint == NULL) {
        return false;
    }
    memcpy(c->guess.digest, c->hint->digest, 32);
    if (confirm(c, 0, "its digest was altered")) {
        return true;
    }
    memcpy(c->guess.digest, stands.digest, 32);
    c->guess.reference = c->hint->reference;
    if (confirm(c, 0, "its reference is %s, sealed was %s", stands.reference, c->hint->reference)) {
        return true;
    }
    c->guess.source_id = c->hint->source_id;
    c->guess.period = c->hint->period;
    memcpy(c->guess.digest, c->hint->digest, 32);
    if (confirm(c, 0, "its source, reference, period or digest was altered: on record is %s",
                c->hint->reference)) {
        return true;
    }
    c->guess = stands;
    return false;
}

/* Words that nothing else keeps: only that they were there, or were not, can be guessed. */
static bool
guess_words(Case *c)
{
    const char *document = c->guess.document;
    const char *transfer = c->guess.transfer;
    const char *slash = strrchr(c->guess.reference, '/');
    const char *guesses[] = {"", c->guess.reference, slash != NULL ? slash + 1 : ""};
    for (gsize i = 0; i < G_N_ELEMENTS(guesses); i++) {
        c->guess.document = guesses[i];
        if (confirm(c, 0, "its document is \"%s\", sealed was \"%s\"", document, guesses[i])) {
            return true;
        }
        c->guess.document = document;
        c->guess.transfer = guesses[i];
        if (confirm(c, 0, "its transfer is \"%s\", sealed was \"%s\"", transfer, guesses[i])) {
            return true;
        }
        c->guess.transfer = transfer;
    }
    return false;
}

static bool
guess_memo(Case *c)
{
    uint8_t stands[32];
    memcpy(stands, c->guess.memo_hash, 32);
    fisc_entry_memo_hash(c->guess.memo, c->guess.memo_salt, c->guess.memo_hash);
    if (confirm(c, 0, "its memo_hash was altered")) {
        return true;
    }
    memcpy(c->guess.memo_hash, stands, 32);
    return false;
}

static bool (*const guesses[])(Case *) = {
    guess_exchange, guess_imbalance, guess_balances,   guess_numbers, guess_reference, guess_memo,
    guess_period,   guess_date,      guess_correction, guess_words,   guess_coding};

/* Explaining ------------------------------------------------------------------------------- */

static FiscReferenceMismatch *
find_hint(FiscVerifier *verifier, int64_t entry_id)
{
    for (guint i = 0; i < verifier->references->len; i++) {
        FiscReferenceMismatch *mismatch =
            &g_array_index(verifier->references, FiscReferenceMismatch, i);
        if (mismatch->has_reference && mismatch->has_entry && mismatch->entry_id == entry_id) {
            return mismatch;
        }
    }
    return NULL;
}

/* The balances and the reference are judged by the entry as it was sealed. */
static void
restore(FiscVerifier *verifier, const FiscAlteredEntry *altered, const FiscLogEntry *sealed,
        FiscReferenceMismatch *hint)
{
    if (altered->is_folded) {
        fisc_verifier_add_lines(verifier, &altered->entry, -1);
        fisc_verifier_add_lines(verifier, sealed, 1);
        fisc_verifier_add_items(verifier, &altered->entry, -1);
        fisc_verifier_add_items(verifier, sealed, 1);
    }
    if (hint != NULL) {
        hint->is_explained = hint->source_id == sealed->source_id &&
                             hint->period == sealed->period &&
                             hint->batch_no == sealed->item.batch_no &&
                             strcmp(hint->reference, sealed->reference) == 0 &&
                             memcmp(hint->digest, sealed->digest, 32) == 0;
    }
}

static void
explain(FiscVerifier *verifier, const FiscAlteredEntry *altered)
{
    const FiscLogEntry *entry = &altered->entry;
    FiscFinding *finding = verifier->report->findings->pdata[altered->finding];
    FiscReferenceMismatch *hint = find_hint(verifier, entry->entry_id);
    Case c = {.verifier = verifier, .found = entry, .guess = *entry, .hint = hint};
    c.guess.coding = g_memdup2(entry->coding, (gsize)entry->count * sizeof *entry->coding);
    c.guess.amount = g_memdup2(entry->amount, (gsize)entry->count * sizeof *entry->amount);
    for (gsize i = 0; i < G_N_ELEMENTS(guesses) && c.detail == NULL; i++) {
        guesses[i](&c);
    }
    if (c.detail != NULL) {
        g_free(finding->detail);
        finding->detail = c.detail;
        finding->line = c.line;
        restore(verifier, altered, &c.guess, hint);
    }
    g_free(c.guess.coding);
    g_free(c.guess.amount);
}

/* Lines of an entry whose balances are off: where to look, when no guess was confirmed. */
static void
name_lines(FiscVerifier *verifier, const FiscAlteredEntry *altered)
{
    const FiscLogEntry *entry = &altered->entry;
    for (int i = 0; altered->is_folded && i < entry->count; i++) {
        FiscBalanceKey key = {entry->entity_id, entry->period, entry->coding[i]};
        const FiscBalanceFold *fold = g_hash_table_lookup(verifier->balances, &key);
        if (fold == NULL || fisc_balance_difference(fold) == 0) {
            continue;
        }
        FiscFinding *finding =
            fisc_verifier_find(verifier, FISC_FINDING_ALTERED, "entry", entry->entry_id,
                               entry->reference, entry->item.batch_no,
                               "the balance of its coding is off by %" G_GINT64_FORMAT
                               " (minor units): this line may be why",
                               (int64_t)fisc_balance_difference(fold));
        finding->line = i + 1;
    }
}

void
fisc_verifier_explain(FiscVerifier *verifier)
{
    for (guint i = 0; i < verifier->altered->len; i++) {
        const FiscAlteredEntry *altered = verifier->altered->pdata[i];
        if (altered->finding < FISC_FINDINGS_MAX - 1) { /* the last place changes hands */
            explain(verifier, altered);
        }
    }
    for (guint i = 0; i < verifier->altered->len; i++) {
        name_lines(verifier, verifier->altered->pdata[i]);
    }
}

/* settle.c: see settle.h. */
#include "integrations/settle.h"
#include <string.h>

#define REVERSAL "/reversal"

/* An entry of the source and its posted generations. */
typedef struct {
    int generation; /* the newest; 0: none was posted */
    bool is_live;   /* it is not reversed */
    int at;         /* its position in what was posted */
    FiscPeriod period;
    const uint8_t *digest;
    bool is_wanted;
} Line;

void
fisc_posted_reference_clear(gpointer data)
{
    FiscPostedReference *posted = data;
    g_free(posted->reference);
}

void
fisc_settlement_clear(FiscSettlement *settlement)
{
    g_clear_pointer(&settlement->reversed, g_ptr_array_unref);
}

/* "12/payment@3" is the third of "12/payment". *out_length: of the name. */
static int
generation_of(const char *reference, gsize *out_length)
{
    gsize length = strlen(reference);
    gsize at = length;
    while (at > 0 && g_ascii_isdigit(reference[at - 1])) {
        at--;
    }
    guint64 number = 0;
    if (at == length || at == 0 || reference[at - 1] != '@' || reference[at] == '0' ||
        !g_ascii_string_to_unsigned(reference + at, 10, 1, G_MAXINT, &number, NULL)) {
        *out_length = length;
        return 1;
    }
    *out_length = at - 1;
    return (int)number;
}

/* A name that looks like a generation, or like our reversal of one, is given one of its own, so
 * that it reads back. */
static char *
reference_of(const char *name, int generation)
{
    gsize length = 0;
    generation_of(name, &length);
    bool is_plain = length == strlen(name) && !g_str_has_suffix(name, REVERSAL);
    return generation == 1 && is_plain ? g_strdup(name)
                                       : g_strdup_printf("%s@%d", name, generation);
}

static Line *
line_of(GHashTable *lines, const char *name, gsize length)
{
    g_autofree char *key = g_strndup(name, length);
    Line *line = g_hash_table_lookup(lines, key);
    if (line == NULL) {
        line = g_new0(Line, 1);
        g_hash_table_insert(lines, g_steal_pointer(&key), line);
    }
    return line;
}

static void
read_posted(GHashTable *lines, const GArray *posted)
{
    for (guint i = 0; i < posted->len; i++) {
        const FiscPostedReference *row = &g_array_index(posted, FiscPostedReference, i);
        bool is_reversal = g_str_has_suffix(row->reference, REVERSAL);
        g_autofree char *own = g_strdup(row->reference);
        own[strlen(own) - (is_reversal ? strlen(REVERSAL) : 0)] = '\0';
        gsize length = 0;
        int generation = generation_of(own, &length);
        Line *line = line_of(lines, own, length);
        if (is_reversal) {
            line->is_live = line->is_live && line->generation != generation;
        } else if (generation > line->generation) {
            line->generation = generation;
            line->is_live = true;
            line->at = (int)i;
            line->period = row->period;
            line->digest = row->digest;
        }
    }
}

static FiscPeriod
own_period(const FiscEntry *entry)
{
    return entry->period != 0 ? entry->period : fisc_period_of(entry->effective);
}

/* Whether the books have it in these words, in the period they took it in. */
static bool
is_same(FiscEntry *entry, const Line *line, const char *reference)
{
    FiscPeriod period = entry->period;
    const char *name = entry->reference;
    if (line->period != own_period(entry)) {
        entry->period = line->period;
    }
    entry->reference = reference;
    fisc_entry_digest(entry);
    bool is_same = memcmp(entry->digest, line->digest, sizeof entry->digest) == 0;
    entry->period = period;
    entry->reference = name;
    return is_same;
}

/* Corrections name the generation that stands. An exact reversal of the source is a correction like
 * any other: which of ours reverses which is for us to say. */
static void
point_at(FiscSubmission *wanted, FiscEntry *entry, GHashTable *names)
{
    if (entry->corrects != NULL) {
        const char *now = g_hash_table_lookup(names, entry->corrects);
        entry->corrects = now != NULL ? now : fisc_submission_text(wanted, entry->corrects);
        entry->reverses = false;
    }
}

/* True when the entry is to be posted: in the place of the one that stands, if there is one. */
static bool
settle_one(FiscSubmission *wanted, FiscEntry *entry, Line *line, GHashTable *names)
{
    const char *name = entry->reference;
    g_autofree char *stands = reference_of(name, MAX(line->generation, 1));
    line->is_wanted = true;
    point_at(wanted, entry, names);
    if (line->is_live && is_same(entry, line, stands)) {
        g_hash_table_insert(names, (gpointer)name, (gpointer)fisc_submission_text(wanted, stands));
        return false;
    }
    g_autofree char *next = reference_of(name, line->generation + 1);
    entry->reference = fisc_submission_text(wanted, next);
    g_hash_table_insert(names, (gpointer)name, (gpointer)entry->reference);
    return true;
}

/* Newest first, so that nothing is taken away from below what stands on it. */
static int
compare_newest(const void *a, const void *b)
{
    const Line *one = *(Line *const *)a;
    const Line *other = *(Line *const *)b;
    return (one->at < other->at) - (one->at > other->at);
}

static void
list_reversed(GPtrArray *stale, const GArray *posted, GPtrArray *into)
{
    g_ptr_array_sort(stale, compare_newest);
    for (guint i = 0; i < stale->len; i++) {
        const Line *line = stale->pdata[i];
        g_ptr_array_add(into,
                        g_strdup(g_array_index(posted, FiscPostedReference, line->at).reference));
    }
}

/* What the source says no more. */
static void
add_unwanted(GHashTable *lines, GPtrArray *stale)
{
    GHashTableIter iter;
    gpointer line;
    g_hash_table_iter_init(&iter, lines);
    while (g_hash_table_iter_next(&iter, NULL, &line)) {
        if (((Line *)line)->is_live && !((Line *)line)->is_wanted) {
            g_ptr_array_add(stale, line);
        }
    }
}

static void
place(FiscEntry *entry, FiscOpenPeriod open_period, gpointer data, FiscSettlement *settlement)
{
    FiscPeriod own = own_period(entry);
    FiscPeriod open = open_period(own, data);
    if (open != 0 && open != own) {
        entry->period = open;
        settlement->restated++;
    }
    fisc_entry_digest(entry);
}

/* Entries in or out of the submission: those in @is_out are freed with what it leaves behind. */
static void
keep(FiscSubmission *wanted, const guint8 *is_out)
{
    g_autoptr(FiscSubmission) dropped = fisc_submission_new(wanted->source, wanted->actor);
    gsize count = 0;
    g_autofree gpointer *entries = g_ptr_array_steal(wanted->entries, &count);
    for (gsize i = 0; i < count; i++) {
        g_ptr_array_add(is_out[i] ? dropped->entries : wanted->entries, entries[i]);
    }
}

void
fisc_settle(FiscSubmission *wanted, const GArray *posted, FiscOpenPeriod open_period, gpointer data,
            FiscSettlement *out_settlement)
{
    g_autoptr(GHashTable) lines = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    g_autoptr(GHashTable) names = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GPtrArray) stale = g_ptr_array_new();
    g_autofree guint8 *is_out = g_new0(guint8, wanted->entries->len + 1);
    *out_settlement = (FiscSettlement){.reversed = g_ptr_array_new_with_free_func(g_free)};
    read_posted(lines, posted);
    for (guint i = 0; i < wanted->entries->len; i++) {
        FiscEntry *entry = wanted->entries->pdata[i];
        Line *line = line_of(lines, entry->reference, strlen(entry->reference));
        bool is_stale = line->is_live;
        if (!settle_one(wanted, entry, line, names)) {
            out_settlement->unchanged++;
            is_out[i] = 1;
            continue;
        }
        if (is_stale) {
            g_ptr_array_add(stale, line);
        }
        place(entry, open_period, data, out_settlement);
    }
    add_unwanted(lines, stale);
    list_reversed(stale, posted, out_settlement->reversed);
    keep(wanted, is_out);
    out_settlement->posted = (int)wanted->entries->len;
}

/* propose.c: see propose.h. Integers only: a score that is told must be the same everywhere. */
#include "integrations/propose.h"
#include <string.h>

#define LEAST_PPM 100000
#define ALIKE_PPM 900000
#define FORMER_PPM 950000
#define OTHER_PPM 700000
#define MOVED_PPM 950000
#define NAMED_PPM 800000
#define CHART_PPM 600000
#define WORD_WEIGHT 1000000 /* of a word that one title has; of one that n have: an nth */

typedef struct {
    FiscEvidenceKind kind;
    char *code, *title, *result, *from;
    int row, share_ppm;
    GPtrArray *words;
} Piece;

struct _FiscProposer {
    GPtrArray *pieces;      /* of Piece */
    GHashTable *word_count; /* word -> how many titles have it */
};

static void
piece_free(gpointer data)
{
    Piece *piece = data;
    g_free(piece->code);
    g_free(piece->title);
    g_free(piece->result);
    g_free(piece->from);
    g_ptr_array_unref(piece->words);
    g_free(piece);
}

FiscProposer *
fisc_proposer_new(void)
{
    FiscProposer *proposer = g_new0(FiscProposer, 1);
    proposer->pieces = g_ptr_array_new_with_free_func(piece_free);
    proposer->word_count = g_hash_table_new(g_str_hash, g_str_equal);
    return proposer;
}

void
fisc_proposer_free(FiscProposer *proposer)
{
    if (proposer != NULL) {
        g_hash_table_unref(proposer->word_count);
        g_ptr_array_unref(proposer->pieces);
        g_free(proposer);
    }
}

static int
word_count(const FiscProposer *proposer, const char *word)
{
    return GPOINTER_TO_INT(g_hash_table_lookup(proposer->word_count, word));
}

void
fisc_proposer_add(FiscProposer *proposer, const FiscEvidence *evidence)
{
    Piece *piece = g_new0(Piece, 1);
    piece->kind = evidence->kind;
    piece->code = g_strdup(evidence->code);
    piece->title = g_strdup(evidence->title);
    piece->result = g_strdup(evidence->result);
    piece->from = g_strdup(evidence->from);
    piece->row = evidence->row;
    piece->share_ppm = evidence->share_ppm;
    piece->words = fisc_words_of(evidence->title);
    for (guint i = 0; i < piece->words->len; i++) {
        char *word = piece->words->pdata[i];
        g_hash_table_replace(proposer->word_count, word,
                             GINT_TO_POINTER(word_count(proposer, word) + 1));
    }
    g_ptr_array_add(proposer->pieces, piece);
}

/* How alike ----------------------------------------------------------------------------------- */

static int
count_alike(const char *a, const char *b)
{
    int length = 0;
    while (a[length] != '\0' && a[length] == b[length]) {
        length++;
    }
    return length;
}

static int64_t
weight_of(const FiscProposer *proposer, const char *word)
{
    return WORD_WEIGHT / MAX(1, word_count(proposer, word));
}

static bool
has_word(const GPtrArray *words, const char *word)
{
    return g_ptr_array_find_with_equal_func((GPtrArray *)words, word, g_str_equal, NULL);
}

/* The weight of the words that both have, by the weight of all of them. */
static int
similarity_ppm(const FiscProposer *proposer, const GPtrArray *asked, const GPtrArray *known)
{
    int64_t both = 0, all = 0;
    for (guint i = 0; i < asked->len; i++) {
        int64_t weight = weight_of(proposer, asked->pdata[i]);
        all += weight;
        both += has_word(known, asked->pdata[i]) ? weight : 0;
    }
    for (guint i = 0; i < known->len; i++) {
        all += has_word(asked, known->pdata[i]) ? 0 : weight_of(proposer, known->pdata[i]);
    }
    return all > 0 ? (int)(both * FISC_WHOLE_PPM / all) : 0;
}

/* Gathering what speaks for each result ------------------------------------------------------- */

/* What speaks for one result: of each kind the strongest piece. */
typedef struct {
    const char *result;
    int alike; /* mapped codes that begin as much alike as any do */
    const Piece *like;
    int named_ppm, history_ppm;
    const Piece *named, *history;
} Case;

typedef struct {
    const FiscProposer *proposer;
    const char *code;
    GPtrArray *words;  /* of its title */
    int alike_longest; /* characters */
    int alike_count;   /* mapped codes that begin so */
    GHashTable *cases; /* result -> Case */
} Hearing;

static Case *
case_of(const Hearing *hearing, const char *result)
{
    Case *found = g_hash_table_lookup(hearing->cases, result);
    if (found == NULL) {
        found = g_new0(Case, 1);
        found->result = result;
        g_hash_table_insert(hearing->cases, (gpointer)result, found);
    }
    return found;
}

static int
share_ppm(int part, size_t whole)
{
    return whole > 0 ? (int)((int64_t)MIN((size_t)part, whole) * FISC_WHOLE_PPM / (int64_t)whole)
                     : 0;
}

static int
part_ppm(int of_ppm, int share)
{
    return (int)((int64_t)of_ppm * share / FISC_WHOLE_PPM);
}

/* A row of the table is rather copied than nothing. */
static void
hear_alike(const Hearing *hearing, const Piece *piece)
{
    if (piece->kind == FISC_EVIDENCE_MAPPED && hearing->alike_longest > 0 &&
        count_alike(hearing->code, piece->code) == hearing->alike_longest) {
        Case *one = case_of(hearing, piece->result);
        one->alike++;
        bool is_better = one->like == NULL || (one->like->row < 0 && piece->row >= 0);
        one->like = is_better ? piece : one->like;
    }
}

static void
hear_title(const Hearing *hearing, const Piece *piece)
{
    int of_ppm = piece->kind == FISC_EVIDENCE_CHART    ? CHART_PPM
                 : piece->kind == FISC_EVIDENCE_MAPPED ? NAMED_PPM
                                                       : 0;
    int similarity = of_ppm > 0 && piece->words->len > 0
                         ? similarity_ppm(hearing->proposer, hearing->words, piece->words)
                         : 0;
    int score = part_ppm(of_ppm, similarity);
    if (score > 0) {
        Case *one = case_of(hearing, piece->result);
        if (score > one->named_ppm) {
            one->named_ppm = score;
            one->named = piece;
        }
    }
}

static void
hear_history(const Hearing *hearing, const Piece *piece)
{
    int of_ppm = piece->kind == FISC_EVIDENCE_FORMER  ? FORMER_PPM
                 : piece->kind == FISC_EVIDENCE_OTHER ? OTHER_PPM
                 : piece->kind == FISC_EVIDENCE_MOVED ? MOVED_PPM
                                                      : 0;
    if (of_ppm == 0 || strcmp(hearing->code, piece->code) != 0) {
        return;
    }
    int score = part_ppm(of_ppm, piece->share_ppm);
    Case *one = case_of(hearing, piece->result);
    if (score > one->history_ppm) {
        one->history_ppm = score;
        one->history = piece;
    }
}

static void
find_longest(Hearing *hearing)
{
    const GPtrArray *pieces = hearing->proposer->pieces;
    for (guint i = 0; i < pieces->len; i++) {
        const Piece *piece = pieces->pdata[i];
        int alike =
            piece->kind == FISC_EVIDENCE_MAPPED ? count_alike(hearing->code, piece->code) : 0;
        if (alike > hearing->alike_longest) {
            hearing->alike_longest = alike;
            hearing->alike_count = 0;
        }
        hearing->alike_count += alike > 0 && alike == hearing->alike_longest;
    }
}

static void
hear_all(Hearing *hearing)
{
    const GPtrArray *pieces = hearing->proposer->pieces;
    find_longest(hearing);
    for (guint i = 0; i < pieces->len; i++) {
        hear_alike(hearing, pieces->pdata[i]);
        hear_title(hearing, pieces->pdata[i]);
        hear_history(hearing, pieces->pdata[i]);
    }
}

/* Judging ------------------------------------------------------------------------------------- */

static int
alike_ppm(const Hearing *hearing, const Case *one)
{
    int alike = share_ppm(hearing->alike_longest, strlen(hearing->code));
    int share = share_ppm(one->alike, (size_t)hearing->alike_count);
    return part_ppm(part_ppm(ALIKE_PPM, alike), share);
}

/* Independent pieces: the doubts are multiplied. */
static int
together_ppm(const int *scores, int count)
{
    int64_t doubt = FISC_WHOLE_PPM;
    for (int i = 0; i < count; i++) {
        doubt = doubt * (FISC_WHOLE_PPM - scores[i]) / FISC_WHOLE_PPM;
    }
    return (int)(FISC_WHOLE_PPM - doubt);
}

static void add_reason(GString *reasons, const char *format, ...) G_GNUC_PRINTF(2, 3);

static void
add_reason(GString *reasons, const char *format, ...)
{
    va_list arguments;
    g_string_append(reasons, reasons->len > 0 ? "; " : "");
    va_start(arguments, format);
    g_string_append_vprintf(reasons, format, arguments);
    va_end(arguments);
}

static char *
reasons_of(const Hearing *hearing, const Case *one)
{
    GString *reasons = g_string_new(NULL);
    if (one->history != NULL) {
        add_reason(reasons, "%s", one->history->from);
    }
    if (one->alike > 0) {
        add_reason(reasons, "begins like %s: %.*s, as %d of %d mapped codes", one->like->code,
                   hearing->alike_longest, hearing->code, one->alike, hearing->alike_count);
    }
    if (one->named != NULL) {
        add_reason(reasons, "named like %s \"%s\": %d %%", one->named->code, one->named->title,
                   one->named_ppm / (one->named->kind == FISC_EVIDENCE_CHART ? CHART_PPM / 100
                                                                             : NAMED_PPM / 100));
    }
    return g_string_free(reasons, FALSE);
}

static int
row_of(const Case *one)
{
    return one->named != NULL && one->named->row >= 0 ? one->named->row
           : one->like != NULL                        ? one->like->row
                                                      : -1;
}

void
fisc_proposal_free(gpointer data)
{
    FiscProposal *proposal = data;
    g_free(proposal->result);
    g_free(proposal->reasons);
    g_free(proposal);
}

static int
compare_proposals(const void *a, const void *b)
{
    const FiscProposal *one = *(const FiscProposal *const *)a;
    const FiscProposal *other = *(const FiscProposal *const *)b;
    return one->score_ppm != other->score_ppm ? other->score_ppm - one->score_ppm
                                              : strcmp(one->result, other->result);
}

static GPtrArray *
judge(const Hearing *hearing)
{
    GPtrArray *proposals = g_ptr_array_new_with_free_func(fisc_proposal_free);
    GHashTableIter iter;
    gpointer value;
    g_hash_table_iter_init(&iter, hearing->cases);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        const Case *one = value;
        const int scores[] = {alike_ppm(hearing, one), one->named_ppm, one->history_ppm};
        int score = together_ppm(scores, G_N_ELEMENTS(scores));
        if (score >= LEAST_PPM) {
            FiscProposal *proposal = g_new0(FiscProposal, 1);
            proposal->result = g_strdup(one->result);
            proposal->score_ppm = score;
            proposal->reasons = reasons_of(hearing, one);
            proposal->row = row_of(one);
            g_ptr_array_add(proposals, proposal);
        }
    }
    g_ptr_array_sort(proposals, compare_proposals);
    return proposals;
}

GPtrArray *
fisc_proposer_ask(const FiscProposer *proposer, const char *code, const char *title, guint most)
{
    g_autoptr(GHashTable) cases = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
    Hearing hearing = {
        .proposer = proposer, .code = code, .words = fisc_words_of(title), .cases = cases};
    hear_all(&hearing);
    GPtrArray *proposals = judge(&hearing);
    g_ptr_array_unref(hearing.words);
    g_ptr_array_set_size(proposals, (int)MIN(proposals->len, most));
    return proposals;
}

/* propose.h: what a code that no table knows may mean: proposals with reasons and a score. Pure;
 * a person decides. Private to integrations/ and the walk that asks (app/flows/propose.c).
 *
 * Scores are parts per million. Each piece of evidence for a result counts by its kind; pieces for
 * the same result add up as independent ones do: what is left of doubt is multiplied.
 *
 *   a mapped code that begins alike    900,000 x share of the code that is alike x share of those
 *                                      codes that have the result
 *   a mapped code of similar title     800,000 x similarity of words
 *   an account of similar title        600,000 x similarity of words
 *   a former version of the map        950,000 x share of the code that its prefix covers
 *   another feeder's map               700,000 x the same
 *   an officer's entry                 950,000
 *
 * Similarity is the weight of the words that both have by the weight of all; a word that many
 * titles have weighs less. Words are compared by their first six letters, without accents. */
#ifndef FISC_INTEGRATIONS_PROPOSE_H
#define FISC_INTEGRATIONS_PROPOSE_H

#include <glib.h>
#include <stdbool.h>

#define FISC_WHOLE_PPM 1000000

typedef enum {
    FISC_EVIDENCE_MAPPED, /* a prefix of the table, or a code of the source that it knows */
    FISC_EVIDENCE_CHART,  /* an account of the national chart, by its title */
    FISC_EVIDENCE_FORMER, /* what a former version of the map said of the code */
    FISC_EVIDENCE_OTHER,  /* what another feeder's map says of it */
    FISC_EVIDENCE_MOVED,  /* where an officer took it to, out of suspense */
} FiscEvidenceKind;

typedef struct {
    FiscEvidenceKind kind;
    const char *code;   /* or prefix; of CHART the account; of history the very code */
    const char *title;  /* "" = none */
    const char *result; /* what it means */
    const char *from;   /* of history, for people: "map 2 had 227" */
    int share_ppm;      /* of history: of the code that the prefix covers */
    int row;            /* of the table, of which a new row may be a copy; -1 = none */
} FiscEvidence;

typedef struct {
    char *result;
    int score_ppm;
    char *reasons; /* for people; parted by "; " */
    int row;       /* the row of the table that is most like it; -1 */
} FiscProposal;

typedef struct _FiscProposer FiscProposer;
FiscProposer *fisc_proposer_new(void);
void fisc_proposer_free(FiscProposer *proposer);
/** Takes a copy. */
void fisc_proposer_add(FiscProposer *proposer, const FiscEvidence *evidence);
/** The best results for a code, at most so many, the best first: of FiscProposal, owned. What
 * scores less than 100,000 is none. */
GPtrArray *
fisc_proposer_ask(const FiscProposer *proposer, const char *code, const char *title, guint most);

void fisc_proposal_free(gpointer proposal);

/* propose_words.c */
/** The words of a title, folded and cut, each once: of char *, owned. */
GPtrArray *fisc_words_of(const char *title);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscProposer, fisc_proposer_free)

#endif

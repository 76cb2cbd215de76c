/* propose_test.c: proposals for a code: what speaks for each result, by how much, and in which
 * words it is told. */
#include "integrations/propose.h"
#include "tests/support/suite.h"
#include <string.h>

extern const FiscTest fisc_propose_tests[];

static void
add(FiscProposer *proposer, FiscEvidenceKind kind, const char *code, const char *title,
    const char *result, int share_ppm)
{
    const FiscEvidence evidence = {kind, code, title, result, "map 1 has it", share_ppm, -1};
    fisc_proposer_add(proposer, &evidence);
}

/* A small table of spending, and a chart. */
static FiscProposer *
known(void)
{
    FiscProposer *proposer = fisc_proposer_new();
    add(proposer, FISC_EVIDENCE_MAPPED, "12000", "Sueldos del grupo A1", "2111", 0);
    add(proposer, FISC_EVIDENCE_MAPPED, "12001", "Sueldos del grupo A2", "2111", 0);
    add(proposer, FISC_EVIDENCE_MAPPED, "22100", "Energía eléctrica", "22", 0);
    add(proposer, FISC_EVIDENCE_MAPPED, "22101", "Agua", "22", 0);
    add(proposer, FISC_EVIDENCE_MAPPED, "22699", "Intereses de demora", "24", 0);
    add(proposer, FISC_EVIDENCE_CHART, "27", "Social benefits", "27", 0);
    return proposer;
}

/* "22 800000 reasons" of each proposal. */
static char *
ask(const FiscProposer *proposer, const char *code, const char *title)
{
    g_autoptr(GPtrArray) proposals = fisc_proposer_ask(proposer, code, title, 3);
    GString *told = g_string_new(NULL);
    for (guint i = 0; i < proposals->len; i++) {
        const FiscProposal *proposal = proposals->pdata[i];
        g_string_append_printf(told, "%s%s %d %s", i > 0 ? " | " : "", proposal->result,
                               proposal->score_ppm, proposal->reasons);
    }
    return g_string_free(told, FALSE);
}

static void
test_scores(void)
{
    static const struct {
        const char *code, *title, *told;
    } cases[] = {
        /* 900,000 x 4/5 x 2/2 */
        {"22105", "", "22 720000 begins like 22100: 2210, as 2 of 2 mapped codes"},
        /* 900,000 x 2/5, shared by three codes */
        {"22900", "",
         "22 239999 begins like 22100: 22, as 2 of 3 mapped codes | "
         "24 119999 begins like 22699: 22, as 1 of 3 mapped codes"},
        /* the same title, in capitals and without accents, at another place of the chart */
        {"99999", "ENERGIA ELECTRICA", "22 800000 named like 22100 \"Energía eléctrica\": 100 %"},
        /* many words are alike in other languages */
        {"99998", "Beneficios sociales", "27 600000 named like 27 \"Social benefits\": 100 %"},
        {"99995", "Otros gastos", ""},
        {"99997", "Social benefit", "27 600000 named like 27 \"Social benefits\": 100 %"},
        {"99996", "de la el", ""},
        {"", "", ""},
    };
    g_autoptr(FiscProposer) proposer = known();
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *told = ask(proposer, cases[i].code, cases[i].title);
        FISC_ASSERT_TEXT(told, cases[i].told);
    }
}

/* What speaks for the same result from several sides makes it surer, but never sure. */
static void
test_together(void)
{
    g_autoptr(FiscProposer) proposer = known();
    add(proposer, FISC_EVIDENCE_FORMER, "22105", "", "22", 600000);
    add(proposer, FISC_EVIDENCE_OTHER, "22105", "", "27", FISC_WHOLE_PPM);
    add(proposer, FISC_EVIDENCE_MOVED, "22106", "", "27", FISC_WHOLE_PPM);
    g_autofree char *told = ask(proposer, "22105", "Agua");
    /* 22: doubts 280,000 x 200,000 x 430,000; 27: another map alone */
    FISC_ASSERT_TEXT(told, "22 975920 map 1 has it; begins like 22100: 2210, as 2 of 2 mapped "
                           "codes; named like 22101 \"Agua\": 100 % | 27 700000 map 1 has it");
    g_autofree char *moved = ask(proposer, "22106", "");
    FISC_ASSERT_CONTAINS(moved, "27 950000 map 1 has it | 22 720000");
}

static void
test_words(void)
{
    g_autoptr(GPtrArray) words = fisc_words_of("Suministros de ÁGUA; ВИДАТКИ на освіту, agua");
    g_ptr_array_add(words, NULL);
    g_autofree char *told = g_strjoinv(" ", (char **)words->pdata);
    FISC_ASSERT_TEXT(told, "sumini agua видатк освіту");
    g_ptr_array_set_size(words, (int)words->len - 1);
}

const FiscTest fisc_propose_tests[] = {
    {"scores by beginnings and by words", test_scores},
    {"adds up what speaks for the same result", test_together},
    {"folds words of any alphabet", test_words},
    {NULL, NULL},
};

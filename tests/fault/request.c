/* request.c: see request.h. */
#include "tests/fault/request.h"
#include <string.h>

#define CLOSE_EVERY 331 /* requests */

static uint64_t
mix(uint64_t seed, uint64_t number)
{
    uint64_t word = seed + number * 0x9e3779b97f4a7c15u;
    word = (word ^ (word >> 30)) * 0xbf58476d1ce4e5b9u;
    word = (word ^ (word >> 27)) * 0x94d049bb133111ebu;
    return word ^ (word >> 31);
}

const char *
fault_reference(int number, int entry, char *buffer)
{
    g_snprintf(buffer, FAULT_REFERENCE, "R%07d%s", number, entry > 0 ? "b" : "");
    return buffer;
}

static void
add_accounts(FiscSubmission *books)
{
    static const struct {
        const char *code, *class_, *gfs, *chart;
    } accounts[] = {
        {"22", "expense", "22", "gfsm2014"},   {"6308", "liability", "6308", "gfsm2014"},
        {"B11", "budgetary", "", "budgetary"}, {"B12", "budgetary", "", "budgetary"},
        {"B20", "budgetary", "", "budgetary"}, {"B22", "budgetary", "", "budgetary"},
        {"B23", "budgetary", "", "budgetary"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(accounts); i++) {
        fisc_submission_event(books, "account", accounts[i].code, "name", accounts[i].code, "class",
                              accounts[i].class_, "gfs", accounts[i].gfs, "chart",
                              accounts[i].chart, NULL);
    }
}

static FiscEntry *
add_entry(FiscSubmission *submission, const char *reference, FiscDate effective)
{
    FiscEntry *entry = fisc_submission_entry(submission);
    entry->entity = "E";
    entry->reference = fisc_submission_text(submission, reference);
    entry->effective = effective;
    return entry;
}

static void
add_move(FiscSubmission *submission, FiscEntry *entry, FiscStage from, FiscStage to, int64_t amount,
         const char *programme)
{
    const char *dim[FISC_DIM_COUNT] = {NULL};
    dim[FISC_DIM_PROGRAMME] = fisc_submission_text(submission, programme);
    fisc_entry_move(entry, from, to, amount, dim, 0);
}

static void
add_invoice(FiscEntry *entry, int64_t amount)
{
    FiscLine *debit = fisc_entry_line(entry);
    debit->account = "22";
    debit->amount = amount;
    FiscLine *credit = fisc_entry_line(entry);
    credit->account = "3308";
    credit->amount = -amount;
}

FiscSubmission *
fault_books(const char *level, int64_t amount)
{
    FiscSubmission *books = fisc_submission_new("books", "rig");
    add_accounts(books);
    for (int period = FAULT_YEAR * 100; period <= FAULT_YEAR * 100 + 13; period++) {
        g_autofree char *subject = g_strdup_printf("%d", period);
        fisc_submission_event(books, "period", subject, "state", "open", NULL);
    }
    fisc_submission_event(books, "entity", "E", "name", "Ministry", "sector", "S13111", "cp_code",
                          "11", "reporting", "Y", NULL);
    fisc_submission_event(books, "control", "vote", "level", level, "absent", "refuse", "key",
                          "entity programme", "entities", "*", NULL);
    for (int i = 1; i <= FAULT_PROGRAMMES; i++) {
        g_autofree char *reference = g_strdup_printf("vote-%d", i);
        g_autofree char *programme = g_strdup_printf("%d", i);
        FiscEntry *entry = add_entry(books, reference, fisc_date_make(FAULT_YEAR, 1, 1));
        entry->period = FAULT_YEAR * 100;
        add_move(books, entry, FISC_STAGE_APPROPRIATION, FISC_STAGE_AVAILABLE, amount, programme);
        fisc_entry_digest(entry);
    }
    return books;
}

static void
fill_entry(FiscSubmission *submission, FiscEntry *entry, uint64_t word)
{
    char programme[4];
    g_snprintf(programme, sizeof programme, "%d", 1 + (int)(word % FAULT_PROGRAMMES));
    int64_t amount = 1 + (int64_t)((word >> 8) % 100);
    int kind = (int)((word >> 20) % 100);
    if (kind < 10) {
        add_move(submission, entry, FISC_STAGE_CHANGE, FISC_STAGE_AVAILABLE, 5 * amount, programme);
    } else if (kind < 22) {
        add_move(submission, entry, FISC_STAGE_COMMITMENT, FISC_STAGE_AVAILABLE, amount, programme);
    } else if (kind < 40) {
        add_invoice(entry, amount);
        add_move(submission, entry, FISC_STAGE_AVAILABLE, FISC_STAGE_OBLIGATION, amount, programme);
    } else {
        add_move(submission, entry, FISC_STAGE_AVAILABLE, FISC_STAGE_COMMITMENT, amount, programme);
    }
}

FiscSubmission *
fault_request(uint64_t seed, int number)
{
    FiscSubmission *submission = fisc_submission_new("rig", "rig");
    submission->record_refusals = true;
    if (number % CLOSE_EVERY == CLOSE_EVERY - 1) {
        char subject[8];
        g_snprintf(subject, sizeof subject, "%d", FAULT_YEAR * 100 + 1 + number / CLOSE_EVERY % 12);
        fisc_submission_event(submission, "period", subject, "state", "closed", NULL);
        return submission;
    }
    uint64_t word = mix(seed, (uint64_t)number);
    int entries = (word >> 40) % 10 == 0 ? 2 : 1;
    for (int i = 0; i < entries; i++) {
        char reference[FAULT_REFERENCE];
        uint64_t own = mix(word, (uint64_t)i);
        FiscDate effective =
            fisc_date_make(FAULT_YEAR, 1 + (int)((own >> 32) % 12), 1 + (int)((own >> 36) % 28));
        FiscEntry *entry = add_entry(submission, fault_reference(number, i, reference), effective);
        fill_entry(submission, entry, own);
        fisc_entry_digest(entry);
    }
    return submission;
}

int64_t
fault_race_amount(uint64_t seed, int number, char programme[4])
{
    uint64_t word = mix(seed, (uint64_t)number);
    g_snprintf(programme, 4, "%d", 1 + (int)(word % FAULT_PROGRAMMES));
    int64_t amount = 1 + (int64_t)((word >> 8) % 20);
    return (word >> 20) % 100 < 38 ? -amount : amount;
}

FiscSubmission *
fault_race_requests(uint64_t seed, int first, int count)
{
    FiscSubmission *submission = fisc_submission_new("race", "rig");
    submission->record_refusals = true;
    for (int number = first; number < first + count; number++) {
        char reference[FAULT_REFERENCE];
        char programme[4];
        int64_t amount = fault_race_amount(seed, number, programme);
        FiscEntry *entry = add_entry(submission, fault_reference(number, 0, reference),
                                     fisc_date_make(FAULT_YEAR, 6, 15));
        bool is_release = amount < 0;
        add_move(submission, entry, is_release ? FISC_STAGE_COMMITMENT : FISC_STAGE_AVAILABLE,
                 is_release ? FISC_STAGE_AVAILABLE : FISC_STAGE_COMMITMENT, ABS(amount), programme);
        fisc_entry_digest(entry);
    }
    return submission;
}

FiscSubmission *
fault_entry_in(FiscPeriod period, const char *reference)
{
    FiscSubmission *submission = fisc_submission_new("months", "rig");
    submission->record_refusals = true;
    FiscEntry *entry = add_entry(submission, reference,
                                 fisc_date_make(fisc_period_year(period), period % 100, 15));
    add_invoice(entry, 100);
    fisc_entry_digest(entry);
    return submission;
}

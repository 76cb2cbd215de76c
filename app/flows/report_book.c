/* report_book.c: what the budget book needs beside the balances: the entries that made the budget,
 * and who signed the documents behind them. What a cell is, is reporting's business. */
#include "app/flows/report_book.h"
#include "fisc/ledger.h"
#include <string.h>

struct FiscBookRecord {
    FiscPostedLines *lines;
    GPtrArray *signers;   /* of FiscBookSigners */
    FiscVersion *version; /* that is law; NULL = none, or not asked for */
    FiscPlanLines *plan;  /* its lines */
    GStringChunk *chunk;
};

void
fisc_book_record_free(FiscBookRecord *record)
{
    if (record == NULL) {
        return;
    }
    fisc_posted_lines_free(record->lines);
    g_clear_pointer(&record->signers, g_ptr_array_unref);
    fisc_plan_lines_free(record->plan);
    fisc_version_free(record->version);
    g_string_chunk_free(record->chunk);
    g_free(record);
}

/* Every document that an entry names, once. Words are the lines'. */
static GPtrArray *
documents_of(const FiscPostedLines *lines)
{
    GPtrArray *documents = g_ptr_array_new();
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < lines->rows->len; i++) {
        const char *document = g_array_index(lines->rows, FiscPostedLine, i).document;
        if (document != NULL && g_hash_table_add(seen, (void *)document)) {
            g_ptr_array_add(documents, (void *)document);
        }
    }
    return documents;
}

static const char *
copy_field(FiscBookRecord *record, const FiscRecord *from, const char *name)
{
    const char *text = fisc_record_field(from, name);
    return g_string_chunk_insert_const(record->chunk, text != NULL ? text : "");
}

/* Only what was carried out was signed for: anybody may name a document. */
static bool
is_carried_out(const FiscRecord *document)
{
    return g_strcmp0(fisc_record_field(document, "state"), "done") == 0;
}

static void
add_signers(FiscBookRecord *record, const char *name, const FiscRecord *document,
            const FiscRecord *law)
{
    FiscBookSigners *signers = g_new0(FiscBookSigners, 1);
    signers->document = g_string_chunk_insert_const(record->chunk, name);
    signers->approved_by = signers->approved_for = signers->reason = signers->article = "";
    if (document != NULL) {
        signers->approved_by = copy_field(record, document, "approved_by");
        signers->approved_for = copy_field(record, document, "approved_for");
        signers->reason = copy_field(record, document, "reason");
    }
    if (law != NULL) {
        signers->article = copy_field(record, law, "article");
    }
    g_ptr_array_add(record->signers, signers);
}

static const FiscRecord *
find_record(const GArray *records, const char *subject)
{
    for (guint i = 0; i < records->len; i++) {
        const FiscRecord *record = &g_array_index(records, FiscRecord, i);
        if (strcmp(record->subject, subject) == 0) {
            return record;
        }
    }
    return NULL;
}

/* The batch of the first entry that names a document. */
static int64_t
batch_of(const FiscPostedLines *lines, const char *document)
{
    for (guint i = 0; i < lines->rows->len; i++) {
        const FiscPostedLine *line = &g_array_index(lines->rows, FiscPostedLine, i);
        if (g_strcmp0(line->document, document) == 0) {
            return line->batch_no;
        }
    }
    return 0;
}

/* Entries of a law name the law; the document that enacted it may have another name, and came with
 * the same batch. With several in one batch it cannot be told which: then none is named. */
static bool
read_signers_of_law(FiscTx *tx, int book_id, FiscBookRecord *record, const FiscRecord *law,
                    GError **error)
{
    g_autoptr(GArray) steps = NULL;
    const FiscRecord *document = NULL;
    int done = 0;
    if (!fisc_documents_of_batch(tx, book_id, batch_of(record->lines, law->subject), &steps,
                                 error)) {
        return false;
    }
    for (guint i = 0; i < steps->len; i++) {
        const FiscRecord *step = &g_array_index(steps, FiscRecord, i);
        if (is_carried_out(step)) {
            document = step;
            done++;
        }
    }
    add_signers(record, law->subject, done == 1 ? document : NULL, law);
    return true;
}

static bool
read_signers(FiscTx *tx, int book_id, FiscBookRecord *record, GError **error)
{
    g_autoptr(GPtrArray) names = documents_of(record->lines);
    g_autoptr(GArray) documents = NULL;
    g_autoptr(GArray) laws = NULL;
    if (!fisc_records_find(tx, book_id, "document", names, &documents, error) ||
        !fisc_records_find(tx, book_id, "law", names, &laws, error)) {
        return false;
    }
    for (guint i = 0; i < documents->len; i++) {
        const FiscRecord *document = &g_array_index(documents, FiscRecord, i);
        if (is_carried_out(document)) {
            add_signers(record, document->subject, document, find_record(laws, document->subject));
        }
    }
    for (guint i = 0; i < laws->len; i++) {
        const FiscRecord *law = &g_array_index(laws, FiscRecord, i);
        const FiscRecord *document = find_record(documents, law->subject);
        if ((document == NULL || !is_carried_out(document)) &&
            !read_signers_of_law(tx, book_id, record, law, error)) {
            return false;
        }
    }
    return true;
}

/* The version behind the newest law of the year: what it plans for the years to come. */
static bool
read_plan(FiscTx *tx, int book_id, int year, FiscBookRecord *record, GError **error)
{
    g_autoptr(GArray) laws = NULL;
    g_autofree char *wanted = g_strdup_printf("%d", year);
    const char *name = NULL;
    if (!fisc_records_load(tx, book_id, "law", &laws, error)) {
        return false;
    }
    for (guint i = 0; i < laws->len; i++) {
        const FiscRecord *law = &g_array_index(laws, FiscRecord, i);
        if (g_strcmp0(fisc_record_field(law, "year"), wanted) == 0) {
            name = fisc_record_field(law, "version");
        }
    }
    return name == NULL || (fisc_version_load(tx, book_id, name, &record->version, error) &&
                            fisc_version_lines(tx, record->version, NULL, &record->plan, error));
}

bool
fisc_book_record_load(FiscTx *tx, int book_id, const FiscNation *nation, FiscPeriod to,
                      const FiscMoment *moment, const FiscReportQuery *query,
                      FiscBookRecord **out_record, GError **error)
{
    g_autoptr(FiscBookRecord) record = g_new0(FiscBookRecord, 1);
    record->signers = g_ptr_array_new_with_free_func(g_free);
    record->chunk = g_string_chunk_new(4096);
    int year = fisc_period_year(to);
    /* A version is read as it is: what was planned then is not what a book of the past shows. */
    bool with_plan =
        query->years != NULL && !query->detail && !moment->has_as_of && moment->known_at == 0;
    if (!fisc_limit_lines_load(tx, book_id, nation, year * 100, to, moment, &record->lines,
                               error) ||
        (query->detail && !read_signers(tx, book_id, record, error)) ||
        (with_plan && !read_plan(tx, book_id, year, record, error))) {
        return false;
    }
    *out_record = g_steal_pointer(&record);
    return true;
}

static bool
read_years(const char *text, int *out_years, GError **error)
{
    guint64 years = 0;
    if (text != NULL && !g_ascii_string_to_unsigned(text, 10, 0, 10, &years, NULL)) {
        return fisc_fail(error, FISC_ERROR_USAGE, "--years \"%s\" is no number from 0 to 10", text);
    }
    *out_years = (int)years;
    return true;
}

bool
fisc_book_report(const FiscReportQuery *query, const FiscBookRecord *record,
                 const FiscNation *nation, const FiscBalances *balances, int year,
                 FiscTable **out_table, GError **error)
{
    FiscBookQuery book = {.nation = nation,
                          .balances = balances,
                          .lines = record->lines,
                          .signers = record->signers,
                          .plan = record->plan,
                          .unit = query->unit,
                          .year = year,
                          .by = query->by != NULL ? query->by : "entity",
                          .where = query->where,
                          .revenue = query->revenue};
    if (!read_years(query->years, &book.earlier_years, error)) {
        return false;
    }
    return query->detail ? fisc_budget_book_unfold(&book, out_table, error)
                         : fisc_budget_book_build(&book, out_table, error);
}

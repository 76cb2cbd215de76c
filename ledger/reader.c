/* reader.c: from rows to values: master data, balances, posted lines. See fisc/ledger.h. */
#include "fisc/ledger.h"
#include "fisc/chart.h"
#include "fisc/money.h"
#include <string.h>

/* Master data ---------------------------------------------------------------------------------- */

/* Numbers of entities and accounts, to read codings by. */
typedef struct {
    GPtrArray *entities; /* number - 1 -> code, borrowed from the nation */
    GPtrArray *accounts; /* number - 1 -> const FiscAccount * */
} Numbers;

static const char *
field_of(char *const *fields, int count, const char *name)
{
    for (int i = 0; i + 1 < count; i += 2) {
        if (strcmp(fields[i], name) == 0) {
            return fields[i + 1];
        }
    }
    return "";
}

static void
put(GPtrArray *array, int number, const void *value)
{
    if (array == NULL) {
        return;
    }
    if ((int)array->len < number) {
        g_ptr_array_set_size(array, number);
    }
    array->pdata[number - 1] = (gpointer)value;
}

/* B20 and its like: budgetary accounts that every book has, posted by naming a stage. */
static bool
is_stage_account(const char *code)
{
    for (int stage = FISC_STAGE_NONE + 1; stage < FISC_STAGE_COUNT; stage++) {
        if (strcmp(fisc_stage_account((FiscStage)stage), code) == 0) {
            return true;
        }
    }
    return false;
}

static void
add_account(FiscNation *nation, const char *code, char *const *fields, int count)
{
    FiscClass class_ = fisc_class_find(field_of(fields, count, "class"));
    int stage = class_ == FISC_CLASS_BUDGETARY ? fisc_stage_find(field_of(fields, count, "stage"))
                                               : (int)FISC_STAGE_NONE;
    bool is_national =
        strcmp(field_of(fields, count, "chart"), "gfsm2014") != 0 && !is_stage_account(code);
    FiscAccount *account = fisc_nation_add_account(
        nation, code, field_of(fields, count, "name"), class_, field_of(fields, count, "gfs"),
        atoi(field_of(fields, count, "kind")), is_national,
        stage > 0 ? (FiscStage)stage : FISC_STAGE_NONE);
    const char *normal = field_of(fields, count, "normal");
    account->normal = strcmp(normal, "debit") == 0 ? 1 : strcmp(normal, "credit") == 0 ? -1 : 0;
}

static void
add_note(FiscNation *nation, char *const *fields, int count)
{
    FiscNote *note = g_new0(FiscNote, 1);
    note->unit = g_strdup(field_of(fields, count, "unit"));
    note->statement = g_strdup(field_of(fields, count, "statement"));
    note->text = g_strdup(field_of(fields, count, "text"));
    g_ptr_array_add(nation->notes, note);
}

static void
add_memorandum(FiscNation *nation, char *const *fields, int count)
{
    FiscMemorandum *item = g_new0(FiscMemorandum, 1);
    item->unit = g_strdup(field_of(fields, count, "unit"));
    item->year = atoi(field_of(fields, count, "year"));
    item->code = g_strdup(field_of(fields, count, "code"));
    item->label = g_strdup(field_of(fields, count, "label"));
    item->note = g_strdup(field_of(fields, count, "note"));
    const FiscEntity *entity = fisc_nation_entity(nation, item->unit);
    fisc_amount_parse(field_of(fields, count, "amount"), entity != NULL ? entity->decimals : 2, '.',
                      0, &item->amount);
    g_ptr_array_add(nation->memoranda, item);
}

static void
add_master(FiscNation *nation, Numbers *numbers, const char *kind, const char *subject, int number,
           char *const *fields, int count)
{
    if (strcmp(kind, "entity") == 0) {
        const FiscEntity *entity = fisc_nation_add_entity(
            nation, subject, field_of(fields, count, "name"), field_of(fields, count, "sector"),
            field_of(fields, count, "cp_code"),
            strcmp(field_of(fields, count, "reporting"), "Y") == 0,
            field_of(fields, count, "currency"));
        put(numbers->entities, number, entity->code);
    } else if (strcmp(kind, "group") == 0) {
        fisc_nation_add_group(nation, subject, field_of(fields, count, "name"),
                              field_of(fields, count, "members"));
    } else if (strcmp(kind, "account") == 0) {
        add_account(nation, subject, fields, count);
        put(numbers->accounts, number, fisc_nation_account(nation, subject));
    } else if (strcmp(kind, "note") == 0) {
        add_note(nation, fields, count);
    } else if (strcmp(kind, "memorandum") == 0) {
        add_memorandum(nation, fields, count);
    } else if (fisc_fact_kind(kind) != NULL) {
        fisc_nation_add_fact(nation, kind, subject, fields, count);
    }
}

/* The kinds that a nation is made of. Caller frees the list, not the words. */
static const char **
list_kinds(int *out_count)
{
    static const char *const named[] = {"entity", "group", "account", "note", "memorandum"};
    GPtrArray *kinds = g_ptr_array_new();
    for (guint i = 0; i < G_N_ELEMENTS(named); i++) {
        g_ptr_array_add(kinds, (char *)named[i]);
    }
    for (const FiscFactKind *kind = fisc_fact_kinds; kind->kind != NULL; kind++) {
        g_ptr_array_add(kinds, (char *)kind->kind);
    }
    *out_count = (int)kinds->len;
    return (const char **)g_ptr_array_free(kinds, FALSE);
}

static bool
load_masters(FiscTx *tx, int book_id, int64_t known_at, FiscNation *nation, Numbers *numbers,
             GError **error)
{
    g_autoptr(FiscRows) rows = NULL;
    int kind_count = 0;
    g_autofree const char **kinds = list_kinds(&kind_count);
    FiscArg wanted = fisc_text_array(kinds, kind_count);
    bool is_read = known_at > 0
                       ? fisc_tx_query(tx, FISC_SQL_LEDGER_MASTERS_KNOWN_AT,
                                       FISC_ARGS(fisc_int4(book_id), fisc_int8(known_at), wanted),
                                       &rows, error)
                       : fisc_tx_query(tx, FISC_SQL_LEDGER_NATION_MASTERS,
                                       FISC_ARGS(fisc_int4(book_id), wanted), &rows, error);
    for (int i = 0; is_read && i < fisc_rows_count(rows); i++) {
        int count = 0;
        g_auto(GStrv) fields = fisc_rows_text_array(rows, i, 3, &count);
        add_master(nation, numbers, fisc_rows_text(rows, i, 0), fisc_rows_text(rows, i, 1),
                   fisc_rows_int4(rows, i, 2), fields, count);
    }
    return is_read;
}

bool
fisc_nation_load(FiscTx *tx, int book_id, int64_t known_at, FiscNation **out_nation, GError **error)
{
    g_autoptr(FiscNation) nation = fisc_nation_new();
    g_autoptr(FiscRows) rows = NULL;
    Numbers unused = {0};
    nation->book_id = book_id;
    if (!load_masters(tx, book_id, known_at, nation, &unused, error) ||
        !fisc_tx_query(tx, FISC_SQL_LEDGER_HEAD, FISC_ARGS(fisc_int4(book_id)), &rows, error)) {
        return false;
    }
    nation->batch_no = fisc_rows_count(rows) > 0 ? fisc_rows_int8(rows, 0, 0) : 0;
    if (known_at > nation->batch_no) {
        return fisc_fail(error, FISC_ERROR_NOT_FOUND,
                         "batch %" G_GINT64_FORMAT
                         " is not in the chain; the newest is %" G_GINT64_FORMAT,
                         known_at, nation->batch_no);
    }
    nation->batch_no = known_at > 0 ? known_at : nation->batch_no;
    *out_nation = g_steal_pointer(&nation);
    return true;
}

/* Numbers as of now: they never change, and a coding may be newer than the nation that is asked. */
static bool
load_numbers(FiscTx *tx, int book_id, const FiscNation *nation, Numbers *out_numbers,
             GError **error)
{
    g_autoptr(FiscRows) rows = NULL;
    *out_numbers = (Numbers){g_ptr_array_new(), g_ptr_array_new()};
    if (!fisc_tx_query(tx, FISC_SQL_LEDGER_NUMBERS, FISC_ARGS(fisc_int4(book_id)), &rows, error)) {
        return false;
    }
    for (int i = 0; i < fisc_rows_count(rows); i++) {
        const char *kind = fisc_rows_text(rows, i, 0);
        const char *code = fisc_rows_text(rows, i, 1);
        int number = fisc_rows_int4(rows, i, 2);
        if (strcmp(kind, "entity") == 0) {
            const FiscEntity *entity = fisc_nation_entity(nation, code);
            put(out_numbers->entities, number, entity != NULL ? entity->code : NULL);
        } else if (strcmp(kind, "account") == 0) {
            put(out_numbers->accounts, number, fisc_nation_account(nation, code));
        }
    }
    return true;
}

static void
numbers_clear(Numbers *numbers)
{
    g_clear_pointer(&numbers->entities, g_ptr_array_unref);
    g_clear_pointer(&numbers->accounts, g_ptr_array_unref);
}

/* Codings -------------------------------------------------------------------------------------- */

static const char *
intern(GStringChunk *chunk, const char *text)
{
    return g_string_chunk_insert_const(chunk, text);
}

typedef struct {
    const Numbers *numbers;
    GStringChunk *chunk;
    GPtrArray *list;                  /* of FiscCoding */
    GPtrArray *by_id;                 /* id -> FiscCoding, NULL where there is none */
    const char *last[FISC_DIM_COUNT]; /* of the coding before: most words come again at once */
} CodingReader;

static const char *
intern_dimension(CodingReader *reader, int dimension, const char *text)
{
    const char *last = reader->last[dimension];
    if (last == NULL || strcmp(last, text) != 0) {
        reader->last[dimension] = intern(reader->chunk, text);
    }
    return reader->last[dimension];
}

/* False when the coding belongs to what the nation does not know yet. */
static bool
read_coding(CodingReader *reader, const FiscRows *rows, int row, FiscCoding *out_coding)
{
    const Numbers *numbers = reader->numbers;
    guint entity = (guint)fisc_rows_int4(rows, row, 1);
    guint account = (guint)fisc_rows_int4(rows, row, 2);
    out_coding->coding_id = fisc_rows_int4(rows, row, 0);
    out_coding->entity =
        entity <= numbers->entities->len ? numbers->entities->pdata[entity - 1] : NULL;
    out_coding->account =
        account <= numbers->accounts->len ? numbers->accounts->pdata[account - 1] : NULL;
    out_coding->flow = fisc_rows_int4(rows, row, 3);
    out_coding->kind = fisc_rows_int4(rows, row, 4);
    for (int i = 0; i < FISC_DIM_COUNT; i++) {
        out_coding->dim[i] = intern_dimension(reader, i, fisc_rows_text(rows, row, 5 + i));
    }
    return out_coding->entity != NULL && out_coding->account != NULL;
}

static bool
each_coding(FiscRows *rows, void *data, GError **error)
{
    (void)error;
    CodingReader *reader = data;
    FiscCoding *coding = g_new0(FiscCoding, 1);
    if (read_coding(reader, rows, 0, coding)) {
        g_ptr_array_add(reader->list, coding);
        put(reader->by_id, coding->coding_id, coding);
    } else {
        g_free(coding);
    }
    return true;
}

/* Balances ---------------------------------------------------------------------------------------
 */

typedef struct {
    FiscBalances *balances;
    const GPtrArray *by_id;
} BalanceReader;

static const FiscCoding *
coding_by_id(const GPtrArray *by_id, int32_t id)
{
    return id > 0 && id <= (int32_t)by_id->len ? by_id->pdata[id - 1] : NULL;
}

static bool
each_balance(FiscRows *rows, void *data, GError **error)
{
    (void)error;
    BalanceReader *reader = data;
    FiscBalance balance = {.coding = coding_by_id(reader->by_id, fisc_rows_int4(rows, 0, 0)),
                           .period = fisc_rows_int4(rows, 0, 1),
                           .debit = fisc_rows_int8(rows, 0, 2),
                           .credit = fisc_rows_int8(rows, 0, 3)};
    if (balance.coding != NULL) {
        g_array_append_val(reader->balances->rows, balance);
    }
    return true;
}

static FiscArg
date_or_null(const FiscMoment *moment)
{
    FiscArg arg = fisc_date(moment->as_of);
    arg.length = moment->has_as_of ? arg.length : -1;
    return arg;
}

static FiscArg
batch_or_null(const FiscMoment *moment)
{
    FiscArg arg = fisc_int8(moment->known_at);
    arg.length = moment->known_at > 0 ? arg.length : -1;
    return arg;
}

/* The numbers of entities named by code; those that nobody knows are left out. */
static GArray *
numbers_of(const Numbers *numbers, GHashTable *entities)
{
    GArray *found = g_array_new(FALSE, FALSE, sizeof(int32_t));
    for (guint i = 0; i < numbers->entities->len; i++) {
        const char *code = numbers->entities->pdata[i];
        int32_t number = (int32_t)i + 1;
        if (code != NULL && g_hash_table_contains(entities, code)) {
            g_array_append_val(found, number);
        }
    }
    return found;
}

/* What a load of balances asks for. */
typedef struct {
    FiscTx *tx;
    int book_id;
    FiscPeriod to;
    const FiscMoment *moment;
    const GArray *entities; /* of int32_t; NULL = all */
} Question;

static FiscArg
entities_of(const Question *question)
{
    return fisc_int4_array((const int32_t *)(const void *)question->entities->data,
                           (int)question->entities->len);
}

static bool
load_codings(const Question *question, CodingReader *reader, GError **error)
{
    if (question->entities == NULL) {
        return fisc_tx_stream(question->tx, FISC_SQL_LEDGER_CODINGS,
                              FISC_ARGS(fisc_int4(question->book_id), fisc_int4(1)), each_coding,
                              reader, error);
    }
    return fisc_tx_stream(question->tx, FISC_SQL_LEDGER_CODINGS_OF_ENTITIES,
                          FISC_ARGS(fisc_int4(question->book_id), entities_of(question)),
                          each_coding, reader, error);
}

static FiscArg
entities_or_null(const Question *question)
{
    FiscArg arg = question->entities != NULL ? entities_of(question) : fisc_int4_array(NULL, 0);
    arg.length = question->entities != NULL ? arg.length : -1;
    return arg;
}

/* What came behind a batch is taken out of the balances when that is less than what came before it:
 * yesterday must not cost the whole log. */
static bool
is_nearer_to_now(const Question *question, int64_t *out_last_entry, GError **error)
{
    g_autoptr(FiscRows) rows = NULL;
    if (question->moment->has_as_of ||
        !fisc_tx_query(
            question->tx, FISC_SQL_LEDGER_BATCH_ENTRIES,
            FISC_ARGS(fisc_int4(question->book_id), fisc_int8(question->moment->known_at)), &rows,
            error) ||
        fisc_rows_count(rows) == 0) {
        return false;
    }
    int64_t newest = fisc_rows_int8(rows, 0, 1);
    *out_last_entry = fisc_rows_int8(rows, 0, 0);
    return newest - *out_last_entry < *out_last_entry;
}

static bool
load_sums_at(const Question *question, BalanceReader *reader, GError **error)
{
    g_autoptr(GError) problem = NULL;
    int64_t last_entry = 0;
    bool is_nearer = is_nearer_to_now(question, &last_entry, &problem);
    if (problem != NULL) {
        g_propagate_error(error, g_steal_pointer(&problem));
        return false;
    }
    FiscArg book = fisc_int4(question->book_id), to = fisc_int4(question->to);
    FiscArg entities = entities_or_null(question);
    if (is_nearer) {
        return fisc_tx_stream(question->tx, FISC_SQL_LEDGER_BALANCES_BEFORE,
                              FISC_ARGS(book, to, fisc_int8(last_entry), entities), each_balance,
                              reader, error);
    }
    return fisc_tx_stream(question->tx, FISC_SQL_LEDGER_BALANCES_AT,
                          FISC_ARGS(book, to, date_or_null(question->moment),
                                    batch_or_null(question->moment), entities),
                          each_balance, reader, error);
}

static bool
load_sums(const Question *question, BalanceReader *reader, GError **error)
{
    if (question->moment->has_as_of || question->moment->known_at != 0) {
        return load_sums_at(question, reader, error);
    }
    FiscArg book = fisc_int4(question->book_id);
    FiscArg to = fisc_int4(question->to);
    if (question->entities == NULL) {
        return fisc_tx_stream(question->tx, FISC_SQL_LEDGER_BALANCES_NOW, FISC_ARGS(book, to),
                              each_balance, reader, error);
    }
    return fisc_tx_stream(question->tx, FISC_SQL_LEDGER_BALANCES_OF,
                          FISC_ARGS(book, to, entities_of(question)), each_balance, reader, error);
}

/* The batch that the sums are exact at: the one that is asked for, or the newest. */
static bool
load_batch_no(const Question *question, int64_t *out_batch_no, GError **error)
{
    g_autoptr(FiscRows) rows = NULL;
    *out_batch_no = question->moment->known_at;
    if (*out_batch_no == 0 &&
        !fisc_tx_query(question->tx, FISC_SQL_LEDGER_HEAD, FISC_ARGS(fisc_int4(question->book_id)),
                       &rows, error)) {
        return false;
    }
    if (rows != NULL && fisc_rows_count(rows) > 0) {
        *out_batch_no = fisc_rows_int8(rows, 0, 0);
    }
    return true;
}

bool
fisc_balances_load(FiscTx *tx, int book_id, const FiscNation *nation, FiscPeriod to,
                   const FiscMoment *moment, GHashTable *entities, FiscBalances **out_balances,
                   GError **error)
{
    static const FiscMoment now = {0};
    g_autoptr(FiscBalances) balances = fisc_balances_new();
    g_autoptr(GPtrArray) by_id = g_ptr_array_new();
    g_autoptr(GArray) chosen = NULL;
    Numbers numbers = {0};
    bool is_read = load_numbers(tx, book_id, nation, &numbers, error);
    if (is_read && entities != NULL) {
        chosen = numbers_of(&numbers, entities);
    }
    Question question = {tx, book_id, to, moment != NULL ? moment : &now, chosen};
    CodingReader codings = {&numbers, balances->chunk, balances->codings, by_id, {NULL}};
    BalanceReader reader = {balances, by_id};
    is_read = is_read && load_codings(&question, &codings, error) &&
              load_sums(&question, &reader, error) &&
              load_batch_no(&question, &balances->batch_no, error);
    numbers_clear(&numbers);
    if (is_read) {
        *out_balances = g_steal_pointer(&balances);
    }
    return is_read;
}

/* Lines ------------------------------------------------------------------------------------------
 */

typedef struct {
    FiscPostedLines *lines;
    GArray *coding_ids; /* of int32_t, one per line */
} LineReader;

static const char *
text_or_null(const FiscRows *rows, int column, GStringChunk *chunk)
{
    return fisc_rows_is_null(rows, 0, column) ? NULL
                                              : intern(chunk, fisc_rows_text(rows, 0, column));
}

static bool
each_line(FiscRows *rows, void *data, GError **error)
{
    (void)error;
    LineReader *reader = data;
    GStringChunk *chunk = reader->lines->chunk;
    FiscPostedLine line = {.entry_id = fisc_rows_int8(rows, 0, 0),
                           .line_no = fisc_rows_int4(rows, 0, 1),
                           .period = fisc_rows_int4(rows, 0, 3),
                           .effective = fisc_rows_int4(rows, 0, 4),
                           .amount = fisc_rows_int8(rows, 0, 5),
                           .reference = text_or_null(rows, 6, chunk),
                           .document = text_or_null(rows, 7, chunk),
                           .source = text_or_null(rows, 8, chunk),
                           .memo = text_or_null(rows, 9, chunk),
                           .item = text_or_null(rows, 10, chunk),
                           .currency = text_or_null(rows, 11, chunk),
                           .foreign = fisc_rows_int8(rows, 0, 12)};
    int32_t coding_id = fisc_rows_int4(rows, 0, 2);
    g_array_append_val(reader->lines->rows, line);
    g_array_append_val(reader->coding_ids, coding_id);
    return true;
}

static bool
each_limit_line(FiscRows *rows, void *data, GError **error)
{
    LineReader *reader = data;
    if (!each_line(rows, data, error)) {
        return false;
    }
    GArray *lines = reader->lines->rows;
    FiscPostedLine *line = &g_array_index(lines, FiscPostedLine, lines->len - 1);
    line->batch_no = fisc_rows_int8(rows, 0, 13);
    line->posted_at = text_or_null(rows, 14, reader->lines->chunk);
    line->maker = text_or_null(rows, 15, reader->lines->chunk);
    line->reverses = fisc_rows_int4(rows, 0, 16) != 0;
    return true;
}

static bool
each_layer_line(FiscRows *rows, void *data, GError **error)
{
    LineReader *reader = data;
    if (!each_limit_line(rows, data, error)) {
        return false;
    }
    GArray *lines = reader->lines->rows;
    g_array_index(lines, FiscPostedLine, lines->len - 1).approvers =
        text_or_null(rows, 17, reader->lines->chunk);
    return true;
}

/* Puts the words of their codings into the lines; drops what the nation does not know. */
static bool
resolve_codings(FiscTx *tx, int book_id, const FiscNation *nation, LineReader *reader,
                GError **error)
{
    g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) by_id = g_ptr_array_new();
    Numbers numbers = {0};
    bool is_read = load_numbers(tx, book_id, nation, &numbers, error);
    if (is_read) {
        CodingReader codings = {&numbers, reader->lines->chunk, list, by_id, {NULL}};
        is_read =
            fisc_tx_stream(tx, FISC_SQL_LEDGER_CODINGS_OF,
                           FISC_ARGS(fisc_int4(book_id),
                                     fisc_int4_array((int32_t *)(void *)reader->coding_ids->data,
                                                     (int)reader->coding_ids->len)),
                           each_coding, &codings, error);
    }
    numbers_clear(&numbers);
    guint kept = 0;
    for (guint i = 0; is_read && i < reader->lines->rows->len; i++) {
        FiscPostedLine *line = &g_array_index(reader->lines->rows, FiscPostedLine, i);
        const FiscCoding *coding =
            coding_by_id(by_id, g_array_index(reader->coding_ids, int32_t, i));
        if (coding != NULL) {
            line->coding = *coding;
            g_array_index(reader->lines->rows, FiscPostedLine, kept++) = *line;
        }
    }
    g_array_set_size(reader->lines->rows, kept);
    return is_read;
}

typedef bool (*EachLine)(FiscRows *rows, void *data, GError **error);

static bool
load_lines(FiscTx *tx, int book_id, const FiscNation *nation, FiscSql sql, FiscArg *args,
           int arg_count, EachLine each, FiscPostedLines **out_lines, GError **error)
{
    g_autoptr(FiscPostedLines) lines = fisc_posted_lines_new();
    g_autoptr(GArray) coding_ids = g_array_new(FALSE, FALSE, sizeof(int32_t));
    LineReader reader = {lines, coding_ids};
    if (!fisc_tx_stream(tx, sql, args, arg_count, each, &reader, error) ||
        !resolve_codings(tx, book_id, nation, &reader, error)) {
        return false;
    }
    *out_lines = g_steal_pointer(&lines);
    return true;
}

bool
fisc_posted_lines_load(FiscTx *tx, int book_id, const FiscNation *nation, FiscPeriod from,
                       FiscPeriod to, const FiscMoment *moment, FiscPostedLines **out_lines,
                       GError **error)
{
    static const FiscMoment now = {0};
    moment = moment != NULL ? moment : &now;
    return load_lines(tx, book_id, nation, FISC_SQL_LEDGER_LINES_WITH_COUNTERPARTY,
                      FISC_ARGS(fisc_int4(book_id), fisc_int4(from), fisc_int4(to),
                                date_or_null(moment), batch_or_null(moment)),
                      each_line, out_lines, error);
}

bool
fisc_limit_lines_load(FiscTx *tx, int book_id, const FiscNation *nation, FiscPeriod from,
                      FiscPeriod to, const FiscMoment *moment, FiscPostedLines **out_lines,
                      GError **error)
{
    static const FiscMoment now = {0};
    static const FiscStage stages[] = {FISC_STAGE_APPROPRIATION, FISC_STAGE_CHANGE,
                                       FISC_STAGE_CARRY, FISC_STAGE_ESTIMATE,
                                       FISC_STAGE_ESTIMATE_CHANGE};
    const char *accounts[G_N_ELEMENTS(stages)];
    for (guint i = 0; i < G_N_ELEMENTS(stages); i++) {
        accounts[i] = fisc_stage_account(stages[i]);
    }
    moment = moment != NULL ? moment : &now;
    return load_lines(tx, book_id, nation, FISC_SQL_LEDGER_LINES_OF_ACCOUNTS,
                      FISC_ARGS(fisc_int4(book_id), fisc_int4(from), fisc_int4(to),
                                date_or_null(moment), batch_or_null(moment),
                                fisc_text_array(accounts, G_N_ELEMENTS(accounts))),
                      each_limit_line, out_lines, error);
}

bool
fisc_layer_lines_load(FiscTx *tx, int book_id, const FiscNation *nation, FiscPeriod from,
                      FiscPeriod to, const FiscMoment *moment, FiscPostedLines **out_lines,
                      GError **error)
{
    static const FiscMoment now = {0};
    moment = moment != NULL ? moment : &now;
    return load_lines(tx, book_id, nation, FISC_SQL_LEDGER_LINES_OF_LAYERS,
                      FISC_ARGS(fisc_int4(book_id), fisc_int4(from), fisc_int4(to),
                                date_or_null(moment), batch_or_null(moment)),
                      each_layer_line, out_lines, error);
}

bool
fisc_posted_lines_of(FiscTx *tx, int book_id, const FiscNation *nation, const char *source,
                     const char *reference, FiscPostedLines **out_lines, GError **error)
{
    return load_lines(tx, book_id, nation, FISC_SQL_LEDGER_LINES_OF_REFERENCE,
                      FISC_ARGS(fisc_int4(book_id), fisc_text(source), fisc_text(reference)),
                      each_line, out_lines, error);
}

/* Periods ----------------------------------------------------------------------------------------
 */

static void
period_clear(gpointer data)
{
    g_free(((FiscPeriodState *)data)->state);
}

bool
fisc_periods_load(FiscTx *tx, int book_id, GArray **out_periods, GError **error)
{
    g_autoptr(FiscRows) rows = NULL;
    if (!fisc_tx_query(tx, FISC_SQL_LEDGER_PERIODS, FISC_ARGS(fisc_int4(book_id)), &rows, error)) {
        return false;
    }
    GArray *periods = g_array_new(FALSE, TRUE, sizeof(FiscPeriodState));
    g_array_set_clear_func(periods, period_clear);
    for (int i = 0; i < fisc_rows_count(rows); i++) {
        FiscPeriodState state = {fisc_rows_int4(rows, i, 0), g_strdup(fisc_rows_text(rows, i, 1))};
        g_array_append_val(periods, state);
    }
    *out_periods = periods;
    return true;
}

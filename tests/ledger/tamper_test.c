/* tamper_test.c: a superuser alters the books in every way there is, at random, and verification
 * finds and names each; and it finds nothing where nothing was done.
 *
 * What happened is printed with its seed. Short form: 60 tampers and 10 clean runs;
 * FISC_TEST_LONG=1 makes it 1,000 and 100, FISC_TEST_SEED=N repeats a run. */
#include "ledger/head_log.h"
#include "ledger/verify_rows.h"
#include "tests/ledger/sealed_book.h"
#include "tests/support/database.h"
#include "tests/support/suite.h"
#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BATCHES 14

/* What the findings have to name: one of them at least. */
typedef struct {
    char *what;          /* for the reader */
    const char *subject; /* of the finding; "item" also stands for an event or refusal */
    int64_t number;      /* 0 = any */
    char *name;          /* part of it; NULL = any */
} Tamper;

typedef struct {
    GRand *random;
    SealedBook *pristine;
    SealedBook *earlier; /* the same book, some batches before */
    char *folder;
    char *head_file;
    char *head_key, *witness_key; /* public */
    FiscSignKey *key;
    const SealedBook *book; /* the copy that is tampered with */
} Rig;

static int
draw(Rig *rig, int count)
{
    return g_rand_int_range(rig->random, 0, count);
}

/* The heads that were cosigned while the book was young, and when it was complete. */
static void
sign_head(Rig *rig, FiscSignKey *witness)
{
    g_autoptr(FiscTx) tx = NULL;
    g_autoptr(FiscHead) head = NULL;
    GError *error = NULL;
    g_assert(fisc_tx_begin(rig->pristine->pool, FISC_TX_READ, &tx, &error));
    g_assert(fisc_head_make(tx, 1, rig->key, -1, g_get_real_time(), &head, &error));
    fisc_head_sign(head, FISC_SIGNER_WITNESS, witness);
    g_autofree char *text = fisc_head_to_text(head, false);
    FILE *file = fopen(rig->head_file, "a");
    fputs(text, file);
    fputs("\n", file);
    fclose(file);
}

static void
set_up(Rig *rig, guint32 seed)
{
    g_autoptr(FiscSignKey) witness = NULL;
    rig->random = g_rand_new_with_seed(seed);
    rig->folder = fisc_test_folder_new();
    g_autofree char *head_path = g_build_filename(rig->folder, "head.key", NULL);
    g_autofree char *witness_path = g_build_filename(rig->folder, "witness.key", NULL);
    g_assert(fisc_sign_key_new("test", &rig->key, NULL));
    g_assert(fisc_sign_key_new("witness", &witness, NULL));
    g_assert(fisc_sign_key_save(rig->key, head_path, NULL));
    g_assert(fisc_sign_key_save(witness, witness_path, NULL));
    rig->head_key = g_strconcat(head_path, ".pub", NULL);
    rig->witness_key = g_strconcat(witness_path, ".pub", NULL);
    rig->head_file = g_build_filename(rig->folder, "heads", NULL);
    rig->pristine = sealed_book_new(rig->random, BATCHES);
    sign_head(rig, witness);
    rig->earlier = sealed_book_copy(rig->pristine);
    sealed_book_post(rig->pristine, rig->random, 3, "third");
    sign_head(rig, witness);
}

static void
tear_down(Rig *rig)
{
    sealed_book_free(rig->earlier);
    sealed_book_free(rig->pristine);
    fisc_sign_key_free(rig->key);
    fisc_test_folder_remove(rig->folder);
    g_free(rig->folder);
    g_free(rig->head_file);
    g_free(rig->head_key);
    g_free(rig->witness_key);
    g_rand_free(rig->random);
}

/* Altering one column ---------------------------------------------------------------------- */

typedef struct {
    const char *table;
    const char *column;
    const char *value;   /* another one, by the old row */
    const char *where;   /* rows that it can be done to */
    const char *subject; /* of the finding */
    const char *number;  /* expression on the old row; NULL = none */
    const char *name;    /* the same, as text */
} Column;

/* clang-format off */
#define ENTRY(column, value, where) {"entry", column, value, where, "entry", "entry_id", NULL}
#define EVENT(column, value) {"event", column, value, "true", "item", "item_id", NULL}
#define REFUSAL(column, value) {"refusal", column, value, "true", "item", "item_id", NULL}
#define BATCH(column, value) {"batch", column, value, "batch_no > 0", "batch", "batch_no", NULL}
#define CODING(column, value) {"coding", column, value, "true", "coding", "coding_id", NULL}
#define REFERENCE(column, value) {"reference", column, value, "true", "reference", NULL, "reference"}
#define MASTER(column, value) {"master", column, value, "true", "master", NULL, "kind || ' ' || subject"}
#define BALANCE(column, value) {"balance", column, value, "true", "balance", NULL, \
    "format('of coding %s, entity %s, period %s', coding_id, entity_id, period)"}
#define ITEM_NAME "format('%s of entity %s, coding %s, year %s', item, entity_id, coding_id, year)"
#define ITEM(column, value) {"open_item", column, value, "true", "open_item", NULL, ITEM_NAME}
#define PERIOD(column, value) {"period", column, value, "true", "period", NULL, "period::text"}
#define CHECKPOINT(column, value) {"checkpoint", column, value, "true", "checkpoint", NULL, NULL}

static const Column columns[] = {
    ENTRY("book_id", "7", "true"),
    ENTRY("entry_id", "entry_id + 100000", "true"),
    ENTRY("batch_no", "batch_no + 1", "true"),
    ENTRY("item_id", "item_id + 100000", "true"),
    ENTRY("entity_id", "3 - entity_id", "true"),
    ENTRY("period", "case when period = 202407 then 202408 else 202407 end", "true"),
    ENTRY("effective", "effective + 1", "true"),
    ENTRY("source_id", "source_id + 1", "true"),
    ENTRY("financial", "financial + 1", "true"),
    ENTRY("coding", "coding[2:] || coding[1]", "coding[1] <> coding[2]"),
    ENTRY("coding", "array_append(trim_array(coding, 1), 1)", "coding[cardinality(coding)] <> 1"),
    ENTRY("amount", "array[amount[1] + 100, amount[2] - 100] || amount[3:]", "true"),
    ENTRY("amount", "array[amount[2], amount[1]] || amount[3:]", "amount[1] <> amount[2]"),
    ENTRY("amount", "array[amount[1] + 1] || amount[2:]", "true"),
    ENTRY("amount", "amount || amount", "true"),
    ENTRY("amount", "array[amount, amount]", "true"),
    ENTRY("amount", "array_append(trim_array(amount, 1), null)", "true"),
    ENTRY("maker", "maker + 1", "true"),
    ENTRY("corrects", "coalesce(corrects, 0) + 1", "true"),
    ENTRY("reverses", "not reverses", "true"),
    ENTRY("document", "coalesce(document, '') || 'x'", "true"),
    ENTRY("document", "null", "document <> ''"),
    ENTRY("transfer", "coalesce(transfer, '') || 'x'", "true"),
    ENTRY("reference", "reference || 'x'", "true"),
    ENTRY("memo", "memo || 'x'", "memo is not null"),
    ENTRY("memo", "null", "memo is not null"),
    ENTRY("memo", "'made up'", "memo is null"),
    ENTRY("memo_salt", "substr(sha256(memo_salt), 1, 16)", "memo is not null"),
    ENTRY("memo_salt", "null", "memo is not null"),
    ENTRY("memo_hash", "sha256('x')", "true"),
    ENTRY("digest", "sha256('x')", "true"),
    ENTRY("item", "array_fill('x'::text, array[cardinality(amount)])", "true"),
    ENTRY("item", "array_remove(item, '') || array_fill(''::text, array[cardinality(array_positions(item, ''))])",
          "item[cardinality(item)] <> '' or item[1] = ''"),
    ENTRY("item", "array['x']", "true"),
    ENTRY("item", "null", "item is not null"),
    ENTRY("currency", "case when currency = 'EUR' then 'USD' else 'EUR' end", "true"),
    ENTRY("foreign_amount", "array_fill(7::bigint, array[cardinality(amount)])", "true"),
    ENTRY("foreign_amount", "null", "foreign_amount is not null"),
    ENTRY("foreign_amount", "foreign_amount || 1::bigint", "foreign_amount is not null"),
    ENTRY("hands", "coalesce(hands, '{}') || array[1, 999]", "true"),
    ENTRY("hands", "null", "hands is not null"),
    ENTRY("hash", "sha256('x')", "true"),
    ENTRY("hash", "'short'", "true"),
    EVENT("book_id", "7"),
    EVENT("item_id", "item_id + 100000"),
    EVENT("batch_no", "batch_no + 1"),
    EVENT("kind", "kind || 'x'"),
    EVENT("subject", "subject || 'x'"),
    EVENT("number", "number + 1"),
    EVENT("fields", "fields || array['more', 'words']"),
    EVENT("fields", "array[fields, fields]"),
    EVENT("maker", "maker + 1"),
    EVENT("hash", "sha256('x')"),
    REFUSAL("item_id", "item_id + 100000"),
    REFUSAL("batch_no", "batch_no + 1"),
    REFUSAL("source_id", "source_id + 1"),
    REFUSAL("reference", "reference || 'x'"),
    REFUSAL("entity_id", "entity_id + 1"),
    REFUSAL("period", "period + 1"),
    REFUSAL("code", "array['NO_BUDGET', 'NO_BUDGET']"),
    REFUSAL("control", "array['other'] || control[2:]"),
    REFUSAL("key", "array['other'] || key[2:]"),
    REFUSAL("ceiling", "array[ceiling[1] + 1] || ceiling[2:]"),
    REFUSAL("consumed", "array[consumed[1] + 1] || consumed[2:]"),
    REFUSAL("requested", "array[requested[1] + 1] || requested[2:]"),
    REFUSAL("maker", "maker + 1"),
    REFUSAL("digest", "sha256('x')"),
    REFUSAL("hash", "sha256('x')"),
    BATCH("book_id", "7"),
    BATCH("batch_no", "batch_no + 100000"),
    BATCH("prev_hash", "sha256('x')"),
    BATCH("root", "sha256('x')"),
    BATCH("hash", "sha256('x')"),
    BATCH("first_item", "first_item + 1"),
    BATCH("item_count", "item_count + 1"),
    BATCH("first_entry", "first_entry + 1"),
    BATCH("entry_count", "entry_count + 1"),
    BATCH("line_count", "line_count + 1"),
    BATCH("first_coding", "first_coding + 1"),
    BATCH("coding_count", "coding_count + 1"),
    BATCH("engine", "(engine + 1)::smallint"),
    BATCH("posted_at", "posted_at - interval '1 day'"),
    BATCH("posted_at", "'infinity'"),
    CODING("book_id", "7"),
    CODING("coding_id", "coding_id + 100000"),
    CODING("entity_id", "entity_id + 1"),
    CODING("account_id", "account_id + 1"),
    CODING("flow", "(flow + 1)::smallint"),
    CODING("kind", "(kind + 1)::smallint"),
    CODING("counterparty", "counterparty || 'x'"),
    CODING("function", "function || 'x'"),
    CODING("programme", "programme || 'x'"),
    CODING("project", "project || 'x'"),
    CODING("layer", "layer || 'x'"),
    CODING("hash", "sha256('x')"),
    REFERENCE("book_id", "7"),
    REFERENCE("source_id", "source_id + 100"),
    {"reference", "reference", "reference || 'x'", "true", "reference", NULL, "reference || 'x'"},
    {"reference", "entry_id", "entry_id + 100000", "true", "reference", NULL, "reference"},
    REFERENCE("period", "period + 1"),
    REFERENCE("batch_no", "batch_no + 1"),
    REFERENCE("digest", "sha256('x')"),
    MASTER("book_id", "7"),
    {"master", "kind", "kind || 'x'", "true", "master", NULL, "kind || 'x ' || subject"},
    {"master", "subject", "subject || 'x'", "true", "master", NULL, "kind || ' ' || subject || 'x'"},
    MASTER("number", "number + 1"),
    MASTER("fields", "fields || array['more', 'words']"),
    MASTER("item_id", "item_id + 1"),
    BALANCE("book_id", "7"),
    BALANCE("entity_id", "entity_id + 100"),
    BALANCE("period", "period + 1000"),
    BALANCE("coding_id", "coding_id + 100000"),
    BALANCE("debit", "debit + 1"),
    BALANCE("credit", "credit + 1"),
    ITEM("book_id", "7"),
    ITEM("entity_id", "entity_id + 100"),
    ITEM("item", "item || 'x'"),
    ITEM("coding_id", "coding_id + 100000"),
    ITEM("year", "year + 1"),
    ITEM("side", "-side"),
    ITEM("amount", "amount + 1"),
    ITEM("currency", "case when currency = 'EUR' then 'USD' else 'EUR' end"),
    ITEM("foreign_amount", "foreign_amount + 1"),
    ITEM("hands", "coalesce(hands, '{}') || array[1, 999]"),
    ITEM("opened_entry", "opened_entry - 1"),
    ITEM("opened_line", "opened_line + 1"),
    PERIOD("book_id", "7"),
    PERIOD("period", "period + 1000"),
    PERIOD("state", "case state when 'open' then 'sealed' else 'open' end"),
    PERIOD("since", "since + 1"),
    CHECKPOINT("book_id", "7"),
    /* To a batch with other entries: one without any leaves the checkpoint as good as it was. */
    {"checkpoint", "upto_batch", "(select min(batch_no) from ledger.batch where first_entry > upto_entry and entry_count > 0)",
     "(select max(first_entry + entry_count) from ledger.batch) > upto_entry + 1", "checkpoint", NULL, NULL},
    CHECKPOINT("upto_batch", "(select max(batch_no) from ledger.batch where first_entry <= upto_entry"
                             " and entry_count > 0) - 1"),
    CHECKPOINT("upto_entry", "upto_entry + 1"),
};
/* clang-format on */

/* A row of a table, by its place; picked at random among those that @where allows. */
static char *
pick_row(Rig *rig, const char *table, const char *where)
{
    return sealed_book_ask(
        rig->book,
        "select tableoid || ',' || ctid from ledger.%s where book_id = 1 and (%s)"
        " order by md5(ctid::text || tableoid || '%d') limit 1",
        table, where, draw(rig, 1000000));
}

static char *
at_row(const char *row)
{
    g_auto(GStrv) parts = g_strsplit(row, ",", 2);
    return g_strdup_printf("tableoid = %s and ctid = '%s'", parts[0], parts[1]);
}

static bool
alter(Rig *rig, Tamper *tamper)
{
    const Column *column = &columns[draw(rig, G_N_ELEMENTS(columns))];
    g_autofree char *row = pick_row(rig, column->table, column->where);
    if (*row == '\0') {
        return false;
    }
    g_autofree char *at = at_row(row);
    tamper->subject = column->subject;
    if (column->number != NULL) {
        tamper->number = sealed_book_number(rig->book, "select %s from ledger.%s where %s",
                                            column->number, column->table, at);
    }
    if (column->name != NULL) {
        tamper->name = sealed_book_ask(rig->book, "select %s from ledger.%s where %s", column->name,
                                       column->table, at);
    }
    tamper->what = g_strdup_printf("alter %s.%s = %s of %" G_GINT64_FORMAT " %s", column->table,
                                   column->column, column->value, tamper->number,
                                   tamper->name != NULL ? tamper->name : "");
    return sealed_book_run(rig->book, "update ledger.%s set %s = %s where %s", column->table,
                           column->column, column->value, at) == 1;
}

/* Whole rows ------------------------------------------------------------------------------- */

typedef struct {
    const char *table;
    const char *subject;
    const char *key;    /* column to be changed in a forged copy */
    const char *forged; /* its value */
    const char *number;
    const char *name;
} Table;

static const Table tables[] = {
    {"entry", "entry", "entry_id", "entry_id + 100000", "entry_id", NULL},
    {"event", "item", "item_id", "item_id + 100000", "item_id", NULL},
    {"refusal", "item", "item_id", "item_id + 100000", "item_id", NULL},
    {"coding", "coding", "coding_id", "coding_id + 100000", "coding_id", NULL},
    {"batch", "batch", "batch_no", "batch_no + 100000", "batch_no", NULL},
    {"reference", "reference", "reference", "reference || 'x'", NULL, "reference"},
    {"master", "master", "subject", "subject || 'x'", NULL, "kind || ' ' || subject"},
    {"period", "period", "period", "period + 1000", NULL, "period::text"},
    {"open_item", "open_item", "item", "item || 'x'", NULL, ITEM_NAME},
    {"balance", "balance", "coding_id", "coding_id + 100000", NULL,
     "format('of coding %s, entity %s, period %s', coding_id, entity_id, period)"},
};

static void
name_row(Rig *rig, const Table *table, const char *at, Tamper *tamper)
{
    tamper->subject = table->subject;
    if (table->number != NULL) {
        tamper->number = sealed_book_number(rig->book, "select %s from ledger.%s where %s",
                                            table->number, table->table, at);
    }
    if (table->name != NULL) {
        tamper->name = sealed_book_ask(rig->book, "select %s from ledger.%s where %s", table->name,
                                       table->table, at);
    }
}

static bool
delete_row(Rig *rig, Tamper *tamper)
{
    const Table *table = &tables[draw(rig, G_N_ELEMENTS(tables))];
    bool is_batch = strcmp(table->table, "batch") == 0;
    /* The last batch is a tail, which other tampers cut. */
    g_autofree char *row = pick_row(
        rig, table->table,
        is_batch ? "batch_no > 0 and batch_no < (select max(batch_no) from ledger.batch)" : "true");
    if (*row == '\0') {
        return false;
    }
    g_autofree char *at = at_row(row);
    name_row(rig, table, at, tamper);
    tamper->what = g_strdup_printf("delete from %s %" G_GINT64_FORMAT " %s", table->table,
                                   tamper->number, tamper->name != NULL ? tamper->name : "");
    return sealed_book_run(rig->book, "delete from ledger.%s where %s", table->table, at) == 1;
}

static bool
insert_row(Rig *rig, Tamper *tamper)
{
    const Table *table = &tables[draw(rig, G_N_ELEMENTS(tables))];
    g_autofree char *row = pick_row(rig, table->table, "true");
    if (*row == '\0') {
        return false;
    }
    g_autofree char *at = at_row(row);
    sealed_book_run(rig->book, "create temp table forged as select * from ledger.%s where %s",
                    table->table, at);
    sealed_book_run(rig->book, "update forged set %s = %s", table->key, table->forged);
    tamper->subject = table->subject;
    if (table->number != NULL) {
        tamper->number = sealed_book_number(rig->book, "select %s from forged", table->number);
    }
    if (table->name != NULL) {
        tamper->name = sealed_book_ask(rig->book, "select %s from forged", table->name);
    }
    tamper->what = g_strdup_printf("insert into %s %" G_GINT64_FORMAT " %s", table->table,
                                   tamper->number, tamper->name != NULL ? tamper->name : "");
    return sealed_book_run(rig->book, "insert into ledger.%s select * from forged", table->table) ==
           1;
}

/* The columns of a table but @key, as a list. */
static char *
columns_but(Rig *rig, const char *table, const char *key)
{
    return sealed_book_ask(rig->book,
                           "select string_agg(attname, ', ' order by attnum) from pg_attribute"
                           " where attrelid = 'ledger.%s'::regclass and attnum > 0"
                           " and not attisdropped and attname <> all (string_to_array('%s', ','))",
                           table, key);
}

/* Two rows exchange everything but their numbers: each is whole, with its own hash. */
static bool
swap_rows(Rig *rig, Tamper *tamper)
{
    static const struct {
        const char *table, *keep, *key, *subject;
    } kinds[] = {{"entry", "book_id,entry_id,item_id,batch_no,period", "entry_id", "entry"},
                 {"event", "book_id,item_id,batch_no", "item_id", "item"},
                 {"coding", "book_id,coding_id", "coding_id", "coding"},
                 {"refusal", "book_id,item_id,batch_no", "item_id", "item"}};
    int kind = draw(rig, G_N_ELEMENTS(kinds));
    const char *table = kinds[kind].table;
    const char *key = kinds[kind].key;
    g_autofree char *list = columns_but(rig, table, kinds[kind].keep);
    g_autofree char *same = g_strdup(kind == 0 ? "and b.period = a.period" : "");
    g_autofree char *pair = sealed_book_ask(
        rig->book,
        "select a.%s || ' ' || b.%s from ledger.%s a join ledger.%s b on a.book_id = b.book_id"
        " and a.%s < b.%s and a.hash <> b.hash %s where a.book_id = 1"
        " order by md5(a.%s || 'x' || b.%s || '%d') limit 1",
        key, key, table, table, key, key, same, key, key, draw(rig, 1000000));
    if (*pair == '\0') {
        return false;
    }
    g_auto(GStrv) numbers = g_strsplit(pair, " ", 2);
    sealed_book_run(rig->book,
                    "create temp table pair as select * from ledger.%s where book_id = 1"
                    " and %s in (%s, %s)",
                    table, key, numbers[0], numbers[1]);
    for (int i = 0; i < 2; i++) {
        sealed_book_run(rig->book,
                        "update ledger.%s set (%s) = (select %s from pair where %s = %s)"
                        " where book_id = 1 and %s = %s",
                        table, list, list, key, numbers[1 - i], key, numbers[i]);
    }
    tamper->what = g_strdup_printf("swap %s %s", table, pair);
    tamper->subject = kinds[kind].subject;
    tamper->number = g_ascii_strtoll(numbers[draw(rig, 2)], NULL, 10);
    if (kind == 2) {
        tamper->number = 0; /* the number is part of a coding's hash: either row tells */
    }
    return true;
}

/* What only a head can tell ---------------------------------------------------------------- */

/* The caches as a careful insider leaves them. */
static void
refold(const SealedBook *book)
{
    sealed_book_run(book, "delete from ledger.balance");
    sealed_book_run(book, "delete from ledger.open_item");
    sealed_book_run(book, "update ledger.checkpoint set upto_batch = 0, upto_entry = 0");
    sealed_book_run(book, "delete from ledger.master");
    sealed_book_run(book,
                    "insert into ledger.master select distinct on (kind, subject) book_id, kind,"
                    " subject, number, fields, item_id from ledger.event"
                    " order by kind, subject, item_id desc");
    sealed_book_run(book, "delete from ledger.period");
    sealed_book_run(book,
                    "insert into ledger.period select distinct on (subject) book_id, subject::int,"
                    " fields[2], batch_no from ledger.event where kind = 'period'"
                    " order by subject, item_id desc");
    sealed_book_run(book, "select ledger.advance_checkpoint(1)");
}

static void
expect_head(Tamper *tamper, char *what)
{
    tamper->what = what;
    tamper->subject = "head";
}

static bool
cut_tail(Rig *rig, Tamper *tamper)
{
    int batches = 1 + draw(rig, 3);
    int64_t last = sealed_book_number(rig->book, "select max(batch_no) from ledger.batch");
    sealed_book_run(rig->book,
                    "create temp table kept as select * from ledger.batch"
                    " where batch_no = %" G_GINT64_FORMAT,
                    last - batches);
    static const char *const lists[] = {"batch", "entry", "event", "refusal", "reference"};
    for (gsize i = 0; i < G_N_ELEMENTS(lists); i++) {
        sealed_book_run(rig->book,
                        "delete from ledger.%s where batch_no > (select batch_no from kept)",
                        lists[i]);
    }
    sealed_book_run(rig->book, "delete from ledger.coding where coding_id >="
                               " (select first_coding + coding_count from kept)");
    refold(rig->book);
    expect_head(tamper, g_strdup_printf("cut %d batches", batches));
    return true;
}

/* The earlier copy in the place of the book, and sometimes written on. */
static bool
restore_copy(Rig *rig, Tamper *tamper)
{
    SealedBook *copy = sealed_book_copy(rig->earlier);
    bool goes_on = draw(rig, 2) == 0;
    if (goes_on) {
        sealed_book_post(copy, rig->random, 4, "other");
    }
    sealed_book_free((SealedBook *)rig->book);
    rig->book = copy;
    expect_head(tamper,
                g_strdup(goes_on ? "restore an older copy and write on" : "restore an older copy"));
    return true;
}

/* An insider with the program: everything that follows is computed again. */
static bool
seal_again(Rig *rig, Tamper *tamper)
{
    g_autofree char *row =
        pick_row(rig, "entry", "batch_no <= (select max(batch_no) - 1 from ledger.batch)");
    g_autofree char *at = at_row(row);
    int64_t batch_no =
        sealed_book_number(rig->book, "select batch_no from ledger.entry where %s", at);
    expect_head(tamper, g_strdup_printf("seal again from batch %" G_GINT64_FORMAT, batch_no));
    sealed_book_run(rig->book,
                    "update ledger.entry set amount = array[amount[1] + 10, amount[2] - 10] ||"
                    " amount[3:], document = 'sealed again' where %s",
                    at);
    sealed_book_seal(rig->book, batch_no);
    refold(rig->book);
    return true;
}

/* Only the row and its own hash: the root of its batch tells. */
static bool
seal_row(Rig *rig, Tamper *tamper)
{
    g_autofree char *row = pick_row(rig, "entry", "true");
    g_autofree char *at = at_row(row);
    g_autoptr(FiscHash) hash = fisc_hash_new();
    g_autoptr(FiscLogChunk) chunk = fisc_log_chunk_new();
    int64_t entry_id =
        sealed_book_number(rig->book, "select entry_id from ledger.entry where %s", at);
    tamper->subject = "batch";
    tamper->number =
        sealed_book_number(rig->book, "select batch_no from ledger.entry where %s", at);
    tamper->what = g_strdup_printf("alter entry %" G_GINT64_FORMAT " and its hash", entry_id);
    sealed_book_run(rig->book, "update ledger.entry set document = 'x', maker = maker where %s",
                    at);
    FiscLogPlace from = {0, entry_id, 0};
    FiscLogPlace until = {0, entry_id + 1, 0};
    FiscTx *tx = NULL;
    g_assert(fisc_tx_begin(rig->book->pool, FISC_TX_AUTO, &tx, NULL));
    g_assert(fisc_log_read_chunk(tx, 1, &from, &until, hash, chunk, NULL));
    g_assert(fisc_tx_commit(tx, NULL));
    const FiscLogEntry *entry = chunk->entries->pdata[0];
    sealed_book_store_hash(rig->book, "entry", "entry_id", entry_id, "hash", entry->item.computed);
    return true;
}

static bool
detach_partition(Rig *rig, Tamper *tamper)
{
    g_autofree char *period = sealed_book_ask(
        rig->book, "select period from ledger.period order by md5(period || '%d') limit 1",
        draw(rig, 1000000));
    sealed_book_run(rig->book, "alter table ledger.entry detach partition ledger.entry_%s", period);
    tamper->subject = "partition";
    tamper->name = g_strdup(period);
    tamper->what = g_strdup_printf("detach partition %s", period);
    return true;
}

/* Judging ---------------------------------------------------------------------------------- */

static bool
is_named(const FiscFinding *finding, const Tamper *tamper)
{
    bool is_item = strcmp(tamper->subject, "item") == 0;
    bool is_subject = strcmp(finding->subject, tamper->subject) == 0 ||
                      (is_item && (strcmp(finding->subject, "event") == 0 ||
                                   strcmp(finding->subject, "refusal") == 0));
    return is_subject && (tamper->number == 0 || finding->number == tamper->number) &&
           (tamper->name == NULL ||
            (finding->name != NULL && strcmp(finding->name, tamper->name) == 0));
}

static bool
is_found(const FiscVerifyReport *report, const Tamper *tamper)
{
    for (guint i = 0; i < report->findings->len; i++) {
        if (is_named(report->findings->pdata[i], tamper)) {
            return true;
        }
    }
    return false;
}

static void
print_findings(const char *title, const FiscVerifyReport *report)
{
    printf("    %s\n", title);
    for (guint i = 0; i < report->findings->len && i < 10; i++) {
        g_autofree char *text = fisc_finding_to_text(report->findings->pdata[i]);
        printf("      %s\n", text);
    }
}

static FiscVerifyReport *
verify(Rig *rig, bool full)
{
    FiscVerifyOptions options = {.full = full,
                                 .head_file = rig->head_file,
                                 .head_key = rig->head_key,
                                 .witness_key = rig->witness_key};
    return sealed_book_verify(rig->book, &options);
}

static bool (*const tampers[])(Rig *, Tamper *) = {
    alter,     alter,     alter,      alter,    alter,        alter,    delete_row,      insert_row,
    swap_rows, swap_rows, seal_again, cut_tail, restore_copy, seal_row, detach_partition};

/* Returns 1 when the tamper was not found, or not named. */
static int
tamper_once(Rig *rig)
{
    Tamper tamper = {NULL, NULL, 0, NULL};
    rig->book = sealed_book_copy(rig->pristine);
    while (!tampers[draw(rig, G_N_ELEMENTS(tampers))](rig, &tamper)) {
        g_free(tamper.what);
        g_free(tamper.name);
        tamper = (Tamper){NULL, NULL, 0, NULL};
    }
    g_autoptr(FiscVerifyReport) report = verify(rig, draw(rig, 3) == 0);
    bool is_good = is_found(report, &tamper);
    if (!is_good) {
        print_findings(tamper.what, report);
    }
    g_free(tamper.what);
    g_free(tamper.name);
    sealed_book_free((SealedBook *)rig->book);
    return is_good ? 0 : 1;
}

/* Returns 1 for a false alarm. */
static int
verify_clean(Rig *rig, int run)
{
    SealedBook *copy = sealed_book_copy(rig->pristine);
    g_autofree char *prefix = g_strdup_printf("clean%d", run);
    sealed_book_post(copy, rig->random, 1 + draw(rig, 4), prefix);
    if (draw(rig, 2) == 0) { /* a memo may be forgotten, together with its salt */
        sealed_book_run(copy, "update ledger.entry set memo = null, memo_salt = null"
                              " where entry_id %% 3 = 0 and memo is not null");
    }
    rig->book = copy;
    g_autoptr(FiscVerifyReport) report = verify(rig, draw(rig, 2) == 0);
    if (report->findings->len > 0) {
        print_findings("a clean book", report);
    }
    sealed_book_free(copy);
    return report->findings->len > 0 ? 1 : 0;
}

static guint32
seed_of_run(void)
{
    const char *given = g_getenv("FISC_TEST_SEED");
    return given != NULL ? (guint32)g_ascii_strtoull(given, NULL, 10) : g_random_int();
}

static bool
is_long(void)
{
    return g_strcmp0(g_getenv("FISC_TEST_LONG"), "1") == 0;
}

static void
test_tampers(void)
{
    Rig rig = {NULL};
    guint32 seed = seed_of_run();
    int count = is_long() ? 1000 : fisc_test_is_brief() ? 20 : 60;
    int missed = 0;
    printf("seed %u ", seed);
    set_up(&rig, seed);
    for (int i = 0; i < count; i++) {
        missed += tamper_once(&rig);
    }
    printf("%d tampers, %d missed ", count, missed);
    FISC_ASSERT_INT(missed, 0);
    tear_down(&rig);
}

static void
test_clean(void)
{
    Rig rig = {NULL};
    guint32 seed = seed_of_run();
    int count = is_long() ? 100 : fisc_test_is_brief() ? 3 : 10;
    int alarms = 0;
    printf("seed %u ", seed);
    set_up(&rig, seed);
    for (int i = 0; i < count; i++) {
        alarms += verify_clean(&rig, i);
    }
    printf("%d clean runs, %d false alarms ", count, alarms);
    FISC_ASSERT_INT(alarms, 0);
    tear_down(&rig);
}

const FiscTest fisc_tamper_tests[] = {
    {"finds and names every tamper of a superuser", test_tampers},
    {"raises no alarm where nothing was done", test_clean},
    {NULL, NULL},
};

/* pulling.c: a feeder that drops its documents in a folder of this machine. */
#include "tests/app/pulling.h"
#include "tests/integrations/fixture.h"
#include "tests/support/suite.h"
#include <string.h>

Pulling
pulling_new(const char *entities, const char *unit, const char *connector, const char *documents,
            const char *read, const char *map)
{
    Pulling pulling = {.books = books_new(), .drop = g_dir_make_tmp("fisc-drop-XXXXXX", NULL)};
    g_autofree char *register_text =
        g_strdup_printf("feeder,title,entities,connector,at,documents,read\n"
                        "source,A source,%s,%s,%s,%s,%s\n",
                        unit, connector, pulling.drop, documents, read);
    books_must_load_entities(pulling.books, entities);
    books_must_put_feeders(pulling.books, register_text);
    books_must_map(pulling.books, "source", map);
    return pulling;
}

void
pulling_clear(Pulling *pulling)
{
    books_free(pulling->books);
    fixture_remove(pulling->drop);
}

void
pulling_drop(Pulling *pulling, const char *name, const char *text)
{
    fixture_write(pulling->drop, name, text);
}

char *
pulling_read(const char *path)
{
    g_autofree char *whole = books_source_path(path);
    char *text = NULL;
    if (!g_file_get_contents(whole, &text, NULL, NULL)) {
        g_error("%s cannot be read", whole);
    }
    return text;
}

void
pulling_drop_copy(Pulling *pulling, const char *name, const char *path)
{
    g_autofree char *text = pulling_read(path);
    pulling_drop(pulling, name, text);
}

FiscPullReport *
pulling_pull(Pulling *pulling)
{
    static const char *const feeders[] = {"source", NULL};
    const FiscPullOrder order = {.feeders = feeders};
    g_autoptr(GError) error = NULL;
    FiscPullReport *report = NULL;
    if (!fisc_flow_pull(&pulling->books->ctx, &order, &report, &error)) {
        g_error("%s", error->message);
    }
    return report;
}

void
pulling_expect(Pulling *pulling, const char *expected)
{
    g_autoptr(FiscPullReport) report = pulling_pull(pulling);
    const FiscPullRun *run = report->runs->pdata[report->runs->len - 1];
    g_autofree char *told =
        g_strdup_printf("%s %d %d %d%s%s", fisc_pull_outcome_word(run->outcome), run->posted,
                        run->reversed, run->unchanged, run->refusals->len > 0 ? " " : "",
                        run->refusals->len > 0 ? run->reason : "");
    FISC_ASSERT_TEXT(told, expected);
    books_expect_whole(pulling->books);
}

void
pulling_expect_quarantine(Pulling *pulling, const char *words)
{
    int64_t batch = books_batch(pulling->books);
    g_autoptr(FiscPullReport) report = pulling_pull(pulling);
    const FiscPullRun *run = report->runs->pdata[report->runs->len - 1];
    FISC_ASSERT_TEXT(fisc_pull_outcome_word(run->outcome), "quarantined");
    FISC_ASSERT_CONTAINS(run->reason, words);
    FISC_ASSERT_INT(books_batch(pulling->books), batch);
}

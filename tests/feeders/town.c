/* town.c: a town of one feeder. */
#include "tests/feeders/town.h"
#include "tests/support/suite.h"
#include <glib/gstdio.h>
#include <string.h>

#define ENTITIES                                                                                   \
    "entity,name,sector,cp_code,reporting,currency\n"                                              \
    "TOWN,A town,S1313,11,Y,EUR\n"

/* What a Tryton's rows mean. */
#define PROFILE                                                                                    \
    "[file]\nname = moves.csv\nsource = town/moves\ncurrency = EUR\nsteps = Moves\n"               \
    "[columns]\nid = id\nline = line\ndate = date\ndebit = debit\ncredit = credit\n"               \
    "amount = amount\n"                                                                            \
    "[amounts]\namount = plus\n"                                                                   \
    "[value debit_gfs]\nmap = codes.csv\nof = {debit}\nprefix = account\nresult = flow\n"          \
    "[value credit_gfs]\nmap = codes.csv\nof = {credit}\nprefix = account\nresult = flow\n"        \
    "[value debit_cash]\nmap = codes.csv\nof = {credit}\nprefix = account\nresult = cash\n"        \
    "only debit_gfs = 3202\n"                                                                      \
    "[value credit_cash]\nmap = codes.csv\nof = {debit}\nprefix = account\nresult = cash\n"        \
    "only credit_gfs = 3202\n"                                                                     \
    "[dimensions debit]\ncash_code = {debit_cash}\n"                                               \
    "[dimensions credit]\ncash_code = {credit_cash}\n"                                             \
    "[entry move]\nstep = Moves\nreference = {id}/{line}\nentity = TOWN\ndate = {date}\n"          \
    "amount = amount\ndebit = {debit_gfs}\ndebit_dimensions = debit\ncredit = {credit_gfs}\n"      \
    "credit_dimensions = credit\n"
#define CODES "account,flow,cash\n100,3202,\n200,3308,22\n600,22,22\n700,1422,14\n"

/* What an iFIX's rows mean. */
#define EVENTS_PROFILE                                                                             \
    "[file]\nname = events.csv\nsource = town/events\ncurrency = EUR\nsteps = Events\n"            \
    "[columns]\nline = line\ndate = date\nchain = chain\namount = amount\n"                        \
    "[amounts]\namount = plus\n"                                                                   \
    "[entry event]\nstep = Events\nreference = {line}\nentity = TOWN\ndate = {date}\n"             \
    "document = {chain}\namount = amount\ndebit = 22\ncredit = 3308\n"

void
town_write(const char *folder, const char *name, const char *text)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    if (!g_file_set_contents(path, text, -1, NULL)) {
        g_error("%s cannot be written", path);
    }
}

char *
town_folder_new(void)
{
    char *folder = g_dir_make_tmp("fisc-feeders-XXXXXX", NULL);
    if (folder == NULL) {
        g_error("there is no place for a folder");
    }
    return folder;
}

void
town_folder_free(char *folder)
{
    GDir *dir = g_dir_open(folder, 0, NULL);
    const char *name;
    while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        g_unlink(path);
    }
    g_clear_pointer(&dir, g_dir_close);
    g_rmdir(folder);
    g_free(folder);
}

static void
fill(Books *books, const void *data)
{
    (void)data;
    books_must_load_entities(books, ENTITIES);
}

Town
town_new(const char *feeder, const char *map)
{
    Town town = {.books = books_filled("town", fill, NULL)};
    g_autofree char *row =
        g_strconcat("feeder,title,entities,connector,at,documents,read,trust\ntown,A town,TOWN,",
                    feeder, "\n", NULL);
    books_must_put_feeders(town.books, row);
    books_must_map(town.books, "town", map);
    return town;
}

Town
town_new_tryton(const char *folder, const char *at, const char *trust)
{
    char *map = town_folder_new();
    g_autofree char *feeder = g_strdup_printf(
        "tryton,%s,moves-*.json=moves.csv,each,user=admin;secret=password;%s", at, trust);
    town_write(map, "moves.profile", PROFILE);
    town_write(map, "codes.csv", CODES);
    town_write(folder, "password", "admin\n");
    Town town = town_new(feeder, map);
    town.tries = 1;
    town.secrets = folder;
    town_folder_free(map);
    return town;
}

Town
town_new_ifix(const char *at, const char *trust)
{
    char *map = town_folder_new();
    g_autofree char *feeder =
        g_strdup_printf("ifix,%s,*.json=events.csv,each,tenant=pb;%s", at, trust);
    town_write(map, "events.profile", EVENTS_PROFILE);
    Town town = town_new(feeder, map);
    town.tries = 1;
    town_folder_free(map);
    return town;
}

void
town_free(Town *town)
{
    books_free(town->books);
}

char *
town_pull(Town *town)
{
    static const char *const feeders[] = {"town", NULL};
    const FiscPullOrder order = {
        .feeders = feeders, .secrets_dir = town->secrets, .tries = town->tries};
    g_autoptr(FiscPullReport) report = NULL;
    g_autoptr(GError) error = NULL;
    if (!fisc_flow_pull(&town->books->ctx, &order, &report, &error)) {
        g_error("%s", error->message);
    }
    const FiscPullRun *run = report->runs->pdata[0];
    const char *word = fisc_pull_outcome_word(run->outcome);
    if (run->outcome != FISC_PULL_POSTED && run->outcome != FISC_PULL_UNCHANGED) {
        return g_strdup_printf("%s %s", word, run->reason);
    }
    return g_strdup_printf("%s %d %d %d", word, run->posted, run->reversed, run->unchanged);
}

void
town_expect_pull(Town *town, const char *expected)
{
    g_autofree char *told = town_pull(town);
    FISC_ASSERT_TEXT(told, expected);
    books_expect_whole(town->books);
}

void
town_expect_no_pull(Town *town, const char *outcome, const char *words)
{
    int64_t batch = books_batch(town->books);
    g_autofree char *told = town_pull(town);
    FISC_ASSERT_CONTAINS(told, outcome);
    FISC_ASSERT_CONTAINS(told, words);
    FISC_ASSERT_INT(books_batch(town->books), batch);
}

char *
town_staged(const Town *town)
{
    return books_ask(town->books, "select encode(digest, 'hex') from intake.delivery "
                                  "order by delivery_id desc limit 1");
}

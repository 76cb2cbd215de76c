/* towns.c: see towns.h. A dialect is a layout of the file and a scheme of codes; within it every
 * town numbers its accounts in its own way, below the codes that the scheme gives. */
#include "bench/towns.h"
#include "bench/random.h"
#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

/* What a town books in a month, and what that is nationally. Revenue is in credit. */
static const struct {
    const char *name;
    const char *codes[FISC_BENCH_DIALECTS];
    const char *gfs;
    const char *cash_code;
    bool is_revenue;
} accounts[] = {
    {"Wages", {"641", "11.01", "A1"}, "2111", "21", false},
    {"Social contributions", {"645", "11.02", "A2"}, "2121", "21", false},
    {"Goods and services", {"602", "12.01", "B1"}, "22", "22", false},
    {"Subsidies", {"655", "13.01", "C1"}, "251", "25", false},
    {"Benefits", {"657", "14.01", "C2"}, "2711", "27", false},
    {"Assistance", {"658", "14.02", "C3"}, "2721", "27", false},
    {"Other expense", {"671", "15.01", "D1"}, "2821", "28", false},
    {"Roads", {"213", "21.01", "E1"}, "3111.1", "31.1", false},
    {"Taxes on income", {"731", "31.01", "P1"}, "1111", "11", true},
    {"Taxes on property", {"732", "31.02", "P2"}, "1131", "11", true},
    {"Sales", {"701", "32.01", "Q1"}, "142", "14", true},
    {"Fines", {"771", "32.02", "Q2"}, "143", "14", true},
};

static const struct {
    char separator, decimal_mark;
    const char *header; /* in the order unit, date, account, name, debit, credit */
} layouts[FISC_BENCH_DIALECTS] = {
    {',', '.', "unit,date,account,name,debit,credit"},
    {';', ',', "Einheit;Tag;Konto;Bezeichnung;Soll;Haben"},
    {'|', '.', "ENTE|DATA|CONTA|NOME|DEBITO|CREDITO"},
};

void
fisc_bench_town_code(int number, char out_code[FISC_BENCH_TOWN_CODE])
{
    g_snprintf(out_code, FISC_BENCH_TOWN_CODE, "L%04d", number);
}

int64_t
fisc_bench_towns_entries(const FiscBenchTowns *towns)
{
    return (int64_t)towns->towns * towns->months * (int64_t)G_N_ELEMENTS(accounts);
}

static int
dialect_of(int number)
{
    return (number - 1) % FISC_BENCH_DIALECTS;
}

/* Files ---------------------------------------------------------------------------------------- */

static bool
write_file(const char *folder, const char *name, const GString *text, GError **error)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    g_autofree char *parent = g_path_get_dirname(path);
    if (g_mkdir_with_parents(parent, 0755) != 0) {
        return fisc_fail(error, FISC_ERROR_IO, "%s: %s", parent, g_strerror(errno));
    }
    return g_file_set_contents(path, text->str, (gssize)text->len, error);
}

void
fisc_bench_remove_tree(const char *folder)
{
    GDir *dir = g_dir_open(folder, 0, NULL);
    const char *name;
    while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        if (g_file_test(path, G_FILE_TEST_IS_DIR)) {
            fisc_bench_remove_tree(path);
        } else {
            g_unlink(path);
        }
    }
    g_clear_pointer(&dir, g_dir_close);
    g_rmdir(folder);
}

/* The nation ----------------------------------------------------------------------------------- */

static bool
write_nation(const FiscBenchTowns *towns, const char *folder, GError **error)
{
    g_autoptr(GString) entities = g_string_new("entity,name,sector,cp_code,reporting\n");
    g_autoptr(GString) groups = g_string_new("group,name,members\n");
    g_autoptr(GString) due = g_string_new("entity,period,due_on\n");
    g_string_append(groups, FISC_BENCH_TOWNS_GROUP ",General government,");
    for (int number = 1; number <= towns->towns; number++) {
        char code[FISC_BENCH_TOWN_CODE];
        fisc_bench_town_code(number, code);
        g_string_append_printf(entities, "%s,Town %d,S1313,11,Y\n", code, number);
        g_string_append_printf(groups, "%s%s", number > 1 ? " " : "", code);
        for (int month = 1; month <= towns->months; month++) {
            g_string_append_printf(due, "%s,%d-%02d,%d-01-31\n", code, FISC_BENCH_TOWNS_YEAR, month,
                                   FISC_BENCH_TOWNS_YEAR + 1);
        }
    }
    g_string_append_c(groups, '\n');
    return write_file(folder, "nation/entities.csv", entities, error) &&
           write_file(folder, "nation/groups.csv", groups, error) &&
           write_file(folder, "nation/due.csv", due, error);
}

static bool
write_feeders(const FiscBenchTowns *towns, const char *folder, GError **error)
{
    g_autoptr(GString) text =
        g_string_new("feeder,title,entities,connector,at,documents,read,map\n");
    for (int number = 1; number <= towns->towns; number++) {
        char code[FISC_BENCH_TOWN_CODE], owner[FISC_BENCH_TOWN_CODE];
        bool has_map = number <= FISC_BENCH_DIALECTS;
        fisc_bench_town_code(number, code);
        fisc_bench_town_code(dialect_of(number) + 1, owner);
        g_string_append_printf(text, "%s,Town %d,%s,folder,%s/drop/%s,%d-*.csv=tb.csv,each,%s\n",
                               code, number, code, folder, code, FISC_BENCH_TOWNS_YEAR,
                               has_map ? "" : owner);
    }
    return write_file(folder, "feeders.csv", text, error);
}

/* Maps ----------------------------------------------------------------------------------------- */

static void
append_columns(GString *text, int dialect)
{
    static const char *const ours[] = {"unit", "date", "account", "name", "debit", "credit"};
    const char separator[] = {layouts[dialect].separator, '\0'};
    g_auto(GStrv) published = g_strsplit(layouts[dialect].header, separator, -1);
    g_string_append(text, "[columns]\n");
    for (gsize i = 0; i < G_N_ELEMENTS(ours); i++) {
        g_string_append_printf(text, "%s = %s\n", ours[i], published[i]);
    }
}

static bool
write_map(const char *folder, int dialect, GError **error)
{
    g_autoptr(GString) profile = g_string_new(NULL);
    g_autoptr(GString) codes = g_string_new("prefix,gfs\n");
    g_autofree char *profile_name = g_strdup_printf("map-%d/tb.profile", dialect + 1);
    g_autofree char *codes_name = g_strdup_printf("map-%d/codes.csv", dialect + 1);
    g_string_append_printf(profile,
                           "[file]\nname = tb.csv\nsource = towns/tb\nsteps = Balances\n"
                           "separator = %c\ndecimal_mark = %c\n",
                           layouts[dialect].separator, layouts[dialect].decimal_mark);
    append_columns(profile, dialect);
    g_string_append(profile,
                    "[amounts]\ndebit = plus\ncredit = plus\n"
                    "[value gfs]\nmap = codes.csv\nof = {account}\nprefix = prefix\nresult = gfs\n"
                    "[value cash_row]\ncash_row = {gfs}\n"
                    "[dimensions cash]\ncash_code = {cash_row}\n"
                    "[entry balance]\nstep = Balances\nreference = {account}\nentity = {unit}\n"
                    "date = {date}\namount = debit - credit\ndebit = {gfs}\ncredit = 3202\n"
                    "credit_dimensions = cash\n");
    for (gsize i = 0; i < G_N_ELEMENTS(accounts); i++) {
        g_string_append_printf(codes, "%s,%s\n", accounts[i].codes[dialect], accounts[i].gfs);
    }
    return write_file(folder, profile_name, profile, error) &&
           write_file(folder, codes_name, codes, error);
}

/* Books ---------------------------------------------------------------------------------------- */

/* The town's own number of an account: it goes on where the scheme ends. */
static char *
account_code(int number, gsize account)
{
    const char *code = accounts[account].codes[dialect_of(number)];
    return g_strdup_printf("%s.%02d", code, (number * 7 + (int)account * 3) % 100);
}

static void
append_row(GString *text, int number, const char *date, gsize account, int cents)
{
    const int dialect = dialect_of(number);
    const char s = layouts[dialect].separator;
    char code[FISC_BENCH_TOWN_CODE];
    g_autofree char *own = account_code(number, account);
    g_autofree char *amount =
        g_strdup_printf("%d%c%02d", cents / 100, layouts[dialect].decimal_mark, cents % 100);
    bool is_revenue = accounts[account].is_revenue;
    const char *nothing = layouts[dialect].decimal_mark == ',' ? "0,00" : "0.00";
    fisc_bench_town_code(number, code);
    g_string_append_printf(text, "%s%c%s%c%s%c%s%c%s%c%s\n", code, s, date, s, own, s,
                           accounts[account].name, s, is_revenue ? nothing : amount, s,
                           is_revenue ? amount : nothing);
}

static void
append_journal(GString *text, int number, const char *date, gsize account, int cents)
{
    char code[FISC_BENCH_TOWN_CODE];
    g_autofree char *head = g_strdup_printf("%.7s-%d,%s", date, (int)account, date);
    g_autofree char *amount = g_strdup_printf("%d.%02d", cents / 100, cents % 100);
    bool is_revenue = accounts[account].is_revenue;
    fisc_bench_town_code(number, code);
    g_string_append_printf(text, "%s,%s,%s,%s,%s,\n", head, code, accounts[account].gfs,
                           is_revenue ? "" : amount, is_revenue ? amount : "");
    g_string_append_printf(text, "%s,%s,3202,%s,%s,%s\n", head, code, is_revenue ? amount : "",
                           is_revenue ? "" : amount, accounts[account].cash_code);
}

static bool
write_month(const char *folder, int number, int month, FiscBenchRandom *random, GString *bulk,
            GError **error)
{
    char code[FISC_BENCH_TOWN_CODE];
    g_autofree char *date = g_strdup_printf("%d-%02d-28", FISC_BENCH_TOWNS_YEAR, month);
    g_autoptr(GString) text = g_string_new(layouts[dialect_of(number)].header);
    g_string_append_c(text, '\n');
    for (gsize i = 0; i < G_N_ELEMENTS(accounts); i++) {
        int cents = 1 + fisc_bench_random_below(random, 99999999);
        append_row(text, number, date, i, cents);
        append_journal(bulk, number, date, i, cents);
    }
    fisc_bench_town_code(number, code);
    g_autofree char *name =
        g_strdup_printf("drop/%s/%d-%02d.csv", code, FISC_BENCH_TOWNS_YEAR, month);
    return write_file(folder, name, text, error);
}

static bool
write_books(const FiscBenchTowns *towns, const char *folder, GError **error)
{
    g_autoptr(GString) bulk =
        g_string_new("journal_id,date,entity,gfs_code,debit,credit,cash_code\n");
    for (int number = 1; number <= towns->towns; number++) {
        FiscBenchRandom random = fisc_bench_random(towns->seed, (uint64_t)number);
        for (int month = 1; month <= towns->months; month++) {
            if (!write_month(folder, number, month, &random, bulk, error)) {
                return false;
            }
        }
    }
    return write_file(folder, "bulk/journals.csv", bulk, error);
}

bool
fisc_bench_towns_write(const FiscBenchTowns *towns, const char *folder, GError **error)
{
    for (int dialect = 0; dialect < FISC_BENCH_DIALECTS; dialect++) {
        if (!write_map(folder, dialect, error)) {
            return false;
        }
    }
    return write_nation(towns, folder, error) && write_feeders(towns, folder, error) &&
           write_books(towns, folder, error);
}

/* rules.c: the map of docs/architecture.md as tables, and the checks that read them.
 *
 * A folder, a public header or a library that has no row here is a complaint of its own: the map is
 * extended on purpose, not by accident. */
#include "tests/tidy/rules.h"
#include <string.h>

#define WORDS_MAX 12

/* ---- the map ---- */

/* What each folder may include besides itself. */
static const struct {
    const char *folder;
    const char *may_include[WORDS_MAX];
} arrows[] = {
    {"core/base", {NULL}},
    {"sql", {NULL}},
    {"core/db", {"core/base", "sql"}},
    {"core/formats", {"core/base"}},
    {"core/net", {"core/base"}},
    {"core/sandbox", {"core/base"}},
    {"core/identity", {"core/base"}},
    {"ledger", {"core/base", "core/db", "core/identity"}},
    {"budget", {"ledger", "core/base", "core/db", "core/formats", "core/identity"}},
    {"treasury", {"budget", "ledger", "core/base", "core/db", "core/identity"}},
    {"reporting", {"budget", "ledger", "core/base", "core/db", "core/formats"}},
    {"integrations",
     {"ledger", "core/base", "core/db", "core/formats", "core/net", "core/sandbox"}},
    {"app/flows",
     {"integrations", "reporting", "budget", "treasury", "ledger", "core/base", "core/db",
      "core/formats", "core/net", "core/identity"}},
    {"bench",
     {"app/flows", "integrations", "reporting", "budget", "treasury", "ledger", "core/base",
      "core/db", "core/formats", "core/net", "core/identity"}},
    {"app/cli", {"app/flows", "bench", "core/base", "core/db", "core/formats"}},
    {"app/server", {"app/flows", "core/base", "core/db", "core/formats", "core/identity"}},
    {"app/agent", {"app/flows", "core/base", "core/db", "core/formats", "core/net"}},
    {"app/parse", {"integrations"}},
    {"app/witness", {"core/base", "core/net"}},
};

/* Single headers that a folder may include beyond that: pure ones, which pull nothing after them.
 */
static const struct {
    const char *folder;
    const char *header;
} single_arrows[] = {
    {"app/cli", "app/server/config.h"}, {"bench", "app/server/server.h"},
    {"app/cli", "app/server/server.h"}, {"app/cli", "app/agent/agent.h"},
    {"app/witness", "ledger/head.h"},   {"app/witness", "ledger/merkle.h"},
};

/* The folder that answers for each public header. */
static const struct {
    const char *header;
    const char *folder;
} public_headers[] = {
    {"fisc/budget_consolidated.h", "reporting"},
    {"fisc/backup.h", "core/db"},
    {"fisc/balances.h", "ledger"},
    {"fisc/budget.h", "budget"},
    {"fisc/audit.h", "app/flows"},
    {"fisc/browse.h", "app/flows"},
    {"fisc/budget_book.h", "reporting"},
    {"fisc/carry.h", "ledger"},
    {"fisc/chart.h", "ledger"},
    {"fisc/cluster.h", "core/db"},
    {"fisc/context.h", "core/db"},
    {"fisc/csv.h", "core/formats"},
    {"fisc/date.h", "core/base"},
    {"fisc/db.h", "core/db"},
    {"fisc/dossier.h", "reporting"},
    {"fisc/drill.h", "reporting"},
    {"fisc/enactment.h", "budget"},
    {"fisc/entry.h", "ledger"},
    {"fisc/error.h", "core/base"},
    {"fisc/fact.h", "ledger"},
    {"fisc/fetch.h", "core/net"},
    {"fisc/feeder.h", "app/flows"},
    {"fisc/flow.h", "app/flows"},
    {"fisc/fiscal_event.h", "app/flows"},
    {"fisc/handover.h", "app/flows"},
    {"fisc/hold.h", "app/flows"},
    {"fisc/formulation.h", "budget"},
    {"fisc/gfs.h", "ledger"},
    {"fisc/grant.h", "app/flows"},
    {"fisc/graph.h", "reporting"},
    {"fisc/identity.h", "core/identity"},
    {"fisc/ledger.h", "ledger"},
    {"fisc/history.h", "reporting"},
    {"fisc/lens.h", "reporting"},
    {"fisc/money.h", "core/base"},
    {"fisc/nation.h", "ledger"},
    {"fisc/package.h", "integrations"},
    {"fisc/passkey.h", "core/identity"},
    {"fisc/pivot.h", "reporting"},
    {"fisc/provider.h", "core/identity"},
    {"fisc/poster.h", "ledger"},
    {"fisc/publish.h", "app/flows"},
    {"fisc/question.h", "app/flows"},
    {"fisc/succession.h", "ledger"},
    {"fisc/unit.h", "app/flows"},
    {"fisc/refusal.h", "core/base"},
    {"fisc/scope.h", "core/identity"},
    {"fisc/signin.h", "core/identity"},
    {"fisc/statement.h", "reporting"},
    {"fisc/transfer.h", "reporting"},
    {"fisc/table.h", "core/formats"},
    {"fisc/verify.h", "ledger"},
    {"fisc/year_end.h", "budget"},
    {"fisc/xlsx.h", "core/formats"},
    {"fisc/xml.h", "core/formats"},
    {"fisc/law.h", "budget"},
};

/* Which folders may include a library; a folder stands for those below it too. */
static const struct {
    const char *header; /* or its beginning, up to a slash */
    const char *folders[WORDS_MAX];
} doors[] = {
    {"cairo", {"reporting"}},
    {"cjose/", {"core/identity"}},
    {"csv.h", {"core/formats"}},
    {"curl/", {"core/net"}},
    {"expat.h", {"core/formats"}},
    {"fido", {"core/identity"}},
    {"gnutls/", {"app/server"}},
    {"jansson.h", {"app", "bench", "integrations", "reporting", "core/formats", "core/identity"}},
    {"libpq-fe.h", {"core/db", "bench"}},
    {"microhttpd.h", {"app/server"}},
    {"openssl/", {"core/base"}},
    {"pango/", {"reporting"}},
    {"seccomp.h", {"core/sandbox"}},
    {"sodium.h", {"core/identity"}},
    {"sql.h", {"app/agent"}},
    {"sqlext.h", {"app/agent"}},
    {"xlsxwriter.h", {"core/formats"}},
    {"zip.h", {"core/formats"}},
};

static const char *const folders_without_floats[] = {"ledger", "budget", "core/base", "include"};

/* Writing is the routines' work. One exception keeps the record of the migrations themselves, which
 * must work before any query of ours can be prepared; the other plays the ledgers that bench
 * measures fisc against, which write as they do. */
static const char writing_sql[] = "^\\s*(insert\\s+into|delete\\s+from|update\\s+\\S+\\s+(as\\s|"
                                  "set\\s)|truncate\\s|merge\\s+into)";
static const char *const writers[] = {"core/db/migrate.c", "bench"};

static const char *const product_folders[] = {
    "core", "ledger", "budget", "treasury", "reporting", "integrations", "app", "bench", "include",
};

/* ---- reading the map ---- */

static bool
is_in(const char *path, const char *folder)
{
    gsize length = strlen(folder);
    return strncmp(path, folder, length) == 0 && (path[length] == '\0' || path[length] == '/');
}

static bool
is_in_any(const char *path, const char *const *folders, gsize count)
{
    for (gsize i = 0; i < count && folders[i] != NULL; i++) {
        if (is_in(path, folders[i])) {
            return true;
        }
    }
    return false;
}

static const char *
find_header_folder(const char *header)
{
    for (gsize i = 0; i < G_N_ELEMENTS(public_headers); i++) {
        if (strcmp(public_headers[i].header, header) == 0) {
            return public_headers[i].folder;
        }
    }
    return NULL;
}

/* The folder of the map that a path of the tree lies in; NULL when the map does not have it. */
static const char *
find_folder(const char *path)
{
    if (is_in(path, "include")) {
        return find_header_folder(path + strlen("include/"));
    }
    for (gsize i = 0; i < G_N_ELEMENTS(arrows); i++) {
        if (is_in(path, arrows[i].folder)) {
            return arrows[i].folder;
        }
    }
    return NULL;
}

/* The folder that an include of @includer leads to. */
static const char *
find_target(const char *includer, const char *include)
{
    if (g_str_has_prefix(include, "fisc/")) {
        return find_header_folder(include);
    }
    if (strcmp(include, "sql.auto.h") == 0) {
        return "sql";
    }
    return strchr(include, '/') != NULL ? find_folder(include) : includer;
}

static bool
is_arrow(const char *from, const char *to)
{
    if (strcmp(from, to) == 0) {
        return true;
    }
    for (gsize i = 0; i < G_N_ELEMENTS(arrows); i++) {
        if (strcmp(arrows[i].folder, from) == 0) {
            for (gsize k = 0; k < WORDS_MAX && arrows[i].may_include[k] != NULL; k++) {
                if (strcmp(arrows[i].may_include[k], to) == 0) {
                    return true;
                }
            }
        }
    }
    return false;
}

static bool
is_single_arrow(const char *from, const char *header)
{
    for (gsize i = 0; i < G_N_ELEMENTS(single_arrows); i++) {
        if (strcmp(single_arrows[i].folder, from) == 0 &&
            strcmp(single_arrows[i].header, header) == 0) {
            return true;
        }
    }
    return false;
}

/* ---- the checks ---- */

static void G_GNUC_PRINTF(4, 5)
    complain(GString *complaints, const FiscSource *source, int line, const char *format, ...)
{
    g_string_append_printf(complaints, "%s:%d: ", source->path, line);
    va_list arguments;
    va_start(arguments, format);
    g_string_append_vprintf(complaints, format, arguments);
    va_end(arguments);
    g_string_append_c(complaints, '\n');
}

static void
check_arrows(const FiscSource *source, GString *complaints)
{
    const char *from = find_folder(source->path);
    if (from == NULL) {
        complain(complaints, source, 1, "is not on the map: give it a row in tests/tidy/rules.c");
        return;
    }
    for (guint i = 0; i < source->includes->len; i++) {
        const FiscInclude *include = source->includes->pdata[i];
        const char *to = include->is_system ? from : find_target(from, include->path);
        if (to == NULL) {
            complain(complaints, source, include->line, "\"%s\" is not on the map", include->path);
        } else if (!is_arrow(from, to) && !is_single_arrow(from, include->path)) {
            complain(complaints, source, include->line, "%s may not include \"%s\" of %s", from,
                     include->path, to);
        }
    }
}

static bool
is_library_header(const char *include, const char *header)
{
    bool is_family = g_str_has_suffix(header, "/") || strstr(header, ".h") == NULL;
    return is_family ? g_str_has_prefix(include, header) : strcmp(include, header) == 0;
}

static void
check_doors(const FiscSource *source, GString *complaints)
{
    const char *folder = find_folder(source->path);
    for (guint i = 0; i < source->includes->len; i++) {
        const FiscInclude *include = source->includes->pdata[i];
        for (gsize k = 0; k < G_N_ELEMENTS(doors); k++) {
            if (is_library_header(include->path, doors[k].header) &&
                (folder == NULL || !is_in_any(folder, doors[k].folders, WORDS_MAX))) {
                complain(complaints, source, include->line, "<%s> stays behind the door of %s",
                         include->path, doors[k].folders[0]);
            }
        }
    }
}

static int
count_lines(const char *text, int length)
{
    int lines = 1;
    for (int i = 0; i < length; i++) {
        lines += text[i] == '\n';
    }
    return lines;
}

static void
check_floats(const FiscSource *source, GString *complaints)
{
    if (!is_in_any(source->path, folders_without_floats, G_N_ELEMENTS(folders_without_floats))) {
        return;
    }
    g_autoptr(GRegex) word = g_regex_new("\\b(float|double)\\b", 0, 0, NULL);
    g_autoptr(GMatchInfo) match = NULL;
    for (g_regex_match(word, source->code, 0, &match); g_match_info_matches(match);
         g_match_info_next(match, NULL)) {
        int begin = 0;
        g_match_info_fetch_pos(match, 0, &begin, NULL);
        g_autofree char *type = g_match_info_fetch(match, 0);
        complain(complaints, source, count_lines(source->code, begin),
                 "a %s cannot hold money to the cent", type);
    }
}

static void
check_writes(const FiscSource *source, GString *complaints)
{
    if (is_in_any(source->path, writers, G_N_ELEMENTS(writers))) {
        return;
    }
    for (guint i = 0; i < source->literals->len; i++) {
        const FiscLiteral *literal = source->literals->pdata[i];
        if (g_regex_match_simple(writing_sql, literal->text, G_REGEX_CASELESS, 0)) {
            complain(complaints, source, literal->line,
                     "SQL that writes belongs in sql/: \"%.30s\"", literal->text);
        }
    }
}

static void
check_heads(const FiscSource *source, GString *complaints)
{
    if (!source->begins_with_comment) {
        complain(complaints, source, 1, "begins without saying what it is");
    }
}

char *
fisc_rule_check(FiscRule rule, GPtrArray *sources)
{
    static void (*const checks[FISC_RULE_COUNT])(const FiscSource *, GString *) = {
        [FISC_RULE_ARROWS] = check_arrows, [FISC_RULE_DOORS] = check_doors,
        [FISC_RULE_FLOATS] = check_floats, [FISC_RULE_WRITES] = check_writes,
        [FISC_RULE_HEADS] = check_heads,
    };
    GString *complaints = g_string_new(NULL);
    for (guint i = 0; i < sources->len; i++) {
        checks[rule](sources->pdata[i], complaints);
    }
    return g_string_free(complaints, FALSE);
}

/* ---- reading the tree ---- */

static void
read_folder(const char *root, const char *folder, GPtrArray *sources)
{
    g_autofree char *full_path = g_build_filename(root, folder, NULL);
    g_autoptr(GDir) names = g_dir_open(full_path, 0, NULL);
    const char *name = NULL;
    while (names != NULL && (name = g_dir_read_name(names)) != NULL) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        if (g_str_has_suffix(name, ".c") || g_str_has_suffix(name, ".h")) {
            FiscSource *source = fisc_source_read(root, path);
            if (source != NULL) {
                g_ptr_array_add(sources, source);
            }
        } else {
            read_folder(root, path, sources); /* what is no folder has no names */
        }
    }
}

static int
compare_paths(gconstpointer a, gconstpointer b)
{
    const FiscSource *const *first = a;
    const FiscSource *const *second = b;
    return strcmp((*first)->path, (*second)->path);
}

static void
free_source(gpointer source)
{
    fisc_source_free(source);
}

GPtrArray *
fisc_tree_read(const char *root)
{
    GPtrArray *sources = g_ptr_array_new_with_free_func(free_source);
    for (gsize i = 0; i < G_N_ELEMENTS(product_folders); i++) {
        read_folder(root, product_folders[i], sources);
    }
    g_ptr_array_sort(sources, compare_paths);
    return sources;
}

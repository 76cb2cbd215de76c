/* profile_cancel_test.c: net changes parted into virements and the rest, and the differences of a
 * source that go on record. */
#include "tests/integrations/fixture.h"
#include "tests/support/suite.h"

extern const FiscTest fisc_profile_cancel_tests[];

static const char PROFILE[] =
    "[file]\nname = changes.csv\nsource = town/changes\nkey = {unit}/{line}\nsteps = Changes\n"
    "[columns]\nunit = unit\nline = line\nbefore = before\nchange = change\nafter = after\n"
    "[amounts]\nbefore = plus\nchange = plus\nafter = plus\n"
    "[check after]\nzero = before + change - after\ntext = before and change differ from after\n"
    "unit = {unit}\n"
    "[dimensions line]\nprogramme = {line}\n"
    "[cancel]\namount = change\nwithin = {unit}/{line:1}\ntogether = virement\nrest = other\n"
    "[entry virement]\nstep = Changes\nreference = {unit}/V/{line:1}\nentity = {unit}\n"
    "date = 2024-12-31\ndocument = V-{unit}-{line:1}\namount = cancelled\n"
    "move = change > available\nmove_dimensions = line\n"
    "[entry other]\nstep = Changes\nreference = {unit}/{line}\nentity = {unit}\n"
    "date = 2024-12-31\ndocument = S-{unit}\namount = rest\nmove = change > available\n"
    "move_dimensions = line\n";

#define HEADER "unit,line,before,change,after\n"

static char *
town(const char *profile, const char *table)
{
    return fixture_folder("entities.csv", FIXTURE_ENTITIES, "changes.profile", profile,
                          "changes.csv", table, NULL);
}

static FiscPackage *
read_table(const char *table)
{
    char *folder = town(PROFILE, table);
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    FiscPackage *package = fixture_read(folder, refusals);
    g_autofree char *wrong = fixture_dump(refusals);
    fixture_remove(folder);
    FISC_ASSERT_TEXT(wrong, "");
    CU_ASSERT_PTR_NOT_NULL_FATAL(package);
    return package;
}

static const FiscSubmission *
changes_of(const FiscPackage *package)
{
    return fixture_step(package, "changes.csv: Changes")->submission;
}

static char *
dump_changes(const FiscPackage *package)
{
    GString *text = g_string_new(NULL);
    const FiscSubmission *submission = changes_of(package);
    for (guint i = 0; i < submission->entries->len; i++) {
        g_autofree char *entry = fixture_dump_entry(submission->entries->pdata[i]);
        g_string_append_printf(text, "%s\n", entry);
    }
    return g_string_free(text, FALSE);
}

/* 30 of what area 1 got came from its own line 12, in proportion 100 to 50; area 2 gave 30 more
 * than it got; area 3 only got; the agency moved 5. */
static void
test_what_cancels_is_one_virement_and_the_rest_stands_by_line(void)
{
    g_autoptr(FiscPackage) package =
        read_table(HEADER "MIN,11,0,100,100\nMIN,12,30,-30,0\nAGY,11,5,-5,0\nMIN,13,0,50,50\n"
                          "MIN,21,40,-40,0\nMIN,22,0,10,10\nMIN,31,0,7,7\nMIN,32,9,0,9\n"
                          "AGY,12,0,5,5\n");
    g_autofree char *dump = dump_changes(package);
    FISC_ASSERT_TEXT(dump, "MIN/V/1 2024-12-31 0 V-MIN-1|\n"
                           "  B12 20.00 programme=11\n  B20 -20.00 programme=11\n"
                           "  B12 -30.00 programme=12\n  B20 30.00 programme=12\n"
                           "  B12 10.00 programme=13\n  B20 -10.00 programme=13\n"
                           "MIN/11 2024-12-31 0 S-MIN|\n"
                           "  B12 80.00 programme=11\n  B20 -80.00 programme=11\n"
                           "AGY/V/1 2024-12-31 0 V-AGY-1|\n"
                           "  B12 -5.00 programme=11\n  B20 5.00 programme=11\n"
                           "  B12 5.00 programme=12\n  B20 -5.00 programme=12\n"
                           "MIN/13 2024-12-31 0 S-MIN|\n"
                           "  B12 40.00 programme=13\n  B20 -40.00 programme=13\n"
                           "MIN/V/2 2024-12-31 0 V-MIN-2|\n"
                           "  B12 -10.00 programme=21\n  B20 10.00 programme=21\n"
                           "  B12 10.00 programme=22\n  B20 -10.00 programme=22\n"
                           "MIN/21 2024-12-31 0 S-MIN|\n"
                           "  B12 -30.00 programme=21\n  B20 30.00 programme=21\n"
                           "MIN/31 2024-12-31 0 S-MIN|\n"
                           "  B12 7.00 programme=31\n  B20 -7.00 programme=31\n");
}

/* Any changes: parts of a row sum to it and have its sign, a virement sums to zero, and of the two
 * sides of an area only one has a rest. */
static void
test_nothing_is_lost_whatever_the_changes_are(void)
{
    for (guint32 seed = 1; seed <= 10; seed++) {
        g_autoptr(GRand) rand = g_rand_new_with_seed(seed);
        g_autoptr(GString) table = g_string_new(HEADER);
        g_autoptr(GHashTable) left = g_hash_table_new(g_str_hash, g_str_equal);
        g_autoptr(GStringChunk) chunk = g_string_chunk_new(1024);
        for (int i = 0; i < 60; i++) {
            int size = g_rand_boolean(rand) ? 3 : 100000; /* tiny ones show the rounding */
            int cents = g_rand_int_range(rand, -size, size + 1);
            g_autofree char *line = g_strdup_printf("%d%02d", g_rand_int_range(rand, 1, 4), i);
            g_string_append_printf(table, "MIN,%s,0,%s%d.%02d,0\n", line, cents < 0 ? "-" : "",
                                   ABS(cents) / 100, ABS(cents) % 100);
            g_hash_table_insert(left, g_string_chunk_insert(chunk, line), GINT_TO_POINTER(cents));
        }
        g_autoptr(FiscPackage) package = read_table(table->str);
        const FiscSubmission *submission = changes_of(package);
        int rest_sign[10] = {0};
        for (guint i = 0; i < submission->entries->len; i++) {
            const FiscEntry *entry = submission->entries->pdata[i];
            bool is_virement = g_str_has_prefix(entry->document, "V-");
            int64_t sum = 0;
            for (guint j = 0; j < entry->lines->len; j += 2) {
                const FiscLine *line = &g_array_index(entry->lines, FiscLine, j);
                const char *code = line->dim[FISC_DIM_PROGRAMME];
                int before = GPOINTER_TO_INT(g_hash_table_lookup(left, code));
                CU_ASSERT(before < 0 ? line->amount < 0 && line->amount >= before
                                     : line->amount > 0 && line->amount <= before);
                g_hash_table_insert(left, g_string_chunk_insert(chunk, code),
                                    GINT_TO_POINTER(before - (int)line->amount));
                sum += line->amount;
                int sign = line->amount > 0 ? 1 : -1;
                CU_ASSERT(is_virement || rest_sign[code[0] - '0'] != -sign);
                rest_sign[code[0] - '0'] = is_virement ? rest_sign[code[0] - '0'] : sign;
            }
            CU_ASSERT(!is_virement || sum == 0);
        }
        GHashTableIter iter;
        void *rest;
        g_hash_table_iter_init(&iter, left);
        while (g_hash_table_iter_next(&iter, NULL, &rest)) {
            FISC_ASSERT_INT(GPOINTER_TO_INT(rest), 0);
        }
    }
}

static void
test_a_difference_of_the_source_goes_on_record_with_both_figures(void)
{
    g_autoptr(FiscPackage) package =
        read_table(HEADER "MIN,11,1000,100,1100.01\nMIN,12,30,-30,0\n");
    g_autofree char *events = fixture_dump_events(changes_of(package));
    FISC_ASSERT_TEXT(events, "note MIN/BOOK/changes.csv:2 MIN/11/after unit=MIN statement=BOOK "
                             "text=changes.csv:2 MIN/11: before and change differ from after: "
                             "1,100.00 against 1,100.01, by -0.01");
    FISC_ASSERT_INT(package->remarks->len, 1);
    FISC_ASSERT_TEXT(package->remarks->pdata[0],
                     "changes.csv:2: before and change differ from after: by -0.01");
}

static void
test_refuses_what_cannot_cancel(void)
{
    static const struct {
        const char *old, *new; /* in the profile */
        const char *expected;
    } cases[] = {
        {"together = virement", "together = other", "[cancel] together:VALUE_INVALID"},
        {"rest = other", "rest = virement", "[cancel] rest:VALUE_INVALID"},
        {"rest = other\n", "", "[cancel] rest:VALUE_MISSING"},
        {"within = {unit}/{line:1}\n", "", "[cancel] within:VALUE_MISSING"},
        {"amount = change\nwithin", "amount = dream\nwithin", "[cancel] amount:VALUE_INVALID"},
        {"amount = cancelled\n", "amount = cancelled\nwhen = x\n",
         "[entry virement]:VALUE_INVALID"},
        {"[cancel]", "[cancel]\ncolour = red", "[cancel] colour:COLUMN_UNKNOWN"},
        {"within = {unit}/{line:1}", "within = all", "[entry virement] entity:VALUE_INVALID"},
        {"unit = {unit}\n[dim", "unit = NOBODY\n[dim", "changes.csv:4:after:ENTITY_UNKNOWN"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GString) profile = g_string_new(PROFILE);
        FISC_ASSERT_INT(g_string_replace(profile, cases[i].old, cases[i].new, 1), 1);
        char *folder =
            town(profile->str, HEADER "MIN,11,0,100,100\nAGY,12,30,-30,0\nMIN,13,1,1,3\n");
        g_autofree char *dump = fixture_refusals_of(folder);
        g_autofree char *message = g_strdup_printf("%s => %s", cases[i].new, dump);
        fixture_remove(folder);
        FISC_ASSERT_CONTAINS(message, cases[i].expected);
    }
}

const FiscTest fisc_profile_cancel_tests[] = {
    {"what cancels is one virement, and the rest stands by line",
     test_what_cancels_is_one_virement_and_the_rest_stands_by_line},
    {"nothing is lost, whatever the changes are", test_nothing_is_lost_whatever_the_changes_are},
    {"a difference of the source goes on record with both figures",
     test_a_difference_of_the_source_goes_on_record_with_both_figures},
    {"refuses what cannot cancel", test_refuses_what_cannot_cancel},
    {NULL, NULL},
};

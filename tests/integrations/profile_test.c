/* profile_test.c: importer profiles on small files of our own, and wrong profiles. */
#include "fisc/money.h"
#include "tests/integrations/fixture.h"
#include "tests/support/suite.h"

#include <glib/gstdio.h>
#include <string.h>

extern const FiscTest fisc_profile_tests[];

/* A profile that uses every group once; wrong profiles are made of it by replacing a piece. */
static const char PROFILE[] = "# comment\n"
                              "[file]\n"
                              "name = spending.csv\n"
                              "order = 1\n"
                              "source = town/spending\n"
                              "encoding = CP1252\n"
                              "separator = ;\n"
                              "decimal_mark = ,\n"
                              "group_mark = .\n"
                              "currency = EUR\n"
                              "key = {unit}/{code}\n"
                              "steps = Budget;Spending\n"
                              "[columns]\n"
                              "unit = Unit\n"
                              "code = Class\n"
                              "label = Description\n"
                              "initial = Initial\n"
                              "spent = Spent\n"
                              "[amounts]\n"
                              "initial = plus\n"
                              "spent = minus\n"
                              "[pad]\n"
                              "code = 3\n"
                              "[skip]\n"
                              "unit = TOTAL;Sub\n"
                              "code =\n"
                              "[totals]\n"
                              "rows = 3\n"
                              "initial = 1600.50\n"
                              "[check plan]\n"
                              "zero = initial - spent\n"
                              "text = spent and initial differ\n"
                              "otherwise = remark\n"
                              "[value gfs]\n"
                              "map = classes.csv\n"
                              "of = {code}\n"
                              "prefix = class\n"
                              "result = gfs\n"
                              "where side = G;*\n"
                              "[value function]\n"
                              "text = 701\n"
                              "only code = 1;2\n"
                              "[value cash]\n"
                              "cash_row = {gfs}\n"
                              "[dimensions budget]\n"
                              "gfs_code = {gfs}\n"
                              "cofog = {function}\n"
                              "economic = {code}\n"
                              "[dimensions cash]\n"
                              "cash_code = {cash}\n"
                              "[entry initial]\n"
                              "step = Budget\n"
                              "reference = {unit}/{code}/initial\n"
                              "entity = {unit}\n"
                              "date = 2024-01-01\n"
                              "memo = {label}\n"
                              "amount = initial\n"
                              "move = appropriation > available\n"
                              "move_dimensions = budget\n"
                              "[entry spent]\n"
                              "step = Spending\n"
                              "reference = {file}/{row}/{line}\n"
                              "entity = {unit}\n"
                              "date = 2024-12-31\n"
                              "document = {unit}/{code}\n"
                              "when = {function}\n"
                              "amount = spent\n"
                              "debit = {gfs}\n"
                              "debit_dimensions = budget\n"
                              "credit = 3202\n"
                              "credit_dimensions = cash\n";
static const char TABLE[] = "Unit;Class;Description;Initial;Spent;Ignored\r\n"
                            "MIN;12;Sueldos a\xF1o;1.000,50;-1.000,5;x\r\n"
                            "Subtotal;12;;1.000,50;-1.000,5;x\r\n"
                            "MIN;200;Papel;600;0;x\r\n"
                            "MIN;900;Deuda;0;-7;x\r\n"
                            "AGY;;no class;1;1;x\r\n"
                            "TOTAL;;;1.601,50;1;x\r\n";
static const char CLASSES[] = "class,gfs,side\n0,2111,G\n2,22,*\n2,1421,I\n9,,G\n";

static char *
town(const char *profile, const char *table, const char *classes)
{
    return fixture_folder("entities.csv", FIXTURE_ENTITIES, "spending.profile", profile,
                          "spending.csv", table, "classes.csv", classes, NULL);
}

static char *
dump_steps(const FiscPackage *package)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < package->steps->len; i++) {
        const FiscPackageStep *step = package->steps->pdata[i];
        g_string_append_printf(text, "%s[%s] %s", i > 0 ? "\n" : "", step->title,
                               step->submission->source);
        for (guint j = 0; j < step->submission->entries->len; j++) {
            g_autofree char *entry = fixture_dump_entry(step->submission->entries->pdata[j]);
            g_string_append_printf(text, "\n%s", entry);
        }
    }
    return g_string_free(text, FALSE);
}

static void
test_applies_a_profile_to_its_file(void)
{
    char *folder = town(PROFILE, TABLE, CLASSES);
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_autoptr(FiscPackage) package = fixture_read(folder, refusals);
    fixture_remove(folder);
    g_autofree char *wrong = fixture_dump(refusals);
    FISC_ASSERT_TEXT(wrong, "");
    CU_ASSERT_PTR_NOT_NULL_FATAL(package);
    g_autofree char *dump = dump_steps(package);
    FISC_ASSERT_TEXT(dump, "[spending.csv: Budget] town/spending\n"
                           "MIN/012/initial 2024-01-01 0 |Sueldos a\xC3\xB1o\n"
                           "  B11 1000.50 gfs_code=2111 economic=012\n"
                           "  B20 -1000.50 gfs_code=2111 economic=012\n"
                           "MIN/200/initial 2024-01-01 0 |Papel\n"
                           "  B11 600.00 cofog=701 gfs_code=22 economic=200\n"
                           "  B20 -600.00 cofog=701 gfs_code=22 economic=200");
    /* 012 has function "" (only 1 and 2 have one), 200 spent nothing, 900 has no function. */
    FISC_ASSERT_INT(package->remarks->len, 3);
    FISC_ASSERT_CONTAINS(package->remarks->pdata[0],
                         "spending.csv:4: spent and initial differ: by 600");
    FISC_ASSERT_CONTAINS(package->remarks->pdata[1],
                         "spending.csv:5: spent and initial differ: by -7");
    FISC_ASSERT_CONTAINS(package->remarks->pdata[2], "3 rows were skipped");
}

static void
test_keeps_lines_without_an_amount(void)
{
    g_autoptr(GString) profile = g_string_new(PROFILE);
    FISC_ASSERT_INT(g_string_replace(profile, "move_dimensions = budget\n",
                                     "move_dimensions = budget\nkeeps_zero = yes\n", 1),
                    1);
    char *folder = town(profile->str, TABLE, CLASSES);
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_autoptr(FiscPackage) package = fixture_read(folder, refusals);
    fixture_remove(folder);
    CU_ASSERT_PTR_NOT_NULL_FATAL(package);
    const FiscPackageStep *step = package->steps->pdata[0];
    g_autofree char *events = fixture_dump_events(step->submission);
    FISC_ASSERT_TEXT(events, "budget_line MIN/900/initial entity=MIN year=2024 economic=900");
    FISC_ASSERT_INT(step->submission->entries->len, 2);
}

static void
test_keeps_control_totals(void)
{
    char *folder = town(PROFILE, TABLE, CLASSES);
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_autoptr(FiscPackage) package = fixture_read(folder, refusals);
    fixture_remove(folder);
    CU_ASSERT_PTR_NOT_NULL_FATAL(package);
    FISC_ASSERT_INT(package->totals->len, 2);
    const FiscControlTotal *initial = package->totals->pdata[0];
    FISC_ASSERT_TEXT(initial->file, "spending.csv");
    FISC_ASSERT_TEXT(initial->column, "Initial");
    FISC_ASSERT_INT(initial->rows, 3);
    FISC_ASSERT_INT((int64_t)initial->sum, 160050);
    CU_ASSERT_TRUE(initial->has_expected);
    const FiscControlTotal *spent = package->totals->pdata[1];
    FISC_ASSERT_INT((int64_t)spent->sum, 100750); /* the sign is turned */
    CU_ASSERT_FALSE(spent->has_expected);
}

/* PROFILE with @old replaced by @new; then what the package refuses. */
static char *
refusals_of_variant(const char *old, const char *new)
{
    g_autoptr(GString) text = g_string_new(PROFILE);
    FISC_ASSERT_INT(g_string_replace(text, old, new, 1), 1);
    char *folder = town(text->str, TABLE, CLASSES);
    char *dump = fixture_refusals_of(folder);
    fixture_remove(folder);
    return dump;
}

static void
test_refuses_a_wrong_profile_by_group_and_key(void)
{
    static const struct {
        const char *old, *new;
        const char *expected; /* without the file's name */
    } cases[] = {
        {"name = spending.csv\n", "", "0:[file] name:VALUE_MISSING"},
        {"name = spending.csv", "name = ../x.csv", "3:[file] name:VALUE_INVALID"},
        {"name = spending.csv", "name = other.csv", "0:[file] name:VALUE_INVALID"},
        {"separator = ;", "separator = ;;", "7:[file] separator:VALUE_INVALID"},
        {"currency = EUR", "currency = XYZW", "10:[file] currency:VALUE_INVALID"},
        {"currency = EUR", "colour = red", "10:[file] colour:COLUMN_UNKNOWN"},
        {"order = 1", "order = first", "4:[file] order:VALUE_INVALID"},
        {"group_mark = .", "group_mark = ,", "9:[file] group_mark:VALUE_INVALID"},
        {"order = 1", "header = maybe", "4:[file] header:VALUE_INVALID"},
        {"order = 1", "header = no", "0:[file] fields:VALUE_INVALID"},
        {"order = 1", "name = again.csv", "4:[file] name:DUPLICATE_ROW"},
        {"[pad]", "[amounts]", "22:[amounts]:DUPLICATE_ROW"},
        {"spent = minus", "spent = less", "21:[amounts] spent:VALUE_INVALID"},
        {"spent = minus", "cost = minus", "21:[amounts] cost:VALUE_INVALID"},
        {"code = 3", "code = wide", "23:[pad] code:VALUE_INVALID"},
        {"initial = 1600.50", "initial = many", "29:[totals] initial:AMOUNT_INVALID"},
        {"zero = initial - spent", "zero = initial - lost", "31:[check plan] zero:VALUE_INVALID"},
        {"otherwise = remark", "otherwise = shout", "33:[check plan] otherwise:VALUE_INVALID"},
        {"map = classes.csv", "map = none.csv", "35:[value gfs] map:VALUE_INVALID"},
        {"of = {code}", "of = {cost}", "36:[value gfs] of:VALUE_INVALID"},
        {"result = gfs\n", "", "0:[value gfs] result:VALUE_MISSING"},
        {"[value function]", "[value code]", "40:[value code]:VALUE_INVALID"},
        {"only code = 1;2", "only cost = 1", "42:[value function] only cost:VALUE_INVALID"},
        {"text = 701", "text = {cash}", "41:[value function] text:VALUE_INVALID"},
        {"economic = {code}", "colour = {code}", "48:[dimensions budget] colour:COLUMN_UNKNOWN"},
        {"[dimensions cash]", "[money cash]", "49:[money cash]:COLUMN_UNKNOWN"},
        {"step = Budget", "step = Dream", "52:[entry initial] step:VALUE_INVALID"},
        {"move = appropriation > available", "move = appropriation > dream",
         "58:[entry initial] move:VALUE_INVALID"},
        {"credit = 3202\n", "", "0:[entry spent] credit:VALUE_MISSING"},
        {"when = {function}", "keeps_zero = yes", "66:[entry spent] keeps_zero:VALUE_INVALID"},
        {"amount = spent", "amount = excess", "67:[entry spent] amount:VALUE_INVALID"},
        {"when = {function}", "relieves = yes", "66:[entry spent] relieves:VALUE_INVALID"},
        {"[file]", "[file", "0::VALUE_INVALID"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *dump = refusals_of_variant(cases[i].old, cases[i].new);
        g_autofree char *expected = g_strconcat("spending.profile:", cases[i].expected, NULL);
        g_autofree char *message = g_strdup_printf("%s => %s", cases[i].new, dump);
        FISC_ASSERT_CONTAINS(message, expected);
    }
}

static void
test_refuses_rows_by_the_published_column(void)
{
    static const struct {
        const char *old, *new; /* in the table */
        const char *expected;
    } cases[] = {
        {"600;0", "600,001;0", "spending.csv:4:Initial:AMOUNT_DECIMALS"},
        {"600;0", "6e2;0", "spending.csv:4:Initial:AMOUNT_INVALID"},
        {"1.000,50;-1", "10.00,50;-1", "spending.csv:2:Initial:AMOUNT_INVALID"},
        {"MIN;200", "MIN;500", "spending.csv:4:spending.profile [value gfs] of:MAPPING_MISSING"},
        {"MIN;200", "XXX;200",
         "spending.csv:4:spending.profile [entry initial] entity:ENTITY_UNKNOWN"},
        {"MIN;200", "MIN;012", "spending.csv:4::DUPLICATE_ROW"},
        {"MIN;900", "MIN;90;0", "spending.csv:5::COLUMN_COUNT"},
        {"Class;", "Clase;", "spending.csv:1:Class:COLUMN_MISSING"},
        {"600;0", "601;0", "spending.csv:0:Initial:CONTROL_TOTAL"},
        {"Subtotal", "AGY", "spending.csv:0::CONTROL_TOTAL"},
        {"Papel", "\x81", "spending.csv:4::ENCODING_INVALID"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GString) table = g_string_new(TABLE);
        FISC_ASSERT_INT(g_string_replace(table, cases[i].old, cases[i].new, 1), 1);
        char *folder = town(PROFILE, table->str, CLASSES);
        g_autofree char *dump = fixture_refusals_of(folder);
        fixture_remove(folder);
        FISC_ASSERT_CONTAINS(dump, cases[i].expected);
    }
}

/* ---- a second file that pays what the first owes ---- */

static const char OWED[] = "[file]\nname = owed.csv\norder = 1\nsource = town/owed\n"
                           "key = {unit}/{code}\nsteps = Owed\n"
                           "[columns]\nunit = unit\ncode = code\nowed = owed\n"
                           "[amounts]\nowed = plus\n"
                           "[entry owed]\nstep = Owed\nreference = {unit}/{code}/owed\n"
                           "entity = {unit}\ndate = 2024-12-31\namount = owed\ndebit = 22\n"
                           "credit = 3308\nmove = available > obligation\n";
static const char PAID[] = "[file]\nname = paid.csv\norder = 2\nsource = town/paid\n"
                           "header = no\nfields = 3\nsteps = Closed years;Payments\n"
                           "[columns]\nunit = 1\ncode = 2\npaid = 3\n"
                           "[amounts]\npaid = plus\n"
                           "[compare sums]\namount = paid\nprofile = owed.profile\nwith = owed\n"
                           "text = paid and owed differ\n"
                           "[relief]\nprofile = owed.profile\namount = owed\n"
                           "key = {unit}/{code}\nentry = closed\n"
                           "[entry closed]\nstep = Closed years\n"
                           "reference = closed/{unit}/{code}\nentity = {unit}\n"
                           "date = 2024-01-01\namount = excess\ndebit = 6\ncredit = 6308\n"
                           "[entry paid]\nstep = Payments\nreference = {row}\nentity = {unit}\n"
                           "date = 2024-12-31\namount = paid\nrelieves = yes\ndebit = 3308\n"
                           "credit = 3202\nmove = obligation > payment\n";

static char *
payments(const char *paid_profile, const char *paid)
{
    return fixture_folder("entities.csv", FIXTURE_ENTITIES, "owed.profile", OWED, "paid.profile",
                          paid_profile, "owed.csv",
                          "unit,code,owed\nMIN,1,100\nMIN,2,50\nAGY,1,0\n", "paid.csv", paid, NULL);
}

static void
test_relieves_what_is_owed_and_opens_payables_for_the_rest(void)
{
    char *folder = payments(PAID, "MIN,1,60\nMIN,1,50\nMIN,2,20\nMIN,1,5\nAGY,1,3\nMIN,9,1\n");
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_autoptr(FiscPackage) package = fixture_read(folder, refusals);
    fixture_remove(folder);
    g_autofree char *wrong = fixture_dump(refusals);
    FISC_ASSERT_TEXT(wrong, "");
    CU_ASSERT_PTR_NOT_NULL_FATAL(package);
    g_ptr_array_remove_index(package->steps, 0);
    g_autofree char *dump = dump_steps(package);
    FISC_ASSERT_TEXT(dump,
                     "[paid.csv: Closed years] town/paid\n"
                     "closed/MIN/1 2024-01-01 202400 |\n  6 15.00\n  6308 -15.00\n"
                     "closed/AGY/1 2024-01-01 202400 |\n  6 3.00\n  6308 -3.00\n"
                     "closed/MIN/9 2024-01-01 202400 |\n  6 1.00\n  6308 -1.00\n"
                     "[paid.csv: Payments] town/paid\n"
                     "1 2024-12-31 0 |\n  3308 60.00\n  3202 -60.00\n  B23 60.00\n  B24 -60.00\n"
                     "2 2024-12-31 0 |\n  3308 50.00\n  3202 -50.00\n  B23 40.00\n  B24 -40.00\n"
                     "3 2024-12-31 0 |\n  3308 20.00\n  3202 -20.00\n  B23 20.00\n  B24 -20.00\n"
                     "4 2024-12-31 0 |\n  3308 5.00\n  3202 -5.00\n"
                     "5 2024-12-31 0 |\n  3308 3.00\n  3202 -3.00\n"
                     "6 2024-12-31 0 |\n  3308 1.00\n  3202 -1.00");
    FISC_ASSERT_INT(package->remarks->len, 1);
    FISC_ASSERT_TEXT(package->remarks->pdata[0], "paid.csv: paid and owed differ: by -11.00");
}

static void
test_refuses_a_relief_that_nothing_precedes(void)
{
    g_autoptr(GString) text = g_string_new(PAID);
    g_string_replace(text, "order = 2", "order = 0", 1);
    char *folder = payments(text->str, "MIN,1,60\n");
    g_autofree char *early = fixture_refusals_of(folder);
    FISC_ASSERT_CONTAINS(early, "paid.profile:0:[relief]:VALUE_INVALID");
    g_string_assign(text, PAID);
    g_string_replace(text, "amount = owed\nkey", "amount = due\nkey", 1);
    fixture_write(folder, "paid.profile", text->str);
    g_autofree char *unknown = fixture_refusals_of(folder);
    FISC_ASSERT_CONTAINS(unknown, "paid.profile:0:[relief]:VALUE_INVALID");
    g_string_assign(text, PAID);
    g_string_replace(text, "entry = closed", "entry = paid", 1);
    fixture_write(folder, "paid.profile", text->str);
    g_autofree char *entry = fixture_refusals_of(folder);
    FISC_ASSERT_CONTAINS(entry, "[relief] entry:VALUE_INVALID");
    fixture_remove(folder);
}

static void
test_refuses_decimals_that_the_entity_does_not_have(void)
{
    char *folder = payments(PAID, "MIN,1,60\n");
    fixture_write(folder, "entities.csv",
                  "entity,name,sector,cp_code,reporting,currency\nMIN,M,S1311,11,Y,JPY\n"
                  "AGY,A,S1311,11,Y,EUR\n");
    g_autofree char *dump = fixture_refusals_of(folder);
    fixture_remove(folder);
    FISC_ASSERT_CONTAINS(dump, "owed.csv:2:owed.profile [entry owed] entity:AMOUNT_DECIMALS");
}

const FiscTest fisc_profile_tests[] = {
    {"applies a profile to its file: encoding, marks, padding, filters, maps, conditions",
     test_applies_a_profile_to_its_file},
    {"keeps a line of the budget that has no amount", test_keeps_lines_without_an_amount},
    {"keeps control totals, signs turned", test_keeps_control_totals},
    {"refuses a wrong profile and names line, group and key",
     test_refuses_a_wrong_profile_by_group_and_key},
    {"refuses rows by the published column or the profile's key",
     test_refuses_rows_by_the_published_column},
    {"relieves what is owed and opens payables for the rest",
     test_relieves_what_is_owed_and_opens_payables_for_the_rest},
    {"refuses a relief that nothing precedes", test_refuses_a_relief_that_nothing_precedes},
    {"refuses decimals that the entity does not have",
     test_refuses_decimals_that_the_entity_does_not_have},
    {NULL, NULL},
};

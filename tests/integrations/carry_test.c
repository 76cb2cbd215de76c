/* carry_test.c: what a package says of the ends of years: carry_rules.csv, and journals that name
 * the opening or the adjustments of a year. */
#include "tests/integrations/fixture.h"
#include "tests/support/suite.h"

extern const FiscTest fisc_carry_file_tests[];

static void
test_rules(void)
{
    char *folder =
        fixture_folder("entities.csv", FIXTURE_ENTITIES, "carry_rules.csv",
                       "rule,kind,stage,items,key,again,cap,order,article\n"
                       "named,specified,,listed,programme=1 economic=6,yes,,1,Art. 48 (1)\n"
                       "rest,continuing,free,,,,5,2,\n",
                       NULL);
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_autoptr(FiscPackage) package = fixture_read(folder, refusals);
    fixture_remove(folder);
    CU_ASSERT_PTR_NOT_NULL_FATAL(package);
    g_autofree char *events = fixture_dump_events(package->master);
    FISC_ASSERT_CONTAINS(events, "carry_rule named kind=specified items=listed order=1 "
                                 "key=programme=1 economic=6 again=yes article=Art. 48 (1)\n");
    FISC_ASSERT_CONTAINS(events, "carry_rule rest kind=continuing stage=free order=2 cap=5");
    FISC_ASSERT_INT(package->remarks->len, 0);
}

static void
test_rules_that_make_no_sense(void)
{
    static const struct {
        const char *row, *refusal;
    } cases[] = {
        {"a,forgotten,,,,,\n", "carry_rules.csv:2:kind:VALUE_INVALID"},
        {"a,,,,,,\n", "carry_rules.csv:2:kind:VALUE_INVALID"},
        {"a,accident,payment,,,,\n", "carry_rules.csv:2:stage:VALUE_INVALID"},
        {"a,accident,,some,,,\n", "carry_rules.csv:2:items:VALUE_INVALID"},
        {"a,accident,,,colour=1,,\n", "carry_rules.csv:2:key:VALUE_INVALID"},
        {"a,accident,,,,maybe,\n", "carry_rules.csv:2:again:VALUE_INVALID"},
        {"a,accident,,,,,5\n", "carry_rules.csv:2:cap:VALUE_INVALID"},
        {",accident,,,,,\n", "carry_rules.csv:2:rule:VALUE_MISSING"},
        {"a,accident,,,,,\na,accident,,,,,\n", "carry_rules.csv:3:rule:DUPLICATE_ROW"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text =
            g_strconcat("rule,kind,stage,items,key,again,cap\n", cases[i].row, NULL);
        char *folder =
            fixture_folder("entities.csv", FIXTURE_ENTITIES, "carry_rules.csv", text, NULL);
        g_autofree char *refusals = fixture_refusals_of(folder);
        fixture_remove(folder);
        fisc_assert_text(refusals, cases[i].refusal, cases[i].row, __FILE__, __LINE__);
    }
}

const FiscTest fisc_carry_file_tests[] = {
    {"reads carry rules", test_rules},
    {"names the place of what is wrong in a carry rule", test_rules_that_make_no_sense},
    {NULL, NULL},
};

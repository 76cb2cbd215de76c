/* nation_test.c: master data as values, and who lies inside a perimeter. */
#include "tests/support/suite.h"
#include "fisc/nation.h"

extern const FiscTest fisc_nation_tests[];

static FiscNation *
small_nation(void)
{
    FiscNation *nation = fisc_nation_new();
    fisc_nation_add_entity(nation, "BCG", "Budgetary central", "S13111", "11", true, "EUR");
    fisc_nation_add_entity(nation, "RDF", "Road fund", "S13112", "11", true, "");
    fisc_nation_add_entity(nation, "LGN", "North", "S1313", "11", true, NULL);
    fisc_nation_add_entity(nation, "ROW", "Rest of the world", "S2", "29", false, NULL);
    fisc_nation_add_group(nation, "CG", "Central", "BCG RDF");
    fisc_nation_add_group(nation, "GG", "General", "BCG  RDF\tLGN ");
    fisc_nation_add_group(nation, "VOID", "Nobody", "");
    return nation;
}

static void
test_keeps_the_order_given(void)
{
    g_autoptr(FiscNation) nation = small_nation();
    FISC_ASSERT_INT(nation->entities->len, 4);
    FISC_ASSERT_TEXT(((FiscEntity *)g_ptr_array_index(nation->entities, 1))->code, "RDF");
    const FiscGroup *group = fisc_nation_group(nation, "GG");
    FISC_ASSERT_INT(group->members->len, 3);
    FISC_ASSERT_TEXT(g_ptr_array_index(group->members, 2), "LGN");
    CU_ASSERT_PTR_NULL(fisc_nation_entity(nation, "XX"));
    CU_ASSERT_PTR_NULL(fisc_nation_entity(nation, NULL));
    CU_ASSERT_PTR_NULL(fisc_nation_group(nation, "BCG"));
    CU_ASSERT_PTR_NULL(fisc_nation_account(nation, "6111"));
}

static void
test_replaces_in_place(void)
{
    g_autoptr(FiscNation) nation = small_nation();
    const FiscEntity *before = fisc_nation_entity(nation, "BCG");
    fisc_nation_add_entity(nation, "BCG", "Renamed", before->sector, "12", false, "KWD");
    CU_ASSERT_PTR_EQUAL(fisc_nation_entity(nation, "BCG"), before);
    FISC_ASSERT_TEXT(before->name, "Renamed");
    FISC_ASSERT_TEXT(before->sector, "S13111");
    FISC_ASSERT_INT(before->decimals, 3);
    FISC_ASSERT_INT(nation->entities->len, 4);
    fisc_nation_add_account(nation, "2211", "Paper", FISC_CLASS_EXPENSE, "22", 0, true, 0);
    fisc_nation_add_account(nation, "2211", "Paper and ink", FISC_CLASS_EXPENSE, "22", 0, true, 0);
    FISC_ASSERT_INT(nation->accounts->len, 1);
    FISC_ASSERT_TEXT(fisc_nation_account(nation, "2211")->name, "Paper and ink");
    fisc_nation_add_group(nation, "CG", "Central", "BCG");
    FISC_ASSERT_INT(fisc_nation_group(nation, "CG")->members->len, 1);
}

static void
test_knows_the_decimals_of_entities(void)
{
    g_autoptr(FiscNation) nation = small_nation();
    FISC_ASSERT_INT(fisc_nation_entity(nation, "BCG")->decimals, 2);
    FISC_ASSERT_INT(fisc_nation_entity(nation, "RDF")->decimals, 2);
    FISC_ASSERT_TEXT(fisc_nation_entity(nation, "LGN")->currency, "");
    FISC_ASSERT_INT(fisc_nation_add_entity(nation, "KR", "Korea", "", "", true, "KRW")->decimals,
                    0);
}

static void
test_draws_perimeters(void)
{
    g_autoptr(FiscNation) nation = small_nation();
    g_autoptr(GHashTable) group = fisc_nation_perimeter(nation, "GG");
    FISC_ASSERT_INT(g_hash_table_size(group), 3);
    CU_ASSERT_TRUE(g_hash_table_contains(group, "LGN"));
    g_autoptr(GHashTable) unit = fisc_nation_perimeter(nation, "RDF");
    FISC_ASSERT_INT(g_hash_table_size(unit), 1);
    CU_ASSERT_TRUE(g_hash_table_contains(unit, "RDF"));
    CU_ASSERT_PTR_NULL(fisc_nation_perimeter(nation, "XX"));
}

static void
test_tells_who_is_inside(void)
{
    static const struct {
        const char *unit;
        const char *code;
        bool is_inside;
    } cases[] = {
        {"CG", "BCG", true}, {"CG", "LGN", false},  {"CG", "ROW", false}, {"CG", "", false},
        {"CG", NULL, false}, {"CG", "XX", false},   {"GG", "CG", true},   {"GG", "GG", true},
        {"CG", "GG", false}, {"GG", "VOID", false}, {"BCG", "BCG", true}, {"BCG", "CG", false},
    };
    g_autoptr(FiscNation) nation = small_nation();
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GHashTable) members = fisc_nation_perimeter(nation, cases[i].unit);
        FISC_ASSERT_INT(fisc_nation_is_inside(nation, members, cases[i].code), cases[i].is_inside);
    }
}

const FiscTest fisc_nation_tests[] = {
    {"keeps entities and members in the order given", test_keeps_the_order_given},
    {"replaces what is known of a code in place", test_replaces_in_place},
    {"knows the decimals of each entity", test_knows_the_decimals_of_entities},
    {"draws the perimeter of a group and of a unit", test_draws_perimeters},
    {"tells whether a unit or a whole class lies inside a perimeter", test_tells_who_is_inside},
    {NULL, NULL},
};

/* chart_test.c: the GFSM 2014 list, its labels and the accounts that follow from it. */
#include "tests/support/suite.h"
#include "fisc/chart.h"
#include "fisc/gfs.h"
#include <string.h>

extern const FiscTest fisc_chart_tests[];

static void
test_finds_every_code(void)
{
    int count = 0;
    const FiscGfsCode *codes = fisc_gfs_codes(&count);
    FISC_ASSERT_INT(count, 1282);
    for (int i = 0; i < count; i++) {
        CU_ASSERT_PTR_EQUAL(fisc_gfs_code_find(codes[i].code), &codes[i]);
        CU_ASSERT_TRUE(*codes[i].parent == '\0' || fisc_gfs_code_find(codes[i].parent) != NULL);
    }
    CU_ASSERT_PTR_NULL(fisc_gfs_code_find("1119"));
    CU_ASSERT_PTR_NULL(fisc_gfs_code_find(""));
}

static void
test_labels_codes(void)
{
    FISC_ASSERT_TEXT(fisc_gfs_label("1111"), "Payable by individuals");
    FISC_ASSERT_TEXT(fisc_gfs_label("111"), "Taxes on income, profits, and capital gains");
    FISC_ASSERT_TEXT(fisc_gfs_label("311.1"), "Acquisitions: fixed assets");
    FISC_ASSERT_TEXT(fisc_gfs_label("31.3"), "Consumption of fixed capital: nonfinancial assets");
    FISC_ASSERT_TEXT(fisc_gfs_label("4"), "Change in net worth due to holding gains and losses");
    FISC_ASSERT_TEXT(fisc_gfs_label("NOB"), "Net operating balance");
    FISC_ASSERT_TEXT(fisc_gfs_label("C31.1"), "Cash: purchases of nonfinancial assets");
    FISC_ASSERT_TEXT(fisc_gfs_label("XX"), "");
}

static void
test_makes_the_accounts(void)
{
    static const struct {
        const char *code;
        FiscClass class_; /* 0: no account */
    } cases[] = {
        {"1", FISC_CLASS_REVENUE},
        {"11411", FISC_CLASS_REVENUE},
        {"22", FISC_CLASS_EXPENSE},
        {"6111", FISC_CLASS_NONFINANCIAL_ASSET},
        {"61221", FISC_CLASS_NONFINANCIAL_ASSET},
        {"62", FISC_CLASS_FINANCIAL_ASSET},
        {"6202", FISC_CLASS_FINANCIAL_ASSET},
        {"6303", FISC_CLASS_LIABILITY},
        {"6", FISC_CLASS_NET_WORTH},
        {"621", 0},
        {"6212", 0},
        {"632", 0},
        {"6321", 0},
        {"6M2", 0},
        {"68", 0},
        {"682", 0},
        {"3202", 0},
        {"31.1", 0},
        {"4", 0},
        {"709", 0},
        {"NOB", 0},
        {"2M", 0},
        {"C11", 0},
        {"B24", FISC_CLASS_BUDGETARY},
    };
    g_autoptr(FiscNation) nation = fisc_nation_new();
    fisc_chart_fill(nation);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        const FiscAccount *account = fisc_nation_account(nation, cases[i].code);
        g_autofree char *got =
            g_strdup_printf("%s %d", cases[i].code, account != NULL ? (int)account->class_ : 0);
        g_autofree char *wanted = g_strdup_printf("%s %d", cases[i].code, (int)cases[i].class_);
        FISC_ASSERT_TEXT(got, wanted);
    }
    const FiscAccount *paid = fisc_nation_account(nation, "B24");
    FISC_ASSERT_INT(paid->stage, FISC_STAGE_PAYMENT);
    FISC_ASSERT_TEXT(paid->gfs, "");
}

static void
test_every_flow_of_the_list_has_its_account(void)
{
    g_autoptr(FiscNation) nation = fisc_nation_new();
    fisc_chart_fill(nation);
    int count = 0, postable = 0;
    const FiscGfsCode *codes = fisc_gfs_codes(&count);
    for (int i = 0; i < count; i++) {
        char account[FISC_GFS_CODE];
        int flow, kind;
        bool is_residence = strspn(codes[i].code, "3456") > 0 && strlen(codes[i].code) > 2 &&
                            strchr("23", codes[i].code[1]) && strchr("12", codes[i].code[2]);
        if (is_residence || !fisc_gfs_parse(codes[i].code, account, &flow, &kind)) {
            continue;
        }
        postable++;
        FISC_ASSERT_TEXT(fisc_nation_account(nation, account) != NULL ? "" : codes[i].code, "");
    }
    CU_ASSERT_TRUE(postable > 600);
}

static void
test_makes_events_of_the_same_accounts(void)
{
    g_autoptr(FiscNation) nation = fisc_nation_new();
    g_autoptr(FiscSubmission) submission = fisc_submission_new("chart", "tester");
    fisc_chart_fill(nation);
    fisc_chart_events(submission);
    FISC_ASSERT_INT(submission->events->len, nation->accounts->len);
    for (guint i = 0; i < submission->events->len; i++) {
        const FiscEvent *event = g_ptr_array_index(submission->events, i);
        const FiscAccount *account = g_ptr_array_index(nation->accounts, i);
        FISC_ASSERT_TEXT(event->kind, "account");
        FISC_ASSERT_TEXT(event->subject, account->code);
        FISC_ASSERT_TEXT(fisc_event_field(event, "name"), account->name);
        FISC_ASSERT_INT(fisc_class_find(fisc_event_field(event, "class")), account->class_);
        const char *stage = fisc_event_field(event, "stage");
        FISC_ASSERT_INT(stage != NULL ? fisc_stage_find(stage) : 0, account->stage);
    }
}

static void
test_knows_the_words_of_classes(void)
{
    for (int class_ = FISC_CLASS_REVENUE; class_ <= FISC_CLASS_PROPRIETARY; class_++) {
        FISC_ASSERT_INT(fisc_class_find(fisc_class_word(class_)), class_);
    }
    FISC_ASSERT_INT(fisc_class_find(""), 0);
    FISC_ASSERT_INT(fisc_class_find("Revenue"), 0);
}

const FiscTest fisc_chart_tests[] = {
    {"finds every code of the list, and its parent", test_finds_every_code},
    {"labels codes, those with a suffix too", test_labels_codes},
    {"makes accounts of revenue, expense, stocks and stages only", test_makes_the_accounts},
    {"has an account for every flow of the list", test_every_flow_of_the_list_has_its_account},
    {"makes events of the same accounts", test_makes_events_of_the_same_accounts},
    {"knows the words of classes", test_knows_the_words_of_classes},
    {NULL, NULL},
};

/* examples.c: examples of the routes that write, and of a few that have none beside them: asked of
 * the books of a school (docs/package-format.md, section 6) they give the status they say. Most are
 * dry runs, so that they can be tried on any books. */
#include "app/server/api.h"
#include <string.h>

#define OF_ROUTE_MAX 2 /* and the end */

#define CHALK                                                                                      \
    "[{\"entity\":\"SCH\",\"journal_id\":\"4\",\"date\":\"2024-03-05\",\"memo\":\"Chalk\","        \
    "\"lines\":[{\"gfs_code\":\"22\",\"debit\":\"9.50\",\"counterparty_entity\":\"CORP\","         \
    "\"cofog\":\"70912\"},{\"gfs_code\":\"3202\",\"credit\":\"9.50\","                             \
    "\"counterparty_entity\":\"BANK\",\"cash_code\":\"22\",\"cash_counterparty\":\"CORP\"}]}]"
#define DIGEST "\"digest\":\"0000000000000000000000000000000000000000000000000000000000000000\""
#define DIGESTS                                                                                    \
    "\"digests\":[\"0000000000000000000000000000000000000000000000000000000000000000\","           \
    "\"0000000000000000000000000000000000000000000000000000000000000001\"]"
#define GOODS "{\"gfs_code\":\"22\",\"cofog\":\"70912\"}"
#define ROOF "{\"gfs_code\":\"3111.1\",\"cofog\":\"70912\"}"

static const struct {
    const char *operation;
    FiscApiExample examples[OF_ROUTE_MAX + 1];
} examples[] = {
    {"getHealth", {{"The process answers", "/healthz", NULL, 200}}},
    {"getReadiness", {{"Requests should come here", "/readyz", NULL, 200}}},
    {"getMetrics", {{"For Prometheus", "/metrics", NULL, 200}}},
    {"getName", {{"Who answers here", "/v1", NULL, 200}}},
    {"getService", {{"Version and freshness", "/v1/service", NULL, 200}}},
    {"signIn",
     {{"A password that is not hers", "/v1/session",
       "{\"person\":\"ana\",\"password\":\"not the password\"}", 401}}},
    {"signInWithCode",
     {{"A ticket that is none", "/v1/session/totp", "{\"ticket\":\"none\",\"code\":\"123456\"}",
       401}}},
    {"signInWithNewPassword",
     {{"A ticket that is none", "/v1/session/password",
       "{\"ticket\":\"none\",\"password\":\"correct horse battery staple\"}", 401}}},
    {"getSession", {{"Who am I?", "/v1/session", NULL, 200}}},
    {"signOut", {{"A token signs out by being revoked", "/v1/session", NULL, 204}}},
    {"beginTotp",
     {{"A password that is not hers", "/v1/totp", "{\"password\":\"not the password\"}", 403}}},
    {"confirmTotp", {{"Nothing was begun", "/v1/totp/confirmation", "{\"code\":\"123456\"}", 404}}},
    {"changePassword",
     {{"A password that is not hers", "/v1/passwords",
       "{\"old\":\"not the password\",\"password\":\"correct horse battery staple\"}", 403}}},
    {"stepUp",
     {{"Without a second factor", "/v1/step-ups", "{" DIGEST ",\"code\":\"123456\"}", 403},
      {"The same, for two acts", "/v1/step-ups", "{" DIGESTS ",\"code\":\"123456\"}", 403}}},
    {"askPasskeyToStepUp",
     {{"Nobody here has a passkey", "/v1/step-ups/challenge", "{" DIGEST "}", 404},
      {"The same, for two acts", "/v1/step-ups/challenge", "{" DIGESTS "}", 404}}},
    {"askPasskeyToSignIn",
     {{"By number browsers give none", "/v1/session/passkey/challenge", NULL, 404}}},
    {"signInWithPasskey",
     {{"By number browsers give none", "/v1/session/passkey", "{\"assertion\":{}}", 404}}},
    {"beginPasskey",
     {{"By number browsers give none", "/v1/passkeys/challenge", "{\"password\":\"x\"}", 404}}},
    {"makePasskey",
     {{"By number browsers give none", "/v1/passkeys", "{\"name\":\"Telephone\",\"credential\":{}}",
       404}}},
    {"removePasskey",
     {{"A token shows no second factor", "/v1/passkeys/51d29a07c4e81b36", NULL, 403}}},
    {"makeToken",
     {{"A token that only reads", "/v1/tokens", "{\"name\":\"feed\",\"for\":\"read\"}", 201}}},
    {"revokeToken", {{"No such token", "/v1/tokens/no-such-token", NULL, 404}}},
    {"endSessions", {{"No such session", "/v1/sessions/no-such-session", NULL, 404}}},
    {"postEntries",
     {{"What would become of an entry", "/v1/entries?dry_run=true", CHALK, 200},
      {"The same, posted", "/v1/entries", CHALK, 201}}},
    {"reverseEntry",
     {{"What a reversal would do", "/v1/entries/SCH/1/reversal?dry_run=true",
       "{\"date\":\"2024-04-01\",\"reason\":\"Posted twice\"}", 200}}},
    {"expireReservations", {{"What has expired", "/v1/expiries?dry_run=true", "{}", 200}}},
    {"getFunds", {{"What is left", "/v1/funds?entity=SCH&period=2024", NULL, 200}}},
    {"tryEntries", {{"What an entry would take", "/v1/try", "{\"entries\":" CHALK "}", 200}}},
    {"listJobs", {{"My own work", "/v1/jobs", NULL, 200}}},
    {"getJob", {{"No such job", "/v1/jobs/no-such-job", NULL, 404}}},
    {"cancelJob", {{"No such job", "/v1/jobs/no-such-job", NULL, 404}}},
    {"listen", {{"As it happens", "/v1/events", NULL, 200}}},
    {"getBudgetHistory", {{"No such version", "/v1/budgets/none/history", NULL, 404}}},
    {"getBudgetCeilings", {{"No such version", "/v1/budgets/none/ceilings", NULL, 404}}},
    {"getBudgetPerformance", {{"No such version", "/v1/budgets/none/performance", NULL, 404}}},
    {"getBudgetTags", {{"No such version", "/v1/budgets/none/tags", NULL, 404}}},
    {"getBudgetConsolidated", {{"No such version", "/v1/budgets/none/consolidated", NULL, 404}}},
    {"compareBudgets", {{"No such version", "/v1/budgets/none/compare/other", NULL, 404}}},
    {"proposeDocument",
     {{"What a proposal would be", "/v1/documents?dry_run=true",
       "{\"action\":\"journal\",\"reason\":\"Chalk\",\"entries\":" CHALK "}", 200}}},
    {"approveDocument", {{"No such document", "/v1/documents/none/approve", "{" DIGEST "}", 404}}},
    {"rejectDocument", {{"No such document", "/v1/documents/none/reject", "{" DIGEST "}", 404}}},
    {"withdrawDocument", {{"No such document", "/v1/documents/none/withdraw", "{}", 404}}},
    {"proposeRelease",
     {{"A release of goods", "/v1/releases?dry_run=true",
       "{\"entity\":\"SCH\",\"period\":\"2024-Q2\",\"line\":" GOODS
       ",\"amount\":\"10.00\",\"reason\":\"Chalk\"}",
       200}}},
    {"proposeVirement",
     {{"From the roof to goods", "/v1/virements?dry_run=true",
       "{\"entity\":\"SCH\",\"from\":" ROOF ",\"to\":" GOODS
       ",\"amount\":\"10.00\",\"date\":\"2024-06-30\",\"reason\":\"Chalk\"}",
       200}}},
    {"proposeOverride",
     {{"No such control", "/v1/overrides?dry_run=true",
       "{\"control\":\"none\",\"key\":\"entity=SCH\",\"amount\":\"1.00\",\"expires\":\"2024-12-"
       "31\","
       "\"reason\":\"Flood\"}",
       422}}},
    {"listHolds", {{"What is held now", "/v1/holds?state=placed", NULL, 200}}},
    {"placeHold",
     {{"A voucher with a second invoice", "/v1/holds?dry_run=true",
       "{\"document\":\"V-17\",\"reason\":\"Two invoices of one delivery\"}", 200}}},
    {"releaseHold",
     {{"No such hold", "/v1/holds/none/release", "{\"reason\":\"Explained\"}", 404}}},
    {"proposeBlock",
     {{"A tenth of goods held back", "/v1/blocks?dry_run=true",
       "{\"kind\":\"block\",\"entity\":\"SCH\",\"where\":{\"gfs_code\":\"22\"},\"percent\":\"10\","
       "\"date\":\"2024-06-30\",\"reason\":\"Circular 3\"}",
       200}}},
    {"proposeDraw",
     {{"No such reserve", "/v1/draws?dry_run=true",
       "{\"reserve\":\"NONE\",\"entity\":\"SCH\",\"from\":" GOODS ",\"to\":" GOODS
       ",\"amount\":\"1.00\",\"reason\":\"Flood\"}",
       404}}},
    {"proposeInterim",
     {{"A month that is none", "/v1/interims?dry_run=true",
       "{\"year\":2025,\"from_year\":2024,\"month\":13}", 400}}},
    {"proposeYearEnd",
     {{"What would be carried over", "/v1/year-ends?dry_run=true", "{\"year\":2024}", 200}}},
    {"proposeYearOpening",
     {{"What was committed ahead", "/v1/year-openings?dry_run=true", "{\"year\":2025}", 200}}},
    {"openBudget",
     {{"What opening would do", "/v1/budgets?dry_run=true",
       "{\"version\":\"2025-draft\",\"year\":2025,\"title\":\"Draft\",\"reason\":\"Circular\"}",
       200}}},
    {"putBudgetPart",
     {{"Without saying what was edited", "/v1/budgets/none/parts/lines?reason=First",
       "line,entity,gfs_code,title,request_2025\nL1,SCH,22,Goods,1.00\n", 428}}},
    {"stepBudget", {{"No such version", "/v1/budgets/none/steps", "{\"step\":\"call\"}", 404}}},
    {"branchBudget",
     {{"No such version", "/v1/budgets/none/branch", "{\"into\":\"2025-cuts\"}", 404}}},
    {"mergeBudget",
     {{"No such version", "/v1/budgets/none/merge",
       "{\"into\":\"2025-draft\",\"reason\":\"Agreed\"}", 404}}},
    {"baselineBudget",
     {{"No such version", "/v1/budgets/none/baseline",
       "{\"from\":\"2024-law\",\"reason\":\"Circular 1\"}", 404}}},
    {"proposeEnactment",
     {{"No such version", "/v1/budgets/none/enactment",
       "{\"law\":\"L-2025-1\",\"title\":\"Budget law 2025\"}", 404}}},
    {"putPerson",
     {{"Registering somebody", "/v1/persons/eva?dry_run=true",
       "{\"name\":\"Eva Sol\",\"national_id\":\"12345678Z\"}", 200}}},
    {"disablePerson", {{"Nobody of that code", "/v1/persons/nobody/disable", "{}", 404}}},
    {"proposeGrant",
     {{"A role for somebody who is not registered", "/v1/persons/ana/grants?dry_run=true",
       "{\"role\":\"approver\",\"entity\":\"SCH\"}", 403}}},
    {"decideGrant",
     {{"Nobody has proposed it", "/v1/persons/ana/grants/decision",
       "{\"role\":\"approver\",\"state\":\"active\"}", 404}}},
    {"delegateRole",
     {{"A role one does not hold", "/v1/persons/eva/delegations?dry_run=true",
       "{\"role\":\"approver\"}", 403}}},
    {"putPeriod",
     {{"What closing January would do", "/v1/periods/202401?dry_run=true", "{\"state\":\"closed\"}",
       200}}},
    {"changeUnit",
     {{"Another name from 2025 on", "/v1/units/SCH/changes?dry_run=true",
       "{\"from\":\"2025-01-01\",\"name\":\"School district\"}", 200}}},
    {"changeMembership",
     {{"No such group", "/v1/units/SCH/memberships?dry_run=true",
       "{\"group\":\"NONE\",\"day\":\"2025-01-01\"}", 404}}},
    {"succeedUnits",
     {{"No such successor", "/v1/successions?dry_run=true",
       "{\"units\":[\"SCH\"],\"into\":\"NONE\",\"date\":\"2025-01-01\"}", 404}}},
    {"putLayout",
     {{"Not a layout", "/v1/layouts/result?dry_run=true", "code,label\n1,Revenue\n", 422}}},
    {"putQuestion",
     {{"A question to be asked again", "/v1/questions/spending?dry_run=true",
       "{\"report\":\"budget-execution\",\"unit\":\"SCH\",\"period\":\"2024\"}", 200}}},
    {"removeQuestion", {{"No such question", "/v1/questions/none", NULL, 404}}},
    {"publishReport",
     {{"What would be published", "/v1/publications?dry_run=true",
       "{\"publication\":\"EXE-2024\",\"status\":\"final\",\"format\":\"csv\","
       "\"report\":\"budget-execution\",\"unit\":\"SCH\",\"period\":\"2024\"}",
       200}}},
};

const FiscApiExample *
fisc_route_examples(const FiscRoute *route)
{
    for (gsize i = 0; route->examples == NULL && i < G_N_ELEMENTS(examples); i++) {
        if (strcmp(examples[i].operation, route->operation) == 0) {
            return examples[i].examples;
        }
    }
    return route->examples;
}

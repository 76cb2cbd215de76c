/* api_record_test.c: documents, budgets, publications, proofs and verifications, to be looked at.
 */
#include "fisc/publish.h"
#include "tests/app/school.h"
#include "tests/server/asking.h"
#include "tests/support/database.h"
#include "tests/support/suite.h"
#include <string.h>
#include <unistd.h>

/* Documents ------------------------------------------------------------------------------------ */

#define GOODS SCHOOL_HEADER SCHOOL_GOODS("D1", "2024-05-02", "5.00")

static char *
propose(Books *books, const char *actor)
{
    const FiscDocumentDraft draft = {.id = "DOC-9", .action = "journal", .reason = "Chalk"};
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_autoptr(FiscReceipt) receipt = NULL;
    char *id = NULL;
    const char *before = books->ctx.actor;
    books->ctx.actor = actor;
    CU_ASSERT_FATAL(fisc_flow_document_propose_text(
        &books->ctx, &draft, "text", GOODS, strlen(GOODS), "test", &id, &receipt, refusals, NULL));
    books->ctx.actor = before;
    FISC_ASSERT_INT(refusals->len, 0);
    return id;
}

static void
test_documents_wait_for_others(void)
{
    Books *books = school_books();
    g_autofree char *id = propose(books, "mary");
    g_autoptr(Serving) serving = serving_new(books, NULL);
    g_auto(ServingAnswer) waiting = {0};
    g_auto(ServingAnswer) mine = {0};
    g_auto(ServingAnswer) hers = {0}, own = {0};
    FISC_ASSERT_TEXT(id, "DOC-9");
    asking_expect(serving, "/v1/documents?waiting=true", 200, &waiting);
    FISC_ASSERT_TEXT(asking_cell(&waiting, "document", "DOC-9", "maker"), "mary");
    FISC_ASSERT_TEXT(asking_cell(&waiting, "document", "DOC-9", "may_approve"), "Y");
    g_autoptr(FiscDocument) document = NULL;
    CU_ASSERT_FATAL(fisc_flow_document_show(&serving->books->ctx, id, &document, NULL));
    FISC_ASSERT_TEXT(asking_cell(&waiting, "document", "DOC-9", "digest"), document->digest);
    asking_expect(serving, "/v1/documents?mine=true", 200, &mine);
    FISC_ASSERT_INT(asking_rows(&mine), 0);
    g_autofree char *mary = serving_sign_in(serving, "mary");
    CU_ASSERT_FATAL(
        serving_request(serving, "GET", "/v1/documents?waiting=true", mary, NULL, &hers));
    FISC_ASSERT_INT(asking_rows(&hers), 0);
    CU_ASSERT_FATAL(serving_request(serving, "GET", "/v1/documents?mine=true", mary, NULL, &own));
    FISC_ASSERT_TEXT(asking_cell(&own, "document", "DOC-9", "may_approve"), "N");
}

static void
test_a_document_shows_what_is_signed(void)
{
    Books *books = school_books();
    g_autofree char *id = propose(books, "mary");
    g_autoptr(FiscDocument) document = NULL;
    CU_ASSERT_FATAL(fisc_flow_document_show(&books->ctx, id, &document, NULL));
    g_autoptr(Serving) serving = serving_new(books, NULL);
    g_auto(ServingAnswer) shown = {0};
    asking_expect(serving, "/v1/documents/DOC-9", 200, &shown);
    FISC_ASSERT_TEXT(serving_answer_text(&shown, "digest"), document->digest);
    FISC_ASSERT_TEXT(serving_answer_text(&shown, "state"), "proposed");
    FISC_ASSERT_TEXT(serving_answer_text(&shown, "reason"), "Chalk");
    FISC_ASSERT_TEXT(serving_answer_text(&shown, "steps/0/person"), "mary");
    FISC_ASSERT_TEXT(serving_answer_text(&shown, "content/0/entity"), "SCH");
}

/* Budgets -------------------------------------------------------------------------------------- */

#define V "2025-draft"
#define LINES                                                                                      \
    "line,entity,gfs_code,title,request_2025,request_2026\n"                                       \
    "L1,SCH,22,Goods,100.00,110.00\n"                                                              \
    "L2,SCH,21,Staff,300.00,\n"

static void
open_version(Books *books)
{
    const FiscPlanOpening opening = {.version = V,
                                     .title = "Draft",
                                     .reason = "Circular",
                                     .year = 2025,
                                     .years = 2,
                                     .decimals = 2};
    const FiscPlanText text = {.version = V,
                               .kind = FISC_PART_LINES,
                               .reason = "First",
                               .name = "lines",
                               .data = LINES,
                               .length = strlen(LINES)};
    g_auto(FiscPlanDone) done = {NULL};
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_autoptr(FiscReceipt) opened = NULL;
    g_autoptr(FiscReceipt) put = NULL;
    CU_ASSERT_FATAL(fisc_flow_plan_open(&books->ctx, &opening, &opened, NULL));
    CU_ASSERT_FATAL(fisc_flow_plan_put(&books->ctx, &text, &done, &put, refusals, NULL));
    FISC_ASSERT_INT(done.changed, 1);
}

static void
test_a_part_is_its_text(void)
{
    Books *books = school_books();
    g_autofree char *text = NULL;
    g_autofree char *content = NULL;
    open_version(books);
    CU_ASSERT_FATAL(
        fisc_flow_plan_get(&books->ctx, V, FISC_PART_LINES, "SCH", 0, &text, &content, NULL));
    g_autoptr(Serving) serving = serving_new(books, NULL);
    g_autofree char *tag = g_strdup_printf("\"%s\"", content);
    g_autofree char *seen = g_strdup_printf("If-None-Match: %s\r\n", tag);
    g_auto(ServingAnswer) csv = {0};
    g_auto(ServingAnswer) table = {0};
    g_auto(ServingAnswer) same = {0};
    asking_expect(serving, "/v1/budgets/" V "/parts/lines?entity=SCH", 200, &csv);
    FISC_ASSERT_TEXT(csv.body, text);
    FISC_ASSERT_TEXT(serving_answer_header(&csv, "ETag"), tag);
    asking_expect(serving, "/v1/budgets/" V "/parts/lines?entity=SCH&format=json", 200, &table);
    FISC_ASSERT_TEXT(asking_cell(&table, "line", "L1", "request_2025"), "100.00");
    asking_get(serving, "/v1/budgets/" V "/parts/lines?entity=SCH", seen, &same);
    FISC_ASSERT_INT(same.status, 304);
}

static void
test_a_version_from_every_side(void)
{
    static const struct {
        const char *behind;
        int status;
    } sides[] = {{"", 200},
                 {"/history", 200},
                 {"/history?part=lines&entity=SCH", 200},
                 {"/ceilings", 200},
                 {"/performance", 200},
                 {"/tags", 200},
                 {"/consolidated", 200},
                 {"/compare/" V, 200},
                 {"/compare/none", 404},
                 {"/consolidated?by=nonsense", 400}};
    Books *books = school_books();
    open_version(books);
    g_autoptr(Serving) serving = serving_new(books, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(sides); i++) {
        g_autofree char *path = g_strconcat("/v1/budgets/" V, sides[i].behind, NULL);
        g_auto(ServingAnswer) answer = {0};
        asking_expect(serving, path, sides[i].status, &answer);
    }
}

/* What was published --------------------------------------------------------------------------- */

static void
test_a_publication_is_its_bytes(void)
{
    Books *books = school_books();
    const FiscPublishOrder order = {.id = "EXE-2024", .format = "csv", .status = "final"};
    const FiscReportQuery query = {.name = "budget-execution", .unit = "SCH", .period = "2024"};
    g_auto(FiscPublished) published = {NULL};
    g_autoptr(FiscReceipt) receipt = NULL;
    g_autoptr(GString) bytes = g_string_new(NULL);
    CU_ASSERT_FATAL(
        fisc_flow_publish_report(&books->ctx, &order, &query, &published, &receipt, NULL));
    CU_ASSERT_FATAL(fisc_flow_publication_bytes(&books->ctx, "EXE-2024", bytes, NULL));
    g_autoptr(Serving) serving = serving_new(books, NULL);
    g_auto(ServingAnswer) list = {0};
    g_auto(ServingAnswer) file = {0};
    g_auto(ServingAnswer) other = {0};
    asking_expect(serving, "/v1/publications", 200, &list);
    FISC_ASSERT_TEXT(asking_cell(&list, "publication", "EXE-2024", "content"), published.content);
    asking_expect(serving, "/v1/publications/EXE-2024/files/EXE-2024.csv", 200, &file);
    FISC_ASSERT_TEXT(file.body, bytes->str);
    asking_expect(serving, "/v1/publications/EXE-2024/files/EXE-2024.pdf", 404, &other);
}

/* Proofs --------------------------------------------------------------------------------------- */

static char *key_file;

static void
use_key(FiscServerOptions *options)
{
    options->head_key = key_file;
}

static void
test_a_proof_holds_without_us(void)
{
    g_autofree char *folder = fisc_test_folder_new();
    g_autofree char *id = NULL;
    g_autofree char *wrong = NULL;
    g_autofree char *says = NULL;
    key_file = g_build_filename(folder, "head.key", NULL);
    g_autofree char *public_file = g_strconcat(key_file, ".pub", NULL);
    g_autofree char *proof_file = g_build_filename(folder, "proof.json", NULL);
    CU_ASSERT_FATAL(fisc_flow_head_key(key_file, "test", &id, NULL));
    g_autoptr(Serving) serving = serving_new(school_books(), use_key);
    g_auto(ServingAnswer) proof = {0};
    g_auto(ServingAnswer) head = {0};
    asking_expect(serving, "/v1/proofs/SCH/1", 200, &proof);
    CU_ASSERT(g_file_set_contents(proof_file, proof.body, (gssize)proof.length, NULL));
    CU_ASSERT(fisc_flow_proof_check(proof_file, public_file, NULL, &wrong, &says, NULL));
    CU_ASSERT_PTR_NULL(wrong);
    CU_ASSERT_PTR_NOT_NULL(says);
    asking_expect(serving, "/v1/head", 200, &head);
    FISC_ASSERT_CONTAINS(head.body, "test");
    fisc_test_folder_remove(folder);
    g_clear_pointer(&key_file, g_free);
}

#define ASKED_MAX 6000

static void
test_a_verification_is_a_job(void)
{
    g_autoptr(Serving) serving = serving_new(school_books(), NULL);
    g_auto(ServingAnswer) begun = {0};
    g_auto(ServingAnswer) found = {0};
    asking_send(serving, "POST", "/v1/verifications", "application/json", "{\"full\":true}", 202,
                &begun);
    g_autofree char *path = g_strconcat("/v1/jobs/", serving_answer_text(&begun, "job"), NULL);
    FISC_ASSERT_TEXT(serving_answer_header(&begun, "Location"), path);
    bool is_done = false;
    for (int i = 0; i < ASKED_MAX && !is_done; i++) {
        g_auto(ServingAnswer) job = {0};
        asking_expect(serving, path, 200, &job);
        is_done = strcmp(serving_answer_text(&job, "state"), "done") == 0;
        usleep(is_done ? 0 : 10000);
    }
    CU_ASSERT_FATAL(is_done);
    asking_expect(serving, "/v1/verification", 200, &found);
    CU_ASSERT(json_is_true(json_object_get(found.json, "clean")));
    FISC_ASSERT_INT(json_integer_value(json_object_get(found.json, "last_batch")),
                    books_batch(serving->books));
    FISC_ASSERT_TEXT(serving_answer_text(&found, "person"), ASKING_PERSON);
}

const FiscTest fisc_api_record_tests[] = {
    {"a document waits for those who had no hand in it", test_documents_wait_for_others},
    {"a document shows what its approvals sign", test_a_document_shows_what_is_signed},
    {"a part of a budget is its text, and its tag the text's digest", test_a_part_is_its_text},
    {"a version is looked at from every side", test_a_version_from_every_side},
    {"a publication is its bytes, under its own name", test_a_publication_is_its_bytes},
    {"a proof holds without us", test_a_proof_holds_without_us},
    {"a verification is a job, and what it found is kept", test_a_verification_is_a_job},
    {NULL, NULL},
};

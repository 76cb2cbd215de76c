/* persons_write.c: persons, the roles they hold, delegations: each step is judged by the engine. */
#include "app/server/api/writing.h"
#include "app/server/signin.h"
#include "core/base/hash.h"
#include <string.h>

#define PERSON FISC_PATH("person", "the code of a person", "ana")
#define ROLE FISC_NEEDED("role", FISC_API_TEXT, "of the matrix", "approver")
#define OF_ENTITY FISC_GIVEN("entity", FISC_API_TEXT, "for which it is held; all", "001")
#define FROM FISC_GIVEN("from", FISC_API_DATE, "its first day", "2025-01-01")
#define TO FISC_GIVEN("to", FISC_API_DATE, "its last day", "2025-12-31")

static const FiscApiField add_fields[] = {
    PERSON,
    FISC_NEEDED("name", FISC_API_TEXT, "of the human being; stands outside the chain", "Ana Ruiz"),
    FISC_NEEDED("national_id", FISC_API_TEXT, "kept nowhere: only a digest of it", "12345678Z"),
    FISC_DRY_RUN,
    {NULL},
};

static bool
add(FiscCall *call, GError **error)
{
    FiscReceipt *receipt = NULL;
    if (!fisc_flow_person_add(&call->context, fisc_call_text(call, "person"),
                              fisc_call_text(call, "name"), fisc_call_text(call, "national_id"),
                              &receipt, error)) {
        return false;
    }
    fisc_call_answer_receipt(call, receipt, NULL);
    return true;
}

static const FiscApiField disable_fields[] = {
    PERSON,
    FISC_DRY_RUN,
    {NULL},
};

static bool
disable(FiscCall *call, GError **error)
{
    FiscReceipt *receipt = NULL;
    if (!fisc_flow_person_disable(&call->context, fisc_call_text(call, "person"), &receipt,
                                  error)) {
        return false;
    }
    fisc_call_answer_receipt(call, receipt, NULL);
    return true;
}

/* Grants -----------------------------------------------------------------------------------------
 */

static FiscGrantWords
grant_words(const FiscCall *call)
{
    return (FiscGrantWords){.person = fisc_call_text(call, "person"),
                            .role = fisc_call_text(call, "role"),
                            .entity = fisc_call_text(call, "entity"),
                            .from = fisc_call_text(call, "from"),
                            .to = fisc_call_text(call, "to"),
                            .reason = fisc_call_text(call, "reason"),
                            .expires = fisc_call_text(call, "expires")};
}

static const FiscApiField grant_fields[] = {
    PERSON,
    ROLE,
    OF_ENTITY,
    FROM,
    TO,
    FISC_GIVEN("reason", FISC_API_TEXT, "of an exception", NULL),
    FISC_GIVEN("expires", FISC_API_DATE, "of an exception: its last day", NULL),
    FISC_DRY_RUN,
    {NULL},
};

static bool
grant(FiscCall *call, GError **error)
{
    const FiscGrantWords words = grant_words(call);
    FiscReceipt *receipt = NULL;
    if (!fisc_flow_grant_propose(&call->context, &words, &receipt, error)) {
        return false;
    }
    fisc_call_answer_receipt(call, receipt, NULL);
    return true;
}

static const FiscApiField decide_fields[] = {
    PERSON,
    ROLE,
    OF_ENTITY,
    FISC_CHOSEN("state", true, "active confirms what was proposed", "active refused revoked"),
    FISC_DRY_RUN,
    {NULL},
};

/* What the second factor signs: the words of the decision, one a line. */
static bool
check_decision(FiscCall *call, const FiscGrantWords *words)
{
    uint8_t hash[FISC_HASH_SIZE];
    char digest[FISC_HASH_TEXT];
    g_autofree char *text =
        g_strdup_printf("grant\n%s\n%s\n%s\n%s\n", words->person, words->role,
                        words->entity != NULL ? words->entity : "*", fisc_call_text(call, "state"));
    fisc_hash_data(text, strlen(text), hash);
    return fisc_server_check_step_up(call, fisc_hash_format(hash, digest));
}

static bool
decide(FiscCall *call, GError **error)
{
    const FiscGrantWords words = grant_words(call);
    FiscReceipt *receipt = NULL;
    if (!check_decision(call, &words)) {
        return true;
    }
    if (!fisc_flow_grant_decide(&call->context, &words, fisc_call_text(call, "state"), &receipt,
                                error)) {
        return false;
    }
    fisc_call_answer_receipt(call, receipt, NULL);
    return true;
}

static const FiscApiField delegate_fields[] = {
    PERSON,
    ROLE,
    OF_ENTITY,
    FROM,
    TO,
    FISC_GIVEN("principal", FISC_API_TEXT, "of an end: whose role it was; else who asks", NULL),
    FISC_GIVEN("ends", FISC_API_BOOLEAN, "it ends", NULL),
    FISC_DRY_RUN,
    {NULL},
};

static bool
delegate(FiscCall *call, GError **error)
{
    const FiscGrantWords words = grant_words(call);
    const char *principal = fisc_call_text(call, "principal");
    bool ends = fisc_call_flag(call, "ends");
    FiscReceipt *receipt = NULL;
    if (principal != NULL && !ends) {
        fisc_call_problem(call, 422, "VALUE_INVALID", "/principal",
                          "one passes on a role of one's own");
        return true;
    }
    if (!fisc_flow_delegate(&call->context, principal != NULL ? principal : call->context.actor,
                            &words, ends, &receipt, error)) {
        return false;
    }
    fisc_call_answer_receipt(call, receipt, NULL);
    return true;
}

#define STEP(verb, route, id, sentence, words, handler)                                            \
    {                                                                                              \
        .method = verb, .path = route, .operation = id, .summary = sentence,                       \
        .access = FISC_ACCESS_PERSON, .lane = FISC_HTTP_POST, .fields = words,                     \
        .body = FISC_BODY_JSON, .answer = &fisc_shape_receipt, .run = handler,                     \
    }

const FiscRoute fisc_api_persons_write[] = {
    STEP("PUT", "/v1/persons/{person}", "putPerson", "Registers a human being, or changes the name",
         add_fields, add),
    STEP("POST", "/v1/persons/{person}/disable", "disablePerson", "Takes every right at once",
         disable_fields, disable),
    STEP("POST", "/v1/persons/{person}/grants", "proposeGrant", "Proposes a role for a person",
         grant_fields, grant),
    STEP("POST", "/v1/persons/{person}/grants/decision", "decideGrant",
         "Confirms, refuses or revokes a role", decide_fields, decide),
    STEP("POST", "/v1/persons/{person}/delegations", "delegateRole",
         "Passes a role on, or ends that", delegate_fields, delegate),
    {NULL},
};

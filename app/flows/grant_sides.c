/* grant_sides.c: what proven entries say of a grant. The State's expense (263) names the city, the
 * city's revenue (133) names the State: who, whom and how much follow from the entries alone. */
#include "app/flows/grant.h"
#include "core/base/hash.h"
#include "fisc/gfs.h"
#include "fisc/money.h"
#include <stdlib.h>
#include <string.h>

#define GIVEN "263"
#define RECEIVED "133"

/* The value of a field of an event; "" */
static const char *
field_of(const FiscLogEvent *event, const char *name)
{
    for (int i = 0; event != NULL && i + 1 < event->field_count; i += 2) {
        if (strcmp(event->fields[i], name) == 0) {
            return event->fields[i + 1];
        }
    }
    return "";
}

static char *
take_party(const char **party, const char *code, const char *word)
{
    if (*party != NULL && strcmp(*party, code) != 0) {
        return g_strdup_printf("%s: its entries name %s and %s: an id is a matter of two parties",
                               word, *party, code);
    }
    *party = code;
    return NULL;
}

static char *
take_parties(FiscGrantSides *sides, const char *payer, const char *receiver, const char *currency)
{
    char *wrong = take_party(&sides->payer, payer, "payer");
    wrong = wrong != NULL ? wrong : take_party(&sides->receiver, receiver, "receiver");
    if (wrong == NULL && sides->currency != NULL && strcmp(sides->currency, currency) != 0) {
        return g_strdup_printf("currency: one side has %s, the other %s", sides->currency,
                               currency);
    }
    sides->currency = currency;
    return wrong;
}

static char *
add_line(FiscGrantSides *sides, const FiscProof *proof, const FiscLogEntry *entry, int line)
{
    const FiscLogCoding *coding = fisc_proof_coding(proof, entry->coding[line]);
    const FiscLogEvent *entity = fisc_proof_event(proof, "entity", entry->entity_id);
    const char *code = field_of(fisc_proof_event(proof, "account", coding->account_id), "gfs");
    const char *other = coding->dim[FISC_DIM_COUNTERPARTY];
    const char *currency = field_of(entity, "currency");
    bool is_given = fisc_gfs_is_under(code, GIVEN);
    if (!is_given && !fisc_gfs_is_under(code, RECEIVED)) {
        return NULL; /* the cash that it moves */
    }
    char *wrong = is_given ? take_parties(sides, entity->subject, other, currency)
                           : take_parties(sides, other, entity->subject, currency);
    int64_t *sum = is_given ? &sides->given : &sides->received;
    int64_t amount = is_given ? entry->amount[line] : -entry->amount[line];
    if (wrong == NULL &&
        (entry->amount[line] == INT64_MIN || !fisc_amount_add(*sum, amount, sum))) {
        wrong = g_strdup("amount: it is too large");
    }
    ++*(is_given ? &sides->paying : &sides->receiving);
    return wrong;
}

char *
fisc_grant_add(FiscGrantSides *sides, const FiscProof *proof, const char *transfer)
{
    char *wrong = NULL;
    for (guint i = 0; i < proof->items->len && wrong == NULL; i++) {
        const FiscLogEntry *entry = ((const FiscProvenItem *)proof->items->pdata[i])->entry;
        if (entry == NULL) {
            continue;
        }
        if (strcmp(fisc_proof_transfer(proof, entry), transfer) != 0) {
            return g_strdup_printf("transfer: the entry %s is of %s, not of %s", entry->reference,
                                   fisc_proof_transfer(proof, entry), transfer);
        }
        for (int line = 0; line < entry->financial && wrong == NULL; line++) {
            wrong = add_line(sides, proof, entry, line);
        }
    }
    return wrong;
}

/* What is signed ------------------------------------------------------------------------------ */

char *
fisc_grant_digest(const json_t *value)
{
    uint8_t digest[FISC_HASH_SIZE];
    char hex[FISC_HASH_TEXT];
    char *text = json_dumps(value, JSON_SORT_KEYS | JSON_COMPACT | JSON_ENCODE_ANY);
    fisc_hash_data(text != NULL ? text : "", text != NULL ? strlen(text) : 0, digest);
    free(text);
    return g_strdup(fisc_hash_format(digest, hex));
}

char *
fisc_grant_body(const json_t *file)
{
    static const char *const members[] = {
        "transfer",     "amount",          "currency", "payer",        "receiver",
        "others_payer", "others_receiver", "time",     "proof_sha256", "others_sha256"};
    GString *body = g_string_new(FISC_GRANT_FORM "\n");
    for (gsize i = 0; i < G_N_ELEMENTS(members); i++) {
        const char *text = json_string_value(json_object_get(file, members[i]));
        g_string_append_printf(body, "%s %s\n", members[i], text != NULL ? text : "");
    }
    return g_string_free(body, FALSE);
}

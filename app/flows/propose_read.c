/* propose_read.c: the documents of a feeder, read by its map for their codes and titles alone.
 * Documents that are wrong otherwise have codes, too. */
#include "app/flows/propose.h"
#include "integrations/parse.h"
#include "integrations/profile_path.h"
#include <string.h>

#define PARTS_MAX 12 /* of documents that are read each by itself */

enum { SUSPENSE_FEEDER, SUSPENSE_PART }; /* columns of intake.suspense */

/* A document as the map's profiles find it. One that cannot be converted has no codes to tell. */
static bool
place_document(const FiscProposing *proposing, const FiscMap *map, FiscMapDocuments *placed,
               const FiscDelivery *delivery, GError **error)
{
    const FiscFeeder *feeder = proposing->feeder;
    const FiscConnector *connector = fisc_connector_find(feeder->connector);
    const char *name = fisc_feeder_profile_name(feeder, delivery->document);
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_autoptr(GBytes) body = NULL;
    g_autoptr(GBytes) text = NULL;
    if (name == NULL || g_str_has_suffix(name, ".profile")) {
        return true;
    }
    if (!fisc_intake_body(proposing->ctx, delivery->digest, &body, error)) {
        return false;
    }
    if (connector->convert == NULL) {
        text = g_bytes_ref(body);
    } else if (!fisc_parse_convert(feeder, delivery->document, body, &text, refusals, error)) {
        return false;
    }
    if (text != NULL) {
        fisc_map_place(map, placed, name, text);
    }
    return true;
}

static void
add_lookups(FiscProposing *proposing, GPtrArray *lookups)
{
    g_ptr_array_extend_and_steal(proposing->lookups, lookups);
}

/* @documents (of FiscDelivery) together. One that would take the place of a file of the map makes
 * all of it no evidence. */
static bool
read_together(FiscProposing *proposing, const GPtrArray *documents, GError **error)
{
    g_auto(FiscMapDocuments) placed = {0};
    g_autoptr(FiscMap) map = NULL;
    GPtrArray *lookups = NULL;
    if (!fisc_map_open(proposing->map, &map, error)) {
        return false;
    }
    for (guint i = 0; i < documents->len; i++) {
        if (!place_document(proposing, map, &placed, documents->pdata[i], error)) {
            return false;
        }
    }
    if (placed.is_spoiled) {
        return true;
    }
    if (!fisc_package_read_lookups(map, placed.files, proposing->masters->texts,
                                   proposing->ctx->actor, &lookups, error)) {
        return false;
    }
    add_lookups(proposing, lookups);
    return true;
}

static bool
stands_in_suspense(const FiscRows *suspense, const char *document)
{
    for (int i = 0; i < fisc_rows_count(suspense); i++) {
        if (strcmp(fisc_rows_text(suspense, i, SUSPENSE_PART), document) == 0) {
            return true;
        }
    }
    return false;
}

/* Those with codes in suspense first, then the last by name, which are mostly the newest. */
static GPtrArray *
choose_parts(const GPtrArray *documents, const FiscRows *suspense)
{
    GPtrArray *chosen = g_ptr_array_new();
    for (int is_turn_of_others = 0; is_turn_of_others < 2; is_turn_of_others++) {
        for (guint i = documents->len; i > 0 && chosen->len < PARTS_MAX; i--) {
            FiscDelivery *delivery = documents->pdata[i - 1];
            if (stands_in_suspense(suspense, delivery->document) != (is_turn_of_others == 1)) {
                g_ptr_array_add(chosen, delivery);
            }
        }
    }
    return chosen;
}

static bool
read_each(FiscProposing *proposing, const GPtrArray *documents, const FiscRows *suspense,
          GError **error)
{
    g_autoptr(GPtrArray) parts = choose_parts(documents, suspense);
    for (guint i = 0; i < parts->len; i++) {
        g_autoptr(GPtrArray) one = g_ptr_array_new();
        g_ptr_array_add(one, parts->pdata[i]);
        if (!read_together(proposing, one, error)) {
            return false;
        }
    }
    return true;
}

bool
fisc_propose_read(FiscProposing *proposing, const FiscRows *suspense, GError **error)
{
    g_autoptr(GPtrArray) documents = NULL;
    if (!fisc_intake_newest(proposing->ctx, proposing->feeder->name, &documents, error)) {
        return false;
    }
    return proposing->feeder->is_together ? read_together(proposing, documents, error)
                                          : read_each(proposing, documents, suspense, error);
}

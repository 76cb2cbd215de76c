/* sealed_json.c: see sealed_json.h. */
#include "integrations/sealed_json.h"
#include "core/base/hash.h"
#include "integrations/proof_json.h"
#include <string.h>

#define FORM "fisc sealed 1"

json_t *
fisc_sealed_to_json(const FiscSealedPart *part, const FiscProof *proof, const char *signature)
{
    char period[FISC_DATE_TEXT], digest[FISC_HASH_TEXT];
    return json_pack("{s:s, s:s, s:s, s:i, s:I, s:I, s:I, s:s, s:s, s:o}", "form", FORM, "entity",
                     part->entity, "period", fisc_period_format(part->period, period), "part",
                     part->part, "first", (json_int_t)part->first, "last", (json_int_t)part->last,
                     "entries", (json_int_t)part->entries, "digest",
                     fisc_hash_format(part->digest, digest), "signed_by", signature, "proof",
                     fisc_proof_to_json(proof));
}

void
fisc_sealed_document_clear(FiscSealedDocument *document)
{
    g_clear_pointer(&document->entity, g_free);
    g_clear_pointer(&document->signature, g_free);
    g_clear_pointer(&document->proof, fisc_proof_free);
}

static int64_t
take_number(const json_t *json, const char *name, int64_t max, const char **wrong)
{
    const json_t *value = json_object_get(json, name);
    int64_t number = json_integer_value(value);
    if (!json_is_integer(value) || number < 1 || number > max) {
        *wrong = *wrong != NULL ? *wrong : name;
        return 0;
    }
    return number;
}

static const char *
take_text(const json_t *json, const char *name, const char **wrong)
{
    const char *text = json_string_value(json_object_get(json, name));
    if (text == NULL || *text == '\0') {
        *wrong = *wrong != NULL ? *wrong : name;
        return "";
    }
    return text;
}

static void
take_period(const json_t *json, FiscPeriod *out_period, const char **wrong)
{
    FiscPeriod until = 0;
    const char *text = take_text(json, "period", wrong);
    if (!fisc_period_range_parse(text, out_period, &until) || until != *out_period) {
        *wrong = *wrong != NULL ? *wrong : "period";
    }
}

static void
take_digest(const json_t *json, uint8_t out_digest[32], const char **wrong)
{
    const char *text = take_text(json, "digest", wrong);
    if (strlen(text) != 64 || strspn(text, "0123456789abcdef") != 64) {
        *wrong = *wrong != NULL ? *wrong : "digest";
        return;
    }
    for (gsize i = 0; i < 32; i++) {
        out_digest[i] = (uint8_t)(g_ascii_xdigit_value(text[2 * i]) << 4 |
                                  g_ascii_xdigit_value(text[2 * i + 1]));
    }
}

bool
fisc_sealed_from_json(const json_t *json, FiscSealedDocument *out_document, GError **error)
{
    const char *wrong = NULL;
    FiscSealedPart *part = &out_document->part;
    *out_document = (FiscSealedDocument){.entity = NULL};
    if (g_strcmp0(json_string_value(json_object_get(json, "form")), FORM) != 0) {
        return fisc_fail(error, FISC_ERROR_VALUE_INVALID, "it is no \"" FORM "\"");
    }
    part->part = (int)take_number(json, "part", G_MAXINT32, &wrong);
    part->first = take_number(json, "first", G_MAXINT64, &wrong);
    part->last = take_number(json, "last", G_MAXINT64, &wrong);
    part->entries = take_number(json, "entries", FISC_SEALED_PART_ENTRIES, &wrong);
    take_period(json, &part->period, &wrong);
    take_digest(json, part->digest, &wrong);
    part->entity = out_document->entity = g_strdup(take_text(json, "entity", &wrong));
    out_document->signature = g_strdup(take_text(json, "signed_by", &wrong));
    if (wrong != NULL) {
        return fisc_fail(error, FISC_ERROR_VALUE_INVALID, "\"%s\" is missing, or no such value",
                         wrong);
    }
    return fisc_proof_from_json(json_object_get(json, "proof"), &out_document->proof, error);
}

char *
fisc_sealed_document_name(const char *entity, FiscPeriod period, int part)
{
    char text[FISC_DATE_TEXT];
    return g_strdup_printf("sealed-%s-%s-%d.json", entity, fisc_period_format(period, text), part);
}

static void
free_key(gpointer key)
{
    fisc_sign_key_free(key);
}

bool
fisc_sealed_keys(GHashTable *trust, GPtrArray **out_keys, GError **error)
{
    const char *text = g_hash_table_lookup(trust, "seal");
    g_auto(GStrv) words = g_strsplit(text != NULL ? text : "", " ", -1);
    g_autoptr(GPtrArray) keys = g_ptr_array_new_with_free_func(free_key);
    for (int i = 0; words[i] != NULL; i++) {
        FiscSignKey *key = NULL;
        if (*words[i] == '\0') {
            continue;
        }
        if (!fisc_sign_key_read(words[i], &key, error)) {
            return false;
        }
        g_ptr_array_add(keys, key);
    }
    if (keys->len == 0) {
        return fisc_fail(error, FISC_ERROR_VALUE_MISSING,
                         "another fisc is known by the key that signs its heads: seal=...");
    }
    *out_keys = g_steal_pointer(&keys);
    return true;
}

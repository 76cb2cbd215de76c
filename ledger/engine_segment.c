/* engine_segment.c: the trees of segment codes: a code of a dimension may have a parent, and a key
 * may be taken at any depth of the tree. The records of kind "segment" are the tree; a change of
 * one moves sums from key to key, so they are folded again. */
#include "ledger/engine_control.h"
#include <string.h>

/* A code without a record, or without a parent, is a root. */
static const char *
parent_of(const FiscEngine *engine, const char *column, const char *code)
{
    g_autofree char *subject = g_strconcat(column, "/", code, NULL);
    const char *parent = fisc_engine_master_field(engine, "segment", subject, "parent");
    return parent != NULL && *parent != '\0' ? parent : NULL;
}

const char *
fisc_engine_ancestor(const FiscEngine *engine, const char *column, const char *code, int depth)
{
    int deep = 1;
    for (const char *up = parent_of(engine, column, code); up != NULL;
         up = parent_of(engine, column, up)) {
        deep++;
    }
    for (; deep > depth; deep--) {
        code = parent_of(engine, column, code);
    }
    return code;
}

static bool
refuse(FiscRefusals *refusals, FiscError code, const char *field, const char *subject,
       const char *detail)
{
    fisc_refusals_add(refusals, code, NULL, 0, field, "segment %s: %s", subject, detail);
    return false;
}

bool
fisc_engine_check_segment(const FiscEngine *engine, const FiscEvent *event, FiscRefusals *refusals)
{
    const char *subject = event->subject;
    const char *slash = strchr(subject, '/');
    g_autofree char *column = slash != NULL ? g_strndup(subject, (gsize)(slash - subject)) : NULL;
    bool is_known =
        column != NULL &&
        (strcmp(column, "entity") == 0 ||
         (fisc_dimension_find(column) >= 0 &&
          strcmp(fisc_dimension_column((FiscDimension)fisc_dimension_find(column)), column) == 0));
    if (!is_known || slash[1] == '\0') {
        return refuse(refusals, FISC_ERROR_VALUE_INVALID, "segment", subject,
                      "the subject is the column of a dimension, a slash and a code");
    }
    const char *parent = fisc_engine_field(event->fields, "parent");
    if (parent == NULL || *parent == '\0') {
        return true;
    }
    for (const char *up = parent; up != NULL; up = parent_of(engine, column, up)) {
        if (strcmp(up, slash + 1) == 0) {
            return refuse(refusals, FISC_ERROR_MASTER_CONFLICT, "parent", subject,
                          "it would stand above itself");
        }
    }
    return true;
}

/* Only keys that are taken at a depth know of trees. */
void
fisc_engine_change_segment(FiscEngine *engine, const FiscMaster *master)
{
    (void)master;
    for (guint i = 0; i < engine->controls->len; i++) {
        if (((const FiscControl *)engine->controls->pdata[i])->has_tree) {
            fisc_engine_refold(engine);
            return;
        }
    }
}

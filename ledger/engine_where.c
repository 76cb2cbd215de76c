/* engine_where.c: conditions on codings as words: "entity=MIN economic=3*" is what has the entity
 * MIN and an economic class that begins with 3. All of them must hold. Rules that speak of lines by
 * their codes, and not by a key of a control, say so in these words. */
#include "ledger/engine_control.h"
#include <string.h>

static void
term_clear(gpointer data)
{
    g_free(((FiscWhereTerm *)data)->text);
}

static const char *
parse_term(char *word, FiscWhereTerm *out_term)
{
    char *equals = strchr(word, '=');
    if (equals == NULL || equals[1] == '\0') {
        return "it is a list like \"entity=MIN economic=3*\"";
    }
    *equals = '\0';
    bool is_entity = strcmp(word, "entity") == 0;
    int dim = is_entity ? FISC_PART_ENTITY : fisc_dimension_find(word);
    if (!is_entity && dim < 0) {
        return "it names something that is no dimension";
    }
    gsize length = strlen(equals + 1);
    bool is_prefix = equals[length] == '*';
    *out_term = (FiscWhereTerm){.dim = dim,
                                .is_prefix = is_prefix,
                                .text = g_strndup(equals + 1, length - (is_prefix ? 1 : 0))};
    return NULL;
}

const char *
fisc_where_parse(const char *text, GArray **out_where)
{
    GArray *where = g_array_new(FALSE, FALSE, sizeof(FiscWhereTerm));
    g_array_set_clear_func(where, term_clear);
    *out_where = where;
    g_auto(GStrv) words = g_strsplit(text != NULL ? text : "", " ", -1);
    for (int i = 0; words[i] != NULL; i++) {
        FiscWhereTerm term;
        const char *wrong = *words[i] != '\0' ? parse_term(words[i], &term) : NULL;
        if (wrong != NULL) {
            return wrong;
        }
        if (*words[i] != '\0') {
            g_array_append_val(where, term);
        }
    }
    return where->len > 0 ? NULL : "it names no line";
}

const char *
fisc_where_entity(const GArray *where)
{
    for (guint i = 0; i < where->len; i++) {
        const FiscWhereTerm *term = &g_array_index(where, FiscWhereTerm, i);
        if (term->dim == FISC_PART_ENTITY && !term->is_prefix) {
            return term->text;
        }
    }
    return NULL;
}

bool
fisc_where_has(const GArray *where, const char *entity, const char *const dim[FISC_DIM_COUNT])
{
    for (guint i = 0; i < where->len; i++) {
        const FiscWhereTerm *term = &g_array_index(where, FiscWhereTerm, i);
        const char *code = term->dim == FISC_PART_ENTITY ? entity : dim[term->dim];
        code = code != NULL ? code : "";
        if (term->is_prefix ? !g_str_has_prefix(code, term->text) : strcmp(code, term->text) != 0) {
            return false;
        }
    }
    return true;
}

bool
fisc_where_matches(const FiscEngine *engine, const GArray *where, const FiscCodingKey *coding)
{
    const char *dim[FISC_DIM_COUNT];
    for (int i = 0; i < FISC_DIM_COUNT; i++) {
        dim[i] = fisc_engine_symbol_text(engine, coding->dim[i]);
    }
    return fisc_where_has(where, engine->entity_codes->pdata[coding->entity_id - 1], dim);
}

/* engine_override.c: overrides: somebody with the authority lets one key be exceeded, by so much,
 * for so long, and says why. An override is a record of its own; the control stays as it is (rule
 * R5). */
#include "ledger/engine_control.h"
#include "fisc/money.h"
#include <string.h>

#define OVERRIDE_DECIMALS 4 /* as kept: the finest that a currency has */

typedef struct {
    char *name;
    char *target; /* control and key */
    int64_t amount;
    FiscDate expires;
} Override;

static void
override_free(gpointer data)
{
    Override *override = data;
    g_free(override->name);
    g_free(override->target);
    g_free(override);
}

static char *
target_of(const char *control, const char *key)
{
    return g_strconcat(control, "\x1f", key, NULL);
}

static int
find_override(const FiscEngine *engine, const char *name)
{
    for (guint i = 0; i < engine->overrides->len; i++) {
        if (strcmp(((const Override *)engine->overrides->pdata[i])->name, name) == 0) {
            return (int)i;
        }
    }
    return -1;
}

/* Events ----------------------------------------------------------------------------------- */

static bool
refuse(FiscRefusals *refusals, FiscError code, const FiscEvent *event, const char *field,
       const char *detail)
{
    fisc_refusals_add(refusals, code, NULL, 0, field, "override %s: %s", event->subject, detail);
    return false;
}

static bool
check_given(const FiscEvent *event, FiscRefusals *refusals)
{
    static const char *const required[] = {"control", "key", "amount", "reason", "expires"};
    bool is_given = true;
    for (gsize i = 0; i < G_N_ELEMENTS(required); i++) {
        const char *text = fisc_engine_field(event->fields, required[i]);
        if (text == NULL || *text == '\0') {
            is_given = refuse(refusals, FISC_ERROR_VALUE_MISSING, event, required[i],
                              "an override needs it");
        }
    }
    return is_given;
}

bool
fisc_engine_check_override(const FiscEngine *engine, const FiscEvent *event, FiscRefusals *refusals)
{
    if (!check_given(event, refusals)) {
        return false;
    }
    const FiscControl *control =
        fisc_engine_control(engine, fisc_engine_field(event->fields, "control"));
    FiscKeyName name;
    FiscWindow window;
    FiscDate expires = 0;
    int64_t amount = 0;
    if (control == NULL) {
        return refuse(refusals, FISC_ERROR_VALUE_INVALID, event, "control", "it is not on record");
    }
    if (!control->is_overridable) {
        return refuse(refusals, FISC_ERROR_VALUE_INVALID, event, "control",
                      "it can never be overridden");
    }
    if (!fisc_key_parse(engine, control, fisc_engine_field(event->fields, "key"), &name, &window) ||
        name.year == 0) {
        return refuse(refusals, FISC_ERROR_VALUE_INVALID, event, "key",
                      "it is no key of the control");
    }
    if (fisc_amount_parse(fisc_engine_field(event->fields, "amount"), OVERRIDE_DECIMALS, '.', 0,
                          &amount) != 0 ||
        amount <= 0) {
        return refuse(refusals, FISC_ERROR_AMOUNT_INVALID, event, "amount",
                      "it is an amount above zero");
    }
    return fisc_date_parse(fisc_engine_field(event->fields, "expires"), &expires) ||
           refuse(refusals, FISC_ERROR_DATE_INVALID, event, "expires", "it is a date");
}

static const char *
text_of(const FiscMaster *master, const char *field)
{
    const char *text = fisc_engine_field(master->fields, field);
    return text != NULL ? text : "";
}

void
fisc_engine_set_override(FiscEngine *engine, const FiscMaster *master)
{
    g_ptr_array_set_free_func(engine->overrides, override_free);
    Override *override = g_new0(Override, 1);
    override->name = g_strdup(master->subject);
    override->target = target_of(text_of(master, "control"), text_of(master, "key"));
    fisc_amount_parse(text_of(master, "amount"), OVERRIDE_DECIMALS, '.', 0, &override->amount);
    fisc_date_parse(text_of(master, "expires"), &override->expires);
    int at = find_override(engine, master->subject);
    if (at < 0) {
        g_ptr_array_add(engine->overrides, override);
    } else {
        override_free(engine->overrides->pdata[at]);
        engine->overrides->pdata[at] = override;
    }
}

void
fisc_engine_remove_override(FiscEngine *engine, const FiscMaster *master)
{
    int at = find_override(engine, master->subject);
    if (at >= 0) {
        g_ptr_array_remove_index(engine->overrides, (guint)at);
    }
}

/* Asking ----------------------------------------------------------------------------------- */

static int64_t
in_minor_units(int64_t amount, int decimals)
{
    for (int i = decimals; i < OVERRIDE_DECIMALS; i++) {
        amount /= 10;
    }
    return amount;
}

__int128
fisc_engine_override(const FiscEngine *engine, const char *control, const char *key, int decimals,
                     GString *out_names)
{
    g_autofree char *target = target_of(control, key);
    FiscDate today = fisc_engine_today(engine);
    __int128 sum = 0;
    for (guint i = 0; i < engine->overrides->len; i++) {
        const Override *override = engine->overrides->pdata[i];
        if (strcmp(override->target, target) != 0 || override->expires < today) {
            continue;
        }
        sum += in_minor_units(override->amount, decimals);
        if (out_names != NULL) {
            g_string_append_printf(out_names, "%s%s", out_names->len > 0 ? ", " : "",
                                   override->name);
        }
    }
    return sum;
}

/* fact.c: the kinds of dated facts that statements are read by, as one table, and what of a fact
 * can be judged by its words alone. What it names is looked up by engine_fact.c and by the
 * readers of packages; what it means is reporting's. */
#include "fisc/fact.h"
#include "fisc/money.h"
#include "fisc/succession.h"
#include <string.h>

#define DIGEST_DIGITS 64

/* clang-format off */
const FiscFactKind fisc_fact_kinds[] = {
    /* a statement of one's own: the text is a layout file (docs/layouts.md) */
    {"layout", NULL, {
        {"layout", FISC_FACT_CODE, true, true, NULL},
        {"title", FISC_FACT_TEXT, true, false, NULL},
        {"text", FISC_FACT_TEXT, true, false, NULL}}},
    /* one unit of @currency is so many of @per, on a day or on average of the month or year that
     * ends with it */
    {"rate", "rates.csv", {
        {"currency", FISC_FACT_CURRENCY, true, true, NULL},
        {"per", FISC_FACT_CURRENCY, true, true, NULL},
        {"date", FISC_FACT_DATE, true, true, NULL},
        {"kind", FISC_FACT_WORD, true, true, "closing average year-average"},
        {"rate", FISC_FACT_RATE, true, false, NULL},
        {"source", FISC_FACT_TEXT, false, false, NULL}}},
    /* the month in which a unit's fiscal year begins */
    {"calendar", "calendars.csv", {
        {"entity", FISC_FACT_ENTITY, true, true, NULL},
        {"from", FISC_FACT_YEAR, true, true, NULL},
        {"begins", FISC_FACT_WORD, true, false, "01 02 03 04 05 06 07 08 09 10 11 12"}}},
    /* what a unit is from a day on, where that is not what it was registered as */
    {"history", "history.csv", {
        {"entity", FISC_FACT_ENTITY, true, true, NULL},
        {"from", FISC_FACT_DATE, true, true, NULL},
        {"name", FISC_FACT_TEXT, false, false, NULL},
        {"sector", FISC_FACT_SECTOR, false, false, NULL},
        {"cp_code", FISC_FACT_PARTY, false, false, NULL},
        {"reporting", FISC_FACT_FLAG, false, false, NULL},
        {"article", FISC_FACT_TEXT, false, false, NULL}}},
    /* when a unit belongs to a group, where that is not always */
    {"membership", "memberships.csv", {
        {"group", FISC_FACT_GROUP, true, true, NULL},
        {"entity", FISC_FACT_ENTITY, true, true, NULL},
        {"from", FISC_FACT_DATE, true, true, NULL},
        {"to", FISC_FACT_DATE, false, false, NULL},
        {"article", FISC_FACT_TEXT, false, false, NULL}}},
    /* who takes over from a unit that is split, merged or abolished */
    {"succession", "successions.csv", {
        {"entity", FISC_FACT_ENTITY, true, true, NULL},
        {"date", FISC_FACT_DATE, true, true, NULL},
        {"into", FISC_FACT_ENTITIES, true, false, NULL},
        {"rule", FISC_FACT_SHARES, false, false, NULL},
        {"article", FISC_FACT_TEXT, false, false, NULL}}},
    /* an account that has another number from a year on */
    {"renumber", "renumberings.csv", {
        {"account", FISC_FACT_ACCOUNT, true, true, NULL},
        {"year", FISC_FACT_YEAR, true, true, NULL},
        {"into", FISC_FACT_ACCOUNT, true, false, NULL},
        {"article", FISC_FACT_TEXT, false, false, NULL}}},
    /* a unit's report for a period: due, and in what state it came */
    {"due", "due.csv", {
        {"entity", FISC_FACT_ENTITY, true, true, NULL},
        {"period", FISC_FACT_PERIOD, true, true, NULL},
        {"due_on", FISC_FACT_DATE, false, false, NULL},
        {"state", FISC_FACT_WORD, false, false, "missing flash provisional final"},
        {"received_on", FISC_FACT_DATE, false, false, NULL},
        {"note", FISC_FACT_TEXT, false, false, NULL}}},
    /* what somebody found out about two records that differ */
    {"asymmetry", "asymmetries.csv", {
        {"from_entity", FISC_FACT_CODE, true, true, NULL},
        {"to_entity", FISC_FACT_CODE, true, true, NULL},
        {"what", FISC_FACT_CODE, true, true, NULL},
        {"period", FISC_FACT_PERIOD, true, true, NULL},
        {"class", FISC_FACT_WORD, true, false, "timing classification valuation coverage unknown"},
        {"owner", FISC_FACT_ENTITY, false, false, NULL},
        {"note", FISC_FACT_TEXT, false, false, NULL}}},
    /* a question that is asked again and again: the words of a command */
    {"question", "questions.csv", {
        {"question", FISC_FACT_CODE, true, true, NULL},
        {"title", FISC_FACT_TEXT, true, false, NULL},
        {"words", FISC_FACT_TEXT, true, false, NULL},
        {"state", FISC_FACT_WORD, false, false, "active removed"}}},
    /* a mark that questions are asked by, on whatever begins with a code of a segment */
    {"tag", "tags.csv", {
        {"tag", FISC_FACT_CODE, true, true, NULL},
        {"segment", FISC_FACT_CODE, true, true, NULL},
        {"code", FISC_FACT_CODE, true, true, NULL},
        {"title", FISC_FACT_TEXT, false, false, NULL},
        {"state", FISC_FACT_WORD, false, false, "active removed"}}},
    /* costs that reports share out by a driver */
    {"allocation", "allocations.csv", {
        {"allocation", FISC_FACT_CODE, true, true, NULL},
        {"step", FISC_FACT_CODE, true, true, NULL},
        {"from", FISC_FACT_TEXT, true, false, NULL},
        {"to", FISC_FACT_TEXT, true, false, NULL},
        {"driver", FISC_FACT_TEXT, true, false, NULL},
        {"article", FISC_FACT_TEXT, false, false, NULL}}},
    /* who publishes, for the headers of what others read by machine */
    {"publisher", "publisher.csv", {
        {"publisher", FISC_FACT_CODE, true, true, NULL},
        {"name", FISC_FACT_TEXT, true, false, NULL},
        {"area", FISC_FACT_CODE, true, false, NULL},
        {"licence", FISC_FACT_TEXT, false, false, NULL},
        {"contact", FISC_FACT_TEXT, false, false, NULL}}},
    /* what must not leave the house */
    {"privacy", "privacy.csv", {
        {"rule", FISC_FACT_CODE, true, true, NULL},
        {"column", FISC_FACT_CODE, true, false, NULL},
        {"action", FISC_FACT_WORD, true, false, "drop mask keep"},
        {"where", FISC_FACT_TEXT, false, false, NULL},
        {"article", FISC_FACT_TEXT, false, false, NULL}}},
    /* a report that was given to the public: what it was made from, and its bytes */
    {"publication", NULL, {
        {"publication", FISC_FACT_CODE, true, true, NULL},
        {"title", FISC_FACT_TEXT, true, false, NULL},
        {"query", FISC_FACT_TEXT, true, false, NULL},
        {"format", FISC_FACT_CODE, true, false, NULL},
        {"batch", FISC_FACT_CODE, true, false, NULL},
        {"layouts", FISC_FACT_DIGEST, true, false, NULL},
        {"program", FISC_FACT_TEXT, true, false, NULL},
        {"content", FISC_FACT_DIGEST, true, false, NULL},
        {"status", FISC_FACT_WORD, true, false, "flash provisional final"},
        {"replaces", FISC_FACT_CODE, false, false, NULL}}},
    /* an outside system whose books we take: where it is, how it is known, what it has */
    {"feeder", "feeders.csv", {
        {"feeder", FISC_FACT_CODE, true, true, NULL},
        {"title", FISC_FACT_TEXT, true, false, NULL},
        {"entities", FISC_FACT_ENTITIES, true, false, NULL},
        {"connector", FISC_FACT_CODE, true, false, NULL},
        {"at", FISC_FACT_TEXT, true, false, NULL},
        {"documents", FISC_FACT_TEXT, true, false, NULL},
        {"read", FISC_FACT_WORD, false, false, "together each"},
        {"trust", FISC_FACT_TEXT, false, false, NULL},
        {"every", FISC_FACT_WORD, false, false, "hour day week month"},
        {"state", FISC_FACT_WORD, false, false, "active paused retired"},
        {"article", FISC_FACT_TEXT, false, false, NULL},
        {"map", FISC_FACT_CODE, false, false, NULL}}}, /* another feeder's, that reads it, too */
    /* what the codes of a feeder mean, from a day on: profiles and tables under a digest */
    {"feeder_map", NULL, {
        {"feeder", FISC_FACT_CODE, true, true, NULL},
        {"version", FISC_FACT_CODE, true, true, NULL},
        {"from", FISC_FACT_DATE, false, false, NULL},
        {"content", FISC_FACT_DIGEST, true, false, NULL},
        {"state", FISC_FACT_WORD, true, false, "proposed active dropped"},
        {"note", FISC_FACT_TEXT, false, false, NULL}}},
    {NULL, NULL, {{NULL, FISC_FACT_TEXT, false, false, NULL}}},
};
/* clang-format on */

const FiscFactKind *
fisc_fact_kind(const char *kind)
{
    for (const FiscFactKind *row = fisc_fact_kinds; row->kind != NULL; row++) {
        if (strcmp(row->kind, kind) == 0) {
            return row;
        }
    }
    return NULL;
}

static const char *
value_of(GPtrArray *fields, const char *name)
{
    for (guint i = 0; i + 1 < fields->len; i += 2) {
        if (strcmp(fields->pdata[i], name) == 0) {
            return fields->pdata[i + 1];
        }
    }
    return "";
}

const char *
fisc_fact_field(const FiscFact *fact, const char *name)
{
    return value_of(fact->fields, name);
}

char *
fisc_fact_subject(const FiscFactKind *kind, GPtrArray *fields)
{
    g_autoptr(GString) subject = g_string_new(NULL);
    for (const FiscFactField *field = kind->fields; field->name != NULL; field++) {
        const char *value = field->is_key ? value_of(fields, field->name) : NULL;
        if (value == NULL) {
            continue;
        }
        if (*value == '\0') {
            return NULL;
        }
        g_string_append_printf(subject, "%s%s", subject->len > 0 ? "/" : "", value);
    }
    return g_string_free(g_steal_pointer(&subject), FALSE);
}

/* Forms ---------------------------------------------------------------------------------------- */

static bool
is_rate(const char *text)
{
    const char *point = strchr(text, '.');
    gsize digits = strspn(text, "0123456789.");
    bool is_decimal = text[digits] == '\0' && g_ascii_isdigit(text[0]) && digits <= 24 &&
                      (point == NULL || (strchr(point + 1, '.') == NULL && point[1] != '\0' &&
                                         strlen(point + 1) <= FISC_RATE_DECIMALS));
    return is_decimal && strspn(text, "0.") != strlen(text);
}

static bool
is_code(const char *text)
{
    return strpbrk(text, " \t/\n") == NULL && strlen(text) <= FISC_CODE_MAX;
}

static bool
is_digits(const char *text)
{
    return *text != '\0' && strspn(text, "0123456789") == strlen(text);
}

static bool
is_sector(const char *text)
{
    g_auto(GStrv) codes = g_strsplit(text, "+", -1);
    bool is_good = *codes != NULL;
    for (char **code = codes; *code != NULL; code++) {
        is_good = is_good && **code == 'S' && is_digits(*code + 1);
    }
    return is_good;
}

static bool
is_period(const char *text)
{
    FiscPeriod from, to;
    return fisc_period_range_parse(text, &from, &to);
}

static bool
has_word(const char *words, const char *text)
{
    g_auto(GStrv) list = g_strsplit(words, " ", -1);
    return g_strv_contains((const char *const *)list, text);
}

/* NULL, or what the value should be. */
static const char *
complaint(const FiscFactField *field, const char *text)
{
    FiscDate date;
    switch (field->type) {
    case FISC_FACT_DATE:
        return fisc_date_parse(text, &date) ? NULL : "a day like 2024-06-30";
    case FISC_FACT_PERIOD:
        return is_period(text) ? NULL : "one of 2024, 2024-Q3, 2024-06";
    case FISC_FACT_YEAR:
        return strlen(text) == 4 && is_period(text) ? NULL : "a year like 2024";
    case FISC_FACT_RATE:
        return is_rate(text) ? NULL : "a decimal above zero with at most 12 decimals";
    case FISC_FACT_WORD:
        return has_word(field->words, text) ? NULL : field->words;
    case FISC_FACT_FLAG:
        return has_word("Y N", text) ? NULL : "Y or N";
    case FISC_FACT_CURRENCY:
        return fisc_currency_decimals(text) >= 0 && *text != '\0' ? NULL : "an ISO 4217 code";
    case FISC_FACT_DIGEST:
        return strlen(text) == DIGEST_DIGITS && strspn(text, "0123456789abcdef") == DIGEST_DIGITS
                   ? NULL
                   : "a SHA-256 in hex";
    case FISC_FACT_SECTOR:
        return is_sector(text) ? NULL : "an SNA sector like S13111, or several joined by +";
    case FISC_FACT_PARTY:
        return (*text == '1' || *text == '2') && is_digits(text)
                   ? NULL
                   : "a counterparty code like 11 or 152: 1.. domestic, 2.. external";
    case FISC_FACT_CODE:
    case FISC_FACT_ENTITY:
    case FISC_FACT_GROUP:
    case FISC_FACT_ACCOUNT:
        return is_code(text) ? NULL : "a code without blanks and \"/\"";
    case FISC_FACT_TEXT:
    case FISC_FACT_ENTITIES:
    case FISC_FACT_SHARES: /* of the successors: check_shares() */
        return NULL;
    }
    return NULL;
}

static bool
check_field(const FiscEvent *event, const FiscFactField *field, FiscRefusals *refusals)
{
    const char *text = value_of(event->fields, field->name);
    if (*text == '\0') {
        if (field->is_required) {
            fisc_refusals_add(refusals, FISC_ERROR_VALUE_MISSING, NULL, 0, field->name,
                              "%s \"%s\" needs a value here", event->kind, event->subject);
        }
        return !field->is_required;
    }
    const char *wanted = complaint(field, text);
    if (wanted != NULL) {
        fisc_refusals_add(refusals, FISC_ERROR_VALUE_INVALID, NULL, 0, field->name,
                          "%s \"%s\": \"%s\" is not %s", event->kind, event->subject, text, wanted);
    }
    return wanted == NULL;
}

/* A rule of shares is about the successors that the fact names. */
static bool
check_shares(const FiscEvent *event, const FiscFactField *field, FiscRefusals *refusals)
{
    g_autofree char *complaint = NULL;
    if (field->type != FISC_FACT_SHARES) {
        return true;
    }
    g_autoptr(FiscShareRule) rule = fisc_share_rule_read(
        value_of(event->fields, field->name), value_of(event->fields, "into"), &complaint);
    if (rule == NULL) {
        fisc_refusals_add(refusals, FISC_ERROR_VALUE_INVALID, NULL, 0, field->name, "%s \"%s\": %s",
                          event->kind, event->subject, complaint);
    }
    return rule != NULL;
}

static bool
is_field_of(const FiscFactKind *kind, const char *name)
{
    for (const FiscFactField *field = kind->fields; field->name != NULL; field++) {
        if (strcmp(field->name, name) == 0) {
            return true;
        }
    }
    return false;
}

static bool
check_names(const FiscFactKind *kind, const FiscEvent *event, FiscRefusals *refusals)
{
    bool is_good = true;
    for (guint i = 0; i + 1 < event->fields->len; i += 2) {
        const char *name = event->fields->pdata[i];
        if (!is_field_of(kind, name)) {
            fisc_refusals_add(refusals, FISC_ERROR_COLUMN_UNKNOWN, NULL, 0, name,
                              "%s \"%s\" has no such field", event->kind, event->subject);
            is_good = false;
        }
    }
    return is_good;
}

bool
fisc_fact_check(const FiscEvent *event, FiscRefusals *refusals)
{
    const FiscFactKind *kind = fisc_fact_kind(event->kind);
    bool is_good = check_names(kind, event, refusals);
    for (const FiscFactField *field = kind->fields; field->name != NULL; field++) {
        is_good = check_field(event, field, refusals) && is_good;
        is_good = check_shares(event, field, refusals) && is_good;
    }
    if (!is_good) {
        return false;
    }
    g_autofree char *subject = fisc_fact_subject(kind, event->fields);
    if (g_strcmp0(subject, event->subject) != 0) {
        fisc_refusals_add(refusals, FISC_ERROR_VALUE_INVALID, NULL, 0, "subject",
                          "%s \"%s\" is of \"%s\" by its fields", event->kind, event->subject,
                          subject);
        return false;
    }
    return true;
}

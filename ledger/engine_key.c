/* engine_key.c: what a key of a control is: its parts, the window of the year that it counts, and
 * both as words, there and back. */
#include "ledger/engine_control.h"
#include <string.h>

/* Windows ---------------------------------------------------------------------------------- */

int
fisc_month_of(FiscPeriod period)
{
    return CLAMP(period % 100, 1, FISC_MONTHS);
}

static int
months_of(FiscInterval interval)
{
    static const int months[] = {1, 3, FISC_MONTHS};
    return months[interval];
}

static int
first_month(FiscInterval interval, int month)
{
    return month - (month - 1) % months_of(interval);
}

static int
last_month(FiscInterval interval, int month)
{
    return first_month(interval, month) + months_of(interval) - 1;
}

FiscWindow
fisc_control_window(const FiscControl *control, FiscPeriod period)
{
    int month = fisc_month_of(period);
    return (FiscWindow){.first = first_month(control->interval, month),
                        .last = last_month(control->boundary, month)};
}

bool
fisc_control_next_window(const FiscControl *control, FiscWindow *window)
{
    if (window->last == last_month(control->interval, window->first)) {
        return false;
    }
    window->last = last_month(control->boundary, window->last + 1);
    return true;
}

/* Parts ------------------------------------------------------------------------------------ */

/* The number behind ':' or '@'; 0 when it is none. */
static int
parse_count(const char *text)
{
    gsize length = strlen(text);
    bool is_count = length > 0 && length < 4 && strspn(text, "0123456789") == length;
    return is_count ? atoi(text) : 0;
}

static const char *
parse_part(char *word, FiscKeyPart *part)
{
    char *mark = strpbrk(word, ":@");
    if (mark != NULL) {
        int count = parse_count(mark + 1);
        part->length = *mark == ':' ? count : 0;
        part->depth = *mark == '@' ? count : 0;
        *mark = '\0';
        if (count == 0) {
            return "the number behind ':' or '@' is above zero";
        }
    }
    if (strcmp(word, "entity") == 0 || strcmp(word, "account") == 0) {
        part->dim = *word == 'e' ? FISC_PART_ENTITY : FISC_PART_ACCOUNT;
        return NULL;
    }
    part->dim = fisc_dimension_find(word);
    return part->dim >= 0 ? NULL : "a part of the key is no dimension";
}

const char *
fisc_key_parts_parse(const char *text, FiscKeyPart parts[FISC_KEY_PARTS_MAX], int *out_count)
{
    int count = 0;
    g_auto(GStrv) words = g_strsplit(text != NULL ? text : "", " ", -1);
    for (int i = 0; words[i] != NULL; i++) {
        if (*words[i] == '\0') {
            continue;
        }
        if (count == FISC_KEY_PARTS_MAX) {
            return "a key has at most 8 parts";
        }
        parts[count] = (FiscKeyPart){0};
        const char *wrong = parse_part(words[i], &parts[count]);
        if (wrong != NULL) {
            return wrong;
        }
        if (count++ > 0 && parts[count - 1].dim == FISC_PART_ENTITY) {
            return "entity stands once, at the beginning";
        }
    }
    *out_count = count;
    const FiscKeyPart *first = &parts[0];
    bool is_good =
        count > 0 && first->dim == FISC_PART_ENTITY && first->length == 0 && first->depth == 0;
    return is_good ? NULL : "the key begins with entity";
}

const char *
fisc_key_part_column(const FiscKeyPart *part)
{
    return part->dim == FISC_PART_ENTITY    ? "entity"
           : part->dim == FISC_PART_ACCOUNT ? "account"
                                            : fisc_dimension_column((FiscDimension)part->dim);
}

static const char *
part_code(const FiscEngine *engine, const FiscKeyPart *part, const FiscCodingKey *coding)
{
    if (part->dim == FISC_PART_ENTITY) {
        return engine->entity_codes->pdata[coding->entity_id - 1];
    }
    if (part->dim == FISC_PART_ACCOUNT) {
        return ((FiscEngineAccount *)engine->accounts->pdata[coding->account_id - 1])->code;
    }
    return fisc_engine_symbol_text(engine, coding->dim[part->dim]);
}

int32_t
fisc_key_part_symbol(FiscEngine *engine, const FiscKeyPart *part, const FiscCodingKey *coding)
{
    const char *code = part_code(engine, part, coding);
    if (part->depth > 0) {
        code = fisc_engine_ancestor(engine, fisc_key_part_column(part), code, part->depth);
    }
    if (part->length == 0 || (int)strlen(code) <= part->length) {
        return fisc_engine_symbol(engine, code);
    }
    g_autofree char *head = g_strndup(code, (gsize)part->length);
    return fisc_engine_symbol(engine, head);
}

/* Text ------------------------------------------------------------------------------------- */

/* " period=202405", " quarter=2 to=202405" ...: what is said behind the year. */
static void
append_window(GString *text, const FiscControl *control, int year, FiscWindow window)
{
    if (control->interval == FISC_INTERVAL_PERIOD) {
        g_string_append_printf(text, " period=%d", year * 100 + window.first);
        return;
    }
    if (control->interval == FISC_INTERVAL_QUARTER) {
        g_string_append_printf(text, " quarter=%d", (window.first + 2) / 3);
    }
    if (control->boundary < control->interval) {
        g_string_append_printf(text, " to=%d", year * 100 + window.last);
    }
}

char *
fisc_key_text(const FiscEngine *engine, const FiscKeyState *state, FiscWindow window)
{
    GString *text = g_string_new(NULL);
    for (int i = 0; i < state->control->part_count; i++) {
        g_string_append_printf(text, "%s=%s ", fisc_key_part_column(&state->control->parts[i]),
                               fisc_engine_symbol_text(engine, state->name.part[i]));
    }
    g_string_append_printf(text, "year=%d", state->name.year);
    append_window(text, state->control, state->name.year, window);
    return g_string_free(text, FALSE);
}

/* The window whose words these are; false when there is none. */
static bool
parse_window(const FiscControl *control, int year, const char *words, FiscWindow *out_window)
{
    for (int month = 1; month <= FISC_MONTHS; month++) {
        FiscWindow window = fisc_control_window(control, month);
        g_autoptr(GString) text = g_string_new(NULL);
        append_window(text, control, year, window);
        if (strcmp(text->str, words) == 0) {
            *out_window = window;
            return true;
        }
    }
    return false;
}

/* True when a value runs into the next "column=": then the text is the key of another control. */
static bool
has_column(const char *value)
{
    g_auto(GStrv) words = g_strsplit(value, " ", -1);
    for (int i = words[0] != NULL ? 1 : 0; words[i] != NULL; i++) {
        char *equals = strchr(words[i], '=');
        if (equals != NULL) {
            *equals = '\0';
            if (fisc_dimension_find(words[i]) >= 0 || strcmp(words[i], "account") == 0 ||
                strcmp(words[i], "entity") == 0) {
                return true;
            }
        }
    }
    return false;
}

/* Reads "column=value" at @text; the value ends before the word that follows. NULL when it is not
 * there, else what is behind it. */
static const char *
parse_value(const char *text, const char *column, const char *next_column, char **out_value)
{
    gsize length = strlen(column);
    if (strncmp(text, column, length) != 0 || text[length] != '=') {
        return NULL;
    }
    g_autofree char *next = g_strdup_printf(" %s=", next_column);
    const char *value = text + length + 1;
    const char *end = strstr(value, next);
    *out_value = end != NULL ? g_strndup(value, (gsize)(end - value)) : g_strdup(value);
    if (has_column(*out_value)) {
        return NULL;
    }
    return end != NULL ? end + 1 : value + strlen(value);
}

bool
fisc_key_parse(const FiscEngine *engine, const FiscControl *control, const char *text,
               FiscKeyName *out_name, FiscWindow *out_window)
{
    FiscKeyName name = {0};
    for (guint i = 0; i < engine->controls->len; i++) {
        name.control = engine->controls->pdata[i] == control ? (int32_t)i : name.control;
    }
    for (int i = 0; i < control->part_count; i++) {
        bool is_last = i + 1 == control->part_count;
        g_autofree char *value = NULL;
        text = parse_value(text, fisc_key_part_column(&control->parts[i]),
                           is_last ? "year" : fisc_key_part_column(&control->parts[i + 1]), &value);
        if (text == NULL || (i == 0 && fisc_engine_entity(engine, value) == 0)) {
            return false;
        }
        /* Interning a word changes nothing that shows. */
        name.part[i] = fisc_engine_symbol((FiscEngine *)engine, value);
    }
    if (g_str_has_prefix(text, "year=")) {
        char *behind = NULL;
        name.year = (int32_t)g_ascii_strtoll(text + strlen("year="), &behind, 10);
        text = behind;
    }
    *out_name = name;
    return out_window != NULL ? parse_window(control, name.year, text, out_window) : *text == '\0';
}

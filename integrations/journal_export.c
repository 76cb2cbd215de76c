/* journal_export.c: the text of a journal for hledger and Ledger.
 *
 * Which entries it holds is the caller's. The two programs agree on all that is written here but
 * the directive that says how a currency looks. */
#include "integrations/journal_export.h"
#include "fisc/money.h"
#include <string.h>

int
fisc_journal_style_find(const char *word)
{
    static const char *const words[] = {
        [FISC_JOURNAL_HLEDGER] = "hledger", [FISC_JOURNAL_LEDGER] = "ledger"};
    for (guint i = 0; i < G_N_ELEMENTS(words); i++) {
        if (g_strcmp0(words[i], word) == 0) {
            return (int)i;
        }
    }
    return -1;
}

/* Free words: no line ends, nothing that begins a comment, a date or an expression. */
static void
append_words(GString *out, const char *words)
{
    g_autofree char *valid = g_utf8_make_valid(words, -1);
    for (const char *at = valid; *at != '\0'; at = g_utf8_next_char(at)) {
        gunichar letter = g_utf8_get_char(at);
        bool is_special = letter < 0x80 && strchr(";|[]{}\"\\", (int)letter) != NULL;
        bool is_blank = g_unichar_isspace(letter) || g_unichar_iscntrl(letter);
        if (is_blank && (out->len == 0 || out->str[out->len - 1] == ' ')) {
            continue; /* two blanks end a description's account in some readers */
        }
        g_string_append_unichar(out, is_blank ? ' ' : is_special ? '_' : letter);
    }
}

/* A part of an account's name. */
static void
append_part(GString *out, const char *part)
{
    g_autofree char *valid = g_utf8_make_valid(part, -1);
    for (const char *at = valid; *at != '\0'; at = g_utf8_next_char(at)) {
        gunichar letter = g_utf8_get_char(at);
        bool is_plain = g_unichar_isalnum(letter) || letter == '.' || letter == '-';
        g_string_append_unichar(out, is_plain ? letter : '_');
    }
    if (*valid == '\0') {
        g_string_append_c(out, '_');
    }
}

/* Names of currencies are letters; anything else would be read as part of the number. */
static void
append_currency(GString *out, const char *currency)
{
    bool has_letters = *currency != '\0';
    for (const char *at = currency; *at != '\0'; at++) {
        has_letters = has_letters && g_ascii_isalpha(*at);
    }
    if (has_letters) {
        g_string_append_printf(out, " %s", currency);
    }
}

void
fisc_journal_text_comment(const FiscJournalText *text, const char *words)
{
    g_string_append(text->out, "; ");
    append_words(text->out, words);
    g_string_append_c(text->out, '\n');
}

void
fisc_journal_text_currency(const FiscJournalText *text, const char *currency, int decimals)
{
    g_autoptr(GString) name = g_string_new(NULL);
    g_autofree char *zeros = g_strnfill((gsize)MAX(decimals, 0), '0');
    append_currency(name, currency);
    if (name->len == 0) {
        return;
    }
    const char *point = decimals > 0 ? "." : "";
    if (text->style == FISC_JOURNAL_LEDGER) {
        g_string_append_printf(text->out, "commodity%s\n    format 1000%s%s%s\n\n", name->str,
                               point, zeros, name->str);
    } else {
        g_string_append_printf(text->out, "commodity 1000%s%s%s\n\n", ".", zeros,
                               name->str); /* the mark is asked for even without decimals */
    }
}

void
fisc_journal_text_begin(const FiscJournalText *text, FiscDate date, int64_t number,
                        const char *words)
{
    char day[FISC_DATE_TEXT];
    g_string_append_printf(text->out, "%s * (%" G_GINT64_FORMAT ") ", fisc_date_format(date, day),
                           number);
    append_words(text->out, words);
    g_string_append_c(text->out, '\n');
}

void
fisc_journal_text_line(const FiscJournalText *text, const FiscJournalTextLine *line)
{
    char amount[FISC_SUM_TEXT];
    g_string_append(text->out, "    ");
    append_part(text->out, line->entity);
    g_string_append_c(text->out, ':');
    append_part(text->out, line->side);
    g_string_append_c(text->out, ':');
    append_part(text->out, line->account);
    g_string_append_printf(text->out, "  %s",
                           fisc_sum_format(line->amount, line->decimals, amount));
    append_currency(text->out, line->currency);
    g_string_append_c(text->out, '\n');
}

void
fisc_journal_text_end(const FiscJournalText *text)
{
    g_string_append_c(text->out, '\n');
}

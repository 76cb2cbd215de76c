/* command_person.c: `fisc person`: who is who, who may what, and who gave it to whom. */
#include "app/cli/commands.h"
#include <string.h>

/* Prints what was done, or why not, with the rule's name. */
static bool
finish(const FiscCli *cli, const FiscReceipt *receipt, const char *what, const char *subject,
       int *out_status)
{
    if (receipt->refusals != NULL && receipt->refusals->len > 0) {
        *out_status = fisc_cli_print_refusals(receipt->refusals);
        return true;
    }
    g_autofree char *sentence = g_strdup_printf("%s: %s.", subject, what);
    fisc_cli_print_done(cli, sentence, "subject", subject, "state", what, NULL);
    *out_status = 0;
    return true;
}

static bool
print(FiscCli *cli, FiscTable *table, int *out_status, GError **error)
{
    *out_status = 0;
    return fisc_cli_print_table(cli, table, FISC_FORMAT_TABLE, error);
}

/* Persons ------------------------------------------------------------------------------------ */

static bool
add(FiscCli *cli, int *out_status, GError **error)
{
    const char *code = fisc_cli_argument(cli, 1);
    const char *name = fisc_cli_require(cli, "name", error);
    const char *id = name != NULL ? fisc_cli_require(cli, "id", error) : NULL;
    g_autoptr(FiscReceipt) receipt = NULL;
    return id != NULL && fisc_cli_open(cli, error) &&
           fisc_flow_person_add(&cli->context, code, name, id, &receipt, error) &&
           finish(cli, receipt, "registered", code, out_status);
}

static bool
disable(FiscCli *cli, int *out_status, GError **error)
{
    const char *code = fisc_cli_argument(cli, 1);
    g_autoptr(FiscReceipt) receipt = NULL;
    return fisc_cli_open(cli, error) &&
           fisc_flow_person_disable(&cli->context, code, &receipt, error) &&
           finish(cli, receipt, "disabled", code, out_status);
}

static bool
forget(FiscCli *cli, int *out_status, GError **error)
{
    const char *code = fisc_cli_argument(cli, 1);
    if (!fisc_cli_open(cli, error) || !fisc_flow_person_forget(&cli->context, code, error)) {
        return false;
    }
    g_autofree char *sentence = g_strdup_printf("The name of %s is erased.", code);
    fisc_cli_print_done(cli, sentence, "subject", code, "state", "erased", NULL);
    *out_status = 0;
    return true;
}

static bool
list(FiscCli *cli, int *out_status, GError **error)
{
    g_autoptr(FiscTable) table = NULL;
    return fisc_cli_open(cli, error) &&
           fisc_flow_person_list(&cli->context, fisc_cli_has(cli, "both"), &table, error) &&
           print(cli, table, out_status, error);
}

static bool
show(FiscCli *cli, int *out_status, GError **error)
{
    g_autoptr(FiscTable) table = NULL;
    return fisc_cli_open(cli, error) &&
           fisc_flow_person_show(&cli->context, fisc_cli_argument(cli, 1), &table, error) &&
           print(cli, table, out_status, error);
}

static bool
check(FiscCli *cli, int *out_status, GError **error)
{
    g_autoptr(FiscTable) table = NULL;
    const char *entity = fisc_cli_argument(cli, 3);
    return fisc_cli_open(cli, error) &&
           fisc_flow_person_check(&cli->context, fisc_cli_argument(cli, 1),
                                  fisc_cli_argument(cli, 2), entity != NULL ? entity : "*", &table,
                                  error) &&
           print(cli, table, out_status, error);
}

static bool
matrix(FiscCli *cli, int *out_status, GError **error)
{
    g_autoptr(FiscTable) table = NULL;
    return fisc_cli_open(cli, error) && fisc_flow_matrix(&cli->context, &table, error) &&
           print(cli, table, out_status, error);
}

/* Grants and delegations --------------------------------------------------------------------- */

static bool
read_words(FiscCli *cli, FiscGrantWords *out_words, GError **error)
{
    *out_words = (FiscGrantWords){.person = fisc_cli_argument(cli, 1),
                                  .role = fisc_cli_require(cli, "role", error),
                                  .entity = fisc_cli_option(cli, "entity"),
                                  .from = fisc_cli_option(cli, "from"),
                                  .to = fisc_cli_option(cli, "to"),
                                  .reason = fisc_cli_option(cli, "reason"),
                                  .expires = fisc_cli_option(cli, "expires")};
    return out_words->role != NULL && fisc_cli_open(cli, error);
}

static char *
subject_of(const FiscGrantWords *words)
{
    return g_strjoin("/", words->person, words->role, words->entity != NULL ? words->entity : "*",
                     NULL);
}

static bool
grant(FiscCli *cli, int *out_status, GError **error)
{
    FiscGrantWords words;
    g_autoptr(FiscReceipt) receipt = NULL;
    if (!read_words(cli, &words, error) ||
        !fisc_flow_grant_propose(&cli->context, &words, &receipt, error)) {
        return false;
    }
    g_autofree char *subject = subject_of(&words);
    return finish(cli, receipt, "proposed", subject, out_status);
}

static bool
decide(FiscCli *cli, const char *state, int *out_status, GError **error)
{
    FiscGrantWords words;
    g_autoptr(FiscReceipt) receipt = NULL;
    if (!read_words(cli, &words, error) ||
        !fisc_flow_grant_decide(&cli->context, &words, state, &receipt, error)) {
        return false;
    }
    g_autofree char *subject = subject_of(&words);
    return finish(cli, receipt, state, subject, out_status);
}

static bool
confirm(FiscCli *cli, int *out_status, GError **error)
{
    return decide(cli, fisc_cli_has(cli, "refuse") ? "refused" : "active", out_status, error);
}

static bool
delegate(FiscCli *cli, const char *principal, bool ends, int *out_status, GError **error)
{
    FiscGrantWords words;
    g_autoptr(FiscReceipt) receipt = NULL;
    if (!read_words(cli, &words, error) ||
        !fisc_flow_delegate(&cli->context, principal, &words, ends, &receipt, error)) {
        return false;
    }
    g_autofree char *rest = subject_of(&words);
    g_autofree char *subject = g_strjoin("/", principal, rest, NULL);
    return finish(cli, receipt, ends ? "revoked" : "delegated", subject, out_status);
}

static bool
begin_delegation(FiscCli *cli, int *out_status, GError **error)
{
    return delegate(cli, cli->actor, false, out_status, error);
}

static bool
end_role(FiscCli *cli, int *out_status, GError **error)
{
    const char *principal = fisc_cli_option(cli, "principal");
    return principal != NULL ? delegate(cli, principal, true, out_status, error)
                             : decide(cli, "revoked", out_status, error);
}

/* The beginning ------------------------------------------------------------------------------ */

static bool
init(FiscCli *cli, int *out_status, GError **error)
{
    const char *administrator = fisc_cli_argument(cli, 1);
    const char *officer = fisc_cli_argument(cli, 2);
    g_autoptr(FiscReceipt) receipt = NULL;
    if (!fisc_cli_open(cli, error) ||
        !fisc_flow_person_init(&cli->context, administrator, officer, &receipt, error)) {
        return false;
    }
    g_autofree char *subject = g_strjoin(" and ", administrator, officer, NULL);
    return finish(cli, receipt, "administrator and security officer", subject, out_status);
}

static bool
enforce(FiscCli *cli, int *out_status, GError **error)
{
    bool is_enforced = false;
    g_autoptr(FiscReceipt) receipt = NULL;
    return fisc_cli_open(cli, error) &&
           fisc_flow_enforce(&cli->context, &is_enforced, &receipt, error) &&
           finish(cli, receipt, is_enforced ? "enforced" : "proposed: a second person confirms it",
                  "duties", out_status);
}

static const struct {
    const char *verb;
    guint words_min, words_max; /* after the verb */
    bool (*run)(FiscCli *cli, int *out_status, GError **error);
} verbs[] = {
    {"add", 1, 1, add},
    {"list", 0, 0, list},
    {"show", 1, 1, show},
    {"disable", 1, 1, disable},
    {"forget", 1, 1, forget},
    {"grant", 1, 1, grant},
    {"confirm", 1, 1, confirm},
    {"revoke", 1, 1, end_role},
    {"delegate", 1, 1, begin_delegation},
    {"matrix", 0, 0, matrix},
    {"init", 2, 2, init},
    {"enforce", 0, 0, enforce},
    {"check", 2, 3, check},
    {"password", 1, 1, fisc_person_password},
    {"totp", 1, 1, fisc_person_totp},
    {"token", 1, 1, fisc_person_token},
    {"tokens", 0, 1, fisc_person_tokens},
    {"sessions", 0, 1, fisc_person_sessions},
    {"sign-ins", 0, 1, fisc_person_sign_ins},
    {"certificate", 1, 1, fisc_person_certificate},
    {"passkeys", 0, 1, fisc_person_passkeys},
    {"provider", 1, 1, fisc_person_provider},
};

const char *const *
fisc_person_verbs(void)
{
    /* clang-format off */
    static const char *const pairs[] = {
        "add PERSON", "register a human being: --name, --id (the national identity)",
        "list", "everybody, with the roles of today; --both: who holds both of two duties",
        "show PERSON", "grants and delegations, past ones too",
        "disable PERSON", "takes every right at once",
        "forget PERSON", "erases the name",
        "grant PERSON", "the first of two proposes --role, --entity, --from, --to, --expires",
        "confirm PERSON", "the second makes it hold, or says no with --refuse",
        "revoke PERSON", "ends a role; with --principal P, a delegation",
        "delegate PERSON", "the actor passes his own --role on, --from a day --to a day",
        "matrix", "what each role may do with each action",
        "init ADMIN OFFICER", "load the shipped matrix; make administrator and security officer",
        "enforce", "the first of two proposes it, the second brings the duties in force",
        "check PERSON ACTION [ENTITY]", "what somebody may do today, and by which role",
        "password PERSON", "one's own from --password-file; of somebody else a start password",
        "totp PERSON", "a second factor; --code makes it count, --remove takes it away",
        "token PERSON", "for a program: --name, --for, --entity, --expires; --revoke",
        "tokens [PERSON]", "what programs sign in with, and when they did last",
        "sessions [PERSON]", "who is signed in; --end ID or all",
        "sign-ins [PERSON]", "who has signed in or tried to, newest first",
        "passkeys [PERSON]", "who has which; --name PASSKEY --remove takes one away",
        "certificate PERSON", "whose client certificate --subject is; --remove",
        "provider PERSON", "whom --subject of the identity provider --issuer is; --remove",
        NULL,
    };
    /* clang-format on */
    return pairs;
}

bool
fisc_command_person(FiscCli *cli, int *out_status, GError **error)
{
    const char *verb = fisc_cli_argument(cli, 0);
    guint words = cli->words->arguments->len - 1;
    for (gsize i = 0; i < G_N_ELEMENTS(verbs); i++) {
        if (strcmp(verb, verbs[i].verb) != 0) {
            continue;
        }
        if (words < verbs[i].words_min || words > verbs[i].words_max) {
            return fisc_fail(error, FISC_ERROR_USAGE, "`person %s` takes other arguments", verb);
        }
        return verbs[i].run(cli, out_status, error);
    }
    return fisc_fail(error, FISC_ERROR_USAGE, "`person` does not do \"%s\"", verb);
}

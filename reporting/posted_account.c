/* posted_account.c: the account of a coding in the words of whoever posted to it. */
#include "reporting/posted_account.h"
#include "fisc/chart.h"
#include "fisc/gfs.h"
#include <string.h>

void
fisc_posted_account(const FiscCoding *coding, char out_account[FISC_CODE_MAX])
{
    const FiscAccount *account = coding->account;
    if (account->national || account->class_ == FISC_CLASS_BUDGETARY) {
        g_strlcpy(out_account, account->code, FISC_CODE_MAX);
    } else {
        fisc_gfs_compose(account->gfs, coding->flow, coding->kind, out_account);
    }
}

/* A national or budgetary account has a title of its own; a GFS code the manual's. */
const char *
fisc_posted_account_title(const FiscAccount *account, const char *posted)
{
    bool is_code = strcmp(posted, account->code) != 0;
    const char *label = is_code ? fisc_gfs_label(posted) : "";
    return *label != '\0' ? label : account->name;
}

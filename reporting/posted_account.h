/* posted_account.h: the account of a coding as it was posted, and what it is called. */
#ifndef FISC_POSTED_ACCOUNT_H
#define FISC_POSTED_ACCOUNT_H

#include "fisc/balances.h"

/** A national number, a budgetary account, or the flow code of GFS. */
void fisc_posted_account(const FiscCoding *coding, char out_account[FISC_CODE_MAX]);
/** What @posted, the account of such a coding, is called. */
const char *fisc_posted_account_title(const FiscAccount *account, const char *posted);

#endif

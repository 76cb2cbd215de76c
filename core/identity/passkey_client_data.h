/* passkey_client_data.h: what the browser says of an answer (WebAuthn, 5.8.1), held against what
 * was asked. */
#ifndef FISC_IDENTITY_PASSKEY_CLIENT_DATA_H
#define FISC_IDENTITY_PASSKEY_CLIENT_DATA_H

#include "fisc/passkey.h"

#define FISC_CLIENT_DATA_MAX 4096

/** @kind: "webauthn.create" or "webauthn.get". */
FiscPasskeyFault
fisc_client_data_check(const FiscPasskeyQuestion *question, const char *kind, GBytes *client_data);

#endif

/* signin.c: who asks, by session or token. */
#include "app/server/server_internal.h"

bool
fisc_server_sign_in(FiscCall *call)
{
    const char *given = fisc_http_header(call->request, "Authorization");
    if (given != NULL && g_str_has_prefix(given, "Bearer ")) {
        call->principal.person = g_strdup(given + 7);
        call->principal.scope = fisc_scope_new_all();
    } else {
        call->principal.scope = fisc_scope_new();
    }
    return true;
}

/* signin_provider.c: the identity provider of a server, as its options say. */
#include "app/flows/provider.h"
#include "app/server/server_internal.h"
#include "app/server/signin.h"
#include <string.h>

#define RETURN_PATH "/v1/session/provider/return"
#define USUAL_NAME "the identity provider"

bool
fisc_server_open_provider(FiscServer *server, GError **error)
{
    FiscProviderOptions options = server->options.provider;
    const char *base = server->options.base_url;
    if (options.issuer == NULL) {
        return true;
    }
    if (base != NULL) {
        gsize length = strlen(base) - (g_str_has_suffix(base, "/") ? 1 : 0);
        server->provider_return = g_strdup_printf("%.*s" RETURN_PATH, (int)length, base);
    }
    options.return_url = server->provider_return;
    options.name = options.name != NULL ? options.name : USUAL_NAME;
    g_autofree char *complaint = fisc_provider_complaint(&options);
    if (complaint != NULL) {
        return fisc_fail(error, FISC_ERROR_USAGE, "%s", complaint);
    }
    server->provider = fisc_provider_new(&options);
    return true;
}

void
fisc_server_close_provider(FiscServer *server)
{
    g_clear_pointer(&server->provider, fisc_provider_free);
    g_clear_pointer(&server->provider_return, g_free);
}

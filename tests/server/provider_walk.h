/* provider_walk.h: from fisc to the provider and back, and the provider that all walks share. */
#ifndef FISC_TEST_PROVIDER_WALK_H
#define FISC_TEST_PROVIDER_WALK_H

#include "tests/server/idp.h"
#include "tests/server/signing.h"

/** Starts the provider; false when there is none to be had. */
bool provider_walk_begin(void);
void provider_walk_end(void);

/** A server on the school's books that people sign in at by the provider at @issuer. Whoever
 * @adjust is changes what it is told of it; NULL. */
Serving *provider_serve(const char *issuer, void (*adjust)(FiscProviderOptions *options));
/** Makes a person of the provider's subject. */
void provider_link(Serving *serving, const char *person, const char *issuer, const char *subject);

#endif

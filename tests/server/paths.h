/* paths.h: requests made from the tables of routes, for tests that have to cover every route there
 * is, and those that will be. */
#ifndef FISC_TEST_PATHS_H
#define FISC_TEST_PATHS_H

#include "app/server/api.h"

typedef struct {
    char *path;    /* with query */
    char *headers; /* whole lines */
    char *body;    /* NULL: none */
    bool names_unit;
} PathsRequest;

/** A request for a route, about @unit, an entity or a group; NULL: about none. What else it needs
 * comes from the examples of its fields. Writes are dry runs where the route knows them. */
PathsRequest paths_request(const FiscRoute *route, const char *unit);
/** The same with another value for one field. @field NULL: as it is. */
PathsRequest
paths_request_with(const FiscRoute *route, const char *unit, const char *field, const char *value);
void paths_request_clear(PathsRequest *request);
/** True for a field that names an entity or a group. */
bool paths_is_unit(const char *name);
/** True for a route whose answer does not end by itself. */
bool paths_is_stream(const FiscRoute *route);

#endif

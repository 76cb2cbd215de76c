/* resources.h: the tables of routes, one for each file of app/server/api/. */
#ifndef FISC_SERVER_RESOURCES_H
#define FISC_SERVER_RESOURCES_H

#include "app/server/api.h"

extern const FiscRoute fisc_api_service[];
extern const FiscRoute fisc_api_entries[];
extern const FiscRoute fisc_api_funds[];
extern const FiscRoute fisc_api_reports[];

#endif

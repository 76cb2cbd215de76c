/* resources.c: every resource of the API, in the order of its description. */
#include "app/server/resources.h"

const FiscResource fisc_resources[] = {
    {"service", "Whether the server answers", fisc_api_service},
    {"entries", "Entries into the books, in batches, with a dry run", fisc_api_entries},
    {"funds", "What is left of a budget line, at this moment", fisc_api_funds},
    {"reports", "Statements and lists, as the books are or were", fisc_api_reports},
    {NULL, NULL, NULL},
};

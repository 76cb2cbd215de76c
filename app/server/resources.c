/* resources.c: every resource of the API, in the order of its description. */
#include "app/server/resources.h"

const FiscResource fisc_resources[] = {
    {"service", "Whether the server answers", fisc_api_service},
    {"session", "Signing in and out, second factors, confirmations", fisc_api_session},
    {"tokens", "What programs sign in with; where one is signed in", fisc_api_tokens},
    {"description", "What can be asked, for programs", fisc_api_description},
    {"entries", "Entries into the books, in batches, with a dry run", fisc_api_entries},
    {"funds", "What is left of a budget line, at this moment", fisc_api_funds},
    {"trying", "What would be, if", fisc_api_try},
    {"events", "What happens in the books, as it happens", fisc_api_events},
    {"jobs", "Work that takes longer than a request", fisc_api_jobs},
    {"book", "What the book is of: units, accounts, segments, periods", fisc_api_book},
    {"journal", "Entries on record", fisc_api_journal},
    {"documents", "What takes two persons, to be looked at", fisc_api_documents},
    {"budgets", "Budgets that are being prepared, to be looked at", fisc_api_budgets},
    {"proofs", "What somebody outside can check", fisc_api_proofs},
    {"verification", "Whether the books are what was posted", fisc_api_verification},
    {"reports", "Statements and lists, as the books are or were", fisc_api_reports},
    {"deciding", "What takes two persons: propose, approve, reject", fisc_api_documents_write},
    {"orders", "Changes of a budget, proposed as documents", fisc_api_orders_write},
    {"formulation", "A budget before it is law", fisc_api_budgets_write},
    {"duties", "Persons, the roles they hold, delegations", fisc_api_persons_write},
    {"on record", "Questions, layouts, publications, rules, persons", fisc_api_records},
    {"records", "Periods, units, layouts, questions, publications", fisc_api_records_write},
    {"audit", "What auditors look at beside the books", fisc_api_audit},
    {NULL, NULL, NULL},
};

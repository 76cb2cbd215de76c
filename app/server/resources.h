/* resources.h: the tables of routes, one for each file of app/server/api/. */
#ifndef FISC_SERVER_RESOURCES_H
#define FISC_SERVER_RESOURCES_H

#include "app/server/api.h"

extern const FiscRoute fisc_api_audit[];
extern const FiscRoute fisc_api_holds[];
extern const FiscRoute fisc_api_service[];
extern const FiscRoute fisc_api_session[];
extern const FiscRoute fisc_api_provider[];
extern const FiscRoute fisc_api_passkeys[];
extern const FiscRoute fisc_api_step_ups[];
extern const FiscRoute fisc_api_tokens[];
extern const FiscRoute fisc_api_entries[];
extern const FiscRoute fisc_api_funds[];
extern const FiscRoute fisc_api_try[];
extern const FiscRoute fisc_api_events[];
extern const FiscRoute fisc_api_jobs[];
extern const FiscRoute fisc_api_reports[];
extern const FiscRoute fisc_api_book[];
extern const FiscRoute fisc_api_verification[];
extern const FiscRoute fisc_api_description[];
extern const FiscRoute fisc_api_proofs[];
extern const FiscRoute fisc_api_records[];
extern const FiscRoute fisc_api_journal[];
extern const FiscRoute fisc_api_documents[];
extern const FiscRoute fisc_api_budgets[];
extern const FiscRoute fisc_api_documents_write[];
extern const FiscRoute fisc_api_orders_write[];
extern const FiscRoute fisc_api_budgets_write[];
extern const FiscRoute fisc_api_persons_write[];
extern const FiscRoute fisc_api_records_write[];
extern const FiscRoute fisc_api_feeders[];
extern const FiscRoute fisc_api_fiscal_events[];
extern const FiscRoute fisc_api_pulls[];

#endif

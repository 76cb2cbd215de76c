/* tryton.h: what the connector to Tryton and its rows share. Private to integrations/. */
#ifndef FISC_INTEGRATIONS_TRYTON_H
#define FISC_INTEGRATIONS_TRYTON_H

#include <jansson.h>
#include <stdbool.h>

/** "2024-01-31" of {"__class__": "date", "year": 2024, "month": 1, "day": 31}; false when it is
 * none. */
#define TRYTON_DAY_TEXT 16
bool fisc_tryton_day(json_t *value, char buffer[TRYTON_DAY_TEXT]);

/** Whether @records is a list of objects with an id that have every one of @fields, of a shape that
 * such a field has. */
bool fisc_tryton_are_records(const json_t *records, const json_t *fields);

#endif

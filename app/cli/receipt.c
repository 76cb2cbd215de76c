/* receipt.c: what became of each entry, one JSON object a line. */
#include "app/cli/cli.h"
#include <stdlib.h>

static void
print_line(json_t *object)
{
    char *line = json_dumps(object, JSON_COMPACT);
    fisc_cli_print("%s\n", line);
    free(line);
    json_decref(object);
}

static void
print_result(const FiscResult *result, bool was_dry_run)
{
    print_line(fisc_json_result(result, was_dry_run));
    if (result->refusals != NULL) {
        fisc_cli_print_refusals(result->refusals);
    }
    if (result->warnings != NULL) {
        fisc_cli_print_refusals(result->warnings);
    }
}

int
fisc_cli_print_receipt(const FiscReceipt *receipt, bool was_dry_run)
{
    int status = 0;
    for (guint i = 0; i < receipt->results->len; i++) {
        const FiscResult *result = g_ptr_array_index(receipt->results, i);
        print_result(result, was_dry_run);
        if (result->kind == FISC_RESULT_REFUSED) {
            /* 4 when each was denied for want of a duty, and nothing else was wrong. */
            int own = fisc_refusals_exit_status(result->refusals);
            status = own == 4 && (status == 0 || status == 4) ? 4 : 6;
        } else if (result->kind == FISC_RESULT_CONFLICT && status == 0) {
            status = 5;
        }
    }
    if (receipt->refusals != NULL && receipt->refusals->len > 0) {
        return fisc_cli_print_refused_text(receipt->refusals);
    }
    return status;
}

int
fisc_cli_print_refused_text(const FiscRefusals *refusals)
{
    print_line(fisc_json_refused_text(refusals));
    return fisc_cli_print_refusals(refusals);
}

/* error.h: every way fisc says no, in one list.
 *
 * A failure (network, disk, database, usage) is a GError of the one domain FISC_ERROR. A refusal
 * (unbalanced, period closed, budget exceeded) is an answer: a FiscRefusal in a result. Both take
 * their codes from here, so a code has one exit status, one HTTP status, one SQLSTATE and one
 * sentence, wherever it shows. Codes are contracts: names never change meaning. */
#ifndef FISC_ERROR_H
#define FISC_ERROR_H

#include <glib.h>
#include <stdbool.h>

/* X(NAME, exit status, HTTP status, SQLSTATE, sentence) */
#define FISC_ERRORS(X)                                                                             \
    /* failures */                                                                                 \
    X(FAILED, 1, 500, "ZF000", "The operation failed")                                             \
    X(IO, 1, 500, "ZF001", "A file could not be read or written")                                  \
    X(DATABASE, 1, 500, "ZF002", "The database reported an error")                                 \
    X(SETUP, 1, 500, "ZF003", "The environment is not ready")                                      \
    X(USAGE, 2, 400, "ZF004", "The command was not understood")                                    \
    X(NOT_FOUND, 3, 404, "ZF005", "Not found")                                                     \
    X(DENIED, 4, 403, "ZF006", "Not permitted")                                                    \
    X(UNAVAILABLE, 7, 503, "ZF007", "The database cannot be reached")                              \
    X(OUTCOME_UNKNOWN, 7, 503, "ZF008",                                                            \
      "The outcome is unknown: ask again with the same reference")                                 \
    X(TAMPERED, 8, 500, "ZF009", "The record was altered")                                         \
    X(PEER_UNAVAILABLE, 7, 503, "ZF010", "Another system cannot be reached")                       \
    X(PEER_FORBIDDEN, 4, 502, "ZF011", "Another system may not be talked to")                      \
    X(PEER_FAULT, 1, 502, "ZF012", "Another system gave an answer that cannot be right")           \
    /* the chain */                                                                                \
    X(CHAIN_CONFLICT, 5, 409, "ZC001", "Another writer appended first")                            \
    X(REFERENCE_CONFLICT, 5, 409, "ZC002", "The reference was posted before with other content")   \
    X(IN_FLIGHT, 5, 409, "ZC003", "The same reference is being posted")                            \
    X(BATCH_COUNT, 6, 422, "ZC004", "The batch does not carry what it claims")                     \
    X(CODING_FOREIGN, 6, 422, "ZC005", "A coding belongs to another entity")                       \
    /* files and fields */                                                                         \
    X(FILE_EMPTY, 6, 422, "ZI001", "The file is empty")                                            \
    X(ENCODING_INVALID, 6, 422, "ZI002", "The text is not in the expected encoding")               \
    X(NUL_BYTE, 6, 422, "ZI003", "The text contains a NUL byte")                                   \
    X(LINE_TOO_LONG, 6, 413, "ZI004", "A line is longer than the limit")                           \
    X(QUOTE_UNBALANCED, 6, 422, "ZI005", "A quoted field does not end")                            \
    X(COLUMN_MISSING, 6, 422, "ZI006", "A required column is missing")                             \
    X(COLUMN_UNKNOWN, 6, 422, "ZI007", "A column is not known")                                    \
    X(COLUMN_COUNT, 6, 422, "ZI008", "The row has another number of fields than the header")       \
    X(VALUE_MISSING, 6, 422, "ZI009", "A required value is missing")                               \
    X(VALUE_INVALID, 6, 422, "ZI010", "The value is not allowed")                                  \
    X(AMOUNT_INVALID, 6, 422, "ZI011", "The amount is not a decimal number")                       \
    X(AMOUNT_DECIMALS, 6, 422, "ZI012", "The amount has more decimals than its currency")          \
    X(AMOUNT_OVERFLOW, 6, 422, "ZI013", "The amount does not fit")                                 \
    X(DATE_INVALID, 6, 422, "ZI014", "The date does not exist")                                    \
    X(DUPLICATE_ROW, 6, 422, "ZI015", "The row repeats an earlier one")                            \
    X(JSON_INVALID, 6, 422, "ZI016", "The text is not valid JSON")                                 \
    X(MAPPING_MISSING, 6, 422, "ZI017", "No rule maps this code")                                  \
    X(CONTROL_TOTAL, 6, 422, "ZI018", "The control total does not tie")                            \
    X(READER_STOPPED, 6, 422, "ZI019", "The reader of the document had to be stopped")             \
    /* the ledger's rules */                                                                       \
    X(ENTRY_UNBALANCED, 6, 422, "ZL001", "Debits and credits of a side differ")                    \
    X(ENTRY_SHAPE, 6, 422, "ZL002", "An entry needs two lines or more, none of them zero")         \
    X(ENTRY_TOO_LARGE, 6, 422, "ZL003", "The entry or group has too many lines")                   \
    X(ENTITY_UNKNOWN, 6, 422, "ZL004", "The entity is not known")                                  \
    X(ACCOUNT_UNKNOWN, 6, 422, "ZL005", "The code is not in the chart of accounts")                \
    X(SEGMENT_UNKNOWN, 6, 422, "ZL006", "The segment code is not known")                           \
    X(COUNTERPARTY_UNKNOWN, 6, 422, "ZL007", "The counterparty is not known")                      \
    X(PERIOD_NOT_OPEN, 6, 422, "ZL008", "The period is not open")                                  \
    X(PERIOD_STATE, 6, 422, "ZL009", "The period cannot change to this state")                     \
    X(CORRECTS_UNKNOWN, 6, 422, "ZL010", "The entry to be corrected is not known")                 \
    X(ALREADY_REVERSED, 5, 409, "ZL011", "The entry was reversed before")                          \
    X(ACTOR_MISSING, 6, 422, "ZL012", "Nobody answers for this write")                             \
    X(ATOMIC_GROUP, 6, 422, "ZL013", "Another entry of the same group was refused")                \
    X(MASTER_CONFLICT, 6, 422, "ZL014", "The master data contradicts what is on record")           \
    /* funds control */                                                                            \
    X(BUDGET_EXCEEDED, 6, 422, "ZB001", "The funds available do not suffice")                      \
    X(NO_BUDGET, 6, 422, "ZB002", "There is no budget for this key")                               \
    X(ITEM_UNKNOWN, 6, 422, "ZB003", "The open item is not known")                                 \
    X(ITEM_EXCEEDED, 6, 422, "ZB004", "More is taken from the open item than is open")             \
    X(ITEM_MISMATCH, 6, 422, "ZB005", "The open item stands in another account or currency")       \
    X(VIREMENT_RULE, 6, 422, "ZB006", "The virement is outside the rules")                         \
    X(LINKED_SET, 6, 422, "ZB007", "Accounts that are linked must move together")                  \
    X(CASE_STATE, 6, 422, "ZB008", "This step is not possible now")                                \
    X(CASE_CHANGED, 5, 409, "ZB009", "Somebody else changed it first: look again")                 \
    X(CEILING_EXCEEDED, 6, 422, "ZB010", "More is requested than the ceiling allows")              \
    X(CARRY_RULE, 6, 422, "ZB011", "The law does not let this be carried over")                    \
    X(RESERVE_RULE, 6, 422, "ZB012", "The reserve may not be drawn for this")                      \
    /* what an accepted entry is told */                                                           \
    X(BUDGET_WARNING, 0, 200, "ZW001", "Most of the budget is used")                               \
    X(BUDGET_TOLERATED, 0, 200, "ZW002", "The budget is exceeded within its tolerance")            \
    X(BUDGET_ADVISORY, 0, 200, "ZW003", "The budget is exceeded, and the control only advises")    \
    X(BUDGET_OVERRIDDEN, 0, 200, "ZW004", "The budget is exceeded by an override")                 \
    X(BUDGET_REVALUED, 0, 200, "ZW005", "A revaluation exceeds the budget")                        \
    X(COVER_DRAWN, 0, 200, "ZW006", "Another key covers a part of it")                             \
    /* persons and duties */                                                                       \
    X(PERSON_UNKNOWN, 4, 403, "ZP001", "This person is not registered")                            \
    X(DUTY_MISSING, 4, 403, "ZP002", "This person holds no role for this act")                     \
    X(SOD_SAME_PERSON, 4, 403, "ZP003", "One person would hold duties that must not meet")         \
    X(SOD_SAME_PRINCIPAL, 4, 403, "ZP004",                                                         \
      "A delegate and the principal would hold duties that must not meet")                         \
    X(ROLE_INCOMPATIBLE, 6, 422, "ZP005", "The roles must not meet in one person")                 \
    X(SECOND_PERSON, 4, 403, "ZP006", "A second person has to confirm")                            \
    X(DELEGATION_INVALID, 4, 403, "ZP007", "The delegation does not hold")                         \
    X(APPROVAL_MISSING, 4, 403, "ZP008", "The act needs an approved document")                     \
    X(DOCUMENT_STATE, 6, 422, "ZP009", "The document cannot change to this state")                 \
    X(DOCUMENT_CHANGED, 6, 422, "ZP010", "This is not what was approved")                          \
    X(HELD, 6, 422, "ZP011", "An auditor holds it")                                                \
    /* layouts of statements */                                                                    \
    X(LAYOUT_FORMULA, 6, 422, "ZY001", "The formula cannot be read")                               \
    X(LAYOUT_SOURCE, 6, 422, "ZY002", "There is no such source of figures")                        \
    X(LAYOUT_ROW, 6, 422, "ZY003", "No row above has this code")                                   \
    X(LAYOUT_CODE, 6, 422, "ZY004", "The source has no figure of this code")                       \
    X(LAYOUT_SIGN, 6, 422, "ZY005", "The sign contradicts the side of the code")                   \
    X(LAYOUT_GAP, 6, 422, "ZY006", "A part of the classification is in no row")                    \
    X(LAYOUT_TWICE, 6, 422, "ZY007", "A code is counted twice")                                    \
    X(LAYOUT_TOTAL, 6, 422, "ZY008", "The total is not the sum of its rows")

typedef enum {
#define X(name, exit_status, http, sqlstate, sentence) FISC_ERROR_##name,
    FISC_ERRORS(X)
#undef X
        FISC_ERROR_COUNT
} FiscError;

#define FISC_ERROR (fisc_error_quark())
GQuark fisc_error_quark(void);

/** "BUDGET_EXCEEDED": the stable name of a code. */
const char *fisc_error_name(FiscError code);
/** The sentence that explains a code, without a full stop. */
const char *fisc_error_sentence(FiscError code);
/** The exit status a command ends with. */
int fisc_error_exit_status(FiscError code);
int fisc_error_http_status(FiscError code);
const char *fisc_error_sqlstate(FiscError code);
/** The code of an SQLSTATE of class Z that one of our routines raised; -1 for any other. */
int fisc_error_from_sqlstate(const char *sqlstate);

/** Sets @error and returns false, so that a failure is one line. */
bool fisc_fail(GError **error, FiscError code, const char *format, ...) G_GNUC_PRINTF(3, 4);

#endif

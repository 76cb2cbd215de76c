/* rules.h: the house rules that a machine can hold: arrows, doors, words. */
#ifndef FISC_TIDY_RULES_H
#define FISC_TIDY_RULES_H

#include "tests/tidy/source.h"

typedef enum {
    FISC_RULE_ARROWS, /* a folder includes only what the map allows */
    FISC_RULE_DOORS,  /* a library is included only where it belongs */
    FISC_RULE_FLOATS, /* no float near money */
    FISC_RULE_WRITES, /* no SQL that writes outside sql/ */
    FISC_RULE_HEADS,  /* each file begins with a comment */
    FISC_RULE_COUNT
} FiscRule;

/** All C files of the product and its benches under @root: an array of FiscSource. Tests and tools
 * are not the product. */
GPtrArray *fisc_tree_read(const char *root);
/** What breaks @rule: one "path:line: complaint" a line; "" when nothing does. Caller frees. */
char *fisc_rule_check(FiscRule rule, GPtrArray *sources);

#endif

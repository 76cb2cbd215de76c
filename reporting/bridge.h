/* bridge.h: from the codes the books are kept in (GFSM 2014) to those of another standard.
 *
 * A bridge is data (sql/seeds/gfsm2001_*.csv): a map of codes, a short table of rules for what the
 * map cannot tell, names. It works on one line at a time, and so that an entry which adds up still
 * does: every identity that holds in one standard holds in the other. What it cannot tell apart it
 * leaves together and says so, with the amount. */
#ifndef FISC_BRIDGE_H
#define FISC_BRIDGE_H

#include "reporting/layout.h"

typedef struct _FiscBridge FiscBridge;

/* One of the codes that a code becomes: its amount is added (+1) or taken away (-1). */
typedef struct {
    const char *code;
    int sign;
} FiscBridgePart;

#define FISC_BRIDGE_PARTS_MAX 2

typedef struct {
    FiscBridgePart part[FISC_BRIDGE_PARTS_MAX];
    guint count; /* 0: the standard has nothing like it */
    guint rule;  /* of fisc_bridge_tell(); 0: nothing has to be said */
} FiscBridgeParts;

/** Reads the files of a bridge: the map, the rules, the names. Aborts on a mistake in them: they
 * are compiled in, and a test reads them. */
FiscBridge *fisc_bridge_new(const FiscLayoutFile *files);
void fisc_bridge_free(FiscBridge *bridge);

/** What a flow ("3114.1"), a stock ("6114") or a row of the cash statement ("31.1", "3201")
 * becomes. The answer is the bridge's, and the same for the same code. */
const FiscBridgeParts *fisc_bridge_parts(FiscBridge *bridge, const char *code);
/** Remembers @amount, debits positive, for the note of what became of @code. */
void fisc_bridge_tell(FiscBridge *bridge, const char *code, __int128 amount);
/** The standard's own name of one of its codes; NULL = as in GFSM 2014. */
const char *fisc_bridge_label(const FiscBridge *bridge, const char *code);

/** What was told, in the order of the rules, where it is about statements that are asked for. */
void
fisc_bridge_notes(const FiscBridge *bridge, const char *unit, const char *asked, FiscTable *table);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscBridge, fisc_bridge_free)

#endif

/* coverage.h: what a statement does not cover, as the package that was loaded says it. */
#ifndef FISC_COVERAGE_H
#define FISC_COVERAGE_H

#include "reporting/perimeter.h"

/** The notes of the perimeter's unit and of those inside it on @statement ("SOO", or "*" for those
 *  on all statements), as texts, in the order given. A text that several share is there once, and
 *  names units only when it does not concern the whole perimeter. Caller unrefs. */
GPtrArray *fisc_coverage_notes(const FiscPerimeter *perimeter, const char *statement);

#endif

/* sealed.c: fisc-parse-sealed, the reader of sealed documents: main.c, with what checks hashes and
 * signatures. */
#include "integrations/parse.h"
#include <unistd.h>

int
main(void)
{
    _exit(fisc_parse_work(&fisc_reader_sealed));
}

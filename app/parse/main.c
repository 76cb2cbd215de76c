/* main.c: fisc-parse, the reader of documents of outside systems. fisc runs it for each of them; it
 * is no command for people. What it does stands in integrations/parse_work.c.
 *
 * It ends by _exit(): nothing that a library would do at the end belongs into the sandbox. */
#include "integrations/parse.h"
#include <unistd.h>

int
main(void)
{
    _exit(fisc_parse_work(&fisc_reader_plain));
}

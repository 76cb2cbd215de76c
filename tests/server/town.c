/* town.c: see town.h. */
#include "tests/server/town.h"
#include "tests/integrations/fixture.h"
#include "tests/support/suite.h"
#include <string.h>

static const char profile[] =
    "[file]\nname = ledger.csv\nsource = outside/ledger\ncurrency = EUR\nkey = {number}\n"
    "steps = Expense\n\n"
    "[columns]\nnumber = number\nday = day\ncode = code\ntext = text\namount = amount\n\n"
    "[amounts]\namount = plus\n\n"
    "[value class]\nmap = codes.csv\nof = {code}\ntitle = {text}\nprefix = code\nresult = gfs\n"
    "missing = suspense\nsuspense = 2\nweigh = amount\n\n"
    "[entry expense]\nstep = Expense\nreference = {number}\nentity = SCH\ndate = {day}\n"
    "memo = {text}\namount = amount\ndebit = {class}\ncredit = 3308\n";
static const char codes[] = "code,title,gfs,note\n6201,Office paper,22,\n6400,Salaries,2111,\n";

char *
town_put(Books *books, const char *document)
{
    char *drop = fixture_folder("ledger.csv", document, NULL);
    char *map = fixture_folder("ledger.profile", profile, "codes.csv", codes, NULL);
    g_autofree char *text = g_strdup_printf("feeder,title,entities,connector,at,documents,read\n"
                                            "town,A town,SCH,folder,%s,ledger.csv,together\n",
                                            drop);
    books_must_put_feeders(books, text);
    books_must_map(books, "town", map);
    fixture_remove(map);
    return drop;
}

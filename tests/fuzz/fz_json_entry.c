/* fz_json_entry.c: bodies of POST /v1/entries. Either a submission or refusals that say why; and
 * what was taken, written and read again, is written the same. */
#include "fisc/package.h"
#include "fisc/refusal.h"
#include "tests/fuzz/fuzz.h"
#include <string.h>

static FiscNation *
make_nation(void)
{
    g_autoptr(FiscNation) known = fisc_nation_new();
    fisc_nation_add_entity(known, "SCH", "School board", "S1313", "11", true, NULL);
    fisc_nation_add_entity(known, "CORP", "Companies", "S11002", "152", false, NULL);
    fisc_nation_add_entity(known, "BANK", "Banks", "S12202", "132", false, NULL);
    return fisc_package_nation(known);
}

static FiscSubmission *
read_body(const FiscNation *nation, FiscBodyKind kind, const char *data, gsize length)
{
    FiscPackageBody body = {.name = "body",
                            .kind = kind,
                            .data = data,
                            .length = length,
                            .nation = nation,
                            .source = "fuzz",
                            .actor = "fuzz",
                            .key = "key"};
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    FiscSubmission *submission = fisc_package_read_body(&body, refusals);
    FUZZ_HOLDS((submission == NULL) == (refusals->len > 0));
    return submission;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static FiscNation *nation; /* the same for every input */
    if (nation == NULL) {
        nation = make_nation();
    }
    if (size == 0) {
        return 0;
    }
    FiscBodyKind kind = (FiscBodyKind)(data[0] % 3);
    g_autoptr(FiscSubmission) submission =
        read_body(nation, kind, (const char *)data + 1, size - 1);
    g_autofree char *written =
        submission != NULL ? fisc_package_write_entries(submission, nation) : NULL;
    if (written != NULL && *written != '\0') {
        g_autoptr(FiscSubmission) again =
            read_body(nation, FISC_BODY_KIND_NDJSON, written, strlen(written));
        FUZZ_HOLDS(again != NULL);
        g_autofree char *twice = fisc_package_write_entries(again, nation);
        FUZZ_HOLDS(strcmp(twice, written) == 0);
    }
    return 0;
}

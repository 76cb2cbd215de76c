/* fixture.c: see fixture.h. */
#include "tests/integrations/fixture.h"
#include "fisc/money.h"
#include "tests/support/suite.h"

#include <glib/gstdio.h>
#include <stdarg.h>

void
fixture_write(const char *folder, const char *name, const char *text)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    g_assert(g_file_set_contents(path, text, -1, NULL));
}

char *
fixture_folder(const char *name, ...)
{
    char *folder = g_dir_make_tmp("fisc-package-XXXXXX", NULL);
    g_assert(folder != NULL);
    va_list files;
    va_start(files, name);
    for (; name != NULL; name = va_arg(files, const char *)) {
        fixture_write(folder, name, va_arg(files, const char *));
    }
    va_end(files);
    return folder;
}

void
fixture_remove(char *folder)
{
    GDir *list = g_dir_open(folder, 0, NULL);
    g_assert(list != NULL);
    const char *name;
    while ((name = g_dir_read_name(list)) != NULL) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        g_unlink(path);
    }
    g_dir_close(list);
    g_rmdir(folder);
    g_free(folder);
}

FiscPackage *
fixture_read(const char *folder, FiscRefusals *refusals)
{
    FiscPackage *package = NULL;
    g_autoptr(GError) error = NULL;
    bool is_read = fisc_package_read(folder, NULL, "tester", &package, refusals, &error);
    FISC_ASSERT_TEXT(error != NULL ? error->message : "", "");
    CU_ASSERT_TRUE(is_read);
    CU_ASSERT_TRUE((package == NULL) == (refusals->len > 0));
    return package;
}

char *
fixture_dump(const FiscRefusals *refusals)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < refusals->len; i++) {
        const FiscRefusal *refusal = refusals->pdata[i];
        g_string_append_printf(text, "%s%s:%d:%s:%s", i > 0 ? "\n" : "", refusal->file,
                               refusal->line, refusal->field != NULL ? refusal->field : "",
                               fisc_error_name(refusal->code));
    }
    return g_string_free(text, FALSE);
}

char *
fixture_refusals_of(const char *folder)
{
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_autoptr(FiscPackage) package = fixture_read(folder, refusals);
    return fixture_dump(refusals);
}

static void
dump_line(const FiscLine *line, GString *text)
{
    char amount[FISC_AMOUNT_TEXT];
    g_string_append_printf(text, "\n  %s %s", line->account,
                           fisc_amount_format(line->amount, 2, amount));
    for (int i = 0; i < FISC_DIM_COUNT; i++) {
        if (line->dim[i] != NULL && *line->dim[i] != '\0') {
            g_string_append_printf(text, " %s=%s", fisc_dimension_column((FiscDimension)i),
                                   line->dim[i]);
        }
    }
    if (line->flow != 0) {
        g_string_append_printf(text, " flow=%d", line->flow);
    }
}

char *
fixture_dump_entry(const FiscEntry *entry)
{
    char date[FISC_DATE_TEXT];
    GString *text = g_string_new(NULL);
    g_string_append_printf(text, "%s %s %d %s|%s", entry->reference,
                           fisc_date_format(entry->effective, date), entry->period,
                           entry->document != NULL ? entry->document : "",
                           entry->memo != NULL ? entry->memo : "");
    for (guint i = 0; i < entry->lines->len; i++) {
        dump_line(&g_array_index(entry->lines, FiscLine, i), text);
    }
    return g_string_free(text, FALSE);
}

const FiscPackageStep *
fixture_step(const FiscPackage *package, const char *title)
{
    for (guint i = 0; i < package->steps->len; i++) {
        const FiscPackageStep *step = package->steps->pdata[i];
        if (g_strcmp0(step->title, title) == 0) {
            return step;
        }
    }
    CU_FAIL_FATAL("no such step");
    return NULL;
}

char *
fixture_dump_events(const FiscSubmission *submission)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < submission->events->len; i++) {
        const FiscEvent *event = submission->events->pdata[i];
        g_string_append_printf(text, "%s%s %s", i > 0 ? "\n" : "", event->kind, event->subject);
        for (guint j = 0; j + 1 < event->fields->len; j += 2) {
            g_string_append_printf(text, " %s=%s", (const char *)event->fields->pdata[j],
                                   (const char *)event->fields->pdata[j + 1]);
        }
    }
    return g_string_free(text, FALSE);
}

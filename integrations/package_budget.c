/* package_budget.c: budget.csv: appropriations and virements by (entity, GFS code, function), and
 * the control that they imply: absolute for keys with a row, none for others. */
#include "fisc/gfs.h"
#include "integrations/package_internal.h"
#include <string.h>

#define CONTROL "budget"
#define CONTROL_KEY "entity gfs_code cofog"

typedef struct {
    FiscReader *reader;
    FiscSubmission *submission;
    const FiscCsv *csv;
    const FiscCsvRow *row;
    GPtrArray *entities; /* of const char *: with rows, in order */
} Reading;

static const char *
value(const Reading *reading, const char *column)
{
    return fisc_csv_field(reading->csv, reading->row, fisc_csv_column(reading->csv, column));
}

static FiscPlace
place_at(const Reading *reading, const char *column)
{
    return (FiscPlace){.file = reading->csv->file, .line = reading->row->line, .field = column};
}

/* Without a date of its own a budget is of the year the package is about. */
static bool
take_date(Reading *reading, FiscDate *out_date)
{
    const char *text = value(reading, "date");
    if (*text == '\0' && reading->reader->first_year != 0) {
        *out_date = fisc_date_make(reading->reader->first_year, 1, 1);
        return true;
    }
    if (*text == '\0') {
        return fisc_reader_refuse(reading->reader, place_at(reading, "date"),
                                  FISC_ERROR_VALUE_MISSING, "add a column date",
                                  "no journal or opening row tells the year of the budget");
    }
    return fisc_reader_date(reading->reader, place_at(reading, "date"), text, out_date);
}

static bool
take_amount(Reading *reading, const char *column, int decimals, int64_t *out_amount)
{
    const char *text = value(reading, column);
    return *text == '\0' || fisc_reader_amount(reading->reader, place_at(reading, column), text,
                                               decimals, '.', 0, out_amount);
}

static void
add_entry(Reading *reading, const FiscEntity *entity, FiscDate date, const char *what,
          FiscStage from, int64_t amount)
{
    FiscSubmission *submission = reading->submission;
    const char *dim[FISC_DIM_COUNT] = {
        [FISC_DIM_GFS] = fisc_submission_text(submission, value(reading, "gfs_code")),
        [FISC_DIM_FUNCTION] = fisc_submission_text(submission, value(reading, "cofog"))};
    g_autofree char *reference = g_strdup_printf("%s/budget/%s/%s/%s", entity->code,
                                                 dim[FISC_DIM_GFS], dim[FISC_DIM_FUNCTION], what);
    FiscEntry *entry = fisc_submission_entry(submission);
    entry->entity = fisc_submission_text(submission, entity->code);
    entry->reference = fisc_submission_text(submission, reference);
    entry->effective = date;
    entry->file = fisc_submission_text(submission, reading->csv->file);
    entry->row = reading->row->line;
    entry->decimals = entity->decimals;
    entry->memo = fisc_submission_text(
        submission, from == FISC_STAGE_CHANGE ? "Budget: virement" : "Budget: appropriation");
    fisc_entry_move(entry, from, FISC_STAGE_AVAILABLE, amount, dim, reading->row->line);
    fisc_reader_finish_entry(reading->reader, submission, entry);
}

/* A budget of zero has nothing to post, but its key is limited all the same. */
static void
add_empty_line(Reading *reading, const FiscEntity *entity, FiscDate date)
{
    const char *gfs_code = value(reading, "gfs_code");
    const char *cofog = value(reading, "cofog");
    g_autofree char *year = g_strdup_printf("%d", fisc_date_year(date));
    g_autofree char *subject = g_strjoin("/", entity->code, gfs_code, cofog, year, NULL);
    fisc_submission_event(reading->reader->package->master, "budget_line", subject, "entity",
                          entity->code, "year", year, "gfs_code", gfs_code, "cofog", cofog, NULL);
}

static bool
check_codes(Reading *reading)
{
    int flow = 0;
    const char *gfs_code = value(reading, "gfs_code");
    const char *cofog = value(reading, "cofog");
    FiscPlace place = place_at(reading, "gfs_code");
    bool is_good = fisc_reader_required(reading->reader, place, gfs_code) &&
                   fisc_reader_gfs_code(reading->reader, place, gfs_code, &flow);
    is_good &= *cofog == '\0' || fisc_reader_dimension(reading->reader, place_at(reading, "cofog"),
                                                       FISC_DIM_FUNCTION, cofog);
    return is_good;
}

static void
note_entity(Reading *reading, const char *code)
{
    if (!g_ptr_array_find_with_equal_func(reading->entities, code, g_str_equal, NULL)) {
        g_ptr_array_add(reading->entities, (char *)code);
    }
}

static void
take_row(Reading *reading)
{
    const FiscEntity *entity = NULL;
    FiscDate date = 0;
    int64_t original = 0, virement = 0;
    if (!fisc_reader_entity(reading->reader, place_at(reading, "entity"), value(reading, "entity"),
                            &entity)) {
        return;
    }
    note_entity(reading, entity->code);
    bool is_good = check_codes(reading);
    is_good &= take_date(reading, &date);
    is_good &= take_amount(reading, "original", entity->decimals, &original);
    is_good &= take_amount(reading, "virement", entity->decimals, &virement);
    if (is_good && original < 0) {
        is_good = fisc_reader_refuse(reading->reader, place_at(reading, "original"),
                                     FISC_ERROR_VALUE_INVALID, "take away with a virement",
                                     "an appropriation is not negative");
    }
    if (!is_good) {
        return;
    }
    if (original != 0) {
        add_entry(reading, entity, date, "original", FISC_STAGE_APPROPRIATION, original);
    }
    if (virement != 0) {
        add_entry(reading, entity, date, "virement", FISC_STAGE_CHANGE, virement);
    }
    if (original == 0 && virement == 0) {
        add_empty_line(reading, entity, date);
    }
}

/* The control is the package's own: controls.csv may not define another of that name. */
static void
add_control(Reading *reading)
{
    FiscSubmission *master = reading->reader->package->master;
    for (guint i = 0; i < master->events->len; i++) {
        const FiscEvent *event = master->events->pdata[i];
        if (strcmp(event->kind, "control") == 0 && strcmp(event->subject, CONTROL) == 0) {
            FiscPlace place = {.file = "controls.csv", .field = "control"};
            fisc_reader_refuse(reading->reader, place, FISC_ERROR_MASTER_CONFLICT,
                               "give the other control another name",
                               "budget.csv defines the control \"" CONTROL "\"");
            return;
        }
    }
    g_ptr_array_add(reading->entities, NULL);
    g_autofree char *entities = g_strjoinv(" ", (char **)reading->entities->pdata);
    fisc_submission_event(master, "control", CONTROL, "level", "absolute", "absent", "none", "key",
                          CONTROL_KEY, "entities", entities, NULL);
}

bool
fisc_package_budget(FiscReader *reader, FiscSubmission *into, GError **error)
{
    static const char *const columns[] = {"entity",   "gfs_code", "cofog", "original",
                                          "virement", "date",     NULL};
    static const char *const required[] = {"entity", "gfs_code", "cofog", "original", NULL};
    static const FiscCsvOptions options = {.columns = columns, .required = required};
    g_autoptr(FiscCsv) csv = NULL;
    if (!fisc_reader_csv(reader, "budget.csv", &options, &csv, error)) {
        return false;
    }
    if (csv == NULL || csv->rows->len == 0) {
        return true;
    }
    g_autoptr(GPtrArray) entities = g_ptr_array_new();
    Reading reading = {.reader = reader, .submission = into, .csv = csv, .entities = entities};
    for (guint i = 0; i < csv->rows->len; i++) {
        reading.row = &g_array_index(csv->rows, FiscCsvRow, i);
        take_row(&reading);
    }
    add_control(&reading);
    return true;
}

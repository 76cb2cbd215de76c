/* client_log.c: see client_log.h. One line a step, one fdatasync a line. */
#include "tests/fault/client_log.h"
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct _FaultLog {
    GMutex mutex;
    char *path;
    int fd;
    GArray *records; /* of FaultRecord */
    GString *complaints;
};

FaultLog *
fault_log_new(const char *folder)
{
    FaultLog *log = g_new0(FaultLog, 1);
    g_mutex_init(&log->mutex);
    log->path = g_build_filename(folder, "client.log", NULL);
    log->fd = open(log->path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600);
    g_assert(log->fd >= 0);
    log->records = g_array_new(FALSE, TRUE, sizeof(FaultRecord));
    log->complaints = g_string_new(NULL);
    return log;
}

void
fault_log_free(FaultLog *log)
{
    if (log != NULL) {
        close(log->fd);
        g_mutex_clear(&log->mutex);
        g_array_unref(log->records);
        g_string_free(log->complaints, TRUE);
        g_free(log->path);
        g_free(log);
    }
}

static void
write_line(FaultLog *log, const char *line)
{
    gsize length = strlen(line);
    bool is_durable = write(log->fd, line, length) == (ssize_t)length && fdatasync(log->fd) == 0;
    g_assert(is_durable);
}

static FaultRecord *
record_of(FaultLog *log, int number)
{
    return &g_array_index(log->records, FaultRecord, number);
}

int
fault_log_next(FaultLog *log)
{
    g_mutex_lock(&log->mutex);
    int number = (int)log->records->len;
    g_array_set_size(log->records, (guint)number + 1);
    g_mutex_unlock(&log->mutex);
    return number;
}

void
fault_log_sending(FaultLog *log, int number)
{
    g_autofree char *line = g_strdup_printf("%d sending\n", number);
    write_line(log, line); /* durable before the first byte leaves */
    g_mutex_lock(&log->mutex);
    record_of(log, number)->state = FAULT_UNKNOWN;
    record_of(log, number)->times_sent++;
    g_mutex_unlock(&log->mutex);
}

/* "posted BATCH ENTRY HASH BATCH ENTRY HASH" behind its first word. */
static void
read_entries(const char *text, FaultRecord *record)
{
    int used = 0;
    record->entries = 0;
    while (record->entries < FAULT_ENTRIES_MAX) {
        int at = record->entries;
        long long batch_no = 0;
        long long entry_id = 0;
        if (sscanf(text, " %lld %lld %64s%n", &batch_no, &entry_id, record->hash[at], &used) != 3) {
            break;
        }
        record->batch_no[at] = batch_no;
        record->entry_id[at] = entry_id;
        record->entries++;
        text += used;
    }
}

static void
read_answer(const char *answer, FaultRecord *record)
{
    if (answer == NULL) {
        record->state = FAULT_UNKNOWN;
    } else if (g_str_has_prefix(answer, "posted") || g_str_has_prefix(answer, "repeated")) {
        record->state = FAULT_POSTED;
        read_entries(strchr(answer, ' ') != NULL ? strchr(answer, ' ') : "", record);
    } else if (g_str_has_prefix(answer, "refused")) {
        record->state = FAULT_REFUSED;
    } else if (strstr(answer, "OUTCOME_UNKNOWN") != NULL) {
        record->state = FAULT_UNKNOWN;
    } else {
        record->state = FAULT_FAILED;
    }
}

void
fault_log_answered(FaultLog *log, int number, const char *answer)
{
    g_autofree char *line = g_strdup_printf("%d %s", number, answer != NULL ? answer : "nothing\n");
    write_line(log, line);
    g_mutex_lock(&log->mutex);
    FaultRecord *record = record_of(log, number);
    read_answer(answer, record);
    if (record->state == FAULT_FAILED) {
        record->has_failed = record->times_sent == 1;
    } else if (record->has_failed && answer != NULL && g_str_has_prefix(answer, "repeated")) {
        g_string_append_printf(log->complaints,
                               "request %d: was told that it failed, and was posted\n", number);
    }
    g_mutex_unlock(&log->mutex);
}

int
fault_log_count(const FaultLog *log)
{
    return (int)log->records->len;
}

const FaultRecord *
fault_log_record(const FaultLog *log, int number)
{
    return &g_array_index(log->records, FaultRecord, number);
}

const char *
fault_log_complaints(const FaultLog *log)
{
    return log->complaints->str;
}

char *
fault_log_reread(const FaultLog *log)
{
    g_autofree char *text = NULL;
    GString *differences = g_string_new(NULL);
    g_autofree FaultRecord *read = g_new0(FaultRecord, log->records->len + 1);
    bool is_read = g_file_get_contents(log->path, &text, NULL, NULL);
    g_assert(is_read);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (int i = 0; lines[i] != NULL; i++) {
        const char *space = strchr(lines[i], ' ');
        if (space == NULL) {
            continue;
        }
        FaultRecord *record = &read[atoi(lines[i])];
        bool is_answer = strcmp(space + 1, "sending") != 0 && strcmp(space + 1, "nothing") != 0;
        read_answer(is_answer ? space + 1 : NULL, record);
    }
    for (guint i = 0; i < log->records->len; i++) {
        if (read[i].state != fault_log_record(log, (int)i)->state) {
            g_string_append_printf(differences, "request %u is written down as another\n", i);
        }
    }
    return g_string_free(differences, FALSE);
}

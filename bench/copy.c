/* copy.c: see copy.h. The binary form, which PostgreSQL takes faster than text. */
#include "bench/copy.h"
#include <string.h>

#define COLUMNS 9

static const char header[] = "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0";
#define HEADER_BYTES 19 /* signature, flags, length of nothing more */

static void
add_int2(GByteArray *bytes, int value)
{
    int16_t wire = GINT16_TO_BE((int16_t)value);
    g_byte_array_append(bytes, (const guint8 *)&wire, sizeof wire);
}

static void
add_length(GByteArray *bytes, int length)
{
    int32_t wire = GINT32_TO_BE(length);
    g_byte_array_append(bytes, (const guint8 *)&wire, sizeof wire);
}

static void
add_int4(GByteArray *bytes, int value)
{
    add_length(bytes, sizeof(int32_t));
    add_length(bytes, value);
}

static void
add_int8(GByteArray *bytes, int64_t value)
{
    int64_t wire = GINT64_TO_BE(value);
    add_length(bytes, sizeof wire);
    g_byte_array_append(bytes, (const guint8 *)&wire, sizeof wire);
}

static void
add_text(GByteArray *bytes, const char *text)
{
    add_length(bytes, (int)strlen(text));
    g_byte_array_append(bytes, (const guint8 *)text, (guint)strlen(text));
}

static void
add_voucher(GByteArray *bytes, const FiscBenchNation *nation, const FiscBenchVoucher *voucher,
            int64_t journal_id)
{
    FiscBenchLine lines[FISC_BENCH_VOUCHER_LINES];
    fisc_bench_voucher_lines(nation, voucher, lines);
    for (int i = 0; i < FISC_BENCH_VOUCHER_LINES; i++) {
        add_int2(bytes, COLUMNS);
        add_int8(bytes, journal_id);
        add_int4(bytes, i + 1);
        add_int4(bytes, lines[i].unit);
        add_int4(bytes, lines[i].account);
        add_int4(bytes, lines[i].fund);
        add_int4(bytes, lines[i].programme);
        add_int8(bytes, lines[i].amount);
        add_int4(bytes, fisc_bench_voucher_period(voucher));
        add_text(bytes, FISC_BENCH_MEMO);
    }
}

static void
pack_rows(GByteArray *bytes, const FiscBenchNation *nation, FiscBenchRandom *random,
          int64_t *journal_id)
{
    g_byte_array_set_size(bytes, 0);
    g_byte_array_append(bytes, (const guint8 *)header, HEADER_BYTES);
    for (int row = 0; row < FISC_BENCH_COPY_ROWS; row += FISC_BENCH_VOUCHER_LINES) {
        FiscBenchVoucher voucher;
        fisc_bench_voucher_draw(nation, random, &voucher);
        add_voucher(bytes, nation, &voucher, ++*journal_id);
    }
    add_int2(bytes, -1);
}

static bool
copy_once(PGconn *connection, const GByteArray *bytes, GError **error)
{
    PGresult *result = PQexec(connection, "copy peer.copied from stdin (format binary)");
    bool is_open = PQresultStatus(result) == PGRES_COPY_IN;
    PQclear(result);
    if (!is_open || PQputCopyData(connection, (const char *)bytes->data, (int)bytes->len) != 1 ||
        PQputCopyEnd(connection, NULL) != 1) {
        return fisc_bench_database_fail(connection, "COPY", error);
    }
    bool is_done = true;
    while ((result = PQgetResult(connection)) != NULL) {
        is_done = is_done && PQresultStatus(result) == PGRES_COMMAND_OK;
        PQclear(result);
    }
    return is_done || fisc_bench_database_fail(connection, "COPY", error);
}

bool
fisc_bench_copy_lines(FiscBenchDatabase *database, const FiscBenchNation *nation, int seconds,
                      FiscBenchRandom *random, int64_t *journal_id, double *out_lines_per_s,
                      GError **error)
{
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    int64_t begun_at_us = g_get_monotonic_time();
    int64_t spent_us = 0;
    int64_t rows = 0;
    while (spent_us < (int64_t)seconds * G_USEC_PER_SEC) {
        pack_rows(bytes, nation, random, journal_id);
        if (!copy_once(database->connection, bytes, error)) {
            return false;
        }
        rows += FISC_BENCH_COPY_ROWS;
        spent_us = g_get_monotonic_time() - begun_at_us;
    }
    *out_lines_per_s = (double)rows * G_USEC_PER_SEC / (double)spent_us;
    return true;
}

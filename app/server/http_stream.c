/* http_stream.c: answers that go on: one side writes when it has something, the library takes when
 * the reader has room, and sleeps in between. */
#include "app/server/http_internal.h"
#include <pthread.h>
#include <string.h>

#define STREAM_BLOCK (16 * 1024)

struct _FiscHttpStream {
    gint holds;
    pthread_mutex_t mutex;
    GByteArray *waiting;
    gsize buffered_max;
    bool is_ended, is_over;
    struct MHD_Connection *sleeping; /* suspended until there is something to send */
};

FiscHttpStream *
fisc_http_stream_new(gsize buffered_max)
{
    FiscHttpStream *stream = g_new0(FiscHttpStream, 1);
    stream->holds = 1;
    stream->buffered_max = buffered_max;
    stream->waiting = g_byte_array_new();
    pthread_mutex_init(&stream->mutex, NULL);
    return stream;
}

FiscHttpStream *
fisc_http_stream_ref(FiscHttpStream *stream)
{
    g_atomic_int_inc(&stream->holds);
    return stream;
}

void
fisc_http_stream_unref(FiscHttpStream *stream)
{
    if (stream == NULL || !g_atomic_int_dec_and_test(&stream->holds)) {
        return;
    }
    g_byte_array_unref(stream->waiting);
    pthread_mutex_destroy(&stream->mutex);
    g_free(stream);
}

/* With the mutex held. */
static void
wake(FiscHttpStream *stream)
{
    if (stream->sleeping != NULL) {
        struct MHD_Connection *connection = stream->sleeping;
        stream->sleeping = NULL;
        MHD_resume_connection(connection);
    }
}

bool
fisc_http_stream_write(FiscHttpStream *stream, const void *data, gsize length)
{
    pthread_mutex_lock(&stream->mutex);
    if (!stream->is_over && stream->waiting->len + length > stream->buffered_max) {
        stream->is_ended = true; /* what waits is still sent; who is so slow has to ask again */
        stream->is_over = true;
    }
    bool is_taken = !stream->is_over && !stream->is_ended;
    if (is_taken) {
        g_byte_array_append(stream->waiting, data, (guint)length);
    }
    wake(stream);
    pthread_mutex_unlock(&stream->mutex);
    return is_taken;
}

void
fisc_http_stream_end(FiscHttpStream *stream)
{
    pthread_mutex_lock(&stream->mutex);
    stream->is_ended = true;
    wake(stream);
    pthread_mutex_unlock(&stream->mutex);
}

gsize
fisc_http_stream_waiting(FiscHttpStream *stream)
{
    pthread_mutex_lock(&stream->mutex);
    gsize waiting = stream->waiting->len;
    pthread_mutex_unlock(&stream->mutex);
    return waiting;
}

bool
fisc_http_stream_is_over(FiscHttpStream *stream)
{
    pthread_mutex_lock(&stream->mutex);
    bool is_over = stream->is_over;
    pthread_mutex_unlock(&stream->mutex);
    return is_over;
}

typedef struct {
    FiscHttpStream *stream;
    struct MHD_Connection *connection;
} Reader;

/* Asked by the event thread for the next bytes; sleeps when there are none. */
static ssize_t
read_stream(void *data, uint64_t position, char *buffer, size_t size)
{
    (void)position;
    Reader *reader = data;
    FiscHttpStream *stream = reader->stream;
    ssize_t count = 0;
    pthread_mutex_lock(&stream->mutex);
    if (stream->waiting->len > 0) {
        count = (ssize_t)MIN(size, stream->waiting->len);
        memcpy(buffer, stream->waiting->data, (gsize)count);
        g_byte_array_remove_range(stream->waiting, 0, (guint)count);
    } else if (stream->is_ended) {
        count = MHD_CONTENT_READER_END_OF_STREAM;
    } else {
        stream->sleeping = reader->connection;
        MHD_suspend_connection(reader->connection);
    }
    pthread_mutex_unlock(&stream->mutex);
    return count;
}

static void
close_stream(void *data)
{
    Reader *reader = data;
    pthread_mutex_lock(&reader->stream->mutex);
    reader->stream->is_over = true;
    reader->stream->sleeping = NULL;
    pthread_mutex_unlock(&reader->stream->mutex);
    fisc_http_stream_unref(reader->stream);
    g_free(reader);
}

struct MHD_Response *
fisc_http_stream_response(FiscHttpStream *stream, struct MHD_Connection *connection)
{
    Reader *reader = g_new0(Reader, 1);
    *reader = (Reader){fisc_http_stream_ref(stream), connection};
    return MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, STREAM_BLOCK, read_stream, reader,
                                             close_stream);
}

/* glib_locks.c: tells ThreadSanitizer what GLib's locks order. GLib is not instrumented and locks
 * by futexes of its own, so that everything a GMutex guards looks unguarded. Preloaded into a
 * program built with -Db_sanitize=thread, this stands before GLib's functions and says what they
 * do: whoever takes a lock sees what was written before it was given back. See tests/README.md. */
#include <dlfcn.h>
#include <glib.h>

void __tsan_acquire(void *address);
void __tsan_release(void *address);

/* The function of that name behind this one. Looked up once; two threads find the same. */
#define REAL(name)                                                                                 \
    static __typeof__(&name) real;                                                                 \
    if (__atomic_load_n(&real, __ATOMIC_RELAXED) == NULL) {                                        \
        __atomic_store_n(&real, (__typeof__(&name))dlsym(RTLD_NEXT, #name), __ATOMIC_RELAXED);     \
    }

void
g_mutex_lock(GMutex *mutex)
{
    REAL(g_mutex_lock)
    real(mutex);
    __tsan_acquire(mutex);
}

gboolean
g_mutex_trylock(GMutex *mutex)
{
    REAL(g_mutex_trylock)
    gboolean is_taken = real(mutex);
    if (is_taken) {
        __tsan_acquire(mutex);
    }
    return is_taken;
}

void
g_mutex_unlock(GMutex *mutex)
{
    REAL(g_mutex_unlock)
    __tsan_release(mutex);
    real(mutex);
}

void
g_cond_wait(GCond *cond, GMutex *mutex)
{
    REAL(g_cond_wait)
    __tsan_release(mutex);
    real(cond, mutex);
    __tsan_acquire(mutex);
}

gboolean
g_cond_wait_until(GCond *cond, GMutex *mutex, gint64 end_time)
{
    REAL(g_cond_wait_until)
    __tsan_release(mutex);
    gboolean is_woken = real(cond, mutex, end_time);
    __tsan_acquire(mutex);
    return is_woken;
}

void
g_rw_lock_reader_lock(GRWLock *lock)
{
    REAL(g_rw_lock_reader_lock)
    real(lock);
    __tsan_acquire(lock);
}

void
g_rw_lock_reader_unlock(GRWLock *lock)
{
    REAL(g_rw_lock_reader_unlock)
    __tsan_release(lock);
    real(lock);
}

void
g_rw_lock_writer_lock(GRWLock *lock)
{
    REAL(g_rw_lock_writer_lock)
    real(lock);
    __tsan_acquire(lock);
}

void
g_rw_lock_writer_unlock(GRWLock *lock)
{
    REAL(g_rw_lock_writer_unlock)
    __tsan_release(lock);
    real(lock);
}

/* What is handed over by a queue. */
void
g_async_queue_push(GAsyncQueue *queue, gpointer data)
{
    REAL(g_async_queue_push)
    __tsan_release(queue);
    real(queue, data);
}

gpointer
g_async_queue_pop(GAsyncQueue *queue)
{
    REAL(g_async_queue_pop)
    gpointer data = real(queue);
    __tsan_acquire(queue);
    return data;
}

/* verify_arena.c: memory for rows of the log, given back all at once. Pure, so that a proof is
 * checked without a database (proof.c). */
#include "ledger/verify_rows.h"

#define BLOCK_SIZE ((gsize)1 << 20)

struct _FiscArena {
    GPtrArray *blocks; /* of BLOCK_SIZE; kept when reset */
    GPtrArray *large;  /* what did not fit into one; freed when reset */
    guint block;
    gsize used;
};

FiscArena *
fisc_arena_new(void)
{
    FiscArena *arena = g_new0(FiscArena, 1);
    arena->blocks = g_ptr_array_new_with_free_func(g_free);
    arena->large = g_ptr_array_new_with_free_func(g_free);
    return arena;
}

void
fisc_arena_free(FiscArena *arena)
{
    if (arena != NULL) {
        g_ptr_array_unref(arena->blocks);
        g_ptr_array_unref(arena->large);
        g_free(arena);
    }
}

void
fisc_arena_reset(FiscArena *arena)
{
    g_ptr_array_set_size(arena->large, 0);
    arena->block = 0;
    arena->used = 0;
}

void *
fisc_arena_alloc(FiscArena *arena, gsize size)
{
    size = (size + 15) & ~(gsize)15;
    if (size > BLOCK_SIZE / 4) {
        g_ptr_array_add(arena->large, g_malloc(size));
        return arena->large->pdata[arena->large->len - 1];
    }
    if (arena->block < arena->blocks->len && arena->used + size > BLOCK_SIZE) {
        arena->block++;
        arena->used = 0;
    }
    if (arena->block == arena->blocks->len) {
        g_ptr_array_add(arena->blocks, g_malloc(BLOCK_SIZE));
    }
    char *place = (char *)arena->blocks->pdata[arena->block] + arena->used;
    arena->used += size;
    return place;
}

void
fisc_arena_adopt(FiscArena *arena, FiscArena *other)
{
    g_ptr_array_extend_and_steal(arena->large, g_steal_pointer(&other->blocks));
    g_ptr_array_extend_and_steal(arena->large, g_steal_pointer(&other->large));
    other->blocks = g_ptr_array_new_with_free_func(g_free);
    other->large = g_ptr_array_new_with_free_func(g_free);
    other->block = 0;
    other->used = 0;
}

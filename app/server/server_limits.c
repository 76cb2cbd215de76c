/* server_limits.c: the table of limits. */
#include "app/server/server_limits.h"
#include <stddef.h>

#define AT(field) offsetof(FiscServerLimits, field)

const FiscServerLimit fisc_server_limits[] = {
    {"address-connections", AT(address_connections), 128},
    {"bodies-megabytes", AT(bodies_megabytes), 512},
    {"body-ms", AT(body_ms), 30000},
    {"bytes-per-second", AT(bytes_per_second), 10240},
    {"connections", AT(connections), 1024},
    {"head-ms", AT(head_ms), 10000},
    {"idle-ms", AT(idle_ms), 60000},
    {"reply-ms", AT(reply_ms), 30000},
    {NULL},
};

int64_t *
fisc_server_limit_at(FiscServerLimits *limits, const FiscServerLimit *limit)
{
    return (int64_t *)(void *)((char *)limits + limit->offset);
}

void
fisc_server_limits_fill(FiscServerLimits *limits)
{
    for (const FiscServerLimit *limit = fisc_server_limits; limit->name != NULL; limit++) {
        int64_t *value = fisc_server_limit_at(limits, limit);
        *value = *value != 0 ? *value : limit->usual;
    }
}

/* random.c: see random.h. xorshift64*, seeded through splitmix64. */
#include "bench/random.h"

static uint64_t
mix(uint64_t value)
{
    value += 0x9E3779B97F4A7C15u;
    value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9u;
    value = (value ^ (value >> 27)) * 0x94D049BB133111EBu;
    return value ^ (value >> 31);
}

FiscBenchRandom
fisc_bench_random(uint64_t seed, uint64_t stream)
{
    uint64_t state = mix(mix(seed) ^ stream);
    return (FiscBenchRandom){state != 0 ? state : 1};
}

uint64_t
fisc_bench_random_next(FiscBenchRandom *random)
{
    uint64_t state = random->state;
    state ^= state >> 12;
    state ^= state << 25;
    state ^= state >> 27;
    random->state = state;
    return state * 0x2545F4914F6CDD1Du;
}

int
fisc_bench_random_below(FiscBenchRandom *random, int count)
{
    return (int)(fisc_bench_random_next(random) % (uint64_t)count);
}

static void
shuffle(int *items, int count, uint64_t seed)
{
    FiscBenchRandom random = fisc_bench_random(seed, 0);
    for (int i = count - 1; i > 0; i--) {
        int other = fisc_bench_random_below(&random, i + 1);
        int kept = items[i];
        items[i] = items[other];
        items[other] = kept;
    }
}

FiscBenchZipf *
fisc_bench_zipf_new(int count, uint64_t seed)
{
    FiscBenchZipf *zipf = g_new0(FiscBenchZipf, 1);
    zipf->count = count;
    zipf->upto = g_new(double, count);
    zipf->item = g_new(int, count);
    double total = 0;
    for (int i = 0; i < count; i++) {
        total += 1.0 / (i + 1);
        zipf->upto[i] = total;
        zipf->item[i] = i;
    }
    for (int i = 0; i < count; i++) {
        zipf->upto[i] /= total;
    }
    shuffle(zipf->item, count, seed);
    return zipf;
}

void
fisc_bench_zipf_free(FiscBenchZipf *zipf)
{
    if (zipf != NULL) {
        g_free(zipf->upto);
        g_free(zipf->item);
        g_free(zipf);
    }
}

int
fisc_bench_zipf_draw(const FiscBenchZipf *zipf, FiscBenchRandom *random)
{
    double share = (double)(fisc_bench_random_next(random) >> 11) / (double)(1ull << 53);
    int low = 0;
    int high = zipf->count - 1;
    while (low < high) {
        int middle = (low + high) / 2;
        if (zipf->upto[middle] < share) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return zipf->item[low];
}

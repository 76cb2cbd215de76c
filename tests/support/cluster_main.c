/* cluster_main.c: "fisc_test_cluster up|down DIR": starts and stops the cluster that the test
 * programs of one run share. For ./check and ./tools/dev, which cannot open a cluster themselves.
 */
#include "fisc/cluster.h"
#include <stdio.h>
#include <string.h>

int
main(int argc, char **argv)
{
    bool is_up = argc == 3 && strcmp(argv[1], "up") == 0;
    if (argc != 3 || (!is_up && strcmp(argv[1], "down") != 0)) {
        fprintf(stderr, "usage: %s up|down DIR\n", argv[0]);
        return 2;
    }
    g_autoptr(GError) error = NULL;
    g_autoptr(FiscCluster) cluster = NULL;
    if (is_up ? fisc_cluster_open(argv[2], &cluster, &error) : fisc_cluster_stop(argv[2], &error)) {
        return 0;
    }
    fprintf(stderr, "%s\n", error->message);
    return 1;
}

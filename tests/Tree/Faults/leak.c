/* Preloaded into a tree of ours: in the process whose name begins with FAULT_PROCESS it leaks native memory, FAULT_MIB_PER_S
 * a second and every page touched, from the moment the file FAULT_TRIGGER exists. Elsewhere it does nothing. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void *leak(void *unused)
{
    const char *trigger = getenv("FAULT_TRIGGER"), *rate = getenv("FAULT_MIB_PER_S");
    long chunk = (rate ? atol(rate) : 100) * 1024 * 1024 / 100;
    (void)unused;
    while (trigger && access(trigger, F_OK) != 0)
        usleep(10000);
    for (;;) {
        char *lost = malloc(chunk);
        if (!lost)
            abort(); /* as an allocator does that finds itself in an impossible state */
        memset(lost, 1, chunk);
        usleep(10000);
    }
    return NULL;
}

__attribute__((constructor)) static void arm(void)
{
    char name[64] = "";
    const char *wanted = getenv("FAULT_PROCESS");
    FILE *comm = fopen("/proc/self/comm", "r");
    if (comm) {
        if (!fgets(name, sizeof name, comm))
            name[0] = 0;
        fclose(comm);
    }
    if (wanted && strncmp(name, wanted, 15 < strlen(wanted) ? 15 : strlen(wanted)) == 0) {
        pthread_t thread;
        pthread_create(&thread, NULL, leak, NULL);
    }
}

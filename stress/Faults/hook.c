/* Preloaded into a tree under test. In the watcher one thread waits for commands, datagrams on the socket FAULT_FOLDER/PID, and then corrupts
 * its own process for real; in every other process it does nothing. Built without optimisation: a compiler would remove such code. */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum { CACHED = 7, VARIATIONS = 5, ROUNDS = 1000, MIB = 1 << 20 };

static volatile int stopped;

/* Overwrites allocator metadata behind every chunk until it reaches unmapped memory: this ends in a fault. */
static void overrun(void)
{
    for (volatile char *beyond = malloc(64);; beyond++)
        *beyond = 0x5a;
}

/* glibc keeps up to seven freed chunks of a size in a cache of the thread; what is freed beyond them goes to the bins. */
static void fill_cache(size_t size)
{
    char *chunks[CACHED];
    for (int i = 0; i < CACHED; i++)
        chunks[i] = malloc(size);
    for (int i = 0; i < CACHED; i++)
        free(chunks[i]);
}

/* A chunk that is twice in a free list is handed out while it is still linked: the next owner's bytes become its links. */
static void free_in_a_circle(size_t size)
{
    char *first = malloc(size), *second = malloc(size);
    fill_cache(size);
    free(first);
    free(second);
    free(first);
    for (int i = 0; i < 4 * CACHED; i++)
        memset(malloc(size), 0x5a, size);
}

static void free_twice(size_t size, int past_the_cache)
{
    char *chunk = malloc(size), *neighbour = malloc(size); /* otherwise it would merge with the rest of the heap */
    if (past_the_cache)
        fill_cache(size);
    free(chunk);
    free(chunk);
    free(neighbour);
}

static void double_free(int variation)
{
    for (int round = 0; round < ROUNDS; round++)
        switch ((variation + round) % VARIATIONS) {
        case 0: free_twice(48, 0); break;       /* the thread's cache */
        case 1: free_twice(48, 1); break;       /* a fast bin */
        case 2: free_twice(3000, 0); break;     /* the unsorted bin */
        case 3: free_twice(64 * MIB, 0); break; /* its own mapping */
        case 4: free_in_a_circle(48); break;
        }
    overrun();
}

/* The first words of a freed chunk are the allocator's links to other free chunks. A write through an old pointer overwrites them. */
static void use_after_free(void)
{
    for (int round = 0; round < ROUNDS; round++)
        for (size_t size = 24; size < 100000; size += size / 4) {
            char *chunks[2 * CACHED];
            for (int i = 0; i < 2 * CACHED; i++)
                chunks[i] = malloc(size);
            for (int i = 0; i < 2 * CACHED; i++)
                free(chunks[i]);
            for (int i = 0; i < 2 * CACHED; i++)
                memset(chunks[i], 0x41 + round + i, 24);
            for (int i = 0; i < 4 * CACHED; i++)
                memset(malloc(size), 0x5a, size);
        }
    overrun();
}

/* Every page touched, nothing ever given back: RATE MiB a second until CAP MiB are lost. */
static void *leak(void *arguments)
{
    int rate = 0, cap = 0;
    sscanf(arguments, "%d %d", &rate, &cap);
    for (long lost = 0; !stopped && lost < 100L * cap; lost += rate) {
        size_t size = (size_t)rate * MIB / 100;
        char *chunk = malloc(size);
        if (!chunk)
            abort(); /* as programs do that get no memory */
        memset(chunk, 0x5a, size);
        usleep(10000);
    }
    return NULL;
}

static void *spin(void *arguments)
{
    time_t end = time(NULL) + atoi(arguments);
    while (!stopped && time(NULL) < end)
        ;
    return NULL;
}

static void begin(void *(*work)(void *), const char *arguments)
{
    pthread_t thread;
    stopped = 0;
    if (pthread_create(&thread, NULL, work, strdup(arguments)) == 0)
        pthread_detach(thread);
}

static void obey(const char *command, const char *arguments)
{
    if (strcmp(command, "double-free") == 0)
        double_free(atoi(arguments));
    else if (strcmp(command, "use-after-free") == 0)
        use_after_free();
    else if (strcmp(command, "abort") == 0)
        abort();
    else if (strcmp(command, "segv") == 0)
        *(volatile char *)0xbad0000 = 1;
    else if (strcmp(command, "leak") == 0)
        begin(leak, arguments);
    else if (strcmp(command, "spin") == 0)
        begin(spin, arguments);
    else if (strcmp(command, "stop") == 0)
        stopped = 1;
}

static void *serve(void *folder)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    int commands = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    snprintf(address.sun_path, sizeof address.sun_path, "%s/%d", (char *)folder, getpid());
    if (bind(commands, (struct sockaddr *)&address, sizeof address) != 0)
        return NULL;
    for (;;) {
        char line[64] = "", command[32] = "";
        int arguments = 0;
        if (recv(commands, line, sizeof line - 1, 0) > 0 && sscanf(line, "%31s %n", command, &arguments) == 1)
            obey(command, line + arguments);
    }
    return NULL;
}

__attribute__((constructor)) static void arm(void)
{
    char name[16] = ""; /* all that the kernel keeps of a name, its end included: supervisor-watc */
    char *folder = getenv("FAULT_FOLDER");
    pthread_t thread;
    if (folder && prctl(PR_GET_NAME, name) == 0 && strncmp(name, "supervisor-wat", 14) == 0)
        pthread_create(&thread, NULL, serve, folder);
}

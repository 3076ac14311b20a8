/* Lets each wait for the disk take longer: LD_PRELOAD this, with SLOW_SYNC_MS in the environment.
 *
 * A virtual machine's disk may be its host's memory, where a sync costs next to nothing. On a server's
 * disk it costs a millisecond and more; this shows what a program that syncs does there. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>

static void wait_for_the_disk(void) {
    double seconds = atof(getenv("SLOW_SYNC_MS")) / 1000;
    struct timespec span = {(time_t)seconds, (long)((seconds - (time_t)seconds) * 1e9)};
    nanosleep(&span, NULL);
}

int fsync(int file) {
    wait_for_the_disk();
    return ((int (*)(int))dlsym(RTLD_NEXT, "fsync"))(file);
}

int fdatasync(int file) {
    wait_for_the_disk();
    return ((int (*)(int))dlsym(RTLD_NEXT, "fdatasync"))(file);
}

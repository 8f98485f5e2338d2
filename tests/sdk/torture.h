/* SPDX-License-Identifier: Apache-2.0 */
/* What the ways to die share; see torture.c. */
#pragma once
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "tocsin.h"
#include <sys/types.h>

#define KEEP __attribute__((noinline, noclone))

struct scenario {
    const char *name;
    int (*run)(void);
    void (*before)(void); /* tocsin_init; or NULL, as below */
    unsigned flags;
    int (*before_send)(tocsin_event *event, void *ctx);
};

extern const struct scenario host_scenarios[]; /* ends with a name of NULL */

extern const char *folder;
extern volatile int zero; /* so that no call is the last thing a function does */

void mark(void); /* the fault is next */
int segv(void);
int overflow(void);
int die_as(pid_t child); /* waits for its crash, and dies the same way so that the caller sees it */

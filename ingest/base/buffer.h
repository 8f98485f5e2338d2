/* SPDX-License-Identifier: Apache-2.0 */
/* buffer — bytes that grow up to a maximum set at creation.
 *
 * For output of unknown length (JSON answers, metrics). Appending past `max` or without memory sets
 * `overflowed` and adds nothing; the writer asks once, at the end. Owner: one thread.
 */
#pragma once
#include "ingest/base/slice.h"

struct buffer {
    char *at;
    size_t len;
    size_t room;
    size_t max; /* bytes */
    bool overflowed;
};

/* Takes no memory until the first append. */
void buffer_init(struct buffer *buffer, size_t max);
void buffer_done(struct buffer *buffer);

/* Borrows `size` bytes at `base` and never takes other memory: `size` is then the maximum. For
 * output inside an arena; buffer_done must not be called. */
void buffer_over(struct buffer *buffer, void *base, size_t size);

/* Forgets the content, keeps the memory, clears `overflowed`. */
void buffer_reset(struct buffer *buffer);

void buffer_add(struct buffer *buffer, struct slice text);
void buffer_byte(struct buffer *buffer, char byte);
void buffer_printf(struct buffer *buffer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Borrows the content, valid until the next append or buffer_done. */
struct slice buffer_slice(const struct buffer *buffer);

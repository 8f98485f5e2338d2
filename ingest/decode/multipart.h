/* SPDX-License-Identifier: Apache-2.0 */
/* multipart — the parts of a multipart/form-data body (RFC 7578).
 *
 *   --boundary\r\nContent-Disposition: form-data; name="upload_file_minidump"; filename="a.dmp"\r\n
 *   Content-Type: application/octet-stream\r\n\r\n …any bytes… \r\n--boundary--
 *
 * One part at a time, nothing copied: everything borrows the body. Lone newlines instead of CRLF
 * are taken in headers. Pure.
 */
#pragma once
#include "ingest/base/fault.h"
#include "ingest/base/slice.h"

struct multipart {
    struct slice rest; /* from the next boundary on */
    struct slice body;
    char mark[80]; /* "\r\n--boundary" */
    size_t mark_bytes;
    bool at_end;
};

struct part {
    struct slice name;
    struct slice filename; /* empty: a field and no file */
    struct slice content_type;
    struct slice content;
};

/* Reads the boundary (1 to 70 characters) off the Content-Type. MALFORMED when there is none. */
MUST_USE struct fault multipart_open(struct multipart *multipart, struct slice content_type,
                                     struct slice body);

/* Fills the next part; `*found` false at the end. MALFORMED with the offset in the body. */
MUST_USE struct fault multipart_next(struct multipart *multipart, struct part *out, bool *found);

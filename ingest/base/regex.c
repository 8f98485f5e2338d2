/* SPDX-License-Identifier: Apache-2.0 */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "ingest/base/regex.h"
#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include <pcre2.h>
#include <stdlib.h>

#define JIT_STACK_FIRST_BYTES (32u << 10)
#define JIT_STACK_MAX_BYTES   (512u << 10)
#define GROUPS_MAX            64u

struct regex {
    pcre2_code *code;
};

struct regex_scratch {
    pcre2_match_data *match;
    pcre2_match_context *context;
    pcre2_jit_stack *stack;
    uint32_t groups; /* set by the last match */
};

static uint32_t pcre_flags(unsigned flags)
{
    uint32_t options = PCRE2_NEVER_BACKSLASH_C;
    options |= (flags & REGEX_CASELESS) != 0 ? PCRE2_CASELESS : 0;
    options |= (flags & REGEX_MULTILINE) != 0 ? PCRE2_MULTILINE : 0;
    options |= (flags & REGEX_DOTALL) != 0 ? PCRE2_DOTALL : 0;
    options |= (flags & REGEX_BYTES) != 0 ? 0 : PCRE2_UTF | PCRE2_MATCH_INVALID_UTF;
    return options;
}

struct regex *regex_new(struct slice pattern, unsigned flags, struct regex_error *error)
{
    MUST(error != NULL);
    int code = 0;
    PCRE2_SIZE offset = 0;
    struct regex *regex = calloc(1, sizeof(*regex));
    if (regex == NULL) {
        *error = (struct regex_error){.message = "no memory left"};
        return NULL;
    }
    regex->code = pcre2_compile((PCRE2_SPTR)(pattern.at != NULL ? pattern.at : ""), pattern.len,
                                pcre_flags(flags), &code, &offset, NULL);
    if (regex->code == NULL) {
        error->offset = offset;
        pcre2_get_error_message(code, (PCRE2_UCHAR *)error->message, sizeof(error->message));
        free(regex);
        return NULL;
    }
    /* Where the JIT cannot serve (no executable memory), the interpreter does, with the same
     * limits. */
    (void)pcre2_jit_compile(regex->code, PCRE2_JIT_COMPLETE);
    return regex;
}

void regex_free(struct regex *regex)
{
    if (regex != NULL) {
        pcre2_code_free(regex->code);
        free(regex);
    }
}

struct regex_scratch *regex_scratch_new(void)
{
    struct regex_scratch *scratch = calloc(1, sizeof(*scratch));
    if (scratch == NULL) {
        return NULL;
    }
    scratch->match = pcre2_match_data_create(GROUPS_MAX, NULL);
    scratch->context = pcre2_match_context_create(NULL);
    scratch->stack = pcre2_jit_stack_create(JIT_STACK_FIRST_BYTES, JIT_STACK_MAX_BYTES, NULL);
    if (scratch->match == NULL || scratch->context == NULL || scratch->stack == NULL) {
        regex_scratch_free(scratch);
        return NULL;
    }
    pcre2_jit_stack_assign(scratch->context, NULL, scratch->stack);
    pcre2_set_match_limit(scratch->context, REGEX_MATCH_STEPS_MAX);
    pcre2_set_heap_limit(scratch->context, 4096); /* KiB, interpreter only */
    return scratch;
}

void regex_scratch_free(struct regex_scratch *scratch)
{
    if (scratch != NULL) {
        pcre2_match_data_free(scratch->match);
        pcre2_match_context_free(scratch->context);
        pcre2_jit_stack_free(scratch->stack);
        free(scratch);
    }
}

enum regex_result regex_find(const struct regex *regex, struct regex_scratch *scratch,
                             struct slice subject, size_t from, size_t *start, size_t *end)
{
    MUST(regex != NULL && scratch != NULL && start != NULL && end != NULL);
    struct slice seen = slice_cut_utf8(subject, REGEX_SUBJECT_BYTES_MAX);
    if (from > seen.len) {
        return REGEX_NO;
    }
    int result = pcre2_match(regex->code, (PCRE2_SPTR)(seen.at != NULL ? seen.at : ""), seen.len,
                             from, 0, scratch->match, scratch->context);
    if (result == PCRE2_ERROR_NOMATCH) {
        return REGEX_NO;
    }
    if (result < 0) {
        return REGEX_LIMIT;
    }
    scratch->groups = result == 0 ? GROUPS_MAX : (uint32_t)result;
    PCRE2_SIZE *span = pcre2_get_ovector_pointer(scratch->match);
    MUST(span[0] <= span[1] && span[1] <= seen.len);
    *start = span[0];
    *end = span[1];
    return REGEX_YES;
}

uint32_t regex_group(const struct regex_scratch *scratch)
{
    MUST(scratch->groups <= GROUPS_MAX);
    PCRE2_SIZE *span = pcre2_get_ovector_pointer(scratch->match);
    for (uint32_t i = 1; i < scratch->groups; i++) {
        if (span[2 * (size_t)i] != PCRE2_UNSET) {
            return i;
        }
    }
    return 0;
}

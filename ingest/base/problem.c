/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/problem.h"
#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include <stdarg.h>
#include <stdio.h>

void problems_init(struct problems *problems, struct arena *arena)
{
    MUST(problems != NULL && arena != NULL);
    *problems = (struct problems){.arena = arena};
}

__attribute__((format(printf, 3, 0))) static void
keep(struct problems *problems, struct problem proto, const char *format, va_list args)
{
    MUST((problems->first == NULL) == (problems->last == NULL));
    MUST(problems->kept <= PROBLEMS_KEPT_MAX);
    if (problems->kept == PROBLEMS_KEPT_MAX) {
        return;
    }
    char text[1024];
    int length = vsnprintf(text, sizeof(text), format, args);
    size_t kept = length < 0                      ? 0
                  : (size_t)length < sizeof(text) ? (size_t)length
                                                  : sizeof(text) - 1;
    struct problem *problem = ARENA_NEW(problems->arena, struct problem);
    if (problem == NULL) {
        return;
    }
    *problem = proto;
    problem->file = arena_copy(problems->arena, proto.file);
    problem->message = arena_copy(problems->arena, slice_of(text, kept));
    if (problems->last == NULL) {
        problems->first = problem;
    } else {
        problems->last->next = problem;
    }
    problems->last = problem;
    problems->kept++;
}

void problem_error(struct problems *problems, struct slice file, uint32_t line, uint32_t column,
                   const char *format, ...)
{
    va_list args;
    va_start(args, format);
    keep(problems, (struct problem){.file = file, .line = line, .column = column}, format, args);
    va_end(args);
    problems->errors++;
}

void problem_warning(struct problems *problems, struct slice file, uint32_t line, uint32_t column,
                     const char *format, ...)
{
    va_list args;
    va_start(args, format);
    keep(problems,
         (struct problem){.file = file, .line = line, .column = column, .is_warning = true}, format,
         args);
    va_end(args);
    problems->warnings++;
}

struct slice problem_text(const struct problem *problem, struct arena *arena)
{
    MUST(problem != NULL && arena != NULL);
    const char *mark = problem->is_warning ? "warning: " : "";
    if (problem->line == 0) {
        return arena_printf(arena, "%.*s: %s%.*s", SLICE_ARG(problem->file), mark,
                            SLICE_ARG(problem->message));
    }
    return arena_printf(arena, "%.*s:%u:%u: %s%.*s", SLICE_ARG(problem->file), problem->line,
                        problem->column, mark, SLICE_ARG(problem->message));
}

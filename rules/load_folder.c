/* SPDX-License-Identifier: Apache-2.0 */
/* The one file of this module that reads the disk. */
#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include "rules/rules.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* Folders in folders; rule collections have five. Also ends a loop of links. */
#define FOLDER_DEPTH_MAX 32u

struct loader {
    struct rules_source *sources; /* owned; names and texts each owned */
    uint32_t count;
    uint32_t room;
    uint32_t depth;
    bool wants_tests; /* files of tests instead of rules */
    struct problems *problems;
    const struct rules_memory *memory;
};

static void complain(struct loader *l, const char *path, const char *what)
{
    problem_error(l->problems, slice_str(path), 0, 0, "%s", what);
}

/* All of an open file; NULL after a problem. */
static char *read_file(struct loader *l, const char *path, int fd, size_t size)
{
    char *text = malloc(size + 1);
    size_t done = 0;
    while (text != NULL && done < size) {
        ssize_t more = read(fd, text + done, size - done);
        if (more < 0 && errno == EINTR) {
            continue;
        }
        if (more <= 0) {
            complain(l, path, more < 0 ? strerror(errno) : "the file became shorter while read");
            free(text);
            return NULL;
        }
        done += (size_t)more;
    }
    return text;
}

static bool make_room(struct loader *l)
{
    if (l->count < l->room) {
        return true;
    }
    uint32_t room = l->room != 0 ? l->room * 2 : 64;
    struct rules_source *wider = realloc(l->sources, room * sizeof(*wider));
    if (wider != NULL) {
        l->sources = wider;
        l->room = room;
    }
    return wider != NULL;
}

static void load_file(struct loader *l, const char *path, int fd, off_t size)
{
    if (size < 0 || (uint64_t)size > YAML_BYTES_MAX) {
        complain(l, path, "the file is larger than allowed");
        return;
    }
    char *text = read_file(l, path, fd, (size_t)size);
    if (text == NULL) {
        return;
    }
    char *name = strdup(path);
    if (name == NULL || !make_room(l)) {
        complain(l, path, "no memory left");
        free(name);
        free(text);
        return;
    }
    l->sources[l->count++] = (struct rules_source){slice_str(name), slice_of(text, (size_t)size)};
}

static bool is_rule_file(const char *name)
{
    struct slice text = slice_str(name);
    return slice_ends(text, SLICE(".yml")) || slice_ends(text, SLICE(".yaml"));
}

bool rules_is_test_file(const char *name)
{
    struct slice text = slice_str(name);
    return slice_ends(text, SLICE(".test.yml")) || slice_ends(text, SLICE(".test.yaml"));
}

static void load_path(struct loader *l, const char *path, bool is_named);

static void load_entry(struct loader *l, const char *folder, const struct dirent *entry)
{
    size_t size = strlen(folder) + strlen(entry->d_name) + 2;
    char *path = malloc(size);
    if (path == NULL) {
        complain(l, folder, "no memory left");
        return;
    }
    snprintf(path, size, "%s/%s", folder, entry->d_name);
    load_path(l, path, false);
    free(path);
}

static void load_folder(struct loader *l, const char *path)
{
    struct dirent **entries = NULL;
    if (l->depth == FOLDER_DEPTH_MAX) {
        complain(l, path, "folders nested deeper than allowed");
        return;
    }
    int count = scandir(path, &entries, NULL, alphasort);
    if (count < 0) {
        complain(l, path, strerror(errno));
        return;
    }
    l->depth++;
    for (int i = 0; i < count; i++) {
        if (entries[i]->d_name[0] != '.') {
            load_entry(l, path, entries[i]);
        }
        free(entries[i]);
    }
    free(entries);
    l->depth--;
}

/* A named file is read whatever it is called; in folders only rule files are. Files of tests stand
 * beside rules and are none themselves. */
static bool is_wanted(const struct loader *l, const char *path, bool is_named)
{
    bool is_test = rules_is_test_file(path);
    return l->wants_tests ? is_test : is_named || (is_rule_file(path) && !is_test);
}

static void load_path(struct loader *l, const char *path, bool is_named)
{
    struct stat about;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0 || fstat(fd, &about) != 0) {
        complain(l, path, strerror(errno));
    } else if (S_ISDIR(about.st_mode)) {
        load_folder(l, path);
    } else if (S_ISREG(about.st_mode) && is_wanted(l, path, is_named)) {
        load_file(l, path, fd, about.st_size);
    } else if (is_named && !S_ISREG(about.st_mode)) {
        complain(l, path, "neither a file nor a folder");
    }
    if (fd >= 0) {
        (void)close(fd); /* was only read */
    }
}

/* Frees all but the first `borrowed` sources, which are static. */
static void loader_done(struct loader *l, uint32_t borrowed)
{
    for (uint32_t i = borrowed; i < l->count; i++) {
        free((void *)(uintptr_t)l->sources[i].name.at);
        free((void *)(uintptr_t)l->sources[i].text.at);
    }
    free(l->sources);
}

static struct ruleset *load(struct loader *l, const char *const *paths, uint32_t count)
{
    uint32_t borrowed = l->count;
    MUST(paths != NULL || count == 0);
    for (uint32_t i = 0; i < count; i++) {
        load_path(l, paths[i], true);
    }
    struct ruleset *set = ruleset_remember(l->sources, l->count, l->memory, l->problems);
    loader_done(l, borrowed);
    return set;
}

struct ruleset *rules_load_paths(const char *const *paths, uint32_t count,
                                 const struct rules_memory *memory, struct problems *problems)
{
    struct loader l = {.problems = problems, .memory = memory};
    return load(&l, paths, count);
}

/* "issues" of "rules/packs/issues/new_issue.yml". */
static struct slice pack_of(struct slice source)
{
    struct slice rest = slice_from(source, sizeof("rules/packs/") - 1);
    return slice_head(rest, slice_find(rest, '/'));
}

static bool is_chosen(const struct value *packs, struct slice pack)
{
    const struct value *at = value_first(packs);
    while (at != NULL && !slice_eq(value_string(at), pack)) {
        at = at->next;
    }
    return packs == NULL || at != NULL;
}

static void complain_unknown(struct loader *l, const struct value *packs)
{
    uint32_t shipped = 0;
    const struct rules_source *builtin = rules_builtin(&shipped);
    for (const struct value *at = value_first(packs); at != NULL; at = at->next) {
        uint32_t i = 0;
        while (i < shipped && !slice_eq(pack_of(builtin[i].name), value_string(at))) {
            i++;
        }
        if (i == shipped) {
            problem_error(l->problems, SLICE("packs"), at->line, at->column,
                          "`%.*s` is none of the packs that are shipped",
                          SLICE_ARG(value_text(at)));
        }
    }
}

struct ruleset *rules_load_all(const char *const *paths, uint32_t count, struct problems *problems)
{
    return rules_load_packs(NULL, paths, count, NULL, problems);
}

struct ruleset *rules_load_packs(const struct value *packs, const char *const *paths,
                                 uint32_t count, const struct rules_memory *memory,
                                 struct problems *problems)
{
    struct loader l = {.problems = problems, .memory = memory};
    uint32_t shipped = 0;
    const struct rules_source *builtin = rules_builtin(&shipped);
    MUST(packs == NULL || packs->kind == VALUE_LIST);
    complain_unknown(&l, packs);
    for (uint32_t i = 0; i < shipped; i++) {
        if (!is_chosen(packs, pack_of(builtin[i].name))) {
            continue;
        }
        if (!make_room(&l)) {
            complain(&l, "rules", "no memory left");
            break;
        }
        l.sources[l.count++] = builtin[i];
    }
    return load(&l, paths, count);
}

/* "x.yml" as "x.test.yml"; NULL when it has no such end, or memory is out. */
static char *test_beside(const char *path)
{
    const char *dot = strrchr(path, '.');
    char *out = NULL;
    if (dot == NULL || !is_rule_file(path) ||
        asprintf(&out, "%.*s.test%s", (int)(dot - path), path, dot) < 0) {
        return NULL;
    }
    return out;
}

void rules_read_tests(const char *const *paths, uint32_t count, struct problems *problems,
                      void (*take)(void *context, const struct rules_source *source), void *context)
{
    struct loader l = {.problems = problems, .wants_tests = true};
    MUST(paths != NULL && take != NULL);
    for (uint32_t i = 0; i < count; i++) {
        char *beside = rules_is_test_file(paths[i]) ? NULL : test_beside(paths[i]);
        load_path(&l, beside != NULL && access(beside, R_OK) == 0 ? beside : paths[i], true);
        free(beside);
    }
    for (uint32_t i = 0; i < l.count; i++) {
        take(context, &l.sources[i]);
    }
    loader_done(&l, 0);
}

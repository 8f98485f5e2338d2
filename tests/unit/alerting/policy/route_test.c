/* SPDX-License-Identifier: Apache-2.0 */
#include "alerting/policy/route.h"
#include "ingest/base/limits.h"
#include <criterion/criterion.h>
#include <stdio.h>

/* A tree written by indentation: `matchers > name`, `+` in front for continue. */
struct tree {
    struct arena arena;
    struct regex_scratch *scratch;
    struct route *routes[32];
    const char *names[32];
    uint32_t count;
};

static struct route *add(struct tree *tree, struct route *parent, const char *matchers,
                         const char *name)
{
    struct route *route = ARENA_NEW(&tree->arena, struct route);
    struct matcher_error error;
    struct buffer key;
    route->matchers.items = ARENA_ARRAY(&tree->arena, MATCHERS_MAX, struct matcher);
    route->continues = matchers[0] == '+';
    if (matchers[route->continues] != '\0') {
        cr_assert(matchers_parse(&route->matchers, slice_str(matchers + route->continues),
                                 &tree->arena, &error));
    }
    buffer_init(&key, 1024);
    buffer_add(&key, parent != NULL ? parent->key : slice_str(""));
    buffer_add(&key, parent != NULL ? SLICE("/") : slice_str(""));
    matchers_print(&route->matchers, &key);
    route->key = arena_copy(&tree->arena, buffer_slice(&key));
    buffer_done(&key);
    route->index = tree->count;
    route->parent = parent;
    struct route **end = parent != NULL ? &parent->first_child : &tree->routes[31];
    while (*end != NULL) {
        end = &(*end)->next;
    }
    *end = route;
    tree->names[tree->count] = name;
    return tree->routes[tree->count++] = route;
}

/* The tree of Alertmanager's own TestRouteMatch, shortened. */
static void plant(struct tree *tree)
{
    *tree = (struct tree){0};
    cr_assert(arena_init(&tree->arena, 1 << 20));
    tree->scratch = regex_scratch_new();
    struct route *root = add(tree, NULL, "", "def");
    struct route *a = add(tree, root, "owner=team-A", "A");
    add(tree, a, "env=testing", "A-testing");
    add(tree, a, "+env=production", "A-prod");
    add(tree, a, "env=~\"produ.*\",job=~\".*\"", "A-prod-regex");
    add(tree, root, "owner=~\"team-(B|C)\"", "BC");
    struct route *d = add(tree, root, "+group_by=role", "role");
    add(tree, d, "env=testing", "role-testing");
    add(tree, root, "group_by=role", "late");
}

static void fell(struct tree *tree)
{
    for (uint32_t i = 0; i < tree->count; i++) {
        matchers_done(&tree->routes[i]->matchers);
    }
    regex_scratch_free(tree->scratch);
    arena_done(&tree->arena);
}

static struct labels labels_of(struct tree *tree, const char *const *pairs, uint32_t count)
{
    struct labels labels;
    cr_assert(labels_init(&labels, 8, &tree->arena));
    for (uint32_t i = 0; i < count; i++) {
        labels_set(&labels, slice_str(pairs[2 * i]), slice_str(pairs[2 * i + 1]));
    }
    return labels;
}

Test(route, match_is_alertmanagers)
{
    static const struct {
        const char *pairs[4];
        const char *expected;
    } cases[] = {
        {{"owner", "team-A", "", ""}, "A"},
        {{"owner", "team-A", "env", "unset"}, "A"},
        {{"owner", "team-C", "", ""}, "BC"},
        {{"owner", "team-A", "env", "testing"}, "A-testing"},
        {{"owner", "team-A", "env", "production"}, "A-prod A-prod-regex"},
        {{"group_by", "role", "", ""}, "role late"},
        {{"group_by", "role", "env", "testing"}, "role-testing late"},
        {{"owner", "nobody", "", ""}, "def"},
    };
    struct tree tree;
    plant(&tree);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct route *found[ROUTES_PER_ALERT_MAX];
        char text[256] = "";
        struct labels labels = labels_of(&tree, cases[i].pairs, 2);

        uint32_t count = route_match(tree.routes[0], &labels, tree.scratch, found, 16);

        for (uint32_t j = 0, at = 0; j < count; j++) {
            at += (uint32_t)snprintf(text + at, sizeof(text) - at, "%s%s", j != 0 ? " " : "",
                                     tree.names[found[j]->index]);
        }
        cr_expect_str_eq(text, cases[i].expected);
    }
    fell(&tree);
}

Test(route, match_gives_at_most_what_fits)
{
    const char *const pairs[] = {"group_by", "role"};
    const struct route *found[1] = {NULL};
    struct tree tree;
    plant(&tree);
    struct labels labels = labels_of(&tree, pairs, 1);

    cr_expect_eq(route_match(tree.routes[0], &labels, tree.scratch, found, 1), 1);
    cr_expect_eq(route_match(tree.routes[0], &labels, tree.scratch, found, 0), 0);
    cr_expect_eq(route_match(NULL, &labels, tree.scratch, found, 1), 0);

    fell(&tree);
}

static void expect_key(struct tree *tree, const struct route *route, const struct labels *labels,
                       const char *expected)
{
    struct labels group;
    struct buffer out;
    buffer_init(&out, 4096);
    cr_assert(route_group_labels(route, labels, &tree->arena, &group));
    route_group_key(route, &group, &out);
    cr_expect(slice_eq(buffer_slice(&out), slice_str(expected)), "%.*s",
              SLICE_ARG(buffer_slice(&out)));
    buffer_done(&out);
}

Test(route, group_key_is_alertmanagers)
{
    const char *const pairs[] = {"project", "7", "alertname", "New issue", "env", "testing"};
    struct slice by[] = {SLICE_INIT("alertname"), SLICE_INIT("absent")};
    struct tree tree;
    plant(&tree);
    struct labels labels = labels_of(&tree, pairs, 3);
    struct route *route = tree.routes[2];

    route->group_by = by;
    route->group_by_count = 2;
    expect_key(&tree, route, &labels,
               "{}/{owner=\"team-A\"}/{env=\"testing\"}:{alertname=\"New issue\", project=\"7\"}");
    route->group_by_all = true;
    expect_key(&tree, route, &labels,
               "{}/{owner=\"team-A\"}/{env=\"testing\"}:"
               "{alertname=\"New issue\", env=\"testing\", project=\"7\"}");
    route->group_by_all = false;
    route->group_by_count = 0;
    expect_key(&tree, route, &labels, "{}/{owner=\"team-A\"}/{env=\"testing\"}:{project=\"7\"}");

    fell(&tree);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/facets.h"
#include "ingest/base/must.h"
#include "rules/vocabulary.h"

/* Products of the Sigma rules that are about applications. */
static const struct {
    const char *platform;
    const char *product;
} languages[] = {
    {"python", "python"}, {"java", "jvm"},      {"node", "nodejs"},   {"javascript", "javascript"},
    {"ruby", "ruby"},     {"php", "php"},       {"csharp", "csharp"}, {"go", "go"},
    {"perl", "perl"},     {"elixir", "elixir"}, {"native", "native"}, {"cocoa", "cocoa"},
    {"rust", "rust"},     {"objc", "objc"},     {"dart", "dart"},
};

/* Where the beginning of a module, type or package name tells of a framework. */
static const struct {
    const char *prefix;
    const char *product;
} frameworks[] = {
    {"django", "django"},
    {"org.springframework", "spring"},
    {"org.apache.velocity", "velocity"},
    {"ActionController", "ruby_on_rails"},
    {"ActionDispatch", "ruby_on_rails"},
    {"ActionView", "ruby_on_rails"},
    {"ActiveRecord", "ruby_on_rails"},
    {"action_controller", "ruby_on_rails"},
    {"rails", "ruby_on_rails"},
};

/* Words of the types and modules by which database drivers name their errors. */
static const char *const sql_words[] = {"sql",
                                        "ProgrammingError",
                                        "OperationalError",
                                        "IntegrityError",
                                        "DataError",
                                        "psycopg",
                                        "DatabaseError",
                                        "jdbc",
                                        "oracle",
                                        "ActiveRecord",
                                        "hibernate",
                                        "PG::",
                                        "Doctrine\\DBAL",
                                        "mongo",
                                        "PDOException"};

/* Texts of the database itself, which any driver passes on. */
static const char *const sql_texts[] = {"SQL syntax",
                                        "quotation mark",
                                        "quoted string not properly",
                                        "syntax error at or near",
                                        "SQLSTATE",
                                        "ORA-0",
                                        "SELECT "};

static void add(struct subject *subject, struct slice category, struct slice product)
{
    for (uint32_t i = 0; i < subject->facet_count; i++) {
        const struct logsource *facet = &subject->facets[i];
        if (slice_eq(facet->category, category) && slice_eq(facet->product, product)) {
            return;
        }
    }
    if (subject->facet_count < FACETS_MAX) {
        subject->facets[subject->facet_count++] =
            (struct logsource){.category = category, .product = product};
    }
}

/* What a word above begins with. */
static const bool begins[256] = {
    ['s'] = true, ['P'] = true, ['O'] = true, ['I'] = true, ['D'] = true,
    ['p'] = true, ['j'] = true, ['o'] = true, ['A'] = true, ['h'] = true,
    ['m'] = true, ['S'] = true, ['q'] = true};

/* True when one of the words is in `text`, which is read once. */
static bool holds_one_of(struct slice text, const char *const *words, size_t count)
{
    for (size_t at = 0; at < text.len; at++) {
        for (size_t i = 0; begins[(unsigned char)text.at[at]] && i < count; i++) {
            if (words[i][0] == text.at[at] &&
                slice_starts(slice_from(text, at), slice_str(words[i]))) {
                return true;
            }
        }
    }
    return false;
}

static bool is_sql(const struct exception *exception)
{
    size_t words = sizeof(sql_words) / sizeof(sql_words[0]);
    size_t texts = sizeof(sql_texts) / sizeof(sql_texts[0]);
    return holds_one_of(exception->type, sql_words, words) ||
           holds_one_of(exception->module, sql_words, words) ||
           holds_one_of(slice_head(exception->value, 4096), sql_texts, texts);
}

static void add_frameworks(struct subject *subject, struct slice name)
{
    char first = name.len != 0 ? name.at[0] : '\0';
    for (size_t i = 0; i < sizeof(frameworks) / sizeof(frameworks[0]); i++) {
        if (frameworks[i].prefix[0] == first &&
            slice_starts(name, slice_str(frameworks[i].prefix))) {
            add(subject, SLICE("application"), slice_str(frameworks[i].product));
        }
    }
}

static void add_exception(struct subject *subject, const struct exception *exception)
{
    add_frameworks(subject, exception->module);
    add_frameworks(subject, exception->type);
    for (uint32_t i = 0; i < exception->stacktrace.count; i++) {
        add_frameworks(subject, exception->stacktrace.frames[i].module);
    }
    if (is_sql(exception)) {
        add(subject, SLICE("application"), SLICE("sql"));
        add(subject, SLICE("database"), slice_of(NULL, 0));
    }
}

static void add_language(struct subject *subject, struct slice platform)
{
    add(subject, SLICE("application"), slice_of(NULL, 0));
    for (size_t i = 0; i < sizeof(languages) / sizeof(languages[0]); i++) {
        if (slice_eq(platform, slice_str(languages[i].platform))) {
            add(subject, SLICE("application"), slice_str(languages[i].product));
        }
    }
}

/* What the sender states: `event.category` and `event.dataset` as tags, ECS's own words, and
 * actions of the OWASP vocabulary. */
static void add_stated(struct subject *subject, const struct event *event)
{
    struct slice category = event_tag(event, SLICE("event.category"));
    if (category.len != 0) {
        add(subject, category, slice_of(NULL, 0));
    }
    if (vocabulary_is_authentication(vocabulary_of(event).action)) {
        add(subject, SLICE("authentication"), slice_of(NULL, 0));
    }
    struct slice product = event_tag(event, SLICE("event.dataset"));
    if (product.len != 0) {
        add(subject, SLICE("application"), product);
    }
}

void facets_of_event(const struct event *event, struct subject *subject)
{
    MUST(subject->facet_count == 0);
    add_language(subject, event->platform);
    if (event->type == EVENT_CSP || value_get(event->root, SLICE("csp")) != NULL) {
        add(subject, SLICE("csp"), slice_of(NULL, 0));
    }
    const struct request *request = &event->request;
    if (request->url.len != 0 || request->query_string.len != 0 || request->data != NULL) {
        add(subject, SLICE("webserver"), slice_of(NULL, 0));
    }
    add_stated(subject, event);
    for (const struct value *at = value_first(event->modules); at != NULL; at = at->next) {
        add_frameworks(subject, at->key);
    }
    for (uint32_t i = 0; i < event->exception_count; i++) {
        add_exception(subject, &event->exceptions[i]);
    }
}

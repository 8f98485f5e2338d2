/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/vocabulary.h"
#include "ingest/base/must.h"

/* What the vocabulary's actions begin with; in the marked families the first argument is a user. */
static const struct {
    struct slice prefix;
    bool names_user;
    bool is_authentication;
} families[] = {
    {SLICE_INIT("authn_"), true, true},     {SLICE_INIT("authz_"), true, true},
    {SLICE_INIT("session_"), true, true},   {SLICE_INIT("user_"), true, true},
    {SLICE_INIT("privilege_"), true, true}, {SLICE_INIT("sensitive_"), true, false},
    {SLICE_INIT("sequence_"), true, false}, {SLICE_INIT("excess_"), true, false},
    {SLICE_INIT("upload_"), true, false},   {SLICE_INIT("malicious_"), false, false},
    {SLICE_INIT("input_"), false, false},   {SLICE_INIT("crypt_"), true, false},
    {SLICE_INIT("sys_"), false, false},
};

static bool starts_nocase(struct slice text, struct slice prefix)
{
    return slice_eq_nocase(slice_head(text, prefix.len), prefix);
}

/* Index of the action's family; past the end when it is of none. */
static size_t family_of(struct slice action)
{
    size_t i = 0;
    while (i < sizeof(families) / sizeof(families[0]) &&
           !starts_nocase(action, families[i].prefix)) {
        i++;
    }
    return i;
}

static const size_t families_count = sizeof(families) / sizeof(families[0]);

struct slice vocabulary_stated(const struct event *event, struct slice name)
{
    size_t dot = slice_find(name, '.');
    struct slice head = slice_head(name, dot);
    struct slice rest = slice_from(name, dot + 1);
    const struct slice found[] = {
        event_tag(event, name),
        value_text(value_get(value_get(event->contexts, head), rest)),
        value_text(value_get(value_get(event->extra, head), rest)),
        value_text(value_get(event->extra, name)),
    };
    for (size_t i = 0; i < sizeof(found) / sizeof(found[0]); i++) {
        if (found[i].len != 0) {
            return found[i];
        }
    }
    return slice_of(NULL, 0);
}

/* A message that is an action: of a known family, one word up to its arguments. */
static bool is_spelt_action(struct slice text)
{
    struct slice word = slice_head(text, slice_find(text, ':'));
    for (size_t i = 0; i < word.len; i++) {
        char c = (char)(word.at[i] | 0x20);
        if (word.at[i] != '_' && !(c >= 'a' && c <= 'z')) {
            return false;
        }
    }
    return family_of(word) < families_count;
}

static struct slice stated_action(const struct event *event)
{
    const struct value *contexts = event->contexts;
    const struct slice found[] = {
        vocabulary_stated(event, SLICE("event.action")),
        event_tag(event, SLICE("event_action")),
        value_text(value_get(value_get(contexts, SLICE("security")), SLICE("event"))),
        value_text(value_get(value_get(contexts, SLICE("owasp")), SLICE("event"))),
    };
    const struct slice guesses[] = {event_tag(event, SLICE("event")),
                                    value_text(value_get(event->extra, SLICE("event"))),
                                    event->formatted, event->message};
    for (size_t i = 0; i < sizeof(found) / sizeof(found[0]); i++) {
        if (found[i].len != 0) {
            return found[i];
        }
    }
    for (size_t i = 0; i < sizeof(guesses) / sizeof(guesses[0]); i++) {
        if (guesses[i].len != 0 && is_spelt_action(guesses[i])) {
            return guesses[i];
        }
    }
    return slice_of(NULL, 0);
}

struct vocabulary vocabulary_of(const struct event *event)
{
    struct slice text = slice_trim(stated_action(event));
    size_t colon = slice_find(text, ':');
    struct slice arguments = slice_from(text, colon + 1);
    struct vocabulary found = {.action = slice_head(text, colon)};
    size_t family = family_of(found.action);
    if (family < families_count && families[family].names_user) {
        found.subject = slice_trim(slice_head(arguments, slice_find(arguments, ',')));
    }
    MUST(found.action.len <= text.len);
    return found;
}

bool vocabulary_is_authentication(struct slice action)
{
    size_t family = family_of(action);
    return family < families_count && families[family].is_authentication;
}

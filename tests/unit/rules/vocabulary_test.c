/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/vocabulary.h"
#include "tests/unit/rules/event_fixture.h"
#include "tests/unit/rules/fixture.h"

static struct event *read_event(struct fixture *f, const char *json)
{
    const struct value *root = fixture_json(f, slice_str(json));
    struct event *event = event_of(&f->event, root);
    event->extra = value_get(root, SLICE("extra"));
    return event;
}

Test(vocabulary, finds_the_action_wherever_it_is_stated)
{
    static const char *const rows[][3] = {
        {"{\"tags\":{\"event.action\":\"authn_login_fail:joe\"}}", "authn_login_fail", "joe"},
        {"{\"contexts\":{\"event\":{\"action\":\"authz_fail:joe,/admin\"}}}", "authz_fail", "joe"},
        {"{\"contexts\":{\"owasp\":{\"event\":\"session_expired:joe\"}}}", "session_expired",
         "joe"},
        {"{\"extra\":{\"event\":\"AUTHN_login_fail:joe\"}}", "AUTHN_login_fail", "joe"},
        {"{\"message\":\"user_created:ann,joe\"}", "user_created", "ann"},
        {"{\"tags\":{\"event.action\":\"opened\"}}", "opened", ""},
        {"{\"message\":\"malicious_attack_tool:192.0.2.1,nikto\"}", "malicious_attack_tool", ""},
        {"{\"message\":\"user not found: joe\"}", "", ""},
        {"{\"extra\":{\"event\":\"click\"}}", "", ""},
        {"{}", "", ""},
    };
    struct fixture *f = fixture_new();
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct vocabulary is = vocabulary_of(read_event(f, rows[i][0]));
        cr_expect(slice_eq(is.action, slice_str(rows[i][1])), "%s", rows[i][0]);
        cr_expect(slice_eq(is.subject, slice_str(rows[i][2])), "%s", rows[i][0]);
    }
    fixture_free(f);
}

Test(vocabulary, knows_which_actions_are_about_accounts)
{
    cr_expect(vocabulary_is_authentication(SLICE("authn_login_fail")));
    cr_expect(vocabulary_is_authentication(SLICE("Session_created")));
    cr_expect_not(vocabulary_is_authentication(SLICE("upload_complete")));
    cr_expect_not(vocabulary_is_authentication(SLICE("")));
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/ingest/normalise/marks.h"

Test(stack_rules_path, what_package_managers_put_there_is_not_the_application)
{
    static const struct marks_row rows[] = {
        {"python",
         {.abs_path = S("/venv/lib/python3/site-packages/requests/api.py")},
         CATEGORY_NONE,
         RULE_NOT_APP},
        {"node",
         {.abs_path = S("/srv/app/node_modules/express/index.js")},
         CATEGORY_NONE,
         RULE_NOT_APP},
        {"node", {.filename = S("node_modules/express/index.js")}, CATEGORY_NONE, RULE_NOT_APP},
        {"node",
         {.abs_path = S("C:\\srv\\Node_Modules\\express\\index.js")},
         CATEGORY_NONE,
         RULE_NOT_APP},
        {"go", {.abs_path = S("/root/go/pkg/mod/github.com/x/y.go")}, CATEGORY_NONE, RULE_NOT_APP},
        {"php", {.abs_path = S("/srv/shop/vendor/symfony/x.php")}, CATEGORY_NONE, RULE_NOT_APP},
        {"php", {.abs_path = S("/srv/shop/myvendor/x.php")}, CATEGORY_NONE, 0},
        {"ruby", {.abs_path = S("/usr/local/lib/ruby/x.rb")}, CATEGORY_NONE, RULE_NOT_APP},
        {"javascript",
         {.abs_path = S("https://unpkg.com/react/index.js")},
         CATEGORY_NONE,
         RULE_NOT_APP},
        {"javascript",
         {.abs_path = S("org-dartlang-sdk:///lib/core.dart")},
         CATEGORY_NONE,
         RULE_NOT_APP | RULE_IGNORE},
        {"native",
         {.abs_path = S("package:sentry/src/hub.dart")},
         CATEGORY_NONE,
         RULE_NOT_APP | RULE_IGNORE},
        {"node",
         {.abs_path = S("/srv/app/newrelic/agent.js")},
         CATEGORY_NONE,
         RULE_NOT_APP | RULE_IGNORE},
        {"node",
         {.abs_path = S("/srv/node_modules/@newrelic/x/index.js")},
         CATEGORY_NONE,
         RULE_NOT_APP | RULE_IGNORE},
        {"javascript",
         {.abs_path = S("https://cdn.example/MyLogRocket/x.js")},
         CATEGORY_NONE,
         RULE_NOT_APP | RULE_IGNORE},
        {"node", {.abs_path = S("/srv/app/newrelic.js")}, CATEGORY_NONE, 0}, /* configures it */
        {"python", {.abs_path = S("/srv/shop/cart.py")}, CATEGORY_NONE, 0},
        {"python", {.abs_path = S("")}, CATEGORY_NONE, 0},
    };
    MARKS_CHECK(rows);
}

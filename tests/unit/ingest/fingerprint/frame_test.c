/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/ingest/fingerprint/fixture.h"

TestSuite(frame, .init = fixture_start);

struct row {
    const char *claim;
    struct frame frame; /* its platform is the event's */
    const char *counted;
};

static void check(const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct frame frame = rows[i].frame;
        struct stacktrace stack = {.frames = &frame, .count = 1};
        struct event event = {.platform = frame.platform};
        frame.platform = SLICE("");
        fixture_start();
        (void)frame_add(&parts, &event, &stack, 0);
        struct slice counted = fixture_counted(VARIANT_SYSTEM);
        cr_expect(slice_eq(counted, slice_str(rows[i].counted)), "%s: %.*s", rows[i].claim,
                  SLICE_ARG(counted));
    }
}

#define CHECK(rows) check(rows, sizeof(rows) / sizeof((rows)[0]))

Test(frame, module_goes_before_file_before_function)
{
    static const struct row rows[] = {
        {"module",
         {.platform = S("python"),
          .module = S("shop.cart"),
          .filename = S("shop/cart.py"),
          .function = S("total")},
         "shop.cart|total"},
        {"base of the file in lower case",
         {.platform = S("python"), .filename = S("Shop/Cart.py"), .function = S("total")},
         "cart.py|total"},
        {"windows' paths",
         {.platform = S("csharp"), .filename = S("C:\\src\\Cart.cs"), .function = S("Total")},
         "cart.cs|Total"},
        {"path where no file is named",
         {.platform = S("go"), .abs_path = S("/src/cart.go"), .function = S("total")},
         "cart.go|total"},
        {"nothing", {.platform = S("python"), .lineno = 7}, ""},
    };
    CHECK(rows);
}

Test(frame, context_line_counts_where_source_is_sent_as_written)
{
    static const struct row rows[] = {
        {"python",
         {.platform = S("python"),
          .filename = S("a.py"),
          .function = S("f"),
          .context_line = S("\t  return  x [0] \n")},
         "a.py|f|return x [0]"},
        {"ruby",
         {.platform = S("ruby"),
          .filename = S("a.rb"),
          .function = S("f"),
          .context_line = S("x   +  1")},
         "a.rb|f|x + 1"},
        {"php",
         {.platform = S("php"),
          .filename = S("a.php"),
          .function = S("f"),
          .context_line = S("$x;")},
         "a.php|f|$x;"},
        {"java",
         {.platform = S("java"), .module = S("a.B"), .function = S("f"), .context_line = S("x();")},
         "a.B|f"},
        {"node, of a file without a function",
         {.platform = S("node"), .filename = S("/a.js"), .context_line = S("x()")},
         "a.js|x()"},
        {"node, of a file's URL without a function",
         {.platform = S("node"), .filename = S("file:///a.js"), .context_line = S("x()")},
         "a.js"},
        {"only blanks",
         {.platform = S("python"),
          .filename = S("a.py"),
          .function = S("f"),
          .context_line = S(" \t \n")},
         "a.py|f"},
        {"go",
         {.platform = S("go"),
          .filename = S("a.go"),
          .function = S("f"),
          .context_line = S("return x")},
         "a.go|f"},
        {"of a URL with a function",
         {.platform = S("javascript"),
          .function = S("f"),
          .filename = S("https://h/a.js"),
          .context_line = S("x()")},
         "f|x()"},
        {"of a URL without a function",
         {.platform = S("javascript"), .context_line = S("x()"), .filename = S("https://h/a.js")},
         ""},
    };
    CHECK(rows);
}

Test(frame, context_line_of_120_characters_counts_and_a_longer_one_does_not)
{
    char line[2 * 121];
    for (size_t i = 0; i < sizeof(line); i += 2) {
        memcpy(line + i, "\xc3\xa4", 2);
    }
    struct frame frame = {.function = SLICE("f"), .context_line = slice_of(line, 2 * 120)};
    struct stacktrace stack = {.frames = &frame, .count = 1};
    struct event event = {.platform = SLICE("python")};
    cr_expect_eq(frame_add(&parts, &event, &stack, 0)->counts, VARIANT_BOTH);
    cr_expect_eq(fixture_counted(VARIANT_SYSTEM).len, 2 + 2 * 120);

    fixture_start();
    frame.context_line = slice_of(line, sizeof(line));
    (void)frame_add(&parts, &event, &stack, 0);
    EXPECT_COUNTED(VARIANT_SYSTEM, "f");
}

Test(frame, browsers_agree)
{
    static const struct row rows[] = {
        {"chrome",
         {.platform = S("javascript"),
          .filename = S("https://h/app.js"),
          .function = S("Object.total")},
         "total"},
        {"firefox",
         {.platform = S("javascript"), .filename = S("https://h/app.js"), .function = S("total")},
         "total"},
        {"unnamed",
         {.platform = S("javascript"), .filename = S("https://h/app.js"), .function = S("?")},
         ""},
        {"unnamed in firefox",
         {.platform = S("javascript"), .filename = S("https://h/app.js"), .function = S("total/<")},
         ""},
        {"native code",
         {.platform = S("javascript"), .abs_path = S("[native code]"), .function = S("forEach")},
         ""},
        {"eval",
         {.platform = S("javascript"),
          .filename = S("https://h/app.js"),
          .function = S("window.eval")},
         ""},
        {"a file of electron",
         {.platform = S("javascript"), .filename = S("file:///app/Main.js"), .function = S("run")},
         "main.js|run"},
        {"a short name beside the page's URL",
         {.platform = S("javascript"),
          .abs_path = S("https://h/js/app.js"),
          .filename = S("app.js"),
          .function = S("run")},
         "run"},
        {"a page's own memory",
         {.platform = S("javascript"),
          .abs_path = S("blob:https://h/0123"),
          .filename = S("worker.js"),
          .function = S("run")},
         "run"},
        {"node's own",
         {.platform = S("node"),
          .filename = S("node:internal/Timers"),
          .function = S("listOnTimeout")},
         "timers|listOnTimeout"},
        {"path as module",
         {.platform = S("javascript"),
          .filename = S("https://h/js/app"),
          .module = S("js/app"),
          .function = S("run")},
         "run"},
        {"module",
         {.platform = S("node"),
          .filename = S("/srv/app.js"),
          .module = S("app"),
          .function = S("Object.?")},
         "app"},
    };
    CHECK(rows);
}

Test(frame, line_goes_before_a_name_from_a_source_map)
{
    struct frame frame = {
        .function = SLICE("t"), .filename = SLICE("app.ts"), .context_line = SLICE("x.y()")};
    struct stacktrace stack = {.frames = &frame, .count = 1};
    struct event event = {.platform = SLICE("javascript")};
    frame.raw = fixture_tree("{\"data\":{\"sourcemap\":\"https://h/app.js.map\"}}");
    (void)frame_add(&parts, &event, &stack, 0);
    EXPECT_COUNTED(VARIANT_SYSTEM, "app.ts|x.y()");

    fixture_start();
    frame.raw = fixture_tree("{\"data\":{\"sourcemap\":null}}");
    (void)frame_add(&parts, &event, &stack, 0);
    EXPECT_COUNTED(VARIANT_SYSTEM, "app.ts|t|x.y()");
}

Test(frame, names_that_are_made_up_do_not_count)
{
    static const struct row rows[] = {
        {"ruby block",
         {.platform = S("ruby"),
          .filename = S("a.rb"),
          .function = S("block (2 levels) in <main>")},
         "a.rb|block"},
        {"rails template",
         {.platform = S("ruby"),
          .filename = S("x.erb"),
          .function = S("_app_views_x_erb__4711881_0815")},
         "x.erb|_app_views_x_erb"},
        {"rails look-alike",
         {.platform = S("ruby"), .filename = S("x.rb"), .function = S("step__12_34")},
         "x.rb|step__12_34"},
        {"php class",
         {.platform = S("php"), .function = S("class@anonymous/a.php:7$0::run")},
         "run"},
        {"php class with its address",
         {.platform = S("php"), .function = S("class@anonymous\0/a.php:7$0::run")},
         "run"},
        {"php class without a method",
         {.platform = S("php"),
          .filename = S("a.php"),
          .function = S("class@anonymous\0/a.php:7$0")},
         "a.php"},
        {"php class of the text of an error",
         {.platform = S("php"), .function = S("class@anonymous:7")},
         "class@anonymous:7"},
        {"php function",
         {.platform = S("php"), .filename = S("a.php"), .function = S("[Anonymous function]")},
         "a.php"},
        {"java lambda",
         {.platform = S("java"), .module = S("com.shop.Cart"), .function = S("lambda$total$0")},
         "com.shop.Cart"},
        {"java lambda class",
         {.platform = S("java"),
          .module = S("com.shop.Cart$$Lambda$7/0x1"),
          .filename = S("Cart.java"),
          .function = S("run")},
         "cart.java|run"},
        {"redacted", {.platform = S("cocoa"), .function = S("<redacted>")}, ""},
        {"anonymous file",
         {.platform = S("python"), .filename = S("<anonymous>"), .function = S("f")},
         "f"},
        {"csharp with arguments",
         {.platform = S("csharp"), .function = S("Run"), .raw_function = S("Run (System.Int32 x)")},
         "Run (System.Int32 x)"},
    };
    CHECK(rows);
}

Test(frame, own_platform_goes_before_the_events)
{
    struct frame frame = {.function = SLICE("Object.total"), .platform = SLICE("javascript")};
    struct stacktrace stack = {.frames = &frame, .count = 1};
    struct event event = {.platform = SLICE("native")};
    (void)frame_add(&parts, &event, &stack, 0);
    EXPECT_COUNTED(VARIANT_SYSTEM, "total");
}

Test(frame, without_names_is_a_place)
{
    static const struct row rows[] = {
        {"place",
         {.platform = S("native"),
          .instruction_addr = 0x5500001234,
          .image_addr = 0x5500000000,
          .package = S("/usr/bin/shop")},
         "shop+0x1234"},
        {"named",
         {.platform = S("native"),
          .instruction_addr = 0x5500001234,
          .image_addr = 0x5500000000,
          .package = S("/usr/bin/shop"),
          .function = S("main")},
         "main"},
    };
    CHECK(rows);
}

Test(frame, numbers_in_the_line_that_starts_a_python_process_do_not_count)
{
    struct frame frame = {
        .platform = SLICE("python"),
        .module = SLICE("__main__"),
        .context_line = SLICE("from multiprocessing.spawn import spawn_main; "
                              "spawn_main(tracker_fd=11, pipe_handle=32)"),
    };
    struct event event = {.platform = SLICE("python")};
    struct stacktrace stack = {&frame, 1, NULL, 0, 0};
    (void)frame_add(&parts, &event, &stack, 0);
    EXPECT_COUNTED(VARIANT_APP, "__main__|from multiprocessing.spawn import spawn_main; "
                                "spawn_main(tracker_fd=<int>, pipe_handle=<int>)");
}

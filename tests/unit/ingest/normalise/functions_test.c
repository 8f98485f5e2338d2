/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/ingest/normalise/fixture.h"

TestSuite(functions, .init = fixture_start);

static struct frame cut(const char *platform, const char *function)
{
    static struct frame frame;
    frame = (struct frame){.function = slice_str(function)};
    struct event event = {.platform = slice_str(platform), .stacktrace = {&frame, 1, NULL, 0, 0}};
    step_functions(&arena, &input, &event);
    return frame;
}

static void check(const char *platform, const char *const rows[][2], size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct frame frame = cut(platform, rows[i][0]);
        cr_expect(slice_eq(frame.function, slice_str(rows[i][1])), "%s: %.*s", rows[i][0],
                  SLICE_ARG(frame.function));
        cr_expect_eq(frame.raw_function.len,
                     strcmp(rows[i][0], rows[i][1]) != 0 ? strlen(rows[i][0]) : 0, "%s",
                     rows[i][0]);
    }
}

#define CHECK(platform, rows) check(platform, rows, sizeof(rows) / sizeof((rows)[0]))

Test(functions, of_cpp_lose_arguments_templates_and_return_types)
{
    static const char *const rows[][2] = {
        {"main", "main"},
        {"shop::Cart::total() const", "shop::Cart::total"},
        {"void shop::Cart::add(std::string const&, int)", "shop::Cart::add"},
        {"std::vector<int>::push_back(int const&)", "std::vector<T>::push_back"},
        {"std::map<a, std::pair<b, c> >::at", "std::map<T>::at"},
        {"static int shop::run<std::function<void (int)>>(void)", "shop::run<T>"},
        {"shop::operator<<(std::ostream&, Cart)", "shop::operator<<"},
        {"bool shop::Cart::operator()(int) const", "shop::Cart::operator()"},
        {"shop::Cart::operator->() const", "shop::Cart::operator->"},
        {"shop::operator bool()", "shop::operator bool"},
        {"operator new(unsigned long)", "operator new"},
        {"(anonymous namespace)::helper(int)", "(anonymous namespace)::helper"},
        {"`anonymous namespace'::helper", "`anonymous namespace'::helper"},
        {"?A0x0123abcd::helper", "`anonymous namespace'::helper"},
        {"shop::run()::{lambda(int)#1}::operator()(int) const", "shop::run::lambda::operator()"},
        {"lambda_0123456789abcdef0123456789abcdef::operator()", "lambda::operator()"},
        {"shop::$_12::operator()(int)", "shop::lambda::operator()"},
        {"void shop::sort <int>(int *, int)", "shop::sort <T>"},
        {"shop::operator<< <char>(std::ostream&)", "shop::operator<< <T>"},
        {"shop::Cart::operator() <int>(int)", "shop::Cart::operator() <T>"},
        {"shop::Cart::total() const &", "shop::Cart::total"},
        {"std::__1::function<void (int)>::operator()(int) const",
         "std::__1::function<T>::operator()"},
        {"shop::each<<lambda_0123456789abcdef0123456789abcdef> >", "shop::each<T>"},
        {"@RaiseException@8", "RaiseException"},
        {"_RaiseException@16", "_RaiseException"},
        {"unbalanced(int", "unbalanced(int"},
        {"<redacted>", "<redacted>"},
        {"<unknown>", "<unknown>"},
    };
    CHECK("native", rows);
}

Test(functions, of_rust_lose_their_hash_and_traits)
{
    static const char *const rows[][2] = {
        {"shop::cart::total::h0123456789abcdef", "shop::cart::total"},
        {"<shop::Cart as core::fmt::Display>::fmt", "shop::Cart::fmt"},
        {"shop::run::{{closure}}", "shop::run::{{closure}}"},
        {"core::ptr::drop_in_place<alloc::vec::Vec<u8>>", "core::ptr::drop_in_place<T>"},
        {"<shop::Cart<T> as Iterator>::next", "shop::Cart<T>::next"},
        {"<F as alloc::boxed::FnBox<A>>::call_box", "alloc::boxed::FnBox<T>::call_box"},
    };
    CHECK("native", rows);
}

Test(functions, of_apple_stay_readable)
{
    static const char *const rows[][2] = {
        {"-[Cart total:]", "-[Cart total:]"},
        {"+[Cart shared]", "+[Cart shared]"},
        {"__44-[Cart total:]_block_invoke", "__44-[Cart total:]_block_invoke"},
        {"Cart.total(of: Swift.Int) -> Swift.Int", "Cart.total"},
        {"@objc Cart.total(Any) -> ()", "Cart.total"},
        {"-[Cart<Shop> total:(int)x]", "-[Cart<Shop> total:(int)x]"},
    };
    CHECK("cocoa", rows);
}

Test(functions, of_csharp_lose_unitys_arguments)
{
    static const char *const rows[][2] = {
        {"Shop.Cart:Total (System.Int32 x)", "Shop.Cart:Total"},
        {"Shop.Cart.Total(Int32 x)", "Shop.Cart.Total(Int32 x)"},
    };
    CHECK("csharp", rows);
}

Test(functions, of_others_and_those_cut_by_their_sender_stay)
{
    cr_expect(slice_eq(cut("python", "f(x)").function, SLICE("f(x)")));
    struct frame frame = {.function = SLICE("f(x)"), .raw_function = SLICE("void f(x)")};
    struct event event = {.platform = SLICE("native"), .stacktrace = {&frame, 1, NULL, 0, 0}};
    step_functions(&arena, &input, &event);
    EXPECT_TEXT(frame.function, "f(x)");
    frame.platform = SLICE("native");
    frame.raw_function = SLICE("");
    event.platform = SLICE("python");
    step_functions(&arena, &input, &event);
    EXPECT_TEXT(frame.function, "f");
}

Test(functions, names_of_4096_bytes_are_cut_and_longer_ones_stay)
{
    static char name[4098];
    memset(name, 'f', sizeof(name));
    name[4094] = '(';
    name[4095] = ')';
    struct frame frame = {.function = slice_of(name, 4096)};
    struct event event = {.platform = SLICE("c"), .stacktrace = {&frame, 1, NULL, 0, 0}};
    step_functions(&arena, &input, &event);
    cr_expect_eq(frame.function.len, 4094);

    memset(name, 'f', sizeof(name));
    name[4095] = '(';
    name[4096] = ')';
    frame = (struct frame){.function = slice_of(name, 4097)};
    step_functions(&arena, &input, &event);
    cr_expect_eq(frame.function.len, 4097);
}

Test(functions, full_arena_leaves_names_as_they_are)
{
    arena_over(&arena, fixture_room, 16);
    EXPECT_TEXT(cut("native", "f(x)").function, "f(x)");
    cr_expect(arena.exhausted);
}

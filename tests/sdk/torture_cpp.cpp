/* SPDX-License-Identifier: Apache-2.0 */
/* The ways C++ ends a program: torture_cpp SCENARIO FOLDER. */
#include "tocsin.hpp"

#include <cstdio>
#include <cstring>
#include <stdexcept>
#include <string>
#include <thread>

#define KEEP __attribute__((noinline))

namespace
{
volatile int zero;

KEEP void thrower()
{
    throw std::runtime_error("too much");
}

KEEP void promises() noexcept
{
    thrower();
    zero = 1;
}

KEEP void no_handler()
{
    thrower();
    zero = 1;
}

KEEP void in_thread()
{
    std::thread(no_handler).join();
}

KEEP void a_number()
{
    throw 42;
}

/* The destructor throws while another exception is under way. */
struct careless {
    ~careless() noexcept(false) { thrower(); }
};

KEEP void in_destructor()
{
    careless c;
    throw std::logic_error("the first");
}

struct base {
    base() { call(); }
    virtual ~base() {}
    KEEP void call() { step(); }
    virtual void step() = 0;
};

struct derived : base {
    void step() override { zero = 1; }
};

KEEP void pure_virtual()
{
    derived d;
    d.call();
}

KEEP void no_exception()
{
    std::terminate();
}

/* Ends after main, and after everything else: made before the SDK opened. */
struct global {
    bool armed = false;
    ~global();
};

global last;

global::~global()
{
    if (armed) {
        zero = *static_cast<int *volatile>(nullptr);
    }
}

KEEP void global_destructor()
{
    last.armed = true;
    std::exit(0);
}

const struct {
    const char *name;
    void (*run)();
} scenarios[] = {{"noexcept", promises},
                 {"uncaught", no_handler},
                 {"uncaught_thread", in_thread},
                 {"number", a_number},
                 {"destructor", in_destructor},
                 {"pure_virtual", pure_virtual},
                 {"terminate", no_exception},
                 {"global_destructor", global_destructor}};
}

int main(int argc, char **argv)
{
    tocsin_options o = tocsin_options();
    o.size = sizeof o;
    o.dsn = "http://key@127.0.0.1:1/7";
    o.dir = argc > 2 ? argv[2] : nullptr;
    if (!o.dir || tocsin_init(&o) != TOCSIN_OK) {
        return 3;
    }
    tocsin::catch_uncaught();
    for (const auto &s : scenarios) {
        if (std::strcmp(s.name, argv[1]) == 0) {
            s.run();
        }
    }
    return 2;
}

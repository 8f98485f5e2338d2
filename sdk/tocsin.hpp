/* SPDX-License-Identifier: Apache-2.0 */
/* tocsin.hpp: call tocsin::catch_uncaught() once after tocsin_init, and the crash report of an
 * uncaught exception carries its type and what(). Earlier terminate handlers still run. */
#pragma once
#include "tocsin.h"
#include <cstdlib>
#include <cxxabi.h>
#include <exception>
#include <typeinfo>

namespace tocsin {
inline std::terminate_handler &previous() {
    static std::terminate_handler handler = nullptr;
    return handler;
}
inline void on_terminate() {
    if (std::type_info *type = abi::__cxa_current_exception_type()) {
        int status = 0;
        char *name = abi::__cxa_demangle(type->name(), nullptr, nullptr, &status);
        const char *shown = name ? name : type->name();
        tocsin_crash_reason(shown, "");
        try { throw; } catch (const std::exception &e) {
            tocsin_crash_reason(shown, e.what());
        } catch (...) {}
        std::free(name);
    }
    if (previous()) previous()();
    std::abort();
}
inline void catch_uncaught() { previous() = std::set_terminate(on_terminate); }
}

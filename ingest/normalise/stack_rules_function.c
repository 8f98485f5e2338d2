/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/normalise/stack_rule.h"

#define NATIVE(name, category)                                                                     \
    {                                                                                              \
        SLICE_INIT(name), FAMILY_NATIVE, CATEGORY_##category, 0, SLICE_INIT("")                    \
    }
#define NATIVE_DOES(name, actions)                                                                 \
    {                                                                                              \
        SLICE_INIT(name), FAMILY_NATIVE, CATEGORY_NONE, actions, SLICE_INIT("")                    \
    }
#define SCRIPT_DOES(name, families, actions)                                                       \
    {                                                                                              \
        SLICE_INIT(name), families, CATEGORY_NONE, actions, SLICE_INIT("")                         \
    }

static const struct stack_rule natives[] = {
    /* C and C++ */
    NATIVE("memset", SYSTEM),
    NATIVE("memcpy", SYSTEM),
    NATIVE("__memcpy", SYSTEM),
    NATIVE("memcmp", SYSTEM),
    NATIVE("boost::*", STD),
    NATIVE("std::*", STD),
    NATIVE("art::jit::*", RUNTIME),
    NATIVE("std::_*", INTERNALS),
    NATIVE("block_destroy_helper*", INTERNALS),
    NATIVE("boost::*::thread_proxy", THREADBASE),
    NATIVE("_pthread_start", THREADBASE),
    NATIVE("__pthread_start", THREADBASE),
    NATIVE("_pthread_body", THREADBASE),
    NATIVE("_pthread_wqthread", THREADBASE),
    NATIVE("malloc", MALLOC),
    NATIVE("malloc_base", MALLOC),
    NATIVE("std::*::allocator_traits*", MALLOC),
    NATIVE("*::operator()*", INDIRECTION),
    NATIVE("*<lambda>*", INDIRECTION),
    NATIVE("__dynamic_cast", INDIRECTION),
    NATIVE("boost::function*", INDIRECTION),
    NATIVE("boost::_bi::*", INDIRECTION),
    NATIVE("boost::detail::function::functor_manager*", INDIRECTION),
    NATIVE("*::{dtor}", DTOR),
    NATIVE("destructor'", DTOR),
    NATIVE("exit", SHUTDOWN),
    NATIVE("_sigtramp", HANDLER),
    NATIVE("abort", THROW),
    NATIVE("raise", THROW),
    NATIVE("std::terminate", THROW),
    NATIVE("std::_Deallocate", FREE),
    NATIVE("free", FREE),
    NATIVE("dlopen", LOAD),
    NATIVE("dladdr", LOAD),
    NATIVE("pthread_mutex_lock", LOCK),
    NATIVE_DOES("__cxa_throw", RULE_BORDER),
    NATIVE_DOES("__assert_rtn", RULE_BORDER),
    /* Swift and Objective-C */
    NATIVE("-[NSISEngine*", UI),
    NATIVE("__swift_*", INTERNALS),
    NATIVE("_dispatch_worker_thread2", THREADBASE),
    NATIVE("start_wqthread", THREADBASE),
    NATIVE("thread_start", THREADBASE),
    NATIVE("Array.subscript.*", INDIRECTION),
    NATIVE("_CFThrowFormattedException", THROW),
    NATIVE("objc_exception_throw", THROW),
    NATIVE("AG::precondition_failure*", THROW),
    NATIVE("objc_release", FREE),
    NATIVE("_swift_release_dealloc", FREE),
    NATIVE("_CFRelease", FREE),
    NATIVE("gpusKillClientExt", TELEMETRY),
    NATIVE("ImageLoaderMachO::findClosestSymbol", LOAD),
    NATIVE_DOES("_NSRaiseError", RULE_BORDER),
    NATIVE_DOES("_mh_execute_header", RULE_NOT_APP | RULE_IGNORE),
    /* Windows */
    NATIVE("wWinMain", THREADBASE),
    NATIVE("invoke_main", THREADBASE),
    NATIVE("BaseThreadInitThunk", THREADBASE),
    NATIVE("RtlUserThreadStart", THREADBASE),
    NATIVE("TppWorkerThread", THREADBASE),
    NATIVE("TppWorkpExecuteCallback", THREADBASE),
    NATIVE("RtlpTpWorkCallback", THREADBASE),
    NATIVE("RtlpAllocateHeapInternal", MALLOC),
    NATIVE("RtlExitUserProcess", SHUTDOWN),
    NATIVE("ExitProcessImplementation", SHUTDOWN),
    NATIVE("RtlpExecuteHandlerForException", HANDLER),
    NATIVE("DispatchHookW", HANDLER),
    NATIVE("execute_onexit_table", HANDLER),
    NATIVE("RtlExitUserThread", THROW),
    NATIVE("TppRaiseInvalidParameter", THROW),
    NATIVE("_CxxThrowException", THROW),
    NATIVE("RaiseException", THROW),
    NATIVE("RaiseComPlusException", THROW),
    NATIVE("RtlFreeHeap", FREE),
    NATIVE("RtlFreeUnicodeString", FREE),
    /* graphics drivers */
    NATIVE("*CUDA*", DRIVER),
    /* Rust */
    NATIVE_DOES("std::*", RULE_NOT_APP),
    NATIVE_DOES("core::*", RULE_NOT_APP),
    NATIVE_DOES("alloc::*", RULE_NOT_APP),
    NATIVE_DOES("__rust_*", RULE_NOT_APP),
    NATIVE_DOES("rust_begin_unwind", RULE_NOT_APP),
    NATIVE_DOES("std::panicking::begin_panic", RULE_BORDER),
    NATIVE_DOES("core::panicking::begin_panic", RULE_BORDER),
    NATIVE_DOES("failure::backtrace::Backtrace::new", RULE_BORDER),
    NATIVE_DOES("error_chain::make_backtrace", RULE_BORDER),
    NATIVE_DOES("std::panicking::panic_fmt", RULE_APP_BORDER),
    NATIVE_DOES("core::panicking::panic_fmt", RULE_APP_BORDER),
    /* Unreal Engine: what raises an assertion is never at fault, what called it is */
    NATIVE_DOES("UE::Logging::Private::BasicFatalLog", RULE_RAISED_BELOW),
    NATIVE_DOES("FDebug::CheckVerifyFailedImpl*", RULE_RAISED_BELOW),
    NATIVE_DOES("FDebug::OptionallyLogFormattedEnsureMessageReturningFalse", RULE_RAISED_BELOW),
    NATIVE_DOES("DispatchCheckVerify*", RULE_RAISED_BELOW),
    NATIVE_DOES("UE::Assert::Private::ExecCheckImplInternal*", RULE_RAISED_BELOW),
    NATIVE_DOES("USentrySubsystem::Capture*", RULE_RAISED_BELOW),
    NATIVE_DOES("USentrySubsystem::*execCapture*", RULE_RAISED_BELOW),
    /* crash reporters */
    NATIVE("crashpad::*", TELEMETRY),
    NATIVE_DOES("google_breakpad::*", RULE_NOT_APP | RULE_IGNORE),
    NATIVE_DOES("google_breakpad::ExceptionHandler::SignalHandler", RULE_IGNORE | RULE_IGNORE_UP),
    NATIVE_DOES("google_breakpad::ExceptionHandler::WriteMinidumpWithException",
                RULE_IGNORE | RULE_IGNORE_UP),
    NATIVE_DOES("kscm_*", RULE_NOT_APP | RULE_IGNORE),
    NATIVE_DOES("sentrycrashcm_*", RULE_NOT_APP | RULE_IGNORE),
    NATIVE_DOES("kscrash_*", RULE_NOT_APP | RULE_IGNORE),
    NATIVE_DOES("*sentrycrash_*", RULE_NOT_APP | RULE_IGNORE),
    NATIVE_DOES("?[KSCrash*", RULE_NOT_APP | RULE_IGNORE),
    NATIVE_DOES("?[RNSentry*", RULE_NOT_APP | RULE_IGNORE),
    NATIVE_DOES("__*[Sentry*", RULE_NOT_APP | RULE_IGNORE),
    NATIVE_DOES("?[Sentry*", RULE_NOT_APP | RULE_IGNORE),
    /* Dart */
    NATIVE_DOES("stub InvokeDartCode", RULE_NOT_APP),
    NATIVE_DOES("stub CallBootstrapNative", RULE_NOT_APP),
};

/* Functions that are no native ones. */
static const struct stack_rule scripts[] = {
    SCRIPT_DOES("reportError", FAMILY_JAVASCRIPT, RULE_APP_BORDER),
    SCRIPT_DOES("_callSuper", FAMILY_JAVASCRIPT, RULE_NOT_APP | RULE_IGNORE),
    SCRIPT_DOES("runMicrotasks", 0, RULE_NOT_APP | RULE_IGNORE),
    SCRIPT_DOES("queueMicrotask", 0, RULE_NOT_APP | RULE_IGNORE),
    SCRIPT_DOES("processTicksAndRejections", 0, RULE_NOT_APP | RULE_IGNORE),
    SCRIPT_DOES("runNextTicks", 0, RULE_NOT_APP | RULE_IGNORE),
    SCRIPT_DOES("nextTick", 0, RULE_NOT_APP | RULE_IGNORE),
};

const struct stack_rule_table stack_rules_native = {natives, sizeof(natives) / sizeof(natives[0])};
const struct stack_rule_table stack_rules_script = {scripts, sizeof(scripts) / sizeof(scripts[0])};

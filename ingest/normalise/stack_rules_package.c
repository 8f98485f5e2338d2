/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/normalise/stack_rule.h"

#define PACKAGE(name, category)                                                                    \
    {                                                                                              \
        SLICE_INIT(name), FAMILY_NATIVE, CATEGORY_##category, 0, SLICE_INIT("")                    \
    }
#define SYMBOL(name, function, category)                                                           \
    {                                                                                              \
        SLICE_INIT(name), FAMILY_NATIVE, CATEGORY_##category, 0, SLICE_INIT(function)              \
    }
#define DOES(name, actions)                                                                        \
    {                                                                                              \
        SLICE_INIT(name), FAMILY_NATIVE, CATEGORY_NONE, actions, SLICE_INIT("")                    \
    }

static const struct stack_rule rows[] = {
    /* Apple */
    PACKAGE("/system/library/frameworks/**", SYSTEM),
    PACKAGE("/usr/lib/**", SYSTEM),
    PACKAGE("corefoundation", SYSTEM),
    PACKAGE("foundation", SYSTEM),
    PACKAGE("cfnetwork", SYSTEM),
    PACKAGE("iokit", SYSTEM),
    PACKAGE("quartzcore", SYSTEM),
    PACKAGE("iomobileframebuffer", SYSTEM),
    PACKAGE("libobjc*", SYSTEM),
    PACKAGE("libsystem*", SYSTEM),
    PACKAGE("libdispatch.dylib", SYSTEM),
    PACKAGE("webkit", SYSTEM),
    PACKAGE("uikit", UI),
    PACKAGE("uikitcore", UI),
    PACKAGE("swiftui", UI),
    PACKAGE("attributegraph", UI),
    PACKAGE("coreautolayout", UI),
    PACKAGE("graphicsservices", UI),
    PACKAGE("audiotoolbox*", AV),
    PACKAGE("libaudiotoolboxutility.dylib", AV),
    SYMBOL("/usr/lib/system/**", "start", THREADBASE),
    SYMBOL("libdyld.dylib", "start", THREADBASE),
    SYMBOL("uikitcore", "UIApplicationMain", THREADBASE),
    SYMBOL("uikit", "UIApplicationMain", THREADBASE),
    SYMBOL("/usr/lib/system/libsystem_pthread.dylib", "<unknown>", THREADBASE),
    PACKAGE("**/libsystem_malloc.dylib", MALLOC),
    PACKAGE("/system/library/extensions/appleintel*graphicsgldriver.bundle/**", DRIVER),
    PACKAGE("/system/library/extensions/geforcegldriver.bundle/**", DRIVER),
    PACKAGE("/system/library/extensions/amdradeon*/**", DRIVER),
    PACKAGE("/system/library/privateframeworks/gpusupport.framework/**", DRIVER),
    PACKAGE("libgpusupportmercury.dylib", DRIVER),
    PACKAGE("agxgldriver", DRIVER),
    PACKAGE("/system/library/frameworks/opengl.framework/**", GL),
    PACKAGE("opengles", GL),
    PACKAGE("glengine", GL),
    PACKAGE("/system/library/frameworks/opencl.framework/**", GL),
    SYMBOL("/system/library/privateframeworks/gpusupport.framework/**", "gpusGenerateCrashLog*",
           TELEMETRY),
    DOES("/var/containers/bundle/application/**", RULE_APP),
    DOES("/private/var/containers/bundle/application/**", RULE_APP),
    DOES("**/developer/coresimulator/devices/**", RULE_APP),
    DOES("**/containers/bundle/application/**", RULE_APP),
    DOES("**.app/contents/**", RULE_APP),
    DOES("/users/**", RULE_APP),
    DOES("**/frameworks/libswift*.dylib", RULE_NOT_APP),
    DOES("**/frameworks/kscrash.framework/**", RULE_NOT_APP),
    DOES("**/frameworks/sentryswift.framework/**", RULE_NOT_APP),
    DOES("**/frameworks/sentry.framework/**", RULE_NOT_APP),
    DOES("**/frameworks/fluttermacos.framework/**", RULE_NOT_APP),
    DOES("**/frameworks/flutter.framework/**", RULE_NOT_APP),
    /* Windows */
    PACKAGE("c:/windows/**", SYSTEM),
    PACKAGE("c:/windows/system32/driverstore/**", DRIVER),
    PACKAGE("**/nvcuda.dll", DRIVER),
    PACKAGE("c:/program files/nvidia corporation/**", DRIVER),
    PACKAGE("c:/windows/system32/opengl32.dll", GL),
    /* Linux and Android */
    PACKAGE("/system/**", SYSTEM),
    PACKAGE("/vendor/**", SYSTEM),
    PACKAGE("/apex/com.android.*/lib*/**", SYSTEM),
    PACKAGE("**/libart.so", SYSTEM),
    PACKAGE("linux-gate.so*", SYSTEM),
    PACKAGE("linux-vdso.so*", SYSTEM),
    PACKAGE("/system/lib/libmedia.so", AV),
    PACKAGE("/system/lib/libaudioclient.so", AV),
    PACKAGE("/system/lib/libegl.so", GL),
    PACKAGE("**/libgles*.so", GL),
    PACKAGE("**/libesxgles*.so", GL),
    PACKAGE("/system/lib/libskia.so", GL),
    PACKAGE("**/libbugly.so", TELEMETRY),
    SYMBOL("/system/lib/libnativeloader.so", "android::OpenNativeLibrary", LOAD),
    DOES("/lib/**", RULE_NOT_APP),
    DOES("/usr/lib/**", RULE_NOT_APP),
};

const struct stack_rule_table stack_rules_package = {rows, sizeof(rows) / sizeof(rows[0])};

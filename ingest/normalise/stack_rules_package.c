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
    PACKAGE("/System/Library/Frameworks/**", SYSTEM),
    PACKAGE("/usr/lib/**", SYSTEM),
    PACKAGE("CoreFoundation", SYSTEM),
    PACKAGE("Foundation", SYSTEM),
    PACKAGE("CFNetwork", SYSTEM),
    PACKAGE("IOKit", SYSTEM),
    PACKAGE("QuartzCore", SYSTEM),
    PACKAGE("IOMobileFramebuffer", SYSTEM),
    PACKAGE("libobjc*", SYSTEM),
    PACKAGE("libsystem*", SYSTEM),
    PACKAGE("libdispatch.dylib", SYSTEM),
    PACKAGE("WebKit", SYSTEM),
    PACKAGE("UIKit", UI),
    PACKAGE("UIKitCore", UI),
    PACKAGE("SwiftUI", UI),
    PACKAGE("AttributeGraph", UI),
    PACKAGE("CoreAutoLayout", UI),
    PACKAGE("GraphicsServices", UI),
    PACKAGE("AudioToolbox*", AV),
    PACKAGE("libAudioToolboxUtility.dylib", AV),
    SYMBOL("/usr/lib/system/**", "start", THREADBASE),
    SYMBOL("libdyld.dylib", "start", THREADBASE),
    SYMBOL("UIKitCore", "UIApplicationMain", THREADBASE),
    SYMBOL("UIKit", "UIApplicationMain", THREADBASE),
    SYMBOL("/usr/lib/system/libsystem_pthread.dylib", "<unknown>", THREADBASE),
    PACKAGE("**/libsystem_malloc.dylib", MALLOC),
    PACKAGE("/System/Library/Extensions/AppleIntel*GraphicsGLDriver.bundle/**", DRIVER),
    PACKAGE("/System/Library/Extensions/GeForceGLDriver.bundle/**", DRIVER),
    PACKAGE("/System/Library/Extensions/AMDRadeon*/**", DRIVER),
    PACKAGE("/System/Library/PrivateFrameworks/GPUSupport.framework/**", DRIVER),
    PACKAGE("libGPUSupportMercury.dylib", DRIVER),
    PACKAGE("AGXGLDriver", DRIVER),
    PACKAGE("/System/Library/Frameworks/OpenGL.framework/**", GL),
    PACKAGE("OpenGLES", GL),
    PACKAGE("GLEngine", GL),
    PACKAGE("/System/Library/Frameworks/OpenCL.framework/**", GL),
    SYMBOL("/System/Library/PrivateFrameworks/GPUSupport.framework/**", "gpusGenerateCrashLog*",
           TELEMETRY),
    DOES("/var/containers/Bundle/Application/**", RULE_APP),
    DOES("/private/var/containers/Bundle/Application/**", RULE_APP),
    DOES("**/Developer/CoreSimulator/Devices/**", RULE_APP),
    DOES("**/Containers/Bundle/Application/**", RULE_APP),
    DOES("**.app/Contents/**", RULE_APP),
    DOES("/Users/**", RULE_APP),
    DOES("**/Frameworks/libswift*.dylib", RULE_NOT_APP),
    DOES("**/Frameworks/KSCrash.framework/**", RULE_NOT_APP),
    DOES("**/Frameworks/SentrySwift.framework/**", RULE_NOT_APP),
    DOES("**/Frameworks/Sentry.framework/**", RULE_NOT_APP),
    DOES("**/Frameworks/FlutterMacOS.framework/**", RULE_NOT_APP),
    DOES("**/Frameworks/Flutter.framework/**", RULE_NOT_APP),
    /* Windows */
    PACKAGE("C:/Windows/**", SYSTEM),
    PACKAGE("C:/WINDOWS/system32/DriverStore/**", DRIVER),
    PACKAGE("**/nvcuda.dll", DRIVER),
    PACKAGE("C:/Program Files/NVIDIA Corporation/**", DRIVER),
    PACKAGE("C:/Windows/SYSTEM32/OPENGL32.dll", GL),
    /* Linux and Android */
    PACKAGE("/system/**", SYSTEM),
    PACKAGE("/vendor/**", SYSTEM),
    PACKAGE("/apex/com.android.*/lib*/**", SYSTEM),
    PACKAGE("**/libart.so", SYSTEM),
    PACKAGE("linux-gate.so*", SYSTEM),
    PACKAGE("linux-vdso.so*", SYSTEM),
    PACKAGE("/system/lib/libmedia.so", AV),
    PACKAGE("/System/lib/libaudioclient.so", AV),
    PACKAGE("/system/lib/libEGL.so", GL),
    PACKAGE("**/libGLES*.so", GL),
    PACKAGE("**/libESXGLES*.so", GL),
    PACKAGE("/system/lib/libskia.so", GL),
    PACKAGE("**/libBugly.so", TELEMETRY),
    SYMBOL("/system/lib/libnativeloader.so", "android::OpenNativeLibrary", LOAD),
    DOES("/lib/**", RULE_NOT_APP),
    DOES("/usr/lib/**", RULE_NOT_APP),
};

const struct stack_rule_table stack_rules_package = {rows, sizeof(rows) / sizeof(rows[0])};

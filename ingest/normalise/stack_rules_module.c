/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/normalise/stack_rule.h"

#define MODULE(name, category)                                                                     \
    {                                                                                              \
        SLICE_INIT(name), 0, CATEGORY_##category, 0, SLICE_INIT("")                                \
    }
#define METHOD(name, function, category)                                                           \
    {                                                                                              \
        SLICE_INIT(name), 0, CATEGORY_##category, 0, SLICE_INIT(function)                          \
    }
#define DOES(name, category, actions)                                                              \
    {                                                                                              \
        SLICE_INIT(name), 0, CATEGORY_##category, actions, SLICE_INIT("")                          \
    }

static const struct stack_rule rows[] = {
    /* Android */
    MODULE("dalvik.system.*", SYSTEM),
    MODULE("com.android.*", SYSTEM),
    MODULE("com.lenovo.lsf.*", SYSTEM),
    MODULE("com.lenovo.payplus.*", SYSTEM),
    MODULE("android.*", STD),
    MODULE("androidx.*", STD),
    MODULE("com.google.crypto.*", STD),
    MODULE("com.google.android.*", STD),
    MODULE("android.os.*", OS),
    MODULE("android.view.*", UI),
    MODULE("android.text.*", UI),
    MODULE("android.widget.*", UI),
    MODULE("android.app.Dialog", UI),
    MODULE("androidx.*.widget.*", UI),
    MODULE("com.google.android.material.*", UI),
    METHOD("android.os.AsyncTask*", "call", THREADBASE),
    METHOD("android.os.*", "call", THREADBASE),
    METHOD("android.app.ActivityThread", "main", THREADBASE),
    METHOD("android.app.ActivityThread*", "handleMessage", THREADBASE),
    METHOD("android.view.View", "layout", THREADBASE),
    METHOD("android.os.Looper", "loop", THREADBASE),
    METHOD("android.os.Handler", "dispatchMessage", THREADBASE),
    METHOD("android.os.Handler", "handleCallback", THREADBASE),
    MODULE("androidx.work.impl.utils.ForceStopRunnable", INDIRECTION),
    MODULE("cn.gundam.sdk.*", TELEMETRY),
    MODULE("com.lenovo.payplus.analytics.*", TELEMETRY),
    /* Java */
    MODULE("java.*", STD),
    MODULE("javax.crypto.*", STD),
    METHOD("java.util.concurrent.ThreadPoolExecutor*", "runWorker", THREADBASE),
    MODULE("java.lang.reflect.*", INDIRECTION),
    METHOD("java.lang.Class", "getMethod", INDIRECTION),
    METHOD("java.lang.System", "loadLibrary", LOAD),
    METHOD("java.lang.Runtime", "loadLibrary*", LOAD),
    MODULE("akka.*", FRAMEWORK),
    MODULE("com.fasterxml.*", FRAMEWORK),
    MODULE("com.microsoft.*", FRAMEWORK),
    MODULE("com.sun.*", FRAMEWORK),
    MODULE("feign.*", FRAMEWORK),
    MODULE("io.opentelemetry.*", FRAMEWORK),
    DOES("io.sentry.*", FRAMEWORK, RULE_IGNORE),
    MODULE("jdk.*", FRAMEWORK),
    MODULE("oauth.*", FRAMEWORK),
    MODULE("org.apache.*", FRAMEWORK),
    MODULE("org.glassfish.*", FRAMEWORK),
    MODULE("org.jboss.*", FRAMEWORK),
    MODULE("org.jdesktop.*", FRAMEWORK),
    MODULE("org.postgresql.*", FRAMEWORK),
    MODULE("org.springframework.*", FRAMEWORK),
    MODULE("org.web3j.*", FRAMEWORK),
    MODULE("reactor.core.*", FRAMEWORK),
    MODULE("scala.*", FRAMEWORK),
    MODULE("sun.*", FRAMEWORK),
    DOES("kotlin.*", NONE, RULE_NOT_APP),
    DOES("kotlinx.*", NONE, RULE_NOT_APP),
    DOES("io.ktor.*", NONE, RULE_NOT_APP),
    DOES("io.netty.*", NONE, RULE_NOT_APP),
    /* JavaScript: what compilers put in is never at fault */
    DOES("unpkg/*", NONE, RULE_NOT_APP),
    DOES("@babel/*", NONE, RULE_NOT_APP | RULE_IGNORE),
    DOES("core-js/*", NONE, RULE_NOT_APP | RULE_IGNORE),
    DOES("regenerator-runtime/*", NONE, RULE_NOT_APP | RULE_IGNORE),
    DOES("tslib/*", NONE, RULE_NOT_APP | RULE_IGNORE),
    {SLICE_INIT("*/packages/flutter/*"), FAMILY_JAVASCRIPT, CATEGORY_NONE, RULE_NOT_APP,
     SLICE_INIT("")},
    DOES("newrelic", NONE, RULE_NOT_APP | RULE_IGNORE),
};

const struct stack_rule_table stack_rules_module = {rows, sizeof(rows) / sizeof(rows[0])};

/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/ingest/fingerprint/fixture.h"

TestSuite(java_module, .init = fixture_start);

Test(java_module, loses_what_was_made_up_at_run_time)
{
    static const char *const rows[][2] = {
        {"com.shop.Cart", "com.shop.Cart"},
        {"com.shop.Cart$Item", "com.shop.Cart$Item"},
        {"sun.reflect.GeneratedMethodAccessor12", "sun.reflect.GeneratedMethodAccessor"},
        {"jdk.internal.reflect.GeneratedMethodAccessor7",
         "jdk.internal.reflect.GeneratedMethodAccessor"},
        {"sun.reflect.GeneratedConstructorAccessor456",
         "sun.reflect.GeneratedConstructorAccessor<auto>"},
        {"sun.reflect.GeneratedSerializationConstructorAccessor1",
         "sun.reflect.GeneratedSerializationConstructorAccessor<auto>"},
        {"com.shop.Cart$$EnhancerBySpringCGLIB$$1ebdddb0",
         "com.shop.Cart$$EnhancerBySpringCGLIB$$<auto>"},
        {"com.shop.Cart$$FastClassByCGLIB$$ade72f60_12", "com.shop.Cart$$FastClassByCGLIB$$<auto>"},
        {"com.shop.Cart_$$_javassist_74", "com.shop.Cart_$$_javassist<auto>"},
        {"com.shop.Cart_$$_javassist_seam_74", "com.shop.Cart_$$_javassist<auto>"},
        {"cart_$$_javassist_seam_74.java", "cart_$$_javassist<auto>.java"},
        {"shop.core$fn__12345", "shop.core$fn__<auto>"},
        {"shop.core$fn__", "shop.core$fn__"},
        {"shop.core$fn__1$fn__2", "shop.core$fn__<auto>$fn__<auto>"},
        {"com.shop.Cart$$EnhancerByGuice$$ae46b1bf$$FastClassByGuice$$caceacd2",
         "com.shop.Cart$$EnhancerByGuice$$<auto>$$FastClassByGuice$$<auto>"},
        {"com.shop.Cart$EnhancerByGuice$ae46b1bf$FastClassByGuice$caceacd2_3",
         "com.shop.Cart$EnhancerByGuice$<auto>$FastClassByGuice$<auto>"},
        {"com.shop.Cart$HibernateProxy$oRWxjAWT", "com.shop.Cart$HibernateProxy$<auto>"},
        {"com.shop.Cart$HibernateProxy", "com.shop.Cart$HibernateProxy"},
        {"com.shop.Cart$$EnhancerByGuice$$", "com.shop.Cart$$EnhancerByGuice$$"},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct slice clean = java_module(&arena, slice_str(rows[i][0]));
        cr_expect(slice_eq(clean, slice_str(rows[i][1])), "%s: %.*s", rows[i][0], SLICE_ARG(clean));
    }
}

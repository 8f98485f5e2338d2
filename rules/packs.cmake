# SPDX-License-Identifier: Apache-2.0
#
# The rules this build ships, rules/packs/**.yml, as a C file of bytes: builtin_packs.c defines
# rules_builtin() of rules/rules.h.
file(GLOB_RECURSE packs CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/rules/packs/*.yml)
list(FILTER packs EXCLUDE REGEX "\\.test\\.yml$")
list(SORT packs)
set_property(DIRECTORY ${CMAKE_SOURCE_DIR} APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${packs})
set(texts "")
set(table "")
set(number 0)
foreach(pack ${packs})
    file(READ ${pack} bytes HEX)
    string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
    file(RELATIVE_PATH name ${CMAKE_SOURCE_DIR} ${pack})
    string(APPEND texts "static const unsigned char text_${number}[] = {${bytes}};\n")
    string(APPEND table "    {SLICE_INIT(\"${name}\"),\n     {(const char *)text_${number}, "
                        "sizeof(text_${number})}},\n")
    math(EXPR number "${number} + 1")
endforeach()
file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/generated/builtin_packs.c @ONLY CONTENT
[[/* SPDX-License-Identifier: Apache-2.0 */
/* Made by rules/packs.cmake. */
#include "rules/rules.h"

@texts@
static const struct rules_source sources[] = {
@table@};

const struct rules_source *rules_builtin(uint32_t *count)
{
    *count = (uint32_t)(sizeof(sources) / sizeof(sources[0]));
    return sources;
}
]])
target_sources(rules PRIVATE ${CMAKE_BINARY_DIR}/generated/builtin_packs.c)

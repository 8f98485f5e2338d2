# SPDX-License-Identifier: Apache-2.0
#
# The Redis functions, storage/functions/*.lua, as a C file of bytes: functions.c of the build defines
# functions_list() of storage/functions.h. A library is one file; its name stands in its first line. A
# file whose second line is "-- part of LIBRARY" is put in front of that one, since functions of one library
# cannot call those of another.
file(GLOB libraries CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/storage/functions/*.lua)
list(SORT libraries)
set_property(DIRECTORY ${CMAKE_SOURCE_DIR} APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${libraries})
set(texts "")
set(table "")
set(number 0)
foreach(path ${libraries})
    file(STRINGS ${path} first LIMIT_COUNT 2)
    if(first MATCHES "-- part of ([a-z_]+)$")
        file(READ ${path} part_of_${CMAKE_MATCH_1} HEX)
        list(REMOVE_ITEM libraries ${path})
    endif()
endforeach()
foreach(path ${libraries})
    file(STRINGS ${path} first LIMIT_COUNT 1)
    if(NOT first MATCHES "^#!lua name=([a-z_]+)$")
        message(FATAL_ERROR "${path}: the first line is not \"#!lua name=LIBRARY\"")
    endif()
    set(name ${CMAKE_MATCH_1})
    file(READ ${path} bytes HEX)
    string(LENGTH "${first}" head)
    math(EXPR head "2 * (${head} + 1)") # two digits a byte, and the newline
    string(SUBSTRING "${bytes}" 0 ${head} first)
    string(SUBSTRING "${bytes}" ${head} -1 bytes)
    set(bytes "${first}${part_of_${name}}${bytes}")
    string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
    string(APPEND texts "static const unsigned char text_${number}[] = {${bytes}};\n")
    string(APPEND table "    {\"${name}\", (const char *)text_${number}, sizeof(text_${number})},\n")
    math(EXPR number "${number} + 1")
endforeach()
file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/generated/function_libraries.c @ONLY CONTENT
[[/* SPDX-License-Identifier: Apache-2.0 */
/* Made by storage/functions.cmake. */
#include "storage/functions.h"

@texts@
static const struct function_library libraries[] = {
@table@};

const struct function_library *functions_list(size_t *out_count)
{
    *out_count = sizeof(libraries) / sizeof(libraries[0]);
    return libraries;
}
]])
target_sources(storage PRIVATE ${CMAKE_BINARY_DIR}/generated/function_libraries.c)

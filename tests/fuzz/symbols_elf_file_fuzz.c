/* SPDX-License-Identifier: Apache-2.0 */
/* A file that is taken begins like an ELF file and has a build id that can be written and read. */
#include "ingest/symbols/elf_file.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct elf_file elf;
    char hex[BUILD_ID_HEX_BYTES];
    struct build_id again;
    if (!fault_is(elf_file_read(slice_of((const char *)data, size), &elf))) {
        build_id_format(&elf.id, hex);
        MUST(size > 52 && memcmp(data, "\177ELF", 4) == 0);
        MUST(build_id_parse(slice_str(hex), &again) && again.len == elf.id.len);
    }
    return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* An exception nobody catches: uncaught DSN [folder]. The crash report carries its type and
 * what(), with the stack of the throw. */
#include "tocsin.hpp"

#include <cstdio>
#include <stdexcept>
#include <string>

static void parse(const std::string &line)
{
    if (line.find('=') == std::string::npos) {
        throw std::invalid_argument("no '=' in line: " + line);
    }
}

int main(int argc, char **argv)
{
    tocsin_options options = tocsin_options();
    options.size = sizeof options;
    options.dsn = argc > 1 ? argv[1] : nullptr;
    options.dir = argc > 2 ? argv[2] : nullptr;
    int result = tocsin_init(&options);
    if (result != TOCSIN_OK) {
        std::fprintf(stderr, "usage: uncaught DSN [folder] (%s)\n", tocsin_strerror(result));
        return 2;
    }
    tocsin::catch_uncaught();
    parse("colour red");
    return tocsin_close(2000);
}

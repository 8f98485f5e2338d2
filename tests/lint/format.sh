#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Every C source is as clang-format (Debian 12's) leaves it. usage: format.sh ROOT
set -eu
cd "$1"
find ingest rules storage alerting sdk tests \( -name node_modules -o -name seeds \) -prune -o \
    \( -name '*.c' -o -name '*.h' \) -print0 | xargs -0 clang-format-14 --dry-run -Werror

# SPDX-License-Identifier: Apache-2.0
"""Runs the benchmark against a server that answers; see bench.c for what is judged."""
import sys

from harness import Server, build, fresh, run

server = Server()
program = build("bench", ["bench.c"], ["-O2"])
done = run(program, server.dsn, fresh("bench"), timeout=120)
print(done.stdout, done.stderr)
sys.exit(done.returncode)

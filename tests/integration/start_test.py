#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Starting, stopping, and what a newcomer sees."""
import os
import pathlib
import re
import signal
import stat
import subprocess
import tempfile
import time
import unittest

from tocsin import Tocsin, binary, children, error, free_port


def run(*args, **more):
    return subprocess.run([binary(), *args], capture_output=True, text=True, timeout=60, **more)


def listening(pids):
    """TCP ports on which one of these processes listens."""
    inodes = set()
    for pid in pids:
        for fd in os.listdir(f"/proc/{pid}/fd"):
            try:
                hit = re.match(r"socket:\[(\d+)\]", os.readlink(f"/proc/{pid}/fd/{fd}"))
            except OSError:
                continue
            if hit:
                inodes.add(hit.group(1))
    ports = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        for line in pathlib.Path(table).read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == "0A" and fields[9] in inodes:
                ports.add(int(fields[1].split(":")[1], 16))
    return ports


class Start(unittest.TestCase):
    def test_banner_ports_token_and_stop(self):
        with Tocsin() as server:
            text = "\n".join(server.output)
            self.assertRegex(server.dsn, rf"^http://[0-9a-f]{{32}}@127.0.0.1:{server.port}/1$")
            self.assertIn("tocsin issues", text)
            self.assertIn("tocsin send", text)
            before = len(server.output)
            token = pathlib.Path(server.data, "token")
            self.assertEqual(stat.S_IMODE(token.stat().st_mode), 0o600)
            pids = [server.process.pid, *children(server.process.pid)]
            self.assertEqual(len(pids), 3, "parent, server, redis-server")
            self.assertEqual(listening(pids), {server.port, server.api_port})
            for port in (server.port, server.api_port):
                for path in ("healthz", "readyz"):
                    answer = subprocess.run(["curl", "-s", "-o", "/dev/null", "-w", "%{http_code}",
                                             f"http://127.0.0.1:{port}/{path}"], capture_output=True, text=True)
                    self.assertEqual(answer.stdout, "200")
            time.sleep(1)
            self.assertEqual(len(server.output), before, "quiet until something happens")
            started = time.monotonic()
            self.assertEqual(server.stop(), 0)
            self.assertLess(time.monotonic() - started, 20)
            self.assertFalse([pid for pid in pids if os.path.exists(f"/proc/{pid}")])

    def test_second_start_on_the_same_folder_is_refused(self):
        with Tocsin() as server:
            second = run("serve", "--data", server.data, "--listen", f"127.0.0.1:{free_port()}",
                         "--api-listen", f"127.0.0.1:{free_port()}")
            self.assertNotEqual(second.returncode, 0)
            self.assertIn("in use by another Tocsin", second.stderr)
            self.assertIn(str(server.process.pid), second.stderr)
            self.assertTrue(server.is_ready())

    def test_a_taken_port_is_told(self):
        with Tocsin() as server, tempfile.TemporaryDirectory() as folder:
            second = run("serve", "--data", folder, "--listen", f"127.0.0.1:{server.port}",
                         "--api-listen", f"127.0.0.1:{free_port()}")
            self.assertEqual(second.returncode, 1)
            self.assertIn(f"127.0.0.1:{server.port}", second.stderr)

    def test_survives_a_restart_with_all_it_knew(self):
        with Tocsin() as server:
            dsn = server.dsn
            self.assertEqual(server.send(error())[0], 200)
            server.wait(lambda: server.issues(), "the issue")
            server.stop()
            server.output.clear()
            server.start()
            self.assertEqual(server.dsn, dsn)
            self.assertEqual(server.issues()[0]["count"], "1")

    def test_a_crashed_child_is_started_again(self):
        with Tocsin() as server:
            os.kill(server.server_pid(), signal.SIGKILL)
            server.wait(lambda: server.server_pid() and server.is_ready(), "the server")
            os.kill(server.redis_pid(), signal.SIGKILL)
            server.wait(lambda: server.redis_pid(), "redis-server")
            self.assertEqual(server.send(error())[0], 200, "taken while Redis is away")
            server.wait(lambda: server.metrics()["tocsin_redis_connected"], "Redis")
            # The API has a link of its own, which may still wait before it tries again.
            server.wait(lambda: server.api("/api/0/projects/tocsin/1/issues/")[0] == 200, "the API's Redis")
            server.wait(lambda: server.issues(), "the issue")

    def test_commands_on_top(self):
        with Tocsin() as server:
            added = run("project", "add", "shop", "--data", server.data)
            self.assertEqual(added.returncode, 0, added.stderr)
            self.assertRegex(added.stdout, rf"^http://[0-9a-f]{{32}}@127.0.0.1:{server.port}/2\n$")
            key = re.search("//(.{32})@", added.stdout).group(1)
            self.assertEqual(server.send(error(), project=2, key=key)[0], 200)
            self.assertEqual(run("project", "add", "shop", "--data", server.data).returncode, 1)
            listed = run("project", "list", "--data", server.data)
            self.assertIn("shop", listed.stdout)
            sent = run("send", "--data", server.data, "hello there")
            self.assertRegex(sent.stdout, "^[0-9a-f]{32}\n$", sent.stderr)
            server.wait(lambda: server.issues(), "the issue")
            issues = run("issues", "--data", server.data)
            self.assertIn("hello there", issues.stdout)
            issue = server.issues()[0]["id"]
            shown = run("issue", issue, "--data", server.data)
            self.assertIn("hello there", shown.stdout)
            self.assertIn(sent.stdout.strip(), shown.stdout)
            self.assertEqual(run("issue", issue, "resolve", "--data", server.data).returncode, 0)
            self.assertIn("nothing is broken", run("issues", "--data", server.data).stdout)
            server.wait(lambda: server.issues("shop"), "the shop's issue")

    def test_help_and_mistakes(self):
        self.assertEqual(run("--help").returncode, 0)
        self.assertIn("Examples", run("serve", "--help").stdout)
        self.assertEqual(run("serve", "--dta").returncode, 64)
        self.assertEqual(run("frobnicate").returncode, 64)
        missing = run("issues", "--data", "/nonexistent")
        self.assertEqual(missing.returncode, 1)
        self.assertIn("/nonexistent", missing.stderr)

    def test_check_config(self):
        with tempfile.TemporaryDirectory() as folder:
            good, bad = os.path.join(folder, "good.yml"), os.path.join(folder, "bad.yml")
            pathlib.Path(good).write_text("route: {receiver: a}\nreceivers:\n  - name: a\n    webhook_configs:\n"
                                          "      - url: http://127.0.0.1:1/\n")
            pathlib.Path(bad).write_text("route: {receiver: a}\nreceivers:\n  - nam: a\n")
            self.assertEqual(run("check-config", good).returncode, 0)
            answer = run("check-config", bad)
            self.assertEqual(answer.returncode, 78)
            self.assertRegex(answer.stderr, r"bad\.yml:3:\d+: ")
            serve = run("serve", "--data", os.path.join(folder, "d"), "--config", bad, "--listen",
                        f"127.0.0.1:{free_port()}", "--api-listen", f"127.0.0.1:{free_port()}")
            self.assertEqual(serve.returncode, 78, serve.stderr)


if __name__ == "__main__":
    unittest.main()

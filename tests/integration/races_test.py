#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Everything at once: events, reads, reloads, Redis killed, and a stop that is asked questions. What
was answered 200 is counted once. Built with the preset `thread`, ThreadSanitizer watches (README)."""
import http.client
import os
import pathlib
import signal
import tempfile
import threading
import time
import unittest

from tocsin import Receiver, Tocsin, config_with, error

SECONDS = int(os.environ.get("TOCSIN_RACE_SECONDS", "30"))
RULE = """title: Broken
id: 6a1f4d3c-0000-4000-8000-000000000001
level: high
logsource:
  category: application
detection:
  sel:
    error.message|contains: broke
  condition: sel
"""


class Races(unittest.TestCase):
    def setUp(self):
        self.end = time.monotonic() + SECONDS
        self.answered = [0] * 4

    def until_end(self, step, pause=0.0, early=0):
        def run():
            while time.monotonic() < self.end - early:
                try:
                    step()
                except (OSError, http.client.HTTPException):
                    pass  # it was just being killed or stopped
                time.sleep(pause)
        thread = threading.Thread(target=run)
        thread.start()
        return thread

    def sender(self, server, index):
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
        number = [0]

        def send():
            number[0] += 1
            try:
                status, _, _ = server.send(error(message=f"it broke {number[0]}", function=f"f{number[0] % 50}"),
                                           connection=connection)
            except (OSError, http.client.HTTPException):
                connection.close()
                raise
            self.answered[index] += status == 200
        return send

    def reader(self, server):
        def read():
            server.metrics()
            server.api("/api/0/projects/tocsin/1/issues/")
            server.api("/readyz")
        return read

    def stop_while_asked(self, server):
        server.process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + 40
        while server.process.poll() is None and time.monotonic() < deadline:
            try:
                server.metrics()
            except (OSError, http.client.HTTPException):
                time.sleep(0.01)
        server.stop()  # asserts the status and that no sanitizer spoke

    def counted(self, server):
        status, issues = server.api("/api/0/projects/tocsin/1/issues/?limit=100")
        return sum(int(issue["count"]) for issue in issues) if status == 200 else -1

    def test_all_at_once(self):
        with Receiver() as receiver, tempfile.TemporaryDirectory() as folder:
            pathlib.Path(folder, "rule.yml").write_text(RULE)
            config = config_with(receiver.url, folder, repeat="1m")
            with Tocsin("--config", config, "--rules", folder + "/rule.yml", "--workers", "3") as server:
                threads = [self.until_end(self.sender(server, i)) for i in range(len(self.answered))]
                threads += [self.until_end(self.reader(server)) for _ in range(2)]
                threads.append(self.until_end(lambda: os.kill(server.process.pid, signal.SIGHUP), 0.7))
                threads.append(self.until_end(
                    lambda: server.redis_pid() and os.kill(server.redis_pid(), signal.SIGKILL), 7, early=8))
                for thread in threads:
                    thread.join()
                self.assertGreater(min(self.answered), 0)
                server.wait(lambda: self.counted(server) == sum(self.answered),
                            f"{sum(self.answered)} events to be counted", 60)
                self.stop_while_asked(server)


if __name__ == "__main__":
    unittest.main()

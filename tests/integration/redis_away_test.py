#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Redis stopped under load: nobody is refused, and all is counted after. Seconds: $AWAY_SECONDS, 8."""
import http.client
import os
import signal
import threading
import time
import unittest

from tocsin import Tocsin, error


class RedisAway(unittest.TestCase):
    def test_events_are_taken_and_counted_after(self):
        seconds = float(os.environ.get("AWAY_SECONDS", "8"))
        with Tocsin() as server:
            self.assertEqual(server.send(error())[0], 200)
            server.wait(lambda: server.issues(), "the first")
            sent, stop, lock = {200: 1}, threading.Event(), threading.Lock()

            def load():
                connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
                while not stop.is_set():
                    status = server.send(error(), connection=connection)[0]
                    with lock:
                        sent[status] = sent.get(status, 0) + 1
                connection.close()

            threads = [threading.Thread(target=load) for _ in range(4)]
            for thread in threads:
                thread.start()
            time.sleep(1)
            pid = server.redis_pid()
            os.kill(pid, signal.SIGSTOP)
            time.sleep(seconds)
            os.kill(pid, signal.SIGCONT)
            time.sleep(1)
            stop.set()
            for thread in threads:
                thread.join()
            self.assertEqual(list(sent), [200], sent)
            server.wait(lambda: server.issues()[0]["count"] == str(sent[200]),
                        f"{sent[200]} events, have {server.issues()}", 60)


if __name__ == "__main__":
    unittest.main()

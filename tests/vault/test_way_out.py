"""The one way out: written down before the first byte leaves, over a real socket; and no other module has a client."""

from __future__ import annotations

import ast
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import salus
from salus import errors
from salus.vault.home import Home
from salus.vault.ledger import Ledger
from salus.vault.vault import Vault
from salus.vault.way_out import Network, NoNetwork, Replay, Request, Response, WayOut, home_ledger

CLIENTS = {
    "httpx",
    "httpx2",
    "requests",
    "urllib3",
    "aiohttp",
    "http.client",
    "urllib.request",
    "ftplib",
    "smtplib",
    "telnetlib",
    "websockets",
    "xmlrpc.client",
    "urllib.robotparser",
}
Answer = Callable[[bytes], bytes]


class Server:
    """Answers one request per connection with what `answer` makes of the bytes received."""

    def __init__(self) -> None:
        self.received: list[bytes] = []
        self.answer: Answer = lambda request: b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            with connection:
                connection.settimeout(3)
                data = b""
                while b"\r\n\r\n" not in data:
                    piece = connection.recv(65536)
                    if not piece:
                        break
                    data += piece
                head, _, body = data.partition(b"\r\n\r\n")
                length = next(
                    (int(h.split(b":")[1]) for h in head.split(b"\r\n") if h.lower().startswith(b"content-length")), 0
                )
                while len(body) < length:
                    piece = connection.recv(65536)
                    data, body = data + piece, body + piece
                if not data:
                    continue
                self.received.append(data)
                try:
                    connection.sendall(self.answer(data))
                except OSError:
                    continue

    def close(self) -> None:
        self._socket.close()


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()
    yield made
    made.close()


def ask(url: str, **more: object) -> Request:
    return Request("GET", url, what="a drug's name", why="to find its leaflet", **more)  # type: ignore[arg-type]


def test_it_is_written_before_the_first_byte_leaves(server: Server, vault: Vault) -> None:
    seen: list[int] = []

    def answer(request: bytes) -> bytes:
        seen.append(len([e for e in vault.ledger.entries() if e.kind == "out"]))
        return b"HTTP/1.1 200 OK\r\nX-A: b\r\ncontent-length: 5\r\n\r\nhello"

    server.answer = answer
    request = Request(
        "POST", f"{server.url}/a/b?q=metformin", "a drug's name", "to find it", {"X-K": "v"}, b"body bytes"
    )
    response = Network(vault.ledger).send(request)
    assert (response.status, response.body, response.headers["x-a"]) == (200, b"hello", "b")
    assert seen == [1]
    entry = vault.ledger.entries()[0]
    assert entry.what == {
        "to": server.url,
        "method": "POST",
        "path": "/a/b",
        "what": "a drug's name",
        "why": "to find it",
        "bytes": len(server.received[0]),
    }
    assert vault.ledger.verify() is None


def test_what_cannot_leave_is_written_too(vault: Vault) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(errors.NoNetwork, match="cannot be reached"):
        Network(vault.ledger).send(ask(f"http://127.0.0.1:{port}/x"))
    assert vault.ledger.entries()[0].what["to"] == f"http://127.0.0.1:{port}"


def test_nothing_leaves_when_the_ledger_cannot_be_written(server: Server, vault: Vault) -> None:
    class Broken(Ledger):
        def write(self, *_: object, **__: object) -> None:  # type: ignore[override]
            raise errors.Damaged("The ledger is damaged.")

    with pytest.raises(errors.Damaged):
        Network(Broken(vault.ledger.database)).send(ask(server.url))
    assert server.received == []


@pytest.mark.parametrize(
    "url", ["ftp://a/b", "file:///etc/passwd", "nonsense", "http://", "http://[::1", "http://a:b/"]
)
def test_what_is_no_web_address_is_refused(vault: Vault, url: str) -> None:
    before = len(vault.ledger.entries())
    with pytest.raises(errors.NoNetwork):
        Network(vault.ledger).send(ask(url))
    assert len(vault.ledger.entries()) == before


def test_redirects_are_followed_and_written_one_by_one(server: Server, vault: Vault) -> None:
    other = Server()
    server.answer = lambda _: f"HTTP/1.1 302 Found\r\nlocation: {other.url}/there\r\ncontent-length: 0\r\n\r\n".encode()
    request = Request("POST", f"{server.url}/here", "x", "y", {"Authorization": "Bearer secret", "X-K": "v"}, b"body")
    response = Network(vault.ledger).send(request)
    assert response.body == b"ok" and response.url == f"{other.url}/there"
    assert b"secret" in server.received[0] and b"secret" not in other.received[0]
    assert other.received[0].startswith(b"GET /there ") and b"body" not in other.received[0]
    assert [(e.what["to"], e.what.get("redirect")) for e in vault.ledger.entries() if e.kind == "out"] == [
        (other.url, 1),
        (server.url, None),
    ]
    other.close()


def test_redirects_end(server: Server, vault: Vault) -> None:
    server.answer = lambda _: b"HTTP/1.1 307 Temporary\r\nlocation: /again\r\ncontent-length: 0\r\n\r\n"
    with pytest.raises(errors.NoNetwork, match="without end"):
        Network(vault.ledger).send(ask(server.url))
    assert len(server.received) == 6


def test_an_answer_too_large_is_cut(server: Server, vault: Vault) -> None:
    server.answer = lambda _: b"HTTP/1.1 200 OK\r\ncontent-length: 3000000\r\n\r\n" + b"x" * 3_000_000
    with pytest.raises(errors.Unreadable, match="more than 1 MB"):
        Network(vault.ledger).send(ask(server.url, most=1 << 20))


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"nonsense\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\ncut",
        b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 3\r\n\r\nabc",
    ],
)
def test_a_broken_answer_is_a_sentence(server: Server, vault: Vault, answer: bytes) -> None:
    server.answer = lambda _: answer
    with pytest.raises(errors.NoNetwork):
        Network(vault.ledger).send(ask(server.url))


def test_a_server_that_does_not_answer(vault: Vault) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(errors.NoNetwork, match="in time"):
        Network(vault.ledger).send(ask(f"http://127.0.0.1:{silent.getsockname()[1]}", timeout=0.2))


def test_the_environments_proxy_is_not_used(server: Server, vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert Network(vault.ledger).send(ask(server.url)).body == b"ok"


def test_the_other_two_let_nothing_out(server: Server) -> None:
    recorded = Response(200, {}, b"recorded", server.url)
    replay = Replay({("GET", server.url): [recorded, Response(404, {}, b"", server.url)]})
    ways: list[WayOut] = [replay, NoNetwork()]
    assert [ways[0].send(ask(server.url)).status for _ in range(3)] == [200, 404, 404]
    assert len(replay.sent) == 3
    for way in ways:
        with pytest.raises(errors.NoNetwork):
            way.send(ask(server.url + "/other"))
    assert server.received == []


def test_the_homes_own_ledger(home: Home, server: Server) -> None:
    Network(home_ledger(home)).send(ask(f"{server.url}/x?q=a-private-word"))
    entries = home_ledger(home).entries()
    assert [e.what["path"] for e in entries] == ["/x"] and home_ledger(home).verify() is None
    path = home.folder / "ledger.db"
    assert path.read_bytes()[:15] == b"SQLite format 3" and path.stat().st_mode & 0o077 == 0
    assert all(b"a-private-word" not in p.read_bytes() for p in home.folder.iterdir() if p.is_file())


def imported(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def test_no_other_module_imports_an_http_client() -> None:
    package = Path(salus.__file__).parent
    guilty = {
        str(path.relative_to(package)): sorted(hits)
        for path in package.rglob("*.py")
        if (hits := {name for name in imported(path) if any(name == c or name.startswith(c + ".") for c in CLIENTS)})
    }
    assert set(guilty) == {"vault/way_out.py"}, guilty
    assert imported(package / "vault" / "way_out.py") & CLIENTS == {"httpx2"}


def test_the_client_is_loaded_only_when_something_leaves() -> None:
    import subprocess
    import sys

    code = "import sys, salus.vault.way_out, salus.sources.importing; assert 'httpx2' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True, env={"PYTHONPATH": str(Path(salus.__file__).parents[1])})

"""The one way out: every byte that leaves the machine goes through `WayOut.send`, and is written down before it does.

Three ways: `Network` sends, `Replay` answers from a recording (tests), `NoNetwork` refuses. No other module of Salus
imports an HTTP client; a test sees to it. Knows no service.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import SplitResult, urljoin, urlsplit

from salus import errors
from salus.records.text import T
from salus.vault.database import Database
from salus.vault.home import Home
from salus.vault.ledger import Ledger

if TYPE_CHECKING:
    import httpx2

MOST_REDIRECTS = 5
MOST_BYTES = 64 << 20
TIMEOUT_S = 30.0
_REDIRECTS = (301, 302, 303, 307, 308)
_PRIVATE = ("authorization", "cookie", "proxy-authorization")


@dataclass(frozen=True)
class Request:
    """What would leave. `what` says what it tells of the person, `why` what it is for: both go into the ledger,
    the query of the address and the body do not.
    """

    method: str
    url: str
    what: str
    why: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    timeout: float = TIMEOUT_S
    most: int = MOST_BYTES


@dataclass(frozen=True)
class Response:
    """What came back; `url` is where it came from in the end. Header names are lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str


class WayOut(Protocol):
    def send(self, request: Request) -> Response:
        """Raises NoNetwork when it cannot or may not leave, Unreadable for an answer larger than `request.most`."""
        ...


class Network:
    """Sends over the network. Each request, and each redirect it follows, is in `ledger` before its first byte leaves.

    Proxies and passwords of the environment are not used; a redirect from https to http is not followed; credentials
    stay with the host they were meant for.
    """

    def __init__(self, ledger: Ledger, *, transport: httpx2.BaseTransport | None = None) -> None:
        self._ledger, self._transport = ledger, transport

    def send(self, request: Request) -> Response:
        import httpx2

        with httpx2.Client(trust_env=False, transport=self._transport, headers={"user-agent": "Salus"}) as client:
            for hop in range(MOST_REDIRECTS + 1):
                response = self._one(client, request, hop)
                place = response.headers.get("location")
                if response.status not in _REDIRECTS or not place:
                    return response
                request = _redirected(request, response.status, place)
        raise errors.NoNetwork(T("{host} sends Salus from page to page without end.", host=_host(request.url)))

    def _one(self, client: httpx2.Client, request: Request, hop: int) -> Response:
        import httpx2

        host = _web(request.url).hostname
        try:
            built = client.build_request(
                request.method, request.url, headers=dict(request.headers), content=request.body or None,
                timeout=request.timeout,
            )  # fmt: skip
        except (httpx2.InvalidURL, UnicodeError, ValueError) as error:
            raise errors.NoNetwork(T("“{url}” is not a web address.", url=request.url[:80])) from error
        self._ledger.write("out", **_entry(built, request, hop))
        try:
            with_stream = client.send(built, stream=True, follow_redirects=False)
            try:
                body = bytearray()
                for piece in with_stream.iter_bytes():
                    body += piece
                    if len(body) > request.most:
                        raise errors.Unreadable(
                            T("{host} sent more than {n} MB.", host=host, n=request.most >> 20)
                        )
            finally:
                with_stream.close()
        except httpx2.TimeoutException as error:
            raise errors.NoNetwork(
                T("{host} did not answer in time. Try again later.", host=host)
            ) from error
        except httpx2.HTTPError as error:
            raise errors.NoNetwork(
                T("{host} cannot be reached. Check the network and try again.", host=host)
            ) from error
        headers = {name.lower(): value for name, value in with_stream.headers.items()}
        return Response(with_stream.status_code, headers, bytes(body), request.url)


class Replay:
    """Answers from `recorded`, by method and address, several for one in order (the last repeats). Nothing leaves."""

    def __init__(self, recorded: Mapping[tuple[str, str], Response | Sequence[Response]]) -> None:
        self._recorded = {k: [v] if isinstance(v, Response) else list(v) for k, v in recorded.items()}
        self.sent: list[Request] = []

    def send(self, request: Request) -> Response:
        self.sent.append(request)
        answers = self._recorded.get((request.method, request.url))
        if not answers:
            raise errors.NoNetwork(T("Nothing was recorded for {url}.", url=request.url[:200]))
        return answers.pop(0) if len(answers) > 1 else answers[0]


class NoNetwork:
    """Lets nothing out."""

    def send(self, request: Request) -> Response:
        raise errors.NoNetwork(
            T("That would leave this machine ({host}), and the network is switched off.", host=_host(request.url))
        )


def home_ledger(home: Home) -> Ledger:
    """The installation's own ledger, HOME/ledger.db: for calls that belong to no person.

    It is a plain, hash-chained SQLite file, not encrypted: it holds to whom, when, how many bytes and for what
    purpose, never an address's query or anything of a person.
    """
    home.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = home.folder / "ledger.db"
    path.touch(mode=0o600)
    return Ledger(Database(path, None, "ledger"))


def _entry(built: httpx2.Request, request: Request, hop: int) -> dict[str, Any]:
    line = len(built.method) + len(built.url.raw_path) + len("  HTTP/1.1\r\n")
    head = sum(len(name) + len(value) + 4 for name, value in built.headers.raw) + 2
    entry: dict[str, Any] = {
        "to": f"{built.url.scheme}://{_host(str(built.url))}", "method": built.method, "path": built.url.path,
        "what": request.what, "why": request.why, "bytes": line + head + len(request.body),
    }  # fmt: skip
    return {**entry, "redirect": hop} if hop else entry


def _web(url: str) -> SplitResult:
    """The parts of a web address. Raises NoNetwork for what is none."""
    try:
        parts = urlsplit(url)
        if parts.scheme in ("http", "https") and parts.hostname and parts.port != 0:
            return parts
    except ValueError:
        pass
    raise errors.NoNetwork(T("“{url}” is not a web address.", url=url[:80]))


def _host(url: str) -> str:
    """host:port, the port always said."""
    try:
        parts = urlsplit(url)
        port = parts.port or {"http": 80, "https": 443}.get(parts.scheme, 0)
    except ValueError:
        return url[:80]
    return f"{parts.hostname}:{port}"


def _redirected(request: Request, status: int, place: str) -> Request:
    try:
        url = urljoin(request.url, place)
    except ValueError:
        url = place
    old, new = urlsplit(request.url), _web(url)
    if old.scheme == "https" and new.scheme != "https":
        raise errors.NoNetwork(
            T("{host} sends Salus to an address without encryption. Salus does not follow.", host=_host(request.url))
        )
    headers = dict(request.headers)
    if (old.scheme, _host(request.url)) != (new.scheme, _host(url)):
        headers = {name: value for name, value in headers.items() if name.lower() not in _PRIVATE}
    if status == 303 or (status in (301, 302) and request.method == "POST"):
        headers = {name: value for name, value in headers.items() if name.lower() != "content-type"}
        return replace(request, url=url, headers=headers, method="GET", body=b"")
    return replace(request, url=url, headers=headers)

"""Where the page is served, and the channel its answers come through."""

from __future__ import annotations

import asyncio
import socket
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from salus.errors import Refused, UsageError
from salus.faces.web.channel import Channel, event
from salus.faces.web.serve import is_loopback, listen, run
from salus.vault.home import Home


@pytest.mark.parametrize(
    ("host", "alone"),
    [("127.0.0.1", True), ("127.8.9.1", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("::", False),
     ("192.168.1.4", False), ("example.org", False), ("localhost.example.org", False)],
)  # fmt: skip
def test_what_only_this_machine_can_reach(host: str, alone: bool) -> None:
    assert is_loopback(host) is alone



def in_its_own_loop(work):
    """Runs a coroutine in a thread of its own: a browser test of the same process may have left a loop running."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


def test_a_port_in_use_is_one_clear_sentence() -> None:
    with listen("127.0.0.1", 0) as taken, pytest.raises(Refused, match="in use"):
        listen("127.0.0.1", taken.getsockname()[1])


def test_an_empty_host_does_not_mean_every_address() -> None:
    with pytest.raises(UsageError):
        listen("", 0)
    with pytest.raises(UsageError):
        listen("192.0.2.1", 0)  # not this machine's


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.4", ""])
def test_other_machines_are_let_in_only_when_asked_for(home: Home, host: str) -> None:
    with pytest.raises(Refused, match="other machines"):
        run(home, host, 0)


def test_it_listens_on_that_address_only() -> None:
    with listen("127.0.0.1", 0) as made:
        assert made.getsockname()[0] == "127.0.0.1"
        with socket.create_connection(made.getsockname(), 1):
            pass


def test_an_event_on_the_wire() -> None:
    assert event("sentence", "a\nb", 3) == b"event: sentence\nid: 3\ndata: a\ndata: b\n\n"
    assert event("done", "") == b"event: done\ndata: \n\n"
    assert event("x", "a\r\nb\rc") == b"event: x\ndata: a\ndata: b\ndata: c\n\n"


async def _read(channel: Channel, after: int = 0) -> list[bytes]:
    return [sent async for sent in channel.read(after)]


def test_a_reader_gets_what_is_written_while_it_waits() -> None:
    channel = Channel()

    def write() -> None:
        for n in range(200):
            channel.put("n", str(n))
        channel.end()

    async def both() -> tuple[list[bytes], list[bytes]]:
        readers = asyncio.gather(_read(channel), _read(channel))
        await asyncio.sleep(0.01)
        threading.Thread(target=write).start()
        first, second = await asyncio.wait_for(readers, 5)
        return first, second

    first, second = in_its_own_loop(both())
    assert first == second == [event("n", str(n), n + 1) for n in range(200)]
    assert in_its_own_loop(_read(channel, 150)) == first[150:]


def test_only_the_latest_progress_is_sent_and_none_after_the_end() -> None:
    channel = Channel()
    channel.report("progress", "0.1")
    channel.report("progress", "0.2")

    async def first() -> bytes:
        return await asyncio.wait_for(anext(channel.read()), 5)

    assert in_its_own_loop(first()) == event("progress", "0.2")
    channel.put("done", "")
    channel.end()
    assert in_its_own_loop(_read(channel)) == [event("done", "", 1)]

"""A blood pressure is set aside and put back whole: a phone's pair, or a reading with the one beside it."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from typing import Any

import pytest

from salus.faces.web import copying
from salus.records.sample import Sample
from salus.records.times import When, to_ms
from salus.sources.fhir.receive import receive
from salus.sources.given import Given
from salus.sources.importing import import_given
from salus.vault.home import Home, Listed
from salus.vault.view import VaultView

from .conftest import Browser
from .records import vault_of

MORNING = "2026-03-03T08:00:00+01:00"
PAIR = "Correlation/pair"


def pressure(home: Home, person: Listed) -> None:
    """One pressure as a phone brings it: two readings, and the pair of them; and an older one without a pair."""
    body = {"resourceType": "Correlation", "id": "pair", "type": "HKCorrelationTypeIdentifierBloodPressure",
            "start": MORNING}  # fmt: skip
    at = When.parse(MORNING).instant
    assert at is not None
    items: list[Any] = [receive(json.dumps(body).encode())]
    for start in (to_ms(at), to_ms(at) - 86_400_000):
        items += [Sample("systolic", start, start, 131.0, "mm[Hg]", "Cuff"),
                  Sample("diastolic", start, start, 84.0, "mm[Hg]", "Cuff")]  # fmt: skip
    path = home.folder / "export.zip"
    path.write_bytes(b"x")
    with vault_of(home, person) as vault:
        import_given(vault, Given.at(path), Phone(items))


class Phone:
    """A source that brings what it was given."""

    name, title, kinds = "apple_health", {"en": "Phone", "fr": "Téléphone"}, frozenset({"samples", "resources"})

    def __init__(self, items: list[Any]) -> None:
        self.items = items

    def recognises(self, given: Given) -> bool:
        return True

    def read(self, given: Given, context: Any) -> Iterator[Any]:
        return iter(self.items)


def used(home: Home, person: Listed) -> tuple[int, int, int]:
    """How many upper figures, lower figures and pairs are in use."""
    with vault_of(home, person) as vault:
        view: VaultView = vault.view()
        return len(view.samples("systolic")), len(view.samples("diastolic")), len(view.resources("Correlation"))


def reading(home: Home, person: Listed, which: int) -> str:
    """The upper figure of the older (0) or the newer (1) pressure."""
    with vault_of(home, person) as vault:
        return vault.view().samples("systolic")[which].ref


def test_a_pair_takes_its_readings_with_it_and_brings_them_back(
    open_browser: Browser, home: Home, person: Listed
) -> None:
    pressure(home, person)
    html = open_browser.client.get(f"/records/{PAIR}").text
    assert "The readings it is made of:" in html and "Its readings are set aside with it." in html
    assert 'name="whole"' not in html
    made = open_browser.post("/correct", {"ref": PAIR, "why": "not_mine"}).json()
    assert used(home, person) == (1, 1, 0)
    open_browser.post(made["undo"], made["fields"])
    assert used(home, person) == (2, 2, 1)


@pytest.mark.parametrize("by_pair", [True, False])
def test_a_reading_takes_the_whole_pressure_unless_told_otherwise(
    open_browser: Browser, home: Home, person: Listed, by_pair: bool
) -> None:
    pressure(home, person)
    ref = reading(home, person, 1)
    html = open_browser.client.get(f"/records/{ref}").text
    assert re.search(r'name="whole" value="1" checked', html)
    made = open_browser.post("/correct", {"ref": ref, "why": "wrong", "whole": "1"}).json()
    assert used(home, person) == (1, 1, 0)
    open_browser.post("/put-back", {"ref": PAIR} if by_pair else made["fields"])
    assert used(home, person) == (2, 2, 1)
    open_browser.post("/correct", {"ref": ref, "why": "wrong"})
    assert used(home, person) == (1, 2, 1)
    open_browser.post("/put-back", {"ref": ref})
    assert used(home, person) == (2, 2, 1)


def test_what_was_set_aside_for_another_reason_stays_so(open_browser: Browser, home: Home, person: Listed) -> None:
    pressure(home, person)
    ref = reading(home, person, 1)
    open_browser.post("/correct", {"ref": ref, "why": "wrong", "note": "the cuff was loose"})
    open_browser.post("/correct", {"ref": PAIR, "why": "not_mine"})
    assert used(home, person) == (1, 1, 0)
    open_browser.post("/put-back", {"ref": PAIR})
    assert used(home, person) == (1, 2, 1)
    assert open_browser.post("/put-back", {"ref": PAIR}).status_code == 404


def test_an_older_pressure_and_other_readings_are_left_alone(open_browser: Browser, home: Home, person: Listed) -> None:
    pressure(home, person)
    open_browser.post("/correct", {"ref": reading(home, person, 0), "why": "wrong", "whole": "1"})
    assert used(home, person) == (1, 1, 1)


def test_entries_and_corrections_do_not_push_older_copies_out(
    open_browser: Browser, home: Home, person: Listed, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[bool] = []

    def keep(home: Home, listed: Listed, vault: Any, *, small: bool = False) -> None:
        asked.append(small)

    monkeypatch.setattr(copying, "keep_copy", keep)
    pressure(home, person)
    for path, fields in (("/add/note", {"text": "x"}), ("/correct", {"ref": PAIR, "why": "wrong"}),
                         ("/put-back", {"ref": PAIR})):  # fmt: skip
        before = len(asked)
        assert open_browser.post(path, fields).status_code == 200
        deadline = time.monotonic() + 5
        while len(asked) == before and time.monotonic() < deadline:
            time.sleep(0.01)
    assert asked == [True, True, True]
    open_browser.post("/connections/undo", {"batch": "1"})
    deadline = time.monotonic() + 5
    while len(asked) == 3 and time.monotonic() < deadline:
        time.sleep(0.01)
    assert asked[3:] == [False]

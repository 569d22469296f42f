"""The newest result of every test at once, each with the other records of the same measurement. Judges nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from salus.knowledge.labs import LabTest, by_loinc
from salus.records.codes import LOINC, Code
from salus.records.resource import Resource, codings
from salus.records.times import Period
from salus.skills.labs.once import SPANS, said, sender
from salus.skills.labs.readings import Reading, newest, of_codes, once, whole
from salus.vault.view import VaultView

FIRST_EACH, MOST_EACH = 2, 12
"""So many records of each test of a day are looked at first; more where these come from more than one sender."""
DAY = timedelta(days=1)
Pair = tuple[Reading, LabTest | None]


def newest_of_each(view: VaultView, period: Period | None) -> Iterator[Pair]:
    """The newest usable reading of each test (codes of one test taken together), listed or not, by key."""
    found: dict[str, Pair] = {}
    for code, resource in view.newest_per_code("Observation", LOINC):
        test = by_loinc(code)
        key = test.key if test else code
        reading = of_codes(resource, [code])
        inside = period is None or (reading and reading.time and period.covers(reading.time, view.person.zone))
        if reading is None or not inside:
            reading = newest(view, test, period) if test and key not in found else None
            if reading is None:
                continue
        have = found.get(key)
        if have is None or _later(reading, have[0]):
            found[key] = (reading, test)
    made = _with_doubles(view, found)
    yield from (made[key] for key in sorted(found, key=lambda key: key if found[key][1] else found[key][0].name))


def _later(a: Reading, b: Reading) -> bool:
    return a.time is not None and (b.time is None or a.time.sort_key() > b.time.sort_key())


def _with_doubles(view: VaultView, found: dict[str, Pair]) -> dict[str, Pair]:
    """Each reading with its other records; those of one day are looked for together."""
    made = dict(found)
    by_day: dict[date, list[str]] = defaultdict(list)
    for key, (reading, _) in found.items():
        if reading.time is not None:
            by_day[reading.time.day_in(view.person.zone)].append(key)
    for day, keys in by_day.items():
        wanted = {code: key for key in keys for code in _codes(found[key])}
        for key, rows in _of_day(view, day, wanted).items():
            reading, test = found[key]
            if any(row.time is not None and row.time.precision in SPANS for row in rows):
                made[key] = whole(view, reading, _codes(found[key])), test
            elif len(rows) > 1:
                one = next((one for one in once(view, rows) if reading.resource.ref in one.refs), reading)
                made[key] = one, test
    return made


def _of_day(view: VaultView, day: date, wanted: dict[str, str]) -> dict[str, list[Reading]]:
    """The readings of a day by test, newest first."""
    rows: dict[str, list[Reading]] = defaultdict(list)
    found = _records(view, day, wanted)
    codes_of: dict[str, list[str]] = defaultdict(list)
    for code, key in wanted.items():
        codes_of[key].append(code)
    seen: dict[tuple[str, object], Reading] = {}
    for resource in found:
        for key in dict.fromkeys(wanted[code] for code in _loinc(resource) if code in wanted):
            mark = (key, said(resource))
            same = seen.get(mark)
            reading = replace(same, resource=resource) if same else of_codes(resource, codes_of[key])
            if reading is not None and reading.time is not None:
                seen[mark] = reading
                rows[key].append(reading)
    return rows


def _records(view: VaultView, day: date, wanted: dict[str, str]) -> list[Resource]:
    """The records of a day: a second look is only worth it where several senders tell of it, else they are copies."""
    codes, tests = [Code(LOINC, code) for code in wanted], len(set(wanted.values()))
    period, few = Period(day - DAY, day + DAY), FIRST_EACH * tests + FIRST_EACH
    found = view.resources("Observation", codes=codes, period=period, limit=few)
    if len(found) == few and len({sender(resource) for resource in found}) > 1:
        return view.resources("Observation", codes=codes, period=period, limit=MOST_EACH * tests)
    return found


def _codes(pair: Pair) -> tuple[str, ...]:
    reading, test = pair
    return test.loinc if test is not None else (reading.code.code,)


def _loinc(resource: Resource) -> list[str]:
    body = resource.body
    parts = (body, *(c for c in body.get("component") or () if isinstance(c, dict)))
    return [code.code for part in parts for code in codings(part.get("code")) if code.system == LOINC]

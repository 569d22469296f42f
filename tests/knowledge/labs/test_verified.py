"""What was looked up says where; what was not says nothing; and none of it has been read by a clinician."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from salus.knowledge.labs import next_steps
from salus.knowledge.labs import tests as lab_tests
from salus.knowledge.labs.variation import variations

Mark = tuple[str, str, str]
"""Which row, when it was looked up, and where."""


def adult() -> Iterator[Mark]:
    for test in lab_tests().values():
        if any(interval.adult for interval in test.intervals):
            yield test.key, test.verified_on, test.verified_in


def critical() -> Iterator[Mark]:
    for test in lab_tests().values():
        if test.critical_low is not None or test.critical_high is not None:
            yield f"{test.key} critical", test.critical_verified_on, test.critical_verified_in


def codes() -> Iterator[Mark]:
    return ((f"{test.key} codes", test.codes_verified_on, test.codes_verified_in) for test in lab_tests().values())


def bands() -> Iterator[Mark]:
    for test in lab_tests().values():
        for one in test.intervals:
            if not one.adult:
                yield f"{test.key} {one.age_from} {one.pregnancy} {one.state}", one.verified_on, one.verified_in


def varied() -> Iterator[Mark]:
    return ((key, one.verified_on, one.verified_in) for key, one in variations().items() if one.cvi is not None)


def following() -> Iterator[Mark]:
    return ((f"{key} {side}", step.verified_on, step.verified_in) for (key, side), step in next_steps().items())


KINDS = {"adult": adult, "critical": critical, "codes": codes, "bands": bands, "variation": varied, "next": following}
AT_LEAST = {"adult": 97, "critical": 33, "codes": 45, "bands": 120, "variation": 47, "next": 23}


def test_a_day_and_a_place_go_together() -> None:
    for kind, marks in KINDS.items():
        for row, day, place in marks():
            assert bool(day) == bool(place.strip()), (kind, row)
            assert not day or date(2026, 11, 25) <= date.fromisoformat(day), (kind, row)


def test_as_many_are_looked_up_as_is_said() -> None:
    for kind, least in AT_LEAST.items():
        assert sum(bool(day) for _, day, _ in KINDS[kind]()) >= least, kind


def test_a_critical_value_is_looked_up_only_where_there_is_one() -> None:
    for test in lab_tests().values():
        if test.critical_low is None and test.critical_high is None:
            assert not test.critical_verified_on, test.key


def test_looked_up_is_not_reviewed() -> None:
    assert not any(test.reviewed_by for test in lab_tests().values())
    assert not any(step.reviewed_by for step in next_steps().values())

"""Times: never more precise than recorded, and never an exception."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salus.records.times import Period, When, day_end_ms, day_start_ms, from_ms, to_ms

ZONES = [
    ZoneInfo(z)
    for z in (
        "UTC",
        "Europe/Paris",
        "America/New_York",
        "Australia/Lord_Howe",
        "Asia/Kathmandu",
        "Pacific/Apia",
        "Pacific/Kiritimati",
    )
]


@pytest.mark.parametrize(
    ("text", "precision", "first", "last"),
    [
        ("2019", "year", date(2019, 1, 1), date(2019, 12, 31)),
        ("2019-02", "month", date(2019, 2, 1), date(2019, 2, 28)),
        ("2020-12", "month", date(2020, 12, 1), date(2020, 12, 31)),
        ("2020-02-29", "day", date(2020, 2, 29), date(2020, 2, 29)),
        ("0001", "year", date(1, 1, 1), date(1, 12, 31)),
        ("9999", "year", date(9999, 1, 1), date(9999, 12, 31)),
        ("9999-12", "month", date(9999, 12, 1), date(9999, 12, 31)),
        ("2020-02-29T10:00", "day", date(2020, 2, 29), date(2020, 2, 29)),
        ("2020-02-29T10:00:00", "day", date(2020, 2, 29), date(2020, 2, 29)),
        ("2020-02-29T23:59:60Z", "instant", date(2020, 2, 29), date(2020, 2, 29)),
        ("2020-02-29T23:59:59.123456789+05:45", "instant", date(2020, 2, 29), date(2020, 2, 29)),
    ],
)
def test_a_date_keeps_its_precision(text: str, precision: str, first: date, last: date) -> None:
    when = When.parse(text)
    assert when is not None
    assert (when.precision, when.first, when.last, when.text) == (precision, first, last, text)
    assert (when.instant is not None) == (precision == "instant")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0000",
        "2019-13",
        "2019-00",
        "2021-02-29",
        "19",
        "2019-1-1",
        "yesterday",
        "2020-01-01T25:00:00Z",
        "2020-01-01T10:61:00Z",
        "2020-01-01T10:00:00+99:00",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        "٢٠٢٠-01-01T",
        None,
        5,
        "2020-01-01\n2",
    ],
)
def test_what_is_no_date_is_unknown(text: object) -> None:
    assert When.parse(text) is None  # type: ignore[arg-type]


@given(
    st.text(max_size=40) | st.from_regex(r"\d{4}(-\d\d(-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,12})?)?(Z|[+-]\d\d:\d\d)?)?)?)?")
)
def test_any_text_is_a_time_or_unknown(text: str) -> None:
    when = When.parse(text)
    if when is None:
        return
    assert when.first <= when.last
    when.sort_key()
    for zone in ZONES:
        start, end = when.span_ms(zone)
        assert start <= end


@given(st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1)), st.integers(-14 * 60, 14 * 60))
def test_milliseconds_are_exact(moment: datetime, minutes: int) -> None:
    aware = moment.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    ms = to_ms(aware)
    assert from_ms(ms) == aware.replace(microsecond=aware.microsecond // 1000 * 1000).astimezone(UTC)


@given(st.dates(date(1900, 1, 2), date(2100, 1, 1)), st.sampled_from(ZONES))
def test_a_day_ends_where_the_next_begins(day: date, zone: ZoneInfo) -> None:
    start, end = day_start_ms(day, zone), day_end_ms(day, zone)
    assert end + 1 == day_start_ms(day + timedelta(days=1), zone)
    if end > start:  # Samoa had no 30 December 2011
        assert from_ms(start, zone).date() == day
        assert from_ms(end, zone).date() == day
        assert from_ms(start - 1, zone).date() < day


def test_the_calendars_own_ends() -> None:
    for zone in ZONES:
        assert day_start_ms(date.min, zone) < day_end_ms(date.min, zone)
        assert day_start_ms(date.max, zone) < day_end_ms(date.max, zone)


def test_a_partial_date_may_be_in_or_out() -> None:
    period = Period(date(2019, 3, 1), date(2019, 9, 30))
    year, month, day = (When.parse(t) for t in ("2019", "2019-04", "2019-10-01"))
    assert year is not None and month is not None and day is not None
    assert period.covers(year, UTC) is None
    assert period.covers(month, UTC) is True
    assert period.covers(day, UTC) is False


def test_an_instant_needs_a_zone() -> None:
    with pytest.raises(ValueError, match="zone"):
        When.of_instant(datetime(2020, 1, 1))

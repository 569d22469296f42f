"""Nights: one source, stages before unstaged, spans united, by the day one wakes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from salus.vault.sleep import ASLEEP, AWAKE, CORE, DEEP, IN_BED, REM, Stage, nights

H, M = 3_600_000, 60_000


def stage(start_h: float, end_h: float, kind: str, rank: int = 0) -> Stage:
    return Stage(int(start_h * H), int(end_h * H), rank, kind)


def test_a_whole_night_record_beside_stages_is_not_added() -> None:
    (night,) = nights(
        [stage(0, 8, ASLEEP), stage(0, 3, CORE), stage(3, 5, DEEP), stage(5, 7, REM), stage(7, 7.5, AWAKE)]
    )
    assert night.asleep == 7 * 60
    assert (night.core, night.deep, night.rem, night.awake, night.in_bed) == (180, 120, 120, 30, None)


def test_in_bed_is_not_sleep() -> None:
    (night,) = nights([stage(0, 8, IN_BED)])
    assert night.asleep is None and night.in_bed == 480


def test_the_source_with_stages_wins_over_a_better_one_without() -> None:
    (night,) = nights([stage(0, 8, ASLEEP, 0), stage(1, 7, CORE, 1)])
    assert night.rank == 1 and night.asleep == 360


def test_between_two_with_stages_the_priority_decides() -> None:
    (night,) = nights([stage(0, 6, CORE, 0), stage(0, 8, CORE, 1)])
    assert night.rank == 0 and night.asleep == 360


def test_a_nap_three_hours_apart_is_a_night_of_its_own() -> None:
    night, nap = nights([stage(0, 7, CORE), stage(10.5, 11, CORE)])
    assert (night.asleep, nap.asleep) == (420, 30)
    (one,) = nights([stage(0, 7, CORE), stage(9.5, 10, CORE)])
    assert one.asleep == 450


def test_what_a_source_does_not_tell_is_unknown() -> None:
    (night,) = nights([stage(0, 7, ASLEEP)])
    assert night.asleep == 420
    assert night.deep is None and night.rem is None and night.core is None and night.awake is None


def test_a_contradiction_is_counted_once_deep_first() -> None:
    (night,) = nights([stage(0, 4, CORE), stage(1, 2, DEEP), stage(1, 3, REM)])
    assert (night.deep, night.rem, night.core, night.asleep) == (60, 60, 120, 240)


kinds = st.sampled_from([DEEP, REM, CORE, ASLEEP, AWAKE, IN_BED])
stages = st.lists(
    st.builds(
        lambda start, length, kind, rank: Stage(start * M, (start + length) * M, rank, kind),
        st.integers(0, 3000),
        st.integers(0, 600),
        kinds,
        st.integers(0, 2),
    ),
    max_size=25,
)


@given(stages)
def test_no_night_sleeps_longer_than_it_lasts(found: list[Stage]) -> None:
    last = None
    for night in nights(found):
        length = (night.end - night.start) / M
        assert night.asleep is None or 0 <= night.asleep <= length + 1e-6
        if night.deep is not None and night.asleep is not None:
            parts = (night.deep or 0) + (night.rem or 0) + (night.core or 0)
            assert abs(parts - night.asleep) < 1e-6
        assert last is None or night.start > last
        last = night.end


@given(stages)
def test_a_repeated_record_changes_nothing(found: list[Stage]) -> None:
    assert list(nights(found)) == list(nights(found + found))

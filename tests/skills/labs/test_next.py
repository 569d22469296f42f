"""What usually comes next, after a result and when asked."""

from __future__ import annotations

from collections.abc import Callable

from salus.vault.view import VaultView
from tests.skills.conftest import said
from tests.skills.labs.conftest import result, run

Hold = Callable[..., VaultView]
AGAIN = "It is usually repeated within three months together with free T4"


def test_it_is_told_when_a_result_is_out_of_range(hold: Hold) -> None:
    found = run(hold(result("3016-3", 7.5, "m[iU]/L")), test="tsh")
    assert AGAIN in said(found)
    step = found.findings[0].data["next"]
    assert step["source"].startswith("NICE guideline NG145") and step["reviewed"] is False


def test_and_when_asked(hold: Hold) -> None:
    found = run(hold(result("3016-3", 7.5, "m[iU]/L")), test="tsh", ask="next")
    assert AGAIN in said(found)
    assert "your own doctor decides with you" in said(found)


def test_in_range_nothing_has_to_follow(hold: Hold) -> None:
    view = hold(result("3016-3", 2, "m[iU]/L"))
    assert "So nothing usually has to follow." in said(run(view, test="tsh", ask="next"))
    assert run(view, test="tsh").findings[0].data["next"] is None


def test_an_unjudged_result_leaves_it_unknown(hold: Hold) -> None:
    found = run(hold(result("2532-0", 200, "U/L")), test="ldh", ask="next")
    assert found.unknown and "nothing usually" not in said(found)
    assert run(hold(), test="ferritin", ask="next").unknown


def test_of_everything_out_of_range(hold: Hold) -> None:
    view = hold(result("3016-3", 7.5, "m[iU]/L"), result("2823-3", 6.4, "mmol/L"), result("2951-2", 140, "mmol/L"))
    found = run(view, all=True, ask="next")
    assert AGAIN in said(found) and "heart tracing" in said(found)
    assert [f.data["test"] for f in found.findings] == ["potassium", "tsh"]
    only = run(view, panel="thyroid", ask="next")
    assert [f.data["test"] for f in only.findings] == ["tsh"]


def test_a_panel_in_range(hold: Hold) -> None:
    found = run(hold(result("3016-3", 2, "m[iU]/L")), panel="thyroid", ask="next")
    assert "nothing usually has to follow" in said(found)

"""What usually comes next: at least sixty tests, both languages, sourced, never an order."""

import re

from salus.knowledge.labs import next_step, next_steps
from salus.knowledge.labs import tests as lab_tests

ORDER = re.compile(r"\byou (should|must|need)\b|\bvous devez\b|\bil faut\b|^(Take|Stop|Go|Call)\b", re.IGNORECASE)


def test_at_least_sixty_tests_have_one():
    keys = {key for key, _ in next_steps()}
    assert len(keys) >= 60
    assert keys <= set(lab_tests())


def test_each_is_worded_in_both_languages_with_its_source():
    for (key, direction), step in next_steps().items():
        assert step.en.endswith(".") and step.fr.endswith("."), key
        assert step.source and 1990 < step.source_year <= 2026
        assert not (step.reviewed_by or step.reviewed_on)
        assert not ORDER.search(step.en) and not ORDER.search(step.fr), key
        assert direction in ("high", "low")


def test_a_side_without_an_established_step_has_none():
    assert next_step("sodium", "low") is not None
    assert next_step("hdl_cholesterol", "high") is None
    assert next_step("no_such_test", "high") is None

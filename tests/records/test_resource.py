"""Paths into resources: digits kept, and no shape of JSON that makes them raise."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salus.records import resource as r
from salus.records.codes import LOINC, Code

leaves = (
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.decimals(allow_nan=False, allow_infinity=False)
)
FIELDS = (
    "resourceType",
    "id",
    "code",
    "coding",
    "system",
    "display",
    "text",
    "component",
    "subject",
    "reference",
    "value",
    "unit",
    "effectiveDateTime",
    "effectivePeriod",
    "start",
    "category",
    "type",
    "entry",
    "meta",
    "lastUpdated",
    "performer",
    "medicationCodeableConcept",
    "vaccineCode",
)
anything = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(FIELDS), inner, max_size=5),
    max_leaves=12,
)
bodies = st.dictionaries(st.sampled_from(FIELDS), anything, max_size=8).map(
    lambda body: {"resourceType": "Observation", **body}
)


@given(bodies)
def test_no_shape_makes_a_helper_raise(body: dict[str, Any]) -> None:
    r.when(body)
    r.ended(body)
    r.title(body)
    r.all_codes(body)
    r.subject_ref(body)
    r.quantity(body.get("value"))
    r.concept_text(body.get("code"))
    list(r.each(body, "component.code.coding.display"))


def test_decimals_keep_the_digits_received() -> None:
    body = r.decode(b'{"value": 3.10, "n": 5, "big": 1E+2, "tiny": 0.000000000000000000000000001}')
    assert str(body["value"]) == "3.10"
    assert body["n"] == 5
    assert str(body["tiny"]) == "1E-27"
    assert str(r.quantity({"value": body["value"], "unit": "mg/dL"}).value) == "3.10"  # type: ignore[union-attr]


def test_a_quantity_prefers_the_ucum_code() -> None:
    found = r.quantity({"value": 5, "unit": "beats", "system": "http://unitsofmeasure.org", "code": "/min"})
    assert found is not None and found.unit == "/min" and found.value == Decimal(5)
    assert r.quantity({"unit": "mg"}) is None
    assert r.quantity({"value": "5"}) is None
    assert r.quantity({"value": True}) is None
    assert r.quantity({"value": 5, "system": None, "unit": "mg"}) is not None
    assert r.quantity({"value": [1]}) is None


def test_codes_of_a_panel_and_its_parts() -> None:
    part = {"code": {"coding": [{"system": LOINC, "code": "8480-6"}]}}
    body = {
        "resourceType": "Observation",
        "code": {"coding": [{"system": LOINC, "code": "85354-9"}]},
        "component": [part],
    }
    assert r.all_codes(body) == [Code(LOINC, "85354-9"), Code(LOINC, "8480-6")]
    assert r.all_codes({"component": 5}) == []


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ({"resourceType": "Observation", "effectiveDateTime": "2019"}, "2019"),
        (
            {"resourceType": "Observation", "effectiveDateTime": "nonsense", "issued": "2020-01-01T00:00:00Z"},
            "2020-01-01T00:00:00Z",
        ),
        ({"resourceType": "Encounter", "period": {"start": "2019-03"}}, "2019-03"),
        ({"resourceType": "Observation", "effectiveTiming": {"event": ["2018-01-01"]}}, "2018-01-01"),
    ],
)
def test_when_it_happened(body: dict[str, Any], text: str) -> None:
    found = r.when(body)
    assert found is not None and found.text == text


def test_a_resource_that_does_not_say_when_is_undated() -> None:
    assert r.when({"resourceType": "Observation"}) is None
    assert r.when({"resourceType": "Unheard", "date": "2019"}) is None


def test_bad_json_is_a_value_error() -> None:
    for raw in (b"", b"{", b'{"a": NaN}', b'{"a": Infinity}', b"{'a': 1}", b'{"a": 01}', b"\xff\xfe{}"):
        with pytest.raises(ValueError):
            r.decode(raw)

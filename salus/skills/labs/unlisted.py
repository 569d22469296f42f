"""Results that the table of tests does not list: what the records call them, and a row made of what they say."""

from __future__ import annotations

from collections.abc import Iterator

from salus.knowledge.labs import LabTest, by_loinc
from salus.records.codes import LOINC
from salus.records.resource import Resource, codings, concept_text
from salus.skills.labs.answers import QUESTIONS
from salus.skills.labs.readings import of_codes
from salus.vault.view import VaultView

MEASURED = frozenset({"laboratory", "vital-signs", "exam", "imaging"})


def names(view: VaultView) -> Iterator[tuple[str, str]]:
    """(LOINC code, name in the records) of every result that is not in the table."""
    for code, resource in view.newest_per_code("Observation", LOINC):
        if by_loinc(code) is None and of_codes(resource, [code]) is not None and (name := _name(resource, code)):
            yield code, name


def unlisted(view: VaultView, code: str) -> LabTest | None:
    """A row for that code with the name and unit of its newest result, without a range; None when there is none."""
    for one, resource in view.newest_per_code("Observation", LOINC):
        if one == code and (reading := of_codes(resource, [code])) is not None:
            name = _name(resource, code) or code
            unit = (reading.value.unit if reading.value else "") or "1"
            return LabTest(
                key=f"code:{code}", en=name, fr=name, loinc=(code,), specimen=_specimen(resource), units=(unit,),
                digits=2, about_en="", about_fr="", high_en="", high_fr="", low_en="", low_fr="", source="",
                source_year=0, as_of="",
            )  # fmt: skip
    return None


def _specimen(resource: Resource) -> str:
    found = {code.code for concept in resource.body.get("category") or [] for code in codings(concept)}
    return "body" if not found or found & MEASURED else QUESTIONS


def _name(resource: Resource, code: str) -> str:
    """The text beside the code, in the resource itself or in a component."""
    for part in (resource.body, *(c for c in resource.body.get("component") or () if isinstance(c, dict))):
        for one in codings(part.get("code")):
            if one.system == LOINC and one.code == code:
                return concept_text(part.get("code")) or one.display
    return ""

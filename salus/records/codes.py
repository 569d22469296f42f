"""Codes that carry their system, and the few systems Salus names itself. Holds no terminology."""

from __future__ import annotations

from typing import NamedTuple

LOINC = "http://loinc.org"
SNOMED = "http://snomed.info/sct"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
ICD10CM = "http://hl7.org/fhir/sid/icd-10-cm"
CVX = "http://hl7.org/fhir/sid/cvx"
UCUM = "http://unitsofmeasure.org"
METRIC = "urn:salus:metric"
"""Salus's own metric keys (`records/metrics.toml`), for what has no code elsewhere."""


class Code(NamedTuple):
    """One code of one system, with the display it came with (may be empty)."""

    system: str
    code: str
    display: str = ""

    def same(self, other: Code) -> bool:
        """True when system and code agree; the display is only a label."""
        return self.system == other.system and self.code == other.code

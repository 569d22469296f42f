"""The sample person's medical record as one FHIR R4 Bundle. Knows the order of the parts, nothing of their content."""

from __future__ import annotations

from salus.sample import care, results
from salus.sample.chart import Chart
from salus.sample.person import Spec


def chart(spec: Spec) -> Chart:
    """The whole chart, resource by resource."""
    built = Chart(spec)
    care.add_people(built)
    care.add_visits(built)
    care.add_problems(built)
    care.add_medicines(built)
    care.add_vaccines_and_procedures(built)
    results.add_laboratory(built)
    care.add_documents(built)
    care.add_plans(built)
    return built


def fhir_bundle(spec: Spec) -> bytes:
    """A Bundle of type collection, as JSON bytes; the same spec gives the same bytes."""
    return chart(spec).bundle()

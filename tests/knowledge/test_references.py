"""Labs and red flags come through the door that every reference uses."""

from salus.hooks import register_references
from salus.knowledge.contract import Reference


def test_the_references_are_found(monkeypatch):
    monkeypatch.setenv("SALUS_PLUGINS", "")
    found = {reference.name: reference for reference in register_references()}
    assert {"labs", "red_flags"} <= set(found)
    for reference in found.values():
        assert isinstance(reference, Reference)
        assert reference.title["en"]
        assert reference.title["fr"]

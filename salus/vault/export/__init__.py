"""Everything a person has, given back: FHIR R4, CSV, documents, and what only Salus keeps. Not encrypted."""

from salus.vault.export.write import FORMATS, Exported, Format, pour, write

__all__ = ["FORMATS", "Exported", "Format", "pour", "write"]

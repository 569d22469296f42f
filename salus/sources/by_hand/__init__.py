"""What a person writes down by hand: readings, results from paper, medicines, symptoms, notes. Registers no file."""

from salus.sources.by_hand.adding import Added, add
from salus.sources.by_hand.entries import Entry, Note, Pressure, Reading, ResultEntry, Symptom, Taken
from salus.sources.by_hand.questions import questions

__all__ = [
    "Added", "Entry", "Note", "Pressure", "Reading", "ResultEntry", "Symptom", "Taken", "add", "questions",
]  # fmt: skip

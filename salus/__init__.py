"""Salus: an open, self-hosted health AI. One encrypted vault per person; every figure computed."""

__version__ = "0.1.0"

"""`python -m salus.sample OUTDIR`: write the sample person's two files. A tool for developers, in English."""

from __future__ import annotations

import argparse
import sys
from datetime import date, timedelta
from pathlib import Path

from salus.sample import write


def main() -> None:
    """Read the arguments and write; prints the two paths."""
    parser = argparse.ArgumentParser(prog="python -m salus.sample", description=write.__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--end", type=date.fromisoformat, default=date.today() - timedelta(days=1))
    parser.add_argument("--days", type=int, default=400)
    parser.add_argument("--lang", choices=("en", "fr"), default="en")
    given = parser.parse_args()
    paths = write(given.folder, seed=given.seed, end=given.end, days=given.days, lang=given.lang)
    sys.stdout.write(f"{paths.fhir_bundle}\n{paths.export_zip}\n")


if __name__ == "__main__":
    main()

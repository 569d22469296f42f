"""`python -m salus.bench [NAMES] [--quick]` is `salus bench`."""

import sys

from salus.faces.cli.main import main

main(["bench", *sys.argv[1:]])

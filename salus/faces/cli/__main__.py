"""`python -m salus.faces.cli` is `salus`."""

from salus.faces.cli.main import main

main()

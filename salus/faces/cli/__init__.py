"""The command line: `salus …`. Commands are loaded when they are called, so that `--help` is quick."""

"""What Salus can work out, one module or folder each: pure functions from a view of the vault to findings."""

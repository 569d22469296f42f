"""The rules of each kind: what its records are read as, when two are one, what an entry says. One module a kind."""

"""How facts come in, one folder each. A source reads a file; `importing` puts what it reads into a vault."""

"""How Salus talks: from a question to skills, to findings, to verified words."""

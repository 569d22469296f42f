"""The page in a browser: one address on this machine, one person's vault at a time, nothing loaded from elsewhere."""

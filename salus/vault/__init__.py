"""Where one person's facts live: an encrypted store, its keys, its batches and its ledger. Knows no file format."""

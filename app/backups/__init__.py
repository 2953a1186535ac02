"""Back-ups: the whole database as one archive that either engine can take in again."""

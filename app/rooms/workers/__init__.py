"""What several workers tell each other of a report, beside what the database says."""

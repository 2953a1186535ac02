"""The parts of a report's watch: rights are judged apart from what its channels are shown."""

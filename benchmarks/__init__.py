"""Benchmarks: real loads on real servers, ours and its peers, in the same interleaved runs."""

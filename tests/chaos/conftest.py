"""What breaks is told at once: in the long trials, the rest would take hours."""

import sys

import pytest


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Print the story of a trial that has just failed, if it was a long one."""
    if report.failed and report.duration > 60:
        print(f"\n{report.nodeid}\n{report.longreprtext}", file=sys.stderr, flush=True)

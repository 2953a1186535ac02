"""Runs a Python program under cProfile and writes where its time went when it ends.

`python -m benchmarks.servers.profiled FILE MODULE ARGUMENT…`; SIGUSR1 begins the profile.
"""

import cProfile
import io
import pstats
import runpy
import signal
import sys
from pathlib import Path

_ROWS = 60


def main() -> None:
    """Run it; FILE then holds the functions that took most time, theirs alone first."""
    written, module = Path(sys.argv[1]), sys.argv[2]
    sys.argv = [module, *sys.argv[3:]]
    # The server ends by the signal that it was asked with; what was measured comes first.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    profile = cProfile.Profile()
    signal.signal(signal.SIGUSR1, lambda *_: profile.enable())
    try:
        runpy.run_module(module, run_name="__main__", alter_sys=True)
    finally:
        profile.disable()
        shown = io.StringIO()
        statistics = pstats.Stats(profile, stream=shown).strip_dirs()
        statistics.sort_stats("tottime").print_stats(_ROWS)
        statistics.sort_stats("cumulative").print_stats(_ROWS)
        written.write_text(shown.getvalue())


if __name__ == "__main__":
    main()

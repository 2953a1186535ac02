"""Becomes another program on given cores: `python -m benchmarks.servers.pinned 0 program …`."""

import os
import sys

if __name__ == "__main__":
    os.sched_setaffinity(0, {int(core) for core in sys.argv[1].split(",")})
    os.execvp(sys.argv[2], sys.argv[2:])

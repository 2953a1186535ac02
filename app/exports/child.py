"""The child process in which pandoc and typst run: limits first, then one tool, then its end.

Started by path with no other module of the server, in a private directory:
    child.py TOOL MEMORY_BYTES CPU_S ARGUMENT...
"""

import ctypes
import os
import resource
import sys
from pathlib import Path
from typing import Any

_CLONE_NEWUSER = 0x10000000
_CLONE_NEWNET = 0x40000000
_PR_SET_PDEATHSIG = 1
_PR_SET_NO_NEW_PRIVS = 38
_SIGKILL = 9


def shut_network() -> bool:
    """Leave this process without any network; return whether the kernel allowed it."""
    if not sys.platform.startswith("linux"):
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    # Only root may take a network namespace alone; others take one inside a user namespace.
    return any(libc.unshare(kind) == 0 for kind in (_CLONE_NEWNET, _CLONE_NEWUSER | _CLONE_NEWNET))


def set_limits(memory_bytes: int, cpu_s: int) -> None:
    """Bind this process and what it becomes: memory, processor time, no core file, no new rights.

    Effects: the kernel ends it when the server that started it dies.
    """
    # Not RLIMIT_AS: pandoc's run-time reserves a terabyte of addresses that it never uses.
    resource.setrlimit(resource.RLIMIT_DATA, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_s, cpu_s + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform.startswith("linux"):
        libc = ctypes.CDLL(None, use_errno=True)
        libc.prctl(_PR_SET_PDEATHSIG, _SIGKILL, 0, 0, 0)
        libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)


def typeset(source: str, target: str, fonts: str, made_at_s: str) -> None:
    """Write the PDF of a typst source that lies in the working directory.

    As accessible as the text allows: PDF/UA-1, which refuses for instance letters that no font
    has; or else tagged without that promise; or else without tags.
    """
    import typst

    compiler = typst.Compiler(
        source, root=str(Path.cwd()), font_paths=[fonts], ignore_system_fonts=True
    )
    attempts: tuple[dict[str, Any], ...] = ({"pdf_standards": ["ua-1"]}, {}, {"pdf_tags": False})
    for attempt, wishes in enumerate(attempts, start=1):
        try:
            compiler.compile(output=target, format="pdf", timestamp=int(made_at_s), **wishes)
        except typst.TypstError as error:
            sys.stderr.write(f"typst: {error}\n")
            if attempt == len(attempts):
                raise
        else:
            return


def main(arguments: list[str]) -> int:
    """Run one tool within its limits; return the exit status."""
    tool, memory_bytes, cpu_s, *rest = arguments
    network_is_shut = shut_network()
    if tool == "probe":
        return 0 if network_is_shut else 3
    set_limits(int(memory_bytes), int(cpu_s))
    if tool == "typst":
        typeset(*rest)
        return 0
    os.execv(rest[0], rest)  # noqa: S606 - the program is the server's own pandoc


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

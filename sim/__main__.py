"""The command ``rescuesim``, also ``python -m sim``."""

from __future__ import annotations

import gc
import signal
import sys

_OBJECTS = 100_000  # made before the cycle collector looks: imports make as many, and no garbage


def main() -> None:
    """Run the command line; a second or an early Ctrl-C ends it without a traceback."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # until the imports are done
    gc.set_threshold(_OBJECTS, 20, 20)
    from sim.cli import run

    sys.exit(run())


if __name__ == "__main__":
    main()

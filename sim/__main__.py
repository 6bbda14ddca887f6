"""The command ``rescuesim``, also ``python -m sim``."""

from __future__ import annotations

import signal
import sys


def main() -> None:
    """Run the command line; a second or an early Ctrl-C ends it without a traceback."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # until the imports are done
    from sim.cli import run

    sys.exit(run())


if __name__ == "__main__":
    main()

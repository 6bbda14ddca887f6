"""One thread in the libraries of linear algebra, which are given nothing to share out."""

from __future__ import annotations

import os


def one_thread() -> None:
    """
    Have OpenBLAS start no threads of its own in this process, unless somebody asked for them.

    It starts one for each core as soon as numpy is imported, and another set for scipy. Each waits
    for work by asking for it over and over, which takes as much as a quarter of the start-up of a
    process; there is none, as no matrix here is large. Has to come before numpy is imported.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

"""
Print requirements.lock from what pip would install, as its report says on standard input.

    python -m pip install --dry-run --ignore-installed --quiet --report - . | python .ci/lock.py

With CPython 3.11 on Linux x86-64 only: a hash is of one file, for one platform.
"""

import json
import sys

HEAD = """\
# Exact versions for CPython 3.11 on Linux x86-64, with which the reference result was made.
# Install with: pip install --require-hashes -r requirements.lock && pip install --no-deps .
"""

needed = [found for found in json.load(sys.stdin)["install"] if not found["is_direct"]]
print(HEAD, end="")
for found in sorted(needed, key=lambda found: found["metadata"]["name"].lower()):
    name, version = found["metadata"]["name"].lower(), found["metadata"]["version"]
    print(f"{name}=={version} \\")
    print(f"    --hash=sha256:{found['download_info']['archive_info']['hashes']['sha256']}")

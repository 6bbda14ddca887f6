"""Print the lowest versions that pyproject.toml allows, as constraints for pip."""

import re
import tomllib
from pathlib import Path

project = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text())["project"]
extras = project["optional-dependencies"].values()
for wanted in [*project["dependencies"], *(need for extra in extras for need in extra)]:
    found = re.fullmatch(r"([A-Za-z][\w.-]*)>=([\d.]+)", wanted)
    if found:
        print(f"{found[1]}=={found[2]}")
    elif "==" not in wanted and not wanted.startswith(f"{project['name']}["):
        raise SystemExit(f"pyproject.toml: {wanted!r} has no lowest version")

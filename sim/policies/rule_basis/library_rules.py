"""Which rules are the library's, told without importing all of them."""

from __future__ import annotations

_OURS = f"{__name__.partition('.')[0]}.policies."
_FOLDER = "_rules"  # the folders of rules end so: dispatch_rules, queue_rules, ...


def is_ours(policy: object) -> bool:
    """Return whether a policy is one of the library's, and not of a class made from it."""
    return is_ours_class(type(policy))


def is_ours_class(rule: type) -> bool:
    """Return whether a class is one of the library's rules."""
    module = rule.__module__
    return module.startswith(_OURS) and module.split(".")[2].endswith(_FOLDER)

"""Plain data written as YAML that this package's reader, and any YAML 1.2 reader, reads back."""

from __future__ import annotations

import json
import re
from typing import Any

from .source import resolve

WIDTH = 96
_PLAIN = re.compile(r"[^\W_][\w /%().+<>=·–-]*", re.UNICODE)
_ESCAPED = re.compile("[\x7f-\xa0\u2028\u2029\ufeff]")


def as_yaml(value: Any, header: str = "") -> str:
    """Return a mapping as YAML text, short mappings and lists on one line."""
    return header + "\n".join(_block(value, 0)) + "\n"


def _block(value: Any, indent: int) -> list[str]:
    pad = "  " * indent
    lines: list[str] = []
    if isinstance(value, dict):
        for key, part in value.items():
            lines += _entry(f"{pad}{_scalar(str(key))}:", part, indent)
    else:
        for part in value:
            lines += _entry(f"{pad}-", part, indent)
    return lines


def _entry(head: str, part: Any, indent: int) -> list[str]:
    line = flow(part)
    if not isinstance(part, (dict, list)) or not part or len(head) + len(line) < WIDTH:
        return [f"{head} {line}"]
    return [head, *_block(part, indent + 1)]


def flow(value: Any) -> str:
    """Return a value as YAML on one line."""
    if isinstance(value, dict):
        inside = ", ".join(f"{_scalar(str(k))}: {flow(v)}" for k, v in value.items())
        return f"{{{inside}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(flow, value))}]"
    return _scalar(value)


def _scalar(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return repr(value)
    if _PLAIN.fullmatch(value) and not value.endswith(" ") and _stays_text(value):
        return str(value)
    quoted = json.dumps(value, ensure_ascii=False)
    return _ESCAPED.sub(lambda m: f"\\u{ord(m[0]):04x}", quoted)


def _stays_text(value: str) -> bool:
    try:
        return isinstance(resolve(value), str)
    except ValueError:
        return False

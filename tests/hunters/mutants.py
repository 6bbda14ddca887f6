"""Scenario files changed at random: their text, their bytes, and what they say."""

from __future__ import annotations

import copy
import random
from collections import defaultdict

import yaml

PIECES = [
    *"[]{}:,-#&*!|>'\"%@`?~ \n\t\r\x00\x1b\u202e\u0660\ufeff\u2028\x85",
    ": ", "- ", "[[", "}}", "<<: ", "&a ", "*a", "!!int ", "null", "~", ".nan", ".inf", "1e400",
    "-1", "0", "1e9", "99999999999999999999", "0x1F", "012", "22:30", "no", "yes", "true", "55",
    "150%", "-5%", "12 m", "5 months", "1 h 30 min", "45 km/h", "30 per day", "day 0",
    "2025-99-99 06:00",
    "extends: x.yaml\n", "extends: coast-march-2025\n", "../../etc/passwd", "/dev/zero", "data",
    "data/coast/places.csv", "data/coast/coastline.geojson", "\n---\n", "\n...\n", "%YAML 1.1\n",
    "{file: data/coast/places.csv, column: lat, unit: min}", "{file: x, column: y}", "قرية", "😀",
]  # fmt: skip
VALUES = [
    "", "null", "~", "true", "false", "yes", "no", "0", "1", "-1", "2", "7", "1000", "10001", "1e6",
    "1e18", "-1e18", "1e308", "0.0000001", "99999999999999999999", ".nan", ".inf", "-.inf", "0x1F",
    "0%", "1%", "50%", "100%", "101%", "-5%", "1e-9%", "1e30%", "0 min", "1 ms", "5 min", "12 m",
    "36500 days", "1e9 h", "5 months", "-3 min", "1 h 30 min", "45 km/h", "0 km/h", "1e9 km/h",
    "0 per day", "1e9 per day", "30 per day", "2 per hour", "day 0 06:00", "day 1 24:00",
    "day 99999 00:00", "day 1 06:00", "2025-02-30 06:00", "0001-01-01 00:00", "9999-12-31 23:59",
    "1969-07-20 20:17", "08:00-20:00", "20:00-20:00", "25:00-26:00", "24 on 48 off",
    "0 on 0 off", "1e9 on 1 off", "Nowhere", "closest", "dmexclp", "none", "off", "home", "weight",
    "equal", "UTC", "Asia/Damascus", "Mars/Olympus", "data", "../../etc/passwd", "/dev/zero",
    "data/coast/places.csv", "قرية", "٣٠", "😀", "e\u0301", "a\u202eb", "x" * 101, "x" * 20000,
    "0 pp", "1 pp", "500 m", "1e9 km",
]  # fmt: skip
NAMED = {  # mappings whose keys are names that people give
    "places", "kinds", "bases", "teams", "shifts", "volunteers", "vehicles", "policies",
    "hospitals", "capabilities", "table", "on_scene_at", "set", "vary", "order", "where", "kmh",
}  # fmt: skip
MOST_NODES = 400  # of what is grafted in


def mutated_text(text: str, draws: random.Random) -> str:
    """Return the text with a few random edits."""
    for _ in range(draws.choice((1, 1, 1, 2, 3, 8))):
        at = draws.randrange(len(text) + 1)
        how = draws.randrange(7)
        if how == 0:
            text = text[:at] + draws.choice(PIECES) + text[at:]
        elif how == 1:
            text = text[:at] + text[at + draws.randrange(1, 30) :]
        elif how == 2:
            text = text[:at] + text[at : at + 40] + text[at:]
        elif how == 3:
            text = (
                text[:at]
                + chr(draws.choice((draws.randrange(128), draws.randrange(0xD7FF))))
                + text[at + 1 :]
            )
        else:  # replace a whole value or key: most likely to get past the syntax
            lines = text.split("\n")
            row = draws.randrange(len(lines))
            words = lines[row].split(" ")
            words[draws.randrange(len(words))] = draws.choice(PIECES + words)
            lines[row] = " ".join(words)
            if how == 6:
                lines.insert(draws.randrange(len(lines)), lines.pop(row))
            text = "\n".join(lines)
    return text or " "


def mutated_bytes(data: bytes, draws: random.Random) -> bytes:
    """Return a file cut off, in another encoding, or with bytes that no text has."""
    how = draws.randrange(7)
    text = data.decode("utf-8", "replace")
    if how == 0:
        return data[: draws.randrange(len(data) + 1)]
    if how == 1:
        return text.encode(draws.choice(["utf-16", "utf-16-le", "utf-32", "cp1256", "cp1252"]),
                           "replace")  # fmt: skip
    if how == 2:
        return b"\xef\xbb\xbf" + data
    if how == 3:
        return data.replace(b"\n", draws.choice([b"\r\n", b"\r", b"\x85", b"\n\n", b"\x00"]))
    at = draws.randrange(len(data) + 1)
    piece = draws.choice([b"\xff", b"\xc3", b"\x00", b"\xed\xa0\x80", draws.randbytes(8)])
    if how == 4:
        return data[:at] + piece + data[at:]
    if how == 5:
        return data * draws.choice([2, 3]) if len(data) < 100_000 else data[::-1]
    return data[:at] + data[at + draws.randrange(1, 300) :]


# -- what a file says ----------------------------------------------------------------------------


class Library:
    """Parts of sound scenarios, by where in a scenario they stand."""

    def __init__(self, texts):
        self.parts = defaultdict(list)
        self.documents = []
        for text in texts:
            root = yaml.compose(text, Loader=yaml.SafeLoader)
            self.documents.append(root)
            for where, node in _walk(root):
                if isinstance(node, yaml.MappingNode):
                    for key, value in node.value:
                        self.parts[where].append((key.value, value))

    def graft(self, where, draws):
        """Return a key and a value that stand in such a place elsewhere, None if none do."""
        parts = self.parts.get(where)
        if not parts:
            return None
        key, value = draws.choice(parts)
        small = copy.deepcopy(value)
        return (key, small) if sum(1 for _ in _walk(small)) < MOST_NODES else None


def mutated_structure(number: int, library: Library, draws: random.Random) -> str:
    """Return a document of a library, by its number, with a few parts changed."""
    root = copy.deepcopy(library.documents[number])
    for _ in range(draws.choice((1, 1, 1, 2, 2, 3, 6))):
        nodes = [*_walk(root)]
        where, node = draws.choice(nodes)
        change = draws.choice(CHANGES)
        change(node, where, nodes, library, draws)
    try:
        return yaml.serialize(root, Dumper=yaml.SafeDumper, allow_unicode=True, width=100)
    except (yaml.YAMLError, RecursionError):
        return "{}"


def _walk(node, where=(), seen=()):
    """Yield each mapping, list and scalar with its place; names that people give are ``*``."""
    if any(node is other for other in seen):
        return
    yield where, node
    if isinstance(node, yaml.MappingNode):
        named = bool(where) and where[-1] in NAMED
        for key, value in node.value:
            step = "*" if named else key.value
            yield from _walk(value, (*where, step), (*seen, node))
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            yield from _walk(value, (*where, "[]"), (*seen, node))


def _scalar(text):
    """Return a value as people write it, without quotes."""
    tag = yaml.SafeLoader("").resolve(yaml.ScalarNode, text, (True, False))
    return yaml.ScalarNode(tag, text)


def _put(node, other):
    """Let a node say what another says."""
    node.__class__ = other.__class__
    node.__dict__.update(copy.copy(other.__dict__))


def _set_value(node, where, nodes, library, draws):
    _put(node, _scalar(draws.choice(VALUES)))


def _change_number(node, where, nodes, library, draws):
    """Make a number larger, smaller, negative or none, and keep its unit."""
    scalars = [n for _, n in nodes if isinstance(n, yaml.ScalarNode) and n.value[:1].isdigit()]
    if not scalars:
        return
    chosen = draws.choice(scalars)
    digits = len(chosen.value) - len(chosen.value.lstrip("0123456789."))
    number, rest = chosen.value[:digits], chosen.value[digits:]
    forms = ["0", "-{}", "{}0", "{}000", "0.{}", "1e{}", "{}{}", "", "٣", "{}.5"]
    other = draws.choice(forms).replace("{}", number)
    _put(chosen, _scalar(other + rest))


def _change_unit(node, where, nodes, library, draws):
    scalars = [n for _, n in nodes if isinstance(n, yaml.ScalarNode) and " " in n.value]
    if scalars:
        chosen = draws.choice(scalars)
        unit = draws.choice(["ms", "s", "min", "h", "days", "weeks", "km", "m", "km/h", "per day",
                             "per hour", "%", "pp", "m/s", "x"])  # fmt: skip
        _put(chosen, _scalar(chosen.value.rpartition(" ")[0] + " " + unit))


def _delete(node, where, nodes, library, draws):
    if isinstance(node, (yaml.MappingNode, yaml.SequenceNode)) and node.value:
        node.value.pop(draws.randrange(len(node.value)))


def _duplicate(node, where, nodes, library, draws):
    if isinstance(node, (yaml.MappingNode, yaml.SequenceNode)) and node.value:
        item = draws.choice(node.value)
        node.value.insert(draws.randrange(len(node.value) + 1), copy.deepcopy(item))


def _rename(node, where, nodes, library, draws):
    if isinstance(node, yaml.MappingNode) and node.value:
        key, _ = draws.choice(node.value)
        others = [k.value for _, n in nodes if isinstance(n, yaml.MappingNode) for k, _ in n.value]
        word = key.value
        other = draws.choice([word[:-1], word + "s", word.upper(), "", " " + word, word + "\u200f",
                              draws.choice(others), draws.choice(VALUES)])  # fmt: skip
        _put(key, _scalar(other))


def _swap(node, where, nodes, library, draws):
    other = draws.choice(nodes)[1]
    mine = copy.copy(node)
    mine.__dict__ = copy.copy(node.__dict__)
    _put(node, other)
    _put(other, mine)


def _graft(node, where, nodes, library, draws):
    """Put in a part that stands in the same place of another scenario."""
    maps = [(w, n) for w, n in nodes if isinstance(n, yaml.MappingNode)]
    if not maps:
        return
    place, chosen = draws.choice(maps)
    part = library.graft(place, draws)
    if part is not None:
        chosen.value = [(k, v) for k, v in chosen.value if k.value != part[0]]
        chosen.value.append((_scalar(part[0]), part[1]))


def _copy_value(node, where, nodes, library, draws):
    """Put a value of the same place elsewhere in its stead, or any other."""
    alike = [n for w, n in nodes if w == where and n is not node]
    other = draws.choice(alike or [n for _, n in nodes])
    if sum(1 for _ in _walk(other)) < MOST_NODES:
        _put(node, copy.deepcopy(other))


def _alias(node, where, nodes, library, draws):
    """Use one value twice: an anchor and an alias."""
    if isinstance(node, yaml.SequenceNode) and node.value:
        node.value.append(draws.choice(node.value))
    elif isinstance(node, yaml.MappingNode) and node.value:
        node.value.append((_scalar("again"), draws.choice(node.value)[1]))


def _cycle(node, where, nodes, library, draws):
    """Let a value contain itself."""
    if isinstance(node, yaml.SequenceNode):
        node.value.append(node)
    elif isinstance(node, yaml.MappingNode):
        node.value.append((_scalar("itself"), node))


def _wrap(node, where, nodes, library, draws):
    inner = copy.copy(node)
    inner.__dict__ = copy.copy(node.__dict__)
    if draws.random() < 0.5:
        _put(node, yaml.SequenceNode("tag:yaml.org,2002:seq", [inner]))
    else:
        pair = (_scalar(draws.choice(["x", "file", "mean", "set"])), inner)
        _put(node, yaml.MappingNode("tag:yaml.org,2002:map", [pair]))


def _missing_name(node, where, nodes, library, draws):
    """Let a name refer to nothing, or to something else that has a name."""
    scalars = [n for _, n in nodes if isinstance(n, yaml.ScalarNode) and n.value[:1].isalpha()]
    keys = [k.value for _, n in nodes if isinstance(n, yaml.MappingNode) for k, _ in n.value]
    if scalars:
        name = draws.choice(["Nowhere", "", *draws.choices(keys or ["x"], k=4)])
        _put(draws.choice(scalars), _scalar(name))


CHANGES = [
    _set_value, _set_value, _change_number, _change_number, _change_number, _change_unit, _delete,
    _delete, _duplicate, _rename, _rename, _swap, _graft, _graft, _graft, _graft, _graft,
    _copy_value, _copy_value, _alias, _cycle, _wrap, _missing_name, _missing_name,
]  # fmt: skip

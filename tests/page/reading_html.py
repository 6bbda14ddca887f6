"""A page read as a browser would, far enough to be judged."""

from html.parser import HTMLParser
from typing import NamedTuple

VOID = {"meta", "br", "img", "link", "input", "hr"}


class Element(NamedTuple):
    tag: str
    attributes: dict
    inside: tuple  # tags it stands in, from the outermost


class Page(HTMLParser):
    """Elements with their attributes, and text by the element it stands in."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.elements, self.texts, self._open = [], [], []
        self.feed(text)
        self.close()
        assert self._open == [], "every element is closed"

    def handle_starttag(self, tag, attrs):
        assert len({name for name, _ in attrs}) == len(attrs), f"{tag} has an attribute twice"
        element = Element(tag, dict(attrs), tuple(e.tag for e in self._open))
        self.elements.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self._open.pop()

    def handle_endtag(self, tag):
        assert self._open, f"</{tag}> closes nothing"
        assert self._open.pop().tag == tag

    def handle_data(self, data):
        self.texts.append((self._open[-1] if self._open else None, data))

    def of(self, *tags):
        return [e for e in self.elements if e.tag in tags]

    def text_of(self, tag, **attributes):
        wanted = attributes.items()
        return [
            text
            for element, text in self.texts
            if element is not None
            and element.tag == tag
            and all(element.attributes.get(k) == v for k, v in wanted)
        ]

    @property
    def text(self):
        return "".join(
            text for e, text in self.texts if e is None or e.tag not in ("script", "style")
        )

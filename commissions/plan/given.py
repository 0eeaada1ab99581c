"""A table of the plan as it is given: values with their places, defaults where nothing stands.

What is missing or of the wrong kind was noted when the table's shape was checked. It reads as the
default here, so that the rest of the table can be looked at all the same.
"""

from __future__ import annotations

from dataclasses import dataclass

from pydantic.fields import FieldInfo

from commissions.plan.mistakes import Place
from commissions.plan.models import Table, words_of
from commissions.plan.toml import Entry, Node


@dataclass(frozen=True, slots=True)
class Text:
    """A text of the plan, where it stands, and what the place is called."""

    value: str
    node: Node
    path: str

    def place(self, at: int = -1) -> Place:
        """Return where the text stands, or where its letter `at` does."""
        return self.node.place if at < 0 else self.node.inside(at)


@dataclass(frozen=True, slots=True)
class Given:
    """A table, held against its model."""

    model: type[Table]
    node: Node
    path: str

    def has(self, key: str) -> bool:
        """Tell whether the key stands there, whatever its value."""
        return self._entry(key) is not None

    def name(self, key: str) -> str:
        """Return what a key of this table is called as a place."""
        return f"{self.path}.{key}" if self.path else key

    def place(self, key: str) -> Place:
        """Return where a key stands; of one that does not, where the table does."""
        entry = self._entry(key)
        return entry.place if entry else self.node.place

    def value(self, key: str) -> Node | None:
        """Return a key's value; None if it is missing or could not be read."""
        entry = self._entry(key)
        return None if entry is None or entry.node.broken else entry.node

    def text(self, key: str) -> Text | None:
        """Return a text; None if there is none."""
        node = self.value(key)
        if node is None or not isinstance(node.value, str):
            return None
        return Text(node.value, node, self.name(key))

    def word(self, key: str) -> str:
        """Return one of the words that the model knows for the key."""
        field = self._field(key)
        known = [word for word in words_of(field.annotation) if word]
        text = self.text(key)
        if text is not None and text.value in known:
            return text.value
        return field.default if isinstance(field.default, str) else known[0]

    def number(self, key: str) -> int:
        """Return a whole number; 0 where there is none and no default."""
        node, default = self.value(key), self._field(key).default
        if node is not None and type(node.value) is int:
            return node.value
        return default if isinstance(default, int) else 0

    def flag(self, key: str) -> bool:
        """Return true or false; false where nothing stands."""
        node = self.value(key)
        return node is not None and node.value is True

    def texts(self, key: str) -> list[Text]:
        """Return the texts of a list, or nothing."""
        node = self.value(key)
        return texts_of(node, self.name(key)) if node is not None else []

    def table(self, key: str, model: type[Table]) -> Given | None:
        """Return a table inside this one; None if there is none."""
        node = self.value(key)
        if node is None or not isinstance(node.value, dict):
            return None
        return Given(model, node, self.name(key))

    def tables(self, key: str, model: type[Table]) -> list[Given]:
        """Return the tables of a list, or nothing."""
        node = self.value(key)
        if node is None or not isinstance(node.value, list):
            return []
        return [
            Given(model, inner, f"{self.name(key)}[{number}]")
            for number, inner in enumerate(node.value, start=1)
            if isinstance(inner.value, dict)
        ]

    def entries(self, key: str) -> dict[str, Entry]:
        """Return what stands in a table inside this one, by its own keys."""
        node = self.value(key)
        if node is None or not isinstance(node.value, dict):
            return {}
        found: dict[str, Entry] = node.value
        return found

    def _entry(self, key: str) -> Entry | None:
        entry: Entry | None = (
            self.node.value.get(key) if isinstance(self.node.value, dict) else None
        )
        return entry

    def _field(self, key: str) -> FieldInfo:
        fields = self.model.model_fields
        return fields.get(key) or next(field for field in fields.values() if field.alias == key)


def texts_of(node: Node, path: str) -> list[Text]:
    """Return the texts in a list; what is no text was noted before and is left out."""
    if not isinstance(node.value, list):
        return []
    return [
        Text(inner.value, inner, f"{path}[{number}]")
        for number, inner in enumerate(node.value, start=1)
        if isinstance(inner.value, str) and not inner.broken
    ]

"""The documents of one workbook until they are published, with what letters of one template share kept once."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping


class Documents(MutableMapping[str, bytes]):
    """Name → bytes. A letter begins with the members of its template: ten thousand letters share that beginning."""

    def __init__(self) -> None:
        self._held: dict[str, tuple[bytes, bytes]] = {}
        self._first: dict[str, bytes] = {}
        self._shared: dict[str, bytes] = {}

    def put(self, name: str, data: bytes, alike: str) -> None:
        """As ``documents[name] = data``; documents with the same ``alike`` are expected to begin alike."""
        begins = self._shared.get(alike)
        if begins is None and alike in self._first:
            begins = self._shared[alike] = _common(data, self._first[alike])
        self._first.setdefault(alike, data)
        if begins and data.startswith(begins):
            self._held[name] = (begins, data[len(begins) :])
        else:
            self[name] = data

    def __setitem__(self, name: str, data: bytes) -> None:
        self._held[name] = (b"", data)

    def __getitem__(self, name: str) -> bytes:
        begins, rest = self._held[name]
        return begins + rest

    def __delitem__(self, name: str) -> None:
        del self._held[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._held)

    def __len__(self) -> int:
        return len(self._held)

    @property
    def size(self) -> int:
        """Bytes held."""
        return sum(len(rest) for _, rest in self._held.values()) + sum(map(len, self._shared.values()))


def _common(a: bytes, b: bytes) -> bytes:
    """What both begin with."""
    differs = next((n for n, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    return a[:differs]

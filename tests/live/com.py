"""The manners of COM objects: every access to a member is counted, failures are com_errors, faults can be injected."""

from __future__ import annotations

import types
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from tests.live.fakewin import DELETED, EDITING, FAILED, GONE, REJECTED, CDispatch, ComError, Dispatch


class Wire:
    """The line between Python and Excel. ``calls`` counts members; ``fault`` may raise before a call."""

    calls: Counter[str] = Counter()
    fault: Callable[[str], None] | None = None

    @classmethod
    def reset(cls) -> None:
        cls.calls = Counter()
        cls.fault = None

    @classmethod
    def touch(cls, name: str) -> None:
        cls.calls[name] += 1
        if cls.fault:
            cls.fault(name)


def busy(times: int, member: str = "") -> Callable[[str], None]:
    """Excel rejects the next calls (to ``member``), then answers."""
    left = [times]

    def fault(name: str) -> None:
        if left[0] > 0 and member in ("", name.rstrip("=")):
            left[0] -= 1
            raise ComError(REJECTED, "Call was rejected by callee.")

    return fault


def editing(name: str) -> None:
    """The user is in a cell: properties can be read, nothing can be set or run."""
    if name.endswith("=") or name in ("Add", "Activate", "Clear", "Protect", "SaveCopyAs"):
        raise ComError(FAILED, "Exception occurred.", (0, None, None, None, 0, EDITING))


def gone(name: str) -> None:
    """Excel has ended."""
    raise ComError(GONE, "The RPC server is unavailable.")


def deleted() -> ComError:
    """What every member of a deleted sheet answers."""
    return ComError(DELETED, "OLE error 0x800401a8")


def failed(text: str, code: int = -2146827284) -> ComError:
    """Excel's "application-defined error" with words."""
    return ComError(FAILED, "Exception occurred.", (0, "Microsoft Excel", text, None, 0, code))


def unwrap(value: Any) -> Any:
    """What xlwings has wrapped for retries, bare."""
    while type(value).__name__ == "COMRetryObjectWrapper":
        value = object.__getattribute__(value, "_inner")
    return value


def _guarded(method: types.MethodType) -> types.MethodType:
    def run(self: Any, *args: Any, **named: Any) -> Any:
        try:
            return method(*map(unwrap, args), **{name: unwrap(value) for name, value in named.items()})
        except ComError:
            raise
        except Exception as error:
            raise failed(f"{type(error).__name__}: {error}") from error

    return types.MethodType(run, method.__self__)


class Com(CDispatch):
    """Members with a capital are Excel's, and each access to one is one round trip; the rest is the test tool's."""

    _oleobj_ = Dispatch()

    def alive(self) -> None:
        """Raises what Excel answers for an object of something that has been deleted."""

    def __getattribute__(self, name: str) -> Any:
        if not name[:1].isupper():
            return object.__getattribute__(self, name)
        Wire.touch(name)
        object.__getattribute__(self, "alive")()
        try:
            value = object.__getattribute__(self, name)
        except ComError:
            raise
        except AttributeError as error:
            raise failed(f"the test tool's {type(self).__name__} has no {name}: {error}") from error
        except Exception as error:
            raise failed(f"{type(error).__name__}: {error}") from error
        return _guarded(value) if isinstance(value, types.MethodType) else value

    def __setattr__(self, name: str, value: Any) -> None:
        if not name[:1].isupper():
            object.__setattr__(self, name, value)
            return
        Wire.touch(name + "=")
        self.alive()
        if not isinstance(getattr(type(self), name, None), property):  # AttributeError would make xlwings retry
            raise failed(f"the test tool's {type(self).__name__} has no property {name}")
        try:
            object.__setattr__(self, name, unwrap(value))
        except ComError:
            raise
        except Exception as error:
            raise failed(f"{type(error).__name__}: {error}") from error


class Collection(Com):
    """Items by number from 1 or by name."""

    def items(self) -> list[Any]:
        raise NotImplementedError

    def __call__(self, key: Any) -> Any:
        Wire.touch("Item")
        found = self.items()
        if isinstance(key, int | float):
            if 1 <= key <= len(found):
                return found[int(key) - 1]
        else:
            for item in found:
                if item.title().lower() == str(key).lower():
                    return item
        raise failed("Subscript out of range", -2147352565)

    def Item(self, key: Any) -> Any:
        return self(key)

    @property
    def Count(self) -> int:
        return len(self.items())

    def __iter__(self) -> Iterator[Any]:
        for item in self.items():
            Wire.touch("Next")
            yield item

    def __len__(self) -> int:
        return len(self.items())

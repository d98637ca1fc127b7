"""The shipped Word templates of letters.

``python -m tests.tools.letters`` writes them into ``src/incubxl/policies/common/letters/``; a test compares them.
"""

from __future__ import annotations

from incubxl.files.packs import SHIPPED
from incubxl.letters.base import build_base_templates
from incubxl.publish.atomic import write_bytes

FOLDER = SHIPPED / "common" / "letters"


def main() -> int:
    """Write every template; those that are no longer built go."""
    built = build_base_templates()
    for path in FOLDER.glob("*.docx"):
        if path.stem not in built:
            path.unlink()
    for name, data in built.items():
        write_bytes(FOLDER / f"{name}.docx", data)
    print(f"{len(built)} templates")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

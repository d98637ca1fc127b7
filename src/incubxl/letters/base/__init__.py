"""The shipped Word templates, built with python-docx: forms, bodies and partials; figures of GB/T 9704-2012.

``build_base_templates`` is run once; its files are committed in ``policies/common/letters/`` and a test compares them.
"""

from __future__ import annotations

from incubxl.letters.base.blocks import build
from incubxl.letters.base.bodies import BODIES
from incubxl.letters.base.forms import FORMS
from incubxl.letters.base.parts import PARTS


def build_base_templates() -> dict[str, bytes]:
    """Every shipped template as .docx bytes by its name: ``form-…``, ``part-…`` and the layouts."""
    return {
        **{f"form-{name}": build(blocks, shape) for name, (blocks, shape) in FORMS.items()},
        **{f"part-{name}": build(blocks) for name, blocks in PARTS.items()},
        **{name: build(blocks) for name, blocks in BODIES.items()},
    }

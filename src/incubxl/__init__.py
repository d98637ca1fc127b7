"""incubxl: incubator registers under Chinese management measures, in Excel and in batch."""

from typing import Final

__version__: Final = "0.1.0"

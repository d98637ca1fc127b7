"""Axes, title, legend, text and colours of a chart."""

from __future__ import annotations

from typing import Any

from tests.live.com import Com, failed
from tests.live.looks import turned

POINT = 2540 / 72  # hundredths of a millimetre
_BOTTOM = -4107


class Axis(Com):
    def __init__(self, chart: Any, dimension: int) -> None:
        self.chart, self.dimension = chart, dimension

    def axis(self) -> Any:
        return self.chart.system().getAxisByDimension(self.dimension, 0)

    TickLabels = property(lambda self: TickLabels(self))  # noqa: PLW0108  (the name is being bound)
    MinimumScale = property(lambda self: self.axis().getScaleData().Minimum, lambda self, least: self.least(least))
    HasMajorGridlines = property(
        lambda self: bool(self.axis().getGridProperties().Show),
        lambda self, on: setattr(self.axis().getGridProperties(), "Show", bool(on)),
    )

    def least(self, value: float) -> None:
        axis = self.axis()
        scale = axis.getScaleData()
        scale.Minimum = float(value)
        axis.setScaleData(scale)

    @property
    def MajorGridlines(self) -> Gridlines:
        if not self.HasMajorGridlines:
            raise failed("Unable to get the MajorGridlines property: the axis has none")
        return Gridlines(self.axis().getGridProperties())


class Gridlines(Com):
    def __init__(self, uno: Any) -> None:
        self.uno = uno

    Format = property(lambda self: Format(self.uno, "", "LineColor", "LineWidth"))


class TickLabels(Com):
    def __init__(self, axis: Axis) -> None:
        self.axis = axis

    NumberFormat = property(None, lambda self, code: self.put(code))

    def put(self, code: str) -> None:
        chart = self.axis.chart
        formats, locale = chart.document.NumberFormats, chart.sheet.book.locale
        key = formats.queryKey(code, locale, False)
        uno = self.axis.axis()
        uno.LinkNumberFormatToSource = False
        uno.NumberFormat = key if key != -1 else formats.addNew(code, locale)


class Title(Com):
    def __init__(self, uno: Any) -> None:
        self.uno = uno

    Text = property(lambda self: self.uno.String, lambda self, text: setattr(self.uno, "String", text))
    Font = property(lambda self: TextFont([self.uno]))


class Legend(Com):
    def __init__(self, uno: Any) -> None:
        self.uno = uno

    Position = property(None, lambda self, where: self.put(where))

    def put(self, where: int) -> None:
        if where != _BOTTOM:
            raise failed("only xlLegendPositionBottom")
        self.uno.Alignment = self.uno.Alignment.__class__("com.sun.star.chart.ChartLegendPosition", "BOTTOM")


class ChartArea(Com):
    def __init__(self, chart: Any) -> None:
        self.chart = chart

    @property
    def Font(self) -> TextFont:
        """Of every text in the chart."""
        document = self.chart.document
        return TextFont([document.Diagram.XAxis, document.Diagram.YAxis, document.Legend, document.Title])


class TextFont(Com):
    def __init__(self, texts: list[Any]) -> None:
        self.texts = [text for text in texts if text is not None]

    def put(self, name: str, value: Any) -> None:
        for text in self.texts:
            for script in ("", "Asian", "Complex"):
                setattr(text, f"Char{name}{script}", value)

    Name = property(None, lambda self, name: self.put("FontName", str(name)))
    Size = property(None, lambda self, size: self.put("Height", float(size)))


class Format(Com):
    """Fill and line of ``uno``, whose properties have these names."""

    def __init__(self, uno: Any, fill: str, line: str, weight: str) -> None:
        self.uno, self.fill, self.line, self.weight = uno, fill, line, weight

    @property
    def Fill(self) -> Paint:
        if not self.fill:
            raise failed("a line has no fill")
        return Paint(self.uno, self.fill, "")

    @property
    def Line(self) -> Paint:
        return Paint(self.uno, self.line, self.weight)


class Paint(Com):
    def __init__(self, uno: Any, colour: str, weight: str) -> None:
        self.uno, self.colour, self.weight = uno, colour, weight

    ForeColor = property(lambda self: Colour(self.uno, self.colour))

    @property
    def Weight(self) -> float:
        return getattr(self.uno, self.weight) / POINT

    @Weight.setter
    def Weight(self, points: float) -> None:
        setattr(self.uno, self.weight, round(points * POINT))


class Colour(Com):
    def __init__(self, uno: Any, name: str) -> None:
        self.uno, self.name = uno, name

    @property
    def RGB(self) -> int:
        return turned(getattr(self.uno, self.name))

    @RGB.setter
    def RGB(self, colour: int) -> None:
        setattr(self.uno, self.name, turned(int(colour)))

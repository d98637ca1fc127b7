"""ChartObjects, charts and their series over UNO. A new chart has a series that Excel guessed, as it may have there."""

from __future__ import annotations

import re
from typing import Any

from tests.live.chart_looks import POINT, Axis, ChartArea, Format, Legend, Title
from tests.live.com import Collection, Com, failed

_KINDS = {51: False, 52: True}  # xlColumnClustered, xlColumnStacked
_REFERENCE = re.compile(r"^='((?:[^']|'')+)'!(\$[A-Z]+\$\d+(?::\$[A-Z]+\$\d+)?)$")


def _service(sheet: Any, name: str) -> Any:
    return sheet.book.application.office.service(f"com.sun.star.chart2.{name}")


class ChartObjects(Collection):
    def __init__(self, sheet: Any) -> None:
        self.sheet = sheet

    def items(self) -> list[ChartObject]:
        return [ChartObject(self.sheet, name) for name in self.sheet.uno.Charts.ElementNames]

    def Add(self, left: float, top: float, width: float, height: float) -> ChartObject:
        self.sheet.changeable()
        if min(width, height) <= 0:
            raise failed("a chart without size")
        place = self.sheet.book.struct("com.sun.star.awt.Rectangle")
        place.X, place.Y, place.Width, place.Height = (round(v * POINT) for v in (left, top, width, height))
        charts = self.sheet.uno.Charts
        name = next(f"Chart {n}" for n in range(1, 1000) if not charts.hasByName(f"Chart {n}"))
        first = self.sheet.uno.getCellRangeByPosition(0, 0, 0, 0).RangeAddress
        charts.addNewByName(name, place, (first,), False, False)
        made = ChartObject(self.sheet, name)
        made.shape().Name = name
        return made


class ChartObject(Com):
    """``key`` is LibreOffice's name of the chart, which cannot change; Excel's is the shape's."""

    def __init__(self, sheet: Any, key: str) -> None:
        self.sheet, self.key = sheet, key

    def shape(self) -> Any:
        page = self.sheet.uno.DrawPage
        return next(s for s in map(page.getByIndex, range(page.Count)) if getattr(s, "PersistName", "") == self.key)

    def title(self) -> str:
        return self.shape().Name

    Name = property(lambda self: self.title(), lambda self, name: setattr(self.shape(), "Name", name))
    Chart = property(lambda self: Chart(self.sheet, self.sheet.uno.Charts.getByName(self.key).EmbeddedObject))
    ShapeRange = property(lambda self: ShapeRange(self.shape()))
    Left = property(lambda self: self.shape().Position.X / POINT)
    Top = property(lambda self: self.shape().Position.Y / POINT)
    Width = property(lambda self: self.shape().Size.Width / POINT)
    Height = property(lambda self: self.shape().Size.Height / POINT)

    @property
    def Placement(self) -> int:
        return 2

    @Placement.setter
    def Placement(self, how: int) -> None:
        if how != 2:
            raise failed("only xlMove")

    def Delete(self) -> None:
        self.sheet.changeable()
        self.sheet.uno.Charts.removeByName(self.key)


class ShapeRange(Com):
    def __init__(self, shape: Any) -> None:
        self.shape = shape

    AlternativeText = property(
        lambda self: self.shape.Description, lambda self, text: setattr(self.shape, "Description", text)
    )


class Chart(Com):
    def __init__(self, sheet: Any, document: Any) -> None:
        self.sheet, self.document = sheet, document

    def system(self) -> Any:
        return self.document.getFirstDiagram().getCoordinateSystems()[0]

    def kind(self) -> Any:
        return self.system().getChartTypes()[0]

    def reference(self, text: str) -> str:
        """``='sheet'!$B$2:$D$2`` as LibreOffice writes it."""
        found = _REFERENCE.match(text) if isinstance(text, str) and len(text) <= 255 else None
        if not found or not self.sheet.book.document.Sheets.hasByName(found[1].replace("''", "'")):
            raise failed(f"Unable to set the Values property of the Series class: {text!r}")
        return f"$'{found[1]}'.{found[2]}"

    def sequence(self, representation: str, role: str) -> Any:
        made = self.document.getDataProvider().createDataSequenceByRangeRepresentation(representation)
        made.Role = role
        return made

    def labelled(self, values: Any, label: Any = None) -> Any:
        made = _service(self.sheet, "data.LabeledDataSequence")
        made.setValues(values)
        if label is not None:
            made.setLabel(label)
        return made

    def SeriesCollection(self, number: int | None = None) -> Any:
        every = SeriesCollection(self)
        return every if number is None else every(number)

    def ChartGroups(self, number: int) -> ChartGroup:
        if number != 1 or not self.kind().getDataSeries():
            raise failed("no such chart group")
        return ChartGroup(self)

    def Axes(self, kind: int) -> Axis:
        if kind not in (1, 2) or not self.kind().getDataSeries():
            raise failed("no such axis")
        return Axis(self, kind - 1)

    ChartType = property(lambda self: 52 if self.document.Diagram.Stacked else 51)
    ChartArea = property(lambda self: ChartArea(self))  # noqa: PLW0108  (the name is being bound)
    HasTitle = property(lambda self: bool(self.document.HasMainTitle))
    HasLegend = property(lambda self: bool(self.document.HasLegend))

    @ChartType.setter
    def ChartType(self, kind: int) -> None:
        self.document.Diagram.Stacked = _KINDS[kind]

    @property
    def PlotVisibleOnly(self) -> bool:
        return not self.document.getFirstDiagram().IncludeHiddenCells

    @PlotVisibleOnly.setter
    def PlotVisibleOnly(self, on: bool) -> None:
        self.document.getFirstDiagram().IncludeHiddenCells = not on

    @HasTitle.setter
    def HasTitle(self, on: bool) -> None:
        self.document.HasMainTitle = bool(on)

    @HasLegend.setter
    def HasLegend(self, on: bool) -> None:
        self.document.HasLegend = bool(on)

    @property
    def ChartTitle(self) -> Title:
        if not self.HasTitle:
            raise failed("Unable to get the ChartTitle property: the chart has no title")
        return Title(self.document.Title)

    @property
    def Legend(self) -> Legend:
        if not self.HasLegend:
            raise failed("Unable to get the Legend property: the chart has no legend")
        return Legend(self.document.Legend)


class SeriesCollection(Collection):
    def __init__(self, chart: Chart) -> None:
        self.chart = chart

    def items(self) -> list[Series]:
        return [Series(self.chart, uno) for uno in self.chart.kind().getDataSeries()]

    def NewSeries(self) -> Series:
        made, kind = _service(self.chart.sheet, "DataSeries"), self.chart.kind()
        kind.setDataSeries((*kind.getDataSeries(), made))
        return Series(self.chart, made)


class Series(Com):
    """Excel's order is kept to: the name may come before the values."""

    def __init__(self, chart: Chart, uno: Any) -> None:
        self.chart, self.uno, self.name, self.values = chart, uno, "", ""

    def title(self) -> str:
        return self.name

    def put(self) -> None:
        if self.values:
            label = self.chart.sequence('"' + self.name.replace('"', '""') + '"', "label") if self.name else None
            self.uno.setData((self.chart.labelled(self.chart.sequence(self.values, "values-y"), label),))

    @property
    def Name(self) -> str:
        return self.name

    @Name.setter
    def Name(self, name: str) -> None:
        if name.startswith("="):
            raise failed("Excel would take the name for a reference")
        self.name = name
        self.put()

    @property
    def Values(self) -> str:
        return self.values

    @Values.setter
    def Values(self, text: str) -> None:
        self.values = self.chart.reference(text)
        self.put()

    XValues = property(None, lambda self, text: self.categories(text))

    def categories(self, text: str) -> None:
        axis = self.chart.system().getAxisByDimension(0, 0)
        scale = axis.getScaleData()
        scale.Categories = self.chart.labelled(self.chart.sequence(self.chart.reference(text), "categories"))
        axis.setScaleData(scale)

    Format = property(lambda self: Format(self.uno, "Color", "BorderColor", "BorderWidth"))
    HasDataLabels = property(lambda self: bool(self.uno.Label.ShowNumber), lambda self, on: self.labels(on))

    def labels(self, on: bool) -> None:
        label = self.uno.Label
        label.ShowNumber = bool(on)
        self.uno.Label = label

    def Delete(self) -> None:
        kind = self.chart.kind()
        kind.setDataSeries(tuple(s for s in kind.getDataSeries() if s != self.uno))


class ChartGroup(Com):
    def __init__(self, chart: Chart) -> None:
        self.chart = chart

    GapWidth = property(
        lambda self: self.chart.kind().GapwidthSequence[0],
        lambda self, gap: setattr(self.chart.kind(), "GapwidthSequence", (gap, gap)),
    )

"""Our chart on our sheet: its numbers are the sheet's own cells, by address, so that it follows them."""

from __future__ import annotations

from typing import Any

from incubxl.excel.prepare import Bars
from incubxl.style import BAR_GAP, CHART_NAME, FONT, GRID_LINES, bgr

_CLUSTERED, _STACKED = 51, 52
_VALUES = 2  # the axis
_BELOW = -4107
_MOVES = 2  # with the cells, but keeps its size
_SIZE, _TITLE_SIZE = 10, 12
_EDGE = 0.75


def remove(target: Any) -> None:
    """Take our chart off the sheet, where there is one; nobody else's."""
    for chart in target.ChartObjects():
        if chart.Name == CHART_NAME:
            chart.Delete()
            break


def draw(target: Any, sheet: str, bars: Bars) -> None:
    """Put the chart on the sheet. ``sheet``: the name that its addresses are on."""
    corner = target.Range(bars.corner)
    frame = target.ChartObjects().Add(corner.Left, corner.Top, bars.width, bars.height)
    frame.Name, frame.Placement = CHART_NAME, _MOVES
    frame.ShapeRange.AlternativeText = bars.description
    chart = frame.Chart
    chart.ChartType = _STACKED if bars.stacked else _CLUSTERED
    chart.PlotVisibleOnly = False  # a filter on the table must not empty the chart
    every = chart.SeriesCollection()
    for _ in range(every.Count):  # Excel may have guessed some from the selection
        chart.SeriesCollection(1).Delete()
    quoted = "='" + sheet.replace("'", "''") + "'!"
    for name, values, colour in bars.series:
        _series(every.NewSeries(), name, quoted + bars.categories, quoted + values, colour, labels=not bars.stacked)
    chart.ChartGroups(1).GapWidth = BAR_GAP
    font = chart.ChartArea.Font
    font.Name, font.Size = FONT, _SIZE
    chart.HasTitle = True
    title = chart.ChartTitle
    title.Text = bars.title
    title.Font.Size = _TITLE_SIZE
    chart.HasLegend = len(bars.series) > 1
    if len(bars.series) > 1:
        chart.Legend.Position = _BELOW
    axis = chart.Axes(_VALUES)
    axis.MinimumScale = 0
    axis.TickLabels.NumberFormat = "0"
    axis.HasMajorGridlines = True
    axis.MajorGridlines.Format.Line.ForeColor.RGB = bgr(GRID_LINES)


def _series(series: Any, name: str, categories: str, values: str, colour: str, *, labels: bool) -> None:
    series.Name, series.Values, series.XValues = name, values, categories
    look = series.Format
    look.Fill.ForeColor.RGB = bgr(colour)
    line = look.Line
    line.ForeColor.RGB, line.Weight = bgr("000000"), _EDGE
    if labels:
        series.HasDataLabels = True

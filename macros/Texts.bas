Attribute VB_Name = "Texts"
Option Explicit

' Chinese texts stand in the add-in's only sheet (name, text), made from texts.toml: source text is ASCII, so it reads
' the same whatever the computer's code page.

Public Sub Say(ByVal key As String, ByVal detail As String)
    MsgBox TextOf(key) & vbCrLf & detail, vbExclamation, TextOf("title")
End Sub

Public Function TextOf(ByVal key As String) As String
    Dim row As Long
    row = 1
    Do While ThisWorkbook.Worksheets(1).Cells(row, 1).Value <> ""
        If ThisWorkbook.Worksheets(1).Cells(row, 1).Value = key Then
            TextOf = ThisWorkbook.Worksheets(1).Cells(row, 2).Value
            Exit Function
        End If
        row = row + 1
    Loop
    TextOf = key
End Function

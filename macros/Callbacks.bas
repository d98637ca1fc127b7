Attribute VB_Name = "Callbacks"
Option Explicit

' What the ribbon calls. A button's id is the name of the Python function that does its work.
' "As Object": needs no reference to the Office library, whose version differs from one computer to the next.
Private mRibbon As Object

Public Sub incubxl_OnLoad(ByVal ribbon As Object)
    Set mRibbon = ribbon
End Sub

Public Sub incubxl_OnAction(ByVal control As Object)
    Launch control.Id
End Sub

Public Sub incubxl_GetEnabled(ByVal control As Object, ByRef returned As Variant)
    returned = Not (ActiveWorkbook Is Nothing)
End Sub

Public Sub incubxl_Refresh()
    On Error GoTo Closing
    If Not (mRibbon Is Nothing) Then mRibbon.Invalidate
Closing:
    ' Excel is closing; there is no ribbon left to refresh.
End Sub

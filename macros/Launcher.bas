Attribute VB_Name = "Launcher"
Option Explicit

' Starts the interpreter that "incubxl addin install" wrote down for this user. Nothing is read from a workbook,
' its folder or the environment of Python; nothing is added to its search path. Excel does not wait.

Public Sub Launch(ByVal action As String)
    Dim folder As String
    Dim python As String
    On Error GoTo Failed
    If InStr(Application.OperatingSystem, "Windows") = 0 Then
        Say "windows_only", ""
        Exit Sub
    End If
    folder = Environ("LOCALAPPDATA") & "\incubxl"
    python = Interpreter(folder & "\interpreter.txt")
    If python = "" Then Exit Sub
    If Not (ActiveWorkbook Is Nothing) Then Application.StatusBar = TextOf("starting")
    Shell CommandLine(python, WriteJob(folder & "\jobs", JobHere(action)), CStr(Application.Hwnd)), vbNormalNoFocus
    Exit Sub
Failed:
    Application.StatusBar = False
    Say "failed", Err.Number & " " & Err.Description
End Sub

' The line that is run: -E and -P keep PYTHONPATH and the current folder out of the search path.
Public Function CommandLine(ByVal python As String, ByVal job As String, ByVal window As String) As String
    Dim mark As String
    mark = Chr(34)
    CommandLine = mark & python & mark & " -E -P -X utf8 -m incubxl.excel --from_xl=1 --hwnd=" & window _
        & " " & mark & "--job=" & job & mark
End Function

' The path in the file, or nothing after telling what is wrong with it.
Private Function Interpreter(ByVal path As String) As String
    Dim found As String
    Dim number As Integer
    If Dir(path) = "" Then
        Say "not_installed", path
        Exit Function
    End If
    number = FreeFile
    Open path For Input As #number
    If Not EOF(number) Then Line Input #number, found
    Close #number
    If Not IsInterpreter(found) Then
        Say "strange_interpreter", found
    ElseIf Dir(found) = "" Then
        Say "no_interpreter", found
    Else
        Interpreter = found
    End If
End Function

' A full path on a drive of this computer to the Python that shows no console.
Public Function IsInterpreter(ByVal path As String) As Boolean
    IsInterpreter = Mid(path, 2, 2) = ":\" And LCase(Right(path, 12)) = "\pythonw.exe" And InStr(path, Chr(34)) = 0
End Function

Private Function JobHere(ByVal action As String) As String
    If ActiveWorkbook Is Nothing Then
        JobHere = JobText(action, "", "", 0, 0)
    ElseIf ActiveCell Is Nothing Then
        JobHere = JobText(action, ActiveWorkbook.Name, ActiveSheet.Name, 0, 0)
    Else
        JobHere = JobText(action, ActiveWorkbook.Name, ActiveSheet.Name, ActiveCell.Row, ActiveCell.Column)
    End If
End Function

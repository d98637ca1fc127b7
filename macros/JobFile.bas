Attribute VB_Name = "JobFile"
Option Explicit

' The job file says what was clicked and where. JSON in ASCII, so no code page can spoil a Chinese name.

' Writes the job into the folder and gives the file's path.
Public Function WriteJob(ByVal folder As String, ByVal text As String) As String
    Dim number As Integer
    Dim path As String
    If Dir(folder, vbDirectory) = "" Then MkDir folder
    path = folder & "\" & Format(Now, "yyyymmddhhnnss") & Format(Int(Timer * 1000) Mod 1000, "000") & ".json"
    number = FreeFile
    Open path For Output As #number
    Print #number, text
    Close #number
    WriteJob = path
End Function

Public Function JobText(ByVal action As String, ByVal book As String, ByVal sheet As String, _
        ByVal row As Long, ByVal column As Long) As String
    JobText = "{" & Pair("action", Quoted(action)) & ", " & Pair("workbook", Quoted(book)) & ", " _
        & Pair("sheet", Quoted(sheet)) & ", " & Pair("row", CStr(row)) & ", " & Pair("column", CStr(column)) & ", " _
        & Pair("host", Quoted(Application.Name)) & ", " & Pair("version", Quoted(Application.Version)) & "}"
End Function

Private Function Pair(ByVal key As String, ByVal value As String) As String
    Pair = Quoted(key) & ": " & value
End Function

' A JSON string; everything but plain ASCII is escaped.
Public Function Quoted(ByVal text As String) As String
    Dim code As Long
    Dim place As Long
    Dim result As String
    For place = 1 To Len(text)
        code = AscW(Mid(text, place, 1))
        If code < 0 Then code = code + 65536
        If code < 32 Or code > 126 Or code = 34 Or code = 92 Then
            result = result & "\u" & Right("000" & Hex(code), 4)
        Else
            result = result & Chr(code)
        End If
    Next place
    Quoted = Chr(34) & result & Chr(34)
End Function

"""Icons that Excel has of its own: names found in Microsoft's lists of controls both for Office 2013 and for today.

An unknown name shows no icon and no error, and no validator knows the names. Add a name here after finding it in
``excelcontrols.xlsx`` of both (OfficeDev/office-fluent-ui-command-identifiers).
"""

from __future__ import annotations

_NAMES = """
AccessibilityChecker AccountingFormat AutoSum CalculateNow Calculator CheckForUpdates
ConditionalFormattingIconSetsGallery ConditionalFormattingMenu DataValidation DataValidationCircleInvalid
ErrorChecking FileCheckIn FileCheckOut FileCompatibilityChecker FileDocumentInspect FileNew FileOpen
FilePrintPreview FileProperties FileSave FileSaveAs FileSendAsAttachment FileVersionHistory Filter FindDialogExcel
FormulaEvaluate FunctionsFinancialInsertGallery FunctionsLogicalInsertGallery FunctionWizard GoTo GoToComments
Help HyperlinkInsert MacroPlay MacroRecord PivotTableReport Refresh RefreshAll RefreshCancel ReviewDeleteComment
ReviewNewComment ReviewNextComment ReviewPreviousComment ReviewShowAllComments ReviewShowOrHideComment
SendCopySendNow ShowFormulas SortDialog Spelling TableInsertExcel TraceError TracePrecedents Undo ViewCode
XmlExport
"""
ICONS = frozenset(_NAMES.split())

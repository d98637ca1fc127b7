"""What can be wrong with a file before a single cell is judged. One code per cause: each is mended in another way."""

from __future__ import annotations

from incubxl.issues import register

register(
    "file.not_found",
    "error",
    "找不到文件 {path}。",
    "请核对文件夹和文件名（包括扩展名）；文件若在网盘上，请先下载到本机。",
    "incubxl run 2026年登记表.xlsx，而文件名其实是 2026年度登记表.xlsx",
)
register(
    "file.no_access",
    "error",
    "文件 {path} 打不开：{reason}。",
    "请确认您有读取权限，关闭正在使用它的程序；仍打不开时，请把它复制到本机再试。",
    "文件在没有权限的共享文件夹里",
)
register(
    "file.is_folder",
    "error",
    "{path} 是文件夹，不是工作簿。",
    "请选择文件夹里面的工作簿。",
    "名称以 .xlsx 结尾的文件夹",
)
register(
    "file.in_cloud",
    "error",
    "文件 {path} 在网盘上，内容还没有下载到本机。",
    "请在文件夹里右击它，选“始终保留在此设备上”，等下载完成后再运行；或先复制到本机。",
    "OneDrive 或 WPS 云文档里只有占位图标的文件",
)
register(
    "file.heavy",
    "error",
    "文件 {path} 有 {packed} MB，超出可以安全读取的大小，没有读取。",
    "请在 Excel 里删除图片、附件和不用的工作表后另存，再用新文件。",
    "贴了几百张照片的登记表",
)
register(
    "file.owner_lock",
    "error",
    "{path} 是 Excel 打开工作簿时留下的临时占用文件，里面没有数据。",
    "请选择文件名不带“~$”的那个工作簿；若 Excel 已经关闭，可以删除这个临时文件。",
    "~$2026年登记表.xlsx",
)
register(
    "file.empty",
    "error",
    "文件 {path} 是空的（0 字节）。",
    "文件可能没有下载或复制完整，请重新取一份。",
    "大小为 0 的 .xlsx",
)
register(
    "file.html",
    "error",
    "文件 {path} 其实是网页（HTML），只是扩展名写成了工作簿。",
    "请用 Excel 打开它，另存为“Excel 工作簿(*.xlsx)”，再用新文件。",
    "从业务系统导出的“.xlsx”，内容以 <html> 开头",
)
register(
    "file.text",
    "error",
    "文件 {path} 其实是文本（例如 CSV），不是工作簿。",
    "请在 Excel 里用“数据—从文本/CSV”导入（身份证号、信用代码等列选“文本”），再另存为 .xlsx。",
    "把 .csv 改名成 .xlsx",
)
register(
    "file.xml_spreadsheet",
    "error",
    "文件 {path} 是 XML 文本（可能是“XML 电子表格 2003”），不是 .xlsx 工作簿。",
    "请用 Excel 打开它，另存为“Excel 工作簿(*.xlsx)”。",
    "内容以 <?xml 开头的 .xlsx",
)
register(
    "file.old_xls",
    "error",
    "文件 {path} 是旧格式（Excel 97-2003 的 .xls）。",
    "请用 Excel 或 WPS 打开，另存为“Excel 工作簿(*.xlsx)”，再用新文件。",
    "2003 版保存的 .xls，或改名成 .xlsx 的 .xls",
)
register(
    "file.wps_table",
    "error",
    "文件 {path} 是 WPS 表格的旧格式（.et）。",
    "请用 WPS 打开，另存为“Microsoft Excel 文件(*.xlsx)”，再用新文件。",
    "2026年登记表.et",
)
register(
    "file.old_document",
    "error",
    "文件 {path} 是旧格式的文档（Word 的 .doc、WPS 文字的 .wps 一类），里面没有表格。",
    "请确认选对了文件；若登记内容写在文档里，请录入用 incubxl new 新建的工作簿。",
    "把 .doc 或 .wps 改名成 .xlsx",
)
register(
    "file.encrypted",
    "error",
    "文件 {path} 设了打开密码，读不到内容。",
    "请在 Excel 里用密码打开，在“文件—信息—保护工作簿—用密码进行加密”里清空密码后保存。",
    "设了打开密码的工作簿",
)
register(
    "file.binary_workbook",
    "error",
    "文件 {path} 是二进制工作簿（.xlsb）。",
    "请用 Excel 打开，另存为“Excel 工作簿(*.xlsx)”。",
    "2026年登记表.xlsb",
)
register(
    "file.unknown_kind",
    "error",
    "文件 {path} 不是工作簿（开头的字节是 {head}）。",
    "请确认选对了文件；若它本应是工作簿，文件已经损坏，请向提供者重新取一份。",
    "把图片改名成 .xlsx",
)
register(
    "file.truncated",
    "error",
    "文件 {path} 不完整或已损坏：{reason}。",
    "文件可能没有下载、复制或发送完整，请重新取一份；只有这一份时，可在 Excel 里用“打开并修复”。",
    "下载到一半的 .xlsx",
)
register(
    "file.prefixed",
    "error",
    "文件 {path} 的开头多出了别的内容，后面才是工作簿，没有读取。",
    "请用 Excel 打开，另存为新文件；打不开时，请向提供者重新取一份。",
    "下载软件在文件前面加了一段说明，或两个文件接在一起",
)
register(
    "file.trailing",
    "warning",
    "文件 {path} 的末尾多出 {count} 个字节，不属于工作簿，没有读取这些字节。",
    "请核对读出的内容；若有缺漏，请用 Excel 打开后另存，或向提供者重新取一份。",
    "加密软件在文件后面补了零",
)
register(
    "file.bad_crc",
    "error",
    "文件 {path} 中{part}的内容与保存时留下的校验值对不上，已经损坏，没有采用。",
    "请向提供者重新取一份；只有这一份时，用 Excel 的“打开并修复”打开，逐格核对后另存。",
    "U盘没有安全退出，文件坏了几个字节",
)
register(
    "file.part_twice",
    "error",
    "文件 {path} 里有两份同名的内容（{seen}），不知道该用哪一份，没有读取。",
    "请用 Excel 打开，核对内容后另存为新文件；若不知道文件来历，请勿打开。",
    "用压缩软件往工作簿里又加了一张同名的表",
)
register(
    "file.bad_path",
    "error",
    "文件 {path} 里有不该有的路径（{seen}），没有读取。",
    "Excel 和 WPS 存出的工作簿没有这样的路径；请向提供者核实来历，请对方用 Excel 另存一份。",
    "压缩包里有 ../../别处.xml",
)
register(
    "file.zip_password",
    "error",
    "文件 {path} 是用压缩软件加了密码的压缩包，读不到内容。",
    "请用压缩软件输入密码解开，再用解开后的工作簿。",
    "给 .xlsx 加了压缩密码",
)
register(
    "file.entities",
    "error",
    "文件 {path} 中{part}夹带了工作簿不该有的指令（实体定义，可能用来耗尽内存或读取本机文件），没有读取。",
    "请勿打开，并向提供者核实文件来历。",
    "“十亿笑”炸弹",
)
register(
    "file.part_too_large",
    "error",
    "文件 {path} 中{part}解开后超出可以安全读取的大小，没有读取。",
    "请删除数据区以外的行和列（选中整行整列后“删除”，不是“清除”），保存后重新运行；数据确实很多时，请分成几个工作簿。",
    "一百万行都填了内容的工作表",
)
register(
    "file.too_large",
    "error",
    "文件 {path} 解开后有 {unpacked} MB（文件本身 {packed} MB），超出可以安全读取的范围，没有读取。",
    "请在 Excel 里删除多余的行、列、图片和工作表后另存；若不知道文件来历，请勿打开。",
    "压缩包炸弹，或整张表都设了格式的工作簿",
)
register(
    "file.no_workbook",
    "error",
    "文件 {path} 里没有工作簿的内容（{seen}）。",
    "请确认选对了文件：Word 文档、普通压缩包和 WPS/ODS 表格要另存为“Excel 工作簿(*.xlsx)”才能读。",
    "把 .docx 改名成 .xlsx",
)
register(
    "file.sheet_damaged",
    "error",
    "工作表“{sheet}”的内容已损坏，读不出来：{reason}。",
    "请用 Excel 的“打开并修复”打开文件，核对这张表后另存，再重新运行。",
    "工作表的 XML 缺了一半",
)
register(
    "file.sheet_too_large",
    "error",
    "工作表“{sheet}”占用的范围太大（至少 {rows} 行、{columns} 列），没有读取。",
    "请删除数据区以外的行和列（选中整行整列后“删除”，不是“清除”），保存后重新运行。",
    "几十万行都在很靠右的列里有零散内容",
)
register(
    "file.far_cell",
    "warning",
    "工作表“{sheet}”在离数据很远的单元格 {cells} 里有内容（共 {count} 个），没有读取这些单元格。",
    "若是误录，请删除这些单元格后保存；若是有用的数据，请移到表格里面。",
    "XFD1048576 里误录了一个空格以外的字",
)

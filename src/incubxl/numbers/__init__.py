"""The office's 文号簿: which 发文字号 are reserved, used or voided. One SQLite file, several people at once."""

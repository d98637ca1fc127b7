"""Reading and writing Office files and pack folders. Everything that touches the disk for reading is here."""

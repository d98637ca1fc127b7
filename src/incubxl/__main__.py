"""``python -m incubxl``."""

from incubxl.cli import main

if __name__ == "__main__":
    main()

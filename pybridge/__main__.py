"""``python -m pybridge`` is the command ``pybridge``."""

from pybridge.cli.app import main

if __name__ == "__main__":
    main()

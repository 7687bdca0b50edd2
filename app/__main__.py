"""`python -m app` opens the park, `python -m app work` runs the worker: the `flask` commands without its plugins."""

import sys

from app import application, cli

if __name__ == "__main__":
    with application().app_context():
        cli.work() if sys.argv[1:] == ["work"] else cli.open_park()

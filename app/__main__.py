"""`python -m app` opens the park, `python -m app work` runs the worker: the `flask` commands without its plugins."""

import sys

from app import application
from app.hall import cli

if __name__ == "__main__":
    with application().app_context():
        if sys.argv[1:2] == ["work"]:
            cli.work(server=int(sys.argv[2]) if sys.argv[2:] else None)
        else:
            cli.open_park()

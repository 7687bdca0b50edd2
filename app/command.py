"""The `parklink` command of an installed park: the same commands as `flask`, which needs the source beside it."""

from __future__ import annotations

from flask.cli import FlaskGroup

from app import application

parklink = FlaskGroup(
    name="parklink",
    help="ParkLink 园链: `parklink park open` migrates, serves and works; `parklink demo load` loads the demo park.",
    create_app=application,
    load_dotenv=False,
    set_debug_flag=False,
    add_version_option=False,
)


def main() -> None:
    parklink.main(prog_name="parklink")

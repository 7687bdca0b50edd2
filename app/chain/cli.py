"""`flask chain …`: the file commands of contract section 1; no database, no server, nothing kept."""

from __future__ import annotations

from flask.cli import AppGroup

from app.chain.knock_out.cli import knock_out_command
from app.chain.makers.cli import makers
from app.chain.recruit.cli import recruit_command
from app.chain.risk.cli import risk_command
from app.chain.weak_links.cli import assess_command

chain_group = AppGroup("chain", help="Weak links, knock-outs, systemic risk and makers from files.")
for command in (assess_command, knock_out_command, risk_command, makers, recruit_command):
    chain_group.add_command(command)

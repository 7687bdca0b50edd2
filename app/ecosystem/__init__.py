"""Ecosystem 生态协同: needs and offers meet, introductions are followed to an outcome somebody confirmed.

Main words: Need and Offer (需求, 供给), Match (撮合), Introduction (对接), Outcome (成效), Committee (委员会)
with Meeting, AgendaItem and Resolution, TransferProject (高校成果转化), ServicePack (服务包), Signal (信号).

Start reading at `matching.py` (who could work with whom), then `pipeline.py` (which step may follow which),
`agenda.py` (what the round table talks about), `gap.py` (what could fill a weak link), and `service/`.
"""

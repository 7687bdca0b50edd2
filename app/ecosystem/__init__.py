"""Ecosystem 生态协同: needs and offers meet, introductions are followed to an outcome somebody confirmed.

Main words: Need and Offer (需求, 供给), Match (撮合), Introduction (对接), Outcome (成效), Committee (委员会)
with Meeting, AgendaItem and Resolution, TransferProject (高校成果转化), ServicePack (服务包), Signal (信号).

Cut by feature: `market` (posts, masked for others) → `matches` (who could meet, two answers) → `introductions`
→ `outcomes` (signed by the one who got it); `committee` (seats) and `round_table` (agenda, votes, resolutions);
`packs`, `projects`, `signals`, `gaps`, `scorecard`. Each holds only what it needs of `rules.py` (pure), `models.py`,
`queries.py` (what a reader may see), `service.py` (use cases), `schemas.py`, `words.py`, `views.py`, `api.py`.

Start reading at `matches/score.py` (who could work with whom) and `matches/rules.py` (what an answer does), then
`round_table/agenda.py` (what the table talks about) and `gaps/rules.py` (what could fill a weak link).

Decisions
---------
- Matching is a feature beside the market: a post lives without it, and both would exceed one service file.
- Outcomes stand beside introductions: the scorecard, packs and credits count them without asking how it came to be.
- Signals, projects, gaps and the scorecard are features of their own: each has its pages, its calls and its words.
- What lower rooms know is read in `sources.py` (chain and catalogue) and `scorecard/measures.py` (figures per month);
  what they are told when the app is made stands in `handlers.py`. All three use the other rooms' doors only.
- Who may do what are names of `identity/roles.py`; who may see whom is `sight.py`; every number is in `limits.py`.
"""

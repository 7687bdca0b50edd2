"""Voice 回访: firms are heard in turn, dare to say the truth, and see what came of it.

Main words: Contact (接触) on a channel, ContactPlan (分层回访计划) of a layer, Visit (走访), Gathering (座谈, 下午茶),
Survey (问卷) with versions, Feedback (反馈) with the visibility of its author.

Start reading at `visits/rules.py` (who is heard next, and by whom), then `visits/week.py` (the week as a proven plan),
`gatherings/rules.py` (whom to invite to tea), `surveys/lint.py` (questions that mean nothing are refused),
`surveys/scores.py` (answers to numbers) and `feedback/rules.py` (who may know what of an author).
"""

"""Who is here: enterprises and organisations, their members and roles, sign-in, tokens, audit, messages.

Main words: Organisation (an Enterprise is one of its kinds), Member, Role, Actor (who acts in a use case).
Start reading at `actor.py` (who acts), `roles.py` (who may what), then `organisations/directory.py`.
"""

"""Credits: what a contribution is worth, kept as a ledger and not as a counter.

Main words: an *account* per enterprise and four of the park; a *transfer* moves whole credits between two of them and is
never changed; its *entries* say what it did; a *lot* is one earning with its own expiry, and spending takes the lots that
expire first. A *claim* with evidence is reviewed and then earns; a *redemption* holds credits and stock together until it
is fulfilled or released.

Start reading at `ledger/rules.py` (what a lot is), `migrations/versions/0002_credits.py` (the triggers that post), then
`ledger/service.py` (the one statement that writes) and `claims/review.py`.
"""

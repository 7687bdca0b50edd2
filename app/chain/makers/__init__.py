"""Who makes it: free-text product search over firms, learnt from a catalogue of firms and their products.

Words: a *catalogue* says which firm makes which product; a *query* is a short free text; a *candidate* is a firm with
a score and a reason a person can check. Start reading at :mod:`app.chain.makers.rules`.
"""

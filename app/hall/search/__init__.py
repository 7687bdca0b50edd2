"""Search by name: an own table of bigrams, with pinyin initials and one wrong character; the rooms say what has a name.

Start reading at `rules.py`; `index.py` keeps the table, `find.py` asks it.
"""

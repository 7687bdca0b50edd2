"""The one offline queue of the house: what a phone wrote without a network arrives once, or is kept beside.

For a room that wants to be written to without a network:

1. `@on_entry("room.act")` in a module that its `room.py` imports: the use case behind one kind of entry. It gets an
   `Entry` (who, which key, the typed fields, at most one file, the phone's own clock) and answers what the receipt
   tells, such as ``{"next": "/upkeep/orders/7"}``. It runs inside the transaction that writes the receipt. What it
   refuses as wrong (422, 403, 404) stays on the phone with the reasons; a `Conflict` is kept on the server beside what
   stands there, so that nothing anybody typed is lost.
2. A form with ``data-offline="room.act"`` and ``data-unguarded``; with ``data-offline-files="room.photo"`` each of its
   files travels as an entry of its own, ahead of the form, which names their keys in ``files``. The form also works
   without JavaScript: it posts to its `action`.
3. `{% import "offline_macros.html" as offline %}`, `{{ offline.bar() }}` on the page and `{{ offline.script() }}` in its
   block `js`. ``offline.bar(keep=true, also=[addresses])`` lets the page open without a network, and those that it leads to;
   `keep([addresses])` of `offline.js` does the same from a script. Scripts of a room may `import { add, sendAll, entries, keep } from "./offline.js"`.

Start reading at `service.py`; the phone's half is `static/app/offline.js`, the worker `static/app/offline-worker.js`.
"""

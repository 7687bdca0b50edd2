"""Sharing 资源共享: who may use which instrument, patent or expert, when, and for how much.

Main words: a *resource* (equipment, patent, talent) has *units*; a unit's *opening*, *outages* and
*bookings* make its calendar; a booking occupies *slots* that the database lets nobody else occupy; *usage* says
what really happened and *settlement* what is owed. Start reading at `calendar/rules.py` and `bookings/rules.py` (what
may be booked), then `bookings/service.py` (how it is).
"""

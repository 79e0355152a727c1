"""The append-only ledger: who did what to which record, when and why, provable to an outsider.

An entry's row is written in the transaction of the act itself (``ledger.record``). A moment later the sequencer gives it
a number and a leaf in an RFC 6962 Merkle tree, whose root is signed now and then with a key that the database never
sees. An export can be checked elsewhere with nothing but ``verify_ledger.py``, Python and ``cryptography``.
Other rooms come in by one door, :mod:`grace.custody.ledger`.
"""

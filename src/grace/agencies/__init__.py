"""Who we are and whom we know: installations of other agencies, their states and contact points, and their keys.

Keys count only after two persons dealt with them: one proposes the card that the other agency gave, another compares its fingerprint
over a second channel and confirms. The same directory serves exchange and, later, federation. Our own private keys stand in a
file beside the agency key, never in the database.
"""

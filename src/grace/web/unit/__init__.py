"""The page of a unit: what waits and for how long, what was promised, what starves, each number leading to its referrals."""

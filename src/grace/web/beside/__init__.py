"""Two referrals beside each other."""

"""Groups: many referrals of one file or one story, worked once, each of them still found."""

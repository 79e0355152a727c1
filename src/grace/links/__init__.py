"""What connects referrals: duplicates, viral files and bundles, as groups whose every membership has its evidence."""

"""The order of things, on one page: every act that crosses rooms, its transaction and its ledger entries."""

"""The ledger's own screen: who did what, when and why; how it stands; proofs and the export."""

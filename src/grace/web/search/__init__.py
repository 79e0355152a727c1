"""The search: one box for whatever an officer has in hand, and all that is found of it within their rights."""

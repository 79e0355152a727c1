"""What an officer sets for the own person: password, second factor, sessions, theme, keys, and the purpose of looking."""

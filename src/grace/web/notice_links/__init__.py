"""Links to the form for notices: made for a provider, shown once, ended."""

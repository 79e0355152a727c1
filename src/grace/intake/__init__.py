"""Ways in, senders, formats, documents and the quarantine: every document is sealed before it is read."""

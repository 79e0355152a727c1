"""One normal spelling for e-mail, phone, IP, URL, handle and device, and finding them in text: pure functions."""

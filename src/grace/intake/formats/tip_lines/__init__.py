"""The labelled lines of a CyberTip as a clearing house lays it out: one vocabulary for its PDF and for mails that carry it."""

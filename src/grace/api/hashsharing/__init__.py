"""Lists of ours in NCMEC's hash-sharing protocol, version 2, so that the field's own clients fetch them unchanged."""

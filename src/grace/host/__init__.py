"""The machine GRACE runs on: its environment variables, the embedded PostgreSQL, processes, the doctor's checks."""

"""Settings in one file, addresses, the WSGI entry and the jobs."""

"""The queue, the officers' decisions, and the alerts."""

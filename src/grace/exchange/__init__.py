"""Hand-over between agencies: packages signed and sealed for one recipient, by HTTPS or by file across an air gap.

What leaves waits in an outbox, what comes in an inbox; both are keyed by the package's own id, so that whatever is cut off or
doubled on the way ends exactly once. Who may hand over and what happens to a referral is ``pipeline``'s.
"""

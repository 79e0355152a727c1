"""The links of a referral: a graph and the same as a table, the span of time, the way to another referral."""

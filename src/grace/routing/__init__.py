"""The states concerned by a referral: proposed from its evidence with confidence and reason, corrected by officers, measured.

The three criteria are those of Regulation (EU) 2022/2065, Article 18: where the offence, the suspect or the victim is. What no
member state fits goes to the Europol queue, which is a recipient of its own and not a state. Where somebody *is* counts, never
what somebody is: nationality, languages spoken and the like are not among the fields that are read.
"""

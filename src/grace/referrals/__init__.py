"""What senders said: referrals and their versions, persons, identifiers, sightings, attachments."""

"""The door: sign-in, second factor, enrolment, invitations, and the way out."""

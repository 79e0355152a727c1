"""The form by which a provider gives a notice; reached by a link, outside the officers' sign-in."""

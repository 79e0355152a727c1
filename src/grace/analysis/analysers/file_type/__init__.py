"""What bytes are, by walking their structure: type, exact end, what is appended, a second type, what is missing or encrypted."""

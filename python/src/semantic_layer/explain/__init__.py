"""A logical plan in words for people: what is aggregated where, and why that is right."""

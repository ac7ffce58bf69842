"""What a database makes of SQL as it stands, and of the same SQL through the planner."""

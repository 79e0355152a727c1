"""The backlog laboratory: staffing and order tried before they are put in force, played course by course, compared side by side."""

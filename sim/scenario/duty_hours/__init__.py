"""Who is on duty when, what crews wait for, and how much work is expected in these hours."""

"""What may be inferred from replications: estimates, their intervals, and p values."""

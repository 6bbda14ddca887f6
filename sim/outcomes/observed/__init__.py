"""What was observed in a replication: its log in columns, with the time of teams and volunteers."""

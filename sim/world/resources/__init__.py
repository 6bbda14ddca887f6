"""Teams, volunteers and vehicles, and the draws of who comes and what is out of service."""

"""Random variates: durations by inversion, and points of a Poisson process by thinning."""

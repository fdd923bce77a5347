"""What the hotline costs, beside a bare echo bot of the same library: `make bench`."""

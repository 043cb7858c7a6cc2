"""Reachability, data flow, classified calls, paths in the container, started programs."""

"""Reachability, data flow, classified calls, container paths and started programs."""

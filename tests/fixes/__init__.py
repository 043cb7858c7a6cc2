"""Tests of the findings' fixes."""

"""The assembly: the one place where settings meet code."""

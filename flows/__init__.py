"""The running: all that knows Prefect, APScheduler, signals or a terminal."""

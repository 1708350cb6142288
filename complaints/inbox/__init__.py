"""The inboxes: where mail comes in, and what is made of its bytes."""

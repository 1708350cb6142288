"""The auditor: reckons a second time what should have been told and done, and says where the records differ."""

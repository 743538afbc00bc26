"""What every service stands on: processes, calls, credentials, databases and the record. It knows no service."""

"""The schemas of all services, one branch each, run by alembic on the service's own database."""

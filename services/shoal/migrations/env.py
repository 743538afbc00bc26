"""alembic's entry: runs on the connection that `runtime/migrations.py` opened, inside its transaction."""

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=None,
    render_as_batch=True,
    transactional_ddl=False,  # the caller's transaction, which holds the database's write lock, is the only one
)
context.run_migrations()

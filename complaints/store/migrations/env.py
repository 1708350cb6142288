"""Run by Alembic; the connection comes from ``complaints.store.upgrade``."""

from alembic import context

from complaints.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    compare_type=True,
    render_as_batch=True,
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()

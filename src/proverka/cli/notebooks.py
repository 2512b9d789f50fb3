import click


@click.command()
def notebooks() -> None: ...

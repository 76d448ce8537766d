from pathlib import Path

from django.apps import AppConfig
from django.utils.autoreload import autoreload_started

FOLDER = Path(__file__).resolve().parent.parent


def watch_sources(sender, **_):
    sender.watch_dir(FOLDER, '**/*.py')


class ServerConfig(AppConfig):
    name = 'server'

    # Sources are read, not imported, so they are registered with Django's own reloader where it is used.
    def ready(self):
        autoreload_started.connect(watch_sources)

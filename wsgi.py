"""The application for `flask` and for WSGI servers."""

from app import create_app

app = create_app()

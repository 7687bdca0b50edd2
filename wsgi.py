"""The application for `flask` and for WSGI servers."""

from app import application

app = application()

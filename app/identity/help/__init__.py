"""The guides inside the application, and what makes it an icon on a home screen."""

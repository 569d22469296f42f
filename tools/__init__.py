"""Scripts of the project itself: run by make, never by Salus."""

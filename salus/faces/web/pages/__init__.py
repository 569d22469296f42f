"""The pages, one module each: an `APIRouter` named `router`, and a `PAGE` where it stands in the navigation."""

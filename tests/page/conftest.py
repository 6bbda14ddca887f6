from .page_results import compared, hostile, results, saved  # noqa: F401

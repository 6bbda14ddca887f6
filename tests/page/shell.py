"""A page with nothing on it but the replay, under the content policy that the real page has."""

import base64
import hashlib

STYLE = """
:root { color-scheme: light dark; }
body { background: Canvas; color: CanvasText; margin: 0 auto; max-width: 84rem; padding: 0 1rem; }
"""


def hash_of(text):
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def page_of(parts, language="en"):
    """Return a page as HTML."""
    style = parts.style + STYLE
    policy = (
        f"default-src 'none'; script-src {hash_of(parts.script)}; style-src {hash_of(style)}; "
        "base-uri 'none'; form-action 'none'"
    )
    direction = "rtl" if language == "ar" else "ltr"
    return f"""<!doctype html>
<html lang="{language}" dir="{direction}"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Replay</title>
<style>{style}</style></head>
<body><main><h1>Replay</h1><h2>Two maps in step</h2>{parts.markup}</main>
<script type="application/octet-stream" id="rp-data">{parts.data}</script>
<script>{parts.script}</script></body></html>"""

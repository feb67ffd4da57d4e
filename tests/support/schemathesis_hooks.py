"""What schemathesis cannot know of itself: how the bytes of a message, and of a file of TOML, are sent."""

import json

import schemathesis

FIELDS = b"From: Ada <ada@orveane.example>\r\nSubject: Asked\r\n\r\n"


@schemathesis.serializer("message/rfc822")
def message(_ctx, value):
    if isinstance(value, str):
        value = value.encode("utf-8", "surrogatepass")
    if not isinstance(value, bytes):
        value = json.dumps(value, default=str).encode()
    return FIELDS + value


@schemathesis.serializer("application/toml")
def toml(_ctx, value):
    if isinstance(value, bytes):
        return value
    if not isinstance(value, str):
        value = json.dumps(value, default=str)
    return value.encode("utf-8", "surrogatepass")

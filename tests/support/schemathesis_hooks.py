"""What schemathesis cannot know of itself: how the bytes of a message are sent."""

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

"""Errors in the shape that the caller's SDK parses, for requests that never reach an operation of moto."""

import json
from xml.sax.saxutils import escape


def aws_error(environ, service, status, code, message):
    """Return (status, headers, body) of an error, in the protocol in which the request itself was written."""
    if service in ("s3", "route53") or environ.get("CONTENT_TYPE", "").startswith("application/x-www-form-urlencoded"):
        error = f"<Code>{code}</Code><Message>{escape(message)}</Message>"
        if service == "s3":
            body = f"<Error>{error}</Error>"
        elif service == "ec2":
            body = f"<Response><Errors><Error>{error}</Error></Errors><RequestID>emulator</RequestID></Response>"
        else:
            body = f"<ErrorResponse><Error><Type>Sender</Type>{error}</Error><RequestId>emulator</RequestId></ErrorResponse>"
        return status, [("Content-Type", "text/xml")], body.encode()
    body = json.dumps({"__type": code, "message": message})
    return status, [("Content-Type", "application/json"), ("x-amzn-errortype", code)], body.encode()

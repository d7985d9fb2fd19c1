"""The HTTP/1.1 server: keep-alive, the dispatch of each request, and the log.

The log holds one JSON line per request: time, seconds, service, region, action, operation, status, whether Terraform sent
it, and for errors their text and the request's body.
"""

import io
import json
import os
import re
import threading
import time
import traceback
from urllib.parse import parse_qs

from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import WSGIRequestHandler, make_server

from server import api_models, cached, inventory, services
from server.framework import locked, not_implemented
from server.operations import REST, operation_of
from server.services import arc_zonal_shift
from server.unreachable import refusal, set_unreachable

CREDENTIAL_SCOPE = re.compile(r"Credential=[^/]+/\d+/([^/]+)/([^/]+)/")
QUERY_ACTION = re.compile(rb"(?:^|&)Action=(\w+)")

# The handler decides these itself.
HOP_BY_HOP = {"connection", "content-length", "date", "server", "transfer-encoding"}
WITHOUT_BODY = {"204", "304"}

# The response of Flask if moto has no route.
NO_ROUTE = b"<title>404 Not Found</title>"


class Handler(WSGIRequestHandler):
    """werkzeug's own closes every connection, 10 ms late: Go's client then loses about one response in 2,500."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # headers and body leave in one write

    def log(self, *_):
        """Dispatcher writes the log."""

    def handle_expect_100(self):
        self.send_response_only(100)
        self.end_headers()
        self.wfile.flush()
        return True

    def run_wsgi(self):
        body = self.read_body()
        environ = self.make_environ()
        # The body is here whole: nothing may try to read the socket again.
        for key in ("HTTP_TRANSFER_ENCODING", "wsgi.input_terminated"):
            environ.pop(key, None)
        environ["wsgi.input"], environ["CONTENT_LENGTH"] = io.BytesIO(body), str(len(body))
        self.write_answer(*self.server.app.answer(environ, body))

    def read_body(self):
        if "chunked" not in self.headers.get("Transfer-Encoding", ""):
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        chunks = []
        while size := int(self.rfile.readline().split(b";")[0], 16):
            chunks.append(self.rfile.read(size))
            self.rfile.readline()
        while self.rfile.readline().strip():  # trailers
            pass
        return b"".join(chunks)

    def write_answer(self, status, headers, body):
        code, _, reason = status.partition(" ")
        self.send_response(int(code), reason)
        for name, value in headers:
            if name.lower() not in HOP_BY_HOP:
                self.send_header(name, value)
        if self.command == "HEAD":  # the length of what GET would send
            lengths = [value for name, value in headers if name.lower() == "content-length"]
            self.send_header("Content-Length", lengths[0] if lengths else "0")
        elif code not in WITHOUT_BODY:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
        self.wfile.flush()


class Dispatcher:
    """Answers the emulator's own endpoints, passes all else to moto, and logs it."""

    def __init__(self, log_path):
        self.moto = DomainDispatcherApplication(create_backend_app)
        self.log_file = open(log_path, "a", buffering=1, encoding="utf-8") if log_path else None
        self.log_lock = threading.Lock()

    def answer(self, environ, body):
        """Return (status, headers, body)."""
        started = time.time()
        scope = CREDENTIAL_SCOPE.search(environ.get("HTTP_AUTHORIZATION", ""))
        region, service = scope.groups() if scope else ("", "")
        operation = operation_in(environ, body, service)
        answer = self.own_endpoint(environ, body) or self.aws(environ, body, service, region, operation)
        if self.log_file:
            self.log(environ, body, service, region, operation, started, answer)
        return answer

    def own_endpoint(self, environ, body):
        endpoint = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        if endpoint == ("GET", "/emu/inventory"):
            return inventory.respond()
        if endpoint == ("GET", "/emu/violations"):
            return api_models.respond()
        if endpoint == ("POST", "/emu/unreachable"):
            return set_unreachable(body)
        return None

    def aws(self, environ, body, service, region, operation):
        is_of_moto = environ["PATH_INFO"].startswith("/moto-api/")
        if not is_of_moto and (refused := refusal(environ, service, region)):
            return refused
        try:
            if not is_of_moto and (refused := api_models.refusal(environ, body, service, *operation)):
                return refused
            with locked():
                answer = self.own_service(environ, body, service, region, operation) or self.call_moto(environ)
        except Exception as error:  # a defect of moto or of a correction: as final as a missing operation
            traceback.print_exc()
            return not_implemented(environ, service, action_of(environ, body), f"{type(error).__name__}: {error}")
        status, _, answer_body = answer
        if status.startswith("404") and NO_ROUTE in answer_body and service != "s3":
            # The provider would read a 404 as "this resource does not exist".
            return not_implemented(environ, service, action_of(environ, body), "moto has no such route")
        return answer

    def own_service(self, environ, body, service, region, operation):
        """The answer of a service that moto does not have."""
        if service != arc_zonal_shift.SERVICE:
            return None
        answer = arc_zonal_shift.respond(*operation, parse_qs(environ["QUERY_STRING"]), body, region)
        return answer or not_implemented(environ, service, action_of(environ, body), "the emulator lacks it")

    def call_moto(self, environ):
        started = []

        def start_response(status, headers, _exception=None):
            started[:] = [status, headers]

        body = b"".join(self.moto(environ, start_response))
        return *started, body

    def log(self, environ, body, service, region, operation, started, answer):
        status, _, answer_body = answer
        code = int(status[:3])
        record = {
            "time": round(started, 3), "seconds": round(time.time() - started, 4), "service": service, "region": region,
            "action": action_of(environ, body), "operation": operation[0], "status": code,
            "terraform": "Terraform/" in environ.get("HTTP_USER_AGENT", ""),
        }
        if code >= 400:
            record["error"] = answer_body[-1500:].decode("utf-8", "replace")
            record["body"] = body[:800].decode("utf-8", "replace")
        with self.log_lock:
            self.log_file.write(json.dumps(record) + "\n")


def operation_in(environ, body, service):
    """The operation's name, and the parameters in the path; (None, {}) for what is none of AWS's."""
    if service in REST:
        return operation_of(service, environ["REQUEST_METHOD"], environ["PATH_INFO"], environ["QUERY_STRING"])
    action = action_of(environ, body)
    return None if " " in action else action, {}


def action_of(environ, body):
    if target := environ.get("HTTP_X_AMZ_TARGET"):
        return target.split(".")[-1]
    if action := QUERY_ACTION.search(body):
        return action.group(1).decode()
    return route_of(environ)


def route_of(environ):
    query = environ["QUERY_STRING"]
    return f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}" + (f"?{query}" if query else "")


def create_server(port, log_path):
    """Correct moto, bind 127.0.0.1:port (0: any free one) and return the server, not yet serving."""
    inventory.apply()
    services.apply()
    cached.apply()
    server = make_server("127.0.0.1", port, Dispatcher(log_path), threaded=True, request_handler=Handler)
    os.environ["MOTO_PORT"] = str(server.port)
    return server

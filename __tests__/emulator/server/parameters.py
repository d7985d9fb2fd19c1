"""The parameters of a request, read back from it by AWS's API model of the service, whatever the protocol.

moto's parsers drop what the model does not know, and raise at what they cannot convert. Here both are kept.
"""

import gzip
from functools import lru_cache
from urllib.parse import parse_qsl

from moto.core.parse import (
    EC2QueryParser, JSONParser, QueryParser, RequestParserError, RestJSONParser, RestXMLParser)
from moto.core.request import determine_request_protocol
from moto.core.utils import get_service_model
from werkzeug.datastructures import EnvironHeaders, MultiDict

UNREADABLE = (AttributeError, KeyError, OSError, TypeError, ValueError, RequestParserError)

FORM = "application/x-www-form-urlencoded"

# Parameters of the protocol itself.
PROTOCOL_PARAMETERS = {"Action", "Version"}


class Malformed:
    """Stands for a value that is not of the type that the model says."""


class Tolerant:
    """A parser that collects in `unknown` what the model does not have, and marks what it cannot convert."""

    def __init__(self, operation):
        super().__init__(operation, timestamp_parser=lambda value: value, map_type=dict)
        self.unknown = []

    def _parse_shape(self, shape, *node):
        try:
            return super()._parse_shape(shape, *node)
        except UNREADABLE:
            return Malformed()

    def note_unknown(self, shape, found, known):
        self.unknown += [f"{shape.name}.{name}" for name in found if name not in known]


class TolerantQuery(Tolerant):
    def parse(self, request):
        values = Observed(request["values"])
        parsed = super().parse(request | {"values": values})
        self.unknown += sorted(set(values) - values.read - PROTOCOL_PARAMETERS)
        return parsed


class TolerantJSON(Tolerant):
    def _parse_structure(self, shape, value):
        if isinstance(value, dict) and not shape.is_document_type:
            self.note_unknown(shape, value, {member.serialization.get("name", name) for name, member in shape.members.items()})
        return super()._parse_structure(shape, value)


class TolerantREST(Tolerant):
    def _parse_payload(self, request, shape, members, parsed):
        payload = shape.serialization.get("payload")
        if payload and members[payload].type_name in ("blob", "string"):
            if request["body"]:  # may be no text at all: a zip file
                text = members[payload].type_name == "string"
                parsed[payload] = request["body"].decode("utf-8", "replace") if text else request["body"]
            return
        super()._parse_payload(request, shape, members, parsed)


class Query(TolerantQuery, QueryParser):
    pass


class EC2Query(TolerantQuery, EC2QueryParser):
    pass


class JSON(TolerantJSON, JSONParser):
    pass


class RestJSON(TolerantREST, TolerantJSON, RestJSONParser):
    pass


class RestXML(TolerantREST, RestXMLParser):
    def _parse_structure(self, shape, node):
        known = {self._member_key_name(member, name) for name, member in shape.members.items()}
        self.note_unknown(shape, self._build_name_to_xml_node(node), known)
        return super()._parse_structure(shape, node)


class Observed(MultiDict):
    """Remembers which parameters were read."""

    def __init__(self, values):
        super().__init__(values)
        self.read = set()

    def get(self, name, *others, **options):
        self.read.add(name)
        return super().get(name, *others, **options)


PARSERS = {"ec2": EC2Query, "json": JSON, "query": Query, "rest-json": RestJSON, "rest-xml": RestXML}


@lru_cache(maxsize=None)
def operation_model(service, name):
    """AWS's model of an operation. Raises UnknownServiceError or OperationNotFoundError."""
    return get_service_model(service).operation_model(name)


def parameters(operation, environ, body, in_path):
    """(parameters by their names in the model, names that the model does not have); the former may be Malformed."""
    content_type = environ.get("CONTENT_TYPE", "")
    parser = PARSERS[determine_request_protocol(operation.service_model, content_type.partition(";")[0])](operation)
    try:
        body = decompressed(operation, environ, body)
        form = body.decode() if content_type.startswith(FORM) else ""
        values = MultiDict(parse_qsl(environ["QUERY_STRING"], keep_blank_values=True) + parse_qsl(form, keep_blank_values=True))
        parsed = parser.parse({"values": values, "headers": EnvironHeaders(environ), "body": body, "url_params": in_path})
    except UNREADABLE:
        parsed = Malformed()
    return parsed, parser.unknown


def decompressed(operation, environ, body):
    """The body as it was before its compression; an object of S3 stays as it is."""
    if environ.get("HTTP_CONTENT_ENCODING") == "gzip" and operation.service_model.service_name != "s3":
        return gzip.decompress(body)
    return body

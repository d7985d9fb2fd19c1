"""A region outage on demand: POST /emu/unreachable {"regions": ["us-east-1"]}; an empty list restores all.

Meanwhile every request signed for such a region is answered with 503, as a client sees a region that is gone.
"""

import json

from server.errors import aws_error

# These outlive the loss of a region, though their requests are signed for us-east-1.
GLOBAL_SERVICES = {"iam", "route53", "sts"}

_unreachable = frozenset()


def set_unreachable(body):
    """Handle the request body; returns (status, headers, body)."""
    global _unreachable
    headers = [("Content-Type", "application/json")]
    try:
        regions = json.loads(body)["regions"]
        if not isinstance(regions, list) or not all(isinstance(region, str) for region in regions):
            raise TypeError
    except (ValueError, KeyError, TypeError):
        return "400 Bad Request", headers, b'{"message": "expected {\\"regions\\": [\\"us-east-1\\", ...]}"}'
    _unreachable = frozenset(regions)
    return "200 OK", headers, json.dumps({"regions": sorted(_unreachable)}).encode()


def is_unreachable(region):
    return region in _unreachable


def refusal(environ, service, region):
    """The response of an unreachable region, or None if the request may pass."""
    if region not in _unreachable or service in GLOBAL_SERVICES:
        return None
    return aws_error(environ, service, "503 Service Unavailable", "RegionUnreachable",
                     f"emulator: {region} is unreachable (POST /emu/unreachable restores it)")

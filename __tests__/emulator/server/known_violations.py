"""Violations of AWS's API models that AWS accepts. A request with one of them is not refused."""

# {(service, operation, member, rule): why AWS accepts it, with a source}, as a failed test names them. So far there are none.
KNOWN = {}


def is_known(service, operation, member, rule):
    return (service, operation, member, rule) in KNOWN

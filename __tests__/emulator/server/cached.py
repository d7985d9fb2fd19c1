"""Computes once what moto computes again for every request: most of a request's time, and it cannot change while it serves."""

from functools import cache

import moto.core.responses
from moto.core.utils import method_names_from_class
from moto.moto_server.werkzeug_app import DomainDispatcherApplication

from server.framework import wrap


def apply():
    """Called after the corrections, which add methods to moto's classes."""
    backends = {}

    # moto lists its own folder, with a stat of each of its 200 modules.
    @wrap(DomainDispatcherApplication, "get_backend_for_host")
    def get_backend_for_host(original, self, host):
        if host not in backends:
            backends[host] = original(self, host)
        return backends[host]

    moto.core.responses.method_names_from_class = cache(method_names_from_class)

"""ECS services."""

from moto.ecs.models import Service
from moto.ecs.responses import EC2ContainerServiceResponse
from moto.core.utils import camelcase_to_underscores

from server.framework import wrap, wrap_property

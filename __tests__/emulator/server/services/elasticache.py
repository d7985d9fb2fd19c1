"""ElastiCache: parameter groups, subnet groups and tags."""

from moto.elasticache.models import ElastiCacheBackend
from moto.elasticache.responses import ElastiCacheResponse

from server.framework import fail, operation
from server.services.elasticache_model import ParameterGroup, find_parameter_group, find_subnet_group, parameter_groups


def users_of(backend, parameter, name):
    """The replication groups whose parameter is the name."""
    groups = backend.replication_groups.items()
    return [identifier for identifier, group in groups if group.parameters.get(parameter) == name]


def apply():
    add_parameter_groups()
    add_parameters()

    # moto can only create and describe subnet groups.
    @operation(ElastiCacheResponse, "DeleteCacheSubnetGroup")
    def delete_subnet_group(response, request):
        backend, name = response.elasticache_backend, request["CacheSubnetGroupName"]
        group = find_subnet_group(backend, name)
        if users := users_of(backend, "CacheSubnetGroupName", name):
            fail("CacheSubnetGroupInUse", f"Cache subnet group {name} is used by {users}.")
        del backend.cache_subnet_groups[name]
        backend.tagging_service.delete_all_tags_for_resource(group.arn)

    # moto does not list the tags of parameter groups and user groups.
    ElastiCacheBackend.list_tags_for_resource = lambda self, arn: self.tagging_service.list_tags_for_resource(arn)


def add_parameter_groups():
    # moto has no operation on parameter groups.
    @operation(ElastiCacheResponse, "CreateCacheParameterGroup")
    def create(response, request):
        backend = response.elasticache_backend
        group = ParameterGroup(backend, request)
        if group.cache_parameter_group_name in parameter_groups(backend):
            fail("CacheParameterGroupAlreadyExists", f"{group.cache_parameter_group_name} already exists.")
        parameter_groups(backend)[group.cache_parameter_group_name] = group
        backend.tagging_service.tag_resource(group.arn, request.get("Tags", []))
        return {"CacheParameterGroup": group}

    @operation(ElastiCacheResponse, "DescribeCacheParameterGroups")
    def describe(response, request):
        backend = response.elasticache_backend
        if "CacheParameterGroupName" in request:
            return {"CacheParameterGroups": [find_parameter_group(backend, request["CacheParameterGroupName"])]}
        return {"CacheParameterGroups": list(parameter_groups(backend).values())}

    @operation(ElastiCacheResponse, "DeleteCacheParameterGroup")
    def delete(response, request):
        backend, name = response.elasticache_backend, request["CacheParameterGroupName"]
        group = find_parameter_group(backend, name)
        if users := users_of(backend, "CacheParameterGroupName", name):
            fail("InvalidCacheParameterGroupState", f"Cache parameter group {name} is used by {users}.")
        del parameter_groups(backend)[name]
        backend.tagging_service.delete_all_tags_for_resource(group.arn)


def add_parameters():
    # moto has no operation on parameters. Only those that the user has set are stored: the provider requests no others.
    @operation(ElastiCacheResponse, "DescribeCacheParameters")
    def describe(response, request):
        group = find_parameter_group(response.elasticache_backend, request["CacheParameterGroupName"])
        return {"Parameters": [
            {"ParameterName": name, "ParameterValue": value, "Source": "user", "IsModifiable": True}
            for name, value in group.parameters.items()]}

    @operation(ElastiCacheResponse, "ModifyCacheParameterGroup")
    def modify(response, request):
        group = find_parameter_group(response.elasticache_backend, request["CacheParameterGroupName"])
        for parameter in request["ParameterNameValues"]:
            group.parameters[parameter["ParameterName"]] = parameter["ParameterValue"]
        return {"CacheParameterGroupName": group.cache_parameter_group_name}

    @operation(ElastiCacheResponse, "ResetCacheParameterGroup")
    def reset(response, request):
        group = find_parameter_group(response.elasticache_backend, request["CacheParameterGroupName"])
        for parameter in request.get("ParameterNameValues", []):
            group.parameters.pop(parameter["ParameterName"], None)
        if request.get("ResetAllParameters"):
            group.parameters.clear()
        return {"CacheParameterGroupName": group.cache_parameter_group_name}

"""ElastiCache: users and user groups."""

from moto.core.responses import ActionResult
from moto.elasticache.models import ElastiCacheBackend
from moto.elasticache.responses import ElastiCacheResponse

from server.framework import fail, operation, wrap
from server.services.elasticache_model import UserGroup, find_user, find_user_group, user_groups

NO_PASSWORD = "no-password-required"


def apply():
    correct_users()
    add_user_groups()


def correct_users():
    # moto reads "no password" from the older flag only, and accepts users that AWS rejects.
    @wrap(ElastiCacheBackend, "create_user")
    def keep_authentication_mode(original, self, user_id, user_name, **parameters):
        refuse_authentication(user_id, user_name, parameters["engine"], parameters["authentication_type"])
        user = original(self, user_id=user_id, user_name=user_name, **parameters)
        user.no_password_required = user.authentication_type == NO_PASSWORD
        return user

    # moto has no such operation; the provider calls it for every change of a user.
    @operation(ElastiCacheResponse, "ModifyUser")
    def modify_user(response, request):
        user = find_user(response.elasticache_backend, request["UserId"])
        authentication = requested_authentication(request) or user.authentication_type
        engine = request.get("Engine", user.engine).lower()
        refuse_authentication(user.id, user.name, engine, authentication)
        user.engine, user.authentication_type = engine, authentication
        user.no_password_required = authentication == NO_PASSWORD
        user.access_string = request.get("AccessString", user.access_string)
        if "AppendAccessString" in request:
            user.access_string += f" {request['AppendAccessString']}"
        passwords = request.get("Passwords") or request.get("AuthenticationMode", {}).get("Passwords")
        user.passwords = (passwords or user.passwords) if authentication == "password" else []
        return user

    # moto deletes a user only when it is described, and leaves it in its groups; AWS does not remove a group's default user.
    @wrap(ElastiCacheResponse, "delete_user")
    def delete_user(original, self):
        backend = self.elasticache_backend
        user = find_user(backend, self._get_param("UserId"))
        if user.name == "default" and user.user_group_ids:
            fail("DefaultUserAssociatedToUserGroup", f"User {user.id} is the default user of {user.user_group_ids}.")
        for group in user_groups(backend).values():
            group.user_ids = [user_id for user_id in group.user_ids if user_id != user.id]
        del backend.users[user.id]
        backend.tagging_service.delete_all_tags_for_resource(user.arn)
        user.status = "deleting"
        return ActionResult(user)


def requested_authentication(request):
    if "AuthenticationMode" in request:
        return request["AuthenticationMode"]["Type"]
    if request.get("NoPasswordRequired"):
        return NO_PASSWORD
    return "password" if request.get("Passwords") else None


def refuse_authentication(user_id, user_name, engine, authentication):
    if authentication == "iam" and user_id != user_name:
        fail("InvalidParameterCombination", "User Id and User name must be same for authentication type: iam")
    if authentication == NO_PASSWORD and engine == "valkey":
        fail("InvalidParameterCombination", "A user of engine valkey must authenticate by password or IAM")


def add_user_groups():
    # moto has no operation on user groups.
    @operation(ElastiCacheResponse, "CreateUserGroup")
    def create(response, request):
        backend = response.elasticache_backend
        group = UserGroup(backend, request)
        if group.user_group_id in user_groups(backend):
            fail("UserGroupAlreadyExists", f"User group {group.user_group_id} already exists.")
        refuse_members(backend, group.engine, group.user_ids)
        user_groups(backend)[group.user_group_id] = group
        update_memberships(backend)
        backend.tagging_service.tag_resource(group.arn, request.get("Tags", []))
        return group

    @operation(ElastiCacheResponse, "DescribeUserGroups")
    def describe(response, request):
        backend = response.elasticache_backend
        if "UserGroupId" in request:
            return {"UserGroups": [find_user_group(backend, request["UserGroupId"])]}
        return {"UserGroups": list(user_groups(backend).values())}

    @operation(ElastiCacheResponse, "ModifyUserGroup")
    def modify(response, request):
        backend = response.elasticache_backend
        group = find_user_group(backend, request["UserGroupId"])
        engine = request.get("Engine", group.engine).lower()
        removed = request.get("UserIdsToRemove", [])
        user_ids = [user_id for user_id in group.user_ids if user_id not in removed] + request.get("UserIdsToAdd", [])
        refuse_members(backend, engine, user_ids)
        group.engine, group.user_ids = engine, user_ids
        update_memberships(backend)
        return group

    @operation(ElastiCacheResponse, "DeleteUserGroup")
    def delete(response, request):
        backend = response.elasticache_backend
        group = find_user_group(backend, request["UserGroupId"])
        if group.replication_groups:
            fail("InvalidUserGroupState", f"User group {group.user_group_id} is used by {group.replication_groups}.")
        del user_groups(backend)[group.user_group_id]
        update_memberships(backend)
        backend.tagging_service.delete_all_tags_for_resource(group.arn)
        group.status = "deleting"
        return group


def refuse_members(backend, engine, user_ids):
    users = [find_user(backend, user_id) for user_id in user_ids]
    names = [user.name for user in users]
    if len(set(names)) < len(names):
        fail("DuplicateUserName", f"A user group cannot have two users of the same name: {sorted(names)}")
    if engine == "redis" and "default" not in names:
        fail("DefaultUserRequired", "A user group of engine redis needs a user whose name is default.")
    if engine == "valkey" and any(user.no_password_required for user in users):
        fail("InvalidParameterCombination", "A user group of engine valkey takes no users without a password or IAM.")


def update_memberships(backend):
    for user in backend.users.values():
        groups = user_groups(backend).items()
        user.user_group_ids = [group_id for group_id, group in groups if user.id in group.user_ids]

"""AWS Backup: plans, selections, vaults and restore testing."""

import functools
from uuid import uuid4

from moto.backup.models import BackupBackend, Plan
from moto.backup.responses import BackupResponse
from moto.backup.urls import url_paths
from moto.core.utils import camelcase_to_underscores, utcnow

from server.framework import fail, operation, state, wrap

# AWS retains a recovery point in cold storage for at least this long.
COLD_DAYS = 90


class Selection:
    """moto has none."""

    def __init__(self, request):
        self.selection_id = str(uuid4())
        self.backup_plan_id = request["BackupPlanId"]
        self.backup_selection = request["BackupSelection"]
        self.selection_name = self.backup_selection["SelectionName"]
        self.iam_role_arn = self.backup_selection["IamRoleArn"]
        self.creator_request_id = request.get("CreatorRequestId")
        self.creation_date = utcnow()


class RestoreTesting:
    """A plan or a selection for restore testing, with the fields of its responses. moto has none."""

    def __init__(self, answer):
        self.answer = {**answer, "CreationTime": utcnow()}

    def update(self, changes):
        self.answer.update(changes, UpdateTime=utcnow())


backup_operation = functools.partial(operation, BackupResponse, routes=url_paths)


def find(resources, key, kind):
    if key not in resources:
        fail("ResourceNotFoundException", f"{kind} {key} not found")
    return resources[key]


def selections_of(response, plan_id):
    """{selection's ID: selection}"""
    find(response.backup_backend.plans, plan_id, "Backup plan")
    selections = state(response.backup_backend, "selections")
    return {key: selection for key, selection in selections.items() if selection.backup_plan_id == plan_id}


def restore_testing_plans(response):
    return state(response.backup_backend, "restore_testing_plans")


def restore_testing_selections(response):
    """{"plan/selection": selection}"""
    return state(response.backup_backend, "restore_testing_selections")


def apply():
    correct_plans()
    add_selections()
    correct_vaults()
    add_restore_testing_plans()
    add_restore_testing_selections()

    # moto requires a slash at the end of the URL, which the provider does not send: no tags, or wrong ones.
    @backup_operation("ListTags")
    def list_tags(response, request):
        return {"Tags": response.backup_backend.list_tags(request["ResourceArn"])}


def correct_plans():
    # moto accepts lifecycles that AWS rejects.
    @wrap(Plan, "__init__")
    def refuse_lifecycles(original, self, backup_plan, *args, **kwargs):
        for rule in backup_plan["Rules"]:
            for lifecycle in [rule.get("Lifecycle"), *(copy.get("Lifecycle") for copy in rule.get("CopyActions", []))]:
                refuse_lifecycle(lifecycle or {})
        original(self, backup_plan, *args, **kwargs)

    # moto has no such operation; the provider calls it for every change of a plan.
    @backup_operation("UpdateBackupPlan")
    def update(response, request):
        backend = response.backup_backend
        plan = find(backend.plans, request["BackupPlanId"], "Backup plan")
        updated = Plan(request["BackupPlan"], plan.creator_request_id, backend)
        plan.backup_plan, plan.version_id = updated.backup_plan, updated.version_id
        plan.advanced_backup_settings = updated.advanced_backup_settings
        return plan

    # moto retains a deleted plan permanently.
    @wrap(BackupResponse, "delete_backup_plan")
    def delete(original, self):
        plan_id = self.uri_match["backupPlanId"]
        if selections_of(self, plan_id):
            fail("InvalidRequestException",
                 "Related backup plan selections must be deleted prior to backup plan deletion")
        answer = original(self)
        self.backup_backend.plans.pop(plan_id)
        return answer


def refuse_lifecycle(lifecycle):
    cold, delete = lifecycle.get("MoveToColdStorageAfterDays"), lifecycle.get("DeleteAfterDays")
    if cold and delete and cold > 0 and 0 < delete < cold + COLD_DAYS:
        fail("InvalidParameterValueException",
             f"DeleteAfterDays cannot be less than {COLD_DAYS} days apart from MoveToColdStorageAfterDays")


def add_selections():
    # moto has no operation on selections.
    @backup_operation("CreateBackupSelection")
    def create(response, request):
        selections_of(response, request["BackupPlanId"])
        selection = Selection(request)
        state(response.backup_backend, "selections")[selection.selection_id] = selection
        return selection

    @backup_operation("GetBackupSelection")
    def get(response, request):
        return find(selections_of(response, request["BackupPlanId"]), request["SelectionId"], "Backup selection")

    @backup_operation("ListBackupSelections")
    def list_selections(response, request):
        return {"BackupSelectionsList": list(selections_of(response, request["BackupPlanId"]).values())}

    @backup_operation("DeleteBackupSelection")
    def delete(response, request):
        find(selections_of(response, request["BackupPlanId"]), request["SelectionId"], "Backup selection")
        del state(response.backup_backend, "selections")[request["SelectionId"]]


def correct_vaults():
    # moto has no policies and notifications of vaults; here they hang off moto's vault.
    add_vault_attribute("AccessPolicy", ("Policy",))
    add_vault_attribute("Notifications", ("SNSTopicArn", "BackupVaultEvents"))

    # moto forgets no tags: a new vault of the same name would have them.
    @wrap(BackupBackend, "delete_backup_vault")
    def delete_tags(original, self, backup_vault_name):
        if vault := self.vaults.get(backup_vault_name):
            self.tagger.delete_all_tags_for_resource(vault.backup_vault_arn)
        original(self, backup_vault_name)


def find_vault(response, request):
    return find(response.backup_backend.vaults, request["BackupVaultName"], "Backup vault")


def add_vault_attribute(name, parameters):
    attribute = f"emulator_{camelcase_to_underscores(name)}"

    @backup_operation(f"PutBackupVault{name}")
    def put(response, request):
        values = {parameter: request[parameter] for parameter in parameters if parameter in request}
        setattr(find_vault(response, request), attribute, values)

    @backup_operation(f"GetBackupVault{name}")
    def get(response, request):
        vault = find_vault(response, request)
        if not hasattr(vault, attribute):
            fail("ResourceNotFoundException", f"{vault.backup_vault_name} has no {name}")
        return {
            "BackupVaultName": vault.backup_vault_name, "BackupVaultArn": vault.backup_vault_arn,
            **getattr(vault, attribute)}

    @backup_operation(f"DeleteBackupVault{name}")
    def delete(response, request):
        vars(find_vault(response, request)).pop(attribute, None)


def add_restore_testing_plans():
    # moto has no operation on restore testing.
    @backup_operation("CreateRestoreTestingPlan")
    def create(response, request):
        backend, wanted = response.backup_backend, request["RestoreTestingPlan"]
        name = wanted["RestoreTestingPlanName"]
        if name in restore_testing_plans(response):
            fail("AlreadyExistsException", f"Restore testing plan {name} already exists")
        arn = f"arn:aws:backup:{backend.region_name}:{backend.account_id}:restore-testing-plan:{name}-{uuid4()}"
        points = {"ExcludeVaults": [], "SelectionWindowDays": 30, **wanted["RecoveryPointSelection"]}
        plan = RestoreTesting({
            "ScheduleExpressionTimezone": "Etc/UTC", "StartWindowHours": 24, **wanted, "RecoveryPointSelection": points,
            "RestoreTestingPlanArn": arn})
        restore_testing_plans(response)[name] = plan
        backend.tag_resource(arn, request.get("Tags"))
        return plan.answer

    @backup_operation("GetRestoreTestingPlan")
    def get(response, request):
        return {"RestoreTestingPlan": find_restore_testing_plan(response, request).answer}

    @backup_operation("UpdateRestoreTestingPlan")
    def update(response, request):
        plan = find_restore_testing_plan(response, request)
        plan.update(request["RestoreTestingPlan"])
        return plan.answer

    @backup_operation("DeleteRestoreTestingPlan")
    def delete(response, request):
        find_restore_testing_plan(response, request)
        name = request["RestoreTestingPlanName"]
        if any(key.startswith(f"{name}/") for key in restore_testing_selections(response)):
            fail("InvalidRequestException", f"Restore testing plan {name} has restore testing selections")
        del restore_testing_plans(response)[name]


def find_restore_testing_plan(response, request):
    return find(restore_testing_plans(response), request["RestoreTestingPlanName"], "Restore testing plan")


def add_restore_testing_selections():
    @backup_operation("CreateRestoreTestingSelection")
    def create(response, request):
        plan, wanted = find_restore_testing_plan(response, request), request["RestoreTestingSelection"]
        name = f"{request['RestoreTestingPlanName']}/{wanted['RestoreTestingSelectionName']}"
        if name in restore_testing_selections(response):
            fail("AlreadyExistsException", f"Restore testing selection {name} already exists")
        selection = RestoreTesting({
            "RestoreMetadataOverrides": {}, "ValidationWindowHours": 0, **wanted,
            "RestoreTestingPlanName": request["RestoreTestingPlanName"],
            "RestoreTestingPlanArn": plan.answer["RestoreTestingPlanArn"]})
        restore_testing_selections(response)[name] = selection
        return selection.answer

    @backup_operation("GetRestoreTestingSelection")
    def get(response, request):
        return {"RestoreTestingSelection": find_restore_testing_selection(response, request).answer}

    @backup_operation("UpdateRestoreTestingSelection")
    def update(response, request):
        selection = find_restore_testing_selection(response, request)
        selection.update(request["RestoreTestingSelection"])
        return selection.answer

    @backup_operation("DeleteRestoreTestingSelection")
    def delete(response, request):
        find_restore_testing_selection(response, request)
        del restore_testing_selections(response)[restore_testing_selection_name(request)]


def restore_testing_selection_name(request):
    return f"{request['RestoreTestingPlanName']}/{request['RestoreTestingSelectionName']}"


def find_restore_testing_selection(response, request):
    name = restore_testing_selection_name(request)
    return find(restore_testing_selections(response), name, "Restore testing selection")

"""Application Auto Scaling."""

import json

from moto.applicationautoscaling.models import ApplicationAutoscalingBackend
from moto.applicationautoscaling.responses import ApplicationAutoScalingResponse

from server.framework import operation, state, wrap


def tags_of(response, arn):
    return state(response.applicationautoscaling_backend, "tags").setdefault(arn, {})


def apply():
    # moto drops a target's Tags; the provider reads them back.
    @wrap(ApplicationAutoScalingResponse, "register_scalable_target")
    def keep_tags(original, self):
        answer = original(self)
        tags_of(self, json.loads(answer)["ScalableTargetARN"]).update(self._get_param("Tags") or {})
        return answer

    # moto replaces an updated policy but leaves the alarms that it had created for it: they remain after the destroy.
    @wrap(ApplicationAutoscalingBackend, "put_scaling_policy")
    def delete_alarms_of_replaced(original, self, *args, **kwargs):
        before = dict(self.policies)
        answer = original(self, *args, **kwargs)
        for key, policy in before.items():
            if self.policies[key] is not policy:
                policy.delete_alarms(self.account_id, self.region_name)
        return answer

    # moto has no tag operations; the provider calls them for every scalable target.
    @operation(ApplicationAutoScalingResponse, "ListTagsForResource")
    def list_tags(response, request):
        return {"Tags": tags_of(response, request["ResourceARN"])}

    @operation(ApplicationAutoScalingResponse, "TagResource")
    def tag(response, request):
        tags_of(response, request["ResourceARN"]).update(request["Tags"])

    @operation(ApplicationAutoScalingResponse, "UntagResource")
    def untag(response, request):
        for key in request["TagKeys"]:
            tags_of(response, request["ResourceARN"]).pop(key, None)

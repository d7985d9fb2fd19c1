"""What is found by its tags."""

from moto.resourcegroupstaggingapi.models import ResourceGroupsTaggingAPIBackend
from moto.synthetics.models import synthetics_backends

from server.framework import wrap
from server.services.synthetics import canaries_of


def apply():
    # moto finds no canaries.
    @wrap(ResourceGroupsTaggingAPIBackend, "_get_resources_generator")
    def find_canaries(original, self, tag_filters=None, resource_type_filters=None):
        yield from original(self, tag_filters, resource_type_filters)
        if resource_type_filters and not {"synthetics", "synthetics:canary"} & set(resource_type_filters):
            return
        for canary in canaries_of(synthetics_backends[self.account_id][self.region_name]).values():
            if canary.answer["Tags"] and all(matches(canary.answer["Tags"], wanted) for wanted in tag_filters or []):
                tags = [{"Key": key, "Value": value} for key, value in canary.answer["Tags"].items()]
                yield {"ResourceARN": canary.arn, "Tags": tags}


def matches(tags, wanted):
    return wanted["Key"] in tags and (not wanted.get("Values") or tags[wanted["Key"]] in wanted["Values"])

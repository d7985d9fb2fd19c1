"""CloudWatch Logs."""

from moto.logs.models import LogsBackend

from server.framework import wrap


def apply():
    # moto keeps the tags of a deleted log group for the next one of the same name.
    @wrap(LogsBackend, "delete_log_group")
    def delete_tags(original, self, log_group_name):
        group = self.groups.get(log_group_name)
        original(self, log_group_name)
        self.tagger.delete_all_tags_for_resource(group.arn)

"""Service quotas."""

from moto.servicequotas.responses import ServiceQuotasResponse

from server.framework import fail, operation


def apply():
    # moto has quotas of VPCs only. An account has no applied quota until it is changed.
    @operation(ServiceQuotasResponse, "GetServiceQuota")
    def get_service_quota(response, request):
        fail("NoSuchResourceException", f"{request['QuotaCode']} of {request['ServiceCode']} was never changed.")

    @operation(ServiceQuotasResponse, "GetAWSDefaultServiceQuota")
    def get_aws_default_service_quota(response, request):
        return {"Quota": {"ServiceCode": request["ServiceCode"], "QuotaCode": request["QuotaCode"], "Value": 4000.0}}

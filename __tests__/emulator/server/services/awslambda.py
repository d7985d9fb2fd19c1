"""Lambda: functions whose handlers run, as child processes under Node."""

import io
import json
import os
import subprocess
import tempfile
import zipfile
from pathlib import Path

from moto.awslambda.models import LambdaFunction
from moto.awslambda.responses import LambdaResponse
from moto.ec2.models import ec2_backends

from server.framework import unlocked, wrap, wrap_property

# Parameters that moto drops, or does not update, and the provider reads back.
KEPT = ("DeadLetterConfig", "KMSKeyArn", "LoggingConfig", "TracingConfig")

BOOTSTRAP = Path(__file__).with_name("lambda_bootstrap.mjs")

# Lambda's Node runtime brings the AWS SDK along; here it is the project's.
SDK = Path(__file__).parents[4] / "node_modules" / "@aws-sdk"

SUFFIXES = (".mjs", ".js", ".cjs")

# What Lambda grants a function to load, before its timeout counts.
LOADING_SECONDS = 10


def apply():
    # moto drops these parameters, or their changes; the provider reads them back.
    @wrap(LambdaFunction, "__init__")
    def keep_parameters_of_new(original, self, account_id, spec, *args, **kwargs):
        original(self, account_id, spec, *args, **kwargs)
        self.emulator_kept = {}
        keep_parameters(self, spec)

    @wrap(LambdaFunction, "update_configuration")
    def keep_updated_parameters(original, self, config_updates):
        original(self, config_updates)
        keep_parameters(self, config_updates)
        return self.get_configuration()

    @wrap(LambdaFunction, "get_configuration")
    def answer_kept_parameters(original, self, *args, **kwargs):
        return {**original(self, *args, **kwargs), **self.emulator_kept}

    # moto takes a reservation of nothing, which stops a function, for none.
    @wrap(LambdaFunction, "get_code")
    def answer_reservation(original, self):
        answer = original(self)
        if self.reserved_concurrency is not None:
            answer["Concurrency"] = {"ReservedConcurrentExecutions": self.reserved_concurrency}
        return answer

    # moto invents the VPC.
    @wrap_property(LambdaFunction, "vpc_config")
    def name_vpc(config, function):
        if config and config.get("SubnetIds"):
            subnet = ec2_backends[function.account_id][function.region].get_subnet(config["SubnetIds"][0])
            config["VpcId"] = subnet.vpc_id
        return config

    # moto needs Docker to run a function.
    LambdaFunction._invoke_lambda = run

    # moto looks for "qualifier", which the SDKs write with a capital, and then for a key of the payload by that name:
    # an alias would run the latest code, and a payload that is no object crashes.
    @wrap(LambdaResponse, "invoke")
    def find_qualifier(original, self):
        self.querystring["qualifier"] = self.querystring.get("Qualifier", [None])
        return original(self)

    # moto returns "Handled"; Lambda's Node runtime returns "Unhandled" for every error of a handler.
    @wrap(LambdaFunction, "invoke")
    def name_error_as_node_does(original, self, body, request_headers, response_headers):
        answer = original(self, body, request_headers, response_headers)
        if "x-amz-function-error" in response_headers:
            response_headers["x-amz-function-error"] = "Unhandled"
        return answer


def keep_parameters(function, spec):
    # A new dictionary, as published versions share the old one.
    function.emulator_kept = {**function.emulator_kept, **{name: spec[name] for name in KEPT if name in spec}}
    kept = function.emulator_kept
    if not kept.get("KMSKeyArn"):
        kept.pop("KMSKeyArn", None)
    if not kept.get("DeadLetterConfig", {}).get("TargetArn"):
        kept.pop("DeadLetterConfig", None)
    kept["LoggingConfig"] = with_defaults(kept.get("LoggingConfig") or {}, f"/aws/lambda/{function.function_name}")
    function.logs_group_name = kept["LoggingConfig"]["LogGroup"]


def with_defaults(logging, group):
    logging = {"LogFormat": "Text", "LogGroup": group, **logging}
    if logging["LogFormat"] == "JSON":
        return {"ApplicationLogLevel": "INFO", "SystemLogLevel": "INFO", **logging}
    return logging


def run(function, event=None):
    """Run the handler on the event, and return its response, whether it failed, and its output."""
    if not function.run_time.startswith("nodejs") or function.layers:
        raise NotImplementedError(f"{function.function_name}: only Node functions without layers run")
    with tempfile.TemporaryDirectory(prefix="emulator-lambda-") as folder:
        with unlocked():
            answer, failed, log = run_in(Path(folder), function, event)
    function.logs_backend.ensure_log_group(function.logs_group_name)
    function.save_logs(log)
    return answer, failed, log


def run_in(folder, function, event):
    zipfile.ZipFile(io.BytesIO(function.code_bytes)).extractall(folder)
    if not (folder / "node_modules").exists():
        (folder / "node_modules").mkdir()
        (folder / "node_modules" / SDK.name).symlink_to(SDK)
    module, handler = function.handler.rsplit(".", 1)
    files = [folder / (module + suffix) for suffix in SUFFIXES if (folder / (module + suffix)).exists()]
    file = files[0] if files else folder / (module + SUFFIXES[0])
    try:
        process = subprocess.run(
            ["node", str(BOOTSTRAP), str(file), handler, str(function.timeout)],
            input=event if event == "{}" else json.dumps(event), capture_output=True, text=True, cwd=folder,
            env=environment(function), timeout=LOADING_SECONDS + float(function.timeout))
    except subprocess.TimeoutExpired:
        return json.dumps({"errorType": "Sandbox.Timedout", "errorMessage": "Task timed out and was killed"}), True, ""
    exited = json.dumps({"errorType": "Runtime.ExitError", "errorMessage": f"Runtime exited with {process.returncode}"})
    return process.stdout or exited, process.returncode != 0 or not process.stdout, process.stderr


def environment(function):
    return {
        **function.environment_vars,
        "PATH": os.environ["PATH"],
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{os.environ['MOTO_PORT']}",
        "AWS_REGION": function.region,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_LAMBDA_FUNCTION_NAME": function.function_name,
        "AWS_LAMBDA_FUNCTION_VERSION": str(function.version),
        "AWS_LAMBDA_LOG_GROUP_NAME": function.logs_group_name,
    }

"""The one list of services: what each is called, what its contract is, how it is built."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module

from google.protobuf.descriptor import FileDescriptor, ServiceDescriptor

from shoal.errors import InvalidArgumentError
from shoal.runtime.host import Built, Host, Service


def _contract(service: str, *modules: str) -> Callable[[], Sequence[ServiceDescriptor]]:
    """The gRPC services of a service's contract files; generated code is imported when it is asked for."""

    def load() -> Sequence[ServiceDescriptor]:
        files: list[FileDescriptor] = [import_module(f"shoal.api.{service}.v1.{module}_pb2").DESCRIPTOR for module in modules]
        return [descriptor for file in files for descriptor in file.services_by_name.values()]

    return load


def _builder(service: str) -> Callable[[Host], Built]:
    def build(host: Host) -> Built:
        built: Built = import_module(f"shoal.{service}.servicer").build(host)
        return built

    return build


SERVICES: tuple[Service, ...] = (
    Service(
        name="identity",
        descriptors=_contract("identity", "identity_service", "authentication_service"),
        build=_builder("identity"),
        schema_head="identity_0001",
        needs=frozenset({"audit"}),
    ),
    Service(
        name="datasets",
        descriptors=_contract("datasets", "datasets_service", "dataset_storage_service"),
        build=_builder("datasets"),
        schema_head="datasets_0001",
        needs=frozenset({"identity", "audit"}),
    ),
    Service(
        name="detection",
        descriptors=_contract("detection", "detection_service"),
        build=_builder("detection"),
        schema_head="detection_0001",
        needs=frozenset({"identity", "datasets", "audit"}),
    ),
    Service(
        name="anonymization",
        descriptors=_contract("anonymization", "anonymization_service"),
        build=_builder("anonymization"),
        schema_head="anonymization_0002",
        needs=frozenset({"identity", "datasets", "detection", "audit"}),
    ),
    Service(
        name="risk",
        descriptors=_contract("risk", "risk_service"),
        build=_builder("risk"),
        schema_head="risk_0001",
        needs=frozenset({"identity", "datasets", "anonymization", "audit"}),
    ),
    Service(
        name="dp",
        descriptors=_contract("dp", "dp_service"),
        build=_builder("dp"),
        schema_head="dp_0002",
        needs=frozenset({"identity", "datasets", "budget", "audit"}),
    ),
    Service(
        name="budget",
        descriptors=_contract("budget", "budget_service"),
        build=_builder("budget"),
        schema_head="budget_0001",
        needs=frozenset({"identity", "audit"}),
    ),
    Service(
        name="audit",
        descriptors=_contract("audit", "audit_service", "audit_reader_service"),
        build=_builder("audit"),
        schema_head="audit_0001",
        needs=frozenset({"identity"}),
    ),
    Service(name="jobs", descriptors=_contract("jobs", "jobs_service")),
)


def choose(names: Sequence[str]) -> Sequence[Service]:
    """The services of those names, all for none; raises InvalidArgumentError for an unknown name or a missing neighbour."""
    known = {service.name: service for service in SERVICES}
    unknown = [name for name in names if name not in known]
    if unknown:
        raise InvalidArgumentError(f"there is no service {unknown[0]}; the services are {', '.join(known)}")
    chosen = [service for service in SERVICES if not names or service.name in names]
    here = {service.name for service in chosen}
    for service in chosen:
        missing = service.needs - here
        if missing:
            raise InvalidArgumentError(
                f"{service.name} needs {', '.join(sorted(missing))} in the same process: services in processes of their own "
                "are not built yet"
            )
    return chosen

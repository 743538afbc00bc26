"""Who may call what: the one table. A call that is not in it is refused, and a test compares it with the contracts."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from shoal.runtime.calls import Role


class Access(Enum):
    """Who may make a call."""

    PUBLIC = auto()
    """Anybody, without a credential: health and reflection, which tell nothing about data."""

    MEMBER = auto()
    """Every user of an organisation."""

    BEHALF = auto()
    """Every user of an organisation, and our own services for one."""

    ADMIN = auto()
    """Administrators of an organisation."""

    SERVICE = auto()
    """Our own services only."""


ALLOWED: dict[Access, frozenset[Role]] = {
    Access.MEMBER: frozenset({Role.USER, Role.ADMIN}),
    Access.BEHALF: frozenset({Role.USER, Role.ADMIN, Role.SERVICE}),
    Access.ADMIN: frozenset({Role.ADMIN}),
    Access.SERVICE: frozenset({Role.SERVICE}),
}


@dataclass(frozen=True)
class Rule:
    """One row of the table. audited: whether the call leaves an entry in the record by itself."""

    access: Access
    audited: bool = True


def _rules(service: str, access: Access, *methods: str, audited: bool = True) -> dict[str, Rule]:
    return {f"/{service}/{method}": Rule(access, audited) for method in methods}


_API = "shoal.api"

RULES: dict[str, Rule] = {
    **_rules("grpc.health.v1.Health", Access.PUBLIC, "Check", "Watch", "List", audited=False),
    **_rules("grpc.reflection.v1alpha.ServerReflection", Access.PUBLIC, "ServerReflectionInfo", audited=False),
    # Before a person has a credential there is nothing to check one against.
    **_rules(
        f"{_API}.identity.v1.IdentityService",
        Access.PUBLIC,
        "Login",
        "RefreshToken",
        "RequestPasswordReset",
        "ResetPassword",
        "CheckCompatibility",
    ),
    **_rules(
        f"{_API}.identity.v1.IdentityService",
        Access.MEMBER,
        "Logout",
        "GetMe",
        "GetUser",
        "CreateApiKey",
        "GetApiKey",
        "ListApiKeys",
        "RevokeApiKey",
        "RevokeAllApiKeys",
        "GetCredits",
        "GetFeatures",
    ),
    **_rules(
        f"{_API}.identity.v1.IdentityService",
        Access.ADMIN,
        "CreateUser",
        "ListUsers",
        "DeleteUser",
        "ListEvents",
    ),
    **_rules(f"{_API}.identity.v1.AuthenticationService", Access.SERVICE, "Authenticate", audited=False),
    **_rules(
        f"{_API}.datasets.v1.DatasetService",
        Access.MEMBER,
        "UploadDataset",
        "ImportDataset",
        "GetDataset",
        "ListDatasets",
        "DeleteDataset",
        "DownloadDataset",
        "ExportDataset",
        "PreviewDataset",
    ),
    **_rules(f"{_API}.datasets.v1.DatasetStorageService", Access.SERVICE, "OpenDataset", audited=False),
    **_rules(f"{_API}.datasets.v1.DatasetStorageService", Access.SERVICE, "CommitDataset", "DiscardDataset"),
    **_rules(
        f"{_API}.detection.v1.DetectionService",
        Access.MEMBER,
        "DetectQuasiIdentifiers",
        "CreatePattern",
        "GetPattern",
        "ListPatterns",
        "UpdatePattern",
        "DeletePattern",
    ),
    **_rules(f"{_API}.detection.v1.DetectionService", Access.BEHALF, "GenerateConfig"),
    **_rules(f"{_API}.detection.v1.DetectionService", Access.ADMIN, "DeleteAllPatterns", "ReloadPatterns"),
    **_rules(
        f"{_API}.anonymization.v1.AnonymizationService",
        Access.MEMBER,
        "Anonymize",
        "AutoAnonymize",
        "ApplySolution",
        "ComputeFrontier",
        "ExploreLattice",
        "ListSolutions",
        "DeleteSolution",
    ),
    **_rules(f"{_API}.anonymization.v1.AnonymizationService", Access.BEHALF, "GetSolution"),
    **_rules(
        f"{_API}.risk.v1.RiskService",
        Access.MEMBER,
        "AssessRisk",
        "SimulateLinkage",
        "ValidatePrivacy",
        "MeasureQuality",
        "EstimatePopulationUniqueness",
    ),
    **_rules(
        f"{_API}.dp.v1.DifferentialPrivacyService",
        Access.MEMBER,
        "Compute",
        "UpdateStream",
        "GetStream",
        "ListStreams",
        "DeleteStream",
    ),
    **_rules(
        f"{_API}.budget.v1.BudgetService",
        Access.MEMBER,
        "CreateBudget",
        "GetBudget",
        "ListBudgets",
        "DeleteBudget",
        "ListSpends",
        "AdviseComposition",
    ),
    **_rules(f"{_API}.budget.v1.BudgetService", Access.BEHALF, "Spend"),
    **_rules(f"{_API}.audit.v1.AuditService", Access.SERVICE, "AppendEntries", audited=False),
    **_rules(
        f"{_API}.audit.v1.AuditReaderService",
        Access.ADMIN,
        "GetEntry",
        "ListEntries",
        "VerifyLog",
        "GetCheckpoint",
    ),
    **_rules(
        f"{_API}.jobs.v1.JobService",
        Access.MEMBER,
        "CreateJob",
        "GetJob",
        "ListJobs",
        "CancelJob",
        "DeleteJob",
        "BulkDeleteJobs",
        "ListJobHistory",
        "WatchJob",
    ),
}

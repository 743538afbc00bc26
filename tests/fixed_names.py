"""The services and calls that are fixed: clients, scripts and checks outside the repository use them."""

FIXED_CALLS = {
    "IdentityService": "Login RefreshToken Logout RequestPasswordReset ResetPassword CreateUser GetUser ListUsers DeleteUser "
    "GetMe CreateApiKey GetApiKey ListApiKeys RevokeApiKey RevokeAllApiKeys GetCredits "
    "GetFeatures CheckCompatibility ListEvents",
    "DatasetService": "UploadDataset ImportDataset GetDataset ListDatasets DeleteDataset "
    "DownloadDataset ExportDataset PreviewDataset",
    "DetectionService": "DetectQuasiIdentifiers GenerateConfig CreatePattern GetPattern ListPatterns UpdatePattern "
    "DeletePattern DeleteAllPatterns ReloadPatterns",
    "AnonymizationService": "Anonymize AutoAnonymize ApplySolution ComputeFrontier ExploreLattice GetSolution ListSolutions "
    "DeleteSolution",
    "RiskService": "AssessRisk SimulateLinkage ValidatePrivacy MeasureQuality EstimatePopulationUniqueness",
    "DifferentialPrivacyService": "Compute UpdateStream GetStream ListStreams DeleteStream",
    "BudgetService": "CreateBudget GetBudget ListBudgets DeleteBudget Spend ListSpends AdviseComposition",
    "AuditService": "AppendEntries",
    "AuditReaderService": "GetEntry ListEntries VerifyLog GetCheckpoint",
    "JobService": "CreateJob GetJob ListJobs CancelJob DeleteJob BulkDeleteJobs ListJobHistory WatchJob",
}

"""A local AWS for end-to-end tests: moto, corrected until Terraform's AWS provider neither fails nor drifts."""

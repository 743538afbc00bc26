"""What services that make releases and services that judge them both speak of: privacy models and hierarchies.

No service, no kernel: the search binds these models to the kernel's (`anonymization.models`), validation checks them by itself
(`risk.validate`), and nothing but the meaning of a request is shared between the two.
"""

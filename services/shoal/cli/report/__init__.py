"""Reports for owners and auditors: one HTML file that needs nothing else, on a screen and on paper.

Needs the optional extra `plots`.
"""

"""Whether a finished table satisfies privacy models: the second, independent implementation of docs/models.md.

It shares the meaning of a request with the search (`shoal.privacy`), and the reading and coding of columns (`shoal.tables`);
nothing of the kernels and nothing of what binds models to them. Every condition is decided exactly: counts are whole numbers,
bounds are fractions, and a float decides only where it is too far from a bound to be wrong. Only logarithms are floats.

    stopping     ends work whose caller went away
    grouping     rows become classes; which rows are suppressed
    exact        comparing fractions, fast
    histograms   how often each value occurs in each class and in the reference
    lines        ranks and places of values
    distances    t-closeness
    diversity    l-diversity
    frequency    δ-disclosure privacy and β-likeness
    population   the rows of a population that a class stands for
    counting     k-anonymity, k-map, δ-presence, risk limits
    validate     a table and a question become a verdict
"""

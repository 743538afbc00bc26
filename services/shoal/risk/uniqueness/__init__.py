"""How much of a population is unique, estimated from a sample of it.

    special   sums of reciprocals, roots of functions
    zayatz    Bayes' rule on hypergeometric sampling
    pitman    Pitman's model of random partitions
    snb       the slide negative binomial
    estimate  all of them, and the rule that chooses

N: people of the population; n: rows of the sample; s(i): its classes of i rows, u in all; f = n/N.
"""

"""What noise costs: shared by dp, which fits noise to what is asked for, and by budget, which checks what it is charged."""

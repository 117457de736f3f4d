"""Looking at a set-up as an experienced operator would: what is wrong, and how to mend it."""

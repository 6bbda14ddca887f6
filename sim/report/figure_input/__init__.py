"""From a study to its figures: what each of them shows, and drawing them all."""

"""Floor 3: moments to come are rows; when due they become inbox events like everything else."""

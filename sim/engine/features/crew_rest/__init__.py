"""When crews rest: breaks, relief on scene, and the limits of their duty."""

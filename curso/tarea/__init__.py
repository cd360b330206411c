"""La tarea de la unidad y el programa que la corrige. No va aquí ninguna lección."""

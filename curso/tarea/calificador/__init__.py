"""El calificador: arranca el programa de un alumno como una caja negra, lo prueba y explica cada fallo.

Aquí va cómo se prueba y cómo se explica. No van aquí las soluciones: están aparte, en `tarea/soluciones`.
"""

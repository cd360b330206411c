"""Las soluciones de los ejercicios que se escriben en Python. Para quien enseña: no se descargan.

Aquí va una solución posible de cada uno. No van aquí las de la tarea: están en `tarea/soluciones`.
"""

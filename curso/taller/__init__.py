"""El taller: convierte las páginas escritas a mano en cuadernos ejecutados, en un sitio y en descargas.

Aquí va lo que construye el curso. No va aquí nada que un alumno importe: eso es `laboratorio`.
"""

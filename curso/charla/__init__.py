"""La charla: el protocolo de la unidad en Python, con hilos, con selectores y con asyncio.

Aquí van los programas que los cuadernos explican. No van aquí los dibujos: eso es `laboratorio`.
"""

package charla;

/** Una línea para un cliente; si {@code texto} es null, hay que cerrar su conexión. */
public record Envio(int a, String texto) {}
